"""The invented company, loaded from its files and computed a second time from the same files, gives the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Books
from recompute import Company

from kam_metrics import demo
from kam_metrics.extracts import Options, load
from kam_metrics.metrics import MEASURES
from kam_metrics.terms import LOCAL_OWNER

TODAY = date(2026, 11, 22)
PROFIT = tuple(key for key, one in MEASURES.items() if one.family == "profit")
BEGINNING = date(1, 1, 1)
PERIODS = {
    "everything": (BEGINNING, TODAY),
    "whole months": (date(2025, 4, 1), date(2026, 6, 30)),
    "broken months": (date(2025, 4, 11), date(2026, 6, 17)),
}


class Told:
    """A company twice: in a store, and in the files the store was filled from."""

    def __init__(self, folder: Path, accounts: int) -> None:
        files = demo.write_extracts(folder / "files", as_of=TODAY, accounts=accounts)["en"]
        self.books = Books(folder)
        for path in files:
            judgement = load(self.books.store, path, Options(kind=demo.kind_of(path)), LOCAL_OWNER)
            assert judgement.outcome == "accept", judgement.payload("en")
        self.company = Company({demo.kind_of(path): path for path in files})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A company of forty accounts."""
    told = Told(tmp_path_factory.mktemp("small"), 40)
    yield told
    told.books.store.close()


def agree(found: Any, expected: Any) -> bool:
    """Money to the last digit kept (1e-12 of it, where a year is divided into days), shares to 1e-9."""
    if found is None or expected is None:
        return found is expected
    if isinstance(found, float):
        return abs(found - float(expected)) <= 1e-9 * max(1.0, abs(found))
    return abs(Decimal(found) - Decimal(expected)) <= Decimal("1e-12")


def compare(found: Mapping[Any, Mapping[str, Any]], expected: Mapping[Any, Mapping[str, Any]], keys: Any) -> list[str]:
    """Every disagreement; a combination that only one of both knows holds nothing."""
    wrong = []
    for place in found.keys() | expected.keys():
        for key in keys:
            ours, theirs = found.get(place, {}).get(key), expected.get(place, {}).get(key)
            if not agree(ours, theirs) and (ours or theirs):
                wrong.append(f"{place} {key}: {ours} / {theirs}")
    return sorted(wrong)


def measured(books: Books, keys: Any, by: str | None, **seen: Any) -> dict[Any, Mapping[str, Any]]:
    """Rows of an answer by their one dimension."""
    return {row[by] if by else None: row for row in books.ask(*keys, by=[by] if by else [], **seen).rows}


@pytest.mark.parametrize("by", [None, *sorted(MEASURES["net_sales"].dims)])
@pytest.mark.parametrize("period", PERIODS)
def test_profit_is_what_the_files_say(small: Told, by: str | None, period: str) -> None:
    first, last = PERIODS[period]
    found = measured(small.books, PROFIT, by, as_of=TODAY, from_date=first, to_date=last)
    assert compare(found, small.company.profit(first, last, by), PROFIT) == []
