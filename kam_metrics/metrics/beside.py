"""What figures are compared with: the same days a year earlier, or the same whole months of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kam_metrics.metrics.growth import knows_sales_from
from kam_metrics.metrics.measures import MEASURES
from kam_metrics.metrics.spine import year_earlier
from kam_metrics.store import World
from kam_metrics.terms import Against, Scenario, Slice


def beside(seen: Slice, against: Against) -> tuple[Slice, Slice]:
    """What to compare and with what."""
    return (seen, _year_before(seen)) if against == "last_year" else plan_months(seen)


def compares(world: World, then: Slice, key: str) -> bool:
    """Whether a measure can stand beside `then`: a plan tells profit only, a year that is half loaded tells none."""
    if MEASURES[key].family != "profit":
        return then.scenario is Scenario.ACTUAL
    return then.scenario is not Scenario.ACTUAL or knows_sales_from(world, then)


def plan_months(seen: Slice) -> tuple[Slice, Slice]:
    """Actual and budget over the months that are complete: a plan says nothing about half a month."""
    next_day = seen.last_day + timedelta(days=1)
    last = seen.last_day if next_day.day == 1 else seen.last_day.replace(day=1) - timedelta(days=1)
    if last < seen.first_day:
        last = seen.last_day
    whole = replace(seen, to_date=last)
    return whole, replace(whole, scenario=Scenario.BUDGET)


def _year_before(seen: Slice) -> Slice:
    return replace(
        seen,
        as_of=year_earlier(seen.as_of),
        from_date=seen.from_date and year_earlier(seen.from_date),
        to_date=seen.to_date and year_earlier(seen.to_date),
    )
