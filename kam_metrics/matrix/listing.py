"""A table whose every row leads somewhere: sorted by its headings, searched when it is long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from kam_metrics.matrix.part import part, told_as

Tone = Literal["", "good", "bad", "muted"]
LONG = 20
"""From this many rows on a table can be searched."""
_COMPONENT = part("listing")


@dataclass(frozen=True)
class Heading:
    """A column: its name, and whether it holds figures."""

    label: str
    is_number: bool = False
    help: str = ""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, what is said when it is pointed at, and what it is sorted by."""

    text: str
    title: str = ""
    order: float | str | None = None
    tone: Tone = ""
    value: Decimal | float | date | None = None
    unit: str = ""
    """With a unit the value is what leaves the house; without one the text is."""
    bar: float | None = None
    """Length of a small bar before the text, of 0 to 100."""


@dataclass(frozen=True)
class ListingWords:
    """The few words the table itself speaks."""

    search: str
    open: str
    nothing_found: str


def listing(
    headings: Sequence[Heading],
    rows: Sequence[tuple[str, Sequence[Cell]]],
    *,
    caption: str,
    words: ListingWords,
    key: str,
) -> str | None:
    """Show the rows; the id of the row that a reader just asked for, or None."""
    told = {
        "caption": caption,
        "headings": [asdict(heading) for heading in headings],
        "rows": [{"id": row_id, "cells": [_shown(cell) for cell in cells]} for row_id, cells in rows],
        "search": words.search if len(rows) >= LONG else "",
        "open": words.open,
        "nothing": words.nothing_found,
    }
    answer = _COMPONENT(key=key, data=told_as(told), on_row_change=lambda: None)
    asked: str | None = answer.row
    return asked


def _shown(cell: Cell) -> dict[str, object]:
    """What the browser needs of a cell."""
    return {"text": cell.text, "title": cell.title, "order": cell.order, "tone": cell.tone, "bar": cell.bar}
