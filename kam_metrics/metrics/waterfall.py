"""From gross sales to economic profit in steps that add up exactly, and the whale curve of who earns it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.measures import measure
from kam_metrics.metrics.profit import profit
from kam_metrics.store import World
from kam_metrics.terms import Slice

_UP_TO_MARGIN = (
    ("gross_sales", 1, True),
    ("discounts", -1, False),
    ("price_difference", 1, False),
    ("credit_notes", -1, False),
    ("rebates", -1, False),
    ("net_sales", 1, True),
    ("margin_unknown", -1, False),
    ("cogs", -1, False),
    ("gross_margin", 1, True),
)
LARGEST_ACTIVITIES = 6
OTHER_ACTIVITIES = "other_activities"
UNALLOCATED = "unallocated"
"""Cost to serve that belongs to no account: a step of its own, so that the accounts and it are the whole."""


_NAMES = """
    select account_id, account_name from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id)
"""
_KEYS = (*(key for key, _, _ in _UP_TO_MARGIN), "contribution", "capital_charge", "economic_profit")


def waterfall(world: World, seen: Slice) -> list[Row]:
    """Rows `key`, `amount`, `total`: a step is signed as its effect on profit, a total is the sum so far.

    An unknown figure ends the waterfall: what comes after it cannot be known either.
    """
    return _steps(measure(world, seen, *_KEYS).only, served(world, seen))


def waterfalls(world: World, seen: Slice, accounts: Sequence[str]) -> dict[str, list[Row]]:
    """The waterfall of each of these accounts, asked at once."""
    activities: dict[str, list[Row]] = {}
    for row in _served(world, seen, "account_id", accounts=accounts):
        activities.setdefault(row["account_id"], []).append(row)
    # Of all accounts, since that was asked for already.
    figures = {row["account_id"]: row for row in profit(world, seen, _KEYS, ["account_id"])}
    return {one: _steps(figures[one], activities.get(one, ())) for one in accounts if one in figures}


def served(world: World, seen: Slice) -> list[Row]:
    """Cost to serve per activity, of accounts and of nobody, the largest first."""
    return _served(world, seen)


def _served(world: World, seen: Slice, *by: str, accounts: Sequence[str] | None = None) -> list[Row]:
    rows = profit(world, seen, ["cost_to_serve"], [*by, "activity", "is_allocated"], accounts)
    return sorted(rows, key=lambda row: (-abs(row["cost_to_serve"] or 0), str(row["activity"])))


def _steps(figures: Row, activities: Iterable[Row]) -> list[Row]:
    steps: list[Row] = []
    for key, sign, is_total in _UP_TO_MARGIN:
        if figures[key] is None:
            return steps
        if is_total or figures[key]:
            steps.append({"key": key, "amount": sign * figures[key], "total": is_total})
    if figures["contribution"] is None:
        return steps
    steps += _by_activity(activities)
    steps.append({"key": "contribution", "amount": figures["contribution"], "total": True})
    if figures["economic_profit"] is None:
        return steps
    charge = {"key": "capital_charge", "amount": -figures["capital_charge"], "total": False}
    return [*steps, charge, {"key": "economic_profit", "amount": figures["economic_profit"], "total": True}]


def _by_activity(activities: Iterable[Row]) -> list[Row]:
    """Cost to serve by activity, the largest first, the rest as one step; then what belongs to no account."""
    rows = [row for row in activities if row["cost_to_serve"]]
    allocated = [row for row in rows if row["is_allocated"]]
    shown, rest = allocated[:LARGEST_ACTIVITIES], allocated[LARGEST_ACTIVITIES:]
    steps = [{"key": row["activity"], "amount": -row["cost_to_serve"], "total": False} for row in shown]
    nobodys = [row for row in rows if not row["is_allocated"]]
    for key, left in ((OTHER_ACTIVITIES, rest), (UNALLOCATED, nobodys)):
        if left:
            steps.append({"key": key, "amount": -sum(row["cost_to_serve"] for row in left), "total": False})
    return steps


def whale(world: World, seen: Slice) -> list[Row]:
    """Accounts from the most to the least profitable: `rank`, `contribution` and `cumulative` (measures.md 3.2).

    `low` and `high` are the running sums of the same accounts at the high and the low rates of activities.
    """
    keys = ("contribution", "contribution_low", "contribution_high")
    names = {row["account_id"]: row["account_name"] for row in world.rows(_NAMES, seen.params())}
    # By account alone: that was asked for already, with every figure in it.
    known = [row for row in measure(world, seen, *keys, by=["account_id"]).rows if row["contribution"] is not None]
    known.sort(key=lambda row: (-row["contribution"], row["account_id"] or ""))
    so_far, points = dict.fromkeys(keys, Decimal(0)), []
    for rank, row in enumerate(known, start=1):
        so_far = {key: so_far[key] + row[key] for key in keys}
        points.append(
            {
                "rank": rank,
                "account_id": row["account_id"],
                "account_name": names[row["account_id"]],
                "contribution": row["contribution"],
                "cumulative": so_far["contribution"],
                "low": so_far["contribution_low"],
                "high": so_far["contribution_high"],
            }
        )
    return points
