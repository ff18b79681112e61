"""A table as a text file that opens in a spreadsheet of the language; nothing in it is ever run."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

from kam_metrics import words
from kam_metrics.exports.sheet import Entry, Sheet
from kam_metrics.extracts.mending import guarded
from kam_metrics.extracts.template import DELIMITER, written

DECIMALS = 9
"""Decimals of a share or a score; money has all of its own."""


def delimited(sheet: Sheet, lang: str) -> bytes:
    """UTF-8 with its mark; semicolons and decimal commas in Dutch. Figures are exact, the unknown is empty."""
    rows = [[guarded(name) for name in sheet.headings], *([_cell(entry, lang) for entry in row] for row in sheet.rows)]
    kept = ([cell for at, cell in enumerate(row) if at not in sheet.lines] for row in rows)
    out = io.StringIO()
    csv.writer(out, delimiter=DELIMITER[lang], lineterminator="\r\n").writerows(kept)
    return out.getvalue().encode("utf-8-sig", "replace")


def _cell(entry: Entry, lang: str) -> str:
    match entry.value:
        case str():
            return guarded(entry.value)
        case Decimal():
            return _with_mark(words.exact(entry.value), lang)
        case float():
            plain = f"{round(entry.value, DECIMALS) + 0.0:.{DECIMALS}f}"
            return _with_mark(plain.rstrip("0").rstrip("."), lang)
        case date() if entry.unit == "month":
            return f"{entry.value:%m-%Y}" if lang == "nl" else f"{entry.value:%Y-%m}"
        case _:
            return written(entry.value, lang)


def _with_mark(plain: str, lang: str) -> str:
    return plain.replace(".", ",") if lang == "nl" else plain
