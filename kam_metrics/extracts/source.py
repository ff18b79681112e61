"""From bytes to something readable in the spool: what the file really is, its encoding, its lines."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from kam_metrics.errors import KamError
from kam_metrics.extracts.judgement import Asked, Refused
from kam_metrics.extracts.traits import Traits, note

_CHUNK = 1 << 18
_MOST_BYTES = 20 << 30
_MOST_RATIO = 100
_SMALL = 64 << 20
"""A packed file may unpack to this whatever its ratio."""
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_GZIP = b"\x1f\x8b"
_MAGIC = {
    b"%PDF": "binary", b"\x89PNG": "binary", b"\xff\xd8\xff": "binary", b"{\\rtf": "binary", b"7z\xbc\xaf": "binary",
    _GZIP: "packed_twice", b"BZh": "binary", b"\x7fELF": "binary", b"MZ\x90": "binary",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TWO_ENCODINGS = re.compile("[ÂÃÄÅ][^\0-\x7fÀ-ÿ]|â€|â‚¬")
_OTHER_CODE_PAGE = re.compile("[A-Za-z](?:[‚„‰‡‹ˆ]|[†”“][a-z])|[a-z][ŽŸŠŒ]|¤")


@dataclass(frozen=True)
class Source:
    """A file in the spool: text as UTF-8 with line feeds only, a workbook or Parquet as it came."""

    form: Literal["text", "workbook", "parquet"]
    file: Path
    sha256: str
    encoding: str | None = None
    lines: int = 0
    has_quotes: bool = False
    has_odd_quotes: bool = False
    """A quoted cell with spaces outside its quotes, which readers disagree about."""
    has_spaces: bool = True
    has_odd_spaces: bool = True
    """Tabs or spaces beyond the ordinary one, which cost more to trim."""
    has_odd_text: bool = True
    """Characters that cannot be seen or look like others, `E+`, an error of a spreadsheet: text is looked at twice."""

    has_wrapped: bool = False
    """Cells like `="001"`, by which a spreadsheet is kept from making a number of a text."""

    def cleaned(self, cell: str) -> str:
        """SQL of a cell without what stands around it, for no more than the file has of that."""
        if self.has_wrapped:
            return f"unwrapped(clean({cell}))"
        if self.has_odd_spaces:
            return f"clean({cell})"
        return f"clean_spaces({cell})" if self.has_spaces or self.has_quotes else cell


class _Counted(io.RawIOBase):
    """A file that hashes and counts what is read from it."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._raw.read(len(buffer))
        self.digest.update(piece)
        self.count += len(piece)
        buffer[: len(piece)] = piece
        return len(piece)


def spool(path: Path, folder: Path, encoding: str | None = None) -> Source:
    """Read a file once: hash its bytes, unpack it within bounds, and put it in the spool."""
    try:
        head = b"".join(_pieces(path, _Counted, only_first=True))
    except FileNotFoundError:
        raise KamError("no_such_file", file=path.name) from None
    except OSError:
        raise Refused("unreadable") from None
    form = _form(head, path)
    if form != "text":
        return _copied(path, folder, form)
    for guess in _encodings(head, encoding):
        try:
            is_ready = guess == "utf-8" and b"\r" not in head and not _is_packed(path)
            return (is_ready and _copied_text(path, folder)) or _transcoded(path, folder, guess)
        except UnicodeError as error:
            if encoding:
                raise Refused("encoding", detail=encoding) from None
            if guess.startswith("utf-16"):
                raise Refused("truncated") from None
            last = error
    raise Asked("encoding", ("cp850", "mac-roman", "latin-1"), (_around(last),))


def sha256(path: Path) -> str:
    """The hash of a file's bytes, for an answer about a file that could not be read further."""
    with path.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()


def _around(error: UnicodeError) -> str:
    if not isinstance(error, UnicodeDecodeError):
        return ""
    return bytes(error.object[max(0, error.start - 10) : error.start + 10]).decode("ascii", "replace")


def _encodings(head: bytes, encoding: str | None) -> tuple[str, ...]:
    if encoding:
        is_marked = codecs.lookup(encoding).name == "utf-8" and head.startswith(codecs.BOM_UTF8)
        return ("utf-8-sig",) if is_marked else (codecs.lookup(encoding).name,)
    for bom, name in _BOMS.items():
        if head.startswith(bom):
            return (name,)
    if b"\0" in head[:200]:
        return ("utf-16-le" if head[1:2] == b"\0" else "utf-16-be",)
    return ("utf-8", "cp1252")


def _form(head: bytes, path: Path) -> Literal["text", "workbook", "parquet"]:
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Refused("empty")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "workbook"
    if head.startswith(_OLE):
        raise Refused("encrypted" if _holds(path, "EncryptedPackage".encode("utf-16-le")) else "old_workbook")
    for magic, rule in _MAGIC.items():
        if head.startswith(magic):
            raise Refused(rule)
    _require_text(head)
    return "text"


def _require_text(head: bytes) -> None:
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<body", b"<meta", b"<?xml", b"<svg")):
        raise Refused("html" if b"html" in text[:500] or b"<table" in text[:500] else "xml")
    if _is_binary(head):
        raise Refused("binary")


def _is_binary(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" not in head:
        return False
    even, odd = head[:200:2].count(0), head[1:200:2].count(0)
    return not (max(even, odd) > 0.8 * len(head[:200:2]) and min(even, odd) == 0)


def _holds(path: Path, needle: bytes) -> bool:
    with path.open("rb") as raw:
        return needle in raw.read(16 << 20)


def _pieces(path: Path, counted: type[_Counted], *, only_first: bool = False) -> Iterator[bytes]:
    """The bytes of a file, unpacked; after the last piece the hash is that of the whole file."""
    with path.open("rb") as raw:
        yield from _read(counted(raw), only_first=only_first)


def _read(packed: _Counted, *, only_first: bool = False) -> Iterator[bytes]:
    buffered = io.BufferedReader(packed, _CHUNK)
    is_packed = buffered.peek(2)[:2] == _GZIP
    stream: BinaryIO = gzip.GzipFile(fileobj=buffered) if is_packed else buffered  # type: ignore[assignment]
    size = 0
    try:
        while piece := stream.read(8192 if only_first else _CHUNK):
            size += len(piece)
            if (is_packed and size > max(_SMALL, _MOST_RATIO * packed.count)) or size > _MOST_BYTES:
                raise Refused("file_too_large")
            yield piece
            if only_first:
                return
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused("truncated") from None
    while buffered.read(_CHUNK):
        pass


def _copied(path: Path, folder: Path, form: Literal["workbook", "parquet"]) -> Source:
    target = folder / ("extract.xlsx" if form == "workbook" else "extract.parquet")
    with path.open("rb") as raw, target.open("wb") as out:
        counted = _Counted(raw)
        out.writelines(_read(counted))
    if form == "workbook":
        _require_workbook(target)
    return Source(form, target, counted.digest.hexdigest())


def _require_workbook(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refused("truncated") from None
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise Refused("not_a_workbook")
    unpacked = sum(member.file_size for member in members)
    if unpacked > max(_SMALL, _MOST_RATIO * file.stat().st_size):
        raise Refused("file_too_large")


def _is_packed(path: Path) -> bool:
    with path.open("rb") as raw:
        return raw.read(2) == _GZIP


def _copied_text(path: Path, folder: Path) -> Source | None:
    """Copy what needs no other bytes, which costs a tenth of writing it; nothing when it turns out that some do."""
    if path.stat().st_size > _MOST_BYTES:
        raise Refused("file_too_large")
    target, traits, digest = folder / "extract.txt", Traits(), hashlib.sha256()
    shutil.copyfile(path, target)
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with target.open("rb") as copy:
        while piece := copy.read(_CHUNK):
            digest.update(piece)
            if b"\r" in piece:
                return None
            if not piece.isascii() or decoder.getstate() != (b"", 0):
                decoder.decode(piece)
            note(traits, piece)
    decoder.decode(b"", final=True)
    return _text(target, digest.hexdigest(), "utf-8", traits) if traits.tail == b"\n" else None


def _transcoded(path: Path, folder: Path, encoding: str) -> Source:
    target, traits = folder / "extract.txt", Traits()
    with path.open("rb") as raw, target.open("wb") as out:
        counted = _Counted(raw)
        for piece in _with_line_feeds(_as_utf8(_read(counted), encoding)):
            note(traits, piece)
            out.write(piece)
        if traits.tail != b"\n":
            out.write(b"\n")
            traits.lines += 1
    name = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}.get(encoding, encoding)
    return _text(target, counted.digest.hexdigest(), name, traits)


def _text(file: Path, hashed: str, encoding: str, traits: Traits) -> Source:
    odd = (traits.has_quotes, traits.has_odd_quotes, traits.has_spaces, traits.has_odd_spaces, traits.has_odd_text)
    return Source("text", file, hashed, encoding, traits.lines, *odd, traits.has_wrapped)


def _as_utf8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    for piece in pieces:
        if encoding == "utf-8" and piece.isascii() and decoder.getstate() == (b"", 0):
            yield piece
            continue
        text = decoder.decode(piece)
        if encoding == "cp1252":
            _require_decided(text)
        yield text.encode("utf-8", "surrogatepass")
    yield decoder.decode(b"", final=True).encode()


def _require_decided(text: str) -> None:
    """Windows-1252 accepts nearly any byte; ask when the result looks like another encoding."""
    doubt = _TWO_ENCODINGS.search(text) or _OTHER_CODE_PAGE.search(text)
    if doubt:
        start = max(0, doubt.start() - 10)
        raise Asked(
            "encoding", ("windows-1252", "cp850", "iso-8859-15", "mac-roman"), (text[start : doubt.end() + 10],)
        )


def _with_line_feeds(pieces: Iterator[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        whole = held + piece
        held = b"\r" if whole.endswith(b"\r") else b""
        whole = whole[: len(whole) - len(held)]
        yield whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in whole else whole
    yield held.replace(b"\r", b"\n")
