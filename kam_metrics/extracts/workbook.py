"""Workbooks and Parquet files: cells that have types already, staged as the text a person would see."""

from __future__ import annotations

import csv
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from kam_metrics.extracts.dialect import Layout, Record, header_among
from kam_metrics.extracts.formats import Beside, shown
from kam_metrics.extracts.judgement import Asked, Refused
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.regular import Row
from kam_metrics.extracts.sheet_xml import Facts, counts_from_1904, facts, require_shared_texts, sheet_parts
from kam_metrics.extracts.source import Source
from kam_metrics.extracts.staging import Staged, define, stage_rows
from kam_metrics.store import EngineError, Stage

EXPLANATION = {"nl": "Uitleg KAM Metrics", "en": "About KAM Metrics"}
"""The sheet of our templates that explains their columns: it never holds data."""
_FIRST_ROWS = 60
_LOOKS_LIKE_DAY = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}([ T].*)?")
_LOOKS_LIKE_NUMBER = re.compile(r"\D{0,9}[0-9][0-9.,'’ \u00a0\u2009\u202f]*[.,][0-9.,]*\D{0,9}")
_NESTED = ("STRUCT", "MAP", "UNION", "BLOB", "BIT", "GEOMETRY", "VARIANT")
_NO_CODES = ("BOOLEAN", "DATE", "TIME")
_FEW_CELLS, _CELLS_PER_BYTE = 50_000_000, 50
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


@dataclass
class _Doubts:
    """Which places of a sheet hold what, so that a cell of another sort than its column is seen."""

    numbers: set[int] = field(default_factory=set)
    text_numbers: dict[int, list[int]] = field(default_factory=dict)
    days: dict[int, list[int]] = field(default_factory=dict)
    text_days: dict[int, list[int]] = field(default_factory=dict)
    beside: dict[int, list[int]] = field(default_factory=dict)
    flags: dict[int, list[int]] = field(default_factory=dict)

    def note(self, line: int, cells: Sequence[object]) -> None:
        for index, cell in enumerate(cells):
            if isinstance(cell, bool):
                self.flags.setdefault(index, []).append(line)
            elif isinstance(cell, float | int):
                self.numbers.add(index)
                if isinstance(cell, Beside):
                    self.beside.setdefault(index, []).append(line)
            elif isinstance(cell, date):
                self.days.setdefault(index, []).append(line)
            elif isinstance(cell, str) and _LOOKS_LIKE_DAY.fullmatch(cell.strip()):
                self.text_days.setdefault(index, []).append(line)
            elif isinstance(cell, str) and _LOOKS_LIKE_NUMBER.fullmatch(cell.strip()):
                self.text_numbers.setdefault(index, []).append(line)

    def found(self, seen: Facts, header: int) -> Mapping[str, Mapping[int, Sequence[int]]]:
        """Rule to place to lines."""
        broken: dict[int, list[int]] = {}
        merged: dict[int, list[int]] = {}
        for line, index in seen.broken:
            broken.setdefault(index, []).append(line)
        for index, first, last in seen.merged:
            merged.setdefault(index, []).extend(range(max(first, header) + 1, last + 1))
        return {
            "text_number": {index: lines for index, lines in self.text_numbers.items() if index in self.numbers},
            "text_day": {index: lines for index, lines in self.text_days.items() if index in self.days},
            "day_code": self.days,
            "flag_code": self.flags,
            "money_code": self.beside,
            "merged_cell": merged,
            "broken_cell": broken,
        }


def stage_workbook(stage: Stage, source: Source, options: Options) -> tuple[Layout, Staged, str]:
    """Stage the one sheet with data, or the one that was asked for; answers its layout and name."""
    try:
        sheet, seen = _sheet(source.file, options)
        from_1904 = counts_from_1904(source.file)
    except PasswordError:
        raise Refused("encrypted") from None
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, KeyError, EOFError):
        raise Refused("truncated") from None
    rows, doubts, below = _filled(sheet, seen), _Doubts(), 0
    first = list(itertools.islice(rows, _FIRST_ROWS))
    layout = header_among([Record(line, tuple(map(shown, cells)), line + 1) for line, cells in first], options)
    width, last = len(layout.headers), layout.header.line

    def staged() -> Iterator[Row]:
        nonlocal below, last
        for line, cells in itertools.chain(first, rows):
            if line > layout.header.line:
                below, last = below + 1, line
                doubts.note(line, cells)
                yield line, [_fitting(line, shown(cell)) for cell in cells]

    stage_rows(stage, staged(), width, layout.header.line)
    found = Staged(
        layout.header.line,
        blank=last - layout.header.line - below,
        has_gaps=last - layout.header.line > below,
        exact=frozenset(doubts.numbers),
        doubts=doubts.found(seen, layout.header.line),
        serials_from=_EPOCH_1904 if from_1904 else _EPOCH,
        hidden=(seen.hidden_rows, seen.hidden_columns),
    )
    return layout, found, sheet.name


def _fitting(line: int, text: str) -> str:
    if len(text) > csv.field_size_limit():
        raise Refused("cell_too_large", line=line)
    return text


def _filled(sheet: CalamineSheet, seen: Facts) -> Iterator[tuple[int, list[Any]]]:
    """The rows with anything in them, as they are shown where that is more than their values say."""
    told = {line for line, _ in (*seen.broken, *seen.formatted)}
    for line, values in enumerate(sheet.iter_rows(), 1):
        cells: list[Any] = values
        if line in told:
            cells = [_as_shown(cell, seen, (line, index)) for index, cell in enumerate(values)]
        if any(cell != "" for cell in cells):
            yield line, cells


def _as_shown(cell: object, seen: Facts, at: tuple[int, int]) -> object:
    told = seen.formatted.get(at)
    if told is None or isinstance(cell, bool) or not isinstance(cell, float | int):
        return seen.broken.get(at, cell)
    if told.beside:
        return Beside(cell, told.beside)
    return told.code(cell) if cell >= 0 else cell


def _sheet(file: Path, options: Options) -> tuple[CalamineSheet, Facts]:
    parts = sheet_parts(file)
    require_shared_texts(file)
    found = {name: facts(file, part) for name, part in parts.items()}
    book = CalamineWorkbook.from_path(file)
    names = [meta.name for meta in book.sheets_metadata if "WorkSheet" in str(meta.typ)]
    if not set(names) <= set(found):
        raise Refused("truncated")
    if options.sheet is not None:
        name = _named(options.sheet, names)
        return book.get_sheet_by_name(name), found[name]
    ours = [name for name in names if name not in EXPLANATION.values()] or names
    with_data = [sheet for sheet in map(book.get_sheet_by_name, ours) if sheet.height]
    if not with_data:
        raise Refused("empty")
    if len(with_data) > 1:
        names_with_data = tuple(sheet.name for sheet in with_data)
        raise Asked("sheet", names_with_data, names_with_data)
    if not found[with_data[0].name].cells:
        raise Refused("truncated")
    return with_data[0], found[with_data[0].name]


def _named(wanted: str, names: Sequence[str]) -> str:
    if wanted not in names:
        raise Refused("no_such_sheet", detail=", ".join(names))
    return wanted


def stage_parquet(stage: Stage, source: Source, options: Options) -> tuple[Layout, Staged]:
    """Stage a Parquet file; its first row counts as line 2, below the headers."""
    _require_whole(source.file)
    try:
        return _stage_whole_parquet(stage, source, options)
    except EngineError as error:
        raise Refused("truncated") from error


def _stage_whole_parquet(stage: Stage, source: Source, options: Options) -> tuple[Layout, Staged]:
    described = stage.cursor.execute("describe from read_parquet($file)", {"file": str(source.file)}).fetchall()
    names = [str(row[0]) for row in described]
    _require_few_cells(stage, source, len(names))
    layout = header_among([Record(1, _headers(stage, source, names), 2)], replace(options, header_row=1))
    texts = [_as_text(str(row[0]), str(row[1])) for row in described]
    cells = ", ".join(f"clean({text}) as c{index}" for index, text in enumerate(texts))
    stage.cursor.execute(
        f"create or replace temp table staged_parquet as select {len(names)} as fields, null::varchar as surplus, "
        f"{cells} from read_parquet($file)",
        {"file": str(source.file)},
    )
    define(stage, "from staged_parquet", 1)
    types = [str(row[1]) for row in described]
    exact = frozenset(i for i, kind in enumerate(types) if kind.startswith(("DECIMAL", "DOUBLE")))
    return layout, Staged(1, exact=exact, unreadable=_unreadable(types))


def _headers(stage: Stage, source: Source, names: Sequence[str]) -> tuple[str, ...]:
    """The names as the file has them: the database gives the second of two that are alike another name."""
    told = stage.cursor.execute("select name from parquet_schema($file)", {"file": str(source.file)}).fetchall()
    written = tuple(str(name) for (name,) in told[1:])
    return written if len(written) == len(names) else tuple(names)


def _unreadable(types: Sequence[str]) -> dict[int, str]:
    """Places whose type cannot hold an exact value, to the rule they break."""
    found = {i: "single_float" for i, kind in enumerate(types) if kind == "FLOAT"}
    found |= {i: "typed_code" for i, kind in enumerate(types) if kind.startswith(_NO_CODES)}
    return found | {i: "nested" for i, kind in enumerate(types) if kind.endswith("]") or kind.startswith(_NESTED)}


def _require_few_cells(stage: Stage, source: Source, columns: int) -> None:
    """Rows that are all alike take no room in the file and all the room once they are read."""
    (rows,) = stage.cursor.execute(
        "select sum(num_rows) from parquet_file_metadata($file)", {"file": str(source.file)}
    ).fetchone() or (0,)
    if (rows or 0) * columns > max(_FEW_CELLS, _CELLS_PER_BYTE * source.file.stat().st_size):
        raise Refused("file_too_large")


def _require_whole(file: Path) -> None:
    """A Parquet file ends with the length of its footer and its magic."""
    data = _tail(file) if file.stat().st_size >= 12 else b""
    if data[4:] != b"PAR1" or int.from_bytes(data[:4], "little") > file.stat().st_size - 12:
        raise Refused("truncated")


def _tail(file: Path) -> bytes:
    with file.open("rb") as raw:
        raw.seek(-8, 2)
        return raw.read()


def _as_text(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == "DOUBLE":
        return f"fifteen_digits({quoted})"
    if kind.startswith("TIMESTAMP"):
        return f"regexp_replace({quoted}::varchar, ' 00:00:00(\\+00)?$', '')"
    return f"{quoted}::varchar"
