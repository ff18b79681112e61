"""A credit note counts in the month of its invoice unless asked otherwise; a bonus in the month it names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kam_metrics.terms import CreditNotes
from tests.books import Books, small_company

SALES = "account_id,doc_no,line_no,doc_type,ref_doc_no,invoice_date,net_amount,cogs_amount"
INVOICE = "A1,F1,1,INV,,2025-12-20,1000,600"
CREDIT = "A1,C1,1,CRN,F1,2026-02-03,-100,-60"
LEDGER = "account_id,posting_date,line_type,amount,for_month"
DECEMBER, JANUARY, FEBRUARY = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)
POSTED = CreditNotes.POSTING


def net(books: Books, **seen: Any) -> dict[Any, Decimal]:
    return {month: amount for month, amount in books.figures("net_sales", "month", **seen).items() if amount}


def test_a_credit_note_counts_in_the_month_of_its_invoice(books: Books) -> None:
    books.load("sales_lines", SALES, INVOICE, CREDIT)
    assert net(books) == {DECEMBER: 900}
    assert books.figures("gross_margin", "month") == {DECEMBER: 360}
    assert books.figures("credit_notes", "year") == {2025: 100}


def test_a_credit_note_counts_in_its_own_month_when_asked(books: Books) -> None:
    books.load("sales_lines", SALES, INVOICE, CREDIT)
    assert net(books, credit_notes=POSTED) == {DECEMBER: 1000, FEBRUARY: -100}


def test_a_credit_note_without_a_known_invoice_counts_in_its_own_month(books: Books) -> None:
    books.load("sales_lines", SALES, INVOICE, CREDIT.replace("F1", "F9"), CREDIT.replace("F1", "").replace("C1", "C2"))
    assert net(books) == {DECEMBER: 1000, FEBRUARY: -200}


def test_an_invoice_that_comes_later_draws_its_credit_note_to_it_and_lets_it_go_when_undone(books: Books) -> None:
    books.load("sales_lines", SALES, CREDIT)
    assert net(books) == {FEBRUARY: -100}
    later = books.load("sales_lines", SALES, INVOICE)
    assert net(books) == {DECEMBER: 900}
    books.undo(later)
    assert net(books) == {FEBRUARY: -100}
    books.redo(later)
    assert net(books) == {DECEMBER: 900}
    assert books.differences() == {}


def test_a_credit_note_that_comes_later_finds_its_invoice(books: Books) -> None:
    books.load("sales_lines", SALES, INVOICE)
    books.load("sales_lines", SALES, CREDIT)
    assert net(books) == {DECEMBER: 900}
    assert books.differences() == {}


def test_a_credit_note_is_let_go_when_its_invoice_is_replaced(books: Books) -> None:
    books.load("sales_lines", SALES, INVOICE, CREDIT)
    replaced = books.load("sales_lines", SALES, "A1,F3,1,INV,,2025-12-09,1,1", replacing=True)
    assert net(books) == {DECEMBER: 1, FEBRUARY: -100}
    assert books.differences() == {}
    books.undo(replaced)
    assert net(books) == {DECEMBER: 900}
    assert books.differences() == {}


def test_an_invoice_that_moves_to_another_month_takes_its_credit_note_along(books: Books) -> None:
    books.load("sales_lines", SALES, INVOICE, CREDIT)
    books.load("sales_lines", SALES, "A1,F3,1,INV,,2025-12-09,1,1", replacing=True)
    books.load("sales_lines", SALES, "A1,F1,1,INV,,2026-01-05,1000,600")
    assert net(books) == {DECEMBER: 1, JANUARY: 900}
    assert books.differences() == {}


def test_the_same_number_in_another_company_is_another_invoice(books: Books) -> None:
    header = f"{SALES},company_code"
    books.load("sales_lines", header, f"{INVOICE},NL", f"{CREDIT},BE")
    assert net(books) == {DECEMBER: 1000, FEBRUARY: -100}


def test_a_credit_note_older_than_its_invoice_stays_where_it_is(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,INV,,2026-03-20,1000,600", CREDIT)
    assert net(books) == {FEBRUARY: -100, date(2026, 3, 1): 1000}


def test_a_credit_note_is_not_known_before_it_is_made(books: Books) -> None:
    books.load("sales_lines", SALES, INVOICE, CREDIT, "A1,F2,1,INV,,2026-02-20,1,1")
    year = {"from_date": date(2025, 1, 1), "to_date": date(2025, 12, 31)}
    assert books.figure("net_sales", as_of=date(2026, 1, 31), **year) == 1000
    assert books.figure("net_sales", as_of=date(2026, 2, 2), **year) == 1000
    assert books.figure("net_sales", as_of=date(2026, 2, 3), **year) == 900


def test_a_credit_note_keeps_the_rate_of_its_own_day(books: Books) -> None:
    books.load("fx_rates", "currency,date,eur_per_unit", "GBP,2025-12-01,2", "GBP,2026-02-01,3")
    books.load("sales_lines", f"{SALES},currency", f"{INVOICE},GBP", f"{CREDIT},GBP")
    assert net(books) == {DECEMBER: 2000 - 300}


def test_a_bonus_settled_in_january_belongs_to_the_year_it_names(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2025-12-15,gross_sales,1000,", "A1,2026-01-28,rebate,-50,2025-12")
    for basis in CreditNotes:
        assert net(books, credit_notes=basis) == {DECEMBER: 950}
    year = {"from_date": date(2025, 1, 1), "to_date": date(2025, 12, 31)}
    assert books.figure("rebates", as_of=date(2026, 1, 27), **year) == 0
    assert books.figure("rebates", as_of=date(2026, 1, 28), **year) == 50
    assert books.figure("rebates", from_date=date(2025, 12, 31), to_date=date(2025, 12, 31)) == 50
    assert books.differences() == {}


def test_cost_paid_ahead_counts_from_the_first_day_of_its_month(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2025-12-15,marketing,-50,2026-02")
    assert books.figures("cost_to_serve", "month") == {FEBRUARY: 50}
    assert books.figure("cost_to_serve", to_date=FEBRUARY) == 50


def test_what_moved_between_months_moved_for_accounts_and_products_alike(books: Books) -> None:
    books.load("sales_lines", f"{SALES},product", f"{INVOICE},P1", f"{CREDIT},P1")
    assert books.figures("net_sales", "product", "month") == {("P1", DECEMBER): 900}
    assert books.figures("net_sales", "account_id", "month") == {("A1", DECEMBER): 900}


def test_money_moves_on_its_own_day_whatever_the_contribution_follows(books: Books) -> None:
    books.load("sales_lines", SALES, INVOICE, CREDIT)
    books.load("ledger", "account_id,posting_date,line_type,amount", "A1,2025-12-31,service,-1")
    books.load("receivables", "account_id,doc_no,invoice_date,amount,cleared_date", "A1,F1,2025-12-20,1000,2025-12-30")
    assert books.figures("operating_cash_flow", "month")[FEBRUARY] == -40


days = st.dates(date(2025, 11, 1), date(2026, 4, 30))
notes = st.lists(st.tuples(st.sampled_from(["F1", "F2", "F9", ""]), days, st.integers(1, 99)), min_size=1, max_size=5)


@settings(max_examples=12, deadline=None)
@given(first=days, second=days, noted=notes, as_of=days, order=st.permutations(range(3)))
def test_in_any_order_of_loading_each_credit_note_is_where_a_second_look_puts_it(
    first: date, second: date, noted: list[tuple[str, date, int]], as_of: date, order: list[int]
) -> None:
    files = [
        [f"A1,F1,1,INV,,{first},1000,600"],
        [f"A1,F2,1,INV,,{second},500,300"],
        [f"A1,C{n},1,CRN,{ref},{day},-{amount},-1" for n, (ref, day, amount) in enumerate(noted)],
    ]
    made = {"F1": first, "F2": second}
    expected: dict[date, Decimal] = {}
    for ref, day, amount in [("", first, -1000), ("", second, -500), *noted]:
        month = min(day, made.get(ref, day)).replace(day=1)
        if day <= as_of:
            expected[month] = expected.get(month, Decimal(0)) - amount
    with small_company() as books:
        for number in order:
            books.load("sales_lines", SALES, *files[number])
        assert net(books, as_of=as_of) == {month: amount for month, amount in expected.items() if amount}
        whole, parts = books.figure("net_sales", as_of=as_of), net(books, as_of=as_of).values()
        assert sum(parts) == (whole or 0)
        assert books.differences() == {}
