"""How late an account pays: the spread of the days by which its paid invoices missed their due date, by amount.

Who pays in runs at the end of the month is late by the calendar, not by the invoice: days count from the due date or
from the end of its month, whichever leaves the smaller spread.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from kam_metrics.metrics.answer import Row
from kam_metrics.periods import month_end

ENOUGH = 12
"""Paid invoices from which on an account has a habit of its own."""
OWN, GROUP, EVERYBODY = "own", "group", "everybody"
"""Whose habit speaks: the account's own, that of its group, or that of all accounts in the reader's scope."""
MEDIAN, LATE = Decimal("0.5"), Decimal("0.9")
Place = tuple[str, str | None]


@dataclass(frozen=True)
class Spread:
    """Days late, ascending, counted from the due date or from the end of its month, and the amount paid by then."""

    start: str
    days: tuple[int, ...]
    paid: tuple[Decimal, ...]

    def expected(self, due: date, today: date, share: Decimal) -> date | None:
        """The day by which this share of what is still open today has come in; None for what never was so late.

        Only what was paid later than an item already is can say anything about it.
        """
        begins = due if self.start == "due" else month_end(due)
        known = bisect_right(self.days, (today - begins).days)
        if known == len(self.days):
            return None
        before = self.paid[known - 1] if known else Decimal(0)
        reached = bisect_left(self.paid, before + share * (self.paid[-1] - before), known)
        return begins + timedelta(days=self.days[reached])


class Habits:
    """Everybody's habits as they were known on one day."""

    def __init__(self, paid: Iterable[Row]) -> None:
        self._paid: dict[Place, dict[str, Row]] = {}
        self._spreads: dict[Place, Spread] = {}
        for row in paid:
            self._paid.setdefault((row["whose"], row["place"]), {})[row["start"]] = row

    def of(self, row: Row) -> Iterator[tuple[str, Spread]]:
        """The spreads that may speak for an open item, the nearest first."""
        for place in _places(row):
            if place not in self._spreads:
                starts = self._paid.get(place)
                if not starts or starts["due"]["items"] < ENOUGH:
                    continue
                self._spreads[place] = _narrowest(starts.values())
            yield place[0], self._spreads[place]


def _places(row: Row) -> Iterator[Place]:
    yield OWN, row["account_id"]
    if row["group_id"] is not None:
        yield GROUP, row["group_id"]
    yield EVERYBODY, None


def _narrowest(starts: Iterable[Row]) -> Spread:
    """Of both ways to count the one that says most; the due date where they say the same."""
    told = min(starts, key=lambda row: (_width(row["late"], row["paid"]), row["start"]))
    return Spread(told["start"], tuple(told["late"]), tuple(accumulate(told["paid"])))


def _width(days: Sequence[int], paid: Sequence[Decimal]) -> Decimal:
    """The mean distance to the median, by amount."""
    so_far = tuple(accumulate(paid))
    median = days[bisect_left(so_far, so_far[-1] * MEDIAN)]
    return sum((abs(day - median) * amount for day, amount in zip(days, paid, strict=True)), Decimal(0)) / so_far[-1]
