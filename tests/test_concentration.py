"""How much hangs on few customers, and the profit that the tail gives away (measures.md 3.2, 3.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_metrics.metrics.concentration import _FIGURES, MEASURES
from tests.books import AS_OF, Books

LEDGER = "account_id,posting_date,line_type,amount"
SHARES = (30, 20, 15, 10, 5, 5, 5, 5, 3, 2)
WHALE = (400, 250, 150, 80, 40, 10, -5, -25, -60, -140)


def load_sales(books: Books, *amounts: int) -> None:
    books.load("ledger", LEDGER, *(f"C{n},2026-01-05,gross_sales,{amount}" for n, amount in enumerate(amounts)))


def load_profit(books: Books, *amounts: int) -> None:
    """Customers who each earn this: sales of a thousand, and what is left of it a cost."""
    rows = []
    for n, amount in enumerate(amounts):
        rows += [f"C{n},2026-01-05,gross_sales,1000", f"C{n},2026-01-05,cogs,{amount - 999}"]
        rows += [f"C{n},2026-01-05,service,-1"]
    books.load("ledger", LEDGER, *rows)


def test_the_published_shares_have_their_published_concentration(empty: Books) -> None:
    load_sales(empty, *SHARES)
    row = empty.ask("hhi", "cr1", "cr4", "cr10", "effective_accounts").only
    assert row["hhi"] == pytest.approx(1738)
    assert (row["cr1"], row["cr4"], row["cr10"]) == pytest.approx((0.30, 0.75, 1.0))
    assert row["effective_accounts"] == pytest.approx(5.75, abs=0.005)


def test_the_published_whale_peaks_where_it_should(empty: Books) -> None:
    load_profit(empty, *WHALE)
    row = empty.ask("whale_peak_pct", "value_destroyed").only
    assert row["whale_peak_pct"] == pytest.approx(930 / 700)
    assert row["value_destroyed"] == 230


def test_a_company_that_earns_nothing_has_no_percentages_but_still_gives_money_away(empty: Books) -> None:
    load_profit(empty, 50, -80)
    answer = empty.ask("whale_peak_pct", "value_destroyed")
    assert answer.why(answer.only) == {"whale_peak_pct": "no_profit"}
    assert answer.only["value_destroyed"] == 80


def test_customers_who_all_cost_money_give_all_of_it_away(empty: Books) -> None:
    load_profit(empty, -50, -80)
    assert empty.figure("value_destroyed") == 130


def test_numbers_that_nobody_knows_are_customers_apiece(books: Books) -> None:
    books.load("ledger", LEDGER, *(f"{who},2026-01-05,gross_sales,10" for who in ("A1", "X1", "X2", "X3")))
    assert books.figure("effective_accounts") == pytest.approx(4)


def test_a_customer_with_only_credit_notes_leaves_no_shares(empty: Books) -> None:
    load_sales(empty, 100, -1)
    answer = empty.ask("hhi", "cr1", "effective_accounts")
    assert set(answer.why(answer.only).values()) == {"negative_customer"}


def test_without_sales_there_is_nothing_to_concentrate(empty: Books) -> None:
    answer = empty.ask(*MEASURES)
    assert set(answer.why(answer.only)) == set(MEASURES)


def test_each_period_and_each_kam_is_its_own_whole(books: Books) -> None:
    rows = ("A1,2026-01-05,gross_sales,30", "A2,2026-01-05,gross_sales,10", "B1,2026-02-05,gross_sales,5")
    books.load("ledger", LEDGER, *rows)
    assert books.figures("cr1", "month") == {date(2026, 1, 1): 0.75, date(2026, 2, 1): 1.0}
    assert books.figures("cr1", "kam_id", as_of=AS_OF) == {"an": 0.75, "bo": 1.0}


@given(st.lists(st.integers(min_value=1, max_value=10**9), min_size=1, max_size=40))
def test_concentration_stays_between_its_bounds(amounts: list[int]) -> None:
    told = {key: _FIGURES[key](sorted(map(Decimal, amounts), reverse=True)) for key in ("hhi", "cr1", "cr4", "cr10")}
    assert 10_000 / len(amounts) <= told["hhi"] * (1 + 1e-12)  # type: ignore[operator]
    assert told["cr1"] <= told["cr4"] <= told["cr10"] <= 1  # type: ignore[operator]
    assert _FIGURES["effective_accounts"](list(map(Decimal, amounts))) <= len(amounts) + 1e-6  # type: ignore[operator]
