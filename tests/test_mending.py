"""The file with its problems beside every row: mended in a spreadsheet, it is read as if nothing was added."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kam_metrics.extracts import Options, examine, load, mended, mended_name
from kam_metrics.extracts.mending import guarded, unguarded
from kam_metrics.terms import LOCAL_OWNER
from tests.books import Books

WRONG = (
    "Export van vrijdag",
    "Klantnr;Boekdatum;Regelsoort;Bedrag;Boekstuk",
    "A1;15-01-2026;omzet;12.34,5;=1+1",
    'B1;31-02-2026;omtez;300,50;"twee;delen"',
    "A1;21-02-2026;vracht;-20,00;-x",
)


def told(books: Books, path: Path, lang: str = "nl", **options: Any) -> str:
    return mended(books.store, path, Options(**options), LOCAL_OWNER, lang).decode("utf-8-sig")


def test_each_wrong_row_says_everything_that_is_wrong_with_it(books: Books) -> None:
    text = told(books, books.file(WRONG))
    assert text.splitlines()[0] == WRONG[0]
    rows = list(csv.reader(io.StringIO("\n".join(text.split("\n")[1:])), delimiter=";"))
    assert rows[0] == [*WRONG[1].split(";"), "Wat er mis is"]
    assert "12.34,5" in rows[1][-1]
    assert rows[2][4] == "twee;delen"
    assert "31-02-2026" in rows[2][-1]
    assert "omtez" in rows[2][-1]
    assert rows[3][-1] == ""


def test_no_cell_of_it_is_run_by_a_spreadsheet(books: Books) -> None:
    for line in told(books, books.file(WRONG), "en").splitlines():
        for cell in line.split(";"):
            assert not cell.startswith(("=", "@")), cell
    assert ";-20,00;'-x;" in told(books, books.file(WRONG))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_mended_and_offered_again_it_reads_as_the_file_it_came_from(books: Books, lang: str) -> None:
    text = told(books, books.file(WRONG), lang)
    repaired = text.replace("12.34,5", "1.234,50").replace("31-02-2026", "28-02-2026").replace("omtez", "omzet")
    path = books.folder / "mended.csv"
    path.write_text(repaired, "utf-8-sig")
    found = examine(books.store, path, Options(), LOCAL_OWNER)
    assert found.judgement.outcome == "accept", found.judgement.payload("en")
    assert not any(warning.key == "extract_warning.ignored" for warning in found.judgement.warnings)
    assert [row.typed["document"] for row in found.rows] == ["=1+1", "twee;delen", "-x"]
    assert [head.theirs for head in found.heads] == WRONG[1].split(";")
    loaded = load(books.store, path, Options(), LOCAL_OWNER)
    assert loaded.rows == 3
    assert told(books, path, lang).count("Wat er mis is" if lang == "nl" else "What is wrong") == 1


def test_a_sheet_is_mended_as_text_with_every_row_on_its_line(books: Books, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Blad")
        for row, cells in {
            1: ("Klantnr", "Boekdatum", "Regelsoort", "Bedrag"),
            2: ("A1", "2026-01-15", "omzet", 12.5),
            4: ("A1", "2026-02-31", "omzet", 13.5),
        }.items():
            sheet.write_row(row, 0, cells)  # fmt: skip
    lines = told(books, path).split("\n")
    assert lines[1] == "Klantnr;Boekdatum;Regelsoort;Bedrag;Wat er mis is"
    assert lines[2] == "A1;2026-01-15;omzet;12.5;"
    assert lines[4].startswith("A1;2026-02-31;omzet;13.5;Regel 5")


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@x", "\tx", "'=x", "''=x", "-1+2", "=", "-"])
def test_a_guard_comes_off_as_it_was_put_on(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "x", "-5", "-1.250,00", "+31 6", "- € 5,00", "-20,00-", "'t Hoekje", "1-2"])
def test_a_cell_that_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == cell
    assert unguarded(cell) == cell


@pytest.mark.parametrize(
    ("name", "shown"),
    [("omzet.csv", "omzet-problems.csv"), ("a.b.csv.gz", "a.b-problems.csv"), ("../x/y.xlsx", "y-problems.csv")],
)
def test_the_file_goes_by_the_name_of_the_one_it_came_from(name: str, shown: str) -> None:
    assert mended_name(name) == shown
