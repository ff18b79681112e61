"""Tables leave the house in the reader's spreadsheet format: figures stay figures, and no text is ever run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kam_metrics.exports.delimited import delimited
from kam_metrics.exports.sheet import Entry, Sheet, count, day, euro, month, share, text
from kam_metrics.exports.workbook import workbook
from kam_metrics.extracts.mending import unguarded
from kam_metrics.extracts.template import DELIMITER
from kam_metrics.words import LANGUAGES

TODAY = date(2026, 11, 22)
SHEET = Sheet(
    "Stand",
    ["Account", "Bedrag", "Deel", "Regels", "Dag", "Maand", "Wat"],
    [
        [text("Aalst; NV"), euro(Decimal("-1234.5")), share(0.25), count(1200), day(TODAY), month(date(2026, 11, 1)),
         text("=1+1")],
        [text("-5"), euro(Decimal("1.23456")), share(None), count(None), day(None), month(None), text(None)],
    ],
)  # fmt: skip
RUN = re.compile(r"[=@\t\r]|[+-](?![\d.,'\s€$£]*[-)]?$)")
"""How a cell begins that a spreadsheet would run."""


def cells(sheet: Sheet, lang: str = "en") -> list[list[str]]:
    raw = delimited(sheet, lang).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(raw, newline=""), delimiter=DELIMITER[lang]))


def sheet_of(data: bytes, at: int = 0) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(at).to_python()


def made(*sheets: Sheet, lang: str = "nl") -> bytes:
    return workbook(sheets, lang, title="Proef", made_on=TODAY)


def test_a_dutch_spreadsheet_reads_the_csv_as_it_is() -> None:
    assert delimited(SHEET, "nl").decode("utf-8") == (
        "\ufeffAccount;Bedrag;Deel;Regels;Dag;Maand;Wat\r\n"
        '"Aalst; NV";-1234,50;0,25;1200;22-11-2026;11-2026;\'=1+1\r\n'
        "-5;1,23456;;;;;\r\n"
    )


def test_an_english_spreadsheet_reads_the_csv_as_it_is() -> None:
    assert delimited(SHEET, "en").decode("utf-8") == (
        "\ufeffAccount,Bedrag,Deel,Regels,Dag,Maand,Wat\r\n"
        "Aalst; NV,-1234.50,0.25,1200,2026-11-22,2026-11,'=1+1\r\n"
        "-5,1.23456,,,,,\r\n"
    )


@pytest.mark.parametrize("value", [1e-05, 0.1, 1000.0, 12345678.9, -0.0])
def test_a_figure_never_stands_in_scientific_notation(value: float) -> None:
    ((shown,),) = cells(Sheet("x", ["a"], [[Entry(value, "score")]]))[1:]
    assert "e" not in shown.casefold()
    assert float(shown) == value


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1), st.sampled_from(LANGUAGES)
)
def test_no_text_in_a_csv_is_run_and_none_is_lost(told: str, lang: str) -> None:
    sheet = Sheet("x", [told], [[text(told)]])
    for (shown,) in cells(sheet, lang):
        assert not RUN.match(shown)
        assert unguarded(shown) == told


def test_a_workbook_holds_figures_days_and_texts_as_such() -> None:
    head, first, second = sheet_of(made(SHEET))
    assert head == list(SHEET.headings)
    assert first == ["Aalst; NV", -1234.5, 0.25, 1200.0, TODAY, date(2026, 11, 1), "=1+1"]
    assert second == ["-5", 1.23456, "", "", "", "", ""]


@pytest.mark.parametrize(
    "told", ["=1+1", "+cmd|' /C calc'!A0", "@sum(a1)", "\t=1", "{=1}", "https://example.com", "-2+3"]
)
def test_no_text_in_a_workbook_is_a_formula_or_a_link(told: str) -> None:
    data = made(Sheet("x", [told], [[text(told)]]))
    parts = zipfile.ZipFile(io.BytesIO(data))
    sheets = b"".join(parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets
    assert sheet_of(data) == [[told], [told]]


def test_the_headings_stay_in_sight_and_the_twelve_months_are_a_line() -> None:
    sheet = Sheet("x", ["Account", "Lijn", "a", "b"], [[text("A"), text(None), count(1), count(2)]], {1: (2, 3)})
    xml = zipfile.ZipFile(io.BytesIO(made(sheet))).read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="1"' in xml
    assert "<xm:f>x!C2:D2</xm:f>" in xml
    assert cells(sheet) == [["Account", "a", "b"], ["A", "1", "2"]]


def test_sheets_whose_titles_are_alike_or_not_allowed_get_names_of_their_own() -> None:
    titles = ["Account/jaar [1]", "Account/jaar [1]", "x" * 40, "x" * 41, "'", "History"]
    names = CalamineWorkbook.from_filelike(io.BytesIO(made(*(Sheet(t, ["a"], []) for t in titles)))).sheet_names
    assert len({name.casefold() for name in names}) == len(titles)
    assert all(len(name) <= 31 for name in names)


def test_the_same_table_on_the_same_day_makes_the_same_bytes() -> None:
    assert made(SHEET) == made(SHEET)


def test_another_currency_keeps_its_name() -> None:
    data = made(Sheet("x", ["Bedrag"], [[euro(Decimal(5), "USD")]]))
    assert b"&quot;USD&quot;" in zipfile.ZipFile(io.BytesIO(data)).read("xl/styles.xml")


def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    assert len(str(sheet_of(made(Sheet("x", ["a"], [[text("y" * 40_000)]])))[1][0])) == 32_767
