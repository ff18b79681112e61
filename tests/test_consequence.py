"""Before a load is undone or redone, what that does is said; and it does exactly that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kam_metrics.errors import KamError, NotAllowed, UnknownLoad
from kam_metrics.extracts import Consequence, close, consequence
from kam_metrics.terms import LOCAL_OWNER, Principal, Role
from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount"


def of(books: Books, load_id: int) -> Consequence:
    return consequence(books.store, load_id, LOCAL_OWNER)


def test_it_tells_per_account_and_month_how_far_figures_move_and_moves_nothing(books: Books) -> None:
    load_id = books.load(
        "ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00", "A1,2026-01-15,cogs,-60.00", "B1,2026-02-15,cogs,-5.00"
    )
    before = books.store.revision
    told = of(books, load_id)
    assert (told.act, told.accounts, told.months, told.refusal) == ("undo", 2, 2, None)
    assert [(one.account, one.month, one.net_sales, one.result) for one in told.moved] == [
        ("A1", date(2026, 1, 1), -100, -40),
        ("B1", date(2026, 2, 1), 0, 5),
    ]
    assert (told.total("net_sales"), told.total("result")) == (-100, -35)
    assert (books.store.revision, books.figure("net_sales")) == (before, 100)
    books.undo(load_id)
    assert of(books, load_id).act == "redo"
    assert of(books, load_id).total("net_sales") == 100


def test_it_names_the_loads_that_hold_the_same_rows_so_that_nothing_disappears(books: Books) -> None:
    row = "A1,2026-01-15,gross_sales,100.00"
    first = books.load("ledger", LEDGER, row)
    second = books.load("ledger", LEDGER, row, "A1,2026-01-16,gross_sales,1.00")
    assert (of(books, first).holders, of(books, first).moved) == ((second,), ())
    assert of(books, first).later == (second,)
    assert of(books, second).holders == (first,)
    assert of(books, second).total("net_sales") == -1
    books.undo(first)
    assert of(books, second).holders == ()
    assert of(books, second).total("net_sales") == -101


def test_it_names_what_comes_back_when_a_replacement_is_undone(books: Books) -> None:
    first = books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    second = books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,70.00", replacing=True)
    told = of(books, second)
    assert (told.replaced, told.total("net_sales")) == ((first,), 30)
    assert of(books, first).later == (second,)
    assert of(books, first).moved == ()


def test_budget_is_told_apart_from_what_happened(books: Books) -> None:
    load_id = books.load("budget", "account_id,month,line_type,amount", "A1,2026-01,gross_sales,10.00")
    told = of(books, load_id)
    assert (told.total("net_sales"), told.total("net_sales", "budget")) == (0, Decimal(-10))


def test_kinds_without_postings_tell_their_rows(books: Books) -> None:
    load_id = books.load("customer_map", "customer_no,account_id", "K1,A1", "K2,A1")
    assert of(books, load_id).rows == -2


def test_it_says_why_it_is_not_possible(books: Books) -> None:
    load_id = books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    close(books.store, date(2026, 1, 1), LOCAL_OWNER, who="Cor", today=date(2026, 3, 1))
    refusal = of(books, load_id).refusal
    assert isinstance(refusal, KamError)
    assert (refusal.key, refusal.values["months"]) == ("closed_month", "2026-01")


def test_a_load_that_is_not_there_and_a_reader_who_may_not(books: Books) -> None:
    with pytest.raises(UnknownLoad):
        of(books, 99)
    with pytest.raises(NotAllowed):
        consequence(books.store, 1, Principal("x", frozenset({Role.BOARD})))
