"""The inflow of thirteen weeks computed a second time: plain Python over the files, item by item (measures.md 3.4)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.recompute import Company, month_end
from tests.recompute_cash import Item, items

ZERO = Decimal(0)
Paid = list[tuple[int, Decimal]]


def monday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def habits(company: Company, day: date, as_of: date) -> dict[Any, tuple[bool, Paid]]:
    """Per account, group and everybody: whether days count from the month's end, and every payment with its days."""
    seen: dict[Any, list[Item]] = defaultdict(list)
    for one in items(company):
        paid = one.cleared and day - timedelta(days=730) < one.cleared <= day
        if paid and one.due and one.is_behaviour and one.kind == "INV" and one.amount > 0:
            group = None if one.account is None else company.group_of(one.account)
            for place in {("own", one.account), ("group", group), ("everybody", None)} - {("group", None)}:
                seen[place].append(one)
    return {place: _narrow(company, held, as_of) for place, held in seen.items() if len(held) >= 12}


def _narrow(company: Company, held: list[Item], as_of: date) -> tuple[bool, Paid]:
    ways = {is_month: [_late(company, one, is_month, as_of) for one in held] for is_month in (False, True)}
    widths = {is_month: _width(paid) for is_month, paid in ways.items()}
    chosen = widths[True] < widths[False]
    return chosen, ways[chosen]


def _late(company: Company, one: Item, is_month: bool, as_of: date) -> tuple[int, Decimal]:
    assert one.cleared is not None
    assert one.due is not None
    rate = company.rate(one.currency, as_of)
    assert rate is not None
    return (one.cleared - (month_end(one.due) if is_month else one.due)).days, one.amount * rate


def _width(paid: Paid) -> Decimal:
    middle = _quantile(paid, Decimal("0.5"))
    return sum((abs(days - middle) * weight for days, weight in paid), ZERO) / sum(weight for _, weight in paid)


def _quantile(paid: Paid, share: Decimal) -> int:
    total, so_far = sum(weight for _, weight in paid), ZERO
    for days, weight in sorted(paid):
        so_far += weight
        if so_far >= share * total:
            return days
    raise AssertionError


def inflow(company: Company, day: date, as_of: date) -> dict[str, Any]:
    """What is expected by week, and in the late case, and what stands apart."""
    known = habits(company, day, as_of)
    told: dict[str, Any] = {
        "expected": defaultdict(Decimal),
        "late": defaultdict(Decimal),
        "else": defaultdict(Decimal),
    }
    for one in items(company):
        if one.is_open(day):
            rate = company.rate(one.currency, day)
            assert rate is not None
            _place(company, one, day, known, told, one.amount * rate)
    return told


def _place(
    company: Company, one: Item, day: date, known: dict[Any, tuple[bool, Paid]], told: dict[str, Any], amount: Decimal
) -> None:
    if one.kind in ("CRN", "PAY") or one.amount < 0:
        told["else"]["unapplied"] += amount
    elif not one.is_behaviour:
        told["else"]["factored"] += amount
    elif one.is_disputed:
        told["else"]["disputed"] += amount
    elif days := _days(company, one, day, known):
        told["expected"][monday(days[0])] += amount
        told["late"][monday(days[1])] += amount
    else:
        told["else"]["unforeseen"] += amount


def _days(company: Company, one: Item, day: date, known: dict[Any, tuple[bool, Paid]]) -> tuple[date, date] | None:
    if one.due is None:
        return None
    group = None if one.account is None else company.group_of(one.account)
    for place in (("own", one.account), ("group", group), ("everybody", None)):
        if place in known and place != ("group", None):
            is_month, paid = known[place]
            begins = month_end(one.due) if is_month else one.due
            later = [(days, weight) for days, weight in paid if begins + timedelta(days=days) > day]
            if later:
                median, late = (_quantile(later, share) for share in (Decimal("0.5"), Decimal("0.9")))
                return begins + timedelta(days=median), begins + timedelta(days=late)
    return None
