"""What holds for every measure by every dimension: it answers, it leaks nothing, and its parts add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics import metrics
from kam_metrics.metrics import (
    DIMENSIONS,
    MEASURES,
    Answer,
    account_rows,
    decisions,
    key_accounts,
    waterfall,
    whale,
    worklist,
)
from kam_metrics.metrics.measures import ADDED_UP
from kam_metrics.terms import Slice
from tests.books import AS_OF, TWO_KAMS, Books

ALIGNED = [
    f"R{n},2026-0{n}-01,{who},{function},{item},{1 + (len(who) + n + int(item[2])) % 5}"
    for n in (1, 2)
    for function in ("sales", "service")
    for who in (f"{function}{'x' * i}" for i in range(5))
    for item in ("SV1", "SV2", "ST1")
]
EXTRACTS: dict[str, tuple[str, Sequence[str]]] = {
    "ledger": (
        "account_id,posting_date,line_type,amount,currency",
        (
            "{a},2026-01-15,gross_sales,1000.10,EUR",
            "{a},2026-02-15,gross_sales,30,USD",
            "{a},2026-01-15,cogs,-600,EUR",
            "{a},2026-01-20,service,-33.33,EUR",
        ),
    ),
    "sales_lines": (
        "account_id,doc_no,line_no,invoice_date,net_amount,cogs_amount,product,product_category",
        ("{a},{a}-S1,1,2026-03-15,500,300,P1,film", "{a},{a}-S1,2,2026-03-15,70,,P2,dozen"),
    ),
    "receivables": (
        "account_id,doc_no,doc_type,invoice_date,due_date,amount,cleared_date,currency",
        (
            "{a},{a}-1,INV,2026-01-15,2026-02-14,1210.12,2026-02-20,EUR",
            "{a},{a}-2,INV,2026-03-15,2026-04-14,690,,EUR",
            "{a},{a}-3,CRN,2026-03-20,,-10,,USD",
        ),
    ),
    "cost_drivers": ("account_id,month,activity,quantity", ("{a},2026-01,visits,3", "{a},2026-03,orders,7")),
    "budget": (
        "account_id,month,line_type,amount,scenario",
        ("{a},2026-01,gross_sales,900,budget", "{a},2026-01,cogs,-500,forecast"),
    ),
    "account_balances": ("account_id,month_end,item,amount", ("{a},2026-01-31,stock,4000", "{a},2026-02-28,stock,100")),
    "plans": ("plan_id,account_id,start_date,title", ("{a}-P,{a},2026-01-10,Growth",)),
    "objectives": (
        "objective_id,plan_id,title,kind,baseline,target_90",
        ("{a}-O1,{a}-P,Sales,sales,0,10", "{a}-O2,{a}-P,Trust,relation,3,4"),
    ),
    "measurements": ("objective_id,date,value", ("{a}-O1,2026-02-10,4", "{a}-O2,2026-03-10,3.5")),
    "milestones": (
        "milestone_id,plan_id,title,baseline_date,done_date",
        ("{a}-M1,{a}-P,Kickoff,2026-01-20,2026-01-25", "{a}-M2,{a}-P,Pilot,2026-02-20,"),
    ),
    "reviews": (
        "review_id,account_id,plan_id,kind,due_date,held_date",
        ("{a}-R1,{a},{a}-P,30d,2026-02-10,2026-02-12", "{a}-R2,{a},{a}-P,30d,2026-03-10,"),
    ),
    "alignment": (
        "round_id,round_date,respondent,function,item,value,account_id,invited",
        tuple(f"{line},{{a}},6" for line in ALIGNED),
    ),
}
"""One extract of every kind that holds facts about an account."""


def fill(books: Books, accounts: Sequence[str]) -> Books:
    """The same facts for each of these accounts."""
    books.load("accounts", *TWO_KAMS)
    books.load("cost_rates", "activity,eur_per_unit,valid_from", "visits,12.5,2025-01-01", "orders,3.1,2025-01-01")
    books.load("fx_rates", "currency,date,eur_per_unit", "USD,2026-01-01,0.9")
    for kind, (header, lines) in EXTRACTS.items():
        books.load(kind, header, *(line.format(a=account) for account in accounts for line in lines))
    return books


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Everything about the accounts of both KAMs, and about one nobody knows."""
    books = fill(Books(tmp_path_factory.mktemp("whole")), ("A1", "B1", "A2", "X9"))
    yield books
    books.store.close()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """The same, as if there were nothing but the accounts of `an`."""
    books = fill(Books(tmp_path_factory.mktemp("own")), ("A1", "A2"))
    yield books
    books.store.close()


def together() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every dimension, and none, with the measures that take it."""
    alike: dict[tuple[str, str | None, str | None], list[str]] = defaultdict(list)
    for key, declared in MEASURES.items():
        for name in (None, *sorted(declared.dims)):
            alike[declared.family, declared.needs, name].append(key)
    for (_, needed, name), keys in alike.items():
        yield tuple(keys), tuple(dict.fromkeys(one for one in (name, needed) if one))


def told(answer: Answer) -> object:
    """Everything an answer says."""
    return [dict(row) for row in answer.rows], dict(answer.coverage)


@pytest.mark.parametrize(("keys", "by"), list(together()))
def test_every_measure_by_every_dimension_answers_on_an_empty_store(
    bare: Books, keys: Sequence[str], by: Sequence[str]
) -> None:
    answer = bare.ask(*keys, by=by)
    if not by:
        assert answer.only.keys() >= set(keys)
    for row in answer.rows:
        assert all(row[key] is not None or answer.why(row)[key] for key in keys)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """A store without anything."""
    books = Books(tmp_path_factory.mktemp("bare"))
    yield books
    books.store.close()


@pytest.mark.parametrize(("keys", "by"), list(together()))
def test_a_kam_sees_the_same_whatever_else_is_in_the_store(
    whole: Books, own: Books, keys: Sequence[str], by: Sequence[str]
) -> None:
    seen = told(whole.ask(*keys, by=by, kam_scope="an"))
    assert seen == told(own.ask(*keys, by=by, kam_scope="an"))
    for canary in ("B1", "X9", "bo", "Breda"):
        assert canary not in str(seen)


@pytest.mark.parametrize(("keys", "by"), list(together()))
def test_a_reader_without_accounts_sees_nothing(whole: Books, keys: Sequence[str], by: Sequence[str]) -> None:
    answer = whole.ask(*keys, by=by, kam_scope="")
    assert len(answer.rows) == (0 if by else 1)
    for row in answer.rows:
        assert not any(row[key] for key in keys)


@pytest.mark.parametrize(("keys", "by"), list(together()))
def test_asking_for_another_kam_or_account_does_not_widen_what_a_kam_sees(
    whole: Books, keys: Sequence[str], by: Sequence[str]
) -> None:
    for elsewhere in ({"kam_id": "bo"}, {"account_id": "B1"}, {"kam_id": "nobody"}):
        answer = whole.ask(*keys, by=by, kam_scope="an", **elsewhere)
        assert not any(row[key] for row in answer.rows for key in keys)


def test_an_unknown_kam_gives_no_rows(whole: Books) -> None:
    assert whole.figures("net_sales", "account_id", kam_id="nobody") == {}


def test_lists_for_a_kam_name_only_their_own_accounts(whole: Books) -> None:
    seen = Slice(AS_OF, kam_scope="an")
    with whole.store.read() as world:
        lists = [
            key_accounts(world, seen),
            account_rows(world, seen, seen, seen),
            waterfall(world, seen),
            whale(world, seen),
            worklist(world, seen),
            decisions(world, seen),
        ]
    assert lists[-1]
    for canary in ("B1", "X9", "Breda"):
        assert canary not in str(lists)


@pytest.mark.parametrize(
    "seen",
    [
        Slice(AS_OF),
        Slice(AS_OF, date(2026, 1, 16), date(2026, 3, 17)),
        Slice(AS_OF, kam_scope="an"),
        Slice(AS_OF, kam_id="nobody"),
        Slice(AS_OF, scenario="budget"),
        Slice(date(2025, 1, 1)),
    ],
)
def test_what_is_added_up_from_the_accounts_is_what_the_question_about_all_of_them_tells(
    whole: Books, seen: Slice
) -> None:
    keys = [key for key, one in MEASURES.items() if one.family in ADDED_UP and key != "days_sales_outstanding"]
    with whole.store.read() as world:
        added, asked = metrics.in_all(world, seen, *keys), metrics.measure(world, seen, *keys).only
    assert {name: added[name] for name in asked} == asked


@pytest.mark.parametrize("key", [key for key, one in MEASURES.items() if one.family == "profit" and one.unit == "EUR"])
@pytest.mark.parametrize("scenario", ["actual", "budget"])
def test_the_parts_of_a_sum_are_the_total(whole: Books, key: str, scenario: str) -> None:
    total = whole.figure(key, scenario=scenario)
    for name in DIMENSIONS:
        if name in MEASURES[key].dims and name != "currency":
            parts = whole.figures(key, name, scenario=scenario).values()
            known = [part for part in parts if part is not None]
            if key not in ("gross_margin", "contribution", "economic_profit") or len(known) == len(parts):
                assert total is None or sum(known, Decimal(0)) == total, name


@pytest.mark.parametrize("key", ["receivables_open", "overdue", "receivables_not_due"])
@pytest.mark.parametrize("name", ["account_id", "group_id", "kam_id", "segment", "country"])
def test_the_parts_of_a_balance_are_the_total(whole: Books, key: str, name: str) -> None:
    assert sum(whole.figures(key, name).values()) == whole.figure(key)


def test_the_accounts_and_the_unmapped_add_up_to_the_ledger(whole: Books) -> None:
    by_account = whole.figures("net_sales", "account_id")
    assert set(by_account) == {"A1", "A2", "B1", None}
    per_account = Decimal("1000.10") + 30 * Decimal("0.9") + 570
    assert sum(by_account.values()) == 4 * per_account


def test_every_question_narrows_to_a_group_where_it_narrows_to_an_account() -> None:
    package = Path(metrics.__file__).parents[1]
    texts = {file: file.read_text("utf-8") for file in (*package.rglob("*.sql"), *package.rglob("*.py"))}
    narrow = {file.name for file, text in texts.items() if "seen_account($kam_scope, $kam_id, $account_id)" in text}
    assert narrow == set()
