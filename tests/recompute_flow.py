"""Both forms of cash flow computed a second time, from the same files (measures.md 3.4).

Handbook: money in is what the items say was cleared, and what was paid without an invoice; without VAT at the share of
VAT in the account's own invoice lines up to the day, or of its group's when it only pays, rounded to four decimals per
account and period. Balances at the rate of the period's end, flows at the rate of the day of asking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.recompute import Company, Line, day, month_end, month_of
from tests.recompute_cash import Item, items

Figures = dict[str, Any]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Period:
    """A month, or the whole that was asked."""

    month: date | None
    first: date
    last: date


def flows(company: Company, first: date, last: date, as_of: date, by: Sequence[str]) -> dict[Any, Figures]:
    """Both forms and the conversion per group of accounts and month, in the order of the dimensions asked."""
    periods = months(first, last) if "month" in by else [Period(None, first, last)]
    earned = company.profit(first, last, _posted_place(company, by), as_of, is_posted=True)
    moved: dict[Any, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
    per_account = defaultdict[str | None, list[Item]](list)
    for item in items(company):
        per_account[item.account].append(item)
    shares = vat_shares(company, as_of)
    for period in periods:
        for account, held in per_account.items():
            change, came_in = _movement(company, held, period, as_of)
            parts = (-_net(change, shares.get(account)), _net(came_in, shares.get(account)), ZERO)
            _add(moved[_place(by, account, period.month, company)], parts)
        for account, tied in _balances(company, period, as_of):
            _add(moved[_place(by, account, period.month, company)], (ZERO, ZERO, tied))
    return {
        place: _forms(earned.get(place, {}), *moved.get(place, (ZERO,) * 3)) for place in earned.keys() | moved.keys()
    }


def months(first: date, last: date) -> list[Period]:
    """The months of the days, the first and the last perhaps a part."""
    starts = [first]
    while month_end(starts[-1]) < last:
        starts.append(month_end(starts[-1]) + timedelta(days=1))
    return [Period(month_of(start), start, min(month_end(start), last)) for start in starts]


def _posted_place(company: Company, by: Sequence[str]) -> Callable[[Line], Any]:
    """A credit note takes its money on its own day; what names its month is of that month."""
    return lambda line: _place(by, line.account, month_of(line.booked), company)


def _place(by: Sequence[str], account: str | None, month: date | None, company: Company) -> Any:
    owner = None if account is None else company.accounts[account]["kam_id"] or None
    called = {"account_id": account, "month": month, "kam_id": owner}
    values = tuple(called[name] for name in by)
    return values[0] if len(values) == 1 else values or None


def _add(total: list[Decimal], parts: Iterable[Decimal]) -> None:
    total[:] = [so_far + part for so_far, part in zip(total, parts, strict=True)]


def _movement(company: Company, held: Sequence[Item], period: Period, as_of: date) -> tuple[Decimal, Decimal]:
    """How much more stands open than before, and what came in."""
    change, came_in, before = ZERO, ZERO, period.first - timedelta(days=1)
    for item in held:
        then, now = item.is_open(before), item.is_open(period.last)
        sign = now - then
        if sign:
            amount = sign * item.amount * _rate(company, item, period.last)
            change += amount
            came_in -= amount if item.kind == "PAY" else ZERO
        if item.cleared and period.first <= item.cleared <= period.last and item.kind != "PAY":
            came_in += item.amount * _rate(company, item, as_of)
    return change, came_in


def _rate(company: Company, item: Item, when: date) -> Decimal:
    rate = company.rate(item.currency, when)
    assert rate is not None
    return rate


def vat_shares(company: Company, as_of: date) -> dict[str | None, Decimal]:
    """Per account what of a euro billed is not VAT."""
    own: dict[str | None, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for row in company.files["sales_lines"]:
        when = date.fromisoformat(row["invoice_date"])
        if row["vat_amount"] and when <= as_of:
            rate = company.rate(row["currency"] or "EUR", when)
            assert rate is not None
            _add(own[company.account_of(row)], (Decimal(row["net_amount"]) * rate, Decimal(row["vat_amount"]) * rate))
    groups: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for account, sums in own.items():
        if account is not None:
            _add(groups[company.group_of(account)], sums)
    told = {account: groups[company.group_of(account)] for account in company.accounts} | own
    return {account: net / (net + vat) for account, (net, vat) in told.items() if net + vat}


def _net(amount: Decimal, share: Decimal | None) -> Decimal:
    if not amount:
        return ZERO
    assert share is not None
    return (amount * share).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _balances(company: Company, period: Period, as_of: date) -> Iterable[tuple[str | None, Decimal]]:
    """What stock, prepayments, rebates owed and write-offs add to the cash of a period: balance less that before."""
    known: dict[tuple[str | None, str], list[tuple[date, Decimal]]] = defaultdict(list)
    for row in company.files["account_balances"]:
        rate = company.rate(row["currency"] or "EUR", as_of)
        end = day(row["month_end"])
        assert rate is not None
        assert end is not None
        known[company.account_of(row), row["item"]].append((end, Decimal(row["amount"]) * rate))
    for (account, item), told in known.items():
        sign = {"stock": -1, "prepayment": 1, "rebate_owed": 1, "write_off": 1}[item]
        then, now = (
            max(((end, amount) for end, amount in told if end <= when), default=(when, ZERO))[1]
            for when in (period.first - timedelta(days=1), period.last)
        )
        yield account, sign * (now - then)


def _forms(earned: Figures, growth: Decimal, came_in: Decimal, tied: Decimal) -> Figures:
    spent = sum((earned.get(name) or ZERO for name in ("rebates", "cogs", "cost_to_serve")), ZERO)
    contribution = earned.get("contribution", ZERO)
    indirect = None if contribution is None else contribution + growth + tied
    is_positive = contribution is not None and contribution > 0
    return {
        "operating_cash_flow": indirect,
        "operating_cash_flow_direct": came_in - spent + tied,
        "cash_conversion": indirect / contribution if is_positive else None,
    }
