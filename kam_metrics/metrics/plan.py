"""Plans of 90 days, reviewed every 30: attainment, milestones and reviews (measures.md 3.7).

Attainment is the mean over objectives by weight, each between 0 and 1; an objective nobody measured is left out
of it and named by the coverage, never taken for zero. Expected attainment is taken over the same objectives.
A review every 30 days is counted once its due date and the days of grace have passed, over reviews due in the
last 365 days; it was on time when held within those days of grace, before or after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean, median

from kam_metrics.metrics.answer import Better, Measure, Row, Unit
from kam_metrics.metrics.attainment import LAST_PHASE, plan_attained, plan_expected
from kam_metrics.metrics.plan_facts import Facts, Limits, facts, last_held, limits
from kam_metrics.metrics.schedule import Milestone, earned_schedule, quantile
from kam_metrics.metrics.spine import ACCOUNT_DIMENSIONS, TIME_DIMENSIONS, Moment, Unknown, Value, spine, told
from kam_metrics.store import World
from kam_metrics.terms import PHASES, Slice

_OF_PLAN = (*ACCOUNT_DIMENSIONS, *TIME_DIMENSIONS, "plan_id")
_OF_OBJECTIVE = (*_OF_PLAN, "objective_id")
_OF_PHASE = (*_OF_OBJECTIVE, "phase")
_OF_MILESTONE = (*_OF_OBJECTIVE, "milestone_id")
_YEAR = timedelta(days=365)


def plan(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Attainment, milestones and reviews by account, period, plan, phase, objective or milestone."""
    known, limit = facts(world, seen), limits(world)
    rows = [row for moment in spine(seen, by, known.first_day()) for row in plan_at(known, moment, limit, keys, by)]
    if not rows and not by:
        return [told({}, {key: Unknown("no_reviews" if key in _OF_REVIEWS else "no_plan") for key in keys})]
    return rows


def plan_at(known: Facts, moment: Moment, limit: Limits, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """The same figures at one moment, of facts that were read before."""
    names = [name for name in by if name not in (*TIME_DIMENSIONS, "phase")]
    kinds = {_KINDS[key] for key in keys}
    if kinds != {"reviews"}:
        kinds.add("plans")
    rows = []
    for values, part in known.counting(moment.day, by).grouped(names, sorted(kinds)).items():
        for phase in PHASES if "phase" in by else (LAST_PHASE,):
            everywhere = {**dict(zip(names, values, strict=True)), **moment.labels, "phase": phase}
            figures = {key: _VALUES[key](part, moment.day, limit, phase) for key in keys}
            row = told({name: everywhere[name] for name in by}, figures)
            rows.append(row | _counted(part, moment.day, keys))
    return rows


def _counted(part: Facts, day: date, keys: Sequence[str]) -> Row:
    """How many objectives a figure is about, and how many were measured."""
    measured = sum(1 for o in part.objectives if o.measured(day))
    counts: Row = {}
    for key in keys:
        if key in ("plan_attainment", "phase_attainment"):
            counts |= {f"{key}.lines": len(part.objectives), f"{key}.known": measured}
    return counts


def _attainment(part: Facts, day: date, _: Limits, phase: int) -> Value:
    attained = plan_attained(part.objectives, day, phase)
    if attained is not None:
        return attained
    return Unknown("no_measurement" if part.objectives else _without(part, "no_objectives"))


def _expected(part: Facts, day: date, _: Limits, __: int) -> Value:
    expected = plan_expected(part.objectives, day)
    return Unknown(_without(part, "no_objectives")) if expected is None else expected


def _without(part: Facts, why: str) -> str:
    return why if part.plans else "no_plan"


def _of_milestones(
    value: Callable[[Sequence[Milestone], date], Value],
) -> Callable[[Facts, date, Limits, int], Value]:
    def of_part(part: Facts, day: date, _: Limits, __: int) -> Value:
        return value(part.milestones, day) if part.milestones else Unknown(_without(part, "no_milestones"))

    return of_part


def _of_slips(value: Callable[[Sequence[int]], float]) -> Callable[[Facts, date, Limits, int], Value]:
    def of_milestones(milestones: Sequence[Milestone], day: date) -> Value:
        slips = [slip for m in milestones if (slip := m.slip(day)) is not None]
        return float(value(slips)) if slips else Unknown("nothing_due")

    return _of_milestones(of_milestones)


def _schedule_performance(milestones: Sequence[Milestone], day: date) -> Value:
    """Over several plans: days earned over days passed, both added up."""
    plans: dict[tuple[str, date], list[Milestone]] = {}
    for milestone in milestones:
        if milestone.start is not None:
            plans.setdefault((milestone.row["plan_id"], milestone.start), []).append(milestone)
    told_of = [earned_schedule(of_plan, start, day) for (_, start), of_plan in plans.items()]
    earned = [days for days in told_of if days]
    return sum(e for e, _ in earned) / sum(p for _, p in earned) if earned else Unknown("just_started")


def _review_adherence(part: Facts, day: date, limit: Limits, _: int) -> Value:
    grace = timedelta(days=limit.review_tolerance_days)
    counted = [r for r in part.reviews if r["kind"] == "30d" and day - _YEAR < r["due_date"] < day - grace]
    held = [r for r in counted if r["held_date"] and abs(r["held_date"] - r["due_date"]) <= grace]
    return len(held) / len(counted) if counted else Unknown("no_review_due" if part.reviews else "no_reviews")


def _days_since_review(part: Facts, day: date, _: Limits, __: int) -> Value:
    held = last_held(part.reviews, day)
    return (day - held).days if held else Unknown("no_review_held" if part.reviews else "no_reviews")


_VALUES: Mapping[str, Callable[[Facts, date, Limits, int], Value]] = {
    "plan_attainment": _attainment,
    "expected_attainment": _expected,
    "phase_attainment": _attainment,
    "milestones_done": _of_milestones(lambda milestones, day: sum(m.is_done(day) for m in milestones)),
    "milestones_open": _of_milestones(lambda milestones, day: sum(not m.is_done(day) for m in milestones)),
    "milestones_late": _of_milestones(lambda milestones, day: sum(m.is_late(day) for m in milestones)),
    "milestone_slip_days": _of_slips(fmean),
    "milestone_slip_median": _of_slips(median),
    "milestone_slip_p90": _of_slips(lambda slips: quantile(slips, 0.9)),
    "schedule_performance": _of_milestones(_schedule_performance),
    "review_adherence": _review_adherence,
    "days_since_review": _days_since_review,
}
_OF_REVIEWS = frozenset({"review_adherence", "days_since_review"})
_KINDS = {
    key: "reviews" if key in _OF_REVIEWS else "objectives" if key.endswith("attainment") else "milestones"
    for key in _VALUES
}


SOURCE = "Mercuri International, 90-30 plan; Lipke 2003 (earned schedule)"


def _declared(unit: Unit, better: Better, formula: str, dims: Sequence[str], needs: str | None = None) -> Measure:
    return Measure("plan", unit, better, formula, SOURCE, frozenset(dims), needs)


MEASURES = {
    "plan_attainment": _declared(
        "share", "higher", "Σ weight × attainment of target_90 (0..1) / Σ weight, measured objectives", _OF_OBJECTIVE
    ),
    "expected_attainment": _declared(
        "share", "neither", "the same at the value expected today: straight lines between phase targets", _OF_OBJECTIVE
    ),
    "phase_attainment": _declared(
        "share",
        "higher",
        "Σ weight × attainment of the phase target (0..1) / Σ weight",
        (*_OF_OBJECTIVE, "phase"),
        "phase",
    ),
    "milestones_done": _declared("count", "higher", "milestones done by the as-of date", _OF_MILESTONE),
    "milestones_open": _declared("count", "neither", "milestones not done by the as-of date", _OF_MILESTONE),
    "milestones_late": _declared("count", "lower", "open milestones whose baseline has passed", _OF_MILESTONE),
    "milestone_slip_days": _declared(
        "days",
        "lower",
        "mean of done − baseline; late: as-of − baseline; else planned − baseline",
        _OF_MILESTONE,
    ),
    "milestone_slip_median": _declared("days", "lower", "median of the same slips", _OF_MILESTONE),
    "milestone_slip_p90": _declared("days", "lower", "slip that nine in ten milestones stay below", _OF_MILESTONE),
    "schedule_performance": _declared(
        "share", "higher", "SPI(t) = earned schedule / days since the plan's start, by weight", _OF_PLAN
    ),
    "review_adherence": _declared(
        "share", "higher", "30-day reviews held within 5 days of due / due in the last 365 days", _OF_PLAN
    ),
    "days_since_review": _declared("days", "lower", "as-of date − newest review held", _OF_PLAN),
}
