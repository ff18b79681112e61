"""How late an account pays: the spread of the days by which its paid invoices missed their due date, by amount.

Who pays in runs at the end of the month is late by the calendar, not by the invoice: days count from the due date or
from the end of its month, whichever leaves the smaller spread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
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
Weights = dict[int, Decimal]


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
        sought = before + share * (self.paid[-1] - before)
        reached = next(number for number in range(known, len(self.days)) if self.paid[number] >= sought)
        return begins + timedelta(days=self.days[reached])


class Habits:
    """Everybody's habits as they were known on one day."""

    def __init__(self, paid: Iterable[Row]) -> None:
        self._amounts: dict[Place, dict[str, Weights]] = {}
        self._items: dict[Place, int] = defaultdict(int)
        self._spreads: dict[Place, Spread] = {}
        for row in paid:
            for place in _places(row):
                starts = self._amounts.setdefault(
                    place, {"due": defaultdict(Decimal), "month_end": defaultdict(Decimal)}
                )
                starts[row["start"]][row["late"]] += row["amount"]
                self._items[place] += row["items"] if row["start"] == "due" else 0

    def of(self, row: Row) -> Iterator[tuple[str, Spread]]:
        """The spreads that may speak for an open item, the nearest first."""
        for place in _places(row):
            if self._items.get(place, 0) >= ENOUGH:
                if place not in self._spreads:
                    self._spreads[place] = _narrowest(self._amounts[place])
                yield place[0], self._spreads[place]


def _places(row: Row) -> Iterator[Place]:
    yield OWN, row["account_id"]
    if row["group_id"] is not None:
        yield GROUP, row["group_id"]
    yield EVERYBODY, None


def _narrowest(starts: dict[str, Weights]) -> Spread:
    """Of both ways to count the one that says most; the due date where they say the same."""
    return _spread(min(starts, key=lambda start: (_width(starts[start]), start)), starts)


def _spread(start: str, starts: dict[str, Weights]) -> Spread:
    days = sorted(starts[start])
    return Spread(start, tuple(days), tuple(accumulate(starts[start][day] for day in days)))


def _width(weights: Weights) -> Decimal:
    """The mean distance to the median, by amount."""
    half, so_far, median = sum(weights.values()) * MEDIAN, Decimal(0), 0
    for median in sorted(weights):
        so_far += weights[median]
        if so_far >= half:
            break
    return sum((abs(day - median) * weight for day, weight in weights.items()), Decimal(0)) / sum(weights.values())
