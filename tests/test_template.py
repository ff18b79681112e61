"""An empty template, filled with the examples of its own explanation, is accepted as it stands."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from kam_metrics.extracts import KINDS, Kind, Options
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.template import (
    DELIMITER,
    DICTIONARY,
    described,
    explanation_csv,
    template_csv,
    template_xlsx,
)
from kam_metrics.store import Stage
from kam_metrics.words import LANGUAGES, say
from tests.extract_files import new_stage, typed_rows

EVERY = [(kind, lang) for kind in KINDS.values() for lang in LANGUAGES]


def accepted(stage: Stage, path: Path, kind: Kind) -> list[dict[str, Any]]:
    """The rows of a file that must be accepted without a single answer, known by its headers alone."""
    judgement = judge(stage, path, Options())
    assert judgement.outcome == "accept", judgement.payload("en")
    assert (judgement.kind, judgement.warnings) == (kind.name, ())
    return typed_rows(stage, judgement)


def expected(kind: Kind, lang: str, row: dict[str, Any]) -> None:
    for column, declared in zip(described(kind, lang), kind.columns, strict=True):
        value = declared.choices.get(str(column.value), column.value) if declared.choices else column.value
        stored = row[declared.name]
        if isinstance(value, date | Decimal):
            assert stored == value, declared.name
        elif value not in ("", None):
            assert str(stored).casefold() == str(value).casefold(), declared.name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_csv_template_filled_with_its_examples_is_accepted(tmp_path: Path, lang: str) -> None:
    with new_stage() as stage:
        for kind in KINDS.values():
            path = tmp_path / f"{kind.name}.csv"
            line = io.StringIO()
            examples = [column.example for column in described(kind, lang)]
            csv.writer(line, delimiter=DELIMITER[lang], lineterminator="\r\n").writerow(examples)
            path.write_bytes(template_csv(kind, lang) + line.getvalue().encode())
            (row,) = accepted(stage, path, kind)
            expected(kind, lang, row)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_workbook_template_filled_with_its_examples_is_accepted(
    tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_stage() as stage:
        for kind in KINDS.values():
            path = tmp_path / f"{kind.name}.xlsx"
            path.write_bytes(_filled(kind, lang, monkeypatch))
            (row,) = accepted(stage, path, kind)
            expected(kind, lang, row)


def _filled(kind: Kind, lang: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The workbook as somebody saves it after typing the examples: dates as dates, numbers as numbers."""
    with monkeypatch.context() as patched:
        begin = xlsxwriter.Workbook.add_worksheet

        def typed(book: xlsxwriter.Workbook, name: str) -> Any:
            sheet = begin(book, name)
            if len(book.worksheets()) == 1:
                _type(book, sheet, [column.value for column in described(kind, lang)])
            return sheet

        patched.setattr(xlsxwriter.Workbook, "add_worksheet", typed)
        return template_xlsx(kind, lang)


def _type(book: xlsxwriter.Workbook, sheet: Any, values: list[object]) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(1, at, value, day)
        elif isinstance(value, Decimal | int):
            sheet.write_number(1, at, value)
        elif value:
            sheet.write_string(1, at, str(value))


def test_an_empty_template_holds_no_data_and_is_refused_as_such(tmp_path: Path) -> None:
    with new_stage() as stage:
        for name, content in (
            ("a.csv", template_csv(KINDS["ledger"], "nl")),
            ("a.xlsx", template_xlsx(KINDS["ledger"], "nl")),
        ):
            (tmp_path / name).write_bytes(content)
            judgement = judge(stage, tmp_path / name, Options())
            assert [problem.rule for problem in judgement.problems] == ["no_rows"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_explanation_is_the_same_in_both_forms_and_names_every_column(tmp_path: Path, lang: str) -> None:
    kind = KINDS["sales_lines"]
    text = explanation_csv(kind, lang).decode("utf-8-sig")
    in_csv = list(csv.reader(io.StringIO(text), delimiter=DELIMITER[lang]))
    (tmp_path / "a.xlsx").write_bytes(template_xlsx(kind, lang))
    book = CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.get_sheet_by_index(1).to_python() == in_csv
    assert in_csv[0] == [say(lang, f"template.{name}") for name in DICTIONARY]
    assert len(in_csv) == len(kind.columns) + 1
    assert all(row[0] and row[1] and row[2] and row[5] for row in in_csv)


def test_required_columns_and_allowed_words_are_told() -> None:
    told = {column.header: column for column in described(KINDS["ledger"], "nl")}
    assert told["Boekdatum"].required == "ja"
    assert told["Accountnummer"].required == "een van Accountnummer, Debiteurnummer"
    assert told["Artikel"].required == "nee"
    assert told["Regelsoort"].allowed.startswith("gross_sales, discount, rebate")
    assert (told["Bedrag"].example, told["Boekdatum"].example) == ("1250,50", "31-01-2026")


def test_nothing_in_a_template_begins_like_a_formula() -> None:
    for kind, lang in EVERY:
        cells = [cell for column in described(kind, lang) for cell in column.cells]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
