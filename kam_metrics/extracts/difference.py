"""What a judged extract changes: its rows beside those that count now, new, changed, unchanged or disappearing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kam_metrics.extracts.equals import define_content, pairs
from kam_metrics.extracts.judgement import Doubtful, Judgement
from kam_metrics.extracts.kinds import KINDS, Kind
from kam_metrics.rollups import BOOKED
from kam_metrics.store import Change, Cursor, Stage

SHADOWED = frozenset({"ledger", "sales_lines", "receivables", "budget"})
"""Kinds that may be large: a row that repeats an earlier extract remembers it, and is not sought at every read."""
FIRST_CHANGED = 100


@dataclass(frozen=True)
class Difference:
    """Counts of rows, and the lines whose key is known with other values."""

    new: int
    changed: int
    unchanged: int
    disappearing: int
    lines: tuple[int, ...] = ()
    """Every line whose key is known with other values."""
    changed_lines: tuple[tuple[int, str, str], ...] = ()
    """Line, the column that differs and its old → new value, for the first hundred."""
    moved_lines: tuple[int, ...] = ()
    """Lines whose key counts now in a scope this file does not replace, so that it would count twice."""

    @property
    def is_none(self) -> bool:
        """Whether loading would change no figure."""
        return not (self.new or self.changed or self.disappearing)

    def counts(self) -> Mapping[str, int]:
        """As `check --json` answers it."""
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "disappearing": self.disappearing,
        }


def scope_of(kind: Kind) -> str:
    """SQL of what a replacement covers: source, company and month; or the snapshot, round or plan."""
    if not kind.scope:
        return "null::text"
    source = "coalesce(source_system, '')" if "source_system" in kind.names else "coalesce(loaded_from, '')"
    parts = [source] if kind.name in SHADOWED and kind.name != "budget" else []
    for name in kind.scope:
        if name == "source_system" or (name == "invoice_date" and "snapshot_date" in kind.scope):
            continue
        parts.append(_scope_part(kind, name))
    return " || '|' || ".join(parts)


def _scope_part(kind: Kind, name: str) -> str:
    if name == "snapshot_date":
        return "coalesce('snapshot ' || snapshot_date, strftime(invoice_date, '%Y-%m'))"
    if kind.column(name).type in ("date", "month"):
        return f"strftime({name}, '%Y-%m')"
    return f"coalesce({name}, '')"


def stage_incoming(stage: Stage | Change, judgement: Judgement, kind: Kind, *, is_stored: bool = False) -> None:
    """Give every typed row its scope, and the earlier extracts that hold the very same row.

    Rows that are stored already remember no earlier extract: Doubtful when there is one to remember.
    """
    cursor = stage.cursor
    shadow = ", null::integer[] as shadow" if kind.name in SHADOWED else ""
    cursor.execute("set variable loaded_from = $source", {"source": judgement.source_system})
    cursor.execute(f"""
        create or replace temp view incoming as
        select *, {scope_of(kind)} as scope {shadow}
        from (select line, {_said(kind)}, getvariable('loaded_from')::text as loaded_from from {judgement.table})
    """)
    _stage_overlap(cursor, kind)
    if kind.name in SHADOWED and _overlaps(cursor):
        if is_stored:
            raise Doubtful
        _shadow(cursor, kind)


def _said(kind: Kind) -> str:
    """The kind's columns; what a row leaves unsaid about its source or scenario is said once and for all."""
    defaults = {"source_system": "getvariable('loaded_from')", "scenario": "'budget'"}
    return ", ".join(f"coalesce({n}, {defaults[n]}) as {n}" if n in defaults else n for n in kind.names)


def _stage_overlap(cursor: Cursor, kind: Kind) -> None:
    """The scopes of the rows, and the earlier extracts that hold any of them: rollups know without reading the rows."""
    parts = ", ".join(("loaded_from", *kind.scope))
    cursor.execute(
        f"create or replace temp table incoming_scope as select distinct {scope_of(kind)} as scope "
        f"from (select distinct {parts} from incoming)"
    )
    held = f"booking where kind = '{kind.name}' and" if kind.name in BOOKED else f"{kind.name} where"
    cursor.execute(
        "create or replace temp table incoming_overlap as "
        f"select distinct batch_id from {held} scope in (from incoming_scope)"
    )


def _overlaps(cursor: Cursor) -> bool:
    return cursor.execute("from incoming_overlap limit 1").fetchone() is not None


def _shadow(cursor: Cursor, kind: Kind) -> None:
    rows = "select null::integer as batch_id, * exclude (shadow) from incoming"
    define_content(cursor, "incoming_content", rows, kind)
    define_content(cursor, "earlier_content", _alongside(f"from {kind.whole}"), kind)
    cursor.execute(f"""
        create or replace temp table shadowed as
        with found as (
            select i.line, list(e.batch_id order by e.batch_id) as shadow
            from {pairs(kind, "inner", "incoming_content", "earlier_content")}
            group by i.line
        )
        select i.* exclude (batch_id, content), f.shadow from incoming_content i left join found f using (line)
    """)
    cursor.execute("create or replace temp view incoming as from shadowed")


def _alongside(rows: str) -> str:
    """SQL of those rows that stand in the scopes and extracts which the incoming ones overlap."""
    return f"select * from ({rows}) where batch_id in (from incoming_overlap) and scope in (from incoming_scope)"


def compare(stage: Stage | Change, kind_name: str, *, replace: bool) -> Difference:
    """The incoming rows beside the rows that count now."""
    kind = KINDS[kind_name]
    held = counting(kind)
    if not kind.key:
        return _compare_content(stage, kind, held, replace=replace)
    return _compare_keys(stage, kind, held, replace=replace)


def counting(kind: Kind) -> str:
    """SQL of the rows of a kind that count now."""
    if kind.name in SHADOWED:
        return f"select * from live_rows('{kind.name}') where not is_shadowed(shadow, since)"
    newest = f"row_number() over (partition by {', '.join(kind.key)} order by batch_id desc, line desc) = 1"
    return f"select * from held_rows('{kind.name}') qualify {newest} and batch_id >= since"


def _compare_content(stage: Stage | Change, kind: Kind, held: str, *, replace: bool) -> Difference:
    if not _overlaps(stage.cursor):
        (rows,) = stage.cursor.execute("select count(*) from incoming").fetchone() or (0,)
        return Difference(rows, 0, 0, 0)
    # whatever extract they stand in, equal rows are counted together
    together = f"select null::integer as batch_id, * exclude (batch_id) from ({_alongside(held)})"
    define_content(stage.cursor, "counting_content", together, kind)
    counts = stage.cursor.execute(f"""
        select count(*) filter (e.nth is null), count(*) filter (i.nth is not null and e.nth is not null),
            count(*) filter (i.nth is null)
        from {pairs(kind, "full", "incoming_content", "counting_content")}
    """).fetchone()
    new, unchanged, gone = counts or (0, 0, 0)
    return Difference(new, 0, unchanged, gone if replace else 0)


def _compare_keys(stage: Stage | Change, kind: Kind, held: str, *, replace: bool) -> Difference:
    is_same_key = same_key(kind)
    is_same = " and ".join(f"e.{name} is not distinct from i.{name}" for name in kind.names)
    is_moved = "e.scope not in (from incoming_scope)" if kind.name in SHADOWED else "false"
    stage.cursor.execute(f"""
        create or replace temp table compared as
        with e as (select * from ({held}) where {alike(kind, "incoming")})
        select i.line, e.batch_id is null as is_new, {is_same} as is_same, {_told(kind)} as told, {is_moved} as is_moved
        from incoming i left join e on {is_same_key}
    """)
    counts = stage.cursor.execute(
        "select count(*) filter (is_new), count(*) filter (not is_new and is_same) from compared"
    ).fetchone()
    new, unchanged = counts or (0, 0)
    changed = stage.cursor.execute(
        "select line, told, is_moved from compared where not is_new and not is_same order by line"
    ).fetchall()
    return Difference(
        new,
        len(changed),
        unchanged,
        _gone(stage, held, is_same_key) if replace and kind.scope else 0,
        tuple(line for line, _, _ in changed),
        tuple((line, *told.split(": ", 1)) for line, told, _ in changed[:FIRST_CHANGED]),
        tuple(line for line, _, is_moved in changed if is_moved),
    )


def alike(kind: Kind, others: str) -> str:
    """SQL of rows whose key may be among the others; documents come in order, so most rows are not even read."""
    name = next(name for name in kind.key if kind.column(name).required)
    return f"{name} in (select {name} from {others})"


def same_key(kind: Kind) -> str:
    """SQL of when a row that counts and an incoming one are about the same thing; two systems may share numbers."""
    same = [f"e.{name} is not distinct from i.{name}" for name in kind.key]
    if is_per_source(kind):
        same.append("e.batch_source is not distinct from i.loaded_from")
    return " and ".join(same)


def is_per_source(kind: Kind) -> bool:
    """Whether the source a file was loaded from is part of the key without being a column."""
    return kind.name in SHADOWED and "source_system" not in kind.names and kind.name != "budget"


def _told(kind: Kind) -> str:
    """SQL of the first column that differs, with its old and its new value."""
    differs = " ".join(
        f"when e.{name} is distinct from i.{name} then '{name}: ' || coalesce(e.{name}::text, '–') || ' → ' "
        f"|| coalesce(i.{name}::text, '–')"
        for name in kind.names
        if name not in kind.key
    )
    return f"case {differs} end" if differs else "null"


def _gone(stage: Stage | Change, held: str, is_same_key: str) -> int:
    row = stage.cursor.execute(f"""
        select count(*) from ({held}) e
        where scope in (from incoming_scope) and not exists (select 1 from incoming i where {is_same_key})
    """).fetchone()
    return int(row[0]) if row else 0


def overlapping(change: Change, kind: Kind) -> tuple[str, ...]:
    """Documents of which a line is skipped because an earlier extract that counts holds the very same line."""
    if kind.key or "document" not in kind.names or not _overlaps(change.cursor):
        return ()
    rows = change.run("""
        select document from incoming
        where document is not null and list_has_any(shadow, (select list(batch_id) from live_batch))
        group by document order by min(line)
    """)
    return tuple(row[0] for row in rows)
