"""Profit per account: from gross sales to economic profit (measures.md 3.1), read from the rollup account_month.

A figure is a sum of booked parts, each signed as its effect on profit. A line whose currency has no rate, or whose
cost price is missing, makes only the figures that need it unknown; nothing is ever taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from kam_metrics.metrics.answer import Better, Measure, Row, Unit
from kam_metrics.metrics.spine import days_of
from kam_metrics.store import World, read_sql
from kam_metrics.terms import BEGINNING, Slice

NET = ("gross_sales", "discount", "price_difference", "credit_note", "rebate")
"""Line types that make up net sales."""
COST_TO_SERVE = ("freight", "service", "sales_effort", "marketing", "other_cost_to_serve", "bad_debt", "driven")
_FISCAL = "(p.month + to_months((13 - $fiscal_start::int) % 12))"
"""The month, moved so that the fiscal year is a calendar year."""
DIMENSIONS = {
    "account_id": "a.account_id",
    "account_name": "a.account_name",
    "group_id": "a.group_id",
    "kam_id": "a.kam_id",
    "segment": "a.segment",
    "country": "a.country",
    "month": "p.month",
    "quarter": "year(p.month) || '-Q' || quarter(p.month)",
    "year": "year(p.month)",
    "fiscal_quarter": f"year({_FISCAL}) || '-Q' || quarter({_FISCAL})",
    "fiscal_year": f"year({_FISCAL})",
    "line_type": "p.line_type",
    "product": "p.product",
    "product_category": "p.product_category",
    "activity": "p.activity",
    "currency": "p.currency",
}
_COLUMNS_OF = {
    **DIMENSIONS,
    "customer": "coalesce(p.account_id, p.unmapped_ref)",
    "is_allocated": "p.account_id is not null",
}
"""Families built on this one may also ask by customer, an account or a number that belongs to none, and by which."""
_OF_LINES = {"product", "product_category"}


@dataclass(frozen=True)
class Part:
    """A sum of booked lines of some types; `known` keeps only net sales whose cost price is known (or not)."""

    types: tuple[str, ...]
    sign: int = 1
    known: bool | None = None
    value: Literal["g_value", "g_low", "g_high"] = "g_value"
    """At which rates of activities: the ones that hold, the low or the high ones."""


NET_SALES = Part(NET)
NET_KNOWN = Part(NET, known=True)
COGS = Part(("cogs",))
SERVED = Part(COST_TO_SERVE)
LEAST = Part(COST_TO_SERVE, value="g_low")
MOST = Part(COST_TO_SERVE, value="g_high")
CAPITAL = Part(("capital_charge",))


@dataclass(frozen=True)
class Profit:
    """A figure of the waterfall: parts added up, perhaps as a share of other parts."""

    parts: tuple[Part, ...]
    over: tuple[Part, ...] = ()
    needs: tuple[str, ...] = ("gross_sales",)
    """Line types that must have been loaded at all; without them the figure is unknown, not zero."""


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
    "cost_to_serve_low": Profit((Part(COST_TO_SERVE, -1, value="g_low"),), needs=("cost_to_serve",)),
    "cost_to_serve_high": Profit((Part(COST_TO_SERVE, -1, value="g_high"),), needs=("cost_to_serve",)),
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


def profit(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Rows of profit figures; `.lines` and `.known` of each count the lines it needs and those it could use."""
    held = held_types(world, seen)
    # One row of every figure costs what one figure costs, and then answers whoever asks for another.
    figures = keys if by else tuple(PROFIT)
    nothing = None if by or not held or world.one(_BOOKED, seen.params())["is_booked"] else "no_bookings"
    return [_told(row, keys, by, held, nothing) for row in _rows(world, seen, figures, by)]


def _rows(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    params = {**seen.params(), **_by_line(world, seen, by)}
    types = sorted({name for key in keys for part in PROFIT[key].parts for name in part.types})
    grouped = _GROUPED.format(
        source=_source(params),
        dims="".join(f"{_COLUMNS_OF[name]} as {name}, " for name in by),
        value="p.amount" if "currency" in by else "p.amount_eur",
        which=f"where p.line_type in ({_listed(types)})" if _OF_TYPES & set(by) else "",
    )
    columns = [*by, *(column for key in keys for column in _columns(key, PROFIT[key]))]
    sql = f"with g as ({grouped}) select {', '.join(columns)} from g"
    if by:
        sql += f" group by {', '.join(by)} order by {', '.join(f'{name} nulls last' for name in by)}"
    return world.rows(sql, params)


_BOOKED = """
    select exists (
        from account_month p
        join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
            on a.account_id is not distinct from p.account_id
        where p.scenario = $scenario
    ) as is_booked
"""
_OF_TYPES = {"line_type", "activity"}
"""Dimensions by which lines that a figure does not need would only be noise."""
_GROUPED = """
    with p as ({source})
    select {dims} p.line_type as g_type, p.cost_known as g_known, sum({value}) as g_value,
        sum(coalesce(p.low_eur, {value})) as g_low, sum(coalesce(p.high_eur, {value})) as g_high,
        sum(line_count) as g_lines, sum(line_count) filter ({value} is not null) as g_priced,
        min(case when p.line_type = 'driven' then 'no_cost_rate:' || p.activity
            else 'no_rate:' || p.currency end) filter ({value} is null) as g_unpriced
    from p
    join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
        on p.account_id is not distinct from a.account_id
    {which}
    group by all
"""
_COLUMNS = "account_id, unmapped_ref, month, line_type, activity, currency, amount, amount_eur, line_count"
_CHARGED = """
    account_id, unmapped_ref, month, line_type, activity, currency, (amount * $capital_rate)::decimal(38, 16) as amount,
    (amount_eur * $capital_rate)::decimal(38, 16) as amount_eur, line_count
"""
KNOWN = "coalesce(cost_known, (select bool_or(line_type = 'cogs') from account_month where scenario = $scenario))"
_WHOLE = """
    scenario = $scenario and from_day between $from_date and $to_date and last_day <= $known_until
    and (origin in ('cost_drivers', 'capital') or not ($by_line or list_contains($broken, booked_in)))
"""
_MONTHS = f"""
    select {_COLUMNS}, low_eur, high_eur, {KNOWN} as cost_known, null::text as product, null::text as product_category
    from dated_months($credit_notes)
    where origin <> 'capital' and {_WHOLE}
    union all
    select {_CHARGED}, null, null, true, null, null
    from dated_months($credit_notes)
    where origin = 'capital' and {_WHOLE}
"""
_DAYS = f"""
    select {_COLUMNS}, null, null, {KNOWN} as cost_known, product, product_category
    from dated_lines($credit_notes)
    where scenario = $scenario and counted_on between $from_date and $to_date and posting_date <= $known_until
      and posting_date between $lines_from and $lines_until and ($by_line or list_contains($broken, booked_in))
"""


def _source(params: dict[str, object]) -> str:
    """Whole months from the rollup; the days of a broken month, and every line by product, from the lines."""
    return f"{_MONTHS} union all {_DAYS}" if params["by_line"] or params["broken"] else _MONTHS


def _by_line(world: World, seen: Slice, by: Sequence[str]) -> dict[str, object]:
    """For which months the rollup cannot answer: all of them, or those of which the period holds a part."""
    if _OF_LINES & set(by):
        return {"by_line": True, "broken": [], "lines_from": BEGINNING, "lines_until": date.max}
    broken = [row["month"] for row in world.rows(read_sql(__file__, "profit_edges"), seen.params())]
    return {"by_line": False, "broken": broken, **days_of(broken)}


def _columns(key: str, figure: Profit) -> list[str]:
    """SQL of one figure: its sum, what it is a share of, and the lines behind it."""
    types = f"g_type in ({_listed(name for part in figure.parts for name in part.types)})"
    net = f"g_type in ({_listed(NET)})"
    needs_cost = any(part.known is True for part in figure.parts)
    usable = f"{types} and (g_known or not {net})" if needs_cost else types
    no_cost = f"count(*) filter ({net} and not g_known) > 0 and count(*) filter ({net} and g_known) = 0"
    return [
        f"{_sum(figure.parts)} as {key}",
        f"{_sum(figure.over) if figure.over else 'null'} as {_hidden(key, 'over')}",
        f"coalesce(sum(g_lines) filter ({types}), 0) as {_hidden(key, 'lines')}",
        f"coalesce(sum(g_priced) filter ({usable}), 0) as {_hidden(key, 'known')}",
        f"min(g_unpriced) filter ({types}) as {_hidden(key, 'unpriced')}",
        f"{no_cost if needs_cost else 'false'} as {_hidden(key, 'no_cost')}",
    ]


def _sum(parts: Iterable[Part]) -> str:
    terms = []
    for part in parts:
        which = f"g_type in ({_listed(part.types)})"
        if part.known is not None:
            which += " and g_known" if part.known else " and not g_known"
        terms.append(f"{part.sign} * coalesce(sum({part.value}) filter ({which}), 0)")
    return " + ".join(terms)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _hidden(key: str, what: str) -> str:
    return f'"{key}.{what}"'


def held_types(world: World, seen: Slice) -> frozenset[str]:
    """Line types that were loaded at all, for anybody; any cost to serve counts as `cost_to_serve`."""
    rows = world.rows("select distinct line_type from account_month where scenario = $scenario", seen.params())
    types = {row["line_type"] for row in rows}
    if types & set(NET):
        types.add("gross_sales")
    return frozenset(types | ({"cost_to_serve"} if types & set(COST_TO_SERVE) else set()))


def _told(row: Row, keys: Sequence[str], by: Sequence[str], held: frozenset[str], nothing: str | None) -> Row:
    """Sums turned into figures: shares divided, unknowns emptied and explained.

    Whose accounts were never booked on (`nothing`) have no figures: perhaps their customer numbers are not known.
    """
    told: Row = {name: row[name] for name in by}
    for key in keys:
        why = _why(row, key, held, nothing)
        over = row[f"{key}.over"]
        told[key] = None if why else row[key] if over is None else float(Decimal(row[key]) / Decimal(over))
        told |= {f"why.{key}": why, f"{key}.lines": row[f"{key}.lines"], f"{key}.known": row[f"{key}.known"]}
    return told


def _why(row: Row, key: str, held: frozenset[str], nothing: str | None) -> str | None:
    """Why a figure cannot be known, if it cannot."""
    why = next((f"no_{need}" for need in PROFIT[key].needs if need not in held), nothing) or row[f"{key}.unpriced"]
    if not why and row[f"{key}.no_cost"]:
        return "no_cogs"
    if not why and PROFIT[key].over and row[f"{key}.over"] <= 0:
        return "negative_net_sales" if row[f"{key}.over"] else "no_net_sales"
    return why
