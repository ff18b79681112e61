"""The objectives of a plan and what was measured of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from kam_metrics.demo.company import Account
from kam_metrics.demo.goals import GOALS, MIRROR, Goal
from kam_metrics.demo.plans import Plan, owner
from kam_metrics.demo.values import Row, said

USUALLY_LATE = {
    "prompt": 0.0, "factored": 0.0, "late12": 12.0, "month_end": 14.0, "disputing": 24.0, "slow": 31.0,
    "quarter_end": 44.0,
}  # fmt: skip
"""Days after the due date, per payer."""

WORTH_PLANNING = 5
"""Occurrences a month, or days late, from which a plan bothers."""


@dataclass(frozen=True)
class Objective:
    """One objective of a plan: a goal with its own figures."""

    plan: Plan
    number: int
    goal: Goal
    levels: tuple[Decimal, ...]
    """Baseline and the targets of day 30, 60 and 90."""
    weight: int
    mirror_of: str | None = None

    @property
    def objective_id(self) -> str:
        """Plan and number."""
        return f"{self.plan.plan_id}-D{self.number}"

    def expected(self, day: int) -> float:
        """Where the objective should stand on a day: straight lines between the phase targets."""
        phase = min(2, day // 30)
        before, after = float(self.levels[phase]), float(self.levels[phase + 1])
        return before + (after - before) * min(1.0, (day - 30 * phase) / 30)


def reality(account: Account) -> dict[str, float]:
    """What the books say about an account, roughly: nobody plans fewer rush orders where there are none."""
    style = account.style
    net = account.yearly * (1 - style.discount)
    orders = net / 12 / style.order_value
    served = style.rebate + style.freight + style.service + style.effort + style.marketing + style.other
    handled = (25 + 41 * style.drops + 135 * style.rush + 78 * style.returns) / style.order_value
    return {
        "quarter_sales": net / 4,
        "rush_orders": orders * style.rush,
        "returns": orders * style.returns,
        "days_late": USUALLY_LATE[account.payer],
        "contribution": 100 * (1 - 0.57 / (1 - style.discount) - 0.6 * style.credit - served - handled),
    }


def is_worth_planning(goal: Goal, account: Account) -> bool:
    """Whether there is enough of it to improve."""
    fact = reality(account).get(goal.fact or "", WORTH_PLANNING)
    return goal.fact == "contribution" or fact >= WORTH_PLANNING


def objectives(plan: Plan) -> list[Objective]:
    """Each of the four sales components, two things for the business, one internal, one in the relation."""
    rng = plan.stream("objectives")
    wanted = ["new_contacts", "spend", "additional_products", "value_added_services"]
    if rng.random() < 0.15:
        wanted.remove(rng.choice(wanted))
    chosen = [rng.choice([g for g in GOALS if g.component == component]) for component in wanted]
    for kind, count in (("business", 2), ("internal", 1), ("relation", 1)):
        worthy = [goal for goal in GOALS if goal.kind == kind and is_worth_planning(goal, plan.account)]
        chosen += rng.sample(worthy, count)
    found = [
        Objective(plan, number, goal, _levels(rng, goal, plan.account), rng.choice((10, 15, 15, 20)))
        for number, goal in enumerate(chosen, start=1)
    ]
    if plan.story.is_joint:
        mirrored = next(row for row in found if row.goal.kind == "business").objective_id
        levels = _levels(rng, MIRROR, plan.account)
        found.append(Objective(plan, len(found) + 1, MIRROR, levels, 10, mirrored))
    return found


def _levels(rng: Random, goal: Goal, account: Account) -> tuple[Decimal, ...]:
    base = rng.uniform(goal.low, goal.high) * (reality(account)[goal.fact] if goal.fact else 1)
    gain = goal.gain * rng.uniform(0.8, 1.2) * (base if goal.relative else 1)
    return tuple(rounded(goal.unit, base + gain * share) for share in (0, 0.28, 0.62, 1))


def rounded(unit: str, value: float) -> Decimal:
    """Euros to the thousand, percentages and scores to one decimal, anything counted whole."""
    if unit == "EUR":
        return Decimal(round(value / 1000) * 1000)
    if unit in {"pct", "score"}:
        return Decimal(round(value * 10)).scaleb(-1)
    return Decimal(max(0, round(value)))


def objective_row(row: Objective) -> Row:
    """The objective as it is written down."""
    goal, (baseline, first, second, last) = row.goal, row.levels
    return {
        "objective_id": row.objective_id,
        "plan_id": row.plan.plan_id,
        "title": said(goal.title, account=row.plan.account.name),
        "kind": goal.kind,
        "sales_component": goal.component,
        "unit": goal.unit,
        "direction": "keep" if not goal.gain else "up" if goal.gain > 0 else "down",
        "baseline": baseline,
        "target_30": first,
        "target_60": second,
        "target_90": last,
        "weight": row.weight,
        "owner": owner(row.plan, goal.owner),
        "mirror_of": row.mirror_of,
    }


def measurement_rows(row: Objective) -> Iterator[Row]:
    """What was measured: every week or so, at the plan's pace; nothing where nobody looked."""
    plan, pace = row.plan, row.plan.story.pace
    if pace is None:
        return
    rng = plan.stream(f"measured {row.number}")
    own_pace = pace * rng.uniform(0.85, 1.1)
    for day in sorted({*range(rng.randint(6, 9), plan.last_day, rng.randint(7, 10)), plan.last_day}):
        gone = (row.expected(day) - float(row.levels[0])) * own_pace * rng.uniform(0.95, 1.05)
        held = 0.0 if row.goal.gain else rng.choice((0.0, 0.1, 0.2) if pace > 0.5 else (0.0, -0.2, -0.4))
        yield {
            "objective_id": row.objective_id,
            "date": plan.start + timedelta(days=day),
            "value": rounded(row.goal.unit, float(row.levels[0]) + gone + held),
            "source": said("demo_plan.from_ledger" if row.goal.unit == "EUR" else "demo_plan.from_team"),
        }
