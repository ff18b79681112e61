"""An audit file beside the store: revenue and receivables per account and month, and where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from kam_metrics.auditfile import AuditFile, Numbers, suggested
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.profit_parts import NET
from kam_metrics.metrics.receipts import roll_forward
from kam_metrics.metrics.reconcile import Check
from kam_metrics.periods import month_end
from kam_metrics.store import World, noted, read_sql
from kam_metrics.terms import Slice

What = Literal["revenue", "receivables"]
State = Literal["equal", "differs", "only_file", "only_store", "not_known"]
Amounts = dict[tuple[str, date], Decimal | None]
WHATS: tuple[What, ...] = ("revenue", "receivables")
CENT = Decimal("0.01")
NOBODY = "–"


@dataclass(frozen=True)
class Compared:
    """What the file says and what the store says of one account (None: all together) in one month."""

    what: What
    account: str | None
    month: date
    told: Decimal | None
    held: Decimal | None
    is_known: bool = True
    """Not when money in the file belongs to no relation, or when the store cannot tell this month."""
    is_account: bool = False
    """Not a relation that nobody knows."""

    @property
    def difference(self) -> Decimal | None:
        """File less store, to the cent."""
        if self.told is None or self.held is None:
            return None
        return _cents(self.told) - _cents(self.held)

    @property
    def state(self) -> State:
        """What this comes to."""
        if self.difference == 0:
            return "equal"
        if not self.is_known:
            return "not_known"
        if self.told is None:
            return "only_store"
        return "only_file" if self.held is None else "differs"

    def text(self, currency: str) -> str:
        """Both figures and their difference, in no language."""
        difference = "" if self.difference is None else f" ({self.difference})"
        who = "Σ" if self.account is None else self.account
        return f"{who} {self.month:%Y-%m}: {_shown(self.told)} / {_shown(self.held)}{difference} {currency}"


def compare(
    world: World, file: AuditFile, revenue: Numbers, receivables: Numbers | None, source: str | None
) -> list[Compared]:
    """Every account and month that either side knows, and each month as a whole, in the period of the file."""
    rows = _revenue(world, file, revenue, source)
    if receivables:
        rows += _receivables(world, file, receivables, source)
    known = {row["account_id"] for row in world.rows("select account_id from account")}
    return [replace(row, is_account=row.account in known) for row in rows]


def ledger_numbers(world: World, file: AuditFile, what: What, told: str | None = None) -> Numbers | None:
    """Which ledger accounts hold this: as told now, else as remembered of this company, else as the file codes it."""
    text = told or noted(world, note_name(file, what))
    return Numbers(text) if text else suggested(file, what)[0]


def note_name(file: AuditFile, what: What) -> str:
    """Under which name the store remembers what was told."""
    return f"audit_{what}:{file.company}"


def audit_checks(file: AuditFile, rows: Iterable[Compared]) -> list[Check]:
    """The comparison as checks: the file's own totals, then each month as a whole and each account."""
    rows = list(rows)
    kinds = dict.fromkeys(row.what for row in rows)
    compared = [
        Check(f"audit_{what}", tuple(_told(file, [row for row in rows if row.what == what], *WRONG))) for what in kinds
    ]
    unknown = Check("audit_not_known", tuple(_told(file, rows, "not_known")), is_error=False)
    return [Check("audit_control", tuple(_own_totals(file))), *compared, unknown]


WRONG: tuple[State, ...] = ("differs", "only_file", "only_store")


def _told(file: AuditFile, rows: Iterable[Compared], *states: State) -> Iterator[str]:
    several = len({row.what for row in rows}) > 1
    for row in rows:
        if row.state in states:
            yield f"{row.what} {row.text(file.currency)}" if several else row.text(file.currency)


def _own_totals(file: AuditFile) -> Iterator[str]:
    """What the file says it holds against what it holds; and debit against credit."""
    for name, said in vars(file.said).items():
        read = getattr(file.read, name)
        if said is not None and said != read:
            yield f"{name}: {said} / {read}"
    if file.read.debit != file.read.credit:
        yield f"debit / credit: {file.read.debit} / {file.read.credit}"


def _revenue(world: World, file: AuditFile, numbers: Numbers, source: str | None) -> list[Compared]:
    period = {"first_day": file.first_day, "last_day": file.last_day}
    asked = {**period, "currency": file.currency, "net": list(NET)}
    found = world.rows(read_sql(__file__, "audit_revenue"), asked)
    held: Amounts = {(row["account"], row["month"]): row["amount"] for row in found}
    told = _resolved(world, {key: -amount for key, amount in _of(file, numbers).items()}, source)
    return list(_beside("revenue", told, held))


def _receivables(world: World, file: AuditFile, numbers: Numbers, source: str | None) -> list[Compared]:
    """What the open items grew by in each month; months that the store knows only in part cannot be compared."""
    told = _resolved(world, _of(file, numbers), source)
    rolled = roll_forward(world, Slice(date.max))
    rows = [row for row in rolled if file.first_day <= row["until_day"] <= month_end(file.last_day)]
    held: Amounts = defaultdict(Decimal)
    for row in rows:
        key, before = (
            (row["account"], row["until_day"].replace(day=1)),
            held[row["account"], row["until_day"].replace(day=1)],
        )
        known = before is not None and _is_month(row) and row["currency"] == file.currency
        held[key] = before + row["closing"] - row["opening"] if known and before is not None else None
    whole = {row["until_day"].replace(day=1) for row in rows if _is_month(row)}
    for key in told:
        if key[1] not in whole:
            held[key] = None
    return list(_beside("receivables", told, dict(held)))


def _is_month(row: Row) -> bool:
    first = row["until_day"].replace(day=1)
    return bool(row["since_day"] == first - timedelta(1) and row["until_day"] == month_end(first))


def _of(file: AuditFile, numbers: Numbers) -> dict[tuple[str | None, date], Decimal]:
    """What the file booked on these ledger accounts, by relation and month."""
    summed: dict[tuple[str | None, date], Decimal] = defaultdict(Decimal)
    first, last = file.first_day.replace(day=1), file.last_day
    for (number, relation, month), amount in file.totals.items():
        if number in numbers and first <= month <= last:
            summed[relation, month] += amount
    return summed


def _resolved(world: World, summed: Mapping[tuple[str | None, date], Decimal], source: str | None) -> Amounts:
    """By account instead of relation; a relation nobody knows stays as it is."""
    known = [key for key in summed if key[0] is not None]
    asked = {"relations": [key[0] for key in known], "months": [key[1] for key in known], "source": source}
    rows = world.rows(read_sql(__file__, "audit_relation"), asked)
    account = {(row["relation"], row["month"]): row["account_id"] or row["relation"] for row in rows}
    told: Amounts = {}
    for (relation, month), amount in summed.items():
        who = NOBODY if relation is None else account[relation, month]
        told[who, month] = (told.get((who, month)) or Decimal(0)) + amount
    return told


def _beside(what: What, told: Amounts, held: Amounts) -> Iterator[Compared]:
    for month in sorted({month for _, month in (*told, *held)}):
        named = sorted({who for who, of in (*told, *held) if of == month and who != NOBODY})
        loose = [amounts.get((NOBODY, month)) for amounts in (told, held)]
        is_whole = all(amount is not None for (_, of), amount in held.items() if of == month)
        yield Compared(what, None, month, _sum(told, month), _sum(held, month), is_whole)
        for who in named:
            key = (who, month)
            can_tell = key not in held or held[key] is not None
            row = Compared(what, who, month, told.get(key), held.get(key), can_tell and not any(loose))
            if row.told or row.held or not can_tell:
                yield row


def _sum(amounts: Amounts, month: date) -> Decimal | None:
    found = [amount for (_, of), amount in amounts.items() if of == month]
    return sum((amount for amount in found if amount is not None), Decimal(0)) if found and None not in found else None


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _shown(amount: Decimal | None) -> str:
    return NOBODY if amount is None else format(_cents(amount), "f")
