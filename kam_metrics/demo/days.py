"""Days and months of the story: it ends on the as-of date and began 36 calendar months earlier."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from kam_metrics.periods import month_end

MONTHS = 36
"""Calendar months of history, the running one included."""


def plus_months(day: date, months: int) -> date:
    """First day of the month that lies so many months away."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def months(as_of: date) -> list[date]:
    """First days of the 36 months."""
    return [plus_months(as_of, offset - MONTHS + 1) for offset in range(MONTHS)]


def is_working(day: date) -> bool:
    """Monday to Friday, but not at Christmas and New Year."""
    return day.weekday() < 5 and (day.month, day.day) not in {(1, 1), (12, 25), (12, 26)}


@cache
def working_days(month: date, as_of: date) -> tuple[date, ...]:
    """Working days of a month, up to the as-of date."""
    length = (min(month_end(month), as_of) - month).days + 1
    return tuple(day for day in (month + timedelta(days=n) for n in range(length)) if is_working(day))


def share_elapsed(month: date, as_of: date) -> float:
    """Share of a month's working days that has passed: 1 for all but the running month."""
    return len(working_days(month, as_of)) / len(working_days(month, month_end(month)))


def plain_day(day: date) -> date:
    """The last working day after the twelfth, on or before this day: no reader can take it for a month."""
    while day.day <= 12 or not is_working(day):
        day -= timedelta(days=1)
    return day
