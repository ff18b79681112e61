"""What people answered: one sheet per person, round, account and element, and which rounds count on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

RoundKey = tuple[date, str]


@dataclass(frozen=True, eq=False)
class Voice:
    """What one person said on one sheet: the smallest thing that must not be told apart."""

    person: str


class Sheet(NamedTuple):
    """The answers of one person about one element, of one account, in one round."""

    person: str
    function: str
    element: str
    round: RoundKey
    answers: Mapping[str, int | None]
    invited: int | None
    row: Mapping[str, Any]
    """The dimensions of the sheet."""
    account: str | None
    """Whose account it is about; None for the programme as a whole."""
    voice: Voice
    """Stays the same when the sheet is told under another round's name."""

    def score(self, items: Iterable[str]) -> float | None:
        """Mean of the answered items; None when fewer than half of these items were answered."""
        asked = list(items)
        answered = [value for item in asked if (value := self.answers.get(item)) is not None]
        return sum(answered) / len(answered) if answered and 2 * len(answered) >= len(asked) else None


def sheets(world: World, seen: Slice) -> list[Sheet]:
    """Every sheet within the reader's scope up to the as-of date on which at least half the items were answered."""
    return world.once(("sheets", seen.kam_scope, seen.as_of), lambda: _sheets(world, seen))


def _sheets(world: World, seen: Slice) -> list[Sheet]:
    found = [_sheet(row) for row in world.rows(read_sql(__file__, "answers"), seen.params())]
    asked: dict[tuple[RoundKey, str | None, str], set[str]] = {}
    for sheet in found:
        asked.setdefault((sheet.round, sheet.account, sheet.element), set()).update(sheet.answers)
    return [s for s in found if s.score(asked[s.round, s.account, s.element]) is not None]


def _sheet(row: Mapping[str, Any]) -> Sheet:
    when = (row["round_date"], row["round_id"])
    return Sheet(
        person=row["respondent"],
        function=row["function"],
        element=row["element"],
        round=when,
        answers=dict(zip(row["items"], row["answers"], strict=True)),
        invited=row["invited"],
        row=row,
        account=row["account_id"],
        voice=Voice(row["respondent"]),
    )


def rounds(of: Iterable[Sheet]) -> dict[str | None, list[RoundKey]]:
    """The rounds of each account, in order."""
    found: dict[str | None, set[RoundKey]] = {}
    for sheet in of:
        found.setdefault(sheet.account, set()).add(sheet.round)
    return {account: sorted(of_account) for account, of_account in found.items()}


def latest(of: Sequence[Sheet], day: date) -> list[Sheet]:
    """The sheets of each account's newest round on or before the day."""
    newest = {account: max((r for r in held if r[0] <= day), default=None) for account, held in rounds(of).items()}
    return [s for s in of if s.round == newest[s.account]]


def before(of: Sequence[Sheet], current: Sequence[Sheet]) -> list[Sheet]:
    """The sheets of each account's round before the current one, told under the name of the current one."""
    followed = {(account, earlier): later for account, held in rounds(of).items() for earlier, later in pairwise(held)}
    current_rounds = {(s.account, s.round) for s in current}
    return [
        s._replace(row={**s.row, "round_id": later[1]})
        for s in of
        if (later := followed.get((s.account, s.round))) and (s.account, later) in current_rounds
    ]


def items_of(of: Iterable[Sheet]) -> tuple[str, ...]:
    """The items that were put to these people."""
    return tuple(sorted({item for sheet in of for item in sheet.answers}))
