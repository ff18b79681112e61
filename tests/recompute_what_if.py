"""What would change, computed a second time: plain Python over the files, line by line and order by order.

What is asked is done to the lines themselves: they are taken away, made dearer or cheaper, and added up anew
(measures.md 3.5 and 3.9).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import cache
from typing import Any, NamedTuple

from tests.recompute import ACTIVITIES, NET, Company, Record
from tests.recompute_cash import items, receivables
from tests.recompute_growth import shares

Figures = dict[str, Any]
ZERO = Decimal(0)
RATE_OF_CAPITAL = Decimal("0.09")


@dataclass(frozen=True)
class Asked:
    """The lines of a period, of everybody or of one account."""

    company: Company
    first: date
    last: date
    account: str | None = None

    def lines(self) -> list[Counted]:
        """What counts in the period and was known at its end."""
        return [line for line in counted(self.company, self.first, self.last) if self.is_of(line.account)]

    def is_of(self, account: str | None) -> bool:
        return self.account in (None, account)

    def is_known(self) -> bool:
        """Whether anything was ever booked, and of no sales the cost price is all that is missing."""
        is_costed = [line.is_costed for line in self.lines() if line.is_net]
        return any(self.is_of(line.account) for line in self.company.lines) and (any(is_costed) or not is_costed)


class Counted(NamedTuple):
    """One line as these questions see it, in euros."""

    customer: str
    account: str | None
    activity: str | None
    is_net: bool
    is_costed: bool
    contributes: bool
    """Sales with a cost price, that cost, and cost to serve."""
    amount: Decimal


@cache
def counted(company: Company, first: date, last: date) -> list[Counted]:
    return [
        Counted(
            line.account or line.reference,
            line.account,
            line.activity,
            line.line_type in NET,
            line.is_costed,
            line.line_type in {"cogs", "driven", *ACTIVITIES} or (line.line_type in NET and line.is_costed),
            company.euros(line),
        )
        for line in company.lines
        if first <= line.counted <= last and line.when <= last
    ]


def _contribution(lines: Iterable[Counted]) -> Decimal:
    return sum((line.amount for line in lines if line.contributes), ZERO)


def _sales(lines: Iterable[Counted]) -> Decimal:
    return sum((line.amount for line in lines if line.is_net), ZERO)


def lose(asked: Asked, leaving: Collection[str], staying: Collection[str]) -> Figures:
    """The lines of who leaves are gone, but for activities that stay; the others make up for it by what they keep."""
    told = _customers(asked)
    known = {customer for customer, figures in told.items() if figures["contribution"] is not None}
    held = [line for line in asked.lines() if line.customer in known]
    of_others = [line for line in held if line.account not in leaving]
    behind = [line for line in held if line.account in leaving and line.activity in staying]
    before, after = _contribution(held), _contribution([*of_others, *behind])
    kept = _contribution(line for line in of_others if line.activity not in staying)
    sold = _sales(of_others)
    spread = [shares([told[one] for one in known - away]) for away in (set[str](), set(leaving)) if known - away]
    return {
        "net_sales": _sales(held) - sold,
        "before": before,
        "after": after,
        "stays": -_contribution(behind),
        "released": _owed(asked, {line.account for line in held} & set(leaving)),
        "replacement": (before - after) * sold / kept if kept > 0 and sold > 0 else None,
        **{key: tuple(of[key] for of in spread) for key in ("hhi", "cr1", "cr4")},
        "unknown": len(told) - len(known),
    }


@cache
def _customers(asked: Asked) -> dict[str, Figures]:
    return asked.company.profit(asked.first, asked.last, lambda line: line.account or line.reference, asked.last)


def _owed(asked: Asked, accounts: Collection[str | None]) -> Decimal:
    """Every open item of these accounts at the rate of the day."""
    company, day, owed = asked.company, asked.last, ZERO
    for item in items(company):
        if item.account in accounts and item.is_open(day):
            owed += item.amount * (company.rate(item.currency, day) or ZERO)
    return owed


def terms(asked: Asked, days: int) -> Figures | None:
    """What is invoiced a day, times the days; nobody pays more than stands open."""
    owed = receivables(asked.company, asked.last - timedelta(days=89), asked.last, lambda item: item.account)
    mine = [figures for account, figures in owed.items() if asked.is_of(account)]
    if not mine:
        return None
    released = ZERO
    for figures in mine:
        paid = figures["credit_sales"] / 90 * -days
        released += min(paid, max(ZERO, figures["receivables_open"])) if days < 0 else paid
    return {"released": released, "yearly": released * RATE_OF_CAPITAL}


def price(asked: Asked, percent: int, staying: Collection[str]) -> Figures | None:
    """Every line with a cost price so much dearer; volume takes the margin along, but not what stays."""
    lines = asked.lines()
    if not asked.is_known():
        return None
    extra = sum((line.amount * percent / 100 for line in lines if line.is_net and line.is_costed), ZERO)
    moving = _contribution(line for line in lines if line.activity not in staying) + extra
    return {
        "extra": extra,
        "after": _contribution(lines) + extra,
        "volume": extra / moving if moving > 0 else None,
    }


def service(asked: Asked, activity: str, percent: int) -> Figures | None:
    """Every line of the activity so much dearer."""
    lines = asked.lines()
    if not asked.is_known():
        return None
    cost = -_contribution(line for line in lines if line.activity == activity)
    return {"cost": cost, "change": -cost * percent / 100, "after": _contribution(lines) - cost * percent / 100}


def minimum_order(asked: Asked, minimum: Decimal) -> Figures | None:
    """Order by order: what it brings, what handling it costs, and how many would be left of an account's small ones."""
    orders: dict[tuple[str | None, str], list[Record]] = defaultdict(list)
    for row in asked.company.files["sales_lines"]:
        account = asked.company.account_of(row)
        is_asked = asked.first <= date.fromisoformat(row["invoice_date"]) <= asked.last and asked.is_of(account)
        if row["order_no"] and row["doc_type"] != "CRN" and is_asked:
            orders[account, row["order_no"]].append(row)
    if not orders:
        return None
    worth = {order: _worth(asked.company, rows) for order, rows in orders.items()}
    small = {order: told for order, told in worth.items() if told[0] < minimum}
    rate = _handling(asked.company, asked.last)
    margin, sold = (sum((told[n] for told in worth.values()), ZERO) for n in (1, 2))
    return {
        "orders": len(worth),
        "small": len(small),
        "net_sales": sum((told[0] for told in small.values()), ZERO),
        "margin": sum((told[1] for told in small.values()), ZERO),
        "handling": rate * len(small),
        "combined": _combined(small, minimum),
        "rate": rate,
        "break_even": rate * sold / margin if sold > 0 and margin > 0 else None,
    }


def _worth(company: Company, rows: Iterable[Record]) -> tuple[Decimal, Decimal, Decimal]:
    """Net sales of an order, its margin, and the sales that the margin is of."""
    net, margin, costed = ZERO, ZERO, ZERO
    for row in rows:
        rate = company.rate(row["currency"] or "EUR", date.fromisoformat(row["invoice_date"]))
        assert rate is not None
        amount = Decimal(row["net_amount"])
        net += amount * rate
        if row["cogs_amount"]:
            margin += (amount - Decimal(row["cogs_amount"])) * rate
            costed += amount * rate
    return net, margin, costed


def _combined(small: dict[tuple[str | None, str], tuple[Decimal, Decimal, Decimal]], minimum: Decimal) -> int:
    """As many as their sales fill, and never more than they were."""
    of_account: dict[str | None, list[Decimal]] = defaultdict(list)
    for (account, _), (net, *_) in small.items():
        of_account[account].append(net)
    full = {account: max(sum(sales, ZERO), ZERO) / minimum for account, sales in of_account.items()}
    return sum(
        min(len(sales), int(full[account].to_integral_value(ROUND_CEILING))) for account, sales in of_account.items()
    )


def _handling(company: Company, day: date) -> Decimal:
    rates = [row for row in company.files["cost_rates"] if row["activity"] == "orders"]
    known = [row for row in rates if date.fromisoformat(row["valid_from"]) <= day]
    return Decimal(max(known, key=lambda row: row["valid_from"])["eur_per_unit"])
