"""What undoing or redoing a load would do: tried out in a change that is never kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kam_metrics.errors import KamError
from kam_metrics.extracts.difference import SHADOWED, counting
from kam_metrics.extracts.history import may_load, standing, turned
from kam_metrics.extracts.kinds import Kind
from kam_metrics.rollups import BOOKED
from kam_metrics.store import Change, Store, read_sql
from kam_metrics.terms import Principal


@dataclass(frozen=True)
class Moved:
    """How far the figures of one account in one month would move, in euros."""

    account: str | None
    month: date
    scenario: str
    net_sales: Decimal
    result: Decimal


@dataclass(frozen=True)
class Consequence:
    """Everything to know before a load is undone or redone."""

    load_id: int
    kind: str
    act: str
    """undo or redo."""
    moved: tuple[Moved, ...] = ()
    rows: int = 0
    """Rows of its kind that would count more, or fewer; unknown (0) for postings, of which the figures tell."""
    holders: tuple[int, ...] = ()
    """Loads that count and hold some of the very same rows: those stay."""
    replaced: tuple[int, ...] = ()
    """Earlier loads that count and of which this load replaced rows."""
    later: tuple[int, ...] = ()
    """Later loads that count, about the same months."""
    refusal: KamError | None = None
    """Why it is not possible now: a closed month, or keys that would count twice."""

    @property
    def accounts(self) -> int:
        """How many accounts move."""
        return len({one.account for one in self.moved})

    @property
    def months(self) -> int:
        """In how many months."""
        return len({one.month for one in self.moved})

    def total(self, figure: str, scenario: str = "actual") -> Decimal:
        """How far net_sales or result moves in all."""
        return sum((getattr(one, figure) for one in self.moved if one.scenario == scenario), Decimal(0))


def consequence(store: Store, load_id: int, by: Principal) -> Consequence:
    """What undoing this load would do; or redoing it, when it was undone."""
    may_load(by)
    with store.stage() as stage, store.rehearsal(stage, by) as change:
        kind, is_live, _, _ = standing(change, load_id)
        act = "undo" if is_live else "redo"
        told = Consequence(
            load_id,
            kind.name,
            act,
            holders=_loads(change, _HOLDERS, kind, load_id) if kind.name in SHADOWED else (),
            replaced=_loads(change, _REPLACED, kind, load_id),
            later=_loads(change, _LATER, kind, load_id),
        )
        before = _rows(change, kind)
        change.run(read_sql(__file__, "sql/moved_before"))
        try:
            turned(change, load_id, act)
        except KamError as refusal:
            return replace(told, refusal=refusal)
        moved = tuple(Moved(*row) for row in change.run(read_sql(__file__, "sql/moved")))
        return replace(told, moved=moved, rows=_rows(change, kind) - before)


def _rows(change: Change, kind: Kind) -> int:
    """Rows that count; postings are too many to count twice, and their rollup tells more."""
    if kind.name in BOOKED:
        return 0
    ((rows,),) = change.run(f"select count(*) from ({counting(kind)})")
    return int(rows)


_MINE = "select distinct scope from {held} batch_id = $batch_id"
_HOLDERS = """
    select distinct other from (
        select unnest(shadow) as other from {held} batch_id = $batch_id
        union all
        select batch_id from {held} list_contains(shadow, $batch_id)
    )
"""
_REPLACED = """
    select distinct batch_id as other from {held} batch_id < $batch_id and scope in (
        select scope from replaced where batch_id = $batch_id and kind = $kind
    )
"""
_LATER = f"select distinct batch_id as other from {{held}} batch_id > $batch_id and scope in ({_MINE})"


def _loads(change: Change, sql: str, kind: Kind, load_id: int) -> tuple[int, ...]:
    """Loads that count now, of those that a query finds; rollups know them without reading the rows."""
    held = f"booking where kind = '{kind.name}' and" if kind.name in BOOKED else f"{kind.name} where"
    rows = change.run(
        f"with found as ({sql.format(held=held)}) select other from found semi join live_batch l on l.batch_id = other "
        "where other <> $batch_id order by other",
        {"batch_id": load_id, "kind": kind.name},
    )
    return tuple(row[0] for row in rows)
