"""How far an objective has come, against its phase targets (measures.md 3.7).

attainment = (actual − baseline) / (target − baseline). An objective to keep (direction keep, target equal to the
baseline, or a target that lies against the direction) is attained or not: 1 on the right side of the target,
else 0.
A phase without a target of its own lies on the straight line between its known neighbours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kam_metrics.terms import PHASES

LAST_PHASE = PHASES[-1]


@dataclass(frozen=True)
class Objective:
    """One objective of a plan, with what was measured of it in order of date."""

    baseline: Decimal
    targets: Mapping[int, Decimal | None]
    direction: str | None
    weight: Decimal
    start: date | None
    measured_on: Sequence[date]
    values: Sequence[Decimal]
    row: Mapping[str, Any]
    """What it is called and whose it is."""

    def measured(self, day: date) -> tuple[date, Decimal] | None:
        """The last measurement on or before the day, and its date."""
        known = bisect_right(self.measured_on, day)
        return (self.measured_on[known - 1], self.values[known - 1]) if known else None

    @property
    def is_kept(self) -> bool:
        """Whether the aim is to stay where it is, so that there is no road to travel."""
        ahead = self._final - self.baseline
        return self.direction == "keep" or not ahead or (ahead < 0) != (self._aim == "down")

    @property
    def _final(self) -> Decimal:
        final = self.targets[LAST_PHASE]
        return self.baseline if final is None else final

    @property
    def _aim(self) -> str:
        if self.direction in ("up", "down"):
            return str(self.direction)
        return "down" if self._final < self.baseline else "up"

    def expected_value(self, day_number: Decimal | int) -> Decimal:
        """The value on the line through baseline and phase targets, this many days after the start."""
        points = [(0, self.baseline), *((p, t) for p in PHASES if (t := self.targets[p]) is not None)]
        at = min(max(Decimal(day_number), Decimal(0)), Decimal(LAST_PHASE))
        for (before, low), (after, high) in pairwise(points):
            if at <= after:
                return low + (high - low) * (at - before) / (after - before)
        return points[-1][1]

    def attainment(self, value: Decimal, phase: int = LAST_PHASE) -> float:
        """How much of the road to the target of the phase lies behind; may be below 0 or above 1."""
        target = self.expected_value(phase)
        if self.is_kept or target == self.baseline:
            return 1.0 if (value <= target if self._aim == "down" else value >= target) else 0.0
        return float((value - self.baseline) / (target - self.baseline))

    def expected(self, day: date) -> float | None:
        """How much of the road to the last target should lie behind on the day; None when the start is unknown."""
        if self.start is None:
            return None
        if self.is_kept:
            return 1.0
        return clipped(self.attainment(self.expected_value((day - self.start).days)))

    def attained(self, day: date, phase: int = LAST_PHASE) -> float | None:
        """Attainment on the day, between 0 and 1; None without a measurement."""
        measured = self.measured(day)
        return None if measured is None else clipped(self.attainment(measured[1], phase))

    def forecast(self, day: date) -> float | None:
        """Attainment at the last phase if the pace since the start goes on; None without a measurement or a start."""
        measured = self.measured(day)
        if measured is None or self.start is None:
            return None
        reached, elapsed = self.attainment(measured[1]), (measured[0] - self.start).days
        pace = LAST_PHASE / min(elapsed, LAST_PHASE) if elapsed > 0 and not self.is_kept else 1.0
        return clipped(reached * pace)

    def phase_day(self, phase: int) -> date | None:
        """The day on which a phase ends."""
        return None if self.start is None else self.start + timedelta(days=phase)


def clipped(share: float) -> float:
    """No objective makes up for another: never below 0, never above 1."""
    return min(1.0, max(0.0, share))


def weighted(shares: Iterable[tuple[Decimal, float | None]]) -> float | None:
    """Weighted mean over what is known; None when nothing is, or it weighs nothing."""
    known = [(float(weight), share) for weight, share in shares if share is not None]
    total = sum(weight for weight, _ in known)
    return sum(weight * share for weight, share in known) / total if total else None


def plan_attained(objectives: Sequence[Objective], day: date, phase: int = LAST_PHASE) -> float | None:
    """Weighted attainment over the objectives that were measured."""
    return weighted((o.weight, o.attained(day, phase)) for o in objectives)


def plan_expected(objectives: Sequence[Objective], day: date) -> float | None:
    """Weighted expected attainment over the same objectives; over all while none was measured yet."""
    measured = [o for o in objectives if o.measured(day)]
    return weighted((o.weight, o.expected(day)) for o in measured or objectives)


def plan_forecast(objectives: Sequence[Objective], day: date) -> float | None:
    """Weighted attainment at the last phase at this pace, over the objectives that were measured."""
    return weighted((o.weight, o.forecast(day)) for o in objectives)
