"""Reviews: the kick-off and the 30-day rhythm of each plan, and the yearly ones of each account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from kam_metrics.demo.chance import stream
from kam_metrics.demo.company import Account
from kam_metrics.demo.days import is_working
from kam_metrics.demo.goals import DECISIONS, NEXT_STEPS
from kam_metrics.demo.plans import Plan
from kam_metrics.demo.values import Row, said
from kam_metrics.terms import PHASES

YEARLY = {"annual": 365, "strat_day": 365, "quarter": 91}
"""Days between two reviews of a kind."""


def plan_reviews(plan: Plan) -> Iterator[Row]:
    """Kick-off, and a review every 30 days; unsigned plans have had none, shelved ones missed them all."""
    rng = plan.stream("reviews")
    if plan.story.state in {"live", "closed"}:
        yield _row(rng, plan.account, plan.plan_id, "kickoff", plan.on(2), plan.on(rng.randint(2, 4)))
    if plan.story.state in {"draft", "submitted"}:
        return
    for phase in PHASES:
        due = plan.on(phase)
        late = _days_late(rng, plan)
        held = None if late is None else plan.on(phase + late)
        if held is not None and held > plan.as_of:
            held = None
        yield _row(rng, plan.account, plan.plan_id, "30d", due, held)


def _days_late(rng: Random, plan: Plan) -> int | None:
    """Most reviews are held on time, some late; a plan that lags is looked at less."""
    if plan.story.state == "shelved":
        return None
    pace = plan.story.pace if plan.story.pace is not None else 0.5
    habits = (-1, 0, 1, 3, 9, None) if pace > 0.9 else (0, 2, 4, 8, 13, None)
    return rng.choice(habits)


def account_reviews(account: Account, seed: int, as_of: date) -> Iterator[Row]:
    """The last and the next annual review, STRAT day and quarterly review of a key account."""
    for kind, period in YEARLY.items():
        rng = stream(seed, account.account_id, kind)
        if kind == "strat_day" and rng.random() < 0.4:
            continue
        last = as_of - timedelta(days=rng.randint(20, period - 5))
        is_held = rng.random() < 0.85
        yield _row(rng, account, None, kind, _working(last), _working(last) if is_held else None)
        yield _row(rng, account, None, kind, _working(last + timedelta(days=period)), None)


def _working(day: date) -> date:
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def _row(rng: Random, account: Account, plan_id: str | None, kind: str, due: date, held: date | None) -> Row:
    decision, step = rng.choice(DECISIONS), rng.choice(NEXT_STEPS)
    return {
        "review_id": f"RV-{account.account_id}-{kind}-{due:%y%m%d}",
        "account_id": account.account_id,
        "plan_id": plan_id,
        "kind": kind,
        "due_date": due,
        "held_date": held,
        "decisions": said(decision, account=account.name) if held else None,
        "next_steps": said(step, account=account.name) if held else None,
    }
