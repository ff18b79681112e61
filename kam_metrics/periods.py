"""The periods a reader may choose, each as its first day, and where months end."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

PERIODS = ("12m", "ytd", "quarter", "month", "all")


def periods(fiscal_start: int) -> tuple[str, ...]:
    """The periods to choose from; the fiscal year only where it is another than the calendar's."""
    return PERIODS if fiscal_start == 1 else ("12m", "fiscal", *PERIODS[1:])


def month_end(day: date) -> date:
    """Last day of this day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_ends_before(day: date, count: int) -> list[date]:
    """The month ends before this day, the newest first."""
    return list(islice(_back(day), count))


def _back(day: date) -> Iterator[date]:
    while True:
        day = day.replace(day=1) - timedelta(days=1)
        yield day


def beginning(period: str, as_of: date, fiscal_start: int = 1) -> date | None:
    """First day of the period that ends on the as-of date; None is everything known."""
    match period:
        case "fiscal":
            return date(as_of.year - (as_of.month < fiscal_start), fiscal_start, 1)
        case "12m":
            return date(as_of.year - (as_of.month < 12), as_of.month % 12 + 1, 1)
        case "ytd":
            return date(as_of.year, 1, 1)
        case "quarter":
            return date(as_of.year, as_of.month - (as_of.month - 1) % 3, 1)
        case "month":
            return as_of.replace(day=1)
        case _:
            return None
