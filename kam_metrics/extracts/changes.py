"""What loading would change, shown: examples of every sort of change, and the money per month before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kam_metrics.extracts.difference import SHADOWED, counting, same_key
from kam_metrics.extracts.kinds import Kind
from kam_metrics.extracts.preview import holds
from kam_metrics.store import Stage

EXAMPLES = 20


@dataclass(frozen=True)
class Changed:
    """A row that is known with other values: where it stands, what it is about, and each value old and new."""

    line: int
    key: Mapping[str, Any]
    values: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class MonthTotal:
    """What a month holds in a currency: in the file, in the store now, and in the store after loading."""

    month: date | None
    currency: str
    in_file: Decimal
    in_store: Decimal
    after: Decimal


@dataclass(frozen=True)
class Changes:
    """Examples of what is new, changed and disappearing, and the totals per month and currency."""

    new: Sequence[Mapping[str, Any]] = ()
    changed: Sequence[Changed] = ()
    disappearing: Sequence[Mapping[str, Any]] = ()
    totals: Sequence[MonthTotal] = ()
    held: int = 0
    """Rows that count now and that the file is compared with."""


def changes(stage: Stage, kind: Kind, *, replacing: bool) -> Changes:
    """What the rows that stand ready would change."""
    if not holds(stage, "incoming"):
        return Changes()
    _stage_sides(stage, kind)
    new, gone = _only("i", kind), _only("e", kind)
    return Changes(
        _rows(stage, f"{new} limit {EXAMPLES}"),
        _changed(stage, kind) if kind.key else [],
        _rows(stage, f"{gone} limit {EXAMPLES}") if replacing and kind.scope else [],
        _totals(stage, kind, replacing=replacing) if kind.money else [],
        int((stage.cursor.execute("select count(*) from counting_now").fetchone() or (0,))[0]),
    )


def _stage_sides(stage: Stage, kind: Kind) -> None:
    """The rows that count now and that the file is compared with."""
    overlap = "batch_id in (from incoming_overlap) and" if kind.name in SHADOWED else ""
    within = f"where {overlap} scope in (from incoming_scope)" if kind.scope else ""
    stage.cursor.execute(
        "create or replace temp table counting_now as "
        f"select {', '.join(kind.names)}, batch_source from ({counting(kind)}) {within}"
    )


_SIDES = {"i": "incoming", "e": "counting_now"}


def _only(side: str, kind: Kind) -> str:
    """SQL of what stands on one side only: by key, or by content with multiplicity."""
    names = ", ".join(kind.names)
    other = "e" if side == "i" else "i"
    if not kind.key:
        return f"select {names} from {_SIDES[side]} except all select {names} from {_SIDES[other]}"
    return (
        f"select {names} from {_SIDES[side]} {side} "
        f"where not exists (select 1 from {_SIDES[other]} {other} where {same_key(kind)})"
    )


def _rows(stage: Stage, sql: str) -> list[dict[str, Any]]:
    done = stage.cursor.execute(sql)
    names = [column[0] for column in done.description]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def _changed(stage: Stage, kind: Kind) -> list[Changed]:
    values = [name for name in kind.names if name not in kind.key]
    if not values:
        return []
    differ = " or ".join(f"e.{name} is distinct from i.{name}" for name in values)
    told = ", ".join(f"e.{name} as old_{name}, i.{name} as new_{name}" for name in values)
    keys = ", ".join(f"i.{name}" for name in kind.key)
    rows = _rows(
        stage,
        f"select i.line, {keys}, {told} from incoming i join counting_now e on {same_key(kind)} "
        f"where {differ} order by i.line limit {EXAMPLES}",
    )
    return [
        Changed(
            row["line"],
            {name: row[name] for name in kind.key},
            {
                name: (row[f"old_{name}"], row[f"new_{name}"])
                for name in values
                if row[f"old_{name}"] != row[f"new_{name}"]
            },
        )
        for row in rows
    ]


def _totals(stage: Stage, kind: Kind, *, replacing: bool) -> list[MonthTotal]:
    """Sums per month and currency; without replacing, only what is new is added to what is there."""
    month = f"date_trunc('month', {kind.dated})::date" if kind.dated else "null::date"
    currency = "currency" if "currency" in kind.names else "'EUR'"
    sums = f"select {month} as month, {currency} as currency, sum({kind.money}) as total from"
    rows = stage.cursor.execute(
        f"""
        with f as ({sums} incoming group by 1, 2), s as ({sums} counting_now group by 1, 2),
        n as ({sums} ({_only("i", kind)}) group by 1, 2)
        select coalesce(f.month, s.month), coalesce(f.currency, s.currency), coalesce(f.total, 0),
            coalesce(s.total, 0), case when $replacing then coalesce(f.total, 0)
            else coalesce(s.total, 0) + coalesce(n.total, 0) end
        from f full join s on s.month is not distinct from f.month and s.currency = f.currency
        left join n on n.month is not distinct from f.month and n.currency = f.currency
        order by 1, 2
        """,
        {"replacing": replacing},
    ).fetchall()
    return [MonthTotal(*row) for row in rows]
