"""What the money of an account is made of, in both forms of its operating cash flow (measures.md 3.4).

Receivables carry VAT, profit does not: what came in and what stands open are taken without it, at the share of VAT in
the account's own invoice lines (in those of its group when it only pays for others), rounded once to four decimals per
account and period. Stock, prepayments, rebates owed and what was written off of items that stay open count where
balances were loaded. The credit that suppliers give on the goods of an account is an estimate: its cost of goods is
taken to be paid `supplier_days` later, each month's evenly over its days. A credit note takes its money on its own day,
whatever month its contribution follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.receivables import first_fact, is_loaded, movements
from kam_metrics.metrics.spine import TIME_DIMENSIONS, Moment, Unknown, spine
from kam_metrics.periods import month_end
from kam_metrics.store import World, read_sql
from kam_metrics.terms import BEGINNING, CreditNotes, Slice

Place = tuple[object, ...]
Amount = Decimal | Unknown
Parts = dict[str, Amount]
ZERO = Decimal(0)
_FOUR = Decimal("0.0001")
_ONLY_LISTS_SINCE = """
    select case when count(*) filter (snapshot_date is null) = 0 then min(snapshot_date) end as since
    from receivable_span
"""
"""The day of the first list of open items, where nothing but such lists was loaded."""
EARNED = {"contribution": 1, "rebates": -1, "cogs": -1, "cost_to_serve": -1}
"""Figures of profit, signed as their effect on cash."""
PAID = ("receipts", "vat_of_receipts", "receivables_growth")
BALANCES = ("stock_growth", "prepayment_growth", "rebate_owed_growth", "write_off_growth", "supplier_credit_growth")
DIRECT = ("receipts", "vat_of_receipts", "rebates", "cogs", "cost_to_serve", *BALANCES)
INDIRECT = ("contribution", "receivables_growth", *BALANCES)


def cash_parts(world: World, seen: Slice, by: Sequence[str]) -> dict[Place, Parts]:
    """Per group and period every part of its cash flow, signed as its effect on cash."""
    seen = replace(seen, credit_notes=CreditNotes.POSTING)
    return world.once(("cash parts", seen, tuple(by)), lambda: _cash_parts(world, seen, by))


def _cash_parts(world: World, seen: Slice, by: Sequence[str]) -> dict[Place, Parts]:
    earned = {_place(row, by): row for row in profit(world, seen, list(EARNED), by)}
    (whole,) = profit(world, seen, list(EARNED), ())
    found = _paid(world, seen, by)
    for part, place, amount in (*_balances(world, seen, by), *_supplier_credit(world, seen, by)):
        _add(found.setdefault(place, {}), part, amount)
    unmoved = _unmoved(world, seen, by)
    return {
        place: {
            **dict.fromkeys(PAID, unmoved(place)),
            **dict.fromkeys(BALANCES, ZERO),
            **found.get(place, {}),
            **_earned(earned.get(place), whole, owes=place in found),
        }
        for place in earned | found
    }


def _unmoved(world: World, seen: Slice, by: Sequence[str]) -> Callable[[Place], Amount]:
    """Whose accounts have no receivables owe nothing, from the day on which anybody's receivables are known."""
    if not is_loaded(world, seen):
        return lambda place: Unknown("no_receivables")
    since: date | None = world.one(_ONLY_LISTS_SINCE)["since"]
    if since is None:
        return lambda place: ZERO
    asked = [(number, name) for number, name in enumerate(by) if name in TIME_DIMENSIONS]
    known = {
        tuple(moment.labels[name] for _, name in asked) for moment in spine(seen, by, since) if since < moment.first_day
    }
    return lambda place: ZERO if tuple(place[at] for at, _ in asked) in known else Unknown("no_opening_balance")


def total(parts: Parts, of: Sequence[str]) -> Amount:
    """The sum of some parts; unknown as soon as one of them is."""
    added: Parts = {}
    for part in of:
        _add(added, "sum", parts[part])
    return added["sum"]


def _place(row: Row, by: Sequence[str]) -> Place:
    return tuple(row[name] for name in by)


def _add(parts: Parts, part: str, amount: Amount) -> None:
    so_far = parts.get(part, ZERO)
    if isinstance(so_far, Unknown) or isinstance(amount, Unknown):
        parts[part] = so_far if isinstance(so_far, Unknown) else amount
    else:
        parts[part] = so_far + amount


def _earned(row: Row | None, whole: Row, *, owes: bool) -> Parts:
    """What profit says; a group without lines, such as one that only pays, earned nothing.

    Unless nobody's profit is known, or nothing at all is known of the group.
    """
    parts: Parts = {}
    for key, sign in EARNED.items():
        why = (row and row[f"why.{key}"]) or whole[f"why.{key}"]
        if why and not (owes and why == "no_bookings"):
            parts[key] = Unknown(why)
        else:
            parts[key] = sign * row[key] if row and not why else ZERO
    return parts


def _paid(world: World, seen: Slice, by: Sequence[str]) -> dict[Place, Parts]:
    """Per group and period what came in, the VAT in it, and how much less its accounts owe than before, without VAT."""
    vat = {row["account_id"]: row for row in world.rows(read_sql(__file__, "vat"), seen.params())}
    found: dict[Place, Parts] = {}
    for row in movements(world, seen, list(dict.fromkeys([*by, "account_id"]))):
        parts, share = found.setdefault(_place(row, by), {}), vat.get(row["account_id"])
        moved, settled, ahead = (_amount(row, key) for key in ("moved", "collections", "on_account"))
        came_in = total({"settled": settled, "ahead": ahead}, ("settled", "ahead"))
        _add(parts, "receivables_growth", _negative(_without_vat(moved, share)))
        _add(parts, "receipts", came_in)
        net = {"net": _without_vat(came_in, share), "gross": _negative(came_in)}
        _add(parts, "vat_of_receipts", total(net, tuple(net)))
    return found


def _amount(row: Row, key: str) -> Amount:
    amount, why = row[key], row.get(f"why.{key}")
    return Unknown(why) if why else amount


def _negative(amount: Amount) -> Amount:
    return amount if isinstance(amount, Unknown) else -amount


def _without_vat(amount: Amount, vat: Mapping[str, Decimal] | None) -> Amount:
    if isinstance(amount, Unknown) or not amount:
        return amount
    if vat is None or not vat["billed"]:
        return Unknown("no_vat")
    return (amount * vat["net"] / vat["billed"]).quantize(_FOUR, ROUND_HALF_UP)


def _balances(world: World, seen: Slice, by: Sequence[str]) -> list[tuple[str, Place, Amount]]:
    moments = spine(seen, by, first_fact(world, seen))
    rows = world.rows(
        read_sql(__file__, "tied_up"),
        {
            **seen.params(),
            "moments": list(range(len(moments))),
            "first_days": [moment.first_day for moment in moments],
            "last_days": [moment.last_day for moment in moments],
        },
    )
    return [
        (
            f"{item}_growth",
            _place({**row, **moments[row["moment"]].labels}, by),
            Unknown(f"no_rate:{row['unrated']}") if row["unrated"] else row[item],
        )
        for row in rows
        for item in ("stock", "prepayment", "rebate_owed", "write_off")
    ]


def _supplier_credit(world: World, seen: Slice, by: Sequence[str]) -> list[tuple[str, Place, Amount]]:
    """How much more of the cost of goods is not yet paid to suppliers at the end of each period than before it."""
    days = int(world.constant("supplier_days"))
    if not days:
        return []
    earlier = replace(seen, from_date=seen.from_date and seen.from_date - timedelta(days=days + 31))
    months = [*(name for name in by if name not in TIME_DIMENSIONS), "month"]
    bought = profit(world, earlier, ["cogs"], months)
    return [
        ("supplier_credit_growth", _place({**row, **moment.labels}, by), _grown(row, moment, days, seen.last_day))
        for moment in spine(seen, by, min((row["month"] for row in bought), default=None))
        for row in bought
    ]


def _grown(row: Row, moment: Moment, days: int, known_until: date) -> Amount:
    """The part of a month's cost of goods that is unpaid at the end of a period, less the part unpaid before it."""
    amount = _amount(row, "cogs")
    if isinstance(amount, Unknown):
        return amount
    month: date = row["month"]
    last = min(month_end(month), known_until)

    def unpaid(until: date) -> int:
        return max(0, (min(last, until) - max(month, until - timedelta(days=days - 1))).days + 1)

    before = 0 if moment.first_day == BEGINNING else unpaid(moment.first_day - timedelta(days=1))
    return (amount * (unpaid(moment.last_day) - before) / ((last - month).days + 1)).quantize(_FOUR, ROUND_HALF_UP)
