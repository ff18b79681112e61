"""Workbooks and Parquet files: cells that have types already, staged as the text a person would see."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from kam_metrics.extracts.dialect import MOST_COLUMNS, Layout, Record, header_among
from kam_metrics.extracts.judgement import Asked, Refused
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.source import Source
from kam_metrics.extracts.staging import TEXT, Row, Staged, as_row, stage_rows
from kam_metrics.store import EngineError, Stage

EXPLANATION = {"nl": "Uitleg KAM Metrics", "en": "About KAM Metrics"}
"""The sheet of our templates that explains their columns: it never holds data."""
_FIRST_ROWS = 60
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_BROKEN = re.compile(
    rb'<c r="[A-Z]{1,3}([0-9]{1,7})"[^>]*(?: t="e"|>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)(?:<v/>|<v></v>)?</c>)'
)
_LOOKS_LIKE_NUMBER = re.compile(r"[-+(€$£ ]*[0-9][0-9.,' \u00a0]*[.,][0-9.,]*[-) A-Z€]*")
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


@dataclass
class _Kinds:
    """Which places of a sheet hold numbers, and which hold text that looks like one."""

    numbers: set[int]
    texts: dict[int, list[int]]

    def note(self, line: int, cells: Sequence[object]) -> None:
        for index, cell in enumerate(cells):
            if isinstance(cell, float | int) and not isinstance(cell, bool):
                self.numbers.add(index)
            elif isinstance(cell, str) and _LOOKS_LIKE_NUMBER.fullmatch(cell.strip()):
                self.texts.setdefault(index, []).append(line)


def stage_workbook(stage: Stage, source: Source, options: Options) -> tuple[Layout, Staged, str]:
    """Stage the one sheet with data, or the one that was asked for; answers its layout and name."""
    sheet = _sheet(source.file, options)
    part = _part(source.file, sheet.name)
    _require_sound(source.file, part)
    rows = list(_filled(sheet))
    first = [Record(line, tuple(shown(cell) for cell in cells), line + 1) for line, cells in rows[:_FIRST_ROWS]]
    layout = header_among(first, options)
    width, kinds = len(layout.headers), _Kinds(set(), {})

    def staged() -> Iterator[Row]:
        for line, cells in rows:
            if line > layout.header.line:
                kinds.note(line, cells)
                yield as_row(line, [shown(cell) for cell in cells], width)

    stage_rows(stage, staged(), width)
    below = [line for line, _ in rows if line > layout.header.line]
    blank = sum(1 for _ in range(layout.header.line, max(below, default=layout.header.line))) - len(below)
    mixed = {i: tuple(lines) for i, lines in kinds.texts.items() if i in kinds.numbers}
    exact = frozenset(kinds.numbers - set(kinds.texts))
    return layout, Staged(width, blank, exact, mixed, _serials_from(source.file)), sheet.name


def _filled(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    for line, cells in enumerate(sheet.iter_rows(), 1):
        if any(cell != "" for cell in cells):
            yield line, cells


def _sheet(file: Path, options: Options) -> CalamineSheet:
    try:
        book = CalamineWorkbook.from_path(file)
        names = [meta.name for meta in book.sheets_metadata if "WorkSheet" in str(meta.typ)]
        for part in _parts(file).values():
            _require_bounded(file, part)
        if options.sheet is not None:
            return book.get_sheet_by_name(_named(options.sheet, names))
        ours = [name for name in names if name not in EXPLANATION.values()] or names
        with_data = [sheet for sheet in map(book.get_sheet_by_name, ours) if sheet.height]
    except PasswordError:
        raise Refused("encrypted") from None
    except (CalamineError, zipfile.BadZipFile, OSError, KeyError, EOFError):
        raise Refused("truncated") from None
    if not with_data:
        raise Refused("empty")
    if len(with_data) > 1:
        found = tuple(sheet.name for sheet in with_data)
        raise Asked("sheet", found, found)
    return with_data[0]


def _named(wanted: str, names: Sequence[str]) -> str:
    if wanted not in names:
        raise Refused("no_such_sheet", detail=", ".join(names))
    return wanted


def _parts(file: Path) -> dict[str, str]:
    """Sheet name to the archive member that holds it."""
    with zipfile.ZipFile(file) as archive:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        members = set(archive.namelist())
    targets = {}
    for link in re.findall(r"<Relationship [^>]*>", links):
        fields = dict(re.findall(r'(\w+)="([^"]*)"', link))
        targets[fields.get("Id", "")] = fields.get("Target", "")
    found = {}
    for sheet in re.findall(r"<sheet [^>]*>", book):
        fields = dict(re.findall(r'([\w:]+)="([^"]*)"', sheet))
        target = targets.get(fields.get("r:id", ""), "").lstrip("/")
        member = target if target.startswith("xl/") else f"xl/{target}"
        if member in members:
            found[fields.get("name", "")] = member
    return found


def _part(file: Path, name: str) -> str | None:
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return _parts(file).get(escaped)


def _xml_rows(file: Path, part: str) -> Iterator[bytes]:
    """The sheet's XML in pieces that end with a row."""
    with zipfile.ZipFile(file) as archive, archive.open(part) as xml:
        held = b""
        while piece := xml.read(1 << 20):
            whole, end, held = (held + piece).rpartition(b"</row>")
            yield whole + end
        yield held


def _require_bounded(file: Path, part: str) -> None:
    """A sheet is laid out as a full rectangle: two far cells would be the whole memory."""
    widest = highest = 0
    for piece in _xml_rows(file, part):
        for letters, row in _CELL.findall(piece):
            widest, highest = max(widest, _place(letters)), max(highest, int(row))
        if widest > MOST_COLUMNS:
            raise Refused("too_many_columns", detail=widest)
        if widest * highest > 200_000_000:
            raise Refused("file_too_large")


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _require_sound(file: Path, part: str | None) -> None:
    """A cell that shows an error, or a formula never computed, reads as empty: refuse it by its row."""
    for piece in _xml_rows(file, part) if part else ():
        if broken := _BROKEN.search(piece):
            raise Refused("broken_cell", line=int(broken.group(1)))


def _serials_from(file: Path) -> date:
    with zipfile.ZipFile(file) as archive:
        book = archive.read("xl/workbook.xml")
    return _EPOCH_1904 if re.search(rb'date1904="(1|true)"', book) else _EPOCH


def shown(cell: object) -> str:
    """A cell as text: numbers at 15 significant digits, dates as ISO."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float | int):
        exact = Decimal(f"{cell:.15g}")
        return format(
            exact.normalize() if exact % 1 else exact.quantize(Decimal(1)) if abs(exact) < 10**20 else exact, "f"
        )
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else f"{cell}"


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
    layout = header_among([Record(1, tuple(names), 2)], replace(options, header_row=1))
    texts = [_as_text(str(row[0]), str(row[1])) for row in described]
    cells = ", ".join(f"clean({text}) as c{index}" for index, text in enumerate(texts))
    stage.cursor.execute(
        f"create or replace temp table staged_cells as select {cells} from read_parquet($file)",
        {"file": str(source.file)},
    )
    stage.cursor.execute(
        f"create or replace temp view {TEXT} as select rowid + 2 as line, {len(names)} as fields, "
        f"null::varchar as surplus, {', '.join(f'c{index}' for index in range(len(names)))} from staged_cells"
    )
    numeric = {i for i, row in enumerate(described) if str(row[1]).startswith(("DECIMAL", "DOUBLE", "FLOAT"))}
    return layout, Staged(len(names), exact=frozenset(numeric))


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
    if kind in ("DOUBLE", "FLOAT"):
        return f"fifteen_digits({quoted})"
    if kind.startswith("TIMESTAMP"):
        return f"regexp_replace({quoted}::varchar, ' 00:00:00(\\+00)?$', '')"
    return f"{quoted}::varchar"
