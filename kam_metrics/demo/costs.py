"""What the invoices do not show: bonuses, effort and services in the ledger, activities, rates, stock, exchange."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from kam_metrics.demo.chance import around, stream, whole
from kam_metrics.demo.company import Account
from kam_metrics.demo.days import plain_day
from kam_metrics.demo.payments import WRITTEN_OFF_AFTER, defaults
from kam_metrics.demo.trade import Line
from kam_metrics.periods import month_end

ACTIVITIES = {
    "orders": ("order", 2_450),
    "deliveries": ("delivery", 4_100),
    "rush_orders": ("order", 13_500),
    "returns": ("return", 7_800),
    "visits": ("visit", 29_000),
    "complaint_hours": ("hour", 6_200),
}
"""Unit and cents per unit in the first year."""

RATE_RISE = 0.012
SETTLED_IN_JANUARY = 0.4
"""Share of a year's bonus that is only settled in the next January."""

OPENING_RATES = {"GBP": 1.1630, "CHF": 1.0390, "USD": 0.9270}


class Posting(NamedTuple):
    """One ledger line, in cents, signed as its effect on profit; perhaps about another month than it is booked in."""

    day: date
    line_type: str
    amount: int
    currency: str
    document: str
    for_month: date | None = None


@dataclass
class Books:
    """What the controller keeps per account while the months go by."""

    account: Account
    seed: int
    as_of: date
    net_of_year: dict[int, int] = field(default_factory=dict)
    net_of_month: list[int] = field(default_factory=list)

    def month(self, number: int, month: date, lines: list[Line], rate: float) -> list[Posting]:
        """This month's postings; `rate` turns the account's currency into euros."""
        net = sum(line.net for line in lines)
        self.net_of_month.append(net)
        self.net_of_year[month.year] = self.net_of_year.get(month.year, 0) + net
        day = min(month_end(month), self.as_of)
        postings = [*self._bonus(month, day, net), *self._effort(number, day, net * rate)]
        return [*postings, *self._write_off(number, day)]

    def _bonus(self, month: date, day: date, net: int) -> Iterator[Posting]:
        share = self.account.style.rebate
        accrued = -round(net * share * (1 - SETTLED_IN_JANUARY))
        if accrued:
            yield Posting(day, "rebate", accrued, self.account.currency, f"BON-{month:%Y%m}")
        settled_on = plain_day(date(month.year, month.month, 28))
        settled = -round(self.net_of_year.get(month.year - 1, 0) * share * SETTLED_IN_JANUARY)
        if month.month == 1 and settled and settled_on <= self.as_of:
            document, last_month = f"JAARBONUS-{month.year - 1}", date(month.year - 1, 12, 1)
            yield Posting(settled_on, "rebate", settled, self.account.currency, document, last_month)

    def _effort(self, number: int, day: date, net: float) -> Iterator[Posting]:
        style = self.account.style
        rng = stream(self.seed, self.account.account_id, "effort", number)
        shares = {
            "service": style.service,
            "sales_effort": style.effort,
            "marketing": style.marketing * (1.6 if day.month in {3, 9, 11} else 0.8),
            "other_cost_to_serve": style.other,
        }
        for line_type, share in shares.items():
            amount = -round(max(0.0, around(rng, net * share, 0.12)))
            if amount:
                yield Posting(day, line_type, amount, "EUR", f"KPL-{day:%Y%m}")

    def _write_off(self, number: int, day: date) -> Iterator[Posting]:
        amount = self.written_off(number)
        if amount and not self.written_off(number - 1):
            yield Posting(day, "bad_debt", -amount, self.account.currency, f"AFB-{day:%Y%m}")

    def written_off(self, number: int) -> int:
        """What has been written off by this month: 70 % of the last two months' sales."""
        last = self.account.last_month
        if last is None or number < last + WRITTEN_OFF_AFTER or not defaults(self.account, self.seed):
            return 0
        return round(sum(self.net_of_month[last - 1 : last + 1]) * 0.7)


def drivers(account: Account, seed: int, number: int, net: float) -> dict[str, int]:
    """How often each activity was done for an account in a month with so many euro cents of sales."""
    style, rng = account.style, stream(seed, account.account_id, "drivers", number)
    orders = around(rng, net / 100 / style.order_value, 0.06)
    expected = {
        "orders": orders,
        "deliveries": orders * around(rng, style.drops, 0.05),
        "rush_orders": orders * around(rng, style.rush, 0.2),
        "returns": orders * around(rng, style.returns, 0.2),
        "visits": style.visits,
        "complaint_hours": around(rng, style.complaint_hours, 0.3),
    }
    counts = {activity: whole(rng, max(0.0, quantity)) for activity, quantity in expected.items()}
    return {activity: count for activity, count in counts.items() if count}


class Tariff(NamedTuple):
    """What one unit of an activity costs, in cents, with the range the controller believes in."""

    activity: str
    unit: str
    rate: int
    low: int
    high: int
    valid_from: date


def tariffs(months: list[date]) -> Iterator[Tariff]:
    """Fixed every December for the year that follows."""
    first = months[0].year
    for year in range(first, months[-1].year + 1):
        for activity, (unit, cents) in ACTIVITIES.items():
            rate = round(cents * (1 + RATE_RISE) ** (year - first))
            yield Tariff(activity, unit, rate, rate * 85 // 100, rate * 118 // 100, date(year - 1, 12, 15))


def exchange(seed: int, months: list[date], as_of: date) -> dict[str, dict[date, Decimal]]:
    """Euros per unit of each foreign currency at every month's end, from before the first month on."""
    ends = [months[0] - timedelta(days=1)] + [month_end(month) for month in months]
    return {currency: _walk(seed, currency, [day for day in ends if day <= as_of]) for currency in OPENING_RATES}


def _walk(seed: int, currency: str, days: list[date]) -> dict[date, Decimal]:
    rng, rate, rates = stream(seed, "exchange", currency), OPENING_RATES[currency], {}
    for day in days:
        rates[day] = Decimal(round(rate * 10_000)).scaleb(-4)
        rate = rate * (1 + rng.gauss(0, 0.009))
    return rates


def rate_before(rates: dict[str, dict[date, Decimal]], currency: str, month: date) -> float:
    """The last rate before a month, as the planner uses it."""
    return float(rates[currency][month - timedelta(days=1)]) if currency != "EUR" else 1.0


class Balance(NamedTuple):
    """What is tied up in, or paid ahead by, an account at the end of a month; cents."""

    month_end: date
    item: str
    amount: int


def balances(books: Books, number: int, month: date) -> Iterator[Balance]:
    """Dedicated stock for five key accounts, prepayments from two, and what was written off."""
    account, day = books.account, month_end(month)
    if day > books.as_of:
        return
    rng = stream(books.seed, account.account_id, "balance", number)
    if account.is_key and account.index in {2, 4, 6, 10, 16}:
        yield Balance(day, "stock", round(around(rng, account.yearly * 5.5, 0.1)))
    if account.is_key and account.index in {5, 22}:
        yield Balance(day, "prepayment", round(around(rng, account.yearly * 2.0, 0.05)))
    if books.written_off(number):
        yield Balance(day, "write_off", books.written_off(number))
