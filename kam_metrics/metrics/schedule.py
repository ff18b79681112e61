"""Whether milestones came when they were meant to: slip and earned schedule (measures.md 3.7).

Slip in days: done − baseline; an open one whose baseline has passed: as-of − baseline; another open one: planned
− baseline, when a planned date was given.
Earned schedule (Lipke): the planned weight is a line from 0 at the start through the baseline dates; ES is the
time at which as much was planned as is done now; SPI(t) = ES / time since the start, whose clock stops when
everything is done.
Unlike the classic index it does not return to 1 once a late plan is finished.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Milestone:
    """One milestone of a plan."""

    baseline: date
    planned: date | None
    done: date | None
    weight: Decimal
    start: date | None
    """Start of its plan."""
    row: Mapping[str, Any]
    """What it is called and whose it is."""

    def is_done(self, day: date) -> bool:
        """Whether it was reached by the day."""
        return self.done is not None and self.done <= day

    def is_late(self, day: date) -> bool:
        """Whether it is open while its baseline has passed."""
        return not self.is_done(day) and self.baseline < day

    def slip(self, day: date) -> int | None:
        """Days after the baseline, early is negative; None for one to come that nobody planned anew."""
        if self.done is not None and self.done <= day:
            return (self.done - self.baseline).days
        if self.is_late(day):
            return (day - self.baseline).days
        return None if self.planned is None else (self.planned - self.baseline).days


def earned_schedule(milestones: Sequence[Milestone], start: date, day: date) -> tuple[float, float] | None:
    """Days of the plan that are earned and days that passed; None on the first day or without weight."""
    done = [m for m in milestones if m.is_done(day)]
    finished = last_done(milestones, day) if len(done) == len(milestones) else None
    passed = ((finished or day) - start).days
    if passed <= 0 or not sum(m.weight for m in milestones):
        return None
    return _planned_at(sum((m.weight for m in done), Decimal(0)), milestones, start), float(passed)


def _planned_at(earned: Decimal, milestones: Sequence[Milestone], start: date) -> float:
    """Days after the start at which this much weight was planned."""
    line, planned = [(0, Decimal(0))], Decimal(0)
    for milestone in sorted(milestones, key=lambda m: m.baseline):
        planned += milestone.weight
        line.append((max(0, (milestone.baseline - start).days), planned))
    for (day, before), (next_day, after) in pairwise(line):
        if earned <= before:
            return float(day)
        if earned < after:
            return float(day + (next_day - day) * (earned - before) / (after - before))
    return float(line[-1][0])


def last_done(milestones: Sequence[Milestone], day: date) -> date | None:
    """The day on which the newest milestone was done by then."""
    return max((m.done for m in milestones if m.done is not None and m.done <= day), default=None)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies, on the straight line between its neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
