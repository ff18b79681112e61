"""The periods a reader may choose, each as its first day."""

from __future__ import annotations

from datetime import date

PERIODS = ("12m", "ytd", "quarter", "month", "all")


def beginning(period: str, as_of: date) -> date | None:
    """First day of the period that ends on the as-of date; None is everything known."""
    match period:
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
