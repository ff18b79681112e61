"""What the Profit & cash page tells of money: both forms of its flow, its receipts, what comes in, and what if."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kam_metrics import metrics, words
from kam_metrics.metrics.what_if import book, lose
from kam_metrics.periods import beginning
from kam_metrics.settings import Settings
from kam_metrics.store import Store
from kam_metrics.terms import Slice
from kam_metrics.ui.show import literal
from kam_metrics.words import LANGUAGES, say
from tests.canary import SECRET
from tests.pages_world import TODAY, load, reading

Small = Callable[[str], Path]
YEAR = Slice(TODAY, beginning("12m", TODAY))
ENGLISH = {"lang": "en", "as_of": "2026-03-31", "period": "12m"}


@pytest.fixture
def strange(tmp_path: Path) -> Iterator[Path]:
    """An invoice of Aalst that was settled before it was posted, and nothing known of cost."""
    store = tmp_path / "kam.duckdb"
    load(store, "accounts", {"account_id": "A1", "account_name": "Aalst", "segment": "key", "kam_id": "an"})
    load(store, "ledger", {"account_id": "A1", "posting_date": "2026-01-15", "line_type": "revenue", "amount": "100"})
    item = {"account_id": "A1", "invoice_date": "2026-02-10"}
    early = {**item, "doc_no": "F1", "amount": "100.00", "cleared_date": "2026-01-20"}
    load(store, "receivables", early, {**item, "doc_no": "F2", "amount": "50.00", "cleared_date": ""})
    yield store
    Store.at(store).close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_forms_of_the_cash_flow_stand_on_the_page(small_demo: Small, lang: str) -> None:
    with Store.at(small_demo(lang)).read() as world:
        told = metrics.cash_steps(world, YEAR)
        count = len(metrics.receipts(world, YEAR))
    with reading(small_demo(lang), {"lang": lang, "as_of": TODAY.isoformat()}) as reader:
        shown = reader.open("profit").texts
    for steps in told.values():
        assert len(steps) > 3
        for step in steps:
            assert words.money(lang, step["amount"]) in shown
    assert say(lang, "cash.explained", count=count, strange=0) in shown


def test_receipts_that_nobody_explains_lead_to_the_account_in_that_month(strange: Path) -> None:
    with reading(strange, ENGLISH) as reader:
        shown = "\n".join(reader.open("profit").texts)
        assert "▼ In 2 of 2 account-months the booked receipts differ by more than € 1" in shown
        assert words.why("en", "no_cogs") in shown
        (table,) = [table for table in reader.tables() if table["caption"] == "Receipts that nobody explains"]
        assert {row["id"] for row in table["rows"]} == {
            "profit?account=A1&as_of=2026-01-31&period=month", "profit?account=A1&as_of=2026-02-28&period=month",
        }  # fmt: skip
        assert [cell["text"] for cell in table["rows"][0]["cells"]][1] == "Aalst"
        assert reader.follow(table["rows"][0]["id"]).errors == []


def test_without_receivables_the_page_says_which_file_would_tell(tmp_path: Path) -> None:
    store = tmp_path / "kam.duckdb"
    load(store, "ledger", {"account_id": "A1", "posting_date": "2026-01-15", "line_type": "revenue", "amount": "100"})
    with reading(store, ENGLISH) as reader:
        assert say("en", "cash.no_receipts") in reader.open("profit").texts
    Store.at(store).close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_next_thirteen_weeks_stand_on_the_page_with_how_well_that_went(small_demo: Small, lang: str) -> None:
    with Store.at(small_demo(lang)).read() as world:
        told = metrics.forecast(world, YEAR)
    assert told is not None
    assert told.tried is not None
    with reading(small_demo(lang), {"lang": lang, "as_of": TODAY.isoformat()}) as reader:
        reader.open("profit")
        shown = reader.texts
        (table,) = [one for one in reader.tables() if one["caption"] == say(lang, "forecast.by_account")]
        account = next(row["id"] for row in table["rows"] if row["id"].startswith("profit?account="))
        assert reader.follow(account).errors == []
    total = told.total
    open_amount, expected, late = (
        words.thousands(lang, amount) for amount in (total.open, total.within(total.expected), total.within(total.late))
    )
    last = total.weeks[-1]
    assert say(lang, "forecast.headline", open=open_amount, expected=expected, late=late, last=last) in shown
    assert words.share(lang, told.tried.error, 0) in "".join(text for text in shown if str(told.tried.weeks) in text)
    assert len(table["rows"]) == len(told.accounts)


def test_what_cannot_be_foreseen_names_the_file_that_would_tell(strange: Path) -> None:
    load(
        Store.at(strange).path, "receivables",
        {"account_id": "A1", "doc_no": "F9", "invoice_date": "2026-03-01", "due_date": "2026-04-01", "amount": "10.00",
         "currency": "USD"},
    )  # fmt: skip
    with reading(strange, ENGLISH) as reader:
        shown = reader.open("profit").texts
        assert say("en", "forecast.nothing", open=words.thousands("en", 50)) in shown
        assert say("en", "forecast.untried") in shown
        assert any(box.value == say("en", "forecast.unrated", currency="USD") for box in reader.app.warning)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_leaves_stands_in_the_address_and_is_told_in_a_sentence(small_demo: Small, lang: str) -> None:
    staying = tuple(Settings().staying_costs.split(", "))
    with Store.at(small_demo(lang)).read() as world:
        held = book(world, YEAR, staying)
    dearest = next(one for one in held.dearest if one.account_id)
    assert dearest.account_id
    told = lose(held, {dearest.account_id})
    before, after = words.thousands(lang, told.before), words.thousands(lang, told.after)
    query = {"lang": lang, "as_of": TODAY.isoformat(), "what_if": "lose", "lose": f"{dearest.account_id},NOBODY"}
    with reading(small_demo(lang)) as reader:
        reader.open("profit", **query)
        assert reader.errors == []
        shown = "\n".join(reader.texts)
        assert say(lang, "what_if.lose_falls", names=literal(dearest.name), before=before, after=after) in shown
        (table,) = [one for one in reader.tables() if one["caption"] == say(lang, "what_if.dearest")]
        assert [row["cells"][0]["text"] for row in table["rows"]] == [one.name for one in held.dearest[:10]]
        alone = reader.open("profit", lang=lang, as_of=TODAY.isoformat(), account=dearest.account_id)
        assert literal(dearest.name) in "".join(alone.texts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("query", "sign"),
    [
        ({"what_if": "terms"}, "▲"),
        ({"what_if": "terms", "days": "15"}, "▼"),
        ({"what_if": "price"}, "▲"),
        ({"what_if": "price", "percent": "-3"}, "▼"),
        ({"what_if": "order", "minimum": "20000"}, "▲"),
        ({"what_if": "service", "activity": "visits", "percent": "10"}, "▼"),
        ({"what_if": "service", "percent": "-5"}, "▲"),
    ],
    ids=str,
)
def test_every_question_has_an_answer_that_a_link_can_share(
    small_demo: Small, lang: str, query: dict[str, str], sign: str
) -> None:
    with reading(small_demo(lang)) as reader:
        reader.open("profit", lang=lang, as_of=TODAY.isoformat(), **query)
        assert reader.errors == []
        answered = [text for text in reader.texts if '<dl class="facts">' in text]
        assert len(answered) == 1
        assert sign in answered[0]
        told = {name: value if isinstance(value, str) else value[-1] for name, value in reader.app.query_params.items()}
        assert query.items() <= {"percent": "1", "activity": told.get("activity", ""), **told}.items()


@pytest.mark.parametrize("asked", ["terms", "price", "order", "service", "lose"])
def test_a_question_that_cannot_be_answered_names_the_file_that_would_help(strange: Path, asked: str) -> None:
    named = {
        "terms": "",
        "price": "no_cogs",
        "order": "no_order_numbers",
        "service": "no_cost_to_serve",
        "lose": "no_cogs",
    }
    with reading(strange, ENGLISH) as reader:
        reader.open("profit", **ENGLISH, what_if=asked)
        assert reader.errors == []
        if named[asked]:
            assert words.why("en", named[asked]) in reader.texts


@pytest.mark.parametrize(
    "query",
    [
        {"what_if": "nothing"}, {"days": "many", "what_if": "terms"}, {"days": "9999", "what_if": "terms"},
        {"minimum": "0", "what_if": "order"}, {"lose": ",,", "what_if": "lose"},
        {"activity": "flying", "what_if": "service"},
    ],
    ids=str,
)  # fmt: skip
def test_a_question_that_the_address_cannot_mean_is_passed_over(small_demo: Small, query: dict[str, str]) -> None:
    with reading(small_demo("en")) as reader:
        assert reader.open("profit", lang="en", as_of=TODAY.isoformat(), **query).errors == []


def test_a_kam_cannot_ask_what_if_about_anothers_account(canary_store: Path) -> None:
    asked = ({"what_if": "lose", "lose": "KANARIE-9,A1"}, {"what_if": "service", "activity": "fluitles"})
    secret = re.compile("|".join(SECRET).encode(), re.IGNORECASE)
    for query in asked:
        with reading(canary_store, KAM_ROLE="kam", KAM_ID="an") as reader:
            reader.open("profit", lang="en", account="KANARIE-9", **query)
            assert reader.errors == []
            assert secret.findall(reader.bytes) == []
            assert b"Aalst Karton" in reader.bytes or query["what_if"] == "service"
