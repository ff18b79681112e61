"""What is known about the company as a whole: how fresh, how complete, and what belongs to nobody."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from kam_metrics.metrics.answer import Row
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

_ANY_ACCOUNT = """
    select exists (
        from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) where account_id is not null
    ) as is_any
"""


def newest_fact(world: World) -> date | None:
    """The day of the newest fact of any kind."""
    return max((row["newest"] for row in freshness(world) if row["newest"]), default=None)


def default_as_of(newest: date | None, today: date, stale_after_days: int) -> date:
    """Today while the newest fact is fresh; otherwise the day of the newest fact (cli.md)."""
    if newest is None or newest >= today - timedelta(days=stale_after_days):
        return today
    return newest


def freshness(world: World) -> list[Row]:
    """Per kind: loads that count, rows, and the day of the newest fact."""
    return world.rows(read_sql(__file__, "freshness"))


def kam_names(world: World) -> dict[str, str]:
    """Each key account manager's id and name, in order of the name; the id stands behind a name that two share."""
    rows = world.rows(
        "select kam_id, coalesce(any_value(kam_name), kam_id) as kam_name from account "
        "where kam_id is not null group by kam_id order by kam_name, kam_id"
    )
    held = Counter(row["kam_name"] for row in rows)
    return {
        row["kam_id"]: row["kam_name"] if held[row["kam_name"]] == 1 else f"{row['kam_name']} ({row['kam_id']})"
        for row in rows
    }


def source_freshness(world: World) -> list[Row]:
    """Per source of money the day of its newest fact, oldest first."""
    return world.rows(read_sql(__file__, "source_freshness"))


def quality(world: World) -> list[Row]:
    """Per source and kind: the share of lines that lack nothing, and how many lack what.

    A line is flawed when it was left out in quarantine, belongs to no account, is an invoice without a due date, or an
    invoice line without a cost price. Lines that their load warned about are counted beside these: they may be right.
    """
    return world.rows(read_sql(__file__, "quality"))


def worklist(world: World, seen: Slice) -> list[Row]:
    """Customer numbers and accounts nobody knows, with the money booked on them; nothing for a narrowed reader."""
    return world.rows(read_sql(__file__, "worklist"), seen.params())


def customer_lines(world: World, seen: Slice, customer: str) -> list[Row]:
    """What is booked on a customer number that belongs to no account, newest first, five hundred lines at most."""
    return world.rows(read_sql(__file__, "customer_lines"), {**seen.params(), "customer": customer})


def double_held(world: World) -> list[Row]:
    """Account-months for which ledger and sales lines both hold a line type; the sales lines count."""
    return world.rows(read_sql(__file__, "double_held"))


def group_name(world: World, seen: Slice) -> str | None:
    """What the slice's one group is called; None when this reader sees no account of it."""
    rows = world.rows(
        "select any_value(group_name) as name from seen_account($kam_scope, $kam_id, $account_id, "
        "only_group := $group_id) where group_id = $group_id group by group_id",
        seen.params(),
    )
    return str(rows[0]["name"]) if rows else None


def has_accounts(world: World, seen: Slice) -> bool:
    """Whether this reader may see any account at all."""
    return bool(world.one(_ANY_ACCOUNT, seen.params())["is_any"])


def account(world: World, seen: Slice) -> Row | None:
    """What the master says of the slice's one account; None when there is none this reader may see."""
    found = world.rows(read_sql(__file__, "account"), seen.params())
    return found[0] if found else None
