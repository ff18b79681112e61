"""What an audit file has said so far, line by line, and the checks on every single value."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from kam_metrics.auditfile.file import AuditFile, Control, LedgerAccount
from kam_metrics.errors import KamError
from kam_metrics.periods import month_end

_AMOUNT = re.compile(r"[+-]?\d{1,18}(\.\d{1,10})?", re.ASCII)


class Line(NamedTuple):
    """One line of the transaction that is being read; debit positive."""

    account: str
    relation: str | None
    amount: Decimal


@dataclass
class Reading:
    """Everything read so far; what is no longer needed is not kept."""

    form: str
    companies: list[str] = field(default_factory=list)
    """Their names; a file is about one."""
    currency: str = "EUR"
    period: tuple[date, date] | None = None
    ledger: dict[str, LedgerAccount] = field(default_factory=dict)
    totals: dict[tuple[str, str | None, date], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    opening: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    lines: list[Line] = field(default_factory=list)
    said: Control = Control(None, None, None)
    count: int = 0
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    has_due_dates: bool = False

    def add(self, line: Line) -> None:
        """A line of the transaction that is being read."""
        self.lines.append(line)
        self.debit += max(line.amount, Decimal(0))
        self.credit += max(-line.amount, Decimal(0))

    def close(self, day: date, *, is_opening: bool) -> None:
        """The transaction is complete: when it names one relation only, its other lines are about that one too."""
        named = {line.relation for line in self.lines if line.relation}
        only = next(iter(named)) if len(named) == 1 else None
        for line in self.lines:
            if is_opening:
                self.opening[line.account] += line.amount
            else:
                self.totals[line.account, line.relation or only, day.replace(day=1)] += line.amount
        self.lines.clear()

    def finished(self) -> AuditFile:
        """The whole file; what several companies booked is never added together."""
        if len(self.companies) > 1:
            raise KamError("auditfile_companies", companies=", ".join(name or "–" for name in self.companies))
        months = [month for _, _, month in self.totals]
        if not months:
            raise KamError("auditfile_empty")
        first, last = self.period or (min(months), month_end(max(months)))
        return AuditFile(
            self.form,
            "".join(self.companies),
            self.currency,
            first,
            last,
            self.ledger,
            dict(self.totals),
            dict(self.opening),
            self.said,
            Control(self.count, self.debit, self.credit),
            self.has_due_dates,
        )


def name_of(element: Any) -> str:
    """An element's name; exporters do not agree on the namespace."""
    return _bare(element.tag)


@lru_cache(maxsize=1024)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def texts(element: Any) -> dict[str, str]:
    """The texts of an element's children; of a name that repeats, the first."""
    found: dict[str, str] = {}
    for child in element:
        found.setdefault(name_of(child), (child.text or "").strip())
    return found


def amount(element: Any, said: dict[str, str], name: str) -> Decimal:
    """A child that must be an amount."""
    text = said.get(name, "")
    if not _AMOUNT.fullmatch(text):
        raise wrong(element, name, text)
    return Decimal(text)


def day(element: Any, said: dict[str, str], name: str) -> date:
    """A child that must be a date; a time zone behind it means nothing here."""
    try:
        return date.fromisoformat(said.get(name, "")[:10])
    except ValueError:
        raise wrong(element, name, said.get(name, "")) from None


def required(element: Any, said: dict[str, str], name: str) -> str:
    """A child that must be filled."""
    if not said.get(name):
        raise wrong(element, name, "")
    return said[name]


def wrong(element: Any, name: str, value: str) -> KamError:
    """What stands on this line is no good."""
    shown = "".join(char if char.isprintable() else " " for char in value[:40])
    return KamError("auditfile_value", line=str(element.sourceline or 0), name=name, value=shown)
