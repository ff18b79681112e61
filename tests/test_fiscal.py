"""Fiscal years that are not calendar years, and groups in which one pays for another."""

from __future__ import annotations

from datetime import date

import pytest

from kam_metrics.errors import UsageError
from kam_metrics.periods import PERIODS, beginning, periods
from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount"


@pytest.fixture
def sold(books: Books) -> Books:
    """Sales on both sides of the turn of a fiscal year that begins in July."""
    books.load(
        "ledger", LEDGER, "A1,2025-06-30,gross_sales,1.00", "A1,2025-07-01,gross_sales,10.00",
        "A1,2025-12-31,gross_sales,100.00", "A1,2026-06-30,gross_sales,1000.00", "A1,2026-07-01,gross_sales,5.00",
    )  # fmt: skip
    return books


def test_a_fiscal_year_is_named_after_the_year_it_ends_in(sold: Books) -> None:
    assert sold.figures("net_sales", "fiscal_year", fiscal_start=7) == {2025: 1, 2026: 1110, 2027: 5}
    assert sold.figures("net_sales", "fiscal_quarter", fiscal_start=7) == {
        "2025-Q4": 1, "2026-Q1": 10, "2026-Q2": 100, "2026-Q4": 1000, "2027-Q1": 5
    }  # fmt: skip


def test_without_a_setting_fiscal_years_are_calendar_years(sold: Books) -> None:
    assert sold.figures("net_sales", "fiscal_year") == sold.figures("net_sales", "year")
    assert sold.figures("net_sales", "fiscal_quarter") == sold.figures("net_sales", "quarter")


def test_balances_are_taken_at_the_end_of_a_fiscal_year(books: Books) -> None:
    books.load(
        "receivables", "account_id,doc_no,invoice_date,due_date,amount,cleared_date",
        "A1,F1,2025-05-10,2025-06-10,50.00,2025-08-01", "A1,F2,2025-09-10,2025-10-10,70.00,",
    )  # fmt: skip
    told = books.figures("receivables_open", "fiscal_year", fiscal_start=7, as_of=date(2026, 8, 31))
    assert told == {2025: 50, 2026: 70, 2027: 70}
    assert books.figures("receivables_open", "fiscal_quarter", fiscal_start=7, as_of=date(2025, 12, 31)) == {
        "2025-Q4": 50, "2026-Q1": 70, "2026-Q2": 70
    }  # fmt: skip


def test_two_calendars_are_not_mixed_unless_by_month(sold: Books) -> None:
    with pytest.raises(UsageError, match="two_calendars"):
        sold.ask("net_sales", by=("year", "fiscal_quarter"))
    told = sold.figures("net_sales", "month", "year", "fiscal_year", fiscal_start=7)
    assert told[(date(2025, 7, 1), 2025, 2026)] == 10


def test_this_fiscal_year_can_be_chosen_where_it_is_another_than_the_calendars() -> None:
    assert periods(1) == PERIODS
    assert "fiscal" in periods(7)
    assert beginning("fiscal", date(2026, 6, 30), 7) == date(2025, 7, 1)
    assert beginning("fiscal", date(2026, 7, 1), 7) == date(2026, 7, 1)


def test_sales_stay_with_the_one_who_buys_and_receivables_with_the_one_who_pays(books: Books) -> None:
    books.load("accounts", "account_id,account_name,parent_id,kam_id", "G,Inkoopcombinatie,,an", "M1,Lid een,G,an",
               "M2,Lid twee,G,an")  # fmt: skip
    books.load("customer_map", "customer_no,account_id", "S1,M1", "S2,M2", "P9,G")
    books.load("sales_lines", "customer_no,doc_no,invoice_date,net_amount", "S1,F1,2026-12-01,300.00",
               "S2,F2,2026-12-02,100.00")  # fmt: skip
    books.load("receivables", "customer_no,doc_no,invoice_date,due_date,amount", "P9,F1,2026-12-01,2026-12-20,363.00",
               "P9,F2,2026-12-02,2027-01-15,121.00")  # fmt: skip
    assert books.figures("net_sales", "account_id") == {"M1": 300, "M2": 100}
    assert books.figures("receivables_open", "account_id") == {"G": 484}
    assert books.figures("overdue", "account_id") == {"G": 363}
    assert books.figures("net_sales", "group_id") == {"G": 400}
    assert books.figures("receivables_open", "group_id") == {"G": 484}


def test_days_of_sales_of_a_group_are_those_of_its_members_together(books: Books) -> None:
    """484 open, all of December's 31 days of sales: 31 days, whoever pays."""
    books.load("accounts", "account_id,account_name,parent_id", "G,Groep,", "M1,Lid een,G", "M2,Lid twee,G")
    books.load("receivables", "account_id,doc_no,invoice_date,due_date,amount", "M1,F1,2026-12-01,2026-12-20,363.00",
               "M2,F2,2026-12-02,2027-01-15,121.00")  # fmt: skip
    assert books.figures("days_sales_outstanding", "group_id") == {"G": 31}
