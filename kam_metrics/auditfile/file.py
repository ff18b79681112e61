"""What an audit file says, and which of its ledger accounts are meant by a range of numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kam_metrics.errors import UsageError

_PART = re.compile(r"(?P<first>\d{1,18})-(?P<last>\d{1,18})|(?P<name>[\w.]{1,35})(?P<star>\*?)", re.ASCII)
USUAL = {"revenue": ("8000-8999", "70*"), "receivables": ("1300-1399", "400*")}
"""Where Dutch and Belgian (MAR) charts usually keep them; offered when the file has such accounts, never assumed."""
MOST_SHOWN = 10
CODES = {"revenue": "WOmz", "receivables": "BVorDeb"}
"""How their codes in the Dutch reference chart (RGS) begin."""


@dataclass(frozen=True)
class LedgerAccount:
    """An account of the general ledger, with its code in the reference chart when the file tells it."""

    number: str
    name: str
    code: str = ""


@dataclass(frozen=True)
class Control:
    """How many lines (SAF-T: entries) there are, and what they come to."""

    count: int | None
    debit: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True)
class AuditFile:
    """What an audit file says; amounts are debit positive, credit negative."""

    form: str
    company: str
    currency: str
    first_day: date
    last_day: date
    ledger: Mapping[str, LedgerAccount]
    totals: Mapping[tuple[str, str | None, date], Decimal]
    """Ledger account, relation (None: the file does not say), first day of the month."""
    opening: Mapping[str, Decimal]
    """What each ledger account began with."""
    said: Control
    """The totals that the file gives of itself."""
    read: Control
    """The same, added up."""
    has_due_dates: bool


@dataclass(frozen=True)
class Numbers:
    """Ledger accounts told by number: 8000-8999, 9100, 70*."""

    text: str

    def __post_init__(self) -> None:
        for part in _parts(self.text):
            if not _PART.fullmatch(part):
                raise UsageError("bad_ledger_numbers", value=part)

    def __contains__(self, number: str) -> bool:
        return any(_covers(part, number) for part in _parts(self.text))


def suggested(file: AuditFile, what: str) -> tuple[Numbers | None, Sequence[str]]:
    """The accounts that the file itself codes as such; else the usual ranges in which it has any."""
    coded = sorted(one.number for one in file.ledger.values() if one.code.startswith(CODES[what]))
    if coded:
        return Numbers(",".join(coded)), ()
    used = {number for number, _, _ in file.totals}
    return None, tuple(usual for usual in USUAL[what] if any(number in Numbers(usual) for number in used))


def most_credit(file: AuditFile) -> Sequence[str]:
    """The ledger accounts with the most credit, so that somebody can say which of them are revenue."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for (number, _, _), amount in file.totals.items():
        totals[number] += amount
    largest = sorted((number for number in totals if totals[number] < 0), key=totals.__getitem__)[:MOST_SHOWN]
    names = {number: one.name for number, one in file.ledger.items()}
    return tuple(f"{number} {names.get(number, '')}".strip() for number in largest)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _covers(part: str, number: str) -> bool:
    found = _PART.fullmatch(part)
    if found is None:
        return False
    if found["first"]:
        is_number = number.isascii() and number.isdigit()
        return is_number and int(found["first"]) <= int(number) <= int(found["last"])
    return number.startswith(found["name"]) if found["star"] else number == found["name"]
