"""A file made regular: one row for every physical line, so that no reader can lose count of the lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from kam_metrics.extracts.dialect import Layout
from kam_metrics.extracts.judgement import Refused
from kam_metrics.extracts.source import Source

Row = tuple[int, Sequence[str | None]]
"""Line and cells."""
_SWALLOWING = 4
"""So many fields make a line a row: with fewer, text over several lines often has as many delimiters."""


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


class _Form:
    """How a regular row is written: its number of fields, what stands beyond the headers, and a cell for each header.

    No number of fields means as many as headers; none at all (0) a line that is no row of its own.
    """

    def __init__(self, width: int, delimiter: str) -> None:
        self._width, self._delimiter = width, delimiter
        self._write = csv.writer(_Echo(), delimiter=delimiter, lineterminator="\n").writerow
        self._mark = delimiter.encode()
        self.before = 2 * self._mark
        self.gap = f"0{delimiter * (width + 1)}\n".encode()
        mark = re.escape(delimiter)
        cell = rf'(?:[^"\n{mark}]*|"(?:[^"\n]|"")*")'
        self._whole = re.compile(rf"{cell}(?:{mark}{cell}){{{width - 1}}}\n".encode())

    def holds(self, line: bytes) -> bool:
        """Whether a line is a row as it stands."""
        if len(line) > csv.field_size_limit():
            return False
        if b'"' not in line:
            return line.count(self._mark) == self._width - 1
        return self._whole.fullmatch(line) is not None

    def row(self, cells: Sequence[str | None]) -> bytes:
        """Cells cut or filled to the width of the headers."""
        beyond = [cell for cell in cells[self._width :] if cell and cell.strip()]
        kept = [*cells[: self._width], *[None] * (self._width - len(cells))]
        row: str = self._write((len(cells), self._delimiter.join(beyond), *kept))
        return row.encode("utf-8", "surrogatepass")


def write_rows(file: Path, rows: Iterable[Row], width: int, above: int) -> None:
    """Write rows that were read elsewhere, each at its own line."""
    form, last = _Form(width, ","), above
    with file.open("wb") as out:
        for line, cells in rows:
            out.write(form.gap * (line - last - 1) + form.row(cells))
            last = line


def write_regular(file: Path, source: Source, layout: Layout) -> int:
    """Write the lines below the headers, of which most are rows already; how many were blank."""
    form, blank = _Form(len(layout.headers), layout.delimiter or ";"), 0
    with source.file.open("rb") as lines, file.open("wb") as out:
        for _ in range(layout.header.next_line - 1):
            lines.readline()
        for cells, told in _rows(lines, form, layout, source):
            blank += cells == []
            out.write(told)
    return blank


def _rows(
    lines: Iterator[bytes], form: _Form, layout: Layout, source: Source
) -> Iterator[tuple[Sequence[str] | None, bytes]]:
    """Every row, with its cells where they had to be read with care."""
    number = layout.header.next_line
    for line in lines:
        if form.holds(line):
            yield None, form.before + line
            number += 1
            continue
        cells, taken = _record(chain((line,), lines), number, layout, source)
        yield cells, (form.row(cells) if cells else b"") + form.gap * (taken - bool(cells))
        number += taken


def _record(lines: Iterator[bytes], number: int, layout: Layout, source: Source) -> tuple[list[str], int]:
    """The next record, and over how many lines it stands."""
    delimiter, taken = layout.delimiter or ";", list[str]()

    def read() -> Iterator[str]:
        for line in lines:
            taken.append(line.decode("utf-8", "surrogatepass"))
            yield taken[-1]

    reader = csv.reader(read(), delimiter=delimiter, strict=True, skipinitialspace=source.has_odd_quotes)
    try:
        cells = next(reader)
    except csv.Error as error:
        rule = "cell_too_large" if "field larger" in str(error) else "quote"
        raise Refused(rule, line=number) from None
    if len(taken) > 1 and all(_SWALLOWING <= line.count(delimiter) + 1 == len(layout.headers) for line in taken):
        raise Refused("swallowed", line=number, detail=number + len(taken) - 1)
    return cells, len(taken)
