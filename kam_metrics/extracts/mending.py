"""The same file with what is wrong beside every row, to mend in a spreadsheet and offer again."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO

from kam_metrics import words
from kam_metrics.extracts.kinds import plain
from kam_metrics.extracts.source import Source

GUARD = "'"
_NUMBER = r"[\d.,\s€$£]*\d[\d.,' ]*[-)]?$"
_FORMULA = re.compile(rf"'*(?:[=@\t\r]|[+-](?!{_NUMBER}))")
"""How a cell begins that a spreadsheet would run, and a guarded one; a signed number is neither."""


@cache
def problem_headers() -> frozenset[str]:
    """The header of the column we add, made plain, in every language."""
    return frozenset(plain(words.say(language, "extract_mending.header")) for language in words.LANGUAGES)


def mended_name(name: str) -> str:
    """What the file with problems is called."""
    return f"{Path(name).name.removesuffix('.gz').rsplit('.', 1)[0]}-problems.csv"


def write_mended(
    text: IO[str], out: IO[str], *, delimiter: str, header_line: int, problems: Mapping[int, str], header: str
) -> None:
    """Copy a file record by record with a column of problems; what stands above the headers stays as it is."""
    own: int | None = None
    for line, cells in _copied(text, out, delimiter, header_line):
        if line == header_line:
            own = next((i for i, name in enumerate(cells) if plain(name) in problem_headers()), None)
        told = header if line == header_line else problems.get(line, "")
        kept = [guarded(cell) for index, cell in enumerate(cells) if index != own]
        _write(out, delimiter, [*kept, told] if cells else [])


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"{GUARD}{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that was guarded."""
    return cell.removeprefix(GUARD) if _FORMULA.match(cell) else cell


def restored(source: Source, headers: Sequence[str], delimiter: str | None, header_line: int) -> Source:
    """A file that we wrote ourselves with its guards taken off; every record stays on its line."""
    if not any(plain(header) in problem_headers() for header in headers):
        return source
    target = source.file.with_name("restored.txt")
    with (
        source.file.open(encoding="utf-8", newline="\n", errors="surrogatepass") as text,
        target.open("w", encoding="utf-8", newline="\n", errors="surrogatepass") as out,
    ):
        try:
            for _, cells in _copied(text, out, delimiter or ";", header_line):
                _write(out, delimiter or ";", [unguarded(cell) for cell in cells])
        except csv.Error:
            return source
    return replace(source, file=target, has_quotes=True)


def _copied(text: IO[str], out: IO[str], delimiter: str, header_line: int) -> Iterator[tuple[int, list[str]]]:
    """Copy what stands above the headers, then hand over each record with its line."""
    for _ in range(header_line - 1):
        out.write(text.readline())
    reader = csv.reader(text, delimiter=delimiter)
    line = header_line
    for cells in reader:
        yield line, cells
        line = header_line + reader.line_num


def _write(out: IO[str], delimiter: str, cells: Sequence[str]) -> None:
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(cells)


def as_lines(rows: Iterable[tuple[int, Sequence[str | None]]], delimiter: str = ";") -> Iterator[str]:
    """The rows of a workbook as lines of a text file, each where it stood in the sheet."""
    at = 1
    for line, cells in rows:
        quoted = (f'"{(cell or "").replace(chr(34), chr(34) * 2)}"' for cell in cells)
        yield "\n" * (line - at) + delimiter.join(quoted).replace("\n", " ") + "\n"
        at = line + 1
