"""Every number of the product, declared once, and the one function that answers for any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import groupby

from kam_metrics.errors import UnknownDimension, UnknownMeasure, UsageError
from kam_metrics.metrics.alignment import MEASURES as OF_ALIGNMENT
from kam_metrics.metrics.alignment import alignment
from kam_metrics.metrics.answer import Answer, Measure, Row
from kam_metrics.metrics.cash import MEASURES as OF_CASH
from kam_metrics.metrics.cash import cash
from kam_metrics.metrics.concentration import MEASURES as OF_CONCENTRATION
from kam_metrics.metrics.concentration import concentration
from kam_metrics.metrics.growth import MEASURES as OF_GROWTH
from kam_metrics.metrics.growth import growth
from kam_metrics.metrics.health import MEASURES as OF_HEALTH
from kam_metrics.metrics.health import health
from kam_metrics.metrics.plan import MEASURES as OF_PLAN
from kam_metrics.metrics.plan import plan
from kam_metrics.metrics.profit import MEASURES as OF_PROFIT
from kam_metrics.metrics.profit import profit, profit_in_all
from kam_metrics.metrics.receivables import MEASURES as OF_RECEIVABLES
from kam_metrics.metrics.receivables import receivables, receivables_in_all
from kam_metrics.metrics.volatility import MEASURES as OF_VOLATILITY
from kam_metrics.metrics.volatility import volatility
from kam_metrics.store import World
from kam_metrics.terms import Slice

Family = Callable[[World, Slice, Sequence[str], Sequence[str]], list[Row]]

FAMILIES: Mapping[str, Family] = {
    "profit": profit,
    "growth": growth,
    "volatility": volatility,
    "concentration": concentration,
    "receivables": receivables,
    "cash": cash,
    "plan": plan,
    "alignment": alignment,
    "health": health,
}
MEASURES: Mapping[str, Measure] = {
    **OF_PROFIT, **OF_GROWTH, **OF_VOLATILITY, **OF_CONCENTRATION, **OF_RECEIVABLES, **OF_CASH, **OF_PLAN,
    **OF_ALIGNMENT, **OF_HEALTH,
}  # fmt: skip
DIMENSIONS = (
    "account_id", "account_name", "group_id", "kam_id", "segment", "country", "month", "quarter", "year",
    "fiscal_quarter", "fiscal_year", "line_type",
    "product", "product_category", "activity", "currency", "ageing_bucket", "plan_id", "objective_id", "milestone_id",
    "phase", "element", "function", "round_id", "vital",
)  # fmt: skip


def measure(world: World, seen: Slice, *keys: str, by: Sequence[str] = ()) -> Answer:
    """One row per combination of `by`, one column per measure; one row in all when `by` is empty."""
    for key in keys:
        _refuse_nonsense(key, by)
    merged: dict[tuple[object, ...], Row] = {}
    lines: dict[str, list[int]] = {}
    for family, asked in _by_family(keys):
        for row in FAMILIES[family](world, seen, asked, by):
            _count(lines, row, asked)
            merged.setdefault(tuple(row[name] for name in by), {}).update(row)
    rows = [_complete(row, keys) for _, row in sorted(merged.items(), key=lambda item: _order(item[0]))]
    coverage = {key: _coverage(key, rows, lines.get(key)) for key in keys}
    return Answer(keys, tuple(by), rows, coverage, {key: total for key, (total, _) in lines.items()})


ADDED_UP: Mapping[str, Callable[[World, Slice, Sequence[str]], Row]] = {
    "profit": profit_in_all,
    "receivables": receivables_in_all,
}


def in_all(world: World, seen: Slice, *keys: str) -> Row:
    """The one row of everything, for whoever asks for each account too: it takes no question of its own."""
    told: Row = {}
    for family, asked in _by_family(keys):
        told |= ADDED_UP[family](world, seen, asked)
    return told


def _by_family(keys: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    def family(key: str) -> str:
        return MEASURES[key].family

    return ((name, list(of_family)) for name, of_family in groupby(sorted(keys, key=family), family))


def _refuse_nonsense(key: str, by: Sequence[str]) -> None:
    if key not in MEASURES:
        nearest = get_close_matches(key, MEASURES, n=1, cutoff=0) or ["net_sales"]
        raise UnknownMeasure(name=key, nearest=nearest[0])
    if "month" not in by and any(name.startswith("fiscal_") for name in by) and {"quarter", "year"} & set(by):
        raise UsageError("two_calendars")
    declared = MEASURES[key]
    for name in by:
        if name not in declared.dims:
            options = ", ".join(d for d in DIMENSIONS if d in declared.dims)
            raise UnknownDimension(name=name, measure=key, options=options)
    if declared.needs and declared.needs not in by:
        raise UsageError("needs_dimension", measure=key, dimension=declared.needs)


def _count(lines: dict[str, list[int]], row: Row, keys: Sequence[str]) -> None:
    """Take the line counts out of a row and add them up per measure."""
    for key in keys:
        total, known = row.pop(f"{key}.lines", None), row.pop(f"{key}.known", None)
        if total is not None and known is not None:
            so_far = lines.setdefault(key, [0, 0])
            so_far[0] += int(total)
            so_far[1] += int(known)


def _coverage(key: str, rows: Sequence[Row], counted: list[int] | None) -> float:
    """Share of lines a measure could be known for; none when it is unknown for another reason than its lines."""
    if counted and counted[1] < counted[0]:
        return counted[1] / counted[0]
    return 0.0 if rows and all(row[key] is None for row in rows) else 1.0


def _complete(row: Row, keys: Sequence[str]) -> Row:
    """A family that has nothing to say about a combination leaves its measures unknown there."""
    for key in keys:
        if key not in row:
            row[key] = None
            row[f"why.{key}"] = "no_facts"
    return row


def _order(dims: tuple[object, ...]) -> tuple[tuple[bool, str | int], ...]:
    return tuple([(value is None, value if isinstance(value, int) else str(value)) for value in dims])
