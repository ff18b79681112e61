"""What the one who checks or loads a file may say about it beforehand: the answers to every question we ask."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from kam_metrics.errors import UsageError
from kam_metrics.extracts.kinds import KINDS

DELIMITERS = (";", ",", "\t", "|")
DECIMALS = (".", ",")
DATE_ORDERS = ("dmy", "mdy", "ymd")
SIGNS = ("as_booked", "negate_costs", "negate_all", "negate_credits")
"""as_booked: amounts stay; negate_costs, negate_credits: those lines turn negative; negate_all: every line turns."""
_NO_ENCODINGS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"})
"""What Python calls encodings and no file is written in."""


@dataclass(frozen=True)
class Options:
    """Everything left empty is found in the file, or asked."""

    kind: str | None = None
    profile: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    date_order: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Their header to our column."""
    source: str | None = None
    """The system the file comes from, where the file does not say."""
    name: str | None = None
    """What the uploader called the file."""
    as_of: date | None = None
    sign: str | None = None
    control_totals: Mapping[str, Decimal] = field(default_factory=dict)
    """Currency to the total that the sender says the file has."""
    quarantine: bool = False
    constants: Mapping[str, str] = field(default_factory=dict)
    """Our column to the text that stands on every row, where the file lacks that column."""
    same: Mapping[str, str] = field(default_factory=dict)
    """Our column to another of ours whose cells it shares, where the file lacks it."""
    ignore: frozenset[str] = frozenset()
    """Headers that are known and not wanted."""

    @property
    def supplied(self) -> frozenset[str]:
        """Columns that need no header."""
        return frozenset(self.constants) | frozenset(self.same)

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, tuple(KINDS))
        _one_of("delimiter", self.delimiter, DELIMITERS)
        _one_of("decimal", self.decimal, DECIMALS)
        _one_of("date_order", self.date_order, DATE_ORDERS)
        _one_of("sign", self.sign, SIGNS)
        if self.encoding and not _is_encoding(self.encoding):
            raise UsageError("bad_option", option="encoding", value=self.encoding, options="utf-8, windows-1252")
        if self.header_row is not None and self.header_row < 1:
            raise UsageError("bad_option", option="header_row", value=self.header_row, options="1, 2, 3 …")


def _one_of(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        near = get_close_matches(value, allowed, 1, 0.5) or allowed
        shown = ", ".join("tab" if word == "\t" else word for word in near)
        raise UsageError("bad_option", option=option, value=value, options=shown)


def _is_encoding(name: str) -> bool:
    try:
        "".encode(name)
        return codecs.lookup(name).name.replace("_", "-") not in _NO_ENCODINGS
    except (LookupError, ValueError):
        return False
