"""Tables as a workbook: figures, money and days in their own formats, and no text that a spreadsheet would run."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from kam_metrics import words
from kam_metrics.exports.sheet import Entry, Sheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WIDEST, NARROWEST = 60, 10
"""Widths of a column, in letters."""
LONGEST = 32_767
"""Letters that a cell can hold."""
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NAME_LENGTH = 31
_FORMATS: Mapping[str, Mapping[str, str]] = {
    "nl": {"EUR": "[$€-413]\u00a0#,##0.00;[$€-413]\u00a0\\-#,##0.00", "day": "dd-mm-yyyy"},
    "en": {"EUR": "[$€-809]#,##0.00;\\-[$€-809]#,##0.00", "day": "dd/mm/yyyy"},
}
_EVERYWHERE = {
    "number": "0.####",
    "share": "0.0%",
    "days": "#,##0",
    "count": "#,##0",
    "score": "0.00",
    "month": "mmm yyyy",
}
_ACCENT = "#0B5C8A"


def workbook(sheets: Sequence[Sheet], lang: str, *, title: str, made_on: date) -> bytes:
    """One sheet per table, the headings frozen; the same tables on the same day make the same bytes."""
    # Imported when it is used: nobody who only looks at pages waits for it.
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": datetime.combine(made_on, time(), UTC)})
        used: set[str] = set()
        formats = partial(_format, book, lang, {})
        for sheet in sheets:
            _fill(book.add_worksheet(_name(sheet.title, used)), sheet, lang, formats)
    return out.getvalue()


def _fill(page: Worksheet, sheet: Sheet, lang: str, formats: Any) -> None:
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for at, name in enumerate(sheet.headings):
        page.write_string(0, at, name, formats("head"))
        page.set_column(at, at, _width([name, *(_shown(row[at], lang) for row in sheet.rows)]))
    for line, row in enumerate(sheet.rows, 1):
        for at, entry in enumerate(row):
            _write(page, line, at, entry, formats)
        for at, (first, last) in sheet.lines.items():
            page.set_column(at, at, 16)
            _spark(page, line, at, first, last)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)


def _write(page: Worksheet, line: int, at: int, entry: Entry, formats: Any) -> None:
    match entry.value:
        case None:
            page.write_blank(line, at, None, formats(entry.unit))
        case str():
            page.write_string(line, at, entry.value[:LONGEST], formats(""))
        case date():
            page.write_datetime(line, at, entry.value, formats(entry.unit))
        case int() | float() | Decimal():
            page.write_number(line, at, entry.value, formats(entry.unit))


def _spark(page: Worksheet, line: int, at: int, first: int, last: int) -> None:
    from xlsxwriter.utility import xl_range

    cells = xl_range(line, first, line, last)
    page.add_sparkline(line, at, {"range": cells, "series_color": _ACCENT, "last_point": True, "show_hidden": True})


def _format(book: Any, lang: str, made: dict[str, Format], unit: str) -> Format:
    """The format of a unit, made once per workbook."""
    if unit not in made:
        made[unit] = book.add_format(_properties(lang, unit))
    return made[unit]


def _properties(lang: str, unit: str) -> dict[str, object]:
    if unit == "head":
        return {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    if not unit:
        return {"num_format": "@", "valign": "top"}
    form = _FORMATS[lang].get(unit) or _EVERYWHERE.get(unit) or f'#,##0.00 "{unit}"'
    return {"num_format": form, "valign": "top"}


def _shown(entry: Entry, lang: str) -> str:
    """About what the cell will show: only for how wide its column must be."""
    match entry.value, entry.unit:
        case None, _:
            return ""
        case str() as text, _:
            return text
        case date(), _:
            return "00-00-0000"
        case value, ("share" | "score" | "days" | "count"):
            return words.number(lang, value, 2)
        case value, _:
            return words.money(lang, Decimal(str(value)))


def _width(texts: Sequence[str]) -> int:
    head, *cells = texts
    longest_word = max((len(word) for word in head.split()), default=0)
    return min(WIDEST, max(NARROWEST, longest_word + 3, *(len(cell) + 2 for cell in cells), 0))


def _name(title: str, used: set[str]) -> str:
    """A name that a sheet may have and that no sheet has yet."""
    plain = _NO_NAME.sub(" ", title).strip(" '") or "-"
    name, number = plain[:_NAME_LENGTH], 1
    while name.casefold() in used or name.casefold() == "history":
        number += 1
        name = f"{plain[: _NAME_LENGTH - len(str(number)) - 1]} {number}"
    used.add(name.casefold())
    return name
