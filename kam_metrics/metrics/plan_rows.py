"""Rows for the pages about plans: where each key account's plan stands, and what its objectives and milestones are.

States. none: no plan has started · unsigned: a plan nobody signed off · shelved: nothing was measured, done, signed or
reviewed for longer than the limit · closed · unmeasured: live, but no objective was measured · ahead, on_schedule,
behind: attainment against what is expected today, within the band.
A phase is done when its weighted attainment is complete, else behind once its day has passed (unknown while nobody
measured), else open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.attainment import Objective, plan_attained, plan_expected, plan_forecast
from kam_metrics.metrics.plan_facts import Facts, Limits, facts, last_held, limits
from kam_metrics.metrics.schedule import Milestone, last_done
from kam_metrics.store import World
from kam_metrics.terms import PHASES, Slice

_KEY_ACCOUNTS = """
    select account_id, account_name, kam_id, kam_name, segment, key_since
    from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id)
    where account_id is not null
    order by account_name, account_id
"""


def plan_overview(world: World, seen: Slice) -> list[Row]:
    """One row per key account, and per other account with a plan: state, attainment, milestones, phases, reviews."""
    counting, limit = facts(world, seen).counting(seen.as_of), limits(world)
    parts = {account_id: part for (account_id,), part in counting.grouped(["account_id"], _EVERYTHING).items()}
    return [
        {**account, **_overview(parts.get(account["account_id"], Facts()), seen.as_of, limit)}
        for account in world.rows(_KEY_ACCOUNTS, seen.params())
        if account["segment"] == "key" or (account["account_id"] in parts and parts[account["account_id"]].plans)
    ]


_EVERYTHING = ("plans", "objectives", "milestones", "reviews")


def _overview(part: Facts, day: date, limit: Limits) -> Row:
    plan = part.plans[-1] if part.plans else None
    held = last_held(part.reviews, day)
    return {
        "plan_id": plan and plan["plan_id"],
        "title": plan and plan["title"],
        "status": plan and plan["status"],
        **_signature(plan, day),
        "start_date": plan and plan["start_date"],
        "day_number": (day - plan["start_date"]).days if plan else None,
        "state": state_on(part, day, limit),
        "attainment": plan_attained(part.objectives, day),
        "expected": plan_expected(part.objectives, day),
        "forecast": plan_forecast(part.objectives, day),
        **_milestone_counts(part.milestones, day),
        "phases": {phase: phase_state(part.objectives, phase, day) for phase in PHASES},
        "next_review": _next_review(part, day, limit),
        "days_since_review": (day - held).days if held else None,
    }


def _milestone_counts(milestones: Sequence[Milestone], day: date) -> Row:
    return {
        "milestones_done": sum(m.is_done(day) for m in milestones),
        "milestones_late": sum(m.is_late(day) for m in milestones),
        "milestones_total": len(milestones),
    }


def state_on(part: Facts, day: date, limit: Limits) -> str:
    """What state the newest plan of one account is in on the day."""
    if not part.plans:
        return "none"
    plan = part.plans[-1]
    if plan["status"] == "closed":
        return "closed"
    if not _is_signed(plan, day):
        return "unsigned"
    if (day - last_touched(part, day)).days > limit.shelved_after_days:
        return "shelved"
    return _pace(part.objectives, day, limit.on_schedule_band)


def _pace(objectives: Sequence[Objective], day: date, band: float) -> str:
    attained, expected = plan_attained(objectives, day), plan_expected(objectives, day)
    if attained is None or expected is None:
        return "unmeasured"
    ahead = round(attained - expected, 9)
    if ahead > band:
        return "ahead"
    return "behind" if ahead < -band else "on_schedule"


def _signature(plan: Mapping[str, Any] | None, day: date) -> Row:
    """Who signed and when, as far as that had happened on the day."""
    if plan is None or not _is_signed(plan, day):
        return {"is_signed": False, "signed_by": None, "signed_on": None}
    return {"is_signed": True, "signed_by": plan["signed_by"], "signed_on": plan["signed_on"]}


def _is_signed(plan: Mapping[str, Any], day: date) -> bool:
    if plan["signed_on"] is not None:
        return bool(plan["signed_on"] <= day)
    return bool(plan["status"] == "signed")


def last_touched(part: Facts, day: date) -> date:
    """The last day on which anything happened to the plan; the yearly talk about the account is none of it."""
    plan = part.plans[-1]
    own = [review for review in part.reviews if review["plan_id"] == plan["plan_id"] or review["kind"] == "30d"]
    touched: list[date | None] = [
        plan["start_date"],
        plan["signed_on"],
        last_held(own, day),
        last_done(part.milestones, day),
    ]
    touched += [measured[0] for o in part.objectives if (measured := o.measured(day))]
    return max(at for at in touched if at is not None and at <= day)


def _next_review(part: Facts, day: date, limit: Limits) -> date | None:
    """The first review still to be held in time."""
    in_time = day - timedelta(days=limit.review_tolerance_days)
    to_come: list[date] = [r["due_date"] for r in part.reviews if not r["held_date"] or r["held_date"] > day]
    return min((due for due in to_come if due >= in_time), default=None)


def phase_state(objectives: Sequence[Objective], phase: int, day: date) -> str:
    """Whether the phase is done, behind, open, or unknown: past without a measurement."""
    attained = plan_attained(objectives, day, phase)
    if attained is not None and attained > 1 - 1e-9:
        return "done"
    ends = max((end for o in objectives if (end := o.phase_day(phase))), default=None)
    if ends is None or day <= ends:
        return "open"
    return "unknown" if attained is None else "behind"


def objective_rows(world: World, seen: Slice, plan_id: str | None = None) -> list[Row]:
    """One row per objective, of one plan or of every account seen: targets, expected, measured, attained."""
    found = facts(world, seen).objectives
    return [_objective_row(o, seen.as_of) for o in found if plan_id is None or o.row["plan_id"] == plan_id]


def _objective_row(objective: Objective, day: date) -> Row:
    measured = objective.measured(day)
    day_number = (day - objective.start).days if objective.start else None
    names = (
        "plan_id",
        "objective_id",
        "title",
        "kind",
        "sales_component",
        "unit",
        "direction",
        "owner",
        "mirror_of",
        "weight",
    )
    return {
        **{name: objective.row[name] for name in names},
        "baseline": objective.baseline,
        **{f"target_{phase}": objective.expected_value(phase) for phase in PHASES},
        "expected_value": None if day_number is None else objective.expected_value(day_number),
        "actual": measured[1] if measured else None,
        "measured_on": measured[0] if measured else None,
        **{f"attainment_{phase}": objective.attained(day, phase) for phase in PHASES},
        "measurements": list(zip(objective.measured_on, objective.values, strict=True)),
        "over_attainment": objective.attainment(measured[1]) if measured else None,
    }


_OF_A_MILESTONE = ("plan_id", "account_id", "account_name", "milestone_id", "title", "objective_id")


def milestone_rows(world: World, seen: Slice, plan_id: str | None = None) -> list[Row]:
    """One row per milestone, of one plan or of every account seen, by baseline: dates, whose, done, late, slip."""
    day = seen.as_of
    names = (*_OF_A_MILESTONE, "owner", "owner_side", "owner_function", "baseline_date")
    return [
        {
            **{name: m.row[name] for name in names},
            "planned_date": m.planned,
            "done_date": m.done if m.is_done(day) else None,
            "is_done": m.is_done(day),
            "is_late": m.is_late(day),
            "slip_days": m.slip(day),
        }
        for m in facts(world, seen).milestones
        if plan_id is None or m.row["plan_id"] == plan_id
    ]


def review_rows(world: World, seen: Slice, plan_id: str | None = None) -> list[Row]:
    """One row per review, of one plan or of every account seen: held or not, days from its due date, on time or not."""
    limit, day = limits(world), seen.as_of
    rows = [r for r in facts(world, seen).reviews if plan_id is None or r["plan_id"] == plan_id]
    return [{**row, **_held(row, day, limit)} for row in rows]


def _held(row: Mapping[str, Any], day: date, limit: Limits) -> Row:
    held = row["held_date"] if row["held_date"] and row["held_date"] <= day else None
    days_off = (held - row["due_date"]).days if held else None
    overdue = held is None and (day - row["due_date"]).days > limit.review_tolerance_days
    return {
        "held_date": held,
        "days_off": days_off,
        "is_on_time": None if days_off is None else abs(days_off) <= limit.review_tolerance_days,
        "is_overdue": overdue,
    }
