"""A data-quality figure per source, worked out by hand; freshness per source; rows in quarantine handed over safely."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from kam_metrics.extracts import loads
from kam_metrics.extracts.quarantine import left_out, quarantine_csv
from kam_metrics.metrics import quality, source_freshness
from kam_metrics.terms import LOCAL_OWNER
from tests.books import Books


@pytest.fixture
def mixed(books: Books) -> Books:
    """Two sources: of exact 3 of 5 invoice lines and 1 of 2 items are flawless, of sap 1 posting of 2."""
    books.load(
        "sales_lines", "account_id,customer_no,doc_no,invoice_date,net_amount,cogs_amount",
        "A1,,F1,2026-01-10,100.00,60.00", "A1,,F2,2026-01-11,50.00,", "A1,,F3,2026-01-12,10.00,6.00",
        "B1,,F4,2026-01-12,10.00,6.00", ",K9,F5,2026-01-13,10.00,",
        source="exact",
    )  # fmt: skip
    books.load(
        "receivables", "account_id,doc_no,invoice_date,due_date,amount", "A1,F1,2026-02-10,2026-03-10,121.00",
        "A1,F2,2026-02-11,,60.50", source="exact",
    )  # fmt: skip
    books.load(
        "ledger", "account_id,posting_date,line_type,amount,document", "A1,2026-03-15,service,-5.00,D1",
        "B1,2026-03-16,service,12.3.4,=cmd()", source="sap", quarantine=True,
    )  # fmt: skip
    return books


def test_quality_is_the_share_of_lines_that_lack_nothing_with_what_the_others_lack(mixed: Books) -> None:
    with mixed.store.read() as world:
        told = {(row["source"], row["kind"]): row for row in quality(world)}
    names = ("lines", "left_out", "unmapped", "no_cost", "no_due", "flawless")
    assert {key: tuple(row[name] for name in names) for key, row in told.items()} == {
        ("exact", "sales_lines"): (5, 0, 1, 2, 0, pytest.approx(3 / 5)),
        ("exact", "receivables"): (2, 0, 0, 0, 1, pytest.approx(1 / 2)),
        ("sap", "ledger"): (2, 1, 0, 0, 0, pytest.approx(1 / 2)),
    }


REPEATED = "A1,2026-03-15,service,-5.00"


def test_lines_that_a_load_warned_about_are_kept_with_it_and_counted_per_source(books: Books) -> None:
    books.load(
        "ledger",
        "account_id,posting_date,line_type,amount",
        REPEATED,
        REPEATED,
        REPEATED,
        source="sap",
        sign="as_booked",
    )
    books.load(
        "receivables", "account_id,doc_no,invoice_date,due_date,amount", "A1,F1,2026-02-10,2026-01-10,121.00",
        source="sap",
    )  # fmt: skip
    posted, items = loads(books.store)[-2:]
    assert (posted.warnings, items.warnings) == ({"identical": 2}, {"order": 1})
    with books.store.read() as world:
        assert {row["kind"]: row["warnings"] for row in quality(world)} == {"ledger": 2, "receivables": 1}
    books.undo(posted.load_id)
    with books.store.read() as world:
        assert {row["kind"]: row["warnings"] for row in quality(world)} == {"receivables": 1}


def test_a_load_without_a_warning_says_none_and_how_it_was_read_is_no_doubt(books: Books) -> None:
    books.load("ledger", "account_id,posting_date,line_type,amount,colour", f"{REPEATED},red", source="sap")
    assert loads(books.store)[-1].warnings == {}
    with books.store.read() as world:
        assert [(row["warnings"], row["unwarned_loads"]) for row in quality(world)] == [(0, 0)]


def test_warnings_of_loads_from_before_they_were_kept_are_unknown_and_not_zero(books: Books) -> None:
    books.load("ledger", "account_id,posting_date,line_type,amount", REPEATED, REPEATED, source="sap")
    with books.store.stage() as stage, books.store.change(stage, LOCAL_OWNER) as change:
        change.run("delete from batch_warning")
    assert loads(books.store)[-1].warnings is None
    with books.store.read() as world:
        assert [(row["warnings"], row["unwarned_loads"]) for row in quality(world)] == [(None, 1)]


def test_warnings_about_a_file_that_names_its_sources_itself_stand_on_a_row_of_their_own(books: Books) -> None:
    line = "A1,F1,2026-02-10,100.00,-60.00,sap"
    books.load("sales_lines", "account_id,doc_no,invoice_date,net_amount,cogs_amount,source_system", line)
    with books.store.read() as world:
        told = [(row["source"], row["lines"], row["warnings"]) for row in quality(world)]
    assert told == [("", None, 1), ("sap", 1, None)]


def test_nothing_loaded_has_no_quality(empty: Books) -> None:
    with empty.store.read() as world:
        assert quality(world) == []
        assert source_freshness(world) == []


def test_freshness_is_told_per_source_oldest_first(mixed: Books) -> None:
    with mixed.store.read() as world:
        told = [(row["source"], row["newest"]) for row in source_freshness(world)]
    assert told == [("exact", date(2026, 2, 11)), ("sap", date(2026, 3, 15))]


def test_rows_in_quarantine_are_listed_and_no_spreadsheet_runs_them(mixed: Books) -> None:
    with mixed.store.read() as world:
        (row,) = left_out(world)
    assert (row.load_id, row.kind, row.line, row.rules) == (4, "ledger", 3, ("number",))
    assert "12.3.4" in row.raw
    harmful = type(row)(row.load_id, "=1+1.csv", row.kind, row.line, row.rules, "=cmd();1")
    cells = list(csv.reader(io.StringIO(quarantine_csv([harmful], "en").decode("utf-8-sig"))))
    assert cells[0][0] == "Load"
    assert (cells[1][1], cells[1][5]) == ("'=1+1.csv", "'=cmd();1")
    mixed.undo(4)
    with mixed.store.read() as world:
        assert left_out(world) == []
