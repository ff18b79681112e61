"""What can be exported: each export declared once, with its formats and who may ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kam_metrics.exports import sheets, tables
from kam_metrics.exports.calendar import calendar
from kam_metrics.exports.delimited import delimited
from kam_metrics.exports.pack import Asked, Pack, gather
from kam_metrics.exports.sheet import Sheet
from kam_metrics.exports.workbook import workbook
from kam_metrics.words import say

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "ics": "text/calendar",
}
"""Formats by the ending of their files, and what a browser calls them."""
Writer = Callable[[Asked, date], bytes]


@dataclass(frozen=True)
class Export:
    """One thing to export: what writes it, by the ending of the file."""

    writers: Mapping[str, Writer]
    needs_analyst: bool = False


def written(sheet: Sheet, form: str, lang: str, made_on: date) -> bytes:
    """One table in the format of the file's ending."""
    return delimited(sheet, lang) if form == "csv" else workbook([sheet], lang, title=sheet.title, made_on=made_on)


def _table(make: Callable[[Asked], Sheet], *, needs_analyst: bool = False) -> Export:
    def writer(form: str) -> Writer:
        return lambda asked, made_on: written(make(asked), form, asked.lang, made_on)

    return Export({form: writer(form) for form in ("xlsx", "csv")}, needs_analyst)


def _of_pack(make: Callable[[Pack], Sheet]) -> Export:
    return _table(lambda asked: make(gather(asked)))


def _board_pdf(asked: Asked, made_on: date) -> bytes:
    # Imported when it is used: no page and no other command waits for what sets type.
    from kam_metrics.exports.paper import board_pdf

    return board_pdf(gather(asked), made_on)


def _board_xlsx(asked: Asked, made_on: date) -> bytes:
    pack = gather(asked)
    title = say(asked.lang, "export.board_pack")
    return workbook([make(pack) for make in sheets.BOARD_PACK], asked.lang, title=title, made_on=made_on)


EXPORTS: Mapping[str, Export] = {
    "board-pack": Export({"pdf": _board_pdf, "xlsx": _board_xlsx}),
    "portfolio": _of_pack(sheets.portfolio),
    "accounts": _table(tables.accounts),
    "decisions": _of_pack(sheets.decisions),
    "waterfall": _of_pack(sheets.waterfall),
    "whale": _of_pack(sheets.whale),
    "receivables": _of_pack(sheets.receivables),
    "months": _table(tables.months),
    "plans": _of_pack(sheets.plans),
    "milestones": _of_pack(sheets.milestones),
    "alignment": _of_pack(sheets.elements),
    "calendar": Export({"ics": calendar}),
    "worklist": _table(tables.worklist, needs_analyst=True),
    "loads": _table(tables.loads, needs_analyst=True),
}
"""Every export by its name."""


def measure_table(keys: Sequence[str], by: Sequence[str]) -> Export:
    """Any measures by any dimensions."""
    return _table(lambda asked: tables.measured(asked, keys, by))
