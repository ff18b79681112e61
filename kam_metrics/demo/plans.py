"""The 90-30 plans of the key accounts: running, behind, on the shelf, unsigned, and the cycles before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from kam_metrics.demo import cast
from kam_metrics.demo.chance import stream
from kam_metrics.demo.company import Account
from kam_metrics.demo.days import is_working
from kam_metrics.demo.goals import CULTURE, CUSTOMER_GOALS, GOALS, MIRROR, STEPS, Goal
from kam_metrics.demo.values import Row, said
from kam_metrics.terms import PHASES

CYCLE = 91
"""Days from one 90-day plan to the next."""


class Story(NamedTuple):
    """Where an account's plan stands today."""

    state: str
    """live, submitted, draft, shelved or closed."""
    day: int
    """Days since the plan began."""
    pace: float | None
    """Progress as a share of what was expected; None: nobody measured."""
    cycles: int = 0
    """Closed plans before this one."""
    is_joint: bool = False


STORIES: tuple[Story | None, ...] = (
    Story("live", 47, 0.25, 2, True),
    Story("live", 63, 1.0, 3, True),
    Story("live", 31, 0.35, 1),
    Story("live", 84, 1.35, 3, True),
    Story("draft", 9, None, 1),
    Story("live", 52, 1.0, 2, True),
    Story("shelved", 243, None),
    Story("submitted", 12, None, 1),
    Story("live", 74, 0.3, 2),
    Story("live", 23, 1.05, 1),
    Story("live", 40, 1.0, 2, True),
    Story("live", 88, 1.3, 3, True),
    Story("live", 36, 1.0, 1),
    Story("live", 18, 1.3, 2, True),
    None,
    Story("live", 58, 1.0, 2),
    Story("live", 69, 0.95, 2),
    Story("draft", 5, None),
    Story("live", 27, 0.2, 1),
    Story("live", 44, None),
    None,
    Story("submitted", 7, None, 1),
    Story("shelved", 311, None),
    Story("live", 14, None),
)
"""One per key account, in the order of the cast; None has never made a plan."""


@dataclass(frozen=True)
class Plan:
    """One plan of one account, with the stream its details come from."""

    account: Account
    story: Story
    number: int
    as_of: date
    seed: int

    @property
    def plan_id(self) -> str:
        """Account and cycle."""
        return f"PL-{self.account.account_id}-{self.number}"

    @property
    def start(self) -> date:
        """Day 0."""
        return self.as_of - timedelta(days=self.story.day)

    @property
    def last_day(self) -> int:
        """The last day of the plan that has happened."""
        return min(self.story.day, PHASES[-1])

    def stream(self, about: str) -> Random:
        """Chance for one aspect of this plan."""
        return stream(self.seed, self.plan_id, about)

    def on(self, day: int) -> date:
        """The working day on or before a day of the plan."""
        found = self.start + timedelta(days=day)
        while not is_working(found):
            found -= timedelta(days=1)
        return found


def plans(account: Account, seed: int, as_of: date) -> list[Plan]:
    """Every plan of a key account, oldest first."""
    story = STORIES[[row.name for row in cast.KEY_ACCOUNTS].index(account.name)]
    if story is None:
        return []
    earlier = [
        Plan(account, _closed(story, back, seed, account), story.cycles - back + 1, as_of, seed)
        for back in range(story.cycles, 0, -1)
    ]
    return [*earlier, Plan(account, story, story.cycles + 1, as_of, seed)]


def _closed(story: Story, back: int, seed: int, account: Account) -> Story:
    pace = stream(seed, account.account_id, "pace", back).uniform(0.55, 1.2)
    return Story("closed", story.day + CYCLE * back + 3 * (back % 2), pace, 0, story.is_joint and back == 1)


def plan_row(plan: Plan) -> Row:
    """The plan itself; who signed it, and whether the customer said yes."""
    rng, story, account = plan.stream("plan"), plan.story, plan.account
    is_signed = story.state in {"live", "shelved", "closed"}
    is_known = story.state != "draft"
    quarter = f"{(plan.start.month + 2) // 3}"
    return {
        "plan_id": plan.plan_id,
        "account_id": account.account_id,
        "start_date": plan.start,
        "title": said("demo_plan.title", account=account.name, quarter=quarter, year=f"{plan.start.year}"),
        "status": {"live": "signed", "shelved": "signed"}.get(story.state, story.state),
        "signed_by": cast.DIRECTOR if is_signed else None,
        "signed_on": plan.on(rng.randint(-4, 3)) if is_signed else None,
        "joint": story.is_joint,
        "customer_ack_on": plan.on(rng.randint(4, 11)) if story.is_joint and rng.random() < 0.85 else None,
        "culture": said(CULTURE[account.sector]) if is_known else None,
        "customer_goals": said(CUSTOMER_GOALS[account.sector]) if is_known else None,
        "visibility": "owner" if story.state == "draft" else "all",
    }


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


def objectives(plan: Plan) -> list[Objective]:
    """Each of the four sales components, two things for the business, one internal, one in the relation."""
    rng = plan.stream("objectives")
    wanted = ["new_contacts", "spend", "additional_products", "value_added_services"]
    if rng.random() < 0.15:
        wanted.remove(rng.choice(wanted))
    chosen = [rng.choice([g for g in GOALS if g.component == component]) for component in wanted]
    for kind, count in (("business", 2), ("internal", 1), ("relation", 1)):
        chosen += rng.sample([goal for goal in GOALS if goal.kind == kind], count)
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
    base = rng.uniform(goal.low, goal.high) * (account.yearly if goal.relative else 1)
    gain = goal.gain * rng.uniform(0.8, 1.2) * (base if goal.relative else 1)
    return tuple(rounded(goal.unit, base + gain * share) for share in (0, 0.28, 0.62, 1))


def rounded(unit: str, value: float) -> Decimal:
    """Euros to the thousand, percentages and scores to one decimal, anything counted whole."""
    if unit == "EUR":
        return Decimal(round(value / 1000) * 1000)
    if unit in {"pct", "score"}:
        return Decimal(round(value * 10)).scaleb(-1)
    return Decimal(max(0, round(value)))


def owner(plan: Plan, function: str) -> str | None:
    """The name of whoever does this for this account; on the customer's side nobody is named."""
    if function == "kam":
        return cast.KAMS[plan.account.kam or "K01"]
    return cast.COLLEAGUES.get(function)


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


def milestone_rows(plan: Plan, goals: list[Objective]) -> Iterator[Row]:
    """Six or seven steps over the 90 days; what slips, slips by the plan's pace."""
    rng = plan.stream("milestones")
    steps = rng.sample(STEPS, rng.randint(6, 7))
    for number, step in enumerate(steps, start=1):
        baseline = min(88, 90 * number // len(steps) + rng.randint(-5, 3))
        slip = _slip(rng, plan.story)
        is_done = slip is not None and baseline + slip <= min(plan.story.day, 120)
        planned = baseline + slip if slip is not None else None
        yield {
            "milestone_id": f"{plan.plan_id}-M{number}",
            "plan_id": plan.plan_id,
            "title": said(step.title, account=plan.account.name),
            "objective_id": goals[number % len(goals)].objective_id if number != 1 else None,
            "owner": owner(plan, step.function) if step.side == "own" else None,
            "owner_side": step.side,
            "owner_function": step.function,
            "baseline_date": plan.on(baseline),
            "planned_date": plan.on(planned) if planned is not None else None,
            "done_date": plan.on(planned) if is_done and planned is not None else None,
            "weight": rng.choice((1, 1, 2, 3)),
        }


def _slip(rng: Random, story: Story) -> int | None:
    """Days later than first agreed; None: nobody is working on it."""
    if story.state == "shelved" or (story.state == "closed" and rng.random() < 0.1):
        return None
    if story.state in {"draft", "submitted"}:
        return 3 + story.day
    pace = story.pace if story.pace is not None else 1.0
    if pace < 0.6:
        return rng.randint(6, 26)
    return rng.randint(-6, 1) if pace > 1.2 else rng.choice((-3, -1, 0, 0, 2, 4, 9))
