"""What is known about the company as a whole: how fresh, how complete, and what belongs to nobody."""

from __future__ import annotations

from datetime import date, timedelta

from kam_metrics.metrics.answer import Row
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice


def default_as_of(world: World, today: date, stale_after_days: int) -> date:
    """Today while the newest fact is fresh; otherwise the day of the newest fact (cli.md)."""
    newest: date | None = max((row["newest"] for row in freshness(world) if row["newest"]), default=None)
    if newest is None or newest >= today - timedelta(days=stale_after_days):
        return today
    return newest


def freshness(world: World) -> list[Row]:
    """Per kind: loads that count, rows, and the day of the newest fact."""
    return world.rows(read_sql(__file__, "freshness"))


def worklist(world: World, seen: Slice) -> list[Row]:
    """Customer numbers and accounts nobody knows, with the money booked on them; nothing for a narrowed reader."""
    return world.rows(read_sql(__file__, "worklist"), seen.params())


def double_held(world: World) -> list[Row]:
    """Account-months for which ledger and sales lines both hold a line type; the sales lines count."""
    return world.rows(read_sql(__file__, "double_held"))


def account(world: World, seen: Slice) -> Row | None:
    """What the master says of the slice's one account; None when there is none this reader may see."""
    found = world.rows(read_sql(__file__, "account"), seen.params())
    return found[0] if found else None
