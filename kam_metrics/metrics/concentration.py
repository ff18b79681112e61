"""How much hangs on few customers (measures.md 3.5), and what those who cost money take away (3.2).

A customer is an account, or a customer number that belongs to none. Shares are of net sales; where a customer's net
sales are negative there are no shares. The whale figures follow the curve: customers whose contribution is known,
from the most to the least profitable, starting at nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

from kam_metrics.metrics.answer import Better, Measure, Row, Unit
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.spine import TIME_DIMENSIONS, Unknown, Value, told
from kam_metrics.store import World
from kam_metrics.terms import Slice

_DIMENSIONS = frozenset({"kam_id", "segment", "country", *TIME_DIMENSIONS})
_ZERO = Decimal(0)
Amounts = Sequence[Decimal]
"""Of every customer, the largest first."""


def concentration(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Figures over the customers of each group."""
    rows: dict[tuple[object, ...], Row] = {}
    for base in sorted({_BASE[key] for key in keys}):
        asked = [key for key in keys if _BASE[key] == base]
        customers = _customers(world, seen, base, by)
        for group in profit(world, seen, [base], by):
            place = tuple(group[name] for name in by)
            row = rows.setdefault(place, {name: group[name] for name in by})
            row |= told({}, {key: _figure(key, group, customers.get(place, ())) for key in asked})
            row |= {f"{key}.{count}": group[f"{base}.{count}"] for key in asked for count in ("lines", "known")}
    return list(rows.values())


def _customers(world: World, seen: Slice, base: str, by: Sequence[str]) -> Mapping[tuple[object, ...], Amounts]:
    amounts: dict[tuple[object, ...], list[Decimal]] = {}
    for row in profit(world, seen, [base], [*by, "customer"]):
        if row[base] is not None:
            amounts.setdefault(tuple(row[name] for name in by), []).append(row[base])
    return {place: sorted(found, reverse=True) for place, found in amounts.items()}


def _figure(key: str, group: Row, amounts: Amounts) -> Value:
    if why := group[f"why.{_BASE[key]}"]:
        return Unknown(why)
    return _FIGURES[key](amounts)


def of_amounts(key: str, amounts: Iterable[Decimal]) -> Value:
    """A figure over these customers, in any order."""
    return _FIGURES[key](sorted(amounts, reverse=True))


def _of_shares(figure: Callable[[Amounts, Decimal], Decimal]) -> Callable[[Amounts], Value]:
    def value(amounts: Amounts) -> Value:
        total = sum(amounts, _ZERO)
        if any(amount < 0 for amount in amounts):
            return Unknown("negative_customer")
        return float(figure(amounts, total)) if total else Unknown("no_net_sales")

    return value


def _largest(count: int) -> Callable[[Amounts], Value]:
    return _of_shares(lambda amounts, total: sum(amounts[:count], _ZERO) / total)


def _squares(amounts: Amounts) -> Decimal:
    return sum((amount * amount for amount in amounts), _ZERO)


def _peak(amounts: Amounts) -> Decimal:
    """The highest point of the whale curve."""
    return max(accumulate(amounts, initial=_ZERO))


def _peak_pct(amounts: Amounts) -> Value:
    total = sum(amounts, _ZERO)
    return float(_peak(amounts) / total) if total > 0 else Unknown("no_profit")


_FIGURES: Mapping[str, Callable[[Amounts], Value]] = {
    "hhi": _of_shares(lambda amounts, total: _squares(amounts) * 10_000 / (total * total)),
    "effective_accounts": _of_shares(lambda amounts, total: total * total / _squares(amounts)),
    "cr1": _largest(1),
    "cr4": _largest(4),
    "cr10": _largest(10),
    "whale_peak_pct": _peak_pct,
    "value_destroyed": lambda amounts: _peak(amounts) - sum(amounts, _ZERO),
}
_BASE = {key: "contribution" if key in ("whale_peak_pct", "value_destroyed") else "net_sales" for key in _FIGURES}


def _declared(unit: Unit, better: Better, formula: str, source: str = "Herfindahl 1950; Hirschman 1945") -> Measure:
    return Measure("concentration", unit, better, formula, source, _DIMENSIONS)


_WHALE = "Kaplan & Narayanan 2001 (whale curve)"
MEASURES = {
    "hhi": _declared("score", "lower", "Σ (customer's share of net_sales)² × 10,000"),
    "effective_accounts": _declared("count", "higher", "1 / Σ (customer's share of net_sales)²"),
    "cr1": _declared("share", "lower", "net_sales of the largest customer / net_sales"),
    "cr4": _declared("share", "lower", "net_sales of the four largest customers / net_sales"),
    "cr10": _declared("share", "lower", "net_sales of the ten largest customers / net_sales"),
    "whale_peak_pct": _declared("share", "lower", "highest running sum of contribution / contribution", _WHALE),
    "value_destroyed": _declared("EUR", "lower", "highest running sum of contribution − contribution", _WHALE),
}
