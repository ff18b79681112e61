"""Whether the money that was booked as received explains what stands open (measures.md 3.4).

Per account and month, or from one list of open items to the next, in the currency of the items:
collections = opening + invoices + credit notes + other postings - closing; what booked receipts differ from it is told.
A write-off is a posting in the receivables or leaves its item open: no receipt.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from kam_metrics.metrics.answer import Row
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

TOLERATED = 1
"""An unexplained movement up to this is not worth a warning (measures.md 3.4)."""
PARTS = ("invoices", "credit_notes", "adjustments", "growth", "collections", "payments", "unexplained")


def roll_forward(world: World, seen: Slice) -> list[Row]:
    """Per account and month or snapshot how what stood open became what stands open, and what nobody explains."""
    return world.rows(read_sql(__file__, "roll_forward"), seen.params())


def is_unexplained(row: Row) -> bool:
    """Whether so much is unexplained that it must be told."""
    return bool(abs(row["unexplained"]) > TOLERATED)


def receipts(world: World, seen: Slice) -> list[Row]:
    """The roll-forward of the months and lists that begin in the period, with what must have come in by it."""
    found = []
    for row in roll_forward(world, seen):
        if seen.first_day <= row["since_day"] + timedelta(days=1) <= seen.last_day:
            growth = row["closing"] - row["opening"]
            posted = row["invoices"] + row["credit_notes"] + row["adjustments"]
            found.append({**row, "growth": growth, "collections": posted - growth})
    return found


def by_period(rows: Iterable[Row]) -> list[Row]:
    """The accounts of each month or list together, per currency, oldest first."""
    added: dict[tuple[object, ...], Row] = {}
    for row in rows:
        place = (row["until_day"], row["since_day"], row["currency"])
        start = dict(zip(("until_day", "since_day", "currency"), place, strict=True)) | dict.fromkeys(PARTS, Decimal(0))
        total = added.setdefault(place, start)
        for part in PARTS:
            total[part] += row[part]
    return [added[place] for place in sorted(added, key=str)]
