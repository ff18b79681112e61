"""When point-in-time measures are taken, and how a family hands back its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from kam_metrics.metrics.answer import Row
from kam_metrics.periods import month_end
from kam_metrics.terms import BEGINNING, Slice

ACCOUNT_DIMENSIONS = ("account_id", "account_name", "group_id", "kam_id", "segment", "country")
"""Columns of `seen_account` by which every family can be shown."""

TIME_DIMENSIONS = ("month", "quarter", "fiscal_quarter", "year", "fiscal_year")
"""From fine to coarse: the finest one asked decides how often a measure is taken."""


@dataclass(frozen=True)
class Unknown:
    """A figure that cannot be known: a key under `why` in the words, and what is missing after a colon."""

    why: str


Value: TypeAlias = Decimal | float | int | str | date | Unknown | None


@dataclass(frozen=True)
class Moment:
    """A period, the day at which balances in it are taken, and how it is labelled by each time dimension."""

    first_day: date
    last_day: date
    day: date
    labels: Mapping[str, object]


def spine(seen: Slice, by: Sequence[str], first_fact: date | None) -> list[Moment]:
    """One moment per period asked, up to the as-of date; the whole slice when `by` names no period."""
    steps = [d for d in TIME_DIMENSIONS if d in by]
    if not steps:
        return [Moment(seen.first_day, seen.last_day, seen.as_of, {})]
    first = max(seen.first_day, first_fact or BEGINNING)
    last = min(seen.last_day, seen.as_of)
    if first == BEGINNING:
        return []
    fiscal = seen.fiscal_start
    return [_moment(start, steps, first, last, fiscal) for start in _starts(first, last, steps[0], fiscal)]


def _starts(first: date, last: date, step: str, fiscal_start: int) -> list[date]:
    starts, start = [], _period_start(first, step, fiscal_start)
    while start <= last:
        starts.append(start)
        start = _next_start(start, step)
    return starts


def _moment(start: date, steps: Sequence[str], first: date, last: date, fiscal_start: int) -> Moment:
    end = min(_next_start(start, steps[0]) - timedelta(days=1), last)
    return Moment(max(start, first), end, end, {step: period(start, step, fiscal_start) for step in steps})


def period(day: date, step: str, fiscal_start: int = 1) -> object:
    """How the month, quarter or year of a day is written; a fiscal year is named after the year it ends in."""
    if step == "month":
        return day.replace(day=1)
    if step.startswith("fiscal_"):
        day = _months_later(day.replace(day=1), (13 - fiscal_start) % 12)
    return f"{day.year}-Q{(day.month + 2) // 3}" if step.endswith("quarter") else day.year


def year_earlier(day: date) -> date:
    """The same day a year before; the end of a month stays the end of that month."""
    if day == month_end(day):
        return month_end(day.replace(year=day.year - 1, day=1))
    return day.replace(year=day.year - 1)


def days_of(months: Sequence[date]) -> dict[str, date]:
    """The days between which lines of these months lie: the engine finds lines by their day, not by their month."""
    return {
        "lines_from": min(months, default=BEGINNING),
        "lines_until": month_end(max(months, default=BEGINNING)),
    }


_MONTHS = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "year": 12, "fiscal_year": 12}


def _period_start(day: date, step: str, fiscal_start: int) -> date:
    begins = fiscal_start if step.startswith("fiscal_") else 1
    return _months_later(day.replace(day=1), -((day.month - begins) % _MONTHS[step]))


def _next_start(start: date, step: str) -> date:
    return _months_later(start, _MONTHS[step])


def _months_later(month: date, count: int) -> date:
    months = month.month - 1 + count
    return date(month.year + months // 12, months % 12 + 1, 1)


def told(dimensions: Mapping[str, object], values: Mapping[str, Value]) -> Row:
    """A row of a family: the dimensions, the values, and beside each unknown the reason as `why.<key>`."""
    row: Row = dict(dimensions)
    for key, value in values.items():
        row[key] = None if isinstance(value, Unknown) else value
        if isinstance(value, Unknown):
            row[f"why.{key}"] = value.why
    return row
