"""The analyst drops an audit file on the Data page, says which accounts are revenue, and sees where it differs."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kam_metrics.store import Store
from tests.audit_files import invoice, xaf
from tests.pages_world import Reader, load, reading
from tests.screens.test_upload import texts

ENGLISH = {"lang": "en"}


def drop(reader: Reader, path: Path) -> Reader:
    """Open the Data page and drop an audit file."""
    reader.open("data")
    reader.app.file_uploader(key="audit-file").set_value([(path.name, path.read_bytes(), "text/xml")])
    return reader.run()


def sold(folder: Path) -> Path:
    """A store with one sale."""
    store = folder / "kam.duckdb"
    load(store, "accounts", {"account_id": "A1", "account_name": "Aalst", "segment": "key", "kam_id": "an"})
    load(store, "ledger", {"account_id": "A1", "posting_date": "2026-01-15", "line_type": "omzet", "amount": "100.00"})
    return store


def test_books_that_differ_are_shown_per_account_and_month(tmp_path: Path) -> None:
    own = sold(tmp_path)
    path = xaf(tmp_path, [invoice("2026-01-15", "A1", "90.00"), invoice("2026-02-15", "K9", "5.00")], codes=False)
    with reading(own, ENGLISH) as reader:
        drop(reader, path)
        assert "On which ledger accounts is the revenue?" in texts(reader)
        assert "8000 Omzet" in texts(reader)
        reader.app.text_input(key="audit-revenue-Voorbeeld & Zonen").set_value("8000-8999")
        reader.run()
        told = texts(reader)
        assert "XAF 3.2 of Voorbeeld & Zonen" in told
        for said in ("€90.00", "€100.00", "−€10.00", "only in the audit file", "All accounts together", "K9"):
            assert said in told
    with reading(own, ENGLISH) as again:
        drop(again, path)
        assert "€90.00" in texts(again)
    Store.at(own).close()


def test_a_file_that_is_none_is_refused_on_the_page(tmp_path: Path) -> None:
    own = sold(tmp_path)
    (tmp_path / "x.xml").write_text("<html/>")
    with reading(own, ENGLISH) as reader:
        drop(reader, tmp_path / "x.xml")
        assert "This is no audit file: neither XAF nor SAF-T." in texts(reader)
    Store.at(own).close()


def test_what_agrees_shows_no_table(tmp_path: Path) -> None:
    own = sold(tmp_path)
    with reading(own, ENGLISH) as reader:
        drop(reader, xaf(tmp_path, [invoice("2026-01-15", "A1", "100.00")], due=True))
        told = texts(reader)
        assert "✓ **Revenue in the audit file against the store**" in told
        assert "only in the audit file" not in told
        assert "no due dates" not in told
    Store.at(own).close()


def test_an_empty_file_of_every_kind_is_offered(tmp_path: Path) -> None:
    own = sold(tmp_path)
    with reading(own, ENGLISH) as reader:
        reader.open("data")
        assert "Empty templates" in texts(reader)
        reader.app.selectbox(key="template").select_index(4)
        reader.run()
        labels = [button.proto.label for button in reader.app.get("download_button")]
        assert labels[-3:] == ["Template (Excel)", "Template (CSV)", "Explanation (CSV)"]
    Store.at(own).close()


def test_a_damaged_load_is_told_on_every_page(tmp_path: Path) -> None:
    own = sold(tmp_path)
    Store.at(own).close()
    with duckdb.connect(str(own)) as connection:
        connection.execute("delete from ledger_brief")
    with reading(own, ENGLISH) as reader:
        for page in ("portfolio", "data"):
            assert "Do not trust the figures" in texts(reader.open(page))
    Store.at(own).close()
