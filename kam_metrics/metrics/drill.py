"""The lines behind a step of the waterfall; together they are the step, to the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.profit import PROFIT, held_types
from kam_metrics.metrics.profit_parts import COST_TO_SERVE, Part
from kam_metrics.metrics.profit_rows import KNOWN
from kam_metrics.metrics.waterfall import LARGEST_ACTIVITIES, OTHER_ACTIVITIES, UNALLOCATED, served
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

A_PAGE = 500
"""Lines that are shown at once."""
_TAKEN_AWAY = frozenset({"margin_unknown"})
"""Figures that the waterfall takes off although their lines are sales."""
_TOTAL = "select count(*) as line_count, coalesce(sum(amount_eur), 0) as amount_eur from behind"
_LINES = """
    select * from behind
    order by day desc, document desc nulls last, account_name, line_type, activity, product, amount_eur, batch_id
    limit $limit offset $offset
"""
_BY_ACCOUNT = """
    select account_id, any_value(account_name) as account_name, count(*) as line_count, sum(amount_eur) as amount_eur
    from behind group by account_id order by abs(sum(amount_eur)) desc, account_id
"""


@dataclass(frozen=True)
class Behind:
    """How many lines a step has and what they come to, and the lines of one page, newest first."""

    line_count: int
    amount: Decimal
    lines: Sequence[Row]


def behind(world: World, seen: Slice, step: str, page: int = 1, product: str | None = None) -> Behind | None:
    """The lines behind a step, perhaps only those of one product; None when the waterfall knows no such step."""
    asked = _asked(world, seen, step, product)
    if asked is None:
        return None
    sql, params = asked
    whole = world.one(f"{sql} {_TOTAL}", params)
    lines = world.rows(f"{sql} {_LINES}", {**params, "limit": A_PAGE, "offset": A_PAGE * (page - 1)})
    return Behind(whole["line_count"], whole["amount_eur"], lines)


def behind_by_account(world: World, seen: Slice, step: str, product: str | None = None) -> list[Row]:
    """What each account has in a step, the most first; one row without an account for what belongs to nobody."""
    asked = _asked(world, seen, step, product)
    return world.rows(f"{asked[0]} {_BY_ACCOUNT}", asked[1]) if asked else []


def _asked(world: World, seen: Slice, step: str, product: str | None) -> tuple[str, dict[str, object]] | None:
    """The query of a step with its parameters; its parts come from our own list, activity and product are bound."""
    params: dict[str, object] = {
        **seen.params(), "customers": _customers(world, seen), "activities": [], "product": product,
        "is_costed": "cogs" in held_types(world, seen),
    }  # fmt: skip
    if step in PROFIT and not PROFIT[step].over:
        parts = PROFIT[step].parts
        which = " or ".join(_which(part) for part in parts)
    else:
        activities = _activities(world, seen, step)
        if activities is None and step != UNALLOCATED:
            return None
        parts = (Part(COST_TO_SERVE),)
        which = "l.account_id is null"
        if activities is not None:
            params["activities"] = activities
            which = "l.account_id is not null and list_contains($activities, l.activity)"
    types = sorted({name for part in parts for name in part.types})
    sign = -1 if step in _TAKEN_AWAY else 1
    return read_sql(__file__, "drill").format(known=KNOWN, which=f"({which})", sign=sign), {**params, "types": types}


def _which(part: Part) -> str:
    types = f"l.line_type in ({', '.join(repr(name) for name in part.types)})"
    return types if part.known is None else f"{types} and {'' if part.known else 'not '}l.is_costed"


def _activities(world: World, seen: Slice, step: str) -> list[str] | None:
    """The activities that a step is about; None when it is about none."""
    known = [row["activity"] for row in served(world, seen) if row["is_allocated"] and row["cost_to_serve"]]
    if step == OTHER_ACTIVITIES:
        return known[LARGEST_ACTIVITIES:] or None
    return [step] if step in known else None


def _customers(world: World, seen: Slice) -> list[str] | None:
    """What the lines of the one account or group call their customer; None when they may be anybody's."""
    if seen.account_id is None and seen.group_id is None:
        return None
    rows = world.rows(
        "select distinct coalesce(c.account_ref, c.customer_no) as customer from customer_account c "
        "join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a on a.account_id = c.account_id",
        seen.params(),
    )
    return [row["customer"] for row in rows]
