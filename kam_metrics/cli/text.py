"""What a person reads in a terminal: aligned tables, and figures written the language's way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kam_metrics import words

GAP = "  "


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Columns as wide as their widest cell; those in `right` align their figures."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    rule = ["─" * width for width in widths]
    return "\n".join(_line(line, widths, right) for line in (lines[0], rule, *lines[1:]))


def _line(cells: Sequence[str], widths: Sequence[int], right: frozenset[int]) -> str:
    padded = [
        cell.rjust(width) if i in right else cell.ljust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return GAP.join(padded).rstrip()


def figure(lang: str, unit: str, value: object) -> str:
    """One value of a measure: money to the cent and shares to a tenth of a percent, half up."""
    match value:
        case None:
            return words.unknown(lang)
        case Decimal() if unit == "EUR":
            return words.money(lang, value)
        case Decimal() | float() | int() if unit == "share":
            return words.share(lang, value)
        case Decimal() | float() | int():
            return words.number(lang, value, 0 if unit == "count" else 1 if unit == "days" else 2)
        case _:
            return label(lang, value)


def label(lang: str, value: object) -> str:
    """One value of a dimension: names and ids as they are."""
    match value:
        case None:
            return words.unknown(lang)
        case date():
            return value.isoformat()
        case _:
            return str(value)
