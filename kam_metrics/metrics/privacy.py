"""Which groups of people may be shown, so that no answer of fewer than four can be told, not even by subtraction.

A cell is hidden when it holds fewer than four people. It is also hidden when the shown cells inside a group that may
itself be shown (all accounts, one KAM, one country, one function …) leave fewer than four people of that group: the
smallest cells go first, until what is left over is nobody, or four people at least.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from kam_metrics.metrics.survey import Sheet, Voice

FEWEST_PEOPLE = 4
"""No figure is shown about fewer people than this."""

Cell = TypeVar("Cell", bound=Hashable)
Voices = frozenset[Voice]


def voices(sheets: Collection[Sheet]) -> Voices:
    """What is said in these sheets, and by whom."""
    return frozenset(sheet.voice for sheet in sheets)


def people(of: Voices) -> int:
    """How many different people these are."""
    return len({voice.person for voice in of})


def may_be_shown(of: Voices) -> bool:
    """Whether these are enough people for a figure about them."""
    return people(of) >= FEWEST_PEOPLE


def hidden(cells: Mapping[Cell, Voices], totals: Collection[Voices]) -> set[Cell]:
    """The cells that must not be shown, given every larger group that may be."""
    away = {cell for cell, of in cells.items() if not may_be_shown(of)}
    inside = [(total, [cell for cell, of in cells.items() if of <= total]) for total in totals]
    while more := {cell for total, within in inside for cell in _given_away(total, within, cells, away)}:
        away |= more
    return away


def _given_away(total: Voices, within: Collection[Cell], cells: Mapping[Cell, Voices], away: set[Cell]) -> list[Cell]:
    """The smallest shown cell, if together the shown ones tell what the few others in this group said."""
    shown = [cell for cell in within if cell not in away]
    left_over = people(total.difference(*(cells[cell] for cell in shown)))
    if not shown or not 0 < left_over < FEWEST_PEOPLE:
        return []
    return [min(shown, key=lambda cell: (people(cells[cell]), str(cell)))]
