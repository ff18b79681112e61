"""Growth explained in parts that add up to it, and what last year's customers still buy (measures.md 3.6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_metrics.metrics.growth import BY_COMPONENT, EFFECTS, PARTS
from tests.books import Books, small_company
from tests.recompute_growth import effects, retention

LINES = "account_id,doc_no,doc_type,invoice_date,product,quantity,net_amount"
YEAR = {"as_of": date(2026, 12, 31), "from_date": date(2026, 1, 1)}
STARTED = "A2,0,INV,2025-01-02,Other,1,0"
"""So that the year before is known from its first month on."""


@pytest.fixture
def golden(books: Books) -> Books:
    """Worked out by hand: see the figures below."""
    books.load(
        "sales_lines", LINES, STARTED,
        "A1,1,INV,2025-03-01,Bolt,100,1000.00",  # 10.00 each
        "A1,2,INV,2025-04-01,Nut,300,600.00",  # 2.00 each
        "A1,3,INV,2025-05-01,Gone,5,250.00",
        "A1,4,INV,2026-03-01,Bolt,120,1320.00",  # 11.00 each
        "A1,5,INV,2026-04-01,Nut,200,380.00",  # 1.90 each
        "A1,6,INV,2026-05-01,New,2,70.00",
        "A1,7,CRN,2026-06-01,Bolt,-1,-11.00",
        "A1,8,INV,2026-07-01,,,40.00",
    )  # fmt: skip
    return books


def test_growth_has_the_parts_worked_out_by_hand(golden: Books) -> None:
    row = golden.ask("net_sales_growth", *PARTS, account_id="A1", **YEAR).only
    # like for like: 400 → 320 pieces; last year's average price 1600 / 400 = 4.00
    assert row["volume_effect"] == (320 - 400) * 4
    assert row["mix_effect"] == (20 * 10 - 100 * 2) - row["volume_effect"]
    assert row["price_effect"] == 120 * 1 - 200 * Decimal("0.10")
    assert row["new_products_effect"] == 70
    assert row["lost_products_effect"] == -250
    assert row["other_effect"] == 40 - 11
    assert row["net_sales_growth"] == (1320 + 380 + 70 - 11 + 40) - (1000 + 600 + 250)


def test_growth_by_sales_component_is_worked_out_by_hand(books: Books) -> None:
    header = f"{LINES},value_added_service"
    books.load(
        "sales_lines", header, f"{STARTED},no",
        "A1,1,INV,2025-03-01,Bolt,100,1000.00,no", "A1,2,INV,2026-03-01,Bolt,120,1320.00,no",
        "A1,3,INV,2025-05-01,Gone,5,250.00,no", "A1,4,INV,2026-05-01,New,2,70.00,no",
        "A1,5,INV,2025-05-01,Training,1,100.00,yes", "A1,6,INV,2026-05-01,Training,2,180.00,yes",
        "A1,7,INV,2026-06-01,Stock keeping,1,30.00,yes", "A1,8,INV,2025-06-01,Advice,1,20.00,yes",
        "A1,9,CRN,2026-06-01,Bolt,-1,-11.00,no",
    )  # fmt: skip
    row = books.ask("net_sales_growth", *PARTS, *BY_COMPONENT, account_id="A1", **YEAR).only
    assert row["like_for_like_effect"] == 1320 - 1000
    assert row["added_products_effect"] == 70
    assert row["value_added_effect"] == 180 + 30 - 100 - 20
    assert row["lost_and_other_effect"] == -250 - 11
    assert sum(row[key] for key in BY_COMPONENT) == sum(row[key] for key in PARTS) == row["net_sales_growth"]


def test_without_a_word_on_services_nobody_knows_what_they_added(golden: Books) -> None:
    answer = golden.ask(*BY_COMPONENT, "net_sales_growth", account_id="A1", **YEAR)
    assert answer.why(answer.only) == {"value_added_effect": "no_services"}
    known = [answer.only[key] for key in BY_COMPONENT if answer.only[key] is not None]
    assert sum(known) == answer.only["net_sales_growth"]


def test_a_share_of_growth_is_of_last_year(golden: Books) -> None:
    assert golden.figure("net_sales_growth_pct", account_id="A1", **YEAR) == pytest.approx(-51 / 1850)


def test_without_a_first_day_the_last_twelve_months_are_compared(golden: Books) -> None:
    year = golden.figure("net_sales_growth", as_of=date(2026, 12, 31))
    assert year == golden.figure("net_sales_growth", **YEAR)


def test_a_month_is_compared_with_the_same_days_of_that_month(golden: Books) -> None:
    months = golden.figures("net_sales_growth", "month", as_of=date(2026, 3, 31))
    assert months[date(2026, 3, 1)] == 320
    assert months[date(2025, 3, 1)] is None
    broken = golden.figures("net_sales_growth", "month", as_of=date(2026, 4, 15))
    assert broken[date(2026, 4, 1)] == 380 - 600


@pytest.mark.parametrize("first", [date(2025, 3, 1), date(2025, 3, 15)])
def test_an_invoice_that_lies_in_a_long_period_and_in_the_one_before_counts_in_both(books: Books, first: date) -> None:
    books.load(
        "sales_lines", LINES, "A2,0,INV,2024-01-02,Other,1,0", "A1,1,INV,2024-04-01,Bolt,10,100.00",
        "A1,2,INV,2025-04-01,Bolt,20,200.00", "A1,3,INV,2026-04-01,Bolt,30,330.00",
    )  # fmt: skip
    row = books.ask("net_sales_growth", *PARTS, as_of=date(2026, 4, 20), from_date=first, account_id="A1").only
    # 20 + 30 pieces beside 10 + 20 of 10.00 each; one euro more for each of the last thirty
    assert (row["volume_effect"], row["price_effect"], row["mix_effect"]) == (200, 30, 0)
    assert (row["new_products_effect"], row["lost_products_effect"], row["other_effect"]) == (0, 0, 0)
    assert row["net_sales_growth"] == 230


def test_a_year_that_was_not_loaded_is_no_growth_from_nothing(books: Books) -> None:
    books.load("sales_lines", LINES, "A1,1,INV,2026-03-01,Bolt,1,10.00")
    answer = books.ask("net_sales_growth", "net_revenue_retention", **YEAR)
    assert set(answer.why(answer.only).values()) == {"no_year_before"}


def test_sales_without_products_grow_but_nobody_knows_by_what(books: Books) -> None:
    header = "account_id,posting_date,line_type,amount"
    books.load("ledger", header, "A1,2025-01-01,gross_sales,100", "A1,2026-01-01,gross_sales,130")
    answer = books.ask("net_sales_growth", *PARTS, **YEAR)
    assert answer.only["net_sales_growth"] == 30
    assert set(answer.why(answer.only).values()) == {"no_products"}


def test_an_invoice_in_money_without_a_rate_has_no_price(books: Books) -> None:
    header = f"{LINES},currency"
    books.load("sales_lines", header, f"{STARTED},EUR", "A1,1,INV,2026-03-01,Bolt,1,10.00,CHF")
    answer = books.ask("price_effect", "net_sales_growth", **YEAR)
    assert set(answer.why(answer.only).values()) == {"no_rate:CHF"}


def test_retention_counts_only_last_years_customers_and_gross_no_growth(books: Books) -> None:
    books.load(
        "sales_lines", LINES, STARTED,
        "A1,1,INV,2025-03-01,Bolt,1,100.00", "A1,2,INV,2026-03-01,Bolt,1,150.00",
        "A2,3,INV,2025-03-01,Bolt,1,100.00", "A2,4,INV,2026-03-01,Bolt,1,80.00",
        "B1,5,INV,2026-03-01,Bolt,1,999.00",
        "C9,6,INV,2025-03-01,Bolt,1,50.00",
    )  # fmt: skip
    row = books.ask("net_revenue_retention", "gross_revenue_retention", **YEAR).only
    assert row["net_revenue_retention"] == pytest.approx((150 + 80 + 0) / 250)
    assert row["gross_revenue_retention"] == pytest.approx((100 + 80 + 0) / 250)
    by_account = books.figures("net_revenue_retention", "account_id", **YEAR)
    assert by_account["A1"] == pytest.approx(1.5)
    assert by_account["B1"] is None


amounts = st.decimals(min_value=-500, max_value=5000, places=2)
counts = st.one_of(st.none(), st.integers(min_value=-3, max_value=40))
invoice = st.tuples(
    st.sampled_from(["A1", "B1", "C9"]), st.sampled_from(["INV", "CRN"]), st.sampled_from([2025, 2026]),
    st.sampled_from(["Bolt", "Nut", "", "Cap"]), counts, amounts,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(lines=st.lists(invoice, min_size=1, max_size=25))
def test_the_parts_add_up_to_the_growth_whatever_was_invoiced(lines: list[tuple[object, ...]]) -> None:
    signed = [(a, t, y, p, q, -abs(m) if t == "CRN" else m) for a, t, y, p, q, m in lines]  # type: ignore[arg-type]
    with small_company() as books:
        rows = [
            f"{a},{n},{t},{y}-03-0{n % 9 + 1},{p},{'' if q is None else q},{m}"
            for n, (a, t, y, p, q, m) in enumerate(signed, 1)
        ]
        books.load("sales_lines", LINES, STARTED, *rows)
        for by in ((), ("account_id",), ("kam_id",)):
            for row in books.ask("net_sales_growth", *PARTS, *BY_COMPONENT, by=by, **YEAR).rows:
                if row["price_effect"] is not None:
                    assert sum(row[key] for key in PARTS) == row["net_sales_growth"]
                    assert sum(row[key] or 0 for key in BY_COMPONENT) == row["net_sales_growth"]
        lines_told = [(a, t, y, p, None if q is None else Decimal(str(q)), m) for a, t, y, p, q, m in signed]
        for account, expected in effects(lines_told).items():
            if account != "C9":
                found = books.ask(*EFFECTS, account_id=account, **YEAR).only
                assert {key: found[key] for key in EFFECTS} == expected
        told = books.ask("net_revenue_retention", "gross_revenue_retention", **YEAR).only
        assert (told["net_revenue_retention"], told["gross_revenue_retention"]) == pytest.approx(retention(lines_told))
        books.store.close()
