"""The figures of one cell: what a group of people thinks of one element (alignment.md 2.4).

- A person's score is the mean of the items answered, if at least half were. Asked about several accounts, it is
  the mean of those scores: a person counts once.
- The element's score is the mean over functions of each function's mean, so that a large department does not
  outvote.
- 95 % interval: score ± t(n−1) · s/√n · √((N−n)/(N−1)), N people invited; without N the last factor is 1.
- Change since the round before, on the items both rounds asked: paired by token; unpaired (difference of the
  scores, Welch's interval) when too few tokens match, or when the few without a partner could be told from the
  difference.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from statistics import fmean, stdev, variance
from typing import TypeVar

from kam_metrics.metrics.privacy import FEWEST_PEOPLE
from kam_metrics.metrics.students_t import two_sided_p, two_sided_quantile
from kam_metrics.metrics.survey import RoundKey, Sheet, items_of

K = TypeVar("K", bound=Hashable)
_LEVEL = 0.95


@dataclass(frozen=True)
class Change:
    """Difference between two rounds, half its 95 % interval, and how likely chance alone would give as much."""

    value: float
    half_width: float
    p: float


@dataclass(frozen=True)
class Cell:
    """The sheets of some people about one element."""

    sheets: Sequence[Sheet]

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The items they were asked."""
        return items_of(self.sheets)

    def scores(self, items: Iterable[str] | None = None) -> dict[str, float]:
        """Score per person who answered enough of the items."""
        return {person: fmean(told) for person, told in self._told(lambda s: s.person, items).items()}

    def functions(self, items: Iterable[str] | None = None) -> dict[str, list[float]]:
        """Scores of the people of each function."""
        pairs = self._told(lambda s: (s.function, s.person), items)
        groups: dict[str, list[float]] = {}
        for (function, _), told in pairs.items():
            groups.setdefault(function, []).append(fmean(told))
        return groups

    def answers(self) -> list[list[float]]:
        """The answers to each item that at least two people answered."""
        columns = []
        for item in self.items:
            by_person: dict[str, list[int]] = {}
            for sheet in self.sheets:
                if (value := sheet.answers.get(item)) is not None:
                    by_person.setdefault(sheet.person, []).append(value)
            columns.append([fmean(values) for values in by_person.values()])
        return [column for column in columns if len(column) > 1]

    def score(self, items: Iterable[str] | None = None) -> float:
        """Mean of the functions' means."""
        return fmean(fmean(group) for group in self.functions(items).values())

    def invited(self) -> int | None:
        """People invited; None when that is not known for everyone."""
        asked = {(s.round, s.account, s.function): s.invited for s in self.sheets}
        known = [invited for invited in asked.values() if invited is not None]
        return sum(known) if len(known) == len(asked) else None

    def interval(self) -> tuple[float, float]:
        """95 % interval around the score."""
        scores = list(self.scores().values())
        n, invited = len(scores), self.invited()
        finite = sqrt((max(invited, n) - n) / (max(invited, n) - 1)) if invited else 1.0
        half = two_sided_quantile(_LEVEL, n - 1) * stdev(scores) / sqrt(n) * finite
        score = self.score()
        return score - half, score + half

    def _told(self, key: Callable[[Sheet], K], items: Iterable[str] | None) -> dict[K, list[float]]:
        asked = self.items if items is None else tuple(items)
        if asked not in self._scored:
            self._scored[asked] = list(self._scores_of(asked))
        told: dict[K, list[float]] = {}
        for sheet, score in self._scored[asked]:
            told.setdefault(key(sheet), []).append(score)
        return told

    def _scores_of(self, asked: Sequence[str]) -> Iterator[tuple[Sheet, float]]:
        """Of these items each sheet's score, where enough of those put to that person were answered."""
        own = {about: [item for item in asked if item in of] for about, of in self._asked.items()}
        for sheet in self.sheets:
            if (score := sheet.score(own[sheet.round, sheet.account])) is not None:
                yield sheet, score

    @cached_property
    def _scored(self) -> dict[tuple[str, ...], list[tuple[Sheet, float]]]:
        """By the items asked, once worked out: a score, its spread and its change all rest on them."""
        return {}

    @cached_property
    def _asked(self) -> Mapping[tuple[RoundKey, str | None], frozenset[str]]:
        """The items put to anybody in the same round about the same account."""
        asked: dict[tuple[RoundKey, str | None], frozenset[str]] = {}
        for sheet in self.sheets:
            key = (sheet.round, sheet.account)
            asked[key] = asked.get(key, frozenset()) | sheet.answers.keys()
        return asked


def change(now: Cell, then: Cell) -> Change | None:
    """What changed on the items both rounds asked; None when they shared none, or too few people answered."""
    items = sorted(set(now.items) & set(then.items))
    scores, earlier = now.scores(items), then.scores(items)
    if min(len(scores), len(earlier)) < FEWEST_PEOPLE:
        return None
    both = scores.keys() & earlier.keys()
    alone = (len(scores) - len(both), len(earlier) - len(both))
    if len(both) >= FEWEST_PEOPLE and not any(0 < n < FEWEST_PEOPLE for n in alone):
        return _paired([scores[person] - earlier[person] for person in sorted(both)])
    return _unpaired(now.score(items) - then.score(items), list(scores.values()), list(earlier.values()))


def _paired(differences: Sequence[float]) -> Change:
    return _judged(fmean(differences), stdev(differences) / sqrt(len(differences)), len(differences) - 1)


def _unpaired(difference: float, scores: Sequence[float], earlier: Sequence[float]) -> Change:
    parts = [(variance(group) / len(group), len(group) - 1) for group in (scores, earlier)]
    error = sum(part for part, _ in parts)
    degrees = int(error**2 / sum(part**2 / df for part, df in parts)) if error else len(scores) - 1
    return _judged(difference, sqrt(error), degrees)


def _judged(difference: float, error: float, degrees: int) -> Change:
    if not error:
        return Change(difference, 0.0, 0.0 if difference else 1.0)
    half = two_sided_quantile(_LEVEL, degrees) * error
    return Change(difference, half, two_sided_p(difference / error, degrees))


def holm(p_values: Mapping[K, float], level: float = 1 - _LEVEL) -> set[K]:
    """The changes that stand when so many are looked at together (Holm): the smallest p first, until one fails."""
    proven: set[K] = set()
    for rank, (key, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        if p > level / (len(p_values) - rank):
            break
        proven.add(key)
    return proven
