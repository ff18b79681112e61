"""What a workbook's XML says and its cells do not: how far it reaches, what is broken, merged, hidden, formatted."""

from __future__ import annotations

import re
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as Xml

from kam_metrics.extracts.dialect import MOST_COLUMNS
from kam_metrics.extracts.formats import BUILT_IN, OF_WHO_LOOKS, Shown, shown_by
from kam_metrics.extracts.judgement import Refused

_MOST_CELLS = 25_000_000
_LONGEST_ROW = 32 << 20
_MOST_INDEX = 8 << 20
_C = rb"<(?:\w+:)?c\b"
_AT = rb"""[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["']"""
_CELL = re.compile(_C + _AT)
_ANY_CELL = re.compile(_C)
_ERROR = re.compile(_C + rb"""(?=[^>]*\bt=["']e["'])([^>]*)>(.{0,200}?)</(?:\w+:)?c>""", re.S)
_EMPTY_FORMULA = re.compile(
    _C + rb"""([^>]*)>\s*(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_SHOWN = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]{0,40})")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_IS_TEXT = re.compile(rb"""\bt=["']str["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*\bref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']""")
_HIDDEN = rb"""\b[^>]*\bhidden=["'](?:1|true)["']"""
_HIDDEN_ROW, _HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?row" + _HIDDEN), re.compile(rb"<(?:\w+:)?col" + _HIDDEN)


@dataclass
class Facts:
    """What one sheet's XML says; places count from zero, rows from one."""

    cells: int = 0
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    """Row and place to the error that is shown there, empty for a formula that was never computed."""
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """Place, first and last row of cells that were made one over several rows."""
    formatted: dict[tuple[int, int], Shown] = field(default_factory=dict)
    """Row and place to what the cell's format shows beside its number."""
    hidden_rows: int = 0
    hidden_columns: int = 0


def sheet_parts(file: Path) -> dict[str, str]:
    """Sheet name to the archive member that holds it."""
    targets = {link.get("Id"): link.get("Target", "") for link in _index(file, "xl/_rels/workbook.xml.rels").iter()}
    with zipfile.ZipFile(file) as archive:
        members = set(archive.namelist())
    found = {}
    for sheet in _index(file, "xl/workbook.xml").iter():
        link = next((text for name, text in sheet.items() if name.endswith("}id")), None)
        target = targets.get(link, "").lstrip("/")
        member = target if target.startswith("xl/") else f"xl/{target}"
        if sheet.tag.endswith("}sheet") and member in members:
            found[sheet.get("name", "")] = member
    return found


def counts_from_1904(file: Path) -> bool:
    """Whether the workbook counts its days from 1904."""
    return any(one.get("date1904") in ("1", "true") for one in _index(file, "xl/workbook.xml").iter())


def facts(file: Path, part: str) -> Facts:
    """Read a sheet's XML once, before its cells are laid out in memory; refuses one that reaches too far."""
    found, widest, highest = Facts(), 0, 0
    formats = _formats(file)
    for piece in _rows(file, part):
        found.cells += len(_ANY_CELL.findall(piece))
        cells = _CELL.findall(piece)
        _require_once(cells, highest)
        for letters, row in cells:
            widest, highest = max(widest, _place(letters) + 1), max(highest, int(row))
        if widest > MOST_COLUMNS:
            raise Refused("too_many_columns", detail=widest)
        if widest * highest > _MOST_CELLS:
            raise Refused("file_too_large")
        _note(found, piece, formats)
    return found


def _require_once(cells: Sequence[tuple[bytes, bytes]], above: int) -> None:
    """Of two cells in one place only one would be read: refuse the sheet."""
    if len(set(cells)) < len(cells) or (cells and min(int(row) for _, row in cells) <= above):
        raise Refused("double_cell")


def require_shared_texts(file: Path) -> None:
    """The texts that cells share are unpacked once here, so that one that lies about its size is found in time."""
    with zipfile.ZipFile(file) as archive:
        members = [name for name in archive.namelist() if name.lower().endswith("sharedstrings.xml")]
    for member in members:
        deque(_pieces(file, member), maxlen=0)


def _note(found: Facts, piece: bytes, formats: dict[bytes, Shown]) -> None:
    for attributes, content in _ERROR.findall(piece):
        shown = _SHOWN.search(content)
        _note_broken(found, attributes, shown.group(1).decode("utf-8", "replace") if shown else "")
    for attributes, empty in _EMPTY_FORMULA.findall(piece):
        if not (empty and _IS_TEXT.search(attributes)):
            _note_broken(found, attributes, "")
    for style, told in formats.items():
        styled = re.compile(_C + rb"""(?=[^>]*\bs=["']""" + style + rb"""["'])""" + _AT)
        found.formatted.update({(int(row), _place(letters)): told for letters, row in styled.findall(piece)})
    for letters, first, _, last in _MERGED.findall(piece):
        if first != last:
            found.merged.append((_place(letters), int(first), int(last)))
    found.hidden_rows += len(_HIDDEN_ROW.findall(piece))
    found.hidden_columns += len(_HIDDEN_COLUMN.findall(piece))


def _note_broken(found: Facts, attributes: bytes, shown: str) -> None:
    place = _PLACE.search(attributes)
    if place is None:
        raise Refused("broken_cell", detail=shown)
    found.broken[int(place.group(2)), _place(place.group(1))] = shown


def _rows(file: Path, part: str) -> Iterator[bytes]:
    """The sheet's XML in pieces that end with a row."""
    held = b""
    for piece in _pieces(file, part):
        whole, end, held = (held + piece).rpartition(b"row>")
        if len(held) > _LONGEST_ROW:
            raise Refused("file_too_large")
        yield whole + end
    yield held


def _pieces(file: Path, part: str) -> Iterator[bytes]:
    with zipfile.ZipFile(file) as archive, archive.open(part) as xml:
        while piece := xml.read(1 << 20):
            if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                raise Refused("entities")
            yield piece


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _formats(file: Path) -> dict[bytes, Shown]:
    """The styles that show more than the number of a cell, to what they show."""
    with zipfile.ZipFile(file) as archive:
        if "xl/styles.xml" not in archive.namelist():
            return {}
    styles = _index(file, "xl/styles.xml")
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iter() if one.tag.endswith("}numFmt")}
    used = next((one for one in styles.iter() if one.tag.endswith("}cellXfs")), ())
    shown = {key: shown_by(code) for key, code in {**BUILT_IN, **codes}.items() if key not in OF_WHO_LOOKS}
    return {
        str(place).encode(): shown[one.get("numFmtId")]
        for place, one in enumerate(used)
        if shown.get(one.get("numFmtId"), Shown()) != Shown()
    }


def _index(file: Path, member: str) -> Xml.Element:
    """A small member of the archive; one that declares entities is refused unread."""
    with zipfile.ZipFile(file) as archive, archive.open(member) as xml:
        text = xml.read(_MOST_INDEX)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refused("entities")
    try:
        return Xml.fromstring(text)  # noqa: S314 entities were refused above
    except (Xml.ParseError, LookupError, ValueError):
        raise Refused("truncated") from None
