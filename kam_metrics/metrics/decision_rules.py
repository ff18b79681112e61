"""The rules by which figures ask for a decision, and since when each of them holds.

Rules about money and health are looked at on the as-of date, the weeks of its month and the month ends of the year
before it: a rule holds since the first of those days from which on it held without a break. Rules about plans are
exact to the day. A vital in the red is asked about only where no rule already asks the same of the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from kam_metrics.metrics.health import Health
from kam_metrics.metrics.plan_facts import Facts, Limits
from kam_metrics.metrics.plan_rows import last_touched, state_on
from kam_metrics.terms import Vital

OwnerRole = Literal["kam", "director", "sponsor", "analyst"]
Stake = Literal["loss", "overdue", "fall", "sales_lost", "contribution", "uncosted", "unmapped", "nothing"]
MOST_FALLEN = Decimal("0.20")
"""A contribution that fell by more than this in a year asks for a decision."""
MOST_UNCOSTED = Decimal("0.05")
"""A larger share of net sales without a cost price does too."""
RULES: Mapping[str, OwnerRole] = {
    "loss": "director",
    "overdue": "kam",
    "falling": "kam",
    "no_plan": "kam",
    "unsigned": "director",
    "shelved": "sponsor",
    "behind": "kam",
    "review_late": "kam",
    **{f"red_{vital}": "kam" for vital in Vital},
    "uncosted": "analyst",
    "unmapped": "analyst",
    "stale": "analyst",
}
"""Every rule, the most telling first, and who is asked unless somebody is named."""
_SAYS_MORE = {
    Vital.PROFIT: {"loss", "falling"},
    Vital.CASH: {"overdue"},
    Vital.PLAN: {"no_plan", "unsigned", "shelved", "behind", "review_late"},
}
"""Rules that ask what a red vital would only repeat."""


@dataclass(frozen=True)
class Held:
    """A rule that holds: since when, when it last did not, and the money it is about."""

    rule: str
    since: date | None
    clear_on: date
    """The last day on which it was seen not to hold; the beginning of time where that was never seen."""
    money: Decimal | None
    stake: Stake


@dataclass(frozen=True)
class Past:
    """One account on the days looked at, the newest first."""

    days: Sequence[date]
    healths: Sequence[Health | None]

    @property
    def now(self) -> Health | None:
        """Its health on the as-of date."""
        return self.healths[0]

    def since(self, holds: Callable[[Health], bool]) -> tuple[date, date] | None:
        """Since when a rule holds without a break, and when it was last clear; None where it does not hold."""
        since = None
        for day, health in zip(self.days, self.healths, strict=True):
            if health is None or not holds(health):
                return (since, day) if since else None
            since = day
        return (since, date.min) if since else None


def money_rules(past: Past, alarm: Decimal) -> Iterator[Held]:
    """What the profit, the cash and the cost prices of an account ask."""
    for rule, holds, stake in (
        ("loss", _is_losing, "loss"),
        ("overdue", lambda health: _share(health, "overdue_pct") > alarm, "overdue"),
        ("falling", _is_falling, "fall"),
        ("uncosted", _is_uncosted, "uncosted"),
    ):
        if found := past.since(holds):
            yield _held(past, rule, found, stake)  # type: ignore[arg-type]


def red_rules(past: Past, asked: set[str]) -> Iterator[Held]:
    """The vitals in the red that no other rule asks about."""
    for vital in Vital:
        found = past.since(lambda health, vital=vital: any(one.vital is vital for one in health.red))  # type: ignore[misc]
        if found and not asked & _SAYS_MORE.get(vital, set()):
            stake: Stake = {Vital.CASH: "overdue", Vital.GROWTH: "sales_lost"}.get(vital, "contribution")  # type: ignore[assignment]
            yield _held(past, f"red_{vital}", found, stake)


def _held(past: Past, rule: str, found: tuple[date, date], stake: Stake) -> Held:
    money = at_stake(past.now, stake)
    return Held(rule, *found, money, stake if money is not None else "nothing")


def at_stake(health: Health | None, stake: Stake) -> Decimal | None:
    """The money a rule is about; None where it is unknown, or nothing."""
    if health is None:
        return None
    contribution, before = health.euros("contribution"), health.euros("contribution_before")
    sales, sold = health.euros("net_sales"), health.euros("net_sales_before")
    amount = {
        "loss": None if contribution is None else -contribution,
        "overdue": health.euros("overdue"),
        "fall": None if contribution is None or before is None else before - contribution,
        "sales_lost": None if sales is None or sold is None else sold - sales,
        "contribution": contribution,
        "uncosted": health.euros("uncosted"),
    }.get(stake)
    return amount if amount is not None and amount > 0 else None


def _share(health: Health, name: str) -> Decimal:
    found = health.figures.get(name)
    return Decimal(str(found)) if isinstance(found, float) else Decimal(0)


def _is_losing(health: Health) -> bool:
    contribution = health.euros("contribution")
    return contribution is not None and contribution < 0


def _is_falling(health: Health) -> bool:
    now, before = health.euros("contribution"), health.euros("contribution_before")
    return now is not None and before is not None and 0 <= now < before * (1 - MOST_FALLEN)


def _is_uncosted(health: Health) -> bool:
    sales, uncosted = health.euros("net_sales"), health.euros("uncosted")
    return sales is not None and uncosted is not None and sales > 0 and uncosted > sales * MOST_UNCOSTED


def plan_rules(part: Facts, day: date, limit: Limits, key_since: date | None, health: Health | None) -> Iterator[Held]:
    """What the plan of an account asks, exact to the day."""
    state = state_on(part, day, limit)
    since = _STATES[state](part, day, limit, key_since) if state in _STATES else None
    if state in _STATES:
        yield _of_plan("no_plan" if state == "none" else state, since, health)
    late = _review_late(part, day, limit)
    if late and state != "shelved":
        yield _of_plan("review_late", late, health)


def _of_plan(rule: str, since: date | None, health: Health | None) -> Held:
    money = at_stake(health, "contribution")
    clear_on = since - timedelta(days=1) if since else date.min
    return Held(rule, since, clear_on, money, "nothing" if money is None else "contribution")


def _behind_since(part: Facts, day: date, limit: Limits, _: date | None) -> date:
    start: date = part.plans[-1]["start_date"]
    while day > start and state_on(part, day - timedelta(days=1), limit) == "behind":
        day -= timedelta(days=1)
    return day


def _shelved_since(part: Facts, day: date, limit: Limits, _: date | None) -> date:
    return last_touched(part, day) + timedelta(days=limit.shelved_after_days + 1)


def _unsigned_since(part: Facts, *_: object) -> date:
    start: date = part.plans[-1]["start_date"]
    return start


_STATES: Mapping[str, Callable[[Facts, date, Limits, date | None], date | None]] = {
    "none": lambda _part, _day, _limit, key_since: key_since,
    "unsigned": _unsigned_since,
    "shelved": _shelved_since,
    "behind": _behind_since,
}


def _review_late(part: Facts, day: date, limit: Limits) -> date | None:
    """The day from which a 30-day review is overdue and none was held since it was due."""
    reviews = [review for review in part.reviews if review["kind"] == "30d"]
    held = max((r["held_date"] for r in reviews if r["held_date"] and r["held_date"] <= day), default=date.min)
    grace = timedelta(days=limit.review_tolerance_days)
    missed = [
        r["due_date"]
        for r in reviews
        if r["due_date"] > held and r["due_date"] + grace < day and not (r["held_date"] and r["held_date"] <= day)
    ]
    return min(missed) + grace + timedelta(days=1) if missed else None
