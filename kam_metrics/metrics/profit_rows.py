"""Sums of booked lines by whatever is asked: of the rollup profit_month where that can tell them apart.

By line type, activity or currency they are sums of account_month; by product, and for the months of which a period
holds a part, of the lines themselves. So are lines without euros: they say which rate is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.profit_parts import Part, Profit
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
    world: World, seen: Slice, figures: Mapping[str, Profit], by: Sequence[str], held: frozenset[str]
) -> list[Row]:
    """A row per combination of `by` with the sum of each figure, and beside it as `<figure>.<what>`:

    `over` what it is a share of, `lines` the lines behind it and `known` those it could use, `unpriced` which rate is
    missing, `no_cost` whether no cost price at all is known.
    """
    names = sorted({name for figure in figures.values() for name in figure.columns})
    source = _source(world, seen, names, by)
    sums = [f"coalesce(sum(p.{name}), 0) as {name}" for name in names]
    if source.has_lines:
        sums += [column for key, figure in figures.items() for column in _unpriced(key, figure)]
    told = [column for key, figure in figures.items() for column in _columns(key, figure, source.has_lines)]
    types = _listed({name for figure in figures.values() for name in figure.types})
    sql = f"""
        with p as ({source.sql}),
        s as (
            select {", ".join([*(f"{_COLUMN_OF[name]} as {name}" for name in by), *sums])}
            from p
            join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
                on a.account_id is not distinct from p.account_id
            {f"where p.line_type in ({types})" if _BY_TYPE & set(by) else ""}
            {"group by all" if by else ""}
        )
        select {", ".join([*by, *told])} from s
        {f"order by {', '.join(f'{name} nulls last' for name in by)}" if by else ""}
    """
    return world.rows(sql, {**seen.params(), **source.params, "is_costed": "cogs" in held})


@dataclass(frozen=True)
class _Source:
    """Rows with a column for each line of the profit statement; those that `has_lines` tells of have one type each."""

    sql: str
    has_lines: bool
    params: Mapping[str, object]


def _source(world: World, seen: Slice, names: Sequence[str], by: Sequence[str]) -> _Source:
    """Where the sums are taken from: by product from every line, and always from the lines of a broken month."""
    edges = world.rows(read_sql(__file__, "profit_edges"), seen.params())
    broken = [row["month"] for row in edges if row["is_broken"]]
    by_line = bool(_BY_LINE & set(by))
    days = {"lines_from": BEGINNING, "lines_until": date.max} if by_line else days_of(broken)
    is_rolled_up = not _NOT_IN_PROFIT_MONTH & set(by)
    lines = []
    if not is_rolled_up:
        lines.append(_MONTHS)
    elif not all(row["is_priced"] for row in edges):
        lines.append(f"{_MONTHS} and amount_eur is null")
    if by_line or broken:
        lines.append(_DAYS)
    amount = "amount" if "currency" in by else "amount_eur"
    sources = [_of_rollup(names)] if is_rolled_up else []
    if lines:
        sources.append(_of_lines(names, amount, " union all ".join(lines)))
    params = {"by_line": by_line, "broken": broken, **days}
    return _Source(" union all by name ".join(sources), bool(lines), params)


def _of_rollup(names: Iterable[str]) -> str:
    columns = [
        _charged(name) if name == "capital_charge" else f"{_ROLLED_UP.get(name, name)} as {name}" for name in names
    ]
    return f"""
        select account_id, unmapped_ref, month, {", ".join(columns)}
        from dated_months('profit_month', $credit_notes)
        where {_WHOLE}
    """


def _charged(name: str) -> str:
    """What capital costs at the rate of this reading; anything else is what it is."""
    return f"case when origin = 'capital' then ({name} * $capital_rate)::decimal(38, 16) else {name} end as {name}"


_ROLLED_UP = {
    "uncosted": "case when $is_costed then uncosted else coalesce(uncosted, 0) + coalesce(undecided, 0) end",
    "uncosted_lines":
        "case when $is_costed then uncosted_lines else coalesce(uncosted_lines, 0) + coalesce(undecided_lines, 0) end",
}  # fmt: skip
"""What the rollup leaves open until it is read: whether costs were loaded at all."""


def _of_lines(names: Iterable[str], amount: str, lines: str) -> str:
    columns = [f"case when {_is_of(name)} then {_value_of(name, amount)} end as {name}" for name in names]
    return f"""
        select account_id, unmapped_ref, month, line_type, activity, currency, product, product_category,
            {", ".join(columns)}, is_costed or not is_net_sales(line_type) as is_usable,
            case when {amount} is null then line_count end as unpriced_lines,
            case when {amount} is null
                then case when line_type = 'driven' then 'no_cost_rate:' || activity else 'no_rate:' || currency end
            end as unpriced
        from ({lines})
    """


_LINES_OF = {
    "net": "is_net_sales(line_type)",
    "uncosted": "is_net_sales(line_type) and not is_costed",
    "served": "is_cost_to_serve(line_type)",
}


def _is_of(name: str) -> str:
    """Whether a line is of this line of the profit statement."""
    line = name.removesuffix("_lines").removesuffix("_low").removesuffix("_high")
    return _LINES_OF.get(line, f"line_type = '{line}'")


def _value_of(name: str, amount: str) -> str:
    if name.endswith("_lines"):
        return "line_count"
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


def _unpriced(key: str, figure: Profit) -> list[str]:
    """What a figure lacks for want of a rate: how many of the lines it could use, and which rate."""
    is_of = f"p.line_type in ({_listed(figure.types)})"
    usable = f"{is_of} and p.is_usable" if figure.needs_cost else is_of
    return [
        f"coalesce(sum(p.unpriced_lines) filter ({usable}), 0) as {_beside(key, 'unpriced_lines')}",
        f"min(p.unpriced) filter ({is_of}) as {_beside(key, 'unpriced')}",
    ]


def _columns(key: str, figure: Profit, has_lines: bool) -> list[str]:
    """SQL of one figure: its sum, what it is a share of, and the lines behind it."""
    known = [*figure.counts, *(["-uncosted_lines"] if figure.needs_cost else [])]
    if has_lines:
        known.append(f"-{_beside(key, 'unpriced_lines')}")
    no_cost = "uncosted_lines > 0 and uncosted_lines = net_lines" if figure.needs_cost else "false"
    return [
        f"{_sum(figure.parts)} as {key}",
        f"{_sum(figure.over) if figure.over else 'null'} as {_beside(key, 'over')}",
        f"{' + '.join(figure.counts)} as {_beside(key, 'lines')}",
        f"{' + '.join(known)} as {_beside(key, 'known')}",
        _beside(key, "unpriced") if has_lines else f"null as {_beside(key, 'unpriced')}",
        f"{no_cost} as {_beside(key, 'no_cost')}",
    ]


def _sum(parts: Iterable[Part]) -> str:
    return " ".join(f"{'+' if sign > 0 else '-'} {name}" for part in parts for name, sign in part.terms)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


def _beside(key: str, what: str) -> str:
    return f'"{key}.{what}"'
