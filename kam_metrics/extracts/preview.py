"""Rows of a file as they stand and as they were read, beside each other."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kam_metrics.extracts.check import FAULT, TYPED
from kam_metrics.extracts.judgement import FIRST_PROBLEMS, Judgement, shortened
from kam_metrics.extracts.staging import TEXT
from kam_metrics.store import Stage

FIRST, LAST = 10, 10


@dataclass(frozen=True)
class ReadRow:
    """One row: its line, its cells as text, and what was read from them by our column."""

    line: int
    raw: tuple[str, ...]
    typed: Mapping[str, Any]
    rules: tuple[str, ...] = ()
    is_skipped: bool = False
    """A total, a repeated header or a footer: counted, never booked."""


def holds(stage: Stage, name: str) -> bool:
    """Whether the reading came so far that this relation was made."""
    found = stage.cursor.execute(
        "select exists(from (select table_name as name from duckdb_tables() where temporary union all "
        "select view_name from duckdb_views() where temporary) where name = $name)",
        {"name": name},
    ).fetchone()
    return found == (True,)


def preview(stage: Stage, judgement: Judgement) -> list[ReadRow]:
    """The first and the last rows, and the first lines on which something is wrong."""
    if not holds(stage, TEXT):
        return _head(stage, judgement)
    ends = stage.cursor.execute(
        f"(select line from {TEXT} order by line limit {FIRST}) union "
        f"(select line from {TEXT} order by line desc limit {LAST})"
    ).fetchall()
    lines = sorted({*judgement.lines[:FIRST_PROBLEMS], *(line for (line,) in ends)})
    typed, rules, skipped = _typed(stage, lines), _rules(stage, lines), _skipped(stage, lines)
    return [
        ReadRow(line, cells, typed.get(line, {}), rules.get(line, ()), line in skipped)
        for line, cells in _raw(stage, lines)
    ]


def _head(stage: Stage, judgement: Judgement) -> list[ReadRow]:
    """The first rows of a text file that was read no further than its headers."""
    text, read = stage.spool / "extract.txt", judgement.read_as
    if not text.exists() or not read.delimiter or not read.header_row:
        return []
    with text.open(encoding="utf-8", newline="\n", errors="surrogatepass") as file:
        lines = [line.rstrip("\n") for line in itertools.islice(file, read.header_row, read.header_row + FIRST)]
    rows = csv.reader(lines, delimiter=read.delimiter)
    return [
        ReadRow(line, tuple(map(shortened, cells)), {}) for line, cells in enumerate(rows, read.header_row + 1) if cells
    ]


def _raw(stage: Stage, lines: Sequence[int]) -> list[tuple[int, tuple[str, ...]]]:
    done = stage.cursor.execute(
        f"select * exclude (fields, surplus) from {TEXT} where line in (select unnest($lines)) order by line",
        {"lines": list(lines)},
    )
    return [(line, tuple(shortened(cell or "") for cell in cells)) for line, *cells in done.fetchall()]


def _typed(stage: Stage, lines: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not holds(stage, TYPED):
        return {}
    done = stage.cursor.execute(
        f"select * exclude (faults) from {TYPED} where line in (select unnest($lines))", {"lines": list(lines)}
    )
    names = [column[0] for column in done.description][1:]
    return {line: dict(zip(names, values, strict=True)) for line, *values in done.fetchall()}


def _rules(stage: Stage, lines: Sequence[int]) -> dict[int, tuple[str, ...]]:
    if not holds(stage, FAULT):
        return {}
    rows = stage.cursor.execute(
        f"select line, list(distinct rule order by rule) from {FAULT} where line in (select unnest($lines)) group by 1",
        {"lines": list(lines)},
    ).fetchall()
    return {line: tuple(rules) for line, rules in rows}


def _skipped(stage: Stage, lines: Sequence[int]) -> set[int]:
    if not holds(stage, "staged_skip"):
        return set()
    rows = stage.cursor.execute(
        "select line from staged_skip where line in (select unnest($lines))", {"lines": list(lines)}
    ).fetchall()
    return {line for (line,) in rows}
