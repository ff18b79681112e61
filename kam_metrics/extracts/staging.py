"""Every road from a spooled file ends here: one table of text cells with the physical line of each row."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kam_metrics.extracts.dialect import Layout
from kam_metrics.extracts.judgement import Refused
from kam_metrics.extracts.source import Source
from kam_metrics.store import Stage, read_sql

TEXT = "staged_text"
"""line, fields, surplus, c0, c1, …: cells trimmed, empty cells null, `surplus` what stands beyond the headers."""
_BUFFER = 32_000_000
_LONGEST = 16_000_000
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


def prepare(stage: Stage) -> None:
    """Define how cells are cleaned."""
    stage.cursor.execute(read_sql(__file__, "sql/clean"))


def stage_text(stage: Stage, source: Source, layout: Layout) -> Staged:
    """Stage a text file by the fast road when its premises hold, else by the careful one."""
    if not source.has_odd_quotes and _fast(stage, source, layout):
        return Staged(len(layout.headers), has_odd_text=source.has_odd_text)
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
        for line, cells in _records(source, layout):
            if cells:
                yield as_row(line, cells, len(layout.headers), layout.delimiter or ";")
            else:
                blank += 1

    stage_rows(stage, rows(), len(layout.headers))
    return Staged(len(layout.headers), blank)


def _records(source: Source, layout: Layout) -> Iterator[tuple[int, list[str]]]:
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
            yield first + before, cells
            before = reader.line_num


def as_row(line: int, cells: Sequence[str | None], width: int, joint: str = ";") -> Row:
    """A row of exactly `width` cells; what stands beyond is surplus, nothing if it is empty."""
    if len(cells) == width:
        return line, width, None, cells
    beyond = [cell for cell in cells[width:] if cell and cell.strip()]
    kept = list(cells[:width]) + [None] * (width - len(cells))
    return line, len(cells), joint.join(beyond) or None, kept


def stage_rows(stage: Stage, rows: Iterable[Row], width: int) -> None:
    """Stage rows that Python has read, by way of a file that DuckDB reads as it stands."""
    names = _names(width)
    file = stage.spool / "careful.csv"
    with file.open("w", encoding="utf-8", newline="", errors="surrogatepass") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows((line, fields, surplus, *cells) for line, fields, surplus, cells in rows)
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    cleaned = ", ".join(f"clean({name}) as {name}" for name in names)
    stage.cursor.execute(
        f"create or replace temp table staged_cells as select line, fields, surplus, {cleaned} from read_csv($file, "
        f"columns = {{'line': 'BIGINT', 'fields': 'INTEGER', 'surplus': 'VARCHAR', {columns}}}, delim = ',', "
        "quote = '\"', escape = '\"', header = false, auto_detect = false, strict_mode = true, comment = '', "
        f"parallel = false, max_line_size = {_LONGEST}, buffer_size = {_BUFFER * 2})",
        {"file": str(file)},
    )
    stage.cursor.execute(f"create or replace temp view {TEXT} as from staged_cells")


def _names(width: int) -> tuple[str, ...]:
    return tuple(f"c{index}" for index in range(width))
