"""How net sales swing from month to month (measures.md 3.6), and what activities cost at their low and high rates."""

from __future__ import annotations

from datetime import date
from math import sqrt

import pytest

from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount"
STARTED = "A2,2024-12-31,gross_sales,0"


def test_the_swing_is_the_spread_of_twelve_months_over_their_mean(books: Books) -> None:
    months = (f"A1,2026-{month:02}-15,gross_sales,{80 if month % 2 else 120}" for month in range(1, 13))
    books.load("ledger", LEDGER, STARTED, *months, "B1,2026-03-01,gross_sales,1200")
    assert books.figure("net_sales_volatility", account_id="A1") == pytest.approx(sqrt(12 * 20**2 / 11) / 100)
    by_account = books.figures("net_sales_volatility", "account_id")
    assert by_account["B1"] == pytest.approx(sqrt((1100**2 + 11 * 100**2) / 11) / 100)


def test_a_month_that_has_not_ended_does_not_count(books: Books) -> None:
    months = [f"A1,{2025 + month // 13}-{month % 13 + month // 13:02}-15,gross_sales,100" for month in range(1, 19)]
    books.load("ledger", LEDGER, STARTED, *months, "A1,2026-07-01,gross_sales,5000")
    assert books.figure("net_sales_volatility", as_of=date(2026, 7, 2), account_id="A1") == 0


def test_what_is_not_known_for_a_year_has_no_swing(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-03-15,gross_sales,100")
    answer = books.ask("net_sales_volatility")
    assert answer.why(answer.only) == {"net_sales_volatility": "no_twelve_months"}


def test_sales_without_a_rate_or_below_nothing_have_no_swing(books: Books) -> None:
    header = f"{LEDGER},currency"
    books.load(
        "ledger", header, f"{STARTED},EUR", "A1,2026-03-15,gross_sales,1,CHF", "B1,2026-03-15,credit_note,-1,EUR"
    )
    answer = books.ask("net_sales_volatility", by=["account_id"])
    why = {row["account_id"]: answer.why(row) for row in answer.rows}
    assert why["A1"] == {"net_sales_volatility": "no_rate:CHF"}
    assert why["B1"] == {"net_sales_volatility": "no_net_sales"}


def test_activities_cost_less_at_their_low_rate_and_more_at_their_high_one(books: Books) -> None:
    books.load(
        "ledger", LEDGER,
        "A1,2026-03-15,gross_sales,1000", "A1,2026-03-15,cogs,-600", "A1,2026-03-15,freight,-10",
    )  # fmt: skip
    books.load("cost_rates", "activity,eur_per_unit,low,high,valid_from", "visits,50,40,65,2025-01-01")
    books.load("cost_rates", "activity,eur_per_unit,valid_from", "orders,20,2025-01-01")
    books.load("cost_drivers", "account_id,month,activity,quantity", "A1,2026-03,visits,2", "A1,2026-03,orders,1")
    row = books.ask("cost_to_serve_low", "cost_to_serve", "cost_to_serve_high").only
    assert [row[key] for key in ("cost_to_serve_low", "cost_to_serve", "cost_to_serve_high")] == [110, 130, 160]
    row = books.ask("contribution_low", "contribution", "contribution_high").only
    assert [row[key] for key in ("contribution_low", "contribution", "contribution_high")] == [240, 270, 290]
