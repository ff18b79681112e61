"""What is known of the plans of a slice, and which part of it counts on a day.

On a day the plan that counts for an account is the one that started last, drafts too: a plan nobody signed is shown as
unsigned, not as no plan. Asked by plan, objective or milestone, every plan that has started counts. What belongs to no
account has no newest plan: all of it counts, in the row without an account.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kam_metrics.metrics.attainment import Objective
from kam_metrics.metrics.schedule import Milestone
from kam_metrics.store import World, read_sql
from kam_metrics.terms import PHASES, Slice

_OF_ONE_PLAN = {"plan_id", "objective_id", "milestone_id"}
_LIMITS = """
    select $on_schedule_band as on_schedule_band, $shelved_after_days as shelved_after_days,
        $review_tolerance_days as review_tolerance_days
"""


@dataclass(frozen=True)
class Limits:
    """The settings by which a plan is judged."""

    on_schedule_band: float
    shelved_after_days: int
    review_tolerance_days: int


@dataclass(frozen=True)
class Facts:
    """Plans, and what hangs below them."""

    plans: Sequence[Mapping[str, Any]] = ()
    objectives: Sequence[Objective] = ()
    milestones: Sequence[Milestone] = ()
    reviews: Sequence[Mapping[str, Any]] = ()

    def first_day(self) -> date | None:
        """The day on which the oldest of it began."""
        days = [p["start_date"] for p in self.plans] + [r["due_date"] for r in self.reviews]
        return min(days, default=None)

    def counting(self, day: date, by: Iterable[str] = ()) -> Facts:
        """What counts on the day."""
        started = [p for p in self.plans if p["start_date"] <= day]
        newest = {p["account_id"]: p["plan_id"] for p in started}
        counts = {
            p["plan_id"]
            for p in started
            if p["account_id"] is None or _OF_ONE_PLAN & set(by) or newest[p["account_id"]] == p["plan_id"]
        }
        return replace(
            self,
            plans=[p for p in started if p["plan_id"] in counts],
            objectives=[o for o in self.objectives if o.start is None or o.row["plan_id"] in counts],
            milestones=[m for m in self.milestones if m.start is None or m.row["plan_id"] in counts],
        )

    def grouped(self, by: Sequence[str], of: Iterable[str]) -> dict[tuple[Any, ...], Facts]:
        """Facts of these kinds in one part per combination of `by`; what lacks one of its columns is in no part."""
        parts: dict[tuple[Any, ...], dict[str, list[Any]]] = {}
        for name in of:
            for fact in getattr(self, name):
                row = fact if isinstance(fact, Mapping) else fact.row
                if all(dimension in row for dimension in by):
                    part = parts.setdefault(tuple(row[dimension] for dimension in by), {})
                    part.setdefault(name, []).append(fact)
        return {values: Facts(**part) for values, part in parts.items()}


def facts(world: World, seen: Slice) -> Facts:
    """Everything about plans that this reader may see and that was known on the as-of date."""
    return world.once(("plan facts", seen), lambda: _facts(world, seen.params()))


def _facts(world: World, params: Mapping[str, object]) -> Facts:
    return Facts(
        plans=world.rows(read_sql(__file__, "plans"), params),
        objectives=[_objective(row) for row in world.rows(read_sql(__file__, "objectives"), params)],
        milestones=[_milestone(row) for row in world.rows(read_sql(__file__, "milestones"), params)],
        reviews=world.rows(read_sql(__file__, "reviews"), params),
    )


def limits(world: World) -> Limits:
    """The settings of this installation."""
    row = world.one(_LIMITS)
    return Limits(float(row["on_schedule_band"]), row["shelved_after_days"], row["review_tolerance_days"])


def _objective(row: dict[str, Any]) -> Objective:
    return Objective(
        baseline=row["baseline"],
        targets={phase: row[f"target_{phase}"] for phase in PHASES},
        direction=row["direction"],
        weight=row["weight"],
        start=row["start_date"],
        measured_on=row["measured_on"],
        values=row["measured"],
        row=row,
    )


def _milestone(row: dict[str, Any]) -> Milestone:
    return Milestone(row["baseline_date"], row["planned_date"], row["done_date"], row["weight"], row["start_date"], row)


def last_held(reviews: Sequence[Mapping[str, Any]], day: date) -> date | None:
    """The day of the newest review held by then."""
    return max((r["held_date"] for r in reviews if r["held_date"] and r["held_date"] <= day), default=None)
