"""A minimum order: what orders below it bring and cost, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kam_metrics.metrics.spine import Unknown
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice


@dataclass(frozen=True)
class Orders:
    """Orders under a minimum: what they bring and what handling them costs."""

    orders: int
    small: int
    net_sales: Decimal
    margin: Decimal
    handling: Decimal
    combined: int
    """Orders that would be left of them if each account filled its own up to the minimum."""
    rate: Decimal
    break_even: Decimal | None
    """The order whose gross margin pays for its handling (measures.md 3.9)."""

    @property
    def refused(self) -> Decimal:
        """Contribution gained when they are no longer taken, and nobody orders more instead."""
        return self.handling - self.margin

    @property
    def saved(self) -> Decimal:
        """Contribution gained when the same goods come in orders of the minimum."""
        return self.rate * (self.small - self.combined)


def minimum_order(world: World, seen: Slice, minimum: Decimal) -> Orders | Unknown:
    """What orders smaller than this bring and cost; reads the invoice lines of the period.

    Margin is of the lines whose cost price is known.
    """
    told = world.one(read_sql(__file__, "orders"), {**seen.params(), "minimum": minimum})
    if not told["orders"]:
        return Unknown("no_order_numbers")
    if told["unrated"]:
        return Unknown(f"no_rate:{told['unrated']}")
    if told["is_uncosted"]:
        return Unknown("no_cogs")
    if told["rate"] is None:
        return Unknown("no_cost_rate:orders")
    rate, small = told["rate"], told["small"]
    all_sales, all_margin = told["all_sales"], told["all_margin"]
    break_even = rate * all_sales / all_margin if all_sales > 0 and all_margin > 0 else None
    return Orders(
        told["orders"], small, told["net_sales"], told["margin"], rate * small, told["combined"], rate, break_even
    )
