"""What was planned: a budget for last year and this one, and a forecast for the running year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kam_metrics.demo.company import Account
from kam_metrics.demo.curves import Curve
from kam_metrics.demo.days import plus_months

OWN_BUDGET_FROM = 30_000
"""Accounts that sell less in a year have no budget of their own."""

AMBITION = 1.035
COST_SHARE = 0.56
"""Planned cost of goods as a share of the list price."""

COST_PER_ORDER = 88.0
"""Euros that an order with its delivery is planned to cost."""


class Planned(NamedTuple):
    """One budget line, in cents, signed as its effect on profit."""

    month: date
    line_type: str
    amount: int
    scenario: str


def budget(account: Account, curve: Curve, months: list[date], as_of: date, rate: float) -> Iterator[Planned]:
    """Every planned line of an account; tail accounts get the four lines a planner bothers with."""
    if account.yearly < OWN_BUDGET_FROM or not account.is_mapped:
        return
    for month in _planning_months(account, as_of):
        plain = _at(curve.expected, months, month)
        yield from _lines(account, month, plain * AMBITION * rate, "budget")
        if month.year == as_of.year:
            wanted = _at(curve.demand, months, month) if month <= as_of else plain * _momentum(curve)
            yield from _lines(account, month, wanted * rate, "forecast")


def _planning_months(account: Account, as_of: date) -> list[date]:
    """Key accounts have last year's budget too."""
    first = date(as_of.year - account.is_key, 1, 1)
    return [plus_months(first, offset) for offset in range(12 * (1 + account.is_key))]


def _at(values: tuple[float, ...], months: list[date], month: date) -> float:
    """The value of a month; outside the story, that of the same month in the nearest year."""
    offset = (month.year - months[0].year) * 12 + month.month - months[0].month
    while offset >= len(values):
        offset -= 12
    while offset < 0:
        offset += 12
    return values[offset]


def _momentum(curve: Curve) -> float:
    """How the last half year went against what was expected; a forecast carries it on."""
    expected = sum(curve.expected[-7:-1])
    return sum(curve.demand[-7:-1]) / expected if expected else 0.0


def _lines(account: Account, month: date, gross: float, scenario: str) -> Iterator[Planned]:
    style = account.style
    net = gross * (1 - style.discount)
    served = net * style.other + net / style.order_value * COST_PER_ORDER
    shares = {
        "gross_sales": gross,
        "discount": -gross * style.discount,
        "cogs": -gross * COST_SHARE,
        "other_cost_to_serve": -served,
    }
    if account.is_key:
        shares |= {
            "rebate": -net * style.rebate,
            "credit_note": -net * style.credit * 0.6,
            "freight": -net * style.freight,
            "service": -net * style.service,
            "sales_effort": -net * style.effort,
            "marketing": -net * style.marketing,
        }
    step = 100 if account.is_key else 10
    for line_type, amount in shares.items():
        rounded = round(amount / step) * step * 100
        if rounded:
            yield Planned(month, line_type, rounded, scenario)
