"""What would change: customers that leave, terms, prices, minimum orders, cost to serve (measures.md 3.5 and 3.9).

Estimates over the figures of the period, exact and without any other assumption than the one that is asked. A customer
that leaves takes its gross margin along and only that part of its cost to serve that ends with it; the setting
`staying_costs` names the activities whose people are on the payroll all the same. What a customer owes is released,
what it no longer buys weighs no more in concentration.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.concentration import of_amounts
from kam_metrics.metrics.measures import measure
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.receivables import is_loaded
from kam_metrics.metrics.spine import Unknown
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

ZERO = Decimal(0)
QUARTER = 90
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


@dataclass(frozen=True)
class Terms:
    """What other payment terms do to the money that stands out; negative is tied up."""

    released: Decimal
    yearly: Decimal
    """The capital charge saved in a year."""


def terms(world: World, seen: Slice, days: int) -> Terms | Unknown:
    """Everybody pays so many days later (or, below zero, earlier): days times what is invoiced a day, VAT included.

    A day is that of the last 90; nobody can pay more than stands open.
    """
    recent = replace(seen, from_date=seen.as_of - timedelta(days=QUARTER - 1), to_date=None)
    answer = measure(world, recent, "credit_sales", "receivables_open", by=["account_id"])
    if not answer.rows:
        return Unknown("no_receivables")
    released = ZERO
    for row in answer.rows:
        if why := answer.why(row):
            return Unknown(next(iter(why.values())))
        moved = row["credit_sales"] * -days / QUARTER
        released += min(moved, max(row["receivables_open"], ZERO)) if days < 0 else moved
    rate: Decimal = world.constant("capital_rate")
    return Terms(released, released * rate)


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


@dataclass(frozen=True)
class Service:
    """What another cost of an activity does to contribution."""

    cost: Decimal
    change: Decimal
    after: Decimal


def service(world: World, seen: Slice, activity: str, percent: int) -> Service | Unknown:
    """An activity costs so many percent more or less: another rate, or more or less of it."""
    answer = measure(world, seen, "contribution")
    if why := answer.why(answer.only):
        return Unknown(why["contribution"])
    rows = measure(world, seen, "cost_to_serve", by=["activity"]).rows
    cost = sum((row["cost_to_serve"] or ZERO for row in rows if row["activity"] == activity), ZERO)
    change = -cost * percent / 100
    return Service(cost, change, answer.only["contribution"] + change)
