"""The invented company twice: in a store, and in the files the store was filled from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kam_metrics import demo
from kam_metrics.extracts import Options, load
from kam_metrics.metrics import MEASURES
from kam_metrics.terms import LOCAL_OWNER
from tests.books import Books
from tests.recompute import Company

TODAY = date(2026, 11, 22)
Found = Mapping[Any, Mapping[str, Any]]
"""Figures by key, per value of the dimensions asked."""


class Twice:
    """A company in a store and in its files."""

    def __init__(self, folder: Path, accounts: int) -> None:
        files = demo.write_extracts(folder / "files", as_of=TODAY, accounts=accounts)["en"]
        self.books = Books(folder)
        for path in files:
            judgement = load(self.books.store, path, Options(kind=demo.kind_of(path)), LOCAL_OWNER)
            assert judgement.outcome == "accept", judgement.payload("en")
        self.company = Company({demo.kind_of(path): path for path in files})


def of_family(name: str) -> tuple[str, ...]:
    """Every measure of a family, so that a new one is compared too."""
    return tuple(key for key, one in MEASURES.items() if one.family == name)


def agree(found: Any, expected: Any) -> bool:
    """Money to the last digit kept (1e-12 of it, where a year is divided into days), shares to 1e-9."""
    if found is None or expected is None:
        return found is expected
    if isinstance(found, float):
        return abs(found - float(expected)) <= 1e-9 * max(1.0, abs(found))
    return abs(Decimal(found) - Decimal(expected)) <= Decimal("1e-12")


def compare(found: Found, expected: Found, keys: Iterable[str]) -> list[str]:
    """Every disagreement; a combination that only one of both knows holds nothing."""
    wrong = []
    for place in found.keys() | expected.keys():
        for key in keys:
            ours, theirs = found.get(place, {}).get(key), expected.get(place, {}).get(key)
            if not agree(ours, theirs) and (ours or theirs):
                wrong.append(f"{place} {key}: {ours} / {theirs}")
    return sorted(wrong)


def measured(books: Books, keys: Sequence[str], by: str | Sequence[str] | None, **seen: Any) -> Found:
    """Rows of an answer by their one dimension, or by several as a tuple."""
    names = [by] if isinstance(by, str) else list(by or [])
    rows = books.ask(*keys, by=names, **seen).rows
    return {_place([row[name] for name in names]): row for row in rows}


def _place(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else tuple(values) or None
