"""Every road from a spooled file ends here: rows of text cells, one for every physical line below the headers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kam_metrics.extracts.dialect import Layout
from kam_metrics.extracts.regular import Row, write_regular, write_rows
from kam_metrics.extracts.source import Source
from kam_metrics.store import Stage

CELLS = "staged_cells"
"""fields, surplus, c0, c1, …: the rows in their order; cells trimmed, empty cells null, `surplus` what stands beyond
the headers. No fields at all: a line that is no row of its own."""
TEXT = "staged_text"
"""line and the columns of CELLS. Both are views on the file: few lines are ever needed as text."""
VALUES = "staged_values"
"""faults and a value per column that the file has, for every row of CELLS in their order."""
SAMPLE = "staged_sample"
"""The columns of TEXT, for some lines from all over a large file."""
_BUFFER = 32_000_000
_LONGEST = 16_000_000
_PIECES, _PIECE = 64, 1 << 14


@dataclass(frozen=True)
class Staged:
    """What is known about the staged text beyond its cells."""

    above: int
    """Lines above the first row."""
    unproven: int | None = None
    """How many rows there must be, as long as it is not proven that every line became one."""
    has_sample: bool = False
    blank: int = 0
    """Blank lines that are no rows."""
    has_gaps: bool = False
    exact: frozenset[int] = frozenset()
    """Places whose numbers were numbers already, not text that looks like one."""
    doubts: Mapping[str, Mapping[int, Sequence[int]]] = field(default_factory=dict)
    """Rule to place to lines: cells of a workbook that are not what their column says, or not what they show."""
    serials_from: date | None = None
    """Day zero of a workbook's date numbers."""
    has_odd_text: bool = True
    """Whether numbers of accounts and documents may hold what nobody sees or what a spreadsheet made of them."""
    unreadable: Mapping[int, str] = field(default_factory=dict)
    """Places whose type in a Parquet file cannot hold an exact value, to the rule they break."""
    hidden: tuple[int, int] = (0, 0)
    """Rows and columns of a workbook that nobody sees, and that are read all the same."""


def stage_text(stage: Stage, source: Source, layout: Layout) -> Staged:
    """Stage a text file as it stands; whether every line became a row is to be proven by who reads them."""
    if source.has_odd_quotes:
        return stage_regular(stage, source, layout)
    above = layout.header.next_line - 1
    define(stage, cells_of(source, layout, source.file, above), above)
    sample = stage.spool / "sample.txt"
    if not _write_sample(source.file, sample, above):
        return Staged(above, source.lines - above, has_odd_text=source.has_odd_text)
    rows = cells_of(source, layout, sample, 0)
    stage.cursor.execute(
        f"create or replace temp table {SAMPLE} as select row_number() over () as line, * from ({rows})"
    )
    return Staged(above, source.lines - above, has_sample=True, has_odd_text=source.has_odd_text)


def cells_of(source: Source, layout: Layout, file: Path, skip: int) -> str:
    """SQL of the cells of a file of lines of the source."""
    names = _names(len(layout.headers))
    cells = ", ".join(f"{source.cleaned(name)} as {name}" for name in names)
    read = _read(file, dict.fromkeys(names, "varchar"), layout.delimiter, '"' if source.has_quotes else "", skip)
    return f"select {len(names)} as fields, null::varchar as surplus, {cells} from {read}"


def stage_regular(stage: Stage, source: Source, layout: Layout) -> Staged:
    """Stage a text file of which some lines are no row of their own."""
    file, above = stage.spool / "regular.txt", layout.header.next_line - 1
    blank = write_regular(file, source, layout)
    # a record over several lines may begin or end a cell with one
    cleaned = replace(source, has_odd_spaces=source.has_odd_spaces or source.has_quotes).cleaned
    cells = [f"{cleaned(name)} as {name}" for name in _names(len(layout.headers))]
    _define_regular(stage, file, cells, layout.delimiter or ";", above)
    return Staged(above, blank=blank, has_gaps=True)


def stage_rows(stage: Stage, rows: Iterable[Row], width: int, above: int) -> None:
    """Stage rows that were read elsewhere, each with its line."""
    file = stage.spool / "regular.txt"
    write_rows(file, rows, width, above)
    cells = [f"clean({name}) as {name}" for name in _names(width)]
    _define_regular(stage, file, cells, ",", above)


def _define_regular(stage: Stage, file: Path, cells: Sequence[str], delimiter: str, above: int) -> None:
    columns = {"fields": "integer", "surplus": "varchar", **dict.fromkeys(_names(len(cells)), "varchar")}
    read = _read(file, columns, delimiter, '"', 0, is_regular=True)
    told = f"select coalesce(fields, {len(cells)}) as fields, surplus, {', '.join(cells)} from {read}"
    define(stage, told, above)


def define(stage: Stage, rows: str, above: int) -> None:
    """Make rows known as the cells, and with their lines as the text."""
    stage.cursor.execute(f"create or replace temp view {CELLS} as {rows}")
    stage.cursor.execute(
        f"create or replace temp view {TEXT} as select row_number() over () + {above} as line, * from {CELLS}"
    )


def is_whole(stage: Stage, staged: Staged, *, is_typed: bool) -> bool:
    """Whether every line below the headers is exactly one row, of those that were typed or else as they are read."""
    if staged.unproven is None:
        return True
    (rows,) = stage.cursor.execute(f"select count(*) from {VALUES if is_typed else CELLS}").fetchone() or (0,)
    return bool(rows == staged.unproven)


def _read(
    file: Path, columns: Mapping[str, str], delimiter: str | None, quote: str, skip: int, *, is_regular: bool = False
) -> str:
    """SQL that reads a file of ours. As the sender wrote it, what is no row is left out, and missed in the count."""
    told = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    longest = _LONGEST if is_regular else csv.field_size_limit()
    path = str(file).replace("'", "''")
    return (
        f"read_csv('{path}', columns = {{{told}}}, delim = '{delimiter}', quote = '{quote}', escape = '{quote}', "
        f"skip = {skip}, header = false, auto_detect = false, strict_mode = true, ignore_errors = {not is_regular}, "
        f"comment = '', max_line_size = {longest}, buffer_size = {max(_BUFFER, 2 * longest)})"
    )


def _write_sample(file: Path, sample: Path, above: int) -> bool:
    """Copy pieces from all over a large file, each of whole lines below the headers."""
    size = file.stat().st_size
    if size < 2 * _PIECES * _PIECE:
        return False
    with file.open("rb") as lines, sample.open("wb") as out:
        for piece in range(_PIECES):
            lines.seek(size // _PIECES * piece)
            for _ in range(1 if piece else above):
                lines.readline()
            out.writelines(lines.readlines(_PIECE))
    return True


def _names(width: int) -> tuple[str, ...]:
    return tuple(f"c{index}" for index in range(width))
