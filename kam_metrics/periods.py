"""The periods a reader may choose, each as its first day."""

from __future__ import annotations

from datetime import date

PERIODS = ("12m", "ytd", "quarter", "month", "all")


def periods(fiscal_start: int) -> tuple[str, ...]:
    """The periods to choose from; the fiscal year only where it is another than the calendar's."""
    return PERIODS if fiscal_start == 1 else ("12m", "fiscal", *PERIODS[1:])


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
