"""Load a judged extract whole or not at all; undo and redo it without losing anything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from kam_metrics import rollups
from kam_metrics.errors import KamError, NotAllowed, UnknownLoad
from kam_metrics.extracts.difference import SHADOWED, Difference, compare, stage_incoming
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.judgement import Judgement, Message, Problem, Question
from kam_metrics.extracts.kinds import KINDS, Kind
from kam_metrics.extracts.options import Options
from kam_metrics.store import Change, Stage, Store
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


def check(store: Store, path: Path, options: Options, by: Principal, *, replacing: bool = False) -> Judgement:
    """Judge a file and say what loading it would change, without loading it."""
    _may_load(by)
    with store.stage() as stage:
        judgement = judge(stage, path, options)
        if judgement.outcome != "accept":
            return judgement
        stage_incoming(stage, judgement, _kind(judgement))
        difference = compare(stage, _kind(judgement).name, replace=replacing)
        return replace(judgement, difference=difference.counts())


def load(store: Store, path: Path, options: Options, by: Principal, *, replacing: bool = False) -> Judgement:
    """Judge a file and load it in one transaction; `load_id` says under which number."""
    _may_load(by)
    with store.stage() as stage:
        judgement = judge(stage, path, options)
        if judgement.outcome != "accept":
            return judgement
        with store.change(stage, by) as change:
            return _load(change, store, judgement, replacing=replacing)


def undo(store: Store, load_id: int, by: Principal) -> int:
    """Take a load out of every figure; the new revision. Nothing is deleted, so it can be redone."""
    return _turn(store, load_id, by, "undo")


def redo(store: Store, load_id: int, by: Principal) -> int:
    """Put an undone load back; the new revision."""
    return _turn(store, load_id, by, "redo")


def loads(store: Store) -> list[Load]:
    """Every load, oldest first."""
    with store.read() as world:
        totals: dict[int, dict[str, Decimal]] = {}
        for row in world.rows("select batch_id, currency, amount from batch_total order by all"):
            totals.setdefault(row["batch_id"], {})[row["currency"]] = row["amount"]
        return [
            Load(**row, total_by_currency=totals.get(row["load_id"], {}))
            for row in world.rows("""
                select b.batch_id as load_id, b.kind, b.file_name as file, b.sha256, b.row_count as rows, b.min_date,
                    b.max_date, c.changed_at as loaded_at, c.who as loaded_by, l.batch_id is not null as is_live
                from batch b
                join change c on c.batch_id = b.batch_id and c.what = 'load'
                left join live_batch l on l.batch_id = b.batch_id
                order by b.batch_id
            """)
        ]


def _may_load(by: Principal) -> None:
    if not by.may_load:
        raise NotAllowed


def _kind(judgement: Judgement) -> Kind:
    return KINDS[judgement.kind or ""]


def _load(change: Change, store: Store, judgement: Judgement, *, replacing: bool) -> Judgement:
    kind = _kind(judgement)
    earlier = _same_bytes(change, judgement)
    if earlier:
        return _nothing_new(judgement, *earlier)
    stage_incoming(change, judgement, kind)
    difference = compare(change, kind.name, replace=replacing)
    refused = _refused(judgement, difference, replacing=replacing)
    if refused:
        return refused
    batch_id = _append(change, judgement, kind, replacing=replacing)
    change.note(batch_id, "load")
    if kind.name in rollups.BOOKED:
        rollups.append_booking(change, kind.name, batch_id)
    rollups.renew(change, kind.name, batch_id, store.constants)
    return replace(judgement, load_id=batch_id, difference=difference.counts())


def _same_bytes(change: Change, judgement: Judgement) -> tuple[int, bool] | None:
    """The newest earlier load of the same bytes read the same way, and whether it counts in full."""
    rows = change.run(
        """
        select b.batch_id, l.batch_id is not null
        from batch b
        left join live_batch l using (batch_id)
        where b.sha256 = $sha256 and b.kind = $kind and b.read_as = $read_as
          and not exists (
              select 1 from replaced r join live_replaced n using (kind, scope)
              where r.batch_id = b.batch_id and n.batch_id > b.batch_id
          )
        order by l.batch_id is not null desc, b.batch_id desc limit 1
        """,
        {"sha256": judgement.sha256, "kind": judgement.kind, "read_as": _read_as(judgement)},
    )
    return rows[0] if rows else None


def _nothing_new(judgement: Judgement, load_id: int, is_live: bool) -> Judgement:
    if not is_live:
        question = Question("redo", (f"redo {load_id}",), (judgement.file,))
        return replace(judgement, outcome="ask", question=question)
    unchanged = {"new": 0, "changed": 0, "unchanged": judgement.rows, "disappearing": 0}
    warning = Message("extract_warning.same_bytes", {"load_id": load_id})
    return replace(
        judgement, load_id=load_id, difference=unchanged, warnings=(*judgement.warnings, warning)
    )


def _read_as(judgement: Judgement) -> str:
    return json.dumps({**vars(judgement.read_as), "source": judgement.source_system}, default=dict, sort_keys=True)


def _refused(judgement: Judgement, difference: Difference, *, replacing: bool) -> Judgement | None:
    """Other values for known keys need the analyst's word; and a key may not count in two scopes at once."""
    if replacing and difference.moved_lines:
        problems = [Problem("moved", line) for line in difference.moved_lines]
    elif not replacing and difference.changed:
        problems = [
            Problem("changed", line, column, detail=told) for line, column, told in difference.changed_lines
        ]
    else:
        return None
    return replace(
        judgement,
        outcome="reject",
        difference=difference.counts(),
        problems=tuple(problems),
        problem_count=max(difference.changed, len(problems)),
        lines=tuple(problem.line or 0 for problem in problems),
    )


def _append(change: Change, judgement: Judgement, kind: Kind, *, replacing: bool) -> int:
    ((batch_id,),) = change.run(
        "insert into batch (kind, file_name, sha256, read_as, source_system, row_count, min_date, max_date) "
        "values ($kind, $file, $sha256, $read_as, $source, $rows, $min_date, $max_date) returning batch_id",
        {
            "kind": kind.name,
            "file": judgement.file,
            "sha256": judgement.sha256,
            "read_as": _read_as(judgement),
            "source": judgement.source_system,
            "rows": judgement.rows,
            "min_date": judgement.min_date,
            "max_date": judgement.max_date,
        },
    )
    for currency, amount in judgement.total_by_currency.items():
        change.run("insert into batch_total values ($batch_id, $currency, $amount)",
                   {"batch_id": batch_id, "currency": currency, "amount": amount})
    if replacing and kind.scope:
        change.run("insert into replaced select distinct $batch_id, $kind, scope from incoming",
                   {"batch_id": batch_id, "kind": kind.name})
    if judgement.quarantined:
        change.run("insert into quarantine select $batch_id, line, raw, problem from staged_quarantine",
                   {"batch_id": batch_id})
    shadow = "shadow, " if kind.name in SHADOWED else ""
    columns = f"line, scope, {shadow}{', '.join(kind.names)}"
    change.run(f"insert into {kind.name} (batch_id, {columns}) select $batch_id, {columns} from incoming",
               {"batch_id": batch_id})
    return int(batch_id)


def _turn(store: Store, load_id: int, by: Principal, what: str) -> int:
    _may_load(by)
    with store.stage() as stage, store.change(stage, by) as change:
        found = change.run(
            "select b.kind, l.batch_id is not null from batch b left join live_batch l using (batch_id) "
            "where b.batch_id = $batch_id",
            {"batch_id": load_id},
        )
        if not found:
            raise UnknownLoad(load_id=load_id)
        kind, is_live = found[0]
        if is_live == (what == "redo"):
            raise UnknownLoad("not_undone" if what == "redo" else "already_undone", load_id=load_id)
        revision = change.note(load_id, what)
        _refuse_twice(change, KINDS[kind], load_id)
        rollups.renew(change, kind, load_id, store.constants)
        return revision


def _refuse_twice(change: Change, kind: Kind, load_id: int) -> None:
    """Bringing rows back may not make one key count twice with different values."""
    if kind.name not in SHADOWED or not kind.key:
        return
    twice: Sequence[tuple[object, ...]] = change.run(
        f"""
        with counting as (
            select * from live_rows('{kind.name}')
            where not is_shadowed(shadow, since) and scope in (select scope from {kind.name} where batch_id = $batch_id)
        )
        select list(distinct batch_id order by batch_id) from counting
        group by {", ".join(kind.key)} having count(*) > 1 limit 1
        """,
        {"batch_id": load_id},
    )
    if twice:
        raise KamError("counts_twice", load_id=load_id, others=", ".join(map(str, twice[0][0])))  # type: ignore[call-overload]
