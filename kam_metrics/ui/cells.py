"""Cells of a table: what a reader reads, what it is sorted by, and the figure or the day that leaves the house."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kam_metrics import words
from kam_metrics.matrix.listing import Cell
from kam_metrics.metrics import MEASURES
from kam_metrics.ui.here import current
from kam_metrics.ui.show import amount


def money_cell(key: str, value: Decimal | float | None) -> Cell:
    """A measure: short to read, in full to point at, sorted by its value."""
    tone = "bad" if key in ("contribution", "gross_margin") and value is not None and value < 0 else ""
    order = None if value is None else float(value)
    return Cell(amount(key, value), amount(key, value, in_full=True), order, tone, value, MEASURES[key].unit)  # type: ignore[arg-type]


def currency_cell(value: Decimal | None, currency: str, decimals: int = 2) -> Cell:
    """Money in its own currency."""
    lang = current().lang
    order = None if value is None else float(value)
    full = words.money(lang, value, currency)
    return Cell(words.money(lang, value, currency, decimals), full, order, value=value, unit=currency)


def share_cell(value: float | None) -> Cell:
    """A share of one."""
    return Cell(words.share(current().lang, value, 0), order=value, value=value, unit="share")


def score_cell(value: float | None) -> Cell:
    """A score on the questionnaire's scale."""
    return Cell(words.number(current().lang, value, 2), order=value, value=value, unit="score")


def count_cell(value: int | None) -> Cell:
    """How many."""
    return Cell(words.number(current().lang, value), order=value, value=value, unit="count")


def day_cell(value: date | None) -> Cell:
    """A calendar day."""
    order = value.isoformat() if value else None
    return Cell(words.day(current().lang, value), order=order, value=value, unit="day")


def month_cell(value: date | None) -> Cell:
    """A month, as its first day."""
    order = value.isoformat() if value else None
    return Cell(words.month(current().lang, value), order=order, value=value, unit="month")
