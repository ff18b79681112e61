"""What changed since a reader last said to have seen the Portfolio: what stood there then beside what stands there now.

What stood there is kept with the act, because figures of that day may have been loaded anew since; so a late credit
note is told as a change too. Accounts are compared that were there both times.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.decisions import decisions
from kam_metrics.metrics.health import Health
from kam_metrics.metrics.health_moved import tenths
from kam_metrics.metrics.pasts import key_health
from kam_metrics.metrics.plan_rows import plan_overview, review_rows
from kam_metrics.metrics.portfolio import key_accounts
from kam_metrics.metrics.weighing import Weighing, weighings
from kam_metrics.store import World
from kam_metrics.terms import Slice

_LOADS = """
    select c.what, b.kind, b.file_name as file, c.batch_id as load_id
    from change c
    join batch b using (batch_id)
    where c.change_id > $since and c.what in ('load', 'undo', 'redo')
    order by c.change_id
"""
MOVING = ("contribution", "overdue", "health")
"""What of an account is compared, beside the state of its plan."""


@dataclass(frozen=True)
class Move:
    """A figure of one account, then and now."""

    account_id: str
    account_name: str
    then: Decimal
    now: Decimal


@dataclass(frozen=True)
class Changed:
    """What happened between a look and now."""

    day: date
    """The as-of date of the look."""
    at: datetime
    loads: Sequence[Row] = ()
    moves: Mapping[str, Move] = field(default_factory=dict)
    """Per figure the account that moved most, where any did."""
    plans: Sequence[Row] = ()
    """Accounts whose plan is in another state, with both."""
    new: Sequence[str] = ()
    """Decisions that were not asked then."""
    solved: Sequence[str] = ()
    """Decisions that are no longer asked."""
    reviews: Sequence[Row] = ()
    """Reviews held since."""
    weighing: Weighing | None = None
    """The weights of health, where they were changed since."""


def standing(world: World, seen: Slice) -> dict[str, Any]:
    """What stands on this reader's Portfolio, as plain data that can be kept."""
    seen = _everything(seen)
    healths = key_health(world, seen)
    states = {row["account_id"]: row["state"] for row in plan_overview(world, seen)}
    told = {
        account["account_id"]: {
            "name": account["account_name"],
            "plan": states.get(account["account_id"]),
            **_figures(healths.get(account["account_id"])),
        }
        for account in key_accounts(world, seen)
    }
    return {"accounts": told, "decisions": [row["decision_id"] for row in decisions(world, seen)]}


def _everything(seen: Slice) -> Slice:
    """All that this reader may see, whatever the page is narrowed to."""
    return replace(seen, from_date=None, to_date=None, kam_id=None, account_id=None)


def _figures(health: Health | None) -> dict[str, str | None]:
    if health is None:
        return dict.fromkeys(MOVING)
    amounts = {
        "contribution": health.euros("contribution"),
        "overdue": health.euros("overdue"),
        "health": None if health.whole is None else tenths(health.whole),
    }
    return {name: None if amount is None else str(amount) for name, amount in amounts.items()}


def changed(world: World, seen: Slice, reader: str) -> Changed | None:
    """What changed since this reader last looked; None when they never said so."""
    looks = world.rows("select * from last_look where reader = $reader", {"reader": reader})
    if not looks:
        return None
    (look,) = looks
    if seen.as_of < look["as_of"]:
        return Changed(look["as_of"], look["changed_at"])
    then, now = json.loads(look["told"]), standing(world, seen)
    held, before = now["decisions"], then["decisions"]
    return Changed(
        look["as_of"],
        look["changed_at"],
        loads=world.rows(_LOADS, {"since": look["change_id"]}),
        moves={name: move for name in MOVING if (move := _most_moved(name, then["accounts"], now["accounts"]))},
        plans=_other_state(then["accounts"], now["accounts"]),
        new=[decision for decision in held if decision not in before],
        solved=[decision for decision in before if decision not in held],
        reviews=_held_since(world, seen, look["as_of"]),
        weighing=next((one for one in weighings(world)[-1:] if one.change_id > look["change_id"]), None),
    )


Told = Mapping[str, Mapping[str, Any]]


def _most_moved(name: str, then: Told, now: Told) -> Move | None:
    moves = [
        Move(account_id, now[account_id]["name"], Decimal(old[name]), Decimal(now[account_id][name]))
        for account_id, old in then.items()
        if account_id in now and old[name] is not None and now[account_id][name] is not None
    ]
    most = max(moves, key=lambda move: (abs(move.now - move.then), move.account_id), default=None)
    return most if most and most.now != most.then else None


def _other_state(then: Told, now: Told) -> list[Row]:
    return [
        {"account_id": account_id, "account_name": new["name"], "then": then[account_id]["plan"], "now": new["plan"]}
        for account_id, new in now.items()
        if account_id in then and then[account_id]["plan"] != new["plan"]
    ]


def _held_since(world: World, seen: Slice, day: date) -> list[Row]:
    return [row for row in review_rows(world, _everything(seen)) if row["held_date"] and row["held_date"] > day]
