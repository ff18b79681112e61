"""When invoices fall due and when they are paid: every payer has habits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import NamedTuple

from kam_metrics.demo.chance import stream
from kam_metrics.demo.company import Account
from kam_metrics.demo.days import plain_day, plus_months
from kam_metrics.demo.trade import Line
from kam_metrics.periods import month_end

WRITTEN_OFF_AFTER = 6
"""Months after an account left before what it never paid is written off."""


class Item(NamedTuple):
    """One item of the receivables ledger; the amount in cents, VAT included."""

    customer_no: str
    doc_no: str
    doc_type: str
    day: date
    due: date | None
    amount: int
    cleared: date | None
    disputed: bool
    factored: bool


Payer = Callable[[Random, date, date], date]
"""From the invoice and due dates to the day on which the money came in."""


def _prompt(rng: Random, day: date, due: date) -> date:
    return max(day, due + timedelta(days=rng.randint(-4, 3)))


def _late12(rng: Random, day: date, due: date) -> date:
    return due + timedelta(days=12 + rng.randint(-2, 2))


def _month_end(rng: Random, day: date, due: date) -> date:
    return month_end(due)


def _quarter_end(rng: Random, day: date, due: date) -> date:
    return month_end(plus_months(due, 2 - (due.month - 1) % 3))


def _slow(rng: Random, day: date, due: date) -> date:
    return due + timedelta(days=max(3, round(rng.lognormvariate(3.3, 0.6))))


def _factored(rng: Random, day: date, due: date) -> date:
    return day + timedelta(days=rng.randint(2, 4))


PAYERS: dict[str, Payer] = {
    "prompt": _prompt,
    "late12": _late12,
    "month_end": _month_end,
    "quarter_end": _quarter_end,
    "slow": _slow,
    "factored": _factored,
    "disputing": _late12,
}


def items(account: Account, lines: Iterable[Line], seed: int, months: list[date], as_of: date) -> list[Item]:
    """One item per document of these lines."""
    documents = groupby(lines, key=lambda line: line.doc_no)
    return [_item(account, list(group), seed, months, as_of) for _, group in documents]


def _item(account: Account, lines: list[Line], seed: int, months: list[date], as_of: date) -> Item:
    head = lines[0]
    rng = stream(seed, account.account_id, head.doc_no)
    due = head.day + timedelta(days=account.terms)
    disputed = account.payer == "disputing" and head.doc_type == "INV" and rng.random() < 0.16
    paid = _paid(rng, account, head.day, due, disputed)
    if _is_lost(account, head.day, seed, months) or rng.random() < 0.0012:
        paid = date.max
    return Item(
        customer_no=head.customer_no,
        doc_no=head.doc_no,
        doc_type=head.doc_type,
        day=head.day,
        due=None if rng.random() < 0.003 else due,
        amount=sum(line.net + line.vat for line in lines),
        cleared=paid if paid <= as_of else None,
        disputed=disputed,
        factored=account.payer == "factored",
    )


def _paid(rng: Random, account: Account, day: date, due: date, disputed: bool) -> date:
    """A dispute takes months, and one in five never ends; others keep their habit."""
    if not disputed:
        return PAYERS[account.payer](rng, day, due)
    return date.max if rng.random() < 0.2 else due + timedelta(days=rng.randint(70, 190))


def defaults(account: Account, seed: int) -> bool:
    """Nearly half of the accounts that left also left their last invoices unpaid."""
    return account.last_month is not None and stream(seed, account.account_id, "default").random() < 0.45


def _is_lost(account: Account, day: date, seed: int, months: list[date]) -> bool:
    if account.last_month is None or day < months[account.last_month - 1]:
        return False
    return defaults(account, seed)


def on_account(account: Account, seed: int, as_of: date) -> list[Item]:
    """A payment that nobody could match yet: a few accounts have one."""
    rng = stream(seed, account.account_id, "on account")
    if account.index % 61 != 5 or account.last_month is not None:
        return []
    day = plain_day(as_of - timedelta(days=rng.randint(4, 40)))
    doc_no = f"BK{day:%y%m}{account.index:05d}"
    amount = -round(account.yearly * rng.uniform(0.6, 1.4))
    return [Item(account.customers[0], doc_no, "PAY", day, None, amount, None, False, False)]
