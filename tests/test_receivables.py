"""Receivables: worked examples, a published data set to the cent, identities, and what a KAM may see."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from extract_files import shared_file
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_metrics.metrics import MEASURES, measure
from kam_metrics.terms import Slice
from tests.small_world import SmallWorld

DAY = date(2026, 3, 31)
DAYS_MEASURES = ("days_sales_outstanding", "dso_simple_90", "best_possible_dso", "average_days_delinquent")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SmallWorld]:
    small = SmallWorld(tmp_path)
    yield small
    small.store.close()


def item(doc_no: str, invoiced: date, amount: str, **more: Any) -> dict[str, Any]:
    return {"account_id": "A1", "doc_no": doc_no, "invoice_date": invoiced, "amount": Decimal(amount), **more}


def only(small: SmallWorld, *keys: str, as_of: date = DAY, **slice_of: Any) -> dict[str, Any]:
    with small.read() as world:
        return measure(world, Slice(as_of, **slice_of), *keys).only


def by(small: SmallWorld, key: str, *names: str, as_of: date = DAY, **slice_of: Any) -> dict[Any, Any]:
    with small.read() as world:
        rows = measure(world, Slice(as_of, **slice_of), key, by=names).rows
    return {row[names[0]] if len(names) == 1 else tuple(row[n] for n in names): row[key] for row in rows}


@pytest.fixture
def handbook(world: SmallWorld) -> SmallWorld:
    """Sales of 70, 50 and 60 in January, February and March; 100 open, of which 70 not due."""
    paid, later = date(2026, 3, 30), date(2026, 4, 30)
    return world.add(
        "receivables",
        [
            item("1", date(2026, 1, 10), "70", cleared_date=paid, due_date=paid),
            item("2", date(2026, 2, 10), "10", cleared_date=paid, due_date=paid),
            item("3", date(2026, 2, 20), "30", due_date=date(2026, 3, 20)),
            item("4", date(2026, 2, 20), "10", due_date=later),
            item("5", date(2026, 3, 10), "60", due_date=later),
        ],
    )


def test_count_back_takes_whole_months_and_the_last_for_its_part(handbook):
    assert only(handbook, "days_sales_outstanding")["days_sales_outstanding"] == pytest.approx(31 + 40 / 50 * 28)


def test_ninety_day_figures_of_the_handbook(handbook):
    row = only(handbook, *DAYS_MEASURES)
    assert [row[key] for key in DAYS_MEASURES[1:]] == pytest.approx([50.0, 35.0, 15.0])


def test_collection_effectiveness_of_the_handbook(world):
    """120 stood open, 60 was sold, 100 stands open of which 70 is not due."""
    before, later = date(2026, 2, 20), date(2026, 4, 30)
    world.add(
        "receivables",
        [
            item("1", before, "80", due_date=before, cleared_date=date(2026, 3, 30)),
            item("2", before, "30", due_date=date(2026, 3, 20)),
            item("3", before, "10", due_date=later),
            item("4", date(2026, 3, 10), "60", due_date=later),
        ],
    )
    row = only(world, "collection_effectiveness", "credit_sales", from_date=date(2026, 3, 1))
    assert row["collection_effectiveness"] == pytest.approx(80 / 110)
    assert row["credit_sales"] == 60


def test_the_current_month_is_as_long_as_its_days_so_far(world):
    world.add("receivables", [item("1", date(2026, 3, 2), "100"), item("2", date(2026, 2, 2), "100")])
    row = only(world, "days_sales_outstanding", as_of=date(2026, 3, 10))
    assert row["days_sales_outstanding"] == pytest.approx(10 + 28)


def test_a_month_without_sales_adds_its_days(world):
    world.add("receivables", [item("1", date(2026, 3, 2), "50"), item("2", date(2026, 1, 2), "100")])
    assert only(world, "days_sales_outstanding")["days_sales_outstanding"] == pytest.approx(31 + 28 + 31)


def test_more_open_than_was_ever_sold_is_unknown(world):
    world.add("receivables", [item("1", DAY, "10"), item("2", DAY, "90", doc_type="ADJ")])
    assert only(world, "days_sales_outstanding")["why.days_sales_outstanding"] == "beyond_known_sales"


def test_a_net_credit_has_no_days_of_sales(world):
    world.add("receivables", [item("1", DAY, "10"), item("2", DAY, "-90", doc_type="PAY")])
    row = only(world, *DAYS_MEASURES, "receivables_open", "overdue_pct")
    assert row["receivables_open"] == Decimal(-80)
    assert {row[f"why.{key}"] for key in (*DAYS_MEASURES, "overdue_pct")} == {"net_credit"}


def test_who_pays_everything_at_once_has_zero_days(world):
    world.add("receivables", [item("1", date(2026, 3, 2), "50", cleared_date=date(2026, 3, 2))])
    row = only(world, "days_sales_outstanding", "receivables_open", "overdue_pct")
    assert (row["days_sales_outstanding"], row["receivables_open"]) == (0.0, 0)
    assert row["why.overdue_pct"] == "nothing_open"


def test_a_constant_payer_shows_the_same_days_whatever_the_year(world):
    """Even sales, all paid on day 45."""
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(450)]
    world.add(
        "receivables",
        [item(str(n), day, "100", cleared_date=day + timedelta(days=45)) for n, day in enumerate(days)],
    )
    found = by(world, "days_sales_outstanding", "month", from_date=date(2025, 4, 1), as_of=date(2025, 12, 31))
    assert list(found.values()) == pytest.approx([45.0] * 9)


def test_vat_does_not_lengthen_the_days(world):
    """A domestic customer at 21 % who pays on day 45: mixing sales without VAT would show 54.5 days."""
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
    lines = [
        {
            "account_id": "A1",
            "doc_no": str(n),
            "invoice_date": day,
            "net_amount": Decimal(100),
            "vat_amount": Decimal(21),
        }
        for n, day in enumerate(days)
    ]
    billed = [item(str(n), day, "121", cleared_date=day + timedelta(days=45)) for n, day in enumerate(days)]
    world.add("sales_lines", lines).add("receivables", billed)
    row = only(world, *DAYS_MEASURES[:2], as_of=date(2025, 12, 31))
    assert [row[key] for key in DAYS_MEASURES[:2]] == pytest.approx([45, 45])


def test_a_seasonal_payer_shows_why_count_back_comes_first(world):
    """Sales that swing by 60 % over the year, all paid on day 45: count-back stays nearest (measures.md 3.3)."""
    start = date(2023, 1, 1)
    rows = []
    for n in range(2 * 365 + 1):
        day, amount = start + timedelta(days=n), 100 + 60 * math.sin(2 * math.pi * (n + 365) / 365)
        rows.append(item(str(n), day, f"{amount:.4f}", cleared_date=day + timedelta(days=45)))
    world.add("receivables", rows)
    ends = [date(2024, month, 1) - timedelta(days=1) for month in range(2, 13)] + [date(2024, 12, 31)]
    with world.read() as told:
        found = [measure(told, Slice(end), *DAYS_MEASURES[:2]).only for end in ends]
    for key, low, high in (("days_sales_outstanding", 43.5, 46.4), ("dso_simple_90", 33.6, 56.5)):
        assert (min(row[key] for row in found), max(row[key] for row in found)) == pytest.approx((low, high), abs=0.05)


def test_what_the_customer_disputes_is_told_apart(world):
    world.add("receivables", [item("1", DAY, "100", disputed=True), item("2", DAY, "7"),
                              item("3", DAY, "9", disputed=True, cleared_date=DAY)])  # fmt: skip
    row = only(world, "receivables_disputed", "receivables_open")
    assert (row["receivables_disputed"], row["receivables_open"]) == (100, 107)


def test_who_pays_for_another_carries_the_days(world):
    """Breda buys, Aalst of the same group pays: the days are those of the payer, and of the group."""
    world.add("accounts", [
        {"account_id": "A1", "account_name": "Aalst", "parent_id": "B1", "kam_id": "an"},
        {"account_id": "B1", "account_name": "Breda", "kam_id": "bo"},
    ])  # fmt: skip
    world.add("sales_lines", [{"account_id": "B1", "doc_no": "1", "invoice_date": DAY, "net_amount": Decimal(100)}])
    world.add("receivables", [item("1", date(2026, 3, 1), "62"), item("2", DAY, "62", cleared_date=DAY)])
    assert by(world, "days_sales_outstanding", "account_id") == {"A1": 15.5}
    assert by(world, "days_sales_outstanding", "group_id") == {"B1": 15.5}
    bought = only(world, "receivables_open", "days_sales_outstanding", account_id="B1")
    assert (bought["receivables_open"], bought["why.days_sales_outstanding"]) == (0, "no_sales")


def test_ageing_by_due_date_with_credits_and_unknown_dates_apart(world):
    def due(days: int) -> dict[str, Any]:
        return {"due_date": DAY - timedelta(days=days)}

    start = date(2025, 1, 1)
    world.add(
        "receivables",
        [
            item("0", start, "1", **due(0)),
            item("1", start, "2", **due(1)),
            item("2", start, "3", **due(30)),
            item("3", start, "4", **due(31)),
            item("4", start, "5", **due(60)),
            item("5", start, "6", **due(61)),
            item("6", start, "7", **due(90)),
            item("7", start, "8", **due(91)),
            item("8", start, "9"),
            item("9", start, "-10", doc_type="CRN", **due(10)),
            item("10", start, "-11", doc_type="PAY"),
        ],
    )
    assert by(world, "receivables_open", "ageing_bucket") == {
        "not_due": 1, "1-30": 5, "31-60": 9, "61-90": 13, ">90": 8, "unknown": 9, "unapplied": -21,
    }  # fmt: skip
    row = only(world, "overdue", "receivables_not_due", "receivables_open", "overdue_pct")
    assert (row["overdue"], row["receivables_not_due"], row["receivables_open"]) == (35, 1, 24)
    assert row["overdue_pct"] == pytest.approx(35 / 24)


def test_paid_items_tell_days_to_pay_and_days_late_by_weight(world):
    invoiced = date(2026, 1, 1)
    world.add(
        "receivables",
        [
            item("1", invoiced, "300", due_date=date(2026, 1, 31), cleared_date=date(2026, 2, 10)),
            item("2", invoiced, "100", due_date=date(2026, 1, 31), cleared_date=date(2026, 1, 11)),
            item("3", invoiced, "-50", doc_type="CRN", cleared_date=date(2026, 1, 11)),
            item("4", invoiced, "-40", doc_type="PAY", cleared_date=date(2026, 1, 11)),
        ],
    )
    row = only(world, "days_to_pay", "average_days_late", "collections")
    assert row["days_to_pay"] == pytest.approx((300 * 40 + 100 * 10) / 400)
    assert row["average_days_late"] == pytest.approx(300 * 10 / 400)
    assert row["collections"] == 350


def test_the_newest_snapshot_on_or_before_the_day_counts_per_company(world):
    def shot(doc: str, day: date, amount: str, company: str, **more: Any) -> dict[str, Any]:
        return item(doc, date(2026, 1, 5), amount, snapshot_date=day, company_code=company, **more)

    january, february = date(2026, 1, 31), date(2026, 2, 28)
    world.add(
        "receivables",
        [
            shot("1", january, "100", "NL"),
            shot("2", january, "50", "NL"),
            shot("1", february, "100", "NL", open_amount=Decimal(40)),
            shot("9", january, "7", "BE"),
        ],
    )
    assert by(world, "receivables_open", "month", as_of=date(2026, 3, 15)) == {
        date(2026, 1, 1): 157, date(2026, 2, 1): 47, date(2026, 3, 1): 47,
    }  # fmt: skip
    row = only(world, "collections", "collection_effectiveness", from_date=date(2026, 1, 1))
    assert row["why.collections"] == "no_clearing_dates"
    assert row["why.collection_effectiveness"] == "no_opening_balance"


def test_an_invoice_in_several_snapshots_was_sold_once(world):
    shots = [
        item("1", date(2026, 3, 1), "100", snapshot_date=day, open_amount=Decimal(open_amount))
        for day, open_amount in ((date(2026, 3, 15), 100), (DAY, 50))
    ]
    world.add("receivables", shots)
    assert only(world, "days_sales_outstanding")["days_sales_outstanding"] == pytest.approx(50 / 100 * 31)


def test_factored_items_stay_in_the_balance_but_not_in_the_days(world):
    world.add("receivables", [item("1", DAY, "100", factored=True)])
    row = only(world, "receivables_open", *DAYS_MEASURES)
    assert row["receivables_open"] == 100
    assert {row[f"why.{key}"] for key in DAYS_MEASURES} == {"factored"}
    world.add("receivables", [item("2", DAY, "31"), item("3", DAY, "31", cleared_date=DAY)])
    assert only(world, "days_sales_outstanding")["days_sales_outstanding"] == pytest.approx(31 / 62 * 31)


def test_an_intercompany_account_has_a_balance_but_no_payment_behaviour(world):
    world.add("accounts", [{"account_id": "I1", "account_name": "Ons", "intercompany": True}])
    world.add("receivables", [{**item("1", DAY, "100"), "account_id": "I1"}])
    row = only(world, "receivables_open", "dso_simple_90", account_id="I1")
    assert (row["receivables_open"], row["why.dso_simple_90"]) == (100, "intercompany")


def test_foreign_money_takes_the_rate_of_the_day_and_is_unknown_without_one(world):
    world.add("receivables", [item("1", date(2026, 1, 5), "100", currency="USD"), item("2", date(2026, 1, 5), "10")])
    row = only(world, "receivables_open", "days_sales_outstanding", "collections")
    assert row["receivables_open"] is None
    assert row["why.receivables_open"] == row["why.days_sales_outstanding"] == "no_rate:USD"
    rates = (("2026-01-01", "0.9"), ("2026-03-31", "0.8"), ("2026-04-01", "0.7"))
    world.add("fx_rates", [{"currency": "USD", "date": day, "eur_per_unit": rate} for day, rate in rates])
    assert only(world, "receivables_open")["receivables_open"] == 90
    assert by(world, "receivables_open", "month")[date(2026, 1, 1)] == 100
    assert by(world, "receivables_open", "currency") == {"EUR": 10, "USD": 100}


def test_the_months_of_foreign_sales_add_up_to_the_period(world):
    world.add("receivables", [item("1", date(2026, 1, 5), "100", currency="USD"), item("2", date(2026, 2, 5), "100")])
    rates = (("2026-01-01", "0.9"), ("2026-02-01", "0.8"))
    world.add("fx_rates", [{"currency": "USD", "date": day, "eur_per_unit": rate} for day, rate in rates])
    months = by(world, "credit_sales", "month", from_date=date(2026, 1, 1))
    assert (months[date(2026, 1, 1)], months[date(2026, 2, 1)]) == (80, 100)
    assert sum(months.values()) == only(world, "credit_sales", from_date=date(2026, 1, 1))["credit_sales"] == 180


def test_foreign_cash_without_a_rate_is_unknown_too(world):
    world.add(
        "receivables", [item("1", DAY, "100", currency="USD", cleared_date=DAY), item("2", DAY, "1", currency="GBP")]
    )
    row = only(world, "collections", "days_to_pay", "overdue_pct")
    assert row["why.collections"] == row["why.days_to_pay"] == "no_rate:USD"
    assert row["why.overdue_pct"] == "no_rate:GBP"


def test_without_sales_or_payments_there_are_no_days(world):
    world.add("receivables", [item("1", DAY, "100", doc_type="ADJ", snapshot_date=DAY)])
    row = only(world, *DAYS_MEASURES, "days_to_pay", "collection_effectiveness", from_date=DAY)
    assert {row[f"why.{key}"] for key in DAYS_MEASURES} == {"no_sales"}
    assert (row["why.days_to_pay"], row["why.collection_effectiveness"]) == ("no_clearing_dates", "no_opening_balance")


def test_nothing_to_collect_has_no_effectiveness(world):
    world.add(
        "receivables", [item("1", DAY, "100", due_date=DAY), item("2", DAY, "5", cleared_date=DAY, factored=True)]
    )
    row = only(world, "collection_effectiveness", "average_days_late", from_date=DAY)
    assert (row["why.collection_effectiveness"], row["why.average_days_late"]) == (
        "nothing_to_collect",
        "nothing_cleared",
    )
    assert only(world, "days_sales_outstanding", as_of=DAY)["days_sales_outstanding"] == 31
    factored = [{**item("3", DAY, "5", factored=True), "account_id": "B1"}]
    world.add("receivables", factored)
    row = only(world, "collection_effectiveness", account_id="B1")
    assert row["why.collection_effectiveness"] == "factored"


def test_missing_is_not_zero(world):
    row = only(world, *RECEIVABLES)
    assert {row[f"why.{key}"] for key in RECEIVABLES} == {"no_receivables"}
    world.add("receivables", [item("1", DAY, "10")])
    row = only(world, "receivables_open", "collections", "dso_simple_90", account_id="B1")
    assert (row["receivables_open"], row["collections"], row["why.dso_simple_90"]) == (0, 0, "no_sales")
    assert only(world, "receivables_open", as_of=DAY - timedelta(days=1))["receivables_open"] is None


RECEIVABLES = [key for key, declared in MEASURES.items() if declared.family == "receivables"]


@pytest.mark.parametrize("key", RECEIVABLES)
def test_every_measure_runs_by_every_dimension_on_an_empty_store(world, key):
    with world.read() as empty:
        for name in MEASURES[key].dims:
            assert measure(empty, Slice(DAY), key, by=[name]).rows == []


@pytest.mark.parametrize("key", RECEIVABLES)
def test_a_kam_sees_own_accounts_and_not_the_unmapped_row(handbook, key):
    handbook.add(
        "receivables", [{**item("B", DAY, "5"), "account_id": "B1"}, {**item("X", DAY, "7"), "account_id": "X"}]
    )
    assert set(by(handbook, key, "account_id")) == {"A1", "B1", None}
    assert set(by(handbook, key, "account_id", kam_scope="an")) == {"A1"}
    assert by(handbook, key, "account_id", kam_scope="") == {}
    alone = only(handbook, key, kam_scope="bo")
    assert alone == only(handbook, key, account_id="B1")


items = st.lists(
    st.tuples(
        st.integers(0, 120),
        st.integers(-20_000, 90_000),
        st.none() | st.integers(0, 90),
        st.none() | st.integers(0, 60),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(items, st.integers(0, 150), st.integers(0, 150))
def test_identities_hold_on_any_day(drawn, first, second):
    start = date(2026, 1, 1)
    rows = [
        item(
            str(n),
            start + timedelta(days=day),
            f"{cents / 100:.2f}",
            cleared_date=None if clear is None else start + timedelta(days=day + clear),
            due_date=None if due is None else start + timedelta(days=day + due),
        )
        for n, (day, cents, clear, due) in enumerate(drawn)
    ]
    early, late = (start + timedelta(days=n) for n in sorted((first, second)))
    with TemporaryDirectory() as folder:
        small = SmallWorld(Path(folder)).add("receivables", rows)
        opened = {day: only(small, "receivables_open", as_of=day)["receivables_open"] or 0 for day in (early, late)}
        buckets = by(small, "receivables_open", "ageing_bucket", as_of=late)
        cleared = only(small, "collections", as_of=late, from_date=early + timedelta(days=1)) if early < late else {}
        small.store.close()
    invoiced = sum(r["amount"] for r in rows if early < r["invoice_date"] <= late)
    assert sum(buckets.values()) == opened[late]
    assert opened[late] == opened[early] + invoiced - (cleared.get("collections") or 0)


# A published data set, outside this repository because it states no licence.
_IBM = "ibm_accounts_receivable"


@pytest.fixture(scope="module")
def ibm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallWorld]:
    small = SmallWorld(tmp_path_factory.mktemp("ibm"))
    with shared_file(f"{_IBM}/WA_Fn-UseC_-Accounts-Receivable.csv").open(newline="") as file:
        rows = [_ibm_item(row) for row in csv.DictReader(file)]
    names = sorted({row["account_id"] for row in rows})
    small.add("accounts", [{"account_id": name, "account_name": name, "kam_id": "k"} for name in names])
    yield small.add("receivables", rows)
    small.store.close()


def _ibm_item(row: dict[str, str]) -> dict[str, Any]:
    def day(column: str) -> date:
        return datetime.strptime(row[column], "%m/%d/%Y").date()  # noqa: DTZ007 - a calendar date

    dates = {"due_date": day("DueDate"), "cleared_date": day("SettledDate")}
    return {
        **item(row["invoiceNumber"], day("InvoiceDate"), row["InvoiceAmount"], **dates),
        "account_id": row["customerID"],
    }


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared_file(f"{_IBM}/expected.json").read_text("utf-8"))
    return found


def test_ibm_snapshots_to_the_cent(ibm, expected):
    for shot in expected["snapshots"]:
        as_of = date.fromisoformat(shot["asof"])
        row = only(ibm, *RECEIVABLES, as_of=as_of, from_date=as_of.replace(day=1))
        assert row["receivables_open"] == Decimal(shot["balance"])
        buckets = {name.replace("90+", ">90"): Decimal(amount) for name, amount in shot["buckets"].items()}
        assert by(ibm, "receivables_open", "ageing_bucket", as_of=as_of) == {k: v for k, v in buckets.items() if v}
        assert [row[key] for key in DAYS_MEASURES] == pytest.approx(
            [float(shot[key]) for key in ("dso_countback", "dso_90d", "best_possible_dso_90d", "add_90d")], abs=1e-6
        )
        assert row["collection_effectiveness"] * 100 == pytest.approx(float(shot["cei_month"]), abs=1e-6)
        opened = by(ibm, "receivables_open", "account_id", as_of=as_of)
        top = sorted(opened.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
        assert top == [(name, Decimal(amount)) for name, amount in shot["top10_open"]]


def test_ibm_cash_by_month_and_the_days_of_every_invoice(ibm, expected):
    last = date.fromisoformat(expected["last_settled"])
    by_month = by(ibm, "collections", "month", as_of=last)
    assert {f"{month:%Y-%m}": cash for month, cash in by_month.items()} == {
        month: Decimal(cash) for month, cash in expected["cash_in_by_month"].items()
    }
    row = only(ibm, "days_to_pay", "average_days_late", "receivables_open", "collections", as_of=last)
    assert row["days_to_pay"] == pytest.approx(float(expected["wavg_days_to_settle"]), abs=1e-12)
    assert row["average_days_late"] == pytest.approx(float(expected["wavg_days_late"]), abs=1e-12)
    assert (row["receivables_open"], row["collections"]) == (0, Decimal(expected["total"]))


def test_ibm_parts_equal_totals_on_every_month_end(ibm):
    totals = by(ibm, "receivables_open", "month", as_of=date(2013, 12, 31))
    parts = by(ibm, "receivables_open", "month", "account_id", as_of=date(2013, 12, 31))
    assert totals == {month: sum(amount for (of, _), amount in parts.items() if of == month) for month in totals}
