"""An audit file beside the store: what is equal, what differs, what one side lacks, and what cannot be known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kam_metrics import metrics
from kam_metrics.auditfile import Numbers, read_audit_file
from tests.audit_files import Booked, invoice, xaf
from tests.books import TWO_KAMS, Books

LEDGER = "account_id,posting_date,line_type,amount"
ITEMS = "account_id,doc_no,invoice_date,amount,cleared_date"
BOOKED = (
    invoice("2026-01-15", "A1", "100.00", "21.00"),
    invoice("2026-02-15", "B1", "50.00"),
    Booked("2026-02-20", [("1300", "-121.00", "A1"), ("1100", "121.00", "")]),
)
REVENUE, RECEIVABLES = Numbers("8000-8999"), Numbers("1300-1399")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file that says the same as the bookkeeping."""
    books = Books(tmp_path_factory.mktemp("prepared"))
    books.load("accounts", *TWO_KAMS)
    books.load(
        "ledger", LEDGER, "A1,2026-01-15,gross_sales,110", "A1,2026-01-15,discount,-10", "B1,2026-02-15,gross_sales,50"
    )
    books.load("receivables", ITEMS, "A1,F1,2026-01-15,121,2026-02-20", "B1,F2,2026-02-15,50,")
    books.store.close()
    return books.store.path


@pytest.fixture
def booked(prepared: Path, tmp_path: Path) -> Iterator[Books]:
    """A store of one's own that says the same as the bookkeeping."""
    shutil.copy2(prepared, tmp_path / "books.duckdb")
    books = Books(tmp_path)
    yield books
    books.store.close()


def compared(books: Books, folder: Path, *lines: Booked, source: str | None = None, **said: Any) -> dict[Any, Any]:
    """State and figures by what, account and month."""
    file = read_audit_file(xaf(folder, lines or BOOKED, **said), 10_000_000)
    with books.store.read() as world:
        rows = metrics.compare(world, file, REVENUE, RECEIVABLES, source)
    return {(row.what, row.account, f"{row.month:%m}"): (row.state, row.told, row.held) for row in rows}


def test_a_store_that_says_the_same_is_equal_in_every_account_and_month(booked: Books, tmp_path: Path) -> None:
    found = compared(booked, tmp_path)
    assert {state for state, _, _ in found.values()} == {"equal"}
    assert found["revenue", "A1", "01"] == ("equal", 100, 100)
    assert found["receivables", "A1", "02"] == ("equal", -121, -121)
    assert found["receivables", None, "02"] == ("equal", -71, -71)
    assert len(found) == 9


def test_each_difference_is_named_with_both_figures(booked: Books, tmp_path: Path) -> None:
    booked.load("ledger", LEDGER, "B1,2026-02-16,gross_sales,0.01", "A2,2026-03-01,gross_sales,7")
    file = read_audit_file(xaf(tmp_path, [*BOOKED, invoice("2026-02-17", "C9", "9.00")]), 10_000_000)
    with booked.store.read() as world:
        rows = metrics.compare(world, file, REVENUE, None, None)
    control, revenue, unknown = metrics.audit_checks(file, rows)
    assert (control.ok, unknown.differences, revenue.ok) == (True, (), False)
    assert revenue.differences == (
        "Σ 2026-02: 59.00 / 50.01 (8.99) EUR",
        "B1 2026-02: 50.00 / 50.01 (-0.01) EUR",
        "C9 2026-02: 9.00 / – EUR",
        "Σ 2026-03: – / 7.00 EUR",
        "A2 2026-03: – / 7.00 EUR",
    )


def test_relations_are_customer_numbers(booked: Books, tmp_path: Path) -> None:
    booked.load(
        "customer_map", "customer_no,account_id,source_system,valid_from",
        "K1,A2,,2025-01-01", "K1,A1,,2026-01-15", "K2,A2,other,", "K2,B1,exact,",
    )  # fmt: skip
    lines = (invoice("2026-01-15", "K1", "100.00"), invoice("2026-02-15", "K2", "50.00"))
    found = compared(booked, tmp_path, *lines, source="exact")
    assert found["revenue", "A1", "01"][0] == found["revenue", "B1", "02"][0] == "equal"
    ambiguous = compared(booked, tmp_path, *lines)
    assert ambiguous["revenue", "K2", "02"] == ("only_file", 50, None)
    assert ambiguous["revenue", "B1", "02"] == ("only_store", None, 50)


def test_revenue_that_names_no_relation_leaves_accounts_unknown_and_months_comparable(
    booked: Books, tmp_path: Path
) -> None:
    loose = Booked("2026-01-31", [("1000", "100.00", ""), ("8000", "-100.00", "")])
    found = compared(booked, tmp_path, loose, invoice("2026-02-15", "B1", "50.00"))
    assert found["revenue", None, "01"] == ("equal", 100, 100)
    assert found["revenue", "A1", "01"] == ("not_known", None, 100)
    assert found["revenue", "B1", "02"][0] == "equal"


def test_a_transaction_of_several_relations_gives_nobodys_line_to_none(booked: Books, tmp_path: Path) -> None:
    shared = Booked("2026-01-31", [("1300", "60.00", "A1"), ("1300", "40.00", "B1"), ("8000", "-100.00", "")])
    assert compared(booked, tmp_path, shared)["revenue", "A1", "01"][0] == "not_known"


def test_money_without_a_rate_cannot_be_compared(booked: Books, tmp_path: Path) -> None:
    booked.load("ledger", f"{LEDGER},currency", "A1,2026-01-20,gross_sales,5,USD")
    found = compared(booked, tmp_path)
    assert found["revenue", "A1", "01"] == ("not_known", 100, None)
    assert found["revenue", None, "01"] == ("not_known", 100, None)
    assert found["revenue", "B1", "02"][0] == "equal"


def test_a_month_that_open_item_lists_cover_in_part_cannot_be_compared(books: Books, tmp_path: Path) -> None:
    books.load(
        "receivables", "account_id,doc_no,invoice_date,amount,open_amount,snapshot_date",
        *(f"A1,F1,2026-01-10,100,100,{day}" for day in ("2026-01-31", "2026-02-28", "2026-03-15")),
    )  # fmt: skip
    lines = [invoice(f"2026-0{month}-10", "A1", "100.00") for month in (1, 2, 3)]
    found = compared(books, tmp_path, *lines)
    assert found["receivables", "A1", "01"] == ("not_known", 100, None)
    assert found["receivables", "A1", "02"] == ("differs", 100, 0)
    assert found["receivables", "A1", "03"] == ("not_known", 100, None)


def test_another_currency_is_compared_in_that_currency(booked: Books, tmp_path: Path) -> None:
    path = xaf(tmp_path, BOOKED)
    path.write_text(path.read_text("utf-8").replace("<curCode>EUR", "<curCode>USD"), "utf-8")
    booked.load("ledger", f"{LEDGER},currency", "A2,2026-01-20,gross_sales,5,USD")
    with booked.store.read() as world:
        rows = metrics.compare(world, read_audit_file(path, 10_000_000), REVENUE, RECEIVABLES, None)
    held = {(row.what, row.account): row.held for row in rows if row.month.month == 1}
    assert held["revenue", "A2"] == 5
    assert held["revenue", "A1"] is held["receivables", "A1"] is None


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("<linesCount>8", "<linesCount>9", "count: 9 / 8"),
        ("<totalDebit>292.00", "<totalDebit>1.00", "debit: 1.00 / 292.00"),
        ("<amnt>21.00", "<amnt>20.00", "debit / credit: 292.00 / 291.00"),
    ],
)
def test_a_file_that_contradicts_itself_is_told(
    booked: Books, tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    path = xaf(tmp_path, [*BOOKED, Booked("2026-03-01", [("1500", "0.00", "")])])
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), "utf-8")
    control = metrics.audit_checks(read_audit_file(path, 10_000_000), [])[0]
    assert not control.ok
    assert said in control.differences


def test_what_was_remembered_goes_before_what_the_file_codes(booked: Books, tmp_path: Path) -> None:
    file = read_audit_file(xaf(tmp_path, BOOKED), 10_000_000)
    booked.store.note(metrics.note_name(file, "revenue"), "70*")
    with booked.store.read() as world:
        assert metrics.ledger_numbers(world, file, "revenue") == Numbers("70*")
        assert metrics.ledger_numbers(world, file, "revenue", "8010") == Numbers("8010")
        assert metrics.ledger_numbers(world, file, "receivables") == Numbers("1300")


def test_amounts_are_compared_to_the_cent(booked: Books, tmp_path: Path) -> None:
    booked.load("ledger", LEDGER, "A1,2026-01-16,gross_sales,0.0049")
    assert compared(booked, tmp_path)["revenue", "A1", "01"] == ("equal", 100, Decimal("100.0049"))
