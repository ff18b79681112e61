"""The milestones of a plan, and how far they slipped."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from kam_metrics.demo.goals import STEPS
from kam_metrics.demo.objectives import Objective
from kam_metrics.demo.plans import Plan, Story, owner
from kam_metrics.demo.values import Row, said


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
