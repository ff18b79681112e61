"""Other payment terms: what they do to the money that stands out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from kam_metrics.metrics.measures import measure
from kam_metrics.metrics.spine import Unknown
from kam_metrics.store import World
from kam_metrics.terms import Slice

QUARTER = 90


@dataclass(frozen=True)
class Terms:
    """What other payment terms do to the money that stands out; negative is tied up."""

    released: Decimal
    yearly: Decimal
    """The capital charge saved in a year."""


def terms(world: World, seen: Slice, days: int) -> Terms | Unknown:
    """Everybody pays so many days later (or, below zero, earlier): days times what is invoiced a day, VAT included.

    A day is that of the last 90; nobody can pay more than stands open.
    """
    recent = replace(seen, from_date=seen.as_of - timedelta(days=QUARTER - 1), to_date=None)
    answer = measure(world, recent, "credit_sales", "receivables_open", by=["account_id"])
    if not answer.rows:
        return Unknown("no_receivables")
    released = Decimal(0)
    for row in answer.rows:
        if why := answer.why(row):
            return Unknown(next(iter(why.values())))
        moved = row["credit_sales"] * -days / QUARTER
        released += min(moved, max(row["receivables_open"], Decimal(0))) if days < 0 else moved
    rate: Decimal = world.constant("capital_rate")
    return Terms(released, released * rate)
