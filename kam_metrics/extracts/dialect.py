"""How a text file is laid out: its delimiter, and the line where the headers stand."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kam_metrics.extracts.judgement import Asked, Refused
from kam_metrics.extracts.kinds import plain
from kam_metrics.extracts.match import known_headers
from kam_metrics.extracts.options import DELIMITERS, Options

FIRST_RECORDS = 60
MOST_COLUMNS = 1000
_HEAD_BYTES = 4 << 20


@dataclass(frozen=True)
class Record:
    """One record of a table, the line where it starts and the line after it."""

    line: int
    cells: tuple[str, ...]
    next_line: int

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Layout:
    """Where the headers stand, what they are, and what came above them."""

    header: Record
    above: tuple[Record, ...] = ()
    delimiter: str | None = None
    first_line: int = 1
    """1, or 2 under an Excel `sep=` line."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers as the file spells them."""
        return self.header.cells


def layout(file: Path, options: Options) -> Layout:
    """Find the delimiter and the headers: the first record that holds most of the names we know."""
    lines = _head(file)
    said = _said_delimiter(lines)
    first = 2 if said else 1
    given = options.delimiter or said
    candidates = (given,) if given else DELIMITERS
    heads = {one: _records(lines[first - 1 :], one, first) for one in candidates}
    scored = [
        (_score(record, options), -order, delimiter, record)
        for order, delimiter in enumerate(candidates)
        for record in heads[delimiter]
    ]
    best = max((score for score, *_ in scored), default=0)
    if options.header_row is None and best >= 2:
        tied = {delimiter for score, _, delimiter, _ in scored if score == best}
        if len(tied) > 1:
            raise Asked("delimiter", tuple(d for d in DELIMITERS if d in tied), (lines[first - 1].rstrip("\n"),))
    delimiter = next((d for score, _, d, _ in scored if score == best and best >= 2), None) or _widest(heads)
    return _found(heads[delimiter], options, Layout(heads[delimiter][0], (), delimiter, first))


def header_among(records: Sequence[Record], options: Options) -> Layout:
    """The layout of records that need no delimiter, as those of a workbook."""
    if not records:
        raise Refused("empty")
    return _found(records, options, Layout(records[0]))


def _found(records: Sequence[Record], options: Options, base: Layout) -> Layout:
    header = _header(records, options)
    if len(header.cells) > MOST_COLUMNS:
        raise Refused("too_many_columns", line=header.line, detail=len(header.cells))
    above = tuple(record for record in records if record.line < header.line)
    return Layout(header, above, base.delimiter, base.first_line)


def _header(records: Sequence[Record], options: Options) -> Record:
    if options.header_row is not None:
        given = [record for record in records if record.line == options.header_row]
        if not given or given[0].is_blank:
            raise Refused("header_row", line=options.header_row)
        return given[0]
    best = max(records, key=lambda record: _score(record, options))
    if _score(best, options) >= 2:
        return best
    width = max(_filled(record) for record in records)
    if width < 2:
        raise Refused("no_header")
    return next(record for record in records if _filled(record) == width)


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _score(record: Record, options: Options) -> int:
    """How many different names in this record we know, or were told."""
    told = {plain(theirs) for theirs in options.mapping}
    known = known_headers(options.kind)
    cells = {plain(cell) for cell in record.cells[: MOST_COLUMNS + 1] if len(cell) < 100}
    return len({cell for cell in cells if cell and (cell in known or cell in told)})


def _widest(heads: dict[str, list[Record]]) -> str:
    """No known header anywhere: the delimiter that makes most of the first records more than one cell."""
    return max(heads, key=lambda one: sum(len(record.cells) > 1 for record in heads[one]))


def _head(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="\n", errors="surrogatepass") as text:
        lines = text.readlines(_HEAD_BYTES)
    if not any(line.strip() for line in lines):
        raise Refused("empty")
    return lines


def _said_delimiter(lines: Sequence[str]) -> str | None:
    line = lines[0].strip("\ufeff\n").lower()
    return line[4] if line.startswith("sep=") and len(line) == 5 else "\t" if line == "sep=\\t" else None


def _records(lines: Sequence[str], delimiter: str, first_line: int) -> list[Record]:
    """The first records under a delimiter; a record that cannot be read ends them."""
    return list(_read(lines, delimiter, first_line))


def _read(lines: Sequence[str], delimiter: str, first_line: int) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=False)
    before = 0
    while reader.line_num < len(lines):
        try:
            cells = next(reader)
        except (csv.Error, StopIteration):
            return
        yield Record(first_line + before, tuple(cells), first_line + reader.line_num)
        before = reader.line_num
        if before > FIRST_RECORDS * 4:
            return
