"""Whether the store adds up: what was read against what is there, rollups against recomputation, the audit chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kam_metrics.metrics.company import double_held
from kam_metrics.metrics.receipts import is_unexplained, roll_forward
from kam_metrics.store import World, chained, damaged_loads, read_sql
from kam_metrics.terms import Slice

MOST_DOCUMENTS = 20
DECIDED = ("decision_id", "as_of", "person", "owner", "due", "note", "is_done")
WEIGHED = ("person", "reason", "told")
"""What an act says, by the columns that keep it."""


@dataclass(frozen=True)
class Check:
    """One question about the store: its name, whether it holds, and every difference when it does not."""

    name: str
    differences: tuple[str, ...]
    is_error: bool = True

    @property
    def ok(self) -> bool:
        """A difference that is only worth knowing does not make a store wrong."""
        return not (self.is_error and self.differences)


def reconcile(world: World) -> list[Check]:
    """Every check, in the order of the way data walks."""
    return [
        Check("loads", damaged_loads(world)),
        Check("rollup", _told(world, "reconcile_rollup")),
        Check("ledger_total", _told(world, "reconcile_total")),
        Check("account_months", _told(world, "reconcile_account_month")),
        Check("profit_months", _told(world, "reconcile_profit_month")),
        Check("product_months", _told(world, "reconcile_product_month")),
        Check("receivable_spans", _told(world, "reconcile_receivable_span")),
        Check("ledger_and_sales_lines", _doubles(world), is_error=False),
        Check("posted_and_driven", _told(world, "reconcile_driven"), is_error=False),
        Check("invoiced_and_receivables", _told(world, "reconcile_billed"), is_error=False),
        Check("receivables_roll_forward", _unexplained(world), is_error=False),
        Check("audit_chain", _broken_chain(world)),
        Check("decisions", _forged(world, "decision", "decide", DECIDED)),
        Check("weights", _forged(world, "weighing", "weigh", WEIGHED)),
    ]


def _unexplained(world: World) -> tuple[str, ...]:
    return tuple(
        "{account} {until_day} {currency}: {opening} + {invoices} + {credit_notes} + {adjustments} − {payments} / "
        "{closing} ({documents})".format(**row, documents=", ".join(row["strange"][:MOST_DOCUMENTS]))
        for row in roll_forward(world, Slice(date.max))
        if is_unexplained(row)
    )


def _told(world: World, name: str) -> tuple[str, ...]:
    return tuple(str(row["difference"]) for row in world.rows(read_sql(__file__, name)))


def _doubles(world: World) -> tuple[str, ...]:
    return tuple(
        "{account_id} {month:%Y-%m} {line_type}: {ledger} / {sales_lines} {currency}".format(**row)
        for row in double_held(world)
        if row["ledger"] != row["sales_lines"]
    )


def vouched(row: Mapping[str, object], names: Sequence[str]) -> str:
    """What the journal says of an act that is kept elsewhere: what it is about, and a digest of all it says."""
    said = [str(row[name]) for name in names]
    return f"{said[0]} {hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]}"


def _forged(world: World, table: str, what: str, names: Sequence[str]) -> tuple[str, ...]:
    """Acts that are not what the journal says, and entries of the journal without their act."""
    rows = world.rows(
        f"select a.*, c.change_id as entry, c.about, a.rowid as act from {table} a "
        f"full join (select * from change where what = '{what}') c using (change_id) order by entry, act"
    )
    return tuple(
        f"change {row['entry']} / {table} {row['act']}"
        for row in rows
        if row["about"] is None or row["act"] is None or row["about"] != vouched(row, names)
    )


def _broken_chain(world: World) -> tuple[str, ...]:
    previous, broken = "", []
    for row in world.rows("select * from change order by change_id"):
        if chained(previous, row) != row["hash"]:
            broken.append(f"change {row['change_id']}")
        previous = str(row["hash"])
    return tuple(broken)
