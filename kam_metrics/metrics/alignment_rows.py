"""Rows for the alignment page: each account's seven elements, and each function's view of them.

A change is proven when its interval excludes zero after Holm's correction over the elements of one row set; otherwise
the page says "no demonstrable change" and prints the smallest change that could have been shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import stdev
from typing import Any

from kam_metrics.metrics.agreement import average_deviation, is_agreed, is_two_camps, r_wg
from kam_metrics.metrics.alignment import Group, groups
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.element_cell import Cell, Change, holm
from kam_metrics.metrics.spine import Unknown
from kam_metrics.store import World
from kam_metrics.terms import Element, Slice

_EMPTY = (
    "element_score",
    "element_n",
    "invited",
    "response",
    "ci_low",
    "ci_high",
    "sd",
    "agreement_ad",
    "agreement_rwg",
    "is_agreed",
    "is_two_camps",
    "element_change",
    "change_low",
    "change_high",
    "smallest_change",
    "is_change_proven",
)


def element_rows(world: World, seen: Slice, by: Sequence[str] = ("account_id", "account_name")) -> list[Row]:
    """One row per account and element; with an empty `by` one per element of all accounts seen together."""
    return _rows(world, seen, by)


def function_rows(world: World, seen: Slice) -> list[Row]:
    """One row per function and element of all accounts seen together."""
    return _rows(world, seen, ("function",))


def _rows(world: World, seen: Slice, by: Sequence[str]) -> list[Row]:
    found: dict[tuple[Any, ...], dict[str, Group]] = {}
    for key, group in groups(world, seen, (*by, "element")).items():
        found.setdefault(key[:-1], {})[key[-1]] = group
    return [
        {**dict(zip(by, dims, strict=True)), **row}
        for dims, of_elements in sorted(found.items(), key=lambda item: _order(item[0]))
        for row in _elements(of_elements)
    ]


def _order(dims: Sequence[Any]) -> list[tuple[bool, str]]:
    return [(value is None, str(value)) for value in dims]


def _elements(of_elements: Mapping[str, Group]) -> list[Row]:
    changes = {element: group.change() for element, group in of_elements.items()}
    proven = holm({element: c.p for element, c in changes.items() if isinstance(c, Change)})
    return [
        _element(element, of_elements[element], changes[element], element in proven)
        for element in Element
        if element in of_elements
    ]


def _element(element: str, group: Group, changed: Change | Unknown, is_proven: bool) -> Row:
    row: Row = {"element": str(element), **dict.fromkeys(_EMPTY)}
    if group.is_hidden:
        return row | {"why": "too_few_people"}
    row |= {"why": None, **_level(group.now)}
    if isinstance(changed, Change):
        row |= {
            "element_change": changed.value,
            "change_low": changed.value - changed.half_width,
            "change_high": changed.value + changed.half_width,
            "smallest_change": changed.half_width,
            "is_change_proven": is_proven,
        }
    return row


def _level(cell: Cell) -> Row:
    scores, answers, invited = cell.scores(), cell.answers(), cell.invited()
    low, high = cell.interval()
    agreed = r_wg(answers) if answers else None
    return {
        "element_score": cell.score(),
        "element_n": len(scores),
        "invited": invited,
        "response": len(scores) / invited if invited else None,
        "ci_low": low,
        "ci_high": high,
        "sd": stdev(scores.values()),
        "agreement_ad": average_deviation(answers) if answers else None,
        "agreement_rwg": agreed,
        "is_agreed": None if agreed is None else is_agreed(agreed, len(scores), len(answers)),
        "is_two_camps": any(is_two_camps(item) for item in answers),
    }
