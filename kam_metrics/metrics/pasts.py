"""The health of every key account on the as-of date and on the days before it on which it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from kam_metrics.metrics.decision_rules import Past
from kam_metrics.metrics.health import Health, health_at, on
from kam_metrics.metrics.portfolio import key_accounts
from kam_metrics.periods import month_ends_before
from kam_metrics.store import World
from kam_metrics.terms import Slice

MONTHS_BACK = 12
"""How far back it is looked since when a rule holds."""


def pasts(world: World, seen: Slice) -> Mapping[str, Past]:
    """Each key account on those days, the newest first."""
    return world.once(("pasts", seen), lambda: _pasts(world, seen))


def key_health(world: World, seen: Slice) -> Mapping[str, Health]:
    """The health of each key account on the as-of date, as its decisions see it."""
    return {account_id: past.now for account_id, past in pasts(world, seen).items() if past.now}


def _pasts(world: World, seen: Slice) -> Mapping[str, Past]:
    days = days_back(seen.as_of)
    accounts = [account["account_id"] for account in key_accounts(world, seen)]
    found = health_at(world, seen, ("account_id",), [on(day) for day in days], accounts)
    return {
        account_id: Past(days, [found.get((number, (account_id,))) for number in range(len(days))])
        for account_id in accounts
    }


def days_back(day: date) -> list[date]:
    """The day, the weeks before it in its month, and the month ends before that."""
    ends = month_ends_before(day, MONTHS_BACK)
    weeks = [day - timedelta(weeks=number) for number in range(5)]
    return [*(week for week in weeks if week > ends[0]), *ends]
