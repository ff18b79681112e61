"""What became of last year's net sales (measures.md 3.6): effects that add up to the cent, and what was retained.

The period is set beside the same days a year earlier; a slice without a first day means the twelve months up to its
last day. Prices and quantities come from invoice lines, per customer and product:

- like for like, a product that the customer bought in both periods: price = (p1 - p0) x q1, volume = what the
  customer's total quantity did at last year's average price, mix = the rest;
- new and lost products: bought in only one of both;
- the same by sales component: like for like and added products without services, all of value-added services, and
  what is left: lost products and other;
- other: credit notes, rebates, and what has no product or no quantity.

An effect is rounded once, to four decimals, per customer (volume) or product; the cents left over are price's, so
the six always add up to the growth. Net revenue retention = this year's net sales of last year's customers / what
they bought then; gross retention counts no customer for more than they bought then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from kam_metrics.metrics.answer import Better, Measure, Row, Unit
from kam_metrics.metrics.effects import COMPONENTS, EFFECTS, Effects, Place, effects_of
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.profit_parts import NET
from kam_metrics.metrics.spine import (
    ACCOUNT_DIMENSIONS,
    TIME_DIMENSIONS,
    Moment,
    Unknown,
    Value,
    spine,
    told,
    year_earlier,
)
from kam_metrics.store import World
from kam_metrics.terms import BEGINNING, Slice

PARTS = (*EFFECTS, "other_effect")
"""They add up to the growth."""
BY_COMPONENT = (*COMPONENTS, "lost_and_other_effect")
"""And so do these; a component that is unknown counts in the others."""
_ZERO = Decimal(0)
_DIMENSIONS = frozenset({*ACCOUNT_DIMENSIONS, *TIME_DIMENSIONS})
_FIRST_MONTH = (
    "select min(month) as month from account_month where scenario = $scenario and list_contains($net, line_type)"
)
Pair = tuple[Decimal, Decimal]
"""Net sales of a customer of last year: this year's, and last year's."""


@dataclass(frozen=True)
class Found:
    """Of one group: its two totals, its customers in both years, and what its products did."""

    now: Row
    base: Row
    customers: Sequence[Pair]
    effects: Effects | Unknown

    @property
    def lines(self) -> int:
        """How many lines both totals are made of."""
        return int(self.now["net_sales.lines"] + self.base["net_sales.lines"])


def growth(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Growth and retention per group and period; unknown where last year is not known as a whole."""
    first_month = _first_month(world, seen)
    groups = [name for name in by if name not in TIME_DIMENSIONS]
    rows: list[Row] = []
    for moment in _moments(seen, by, first_month):
        base_from = year_earlier(moment.first_day)
        is_known = first_month is not None and first_month <= base_from.replace(day=1)
        for place, found in _found(world, seen, moment, groups).items():
            if by and not found.lines:
                continue
            values = {key: _value(key, found) if is_known else Unknown("no_year_before") for key in keys}
            everywhere = {**dict(zip(groups, place, strict=True)), **moment.labels}
            rows.append(told({name: everywhere[name] for name in by}, values))
    return rows


def knows_sales_from(world: World, seen: Slice) -> bool:
    """Whether sales were loaded from the first month of this slice on."""
    first_month = _first_month(world, seen)
    return first_month is not None and first_month <= seen.first_day.replace(day=1)


def _first_month(world: World, seen: Slice) -> date | None:
    month: date | None = world.one(_FIRST_MONTH, {**seen.params(), "net": list(NET)})["month"]
    return month


def _moments(seen: Slice, by: Sequence[str], first_month: date | None) -> Iterable[Moment]:
    if seen.from_date is None and not set(by) & set(TIME_DIMENSIONS):
        first = year_earlier(seen.last_day) + timedelta(days=1)
        return [Moment(first, seen.last_day, seen.last_day, {})]
    return spine(seen, by, first_month)


def _found(world: World, seen: Slice, moment: Moment, groups: Sequence[str]) -> Mapping[Place, Found]:
    if moment.first_day == BEGINNING:
        moment = replace(moment, first_day=moment.last_day)
    now = replace(seen, from_date=moment.first_day, to_date=moment.last_day)
    base = year_before(now)
    totals = [_by_place(world, one, groups) for one in (now, base)]
    customers = _customers(world, now, base, groups)
    effects = effects_of(world, now, base, groups)
    none: Row = {"net_sales": _ZERO, "why.net_sales": None, "net_sales.lines": 0}
    return {
        place: Found(
            totals[0].get(place, none),
            totals[1].get(place, none),
            customers.get(place, ()),
            effects.get(place, Unknown("no_products")),
        )
        for place in totals[0] | totals[1]
    }


def compared(seen: Slice) -> tuple[Slice, Slice]:
    """The period that growth is about, and the same days a year earlier."""
    (moment,) = _moments(seen, (), None)
    now = replace(seen, from_date=moment.first_day, to_date=moment.last_day)
    return now, year_before(now)


def year_before(now: Slice) -> Slice:
    """The same days a year earlier, as they were known then."""
    return replace(
        now,
        as_of=year_earlier(now.as_of),
        from_date=year_earlier(now.first_day),
        to_date=year_earlier(now.last_day),
    )


def _customers(world: World, now: Slice, base: Slice, groups: Sequence[str]) -> Mapping[Place, Sequence[Pair]]:
    """Per group, what each of last year's customers bought this year and then."""
    bought = _by_place(world, now, [*groups, "customer"])
    found: dict[Place, list[Pair]] = {}
    for who, was in _by_place(world, base, [*groups, "customer"]).items():
        amount = bought[who]["net_sales"] if who in bought else None
        if (was["net_sales"] or _ZERO) > 0:
            found.setdefault(who[:-1], []).append((amount or _ZERO, was["net_sales"]))
    return found


def _by_place(world: World, seen: Slice, by: Sequence[str]) -> dict[Place, Row]:
    return {tuple(row[name] for name in by): row for row in profit(world, seen, ["net_sales"], by)}


def _value(key: str, found: Found) -> Value:
    if why := found.now["why.net_sales"] or found.base["why.net_sales"]:
        return Unknown(why)
    return _VALUES[key](found)


def _grown(found: Found) -> Decimal:
    return Decimal(found.now["net_sales"] - found.base["net_sales"])


def _grown_pct(found: Found) -> Value:
    base = found.base["net_sales"]
    return float(_grown(found) / base) if base > 0 else Unknown("no_net_sales_before")


def _effect(key: str) -> Callable[[Found], Value]:
    return lambda found: found.effects if isinstance(found.effects, Unknown) else found.effects[key]


def _less(parts: Sequence[str]) -> Callable[[Found], Value]:
    """What is left of the growth when the parts that are known are taken away."""

    def value(found: Found) -> Value:
        if isinstance(found.effects, Unknown):
            return found.effects
        told = (found.effects[part] for part in parts)
        return _grown(found) - sum((amount for amount in told if isinstance(amount, Decimal)), _ZERO)

    return value


def _retained(kept: Callable[[Pair], Decimal]) -> Callable[[Found], Value]:
    def value(found: Found) -> Value:
        base = sum((was for _, was in found.customers), _ZERO)
        return float(sum(map(kept, found.customers), _ZERO) / base) if base else Unknown("no_net_sales_before")

    return value


_VALUES: Mapping[str, Callable[[Found], Value]] = {
    "net_sales_growth": _grown,
    "net_sales_growth_pct": _grown_pct,
    **{key: _effect(key) for key in (*EFFECTS, *COMPONENTS)},
    "other_effect": _less(EFFECTS),
    "lost_and_other_effect": _less(COMPONENTS),
    "net_revenue_retention": _retained(lambda pair: pair[0]),
    "gross_revenue_retention": _retained(min),
}


def _declared(unit: Unit, better: Better, formula: str, source: str) -> Measure:
    return Measure("growth", unit, better, formula, source, _DIMENSIONS)


_EFFECTS = "price-volume-mix analysis; p, q: price and quantity of a product, 0: a year earlier, 1: now"
_COMPONENTS = "Ramstedt, Johansson & Weltman 2019 (sales components of a key account plan)"
_RETENTION = "net and gross revenue retention over twelve months, as in subscription reporting"
MEASURES = {
    "net_sales_growth": _declared("EUR", "higher", "net_sales − net_sales of the same days a year earlier", _EFFECTS),
    "net_sales_growth_pct": _declared("share", "higher", "net_sales_growth / net_sales a year earlier", _EFFECTS),
    "price_effect": _declared("EUR", "higher", "Σ (p1 − p0) × q1, products bought in both years", _EFFECTS),
    "volume_effect": _declared("EUR", "higher", "Σ per customer (Σ q1 − Σ q0) × Σ p0 q0 / Σ q0", _EFFECTS),
    "mix_effect": _declared("EUR", "higher", "Σ (q1 − q0) × p0 − volume_effect", _EFFECTS),
    "new_products_effect": _declared("EUR", "higher", "Σ p1 × q1, products the customer did not buy then", _EFFECTS),
    "lost_products_effect": _declared("EUR", "higher", "−Σ p0 × q0, products the customer buys no more", _EFFECTS),
    "other_effect": _declared("EUR", "neither", "net_sales_growth − the five effects of products", _EFFECTS),
    "like_for_like_effect": _declared(
        "EUR", "higher", "price_effect + volume_effect + mix_effect of what is no service", _COMPONENTS
    ),
    "added_products_effect": _declared("EUR", "higher", "new_products_effect of what is no service", _COMPONENTS),
    "value_added_effect": _declared("EUR", "higher", "net_sales of value-added services − theirs then", _COMPONENTS),
    "lost_and_other_effect": _declared("EUR", "neither", "net_sales_growth − the three components", _COMPONENTS),
    "net_revenue_retention": _declared(
        "share", "higher", "net_sales of last year's customers / theirs then", _RETENTION
    ),
    "gross_revenue_retention": _declared(
        "share", "higher", "Σ min(net_sales now, then) of last year's customers / theirs then", _RETENTION
    ),
}
