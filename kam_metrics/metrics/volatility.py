"""How much net sales swing from month to month (measures.md 3.6).

The standard deviation of the last twelve whole months over their mean. A month without postings counts as nothing sold,
but not one from before anything was booked at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from statistics import mean, stdev

from kam_metrics.metrics.answer import Measure, Row
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.profit_parts import NET
from kam_metrics.metrics.spine import ACCOUNT_DIMENSIONS, Unknown, Value, told, year_earlier
from kam_metrics.store import World
from kam_metrics.terms import Slice

MONTHS = 12
_ZERO = Decimal(0)
_FIRST_MONTH = (
    "select min(month) as month from account_month where scenario = $scenario and list_contains($net, line_type)"
)
Place = tuple[object, ...]


def volatility(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """The spread of monthly net sales per group."""
    year = _whole_year(seen)
    first_month = world.one(_FIRST_MONTH, {**seen.params(), "net": list(NET)})["month"]
    is_known = first_month is not None and first_month <= year.first_day
    sold: dict[Place, list[Decimal | Unknown]] = {(): []} if not by else {}
    for row in profit(world, year, ["net_sales"], [*by, "month"]):
        why = row["why.net_sales"]
        sold.setdefault(tuple(row[name] for name in by), []).append(Unknown(why) if why else row["net_sales"])
    spread = {place: _spread(months) if is_known else Unknown("no_twelve_months") for place, months in sold.items()}
    return [told(dict(zip(by, place, strict=True)), {"net_sales_volatility": value}) for place, value in spread.items()]


def _whole_year(seen: Slice) -> Slice:
    """The last twelve months that the slice knows to their end."""
    next_day = seen.last_day + timedelta(days=1)
    last = next_day.replace(day=1) - timedelta(days=1)
    return replace(seen, from_date=year_earlier(last) + timedelta(days=1), to_date=last)


def _spread(months: Sequence[Decimal | Unknown]) -> Value:
    if unknown := [amount for amount in months if isinstance(amount, Unknown)]:
        return unknown[0]
    sold = [amount for amount in months if isinstance(amount, Decimal)]
    amounts = [*sold, *[_ZERO] * (MONTHS - len(sold))]
    average = mean(amounts)
    return float(stdev(amounts) / average) if average > 0 else Unknown("no_net_sales")


MEASURES = {
    "net_sales_volatility": Measure(
        "volatility",
        "share",
        "lower",
        "standard deviation of twelve monthly net_sales / their mean",
        "coefficient of variation (Pearson 1896)",
        frozenset(ACCOUNT_DIMENSIONS),
    )
}
