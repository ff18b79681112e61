"""Another cost to serve: an activity at another rate, or done more or less often."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kam_metrics.metrics.measures import measure
from kam_metrics.metrics.spine import Unknown
from kam_metrics.store import World
from kam_metrics.terms import Slice

ZERO = Decimal(0)


@dataclass(frozen=True)
class Service:
    """What another cost of an activity does to contribution."""

    cost: Decimal
    change: Decimal
    after: Decimal


def service(world: World, seen: Slice, activity: str, percent: int) -> Service | Unknown:
    """An activity costs so many percent more or less: another rate, or more or less of it."""
    answer = measure(world, seen, "contribution")
    if why := answer.why(answer.only):
        return Unknown(why["contribution"])
    rows = measure(world, seen, "cost_to_serve", by=["activity"]).rows
    cost = sum((row["cost_to_serve"] or ZERO for row in rows if row["activity"] == activity), ZERO)
    change = -cost * percent / 100
    return Service(cost, change, answer.only["contribution"] + change)
