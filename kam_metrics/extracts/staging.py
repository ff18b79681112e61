"""Every road from a spooled file ends here: one table of text cells with the physical line of each row."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from kam_metrics.extracts.dialect import Layout, Record
from kam_metrics.extracts.judgement import Refused
from kam_metrics.extracts.source import Source
from kam_metrics.store import Stage, read_sql

TEXT = "staged_text"
"""line, fields, surplus, c0, c1, …: cells trimmed, empty cells null, `surplus` what stands beyond the headers."""
_CHUNK = 50_000
_BUFFER = 32_000_000
Row = tuple[int, int, str | None, Sequence[str | None]]
"""Line, number of fields, surplus, cells."""


@dataclass(frozen=True)
class Staged:
    """What is known about the staged text beyond its cells."""

    width: int
    blank: int = 0
    """Blank lines that were left out."""
    exact: frozenset[int] = frozenset()
    """Places whose numbers were numbers already, not text that looks like one."""
    text_numbers: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Place to the lines where a workbook holds text that looks like a number among real numbers."""
    serials_from: date | None = None
    """Day zero of a workbook's date numbers."""


def prepare(stage: Stage) -> None:
    """Define how cells are cleaned."""
    stage.cursor.execute(read_sql(__file__, "sql/clean"))


def stage_text(stage: Stage, source: Source, layout: Layout) -> Staged:
    """Stage a text file by the fast road when its premises hold, else by the careful one."""
    if not source.has_odd_quotes and _fast(stage, source, layout):
        return Staged(len(layout.headers))
    return _careful(stage, source, layout)


def _fast(stage: Stage, source: Source, layout: Layout) -> bool:
    """Let DuckDB read it; true only if every physical line below the headers became exactly one row."""
    names = _names(len(layout.headers))
    clean = "clean" if source.has_odd_spaces else "clean_spaces"
    cells = ", ".join(f"{clean}({name}) as {name}" for name in names)
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    quote = '"' if source.has_quotes else ""
    skip = layout.header.next_line - 1
    stage.cursor.execute(
        f"create or replace temp table staged_cells as select {cells} from read_csv($file, delim = $delimiter, "
        f"skip = {skip}, columns = {{{columns}}}, quote = $quote, escape = $quote, header = false, "
        "auto_detect = false, all_varchar = true, strict_mode = true, ignore_errors = true, comment = '', "
        f"max_line_size = {csv.field_size_limit()}, buffer_size = {_BUFFER})",
        {"file": str(source.file), "delimiter": layout.delimiter, "quote": quote},
    )
    (rows,) = stage.cursor.execute("select count(*) from staged_cells").fetchone() or (0,)
    stage.cursor.execute(
        f"create or replace temp view {TEXT} as select rowid + {skip + 1} as line, {len(names)} as fields, "
        f"null::varchar as surplus, {', '.join(names)} from staged_cells"
    )
    return bool(rows == source.lines - skip)


def _careful(stage: Stage, source: Source, layout: Layout) -> Staged:
    blank = 0

    def rows() -> Iterator[Row]:
        nonlocal blank
        for record in _records(source, layout):
            if record.cells:
                yield as_row(record.line, record.cells, len(layout.headers), layout.delimiter or ";")
            else:
                blank += 1

    stage_rows(stage, rows(), len(layout.headers))
    return Staged(len(layout.headers), blank)


def _records(source: Source, layout: Layout) -> Iterator[Record]:
    first = layout.header.next_line
    with source.file.open(encoding="utf-8", newline="\n", errors="surrogatepass") as text:
        lines = itertools.islice(text, first - 1, None)
        reader = csv.reader(
            lines, delimiter=layout.delimiter or ";", strict=True, skipinitialspace=source.has_odd_quotes
        )
        before = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                rule = "cell_too_large" if "field larger" in str(error) else "quote"
                raise Refused(rule, line=first + before) from None
            yield Record(first + before, tuple(cells), first + reader.line_num)
            before = reader.line_num


def as_row(line: int, cells: Sequence[str | None], width: int, joint: str = ";") -> Row:
    """A row of exactly `width` cells; what stands beyond is surplus, nothing if it is empty."""
    beyond = [cell for cell in cells[width:] if cell and cell.strip()]
    kept = list(cells[:width]) + [None] * (width - len(cells))
    return line, len(cells), joint.join(beyond) or None, kept


def stage_rows(stage: Stage, rows: Iterable[Row], width: int) -> None:
    """Stage rows that Python has read, in chunks."""
    names = _names(width)
    columns = ", ".join(f"{name} varchar" for name in names)
    stage.cursor.execute(
        f"create or replace temp table staged_cells (line bigint, fields integer, surplus varchar, {columns})"
    )
    cleaned = ", ".join(f"clean({name})" for name in names)
    waiting = iter(rows)
    while chunk := list(itertools.islice(waiting, _CHUNK)):
        stage.cursor.register("staged_chunk", _frame(chunk, names))
        stage.cursor.execute(f"insert into staged_cells select line, fields, surplus, {cleaned} from staged_chunk")
        stage.cursor.unregister("staged_chunk")
    stage.cursor.execute(f"create or replace temp view {TEXT} as from staged_cells")


def _frame(chunk: Sequence[Row], names: Sequence[str]) -> pd.DataFrame:
    """Text stays text: object columns, so that nothing is guessed from the values."""
    cells = zip(*(row[3] for row in chunk), strict=True)
    frame = pd.DataFrame({"line": [row[0] for row in chunk], "fields": [row[1] for row in chunk]})
    frame["surplus"] = pd.Series([row[2] for row in chunk], dtype=object)
    texts = {name: pd.Series(column, dtype=object) for name, column in zip(names, cells, strict=True)}
    return pd.concat([frame, pd.DataFrame(texts)], axis=1)


def _names(width: int) -> tuple[str, ...]:
    return tuple(f"c{index}" for index in range(width))
