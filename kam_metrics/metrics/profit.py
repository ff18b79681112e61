"""Profit per account: from gross sales to economic profit (measures.md 3.1).

A figure is a sum of booked parts, each signed as its effect on profit. A line whose currency has no rate, or whose
cost price is missing, makes only the figures that need it unknown; nothing is ever taken for zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kam_metrics.metrics.answer import Better, Measure, Row, Unit, added_up
from kam_metrics.metrics.profit_parts import COST_TO_SERVE, NET, Part, Profit
from kam_metrics.metrics.profit_rows import DIMENSIONS, profit_rows
from kam_metrics.store import World
from kam_metrics.terms import Slice

NET_SALES = Part(NET)
NET_KNOWN = Part(NET, known=True)
COGS = Part(("cogs",))
SERVED = Part(COST_TO_SERVE)
LEAST = Part(COST_TO_SERVE, rates="_low")
MOST = Part(COST_TO_SERVE, rates="_high")
CAPITAL = Part(("capital_charge",))


PROFIT = {
    "gross_sales": Profit((Part(("gross_sales",)),)),
    "discounts": Profit((Part(("discount",), -1),)),
    "price_difference": Profit((Part(("price_difference",)),)),
    "credit_notes": Profit((Part(("credit_note",), -1),)),
    "rebates": Profit((Part(("rebate",), -1),)),
    "net_sales": Profit((NET_SALES,)),
    "margin_unknown": Profit((Part(NET, known=False),)),
    "cogs": Profit((Part(("cogs",), -1),), needs=("cogs",)),
    "gross_margin": Profit((NET_KNOWN, COGS), needs=("gross_sales", "cogs")),
    "gross_margin_pct": Profit((NET_KNOWN, COGS), (NET_KNOWN,), needs=("gross_sales", "cogs")),
    "cost_to_serve": Profit((Part(COST_TO_SERVE, -1),), needs=("cost_to_serve",)),
    "cost_to_serve_low": Profit((Part(COST_TO_SERVE, -1, rates="_low"),), needs=("cost_to_serve",)),
    "cost_to_serve_high": Profit((Part(COST_TO_SERVE, -1, rates="_high"),), needs=("cost_to_serve",)),
    "contribution": Profit((NET_KNOWN, COGS, SERVED), needs=("gross_sales", "cogs", "cost_to_serve")),
    "contribution_low": Profit((NET_KNOWN, COGS, MOST), needs=("gross_sales", "cogs", "cost_to_serve")),
    "contribution_high": Profit((NET_KNOWN, COGS, LEAST), needs=("gross_sales", "cogs", "cost_to_serve")),
    "contribution_pct": Profit((NET_KNOWN, COGS, SERVED), (NET_KNOWN,), needs=("gross_sales", "cogs", "cost_to_serve")),
    "capital_charge": Profit((Part(("capital_charge",), -1),), needs=("capital_charge",)),
    "economic_profit": Profit(
        (NET_KNOWN, COGS, SERVED, CAPITAL), needs=("gross_sales", "cogs", "cost_to_serve", "capital_charge")
    ),
}


SOURCE = "Marn & Rosiello 1992 (price waterfall); Kaplan & Anderson 2004 (cost to serve)"


def _declared(unit: Unit, better: Better, formula: str) -> Measure:
    return Measure("profit", unit, better, formula, SOURCE, frozenset(DIMENSIONS))


MEASURES = {
    "gross_sales": _declared("EUR", "higher", "sum of gross_sales"),
    "discounts": _declared("EUR", "lower", "−sum of discount"),
    "price_difference": _declared(
        "EUR", "neither", "net − (list − discount), summed over invoice lines with a list price"
    ),
    "credit_notes": _declared("EUR", "lower", "−sum of credit_note, in the month it was booked"),
    "rebates": _declared("EUR", "lower", "−sum of rebate"),
    "net_sales": _declared("EUR", "higher", "gross_sales − discounts + price_difference − credit_notes − rebates"),
    "margin_unknown": _declared("EUR", "lower", "net sales of lines without a cost price"),
    "cogs": _declared("EUR", "lower", "−sum of cogs"),
    "gross_margin": _declared("EUR", "higher", "net_sales − margin_unknown − cogs"),
    "gross_margin_pct": _declared("share", "higher", "gross_margin / (net_sales − margin_unknown)"),
    "cost_to_serve": _declared(
        "EUR",
        "lower",
        "freight + service + sales_effort + marketing + other_cost_to_serve + bad_debt + sum of driver × rate",
    ),
    "cost_to_serve_low": _declared("EUR", "lower", "cost_to_serve at the low rates of activities"),
    "cost_to_serve_high": _declared("EUR", "lower", "cost_to_serve at the high rates of activities"),
    "contribution": _declared("EUR", "higher", "gross_margin − cost_to_serve"),
    "contribution_low": _declared("EUR", "higher", "gross_margin − cost_to_serve_high"),
    "contribution_high": _declared("EUR", "higher", "gross_margin − cost_to_serve_low"),
    "contribution_pct": _declared("share", "higher", "contribution / (net_sales − margin_unknown)"),
    "capital_charge": _declared(
        "EUR",
        "lower",
        "yearly rate × (receivables + stock − prepayments at month end) × days / 365, or as posted",
    ),
    "economic_profit": _declared("EUR", "higher", "contribution − capital_charge"),
}


def profit(
    world: World, seen: Slice, keys: Sequence[str], by: Sequence[str], accounts: Sequence[str] | None = None
) -> list[Row]:
    """Rows of profit figures, perhaps of a few accounts.

    `.lines` and `.known` of each figure count the lines it needs and those it could use.
    """
    held = held_types(world, seen)
    # In all and by account every figure costs little more than one, and then answers whoever asks for another.
    figures = list(PROFIT.values()) if {*by} <= {"account_id"} else [PROFIT[key] for key in keys]
    lacking = _lacking(world, seen, keys, by, held)
    return [_told(row, by, lacking) for row in profit_rows(world, seen, figures, by, held, accounts)]


def profit_in_all(world: World, seen: Slice, keys: Sequence[str]) -> Row:
    """The figures of all accounts together, added up from what is asked of each."""
    held = held_types(world, seen)
    rows = profit_rows(world, seen, list(PROFIT.values()), ["account_id"], held)
    if not rows:
        return profit(world, seen, keys, ())[0]
    lines = [{name: value for name, value in row.items() if name != "account_id"} for row in rows]
    return _told(added_up(lines), (), _lacking(world, seen, keys, (), held))


def _lacking(
    world: World, seen: Slice, keys: Sequence[str], by: Sequence[str], held: frozenset[str]
) -> dict[str, str | None]:
    """Why each figure is unknown wherever one looks, if it is."""
    nothing = None if by or not held or world.one(_BOOKED, seen.params())["is_booked"] else "no_bookings"
    return {key: next((f"no_{need}" for need in PROFIT[key].needs if need not in held), nothing) for key in keys}


_BOOKED = """
    select exists (
        from profit_month p
        join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
            on a.account_id is not distinct from p.account_id
        where p.scenario = $scenario
    ) as is_booked
"""


def held_types(world: World, seen: Slice) -> frozenset[str]:
    """Line types that were loaded at all, for anybody; any cost to serve counts as `cost_to_serve`."""
    rows = world.rows("select distinct line_type from account_month where scenario = $scenario", seen.params())
    types = {row["line_type"] for row in rows}
    if types & set(NET):
        types.add("gross_sales")
    return frozenset(types | ({"cost_to_serve"} if types & set(COST_TO_SERVE) else set()))


def _told(row: Row, by: Sequence[str], lacking: Mapping[str, str | None]) -> Row:
    """Lines turned into figures: shares divided, unknowns emptied and explained; why all are unknown is given."""
    told: Row = {name: row[name] for name in by}
    has_unpriced = "net_priced" in row
    usable = "priced" if has_unpriced else "lines"
    for key, why_all in lacking.items():
        figure = PROFIT[key]
        amount, over = figure.amount(row), figure.share_of(row)
        why = why_all or (_unpriced(row, figure) if has_unpriced else None) or _why(row, figure, over)
        told[key] = None if why else amount if over is None else float(amount / over)
        told[f"why.{key}"] = why
        told[f"{key}.lines"] = sum([row[name] for name in figure.counts["lines"]])
        without_cost = row[f"uncosted_{usable}"] if figure.needs_cost else 0
        told[f"{key}.known"] = sum([row[name] for name in figure.counts[usable]]) - without_cost
    return told


def _unpriced(row: Row, figure: Profit) -> str | None:
    """Which rate a line behind the figure of this row misses, the first of them."""
    return min((row[name] for name in figure.counts["unpriced"] if row[name]), default=None)


def _why(row: Row, figure: Profit, over: Decimal | None) -> str | None:
    """Why the figure of this row cannot be known though every line has euros, if it cannot."""
    if figure.needs_cost and 0 < row["uncosted_lines"] == row["net_lines"]:
        return "no_cogs"
    return None if over is None or over > 0 else "negative_net_sales" if over else "no_net_sales"
