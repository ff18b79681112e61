"""The 90-30 plans of the key accounts: running, behind, on the shelf, unsigned, and the cycles before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from kam_metrics.demo import cast
from kam_metrics.demo.chance import stream
from kam_metrics.demo.company import Account
from kam_metrics.demo.days import is_working
from kam_metrics.demo.goals import CULTURE, CUSTOMER_GOALS
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
    Story("live", 47, 0.45, 2, True),
    Story("live", 63, 1.0, 3, True),
    Story("live", 31, 0.4, 1),
    Story("live", 84, 1.35, 3, True),
    Story("draft", 9, None, 1),
    Story("live", 52, 1.0, 2, True),
    Story("shelved", 243, None),
    Story("submitted", 12, None, 1),
    Story("live", 74, 0.5, 2),
    Story("live", 23, 1.05, 1),
    Story("live", 40, 1.0, 2, True),
    Story("live", 88, 1.3, 3, True),
    Story("live", 36, 1.0, 1),
    Story("live", 18, 1.3, 2, True),
    None,
    Story("live", 58, 1.0, 2),
    Story("live", 69, 0.95, 2),
    Story("draft", 5, None),
    Story("live", 27, 0.3, 1),
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


def owner(plan: Plan, function: str) -> str | None:
    """The name of whoever does this for this account; on the customer's side nobody is named."""
    if function == "kam":
        return cast.KAMS[plan.account.kam or "K01"]
    return cast.COLLEAGUES.get(function)
