"""Other prices: what they bring as long as nobody buys less, and how much may change before that is gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.measures import measure
from kam_metrics.metrics.spine import Unknown
from kam_metrics.store import World
from kam_metrics.terms import Slice

ZERO = Decimal(0)


@dataclass(frozen=True)
class Price:
    """What another price does as long as nobody buys less, and how much may change before it does nothing."""

    extra: Decimal
    after: Decimal
    volume: float | None
    """Share of volume that may go (or, after a cut, must come) before contribution is what it was."""


def price(figures: Row, staying: Decimal, percent: int) -> Price | Unknown:
    """Prices so many percent higher or lower, over the sales whose cost price is known."""
    if figures["contribution"] is None:
        return Unknown(figures["why.contribution"])
    sales = figures["net_sales"] - figures["margin_unknown"]
    extra = sales * percent / 100
    kept = figures["contribution"] + staying + extra
    volume = float(extra / kept) if kept > 0 else None
    return Price(extra, figures["contribution"] + extra, volume)


def staying_cost(world: World, seen: Slice, staying: Collection[str]) -> Decimal:
    """The cost to serve that does not move with the volume."""
    rows = measure(world, seen, "cost_to_serve", by=["activity"]).rows
    return sum((row["cost_to_serve"] or ZERO for row in rows if row["activity"] in staying), ZERO)
