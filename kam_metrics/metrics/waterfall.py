"""From gross sales to contribution in steps that add up exactly, and the whale curve of who earns it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.measures import measure
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


_KEYS = (*(key for key, _, _ in _UP_TO_MARGIN), "contribution")


def waterfall(world: World, seen: Slice) -> list[Row]:
    """Rows `key`, `amount`, `total`: a step is signed as its effect on profit, a total is the sum so far.

    An unknown figure ends the waterfall: what comes after it cannot be known either.
    """
    return _steps(measure(world, seen, *_KEYS).only, measure(world, seen, "cost_to_serve", by=["activity"]).rows)


def waterfalls(world: World, seen: Slice) -> dict[str | None, list[Row]]:
    """The waterfall of every account at once."""
    served: dict[str | None, list[Row]] = {}
    for row in measure(world, seen, "cost_to_serve", by=["account_id", "activity"]).rows:
        served.setdefault(row["account_id"], []).append(row)
    figures = measure(world, seen, *_KEYS, by=["account_id"]).rows
    return {row["account_id"]: _steps(row, served.get(row["account_id"], ())) for row in figures}


def _steps(figures: Row, served: Iterable[Row]) -> list[Row]:
    steps: list[Row] = []
    for key, sign, is_total in _UP_TO_MARGIN:
        if figures[key] is None:
            return steps
        if is_total or figures[key]:
            steps.append({"key": key, "amount": sign * figures[key], "total": is_total})
    if figures["contribution"] is None:
        return steps
    steps += _served(served)
    return [*steps, {"key": "contribution", "amount": figures["contribution"], "total": True}]


def _served(activities: Iterable[Row]) -> list[Row]:
    """Cost to serve by activity, the largest first, the rest as one step."""
    rows = sorted((row for row in activities if row["cost_to_serve"]), key=lambda row: -abs(row["cost_to_serve"]))
    shown, rest = rows[:LARGEST_ACTIVITIES], rows[LARGEST_ACTIVITIES:]
    steps = [{"key": row["activity"], "amount": -row["cost_to_serve"], "total": False} for row in shown]
    if rest:
        steps.append({"key": "other_activities", "amount": -sum(r["cost_to_serve"] for r in rest), "total": False})
    return steps


def whale(world: World, seen: Slice) -> list[Row]:
    """Accounts from the most to the least profitable: `rank`, `contribution` and `cumulative` (measures.md 3.2)."""
    answer = measure(world, seen, "contribution", by=["account_id", "account_name"])
    known = [row for row in answer.rows if row["contribution"] is not None]
    known.sort(key=lambda row: (-row["contribution"], row["account_id"] or ""))
    so_far, points = Decimal(0), []
    for rank, row in enumerate(known, start=1):
        so_far += row["contribution"]
        points.append(
            {
                "rank": rank,
                "account_id": row["account_id"],
                "account_name": row["account_name"],
                "contribution": row["contribution"],
                "cumulative": so_far,
            }
        )
    return points
