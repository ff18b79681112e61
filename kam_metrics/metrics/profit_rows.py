"""Sums of booked lines by whatever is asked: of the rollup profit_month where that can tell them apart.

By line type, activity or currency they are sums of account_month; by product, and for the months of which a period
holds a part, of the lines themselves. So are lines without euros: they say which rate is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.profit_parts import Profit
from kam_metrics.metrics.spine import days_of
from kam_metrics.store import World, read_sql
from kam_metrics.terms import BEGINNING, Slice

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
_COLUMN_OF = {
    **DIMENSIONS,
    "customer": "coalesce(p.account_id, p.unmapped_ref)",
    "is_allocated": "p.account_id is not null",
}
"""Families built on this one may also ask by customer, an account or a number that belongs to none, and by which."""
_BY_LINE = frozenset({"product", "product_category"})
_BY_TYPE = frozenset({"line_type", "activity"})
"""Dimensions by which lines that a figure does not need would only be noise."""
_NOT_IN_PROFIT_MONTH = _BY_LINE | _BY_TYPE | {"currency"}


def profit_rows(
    world: World,
    seen: Slice,
    figures: Collection[Profit],
    by: Sequence[str],
    held: frozenset[str],
    accounts: Sequence[str] | None = None,
) -> list[Row]:
    """A row per combination of `by` with the sum of each line of the profit statement that the figures need.

    Beside it as `<line>_lines` how many that were; where some may lack euros, as `_priced` how many have them, and as
    `_unpriced` which rate the others miss.
    """
    sums = sorted({name for figure in figures for name in figure.sums})
    lines = sorted({"net", "uncosted", *(name for figure in figures for name in figure.lines)})
    source = _source(world, seen, sums, lines, by)
    told = [f"coalesce(sum(p.{name}), 0) as {name}" for name in (*sums, *(f"{name}_lines" for name in lines))]
    if source.has_lines:
        told += [f"coalesce(sum(p.{name}_priced), 0) as {name}_priced" for name in lines]
        told += [f"min(p.{name}_unpriced) as {name}_unpriced" for name in lines]
    types = _listed({name for figure in figures for name in figure.types})
    sql = f"""
        with p as ({source.sql})
        select {", ".join([*(f"{_COLUMN_OF[name]} as {name}" for name in by), *told])}
        from p
        join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
            on a.account_id is not distinct from p.account_id
        where ($accounts::text[] is null or list_contains($accounts::text[], p.account_id))
            {f"and p.line_type in ({types})" if _BY_TYPE & set(by) else ""}
        {"group by all" if by else ""}
        {f"order by {', '.join(f'{name} nulls last' for name in by)}" if by else ""}
    """
    return world.rows(sql, {**seen.params(), **source.params, "is_costed": "cogs" in held, "accounts": accounts})


@dataclass(frozen=True)
class _Source:
    """Rows with a column for each line of the profit statement; `has_lines` when some of them may lack euros."""

    sql: str
    has_lines: bool
    params: Mapping[str, object]


def _source(world: World, seen: Slice, sums: Sequence[str], lines: Sequence[str], by: Sequence[str]) -> _Source:
    """Where the sums are taken from: by product from every line, and always from the lines of a broken month."""
    edges = world.rows(read_sql(__file__, "profit_edges"), seen.params())
    broken = [row["month"] for row in edges if row["is_broken"]]
    by_line = bool(_BY_LINE & set(by))
    days = {"lines_from": BEGINNING, "lines_until": date.max} if by_line else days_of(broken)
    is_rolled_up = not _NOT_IN_PROFIT_MONTH & set(by)
    booked = []
    if not is_rolled_up:
        booked.append(_MONTHS)
    elif not all(row["is_priced"] for row in edges):
        booked.append(f"{_MONTHS} and amount_eur is null")
    if by_line or broken:
        booked.append(_DAYS)
    amount = "amount" if "currency" in by else "amount_eur"
    sources = [_of_rollup(sums, lines, counts_priced=bool(booked))] if is_rolled_up else []
    if booked:
        sources.append(_of_lines(sums, lines, amount, " union all ".join(booked)))
    params = {"by_line": by_line, "broken": broken, **days}
    return _Source(" union all by name ".join(sources), bool(booked), params)


def _of_rollup(sums: Iterable[str], lines: Iterable[str], *, counts_priced: bool) -> str:
    columns = [_charged(name) if name == "capital_charge" else name for name in sums]
    for counted in ("lines", "priced") if counts_priced else ("lines",):
        columns += [f"{name}_lines as {name}_{counted}" for name in lines]
    return f"""
        select account_id, unmapped_ref, month, {", ".join(columns)}
        from dated_profit($credit_notes, $is_costed)
        where {_WHOLE}
    """


def _charged(name: str) -> str:
    """What capital costs at the rate of this reading; anything else is what it is."""
    return f"case when origin = 'capital' then ({name} * $capital_rate)::decimal(38, 16) else {name} end as {name}"


def _of_lines(sums: Iterable[str], lines: Iterable[str], amount: str, booked: str) -> str:
    columns = [f"case when {_is_of(name)} then {_value_of(name, amount)} end as {name}" for name in sums]
    for name in lines:
        columns.append(f"case when {_is_of(name)} then line_count end as {name}_lines")
        columns.append(f"case when {_is_of(name)} and {amount} is not null then line_count end as {name}_priced")
        columns.append(f"case when {_is_of(name)} and {amount} is null then lacking end as {name}_unpriced")
    return f"""
        select account_id, unmapped_ref, month, line_type, activity, currency, product, product_category,
            missing_rate(line_type, activity, currency) as lacking,
            {", ".join(columns)}
        from ({booked})
    """


_LINES_OF = {
    "net": "is_net_sales(line_type)",
    "uncosted": "is_net_sales(line_type) and not is_costed",
    "served": "is_cost_to_serve(line_type)",
}


def _is_of(name: str) -> str:
    """Whether what was booked is of this line of the profit statement."""
    line = name.removesuffix("_low").removesuffix("_high")
    return _LINES_OF.get(line, f"line_type = '{line}'")


def _value_of(name: str, amount: str) -> str:
    band = name.removeprefix("served_")
    return f"coalesce({band}_eur, {amount})" if band in ("low", "high") else amount


_WHOLE = """
    scenario = $scenario and from_day between $from_date and $to_date and last_day <= $known_until
    and (origin in ('cost_drivers', 'capital') or not ($by_line or list_contains($broken, booked_in)))
"""
KNOWN = "coalesce(cost_known, $is_costed)"
"""Where nothing says whether a cost price is known, it is when any cost was loaded."""
_MONTHS = f"""
    select account_id, unmapped_ref, month, line_type, activity, currency,
        {_charged("amount")}, {_charged("amount_eur")},
        low_eur, high_eur, line_count, {KNOWN} as is_costed, null::text as product, null::text as product_category
    from dated_months('account_month', $credit_notes)
    where {_WHOLE}
"""
_DAYS = f"""
    select account_id, unmapped_ref, month, line_type, activity, currency, amount, amount_eur, null as low_eur,
        null as high_eur, line_count, {KNOWN} as is_costed, product, product_category
    from dated_lines($credit_notes)
    where scenario = $scenario and counted_on between $from_date and $to_date and posting_date <= $known_until
      and posting_date between $lines_from and $lines_until and ($by_line or list_contains($broken, booked_in))
"""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
