"""What an account brings in as money (measures.md 3.4): its contribution less what it ties up more than before.

Operating cash flow, the indirect way: contribution - growth of its receivables - growth of its stock + growth of its
prepayments. Receivables carry VAT, contribution does not: their growth is taken without it, at the share of VAT in the
account's invoice lines, rounded once to four decimals per account and period. Stock and prepayments count where
balances were loaded. Not in it, because no extract tells: the credit that suppliers give, and rebates still owed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from kam_metrics.metrics.answer import Measure, Row
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.receivables import first_fact, is_loaded, movements
from kam_metrics.metrics.spine import ACCOUNT_DIMENSIONS, TIME_DIMENSIONS, Unknown, Value, spine, told
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

_ZERO = Decimal(0)
_FOUR = Decimal("0.0001")
_DIMENSIONS = frozenset({*ACCOUNT_DIMENSIONS, *TIME_DIMENSIONS})
Place = tuple[object, ...]
Amount = Decimal | Unknown


def cash(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Cash flow per group and period; unknown as soon as one of its parts is."""
    earned = {_place(row, by): row for row in profit(world, seen, ["contribution"], by)}
    (whole,) = profit(world, seen, ["contribution"], ())
    missing = whole["why.contribution"] or (None if is_loaded(world, seen) else "no_receivables")
    tied_up = _tied_up(world, seen, by)
    nothing: Row = {"contribution": _ZERO, "why.contribution": None}
    rows = []
    for place in earned | tied_up:
        found = earned.get(place, nothing)
        why = found["why.contribution"] or missing
        flow = Unknown(why) if why else _less(found["contribution"], tied_up.get(place, _ZERO))
        values = {"operating_cash_flow": flow, "cash_conversion": _conversion(flow, found["contribution"])}
        rows.append(told(dict(zip(by, place, strict=True)), {key: values[key] for key in keys}))
    return rows


def _place(row: Row, by: Sequence[str]) -> Place:
    return tuple(row[name] for name in by)


def _less(contribution: Decimal, tied_up: Amount) -> Amount:
    return tied_up if isinstance(tied_up, Unknown) else contribution - tied_up


def _conversion(flow: Amount, contribution: Decimal | None) -> Value:
    if isinstance(flow, Unknown):
        return flow
    return float(flow / contribution) if contribution and contribution > 0 else Unknown("no_contribution")


def _tied_up(world: World, seen: Slice, by: Sequence[str]) -> dict[Place, Amount]:
    """Per group and period, how much more its accounts tie up: receivables without VAT, stock, less prepayments."""
    vat = {row["account_id"]: row for row in world.rows(read_sql(__file__, "vat"), seen.params())}
    found: dict[Place, Amount] = {}
    per_account = list(dict.fromkeys([*by, "account_id"]))
    for row in movements(world, seen, per_account):
        moved = (
            Unknown(row["why.moved"])
            if row["moved"] is None
            else _without_vat(row["moved"], vat.get(row["account_id"]))
        )
        _add(found, _place(row, by), moved)
    for row in _stocks(world, seen, by):
        _add(found, _place(row, by), Unknown(f"no_rate:{row['unrated']}") if row["unrated"] else row["moved"])
    return found


def _add(found: dict[Place, Amount], place: Place, amount: Amount) -> None:
    so_far = found.get(place, _ZERO)
    if isinstance(so_far, Unknown) or isinstance(amount, Unknown):
        found[place] = so_far if isinstance(so_far, Unknown) else amount
    else:
        found[place] = so_far + amount


def _without_vat(moved: Decimal, vat: Mapping[str, Decimal] | None) -> Amount:
    if not moved:
        return _ZERO
    if vat is None or not vat["billed"]:
        return Unknown("no_vat")
    return (moved * vat["net"] / vat["billed"]).quantize(_FOUR, ROUND_HALF_UP)


def _stocks(world: World, seen: Slice, by: Sequence[str]) -> list[Row]:
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
    return [{**row, **moments[row["moment"]].labels} for row in rows]


_SOURCE = "indirect cash flow per account, after Kaplan & Cooper; no supplier credit and no rebates owed"
MEASURES = {
    "operating_cash_flow": Measure(
        "cash",
        "EUR",
        "higher",
        "contribution − growth of receivables without VAT − growth of stock + growth of prepayments",
        _SOURCE,
        _DIMENSIONS,
    ),
    "cash_conversion": Measure(
        "cash", "share", "higher", "operating_cash_flow / contribution, where that is positive", _SOURCE, _DIMENSIONS
    ),
}
