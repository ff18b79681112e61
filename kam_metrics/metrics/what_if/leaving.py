"""Customers that leave: what goes with them, what stays behind, and whom one could afford to lose least.

A customer that leaves takes its gross margin along and only that part of its cost to serve that ends with it; the
setting `staying_costs` names the activities whose people are on the payroll all the same. What a customer owes is
released, what it no longer buys weighs no more in concentration.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kam_metrics.metrics.concentration import of_amounts
from kam_metrics.metrics.measures import measure
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.receivables import is_loaded
from kam_metrics.store import World
from kam_metrics.terms import Slice

ZERO = Decimal(0)
SPREAD = ("hhi", "cr1", "cr4")
_FIGURES = ["net_sales", "contribution", "cost_to_serve"]


@dataclass(frozen=True)
class Customer:
    """A customer's figures of the period: an account, or a number that belongs to none."""

    customer: str
    account_id: str | None
    name: str
    net_sales: Decimal
    contribution: Decimal
    staying: Decimal
    """Its cost to serve that is there without it as well."""
    owes: Decimal | None

    @property
    def profit(self) -> Decimal:
        """What the company would earn less without it."""
        return self.contribution + self.staying


@dataclass(frozen=True)
class Book:
    """The customers whose contribution is known, and how many are left out because it is not."""

    customers: Sequence[Customer]
    unknown: int

    @property
    def contribution(self) -> Decimal:
        """Of all of them together."""
        return sum((one.contribution for one in self.customers), ZERO)

    @property
    def dearest(self) -> Sequence[Customer]:
        """Those the company could afford to lose least, first."""
        return sorted(self.customers, key=lambda one: (-one.profit, one.customer))


def book(world: World, seen: Slice, staying: Collection[str]) -> Book:
    """Every customer of this reader, with what would stay when it leaves."""
    stays, owes = _stays(world, seen, staying), _owes(world, seen)
    rows = profit(world, seen, _FIGURES, ["customer", "account_id", "account_name"])
    known = [row for row in rows if all(row[key] is not None for key in _FIGURES)]
    customers = [
        Customer(
            row["customer"] or "–",
            row["account_id"],
            row["account_name"] or row["customer"] or "–",
            row["net_sales"],
            row["contribution"],
            stays[row["customer"]],
            owes[row["account_id"]],
        )
        for row in known
    ]
    return Book(customers, len(rows) - len(known))


def _stays(world: World, seen: Slice, staying: Collection[str]) -> Mapping[str | None, Decimal]:
    """Per customer the cost to serve that does not end with it."""
    found: dict[str | None, Decimal] = defaultdict(Decimal)
    for row in profit(world, seen, ["cost_to_serve"], ["customer", "activity"]):
        if row["activity"] in staying and row["cost_to_serve"] is not None:
            found[row["customer"]] += row["cost_to_serve"]
    return found


def _owes(world: World, seen: Slice) -> Mapping[str | None, Decimal | None]:
    """Per account what it owes: nothing where receivables were loaded and hold nothing of it."""
    is_known = is_loaded(world, seen)
    found: dict[str | None, Decimal | None] = defaultdict(lambda: ZERO if is_known else None)
    rows = measure(world, seen, "receivables_open", by=["account_id"]).rows
    return found | {row["account_id"]: row["receivables_open"] for row in rows}


@dataclass(frozen=True)
class Loss:
    """What is different without the customers that leave."""

    net_sales: Decimal
    profit: Decimal
    stays: Decimal
    before: Decimal
    released: Decimal | None
    replacement: Decimal | None
    """Net sales that the others would have to add, at what they keep of a euro now; None when they keep nothing."""
    spread: Mapping[str, tuple[float | None, float | None]]
    """Concentration before and after."""

    @property
    def after(self) -> Decimal:
        """Contribution without them."""
        return self.before - self.profit


def lose(of: Book, leaving: Collection[str]) -> Loss:
    """What goes when these accounts leave, and what stays behind."""
    gone = [one for one in of.customers if one.account_id in leaving]
    rest = [one for one in of.customers if one.account_id not in leaving]
    lost = sum((one.profit for one in gone), ZERO)
    sold, kept = sum((one.net_sales for one in rest), ZERO), sum((one.profit for one in rest), ZERO)
    owed = [one.owes for one in gone if one.owes is not None]
    return Loss(
        net_sales=sum((one.net_sales for one in gone), ZERO),
        profit=lost,
        stays=sum((one.staying for one in gone), ZERO),
        before=of.contribution,
        released=sum(owed, ZERO) if owed else None,
        replacement=lost * sold / kept if kept > 0 and sold > 0 else None,
        spread={key: (_spread(key, of.customers), _spread(key, rest)) for key in SPREAD},
    )


def _spread(key: str, customers: Sequence[Customer]) -> float | None:
    found = of_amounts(key, [one.net_sales for one in customers])
    return found if isinstance(found, float) else None
