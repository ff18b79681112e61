"""Writes the same facts twice: as Dutch systems export them, and as English ones do."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from kam_metrics.demo.dutch import DUTCH_WORDS
from kam_metrics.demo.layout import LAYOUTS
from kam_metrics.demo.values import Cents, Month, Row, Said, Value
from kam_metrics.words import say


def _cents(amount: int) -> str:
    return f"{'-' * (amount < 0)}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def _dutch_cents(amount: int) -> str:
    return _cents(amount).translate({ord(","): ".", ord("."): ","})


def _english_cents(amount: int) -> str:
    return _cents(amount).replace(",", "")


NL: dict[type, Callable[..., str]] = {
    type(None): lambda _: "",
    str: str,
    int: str,
    bool: lambda yes: "ja" if yes else "nee",
    Cents: _dutch_cents,
    Decimal: lambda value: str(value).replace(".", ","),
    date: lambda day: f"{day:%d-%m-%Y}",
    Month: lambda month: f"{month:%Y-%m}",
    Said: lambda text: say("nl", text.key, **dict(text.blanks)),
}
EN: dict[type, Callable[..., str]] = {
    **NL,
    bool: lambda yes: "yes" if yes else "no",
    Cents: _english_cents,
    Decimal: str,
    date: date.isoformat,
    Said: lambda text: say("en", text.key, **dict(text.blanks)),
}
"""How a value of each type is written, per language."""


class Extracts:
    """Every extract in both languages, open while the story is told."""

    def __init__(self, folder: Path) -> None:
        self.paths = {
            "nl": [folder / "nl" / layout.nl for layout in LAYOUTS.values()],
            "en": [folder / "en" / layout.en for layout in LAYOUTS.values()],
        }
        self._open: list[TextIO] = []
        self._writers: dict[str, tuple[_Table, _Table]] = {}

    def __enter__(self) -> Self:
        for (kind, layout), nl, en in zip(LAYOUTS.items(), *self.paths.values(), strict=True):
            dutch = csv.writer(self._file(nl, layout.encoding, "\r\n"), delimiter=";", lineterminator="\n")
            english = csv.writer(self._file(en, "utf-8", "\n"), lineterminator="\n")
            dutch.writerow(layout.columns.values())
            english.writerow(column.replace("_", " ").capitalize() for column in layout.columns)
            self._writers[kind] = (dutch.writerows, english.writerows)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._open:
            file.close()

    def _file(self, path: Path, encoding: str, newline: str) -> TextIO:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open.append(path.open("w", encoding=encoding, newline=newline))
        return self._open[-1]

    def add(self, kind: str, rows: Iterable[Row]) -> None:
        """Writes these rows of one kind into both files."""
        columns = tuple(LAYOUTS[kind].columns)
        cells = [[row.get(column) for column in columns] for row in rows]
        dutch, english = self._writers[kind]
        english([[EN[type(value)](value) for value in row] for row in cells])
        dutch([[_in_dutch(column, value) for column, value in zip(columns, row, strict=True)] for row in cells])


_Table = Callable[[Iterable[Iterable[str]]], None]


def _in_dutch(column: str, value: Value) -> str:
    """A word of a closed list in Dutch; anything else as its type is written."""
    if column in DUTCH_WORDS and isinstance(value, str):
        return DUTCH_WORDS[column].get(value, value)
    return NL[type(value)](value)
