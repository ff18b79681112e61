"""What was loaded, and taking it out of every figure and back without losing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kam_metrics import rollups
from kam_metrics.errors import KamError, NotAllowed, UnknownLoad
from kam_metrics.extracts.closing import guarded
from kam_metrics.extracts.difference import SHADOWED, alike, counting, is_per_source
from kam_metrics.extracts.kinds import KINDS, Kind
from kam_metrics.extracts.meanwhile import require_unchanged
from kam_metrics.store import Change, Store, World
from kam_metrics.terms import Principal


@dataclass(frozen=True)
class Load:
    """One accepted extract, as history tells it."""

    load_id: int
    kind: str
    file: str
    sha256: str
    rows: int
    total_by_currency: Mapping[str, Decimal]
    min_date: date | None
    max_date: date | None
    loaded_at: datetime
    loaded_by: str
    is_live: bool
    profile: str | None = None
    difference: Mapping[str, int] | None = None
    """What it changed when it was loaded; unknown of loads from before this was kept."""
    warnings: Mapping[str, int] | None = None
    """Each warning it was loaded with, and about how many lines; unknown of loads from before this was kept."""


def undo(store: Store, load_id: int, by: Principal, *, seen: int | None = None) -> int:
    """Take a load out of every figure; the new revision. Nothing is deleted, so it can be redone.

    `seen` is the revision at which its consequence was told; LoadedMeanwhile when it is no longer the newest.
    """
    return _turn(store, load_id, by, "undo", seen)


def redo(store: Store, load_id: int, by: Principal, *, seen: int | None = None) -> int:
    """Put an undone load back; the new revision. `seen` as in `undo`."""
    return _turn(store, load_id, by, "redo", seen)


def loads(store: Store) -> list[Load]:
    """Every load, oldest first."""
    with store.read() as world:
        return loads_of(world)


def loads_of(world: World) -> list[Load]:
    """Every load this world knows, oldest first."""
    totals: dict[int, dict[str, Decimal]] = {}
    for row in world.rows("select batch_id, currency, amount from batch_total order by all"):
        totals.setdefault(row["batch_id"], {})[row["currency"]] = row["amount"]
    return [
        Load(**row, total_by_currency=totals.get(row["load_id"], {}))
        for row in world.rows("""
            select b.batch_id as load_id, b.kind, b.file_name as file, b.sha256, b.row_count as rows, b.min_date,
                b.max_date, c.changed_at as loaded_at, c.who as loaded_by, l.batch_id is not null as is_live,
                b.profile, case when b.new_rows is not null then {
                    'new': b.new_rows, 'changed': b.changed_rows, 'unchanged': b.unchanged_rows,
                    'disappearing': b.disappearing_rows
                } end as difference, w.told as warnings
            from batch b
            join change c on c.batch_id = b.batch_id and c.what = 'load'
            left join live_batch l on l.batch_id = b.batch_id
            left join batch_warning w on w.batch_id = b.batch_id
            order by b.batch_id
        """)
    ]


def may_load(by: Principal) -> None:
    """NotAllowed unless this reader may change the data."""
    if not by.may_load:
        raise NotAllowed


def _turn(store: Store, load_id: int, by: Principal, what: str, seen: int | None) -> int:
    may_load(by)
    with store.stage() as stage, store.change(stage, by) as change:
        require_unchanged(change, seen)
        return turned(change, load_id, what)


def turned(change: Change, load_id: int, what: str) -> int:
    """Undo or redo a load as part of a change; the new revision."""
    kind, is_live, first, last = standing(change, load_id)
    if is_live == (what == "redo"):
        raise UnknownLoad("not_undone" if what == "redo" else "already_undone", load_id=load_id)
    with guarded(change, kind, first, last):
        revision = change.note(load_id, what)
    _refuse_twice(change, kind, load_id)
    rollups.renew(change, kind.name, load_id)
    return revision


def standing(change: Change, load_id: int) -> tuple[Kind, bool, date | None, date | None]:
    """The kind of a load, whether it counts, and its first and last day; UnknownLoad when there is none."""
    found = change.run(
        "select b.kind, l.batch_id is not null, b.min_date, b.max_date from batch b "
        "left join live_batch l using (batch_id) where b.batch_id = $batch_id",
        {"batch_id": load_id},
    )
    if not found:
        raise UnknownLoad(load_id=load_id)
    kind, is_live, first, last = found[0]
    return KINDS[kind], is_live, first, last


def _refuse_twice(change: Change, kind: Kind, load_id: int) -> None:
    """Taking rows out or bringing them back may not make one key count twice with different values."""
    if kind.name not in SHADOWED or not kind.key:
        return
    key = ", ".join((*kind.key, "batch_source") if is_per_source(kind) else kind.key)
    scopes = f"(select scope from {kind.name} where batch_id = $batch_id)"
    twice = change.run(
        f"""
        with counting as ({counting(kind)})
        select list(distinct batch_id order by batch_id) from counting
        where {alike(kind, f"(select * from {kind.name} where scope in {scopes})")}
        group by {key}
        having count(*) > 1 and bool_or(scope in {scopes})
        limit 1
        """,
        {"batch_id": load_id},
    )
    if twice:
        raise KamError("counts_twice", load_id=load_id, others=", ".join(str(other) for other in twice[0][0]))
