"""What a judged extract changes: its rows beside those that count now, new, changed, unchanged or disappearing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kam_metrics.extracts.judgement import Judgement
from kam_metrics.extracts.kinds import KINDS, Kind
from kam_metrics.store import Change, Stage

SHADOWED = frozenset({"ledger", "sales_lines", "receivables", "budget"})
"""Kinds that may be large: a row that repeats an earlier extract remembers so, instead of being sought at every read."""
FIRST_CHANGED = 100


@dataclass(frozen=True)
class Difference:
    """Counts of rows, and the lines whose key is known with other values."""

    new: int
    changed: int
    unchanged: int
    disappearing: int
    changed_lines: tuple[tuple[int, str, str], ...] = ()
    """Line, the column that differs and its old value, for the first hundred."""
    moved_lines: tuple[int, ...] = ()
    """Lines whose key counts now in another scope, so that replacing this one would count it twice."""

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
    source = "coalesce(source_system, $source, '')" if "source_system" in kind.names else "coalesce($source, '')"
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
    if name == "scenario":
        return "coalesce(scenario, 'budget')"
    return f"coalesce({name}, '')"


def stage_incoming(stage: Stage | Change, judgement: Judgement, kind: Kind) -> None:
    """Give every typed row its scope, and the earlier extracts that hold the very same row."""
    cursor = stage.cursor
    names = ", ".join(kind.names)
    cursor.execute(
        f"create or replace temp table incoming as select line, {scope_of(kind)} as scope, {names} from {judgement.table}",
        {"source": judgement.source_system} if "$source" in scope_of(kind) else {},
    )
    if kind.name not in SHADOWED:
        return
    same = " and ".join(f"e.{name} is not distinct from i.{name}" for name in kind.names)
    cursor.execute("alter table incoming add column shadow integer[]")
    if _is_first(cursor, kind):
        return
    cursor.execute(f"""
        create or replace temp table incoming as
        with i as (select *, row_number() over (partition by {names} order by line) as nth from incoming),
        e as (
            select batch_id, {names}, row_number() over (partition by batch_id, {names}) as nth
            from {kind.name}
            where scope in (select distinct scope from incoming)
        )
        select any_value(i.line) as line, any_value(i.scope) as scope, {", ".join(f"any_value(i.{n}) as {n}" for n in kind.names)},
            list(e.batch_id order by e.batch_id) filter (e.batch_id is not null) as shadow
        from i left join e on {same} and e.nth = i.nth
        group by i.line
    """)


def _is_first(cursor: object, kind: Kind) -> bool:
    found = cursor.execute(  # type: ignore[attr-defined]
        f"select 1 from {kind.name} where scope in (select distinct scope from incoming) limit 1"
    ).fetchone()
    return found is None


def compare(stage: Stage | Change, kind_name: str, *, replace: bool) -> Difference:
    """The incoming rows beside the rows that count now."""
    kind = KINDS[kind_name]
    counting = _counting(kind)
    if not kind.key:
        return _compare_content(stage, kind, counting, replace=replace)
    return _compare_keys(stage, kind, counting, replace=replace)


def _counting(kind: Kind) -> str:
    """SQL of the rows of a kind that count now."""
    rows = f"select * from live_rows('{kind.name}')"
    if kind.name in SHADOWED:
        return f"{rows} where not is_shadowed(shadow, since)"
    return f"{rows} qualify row_number() over (partition by {', '.join(kind.key)} order by batch_id desc, line desc) = 1"


def _compare_content(stage: Stage | Change, kind: Kind, counting: str, *, replace: bool) -> Difference:
    names = ", ".join(kind.names)
    same = " and ".join(f"e.{name} is not distinct from i.{name}" for name in kind.names)
    rows = stage.cursor.execute(f"""
        with i as (select {names}, row_number() over (partition by {names}) as nth from incoming),
        e as (
            select {names}, row_number() over (partition by {names}) as nth from ({counting})
            where scope in (select distinct scope from incoming)
        )
        select count(*) filter (e.nth is null), count(*) filter (i.nth is not null and e.nth is not null),
            count(*) filter (i.nth is null)
        from i full join e on {same} and e.nth = i.nth
    """).fetchone()
    new, unchanged, gone = rows or (0, 0, 0)
    return Difference(new, 0, unchanged, gone if replace else 0)


def _compare_keys(stage: Stage | Change, kind: Kind, counting: str, *, replace: bool) -> Difference:
    same_key = " and ".join(f"e.{name} is not distinct from i.{name}" for name in kind.key)
    is_same = " and ".join(f"e.{name} is not distinct from i.{name}" for name in kind.names) or "true"
    others = [name for name in kind.names if name not in kind.key]
    old = " ".join(
        f"when e.{name} is distinct from i.{name} then '{name}: ' || coalesce(e.{name}::text, '–') || ' → ' "
        f"|| coalesce(i.{name}::text, '–')"
        for name in others
    )
    told = f"case {old} end" if others else "null"
    joined = f"""
        with e as ({counting})
        select i.line, e.batch_id is null as is_new, {is_same} as is_same, {told} as told,
            e.scope is distinct from i.scope as is_moved
        from incoming i left join e on {same_key}
    """
    counts = stage.cursor.execute(f"""
        select count(*) filter (is_new), count(*) filter (not is_new and not is_same),
            count(*) filter (not is_new and is_same) from ({joined})
    """).fetchone()
    new, changed, unchanged = counts or (0, 0, 0)
    lines = stage.cursor.execute(
        f"select line, told, is_moved from ({joined}) where not is_new and not is_same order by line limit {FIRST_CHANGED}"
    ).fetchall()
    return Difference(
        new,
        changed,
        unchanged,
        _gone(stage, kind, counting, same_key) if replace and kind.scope else 0,
        tuple((line, *str(told).split(": ", 1)) for line, told, _ in lines),  # type: ignore[misc]
        tuple(line for line, _, is_moved in lines if is_moved and kind.scope),
    )


def _gone(stage: Stage | Change, kind: Kind, counting: str, same_key: str) -> int:
    row = stage.cursor.execute(f"""
        select count(*) from ({counting}) e
        where scope in (select distinct scope from incoming) and not exists (select 1 from incoming i where {same_key})
    """).fetchone()
    return int(row[0]) if row else 0
