"""Months that are closed: nothing dated in them changes until a named person reopens them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.extracts.difference import SHADOWED, counting
from kam_metrics.extracts.kinds import Kind
from kam_metrics.store import Change, Stage, Store, World
from kam_metrics.terms import Principal

COVERED = (
    "ledger",
    "sales_lines",
    "receivables",
    "cost_drivers",
    "cost_rates",
    "account_balances",
    "budget",
    "fx_rates",
)
"""Kinds of facts that have a day and bear on money; masters, plans and surveys stay open."""
_TOLD_LATER = ("cleared_date", "open_amount", "disputed")
"""What an item of receivables learns after its own month without changing it."""


@dataclass(frozen=True)
class Closing:
    """One act upon a month, as the journal tells it."""

    month: date
    is_closed: bool
    person: str
    who: str
    at: datetime


class ClosedMonth(KamError):
    """A change would touch facts of months that are closed."""

    key = "closed_month"

    def __init__(self, months: Sequence[date]) -> None:
        self.first = f"{months[0]:%Y-%m}"
        self.shown = ", ".join(f"{month:%Y-%m}" for month in months)
        super().__init__(months=self.shown, first=self.first)


def close(store: Store, month: date, by: Principal, *, who: str, today: date) -> int:
    """Close a month that is over, in a person's name; the new revision."""
    if _after(month) > today:
        raise KamError("month_not_over", month=f"{month:%Y-%m}")
    return _act(store, month, by, "close", who)


def reopen(store: Store, month: date, by: Principal, *, who: str) -> int:
    """Open a closed month again, in a person's name; the new revision."""
    return _act(store, month, by, "reopen", who)


def closings(world: World) -> list[Closing]:
    """Every closing and reopening, oldest first."""
    return [
        Closing(row["month"], row["what"] == "close", row["about"], row["who"], row["changed_at"])
        for row in world.rows("select * from change where what in ('close', 'reopen') order by change_id")
    ]


def _act(store: Store, month: date, by: Principal, what: str, who: str) -> int:
    if not by.may_close:
        raise NotAllowed("may_not_close")
    if not who.strip():
        raise KamError("close_without_name")
    month = month.replace(day=1)
    with store.stage() as stage, store.change(stage, by) as change:
        if (month in closed_months(change)) == (what == "close"):
            raise KamError("is_closed" if what == "close" else "is_open", month=f"{month:%Y-%m}")
        return change.note_act(what, who.strip(), month)


def closed_months(stage: Stage | Change) -> list[date]:
    """The months that are closed now."""
    return [row[0] for row in stage.cursor.execute("select month from closed_month order by month").fetchall()]


def touched(stage: Stage | Change, kind: Kind, first: date | None, last: date | None) -> list[date]:
    """Closed months in which rows between two days may change something."""
    if kind.name not in COVERED or first is None or last is None:
        return []
    # An item is cleared after its month, so any later month may hear of it.
    ends = date.max if kind.name == "receivables" else last
    return [month for month in closed_months(stage) if first < _after(month) and month <= ends]


@contextmanager
def guarded(change: Change, kind: Kind, first: date | None, last: date | None) -> Iterator[None]:
    """Refuses what is done inside as soon as it changes a counted fact of a closed month."""
    months = touched(change, kind, first, last)
    before = _prints(change, kind, months)
    yield
    after = _prints(change, kind, months)
    if moved := [month for month in months if before.get(month) != after.get(month)]:
        raise ClosedMonth(moved)


def _prints(change: Change, kind: Kind, months: list[date]) -> Mapping[date, tuple[int, int]]:
    """Per month the number of facts that count and a sum of their hashes, whatever load they stand in."""
    if not months:
        return {}
    rows = change.run(
        f"select date_trunc('month', day)::date, count(*), sum(fact::hugeint) from ({_facts(kind)}) "
        "where list_contains($months, date_trunc('month', day)::date) group by 1",
        {"months": months},
    )
    return {month: (count, total) for month, count, total in rows}


def _facts(kind: Kind) -> str:
    """SQL of what counts, each fact with its day; an item of receivables is invoiced and cleared on days of its own."""
    rows = counting(kind)
    source = ("batch_source",) if kind.name in SHADOWED else ()
    if kind.name != "receivables":
        return f"select {kind.dated} as day, hash({', '.join((*kind.names, *source))}) as fact from ({rows})"
    lasting = ", ".join((*(name for name in kind.names if name not in _TOLD_LATER), *source))
    return (
        f"select coalesce(snapshot_date, invoice_date) as day, hash({lasting}, "
        f"case when snapshot_date is not null then coalesce(open_amount, amount) end) as fact from ({rows}) "
        f"union all select cleared_date, hash({lasting}, cleared_date) from ({rows}) "
        "where snapshot_date is null and cleared_date is not null"
    )


def _after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
