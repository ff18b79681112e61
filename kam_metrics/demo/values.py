"""What a cell of an extract can hold before it is written in a language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Cents(int):
    """An exact amount of money."""


class Month(date):
    """A first day that stands for its month."""


class Said(NamedTuple):
    """Free text: a key of the catalogue and its blanks, so that each language writes its own sentence."""

    key: str
    blanks: tuple[tuple[str, str], ...] = ()


def said(key: str, **blanks: str) -> Said:
    """Free text with its blanks."""
    return Said(key, tuple(blanks.items()))


Value = str | int | Decimal | date | Said | None
Row = Mapping[str, Value]
