"""A table as it leaves the house: every cell a text, a figure or a day, with the unit it is written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kam_metrics.metrics import MEASURES

Value = str | int | float | Decimal | date | None


@dataclass(frozen=True)
class Entry:
    """What stands in one cell; None where it is unknown."""

    value: Value = None
    unit: str = ""
    """EUR or another currency, share, days, count, score, day or month; empty for a text."""


@dataclass(frozen=True)
class Sheet:
    """One table: what it is called, its columns, its rows."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Entry]]
    lines: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Columns that hold a line over the cells of their row, from one column to another."""


def text(value: object) -> Entry:
    """A name, a sentence; empty when there is none."""
    return Entry(None if value is None else str(value))


def day(value: date | None) -> Entry:
    """A calendar day."""
    return Entry(value, "day")


def month(value: date | None) -> Entry:
    """A month, as its first day."""
    return Entry(value, "month")


def count(value: int | None) -> Entry:
    """How many."""
    return Entry(value, "count")


def share(value: float | None) -> Entry:
    """A share of one."""
    return Entry(value, "share")


def euro(value: Decimal | None, currency: str = "EUR") -> Entry:
    """Money, exact."""
    return Entry(value, currency)


def figure(key: str, value: Value) -> Entry:
    """The value of a measure."""
    return Entry(value, MEASURES[key].unit)
