"""Receivables computed a second time, from the same files (measures.md 3.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.recompute import Company, Record, day, month_end, month_of

Figures = dict[str, Any]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Item:
    """One receivable: a history item, open from its invoice until it is cleared."""

    account: str | None
    kind: str
    invoiced: date
    due: date | None
    amount: Decimal
    cleared: date | None
    currency: str
    is_behaviour: bool
    is_disputed: bool

    def is_open(self, when: date) -> bool:
        return self.invoiced <= when and (self.cleared is None or self.cleared > when)

    def bucket(self, when: date) -> str:
        if self.kind in ("CRN", "PAY") or self.amount < 0:
            return "unapplied"
        if self.due is None:
            return "unknown"
        late = (when - self.due).days
        return next(name for days, name in BUCKETS if late <= days)


BUCKETS = ((0, "not_due"), (30, "1-30"), (60, "31-60"), (90, "61-90"), (10**6, ">90"))


def items(company: Company) -> list[Item]:
    return [_item(company, row) for row in company.files["receivables"]]


def _item(company: Company, row: Record) -> Item:
    account = company.account_of(row)
    amount = Decimal(row["amount"])
    own = account is not None and company.accounts[account]["intercompany"] == "yes"
    return Item(
        account, row["doc_type"] or ("CRN" if amount < 0 else "INV"), date.fromisoformat(row["invoice_date"]),
        day(row["due_date"]), amount, day(row["cleared_date"]), row["currency"] or "EUR",
        row["factored"] != "yes" and not own, row["disputed"] == "yes",
    )  # fmt: skip


def receivables(
    company: Company, first: date, when: date, of: Callable[[Item], Any], as_of: date | None = None
) -> dict[Any, Figures]:
    """Every figure of receivables per group of items, for a period that ends on the day.

    What was settled is told at the rate of the day of asking, which may be a later one.
    """
    groups: dict[Any, list[Item]] = defaultdict(list)
    for item in items(company):
        if item.invoiced <= when:
            groups[of(item)].append(item)
    return {key: _of_group(company, group, first, when, as_of or when) for key, group in groups.items()}


def _of_group(company: Company, group: Sequence[Item], first: date, when: date, as_of: date) -> Figures:
    def total(chosen: Iterable[Item], on: date = when) -> Decimal:
        return sum((i.amount * (company.rate(i.currency, on) or ZERO) for i in chosen), ZERO)

    held = [i for i in group if i.is_open(when)]
    owed, overdue = total(held), total(i for i in held if i.bucket(when) in ("1-30", "31-60", "61-90", ">90"))
    kept = [i for i in group if i.is_behaviour]
    behaving = [i for i in kept if i.is_open(when)]
    balance, not_due = total(behaving), total(i for i in behaving if i.bucket(when) == "not_due")
    sales = [i for i in kept if i.kind in ("INV", "CRN")]
    sales_90 = total(i for i in sales if i.invoiced > when - timedelta(days=90))
    opening = total(i for i in kept if i.is_open(first - timedelta(days=1)))
    sold = total(i for i in sales if i.invoiced >= first)
    cleared = [i for i in group if i.cleared and first <= i.cleared <= when]
    paid = [i for i in cleared if i.kind == "INV" and i.is_behaviour]
    days = 90 / sales_90 if sales_90 > 0 and kept and balance >= 0 else None
    could = opening + sold - not_due
    return {
        "receivables_open": owed,
        "receivables_not_due": total(i for i in held if i.bucket(when) == "not_due"),
        "overdue": overdue,
        "overdue_pct": overdue / owed if owed > 0 else None,
        "receivables_disputed": total(i for i in held if i.is_disputed),
        "credit_sales": total((i for i in sales if i.invoiced >= first), as_of),
        "days_sales_outstanding": count_back(company, sales, balance, when) if kept else None,
        "dso_simple_90": None if days is None else balance * days,
        "best_possible_dso": None if days is None else not_due * days,
        "average_days_delinquent": None if days is None else (balance - not_due) * days,
        "days_to_pay": _mean(company, [(i, (_done(i) - i.invoiced).days) for i in paid], as_of),
        "average_days_late": _mean(company, [(i, max(0, (_done(i) - i.due).days)) for i in paid if i.due], as_of),
        "collections": total((i for i in cleared if i.kind != "PAY"), as_of),
        "collection_effectiveness": (opening + sold - balance) / could if could > 0 and kept else None,
        "receivables_open by bucket": {
            name: total(i for i in held if i.bucket(when) == name) for name in {i.bucket(when) for i in held}
        },
    }


def _done(item: Item) -> date:
    assert item.cleared is not None
    return item.cleared


def _mean(company: Company, weighed: Sequence[tuple[Item, int]], when: date) -> Decimal | None:
    weights = [(i.amount * (company.rate(i.currency, when) or ZERO), days) for i, days in weighed]
    total = sum((weight for weight, _ in weights), ZERO)
    return sum((weight * days for weight, days in weights), ZERO) / total if total else None


def count_back(company: Company, sales: Sequence[Item], balance: Decimal, when: date) -> Decimal | None:
    """Take months' sales off the balance, newest first; the last month counts for its part."""
    per_month: dict[date, Decimal] = defaultdict(Decimal)
    for item in sales:
        per_month[month_of(item.invoiced)] += item.amount * (company.rate(item.currency, when) or ZERO)
    if balance < 0 or not per_month:
        return None
    if not balance:
        return ZERO if sum(per_month.values()) > 0 else None
    found, left, month = ZERO, balance, month_of(when)
    while month >= min(per_month):
        length = (min(when, month_end(month)) - month).days + 1
        sold = per_month.get(month, ZERO)
        if sold >= left:
            return found + left / sold * length
        left, found = left - sold, found + length
        month = month_of(month - timedelta(days=1))
    return None
