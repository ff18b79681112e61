"""What every header of a file stands for, how sure that is, and what it might stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from kam_metrics.extracts.judgement import Judgement
from kam_metrics.extracts.kinds import KINDS, Kind, plain
from kam_metrics.extracts.match import ALIAS, LOOSE, match, ranks
from kam_metrics.extracts.mending import problem_headers
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.preview import ReadRow

Sure = Literal["said", "certain", "known", "doubtful", "guess", "none"]
EXAMPLES = 3
_ALIKE = 0.75


@dataclass(frozen=True)
class Head:
    """A header of the file, our column for it, and a few of its values."""

    theirs: str
    ours: str | None
    sure: Sure
    guess: str | None = None
    """A column of ours whose names look like this header; never used without the analyst's word."""
    examples: tuple[str, ...] = ()


def heads(judgement: Judgement, options: Options, rows: Sequence[ReadRow]) -> list[Head]:
    """Every header in the order of the file, as far as the kind is known."""
    kind = KINDS.get(judgement.kind or "")
    found = match(kind, judgement.headers, options) if kind else None
    by_index = {place.index: place.name for place in found.places} if found else {}
    taken = set(by_index.values())
    told = []
    for index, header in enumerate(judgement.headers):
        if not header.strip() or plain(header) in problem_headers():
            continue
        ours = by_index.get(index)
        guess = None if ours or kind is None else _guess(kind, header, taken)
        sure = _sure(kind, header, ours, guess, options)
        told.append(Head(header.strip(), ours, sure, guess, _examples(rows, index)))
    return told


def _guess(kind: Kind, header: str, taken: set[str]) -> str | None:
    free = {name: ours for name, (ours, _) in ranks(kind.name).items() if ours not in taken}
    near = get_close_matches(plain(header), free, 1, _ALIKE)
    return free[near[0]] if near else None


def _sure(kind: Kind | None, header: str, ours: str | None, guess: str | None, options: Options) -> Sure:
    if ours is None or kind is None:
        return "guess" if guess else "none"
    if plain(header) in {plain(theirs) for theirs in options.mapping}:
        return "said"
    _, rank = ranks(kind.name)[plain(header)]
    return "doubtful" if rank == LOOSE else "known" if rank == ALIAS else "certain"


def _examples(rows: Sequence[ReadRow], index: int) -> tuple[str, ...]:
    values = dict.fromkeys(row.raw[index] for row in rows if index < len(row.raw) and row.raw[index])
    return tuple(values)[:EXAMPLES]


def missing(judgement: Judgement, options: Options) -> tuple[str, ...]:
    """Columns that must be there and are not; alternatives are joined by a slash."""
    kind = KINDS.get(judgement.kind or "")
    return match(kind, judgement.headers, options).lacks(options.supplied) if kind and judgement.headers else ()


def choices(judgement: Judgement) -> Mapping[str, bool]:
    """Our columns for this kind, each with whether it must be there."""
    kind = KINDS.get(judgement.kind or "")
    return {column.name: column.required for column in kind.columns} if kind else {}
