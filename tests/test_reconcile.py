"""Reconcile finds what does not add up, and says where."""

from __future__ import annotations

import duckdb
import pytest

from kam_metrics.metrics import reconcile
from kam_metrics.store import Store
from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount"


@pytest.fixture
def booked(books: Books) -> Books:
    """A few postings and invoices."""
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100", "A1,2026-01-15,cogs,-60", "B1,2026-02-15,service,-5")
    books.load("sales_lines", "account_id,doc_no,invoice_date,net_amount,cogs_amount", "B1,F1,2026-02-01,70,30")
    return books


def tampered(books: Books, statement: str) -> dict[str, object]:
    """What reconcile says after somebody changed the file behind our back."""
    books.store.close()
    with duckdb.connect(str(books.store.path)) as connection:
        connection.execute(statement)
    books.store = Store.at(books.store.path)
    return {name: list(found) for name, found in books.differences().items()}


def test_a_store_that_was_left_alone_adds_up(booked: Books) -> None:
    with booked.store.read() as world:
        checks = reconcile(world)
    assert all(check.ok for check in checks)
    assert [check.name for check in checks] == [
        "loads",
        "rollup",
        "ledger_total",
        "account_months",
        "profit_months",
        "product_months",
        "receivable_spans",
        "ledger_and_sales_lines",
        "posted_and_driven",
        "invoiced_and_receivables",
        "receivables_roll_forward",
        "audit_chain",
        "decisions",
        "weights",
    ]


def test_an_empty_store_adds_up(empty: Books) -> None:
    assert empty.differences() == {}


@pytest.mark.parametrize(
    ("statement", "name", "said"),
    [
        ("update ledger_brief set amount = 101 where amount = 100", "loads", "load 2"),
        ("delete from ledger_brief where line_type = 'service'", "loads", "3 / 2 rows"),
        ("delete from accounts where account_id = 'B1'", "loads", "load 1"),
        ("update sales_lines set net_amount = 71", "rollup", "load 3 gross_sales: 71.0000 / 70.0000"),
        (
            "update booking set amount = amount + 1 where line_type = 'cogs'",
            "rollup",
            "load 2 cogs",
        ),
        ("update account_month set amount = 7 where line_type = 'service'", "account_months", "B1 2026-02-01 service"),
        ("update account_month set amount_eur = 7 where line_type = 'service'", "account_months", "B1"),
        ("delete from account_month where line_type = 'gross_sales' and account_id = 'A1'", "account_months", "A1"),
        ("update account_month set own_month = date '2025-12-01' where account_id = 'A1'", "account_months", "A1"),
        ("update profit_month set cogs = -61 where account_id = 'A1'", "profit_months", "A1 2026-01-01 cogs: -60"),
        ("update profit_month set served_low = 0", "profit_months", "B1 2026-02-01 served_low"),
        ("update profit_month set net_lines = 2", "profit_months", "A1 2026-01-01 net: 100"),
        ("delete from profit_month where origin = 'sales_lines'", "profit_months", "B1 2026-02-01 net: 70"),
        ("update product_month set quantity = 9", "product_months", "B1 2026-02-01"),
        ("update product_month set amount_eur = 9", "product_months", "70.0000"),
        ("delete from product_month", "product_months", "B1"),
        ("update change set what = 'undo' where change_id = 3", "audit_chain", "change 3"),
        ("delete from change where change_id = 2", "audit_chain", "change 3"),
    ],
)
def test_every_kind_of_tampering_is_found_and_named(booked: Books, statement: str, name: str, said: str) -> None:
    found = tampered(booked, statement)
    assert said in str(found[name])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("open_amount = 0 where doc_type = 'CRN'", "A1 2026-01-25 – 9999-12-31: -10.0000 / 0.0000 EUR"),
        (
            "open_until = date '2026-02-21' where cleared_date is not null",
            "A1 2026-01-10 – 2026-02-21: 0.0000 / 121.0000",
        ),
        (
            "open_until = date '9999-12-31' where open_until = date '2026-02-28'",
            "B1 2026-01-31 – 2026-02-28: 350.0000 / 0.0000",
        ),
        ("told_from = date '2026-01-31' where snapshot_date = date '2026-02-28'", "B1 2026-02-28: 300.0000 / 0.0000"),
        ("told_until = date '9999-12-31' where account_id = 'B1'", "B1 2026-01-31: 50.0000 / 350.0000 EUR"),
        ("account_id = 'B1' where account_id = 'A1'", "A1 0001-01-01: 111.0000 / 0.0000 EUR"),
        ("item_count = 2 where cleared_date is not null", "A1 0001-01-01: 111.0000 / 111.0000 EUR"),
    ],
)
def test_receivables_that_are_told_otherwise_than_they_were_loaded_are_named(
    books: Books, change: str, said: str
) -> None:
    """A history of which one item was paid, and two lists of open items, the later in the place of the earlier."""
    history = "account_id,doc_no,doc_type,invoice_date,amount,cleared_date"
    books.load("receivables", history, "A1,F1,INV,2026-01-10,121,2026-02-20", "A1,C1,CRN,2026-01-25,-10,")
    listed = "account_id,doc_no,invoice_date,amount,snapshot_date,company_code"
    books.load("receivables", listed, "B1,G1,2026-01-15,300,2026-01-31,20", "B1,G2,2026-01-16,50,2026-01-31,20")
    books.load("receivables", listed, "B1,G1,2026-01-15,300,2026-02-28,20")
    assert books.differences() == {}
    found = tampered(books, f"update receivable_span set {change}")
    assert said in str(found["receivable_spans"])


def test_a_difference_between_ledger_and_sales_lines_is_told_and_no_error(booked: Books) -> None:
    booked.load("ledger", LEDGER, "B1,2026-02-01,gross_sales,69")
    with booked.store.read() as world:
        checks = {check.name: check for check in reconcile(world)}
    assert checks["ledger_and_sales_lines"].differences == ("B1 2026-02 gross_sales: 69.0000 / 70.0000 EUR",)
    assert checks["ledger_and_sales_lines"].ok


def test_equal_amounts_in_ledger_and_sales_lines_are_no_difference(booked: Books) -> None:
    booked.load("ledger", LEDGER, "B1,2026-02-01,gross_sales,70")
    assert booked.differences() == {}


def test_a_store_says_when_it_is_opened_that_a_load_is_no_longer_what_was_read(booked: Books) -> None:
    assert booked.store.damaged == ()
    tampered(booked, "delete from ledger_brief where line_type = 'service'")
    (said,) = booked.store.damaged
    assert "3 / 2 rows" in said


def test_receivables_that_hold_other_amounts_than_the_invoices_are_named(books: Books) -> None:
    """Of January 121 was invoiced with VAT and 121 stands there; of February 121, and 100 stands there."""
    header = "account_id,doc_no,invoice_date,net_amount,vat_amount"
    books.load("sales_lines", header, "A1,1,2026-01-10,100,21", "A1,2,2026-02-10,100,21", "B1,3,2026-02-10,100,")
    items = "account_id,doc_no,doc_type,invoice_date,amount"
    books.load("receivables", items, "A1,1,INV,2026-01-10,121", "A1,2,INV,2026-02-10,100", "B1,3,INV,2026-02-10,100")
    assert books.differences() == {"invoiced_and_receivables": ("A1 2026-02: 121.0000 / 100.0000 EUR",)}
