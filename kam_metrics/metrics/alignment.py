"""Internal alignment per element: score, agreement and change (alignment.md 2.4). A level has no target: it is a
measure of progress.

Shown is the newest round on or before the as-of date of each account; by round, every round. A cell of fewer
than four people, or one from which fewer than four could be told by subtraction, is unknown in every measure;
which cells those are is decided over everything within the reader's scope, so that asking again for less does
not help.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar

from kam_metrics.metrics.agreement import a_wg, average_deviation, icc1, icc2, r_wg
from kam_metrics.metrics.answer import Better, Measure, Row, Unit
from kam_metrics.metrics.element_cell import Cell, Change, change
from kam_metrics.metrics.privacy import Voices, hidden, may_be_shown, voices
from kam_metrics.metrics.spine import ACCOUNT_DIMENSIONS, TIME_DIMENSIONS, Unknown, Value, spine, told
from kam_metrics.metrics.survey import RoundKey, Sheet, Voice, before, latest, sheets
from kam_metrics.store import World
from kam_metrics.terms import Slice

K = TypeVar("K", bound=Hashable)
RoundOf = tuple[str | None, RoundKey]
"""An account (None: the programme) and one of its rounds."""

_NARROWING = ("account_id", "group_id", "kam_id", "segment", "country")
"""Columns of an account by which a total may be shown anywhere."""
_FINEST = ("element", "function", *_NARROWING)
_WAYS = [["element", *more, *column] for column in ([], *([c] for c in _NARROWING)) for more in ([], ["function"])]


@dataclass(frozen=True)
class Told:
    """The sheets of a day, those of the rounds before, and per element every group of people that may be shown."""

    now: Sequence[Sheet]
    then: Sequence[Sheet]
    totals: Mapping[str, Collection[Voices]]


@dataclass(frozen=True)
class Group:
    """The people of one row: now, in the round before (if they may be shown), or hidden."""

    now: Cell
    then: Cell | None
    is_hidden: bool

    def change(self) -> Change | Unknown:
        """What changed since the round before."""
        if self.is_hidden:
            return Unknown("too_few_people")
        if self.then is None:
            return Unknown("one_round")
        return change(self.now, self.then) or Unknown("not_comparable")


def alignment(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Scores, agreement and change by element and account, function, round or period."""
    known = sheets(world, seen)
    first_fact = min((sheet.round[0] for sheet in known), default=None)
    rows, told_before = [], dict[frozenset[RoundOf], dict[tuple[Any, ...], Group]]()
    for moment in spine(seen, by, first_fact):
        now = _counting(known, moment.day, by)
        of_rounds = _rounds(now)
        if of_rounds not in told_before:
            told_before[of_rounds] = _groups(_told(world, known, now, seen, by), seen, by)
        for dims, group in told_before[of_rounds].items():
            everywhere = {**dict(zip(_own(by), dims, strict=True)), **moment.labels}
            figures = {key: _value(key, group) for key in keys}
            rows.append(told({name: everywhere[name] for name in by}, figures))
    return rows


def groups(world: World, seen: Slice, by: Sequence[str]) -> dict[tuple[Any, ...], Group]:
    """The people of each combination of `by` on the as-of date."""
    known = sheets(world, seen)
    return _groups(_told(world, known, _counting(known, seen.as_of, by), seen, by), seen, by)


def _counting(known: Sequence[Sheet], day: date, by: Sequence[str]) -> list[Sheet]:
    return [s for s in known if s.round[0] <= day] if "round_id" in by else latest(known, day)


def _rounds(of: Iterable[Sheet]) -> frozenset[RoundOf]:
    """Which rounds of which accounts these sheets are of."""
    return frozenset((sheet.account, sheet.round) for sheet in of)


def _told(world: World, known: Sequence[Sheet], now: Sequence[Sheet], seen: Slice, by: Sequence[str]) -> Told:
    """Made once, however it is looked at: by element alone, by account, by function."""

    def told() -> Told:
        then = before(known, now)
        return Told(now, then, _totals(_pools(known, now, then, by)))

    return world.once(("told", seen.kam_scope, seen.as_of, _rounds(now), "round_id" in by), told)


def _groups(of: Told, seen: Slice, by: Sequence[str]) -> dict[tuple[Any, ...], Group]:
    names = [*_own(by), *(name for name in ("account_id", "kam_id") if getattr(seen, name))]
    now, then = _cells(of.now, names), _cells(of.then, names)
    away, earlier_away = _hidden(now, of.totals), _hidden(then, of.totals)
    earlier = {key: Cell(cell) for key, cell in then.items() if key not in earlier_away}
    return {
        key[: len(_own(by))]: Group(Cell(cell), earlier.get(key), key in away)
        for key, cell in now.items()
        if _is_asked(cell[0], seen)
    }


def _pools(
    known: Sequence[Sheet], now: Sequence[Sheet], then: Sequence[Sheet], by: Sequence[str]
) -> Iterable[Sequence[Sheet]]:
    """Everyone whose answers may be added up: the newest rounds, those before them, and each round by itself."""
    day = max((sheet.round[0] for sheet in now), default=date.min)
    newest = latest(known, day) if "round_id" in by else now
    of_then = before(known, newest) if "round_id" in by else then
    in_play = {sheet.round for sheet in (*now, *then)}
    of_round = _split((s for s in known if s.round in in_play), lambda sheet: sheet.round)
    return {_rounds(pool): pool for pool in (newest, of_then, *of_round.values())}.values()


def _own(by: Sequence[str]) -> list[str]:
    return [name for name in by if name not in TIME_DIMENSIONS]


def _is_asked(sheet: Sheet, seen: Slice) -> bool:
    wanted = (("account_id", seen.account_id), ("kam_id", seen.kam_id))
    return all(value is None or sheet.row[name] == value for name, value in wanted)


def _split(of: Iterable[Sheet], key: Callable[[Sheet], K]) -> dict[K, list[Sheet]]:
    parts: dict[K, list[Sheet]] = {}
    for sheet in of:
        parts.setdefault(key(sheet), []).append(sheet)
    return parts


def _cells(of: Iterable[Sheet], names: Sequence[str]) -> dict[tuple[Any, ...], list[Sheet]]:
    pick = itemgetter(*names, names[0])
    return _split(of, lambda sheet: pick(sheet.row)[:-1])


def _hidden(
    cells: Mapping[tuple[Any, ...], Sequence[Sheet]], totals: Mapping[str, Collection[Voices]]
) -> set[tuple[Any, ...]]:
    """The cells that may not be shown, judged per element."""
    alike: dict[str, dict[tuple[Any, ...], Voices]] = {}
    for key, cell in cells.items():
        alike.setdefault(cell[0].element, {})[key] = voices(cell)
    return {key for element, of in alike.items() for key in hidden(of, totals.get(element, ()))}


def _totals(pools: Iterable[Sequence[Sheet]]) -> dict[str, set[Voices]]:
    """Per element every group of people that may be shown somewhere."""
    totals: dict[str, set[Voices]] = {}
    for pool in pools:
        finest = {key: voices(of) for key, of in _cells(pool, _FINEST).items()}
        for names in _WAYS:
            # Of one name alone nothing would be picked as a tuple, so the element stands at both ends.
            pick = itemgetter(*(_FINEST.index(name) for name in names), 0)
            together: dict[tuple[Any, ...], list[Voices]] = {}
            for key, of in finest.items():
                together.setdefault(pick(key), []).append(of)
            for (element, *_), parts in together.items():
                group = frozenset[Voice]().union(*parts)
                if may_be_shown(group):
                    totals.setdefault(element, set()).add(group)
    return totals


def _value(key: str, group: Group) -> Value:
    if group.is_hidden:
        return Unknown("too_few_people")
    return _VALUES[key](group)


def _change(group: Group) -> Value:
    changed = group.change()
    return changed if isinstance(changed, Unknown) else changed.value


def _or_unknown(value: float | None, why: str) -> Value:
    return Unknown(why) if value is None else value


def _of_answers(value: Callable[[Sequence[Sequence[float]]], float | None], why: str) -> Callable[[Group], Value]:
    def of_group(group: Group) -> Value:
        answers = group.now.answers()
        return _or_unknown(value(answers) if answers else None, why)

    return of_group


_VALUES: Mapping[str, Callable[[Group], Value]] = {
    "element_score": lambda group: group.now.score(),
    "element_n": lambda group: len(group.now.scores()),
    "element_ci_low": lambda group: group.now.interval()[0],
    "element_ci_high": lambda group: group.now.interval()[1],
    "agreement_ad": _of_answers(average_deviation, "no_answers"),
    "agreement_rwg": _of_answers(r_wg, "no_answers"),
    "agreement_awg": _of_answers(a_wg, "end_of_scale"),
    "icc1": lambda group: _or_unknown(icc1(list(group.now.functions().values())), "one_function"),
    "icc2": lambda group: _or_unknown(icc2(list(group.now.functions().values())), "one_function"),
    "element_change": _change,
}
_DIMENSIONS = (*ACCOUNT_DIMENSIONS, *TIME_DIMENSIONS, "element", "round_id")


SOURCE = "James, Demaree & Wolf 1984; Burke & Dunlap 2002; Brown & Hauenstein 2005"


def _declared(unit: Unit, better: Better, formula: str, *more_dimensions: str) -> Measure:
    dims = frozenset((*_DIMENSIONS, *more_dimensions))
    return Measure("alignment", unit, better, formula, SOURCE, dims, needs="element")


MEASURES = {
    "element_score": _declared("score", "higher", "mean over functions of the mean of people's scores", "function"),
    "element_n": _declared("count", "neither", "people who answered at least half of the items", "function"),
    "element_ci_low": _declared("score", "neither", "score − t(n−1) × s/√n × √((N−n)/(N−1))", "function"),
    "element_ci_high": _declared("score", "neither", "score + t(n−1) × s/√n × √((N−n)/(N−1))", "function"),
    "agreement_ad": _declared("score", "lower", "mean distance to the item's mean, in scale points", "function"),
    "agreement_rwg": _declared("score", "higher", "J·ρ / (J·ρ + s̄²/2), ρ = 1 − s̄²/2, at least 0", "function"),
    "agreement_awg": _declared(
        "score", "higher", "mean of 1 − 2s² / ([(H+L)x̄ − x̄² − HL]·n/(n−1)) over items", "function"
    ),
    "icc1": _declared("score", "neither", "(MSB − MSW) / (MSB + (k̄−1)·MSW) between functions"),
    "icc2": _declared("score", "neither", "(MSB − MSW) / MSB between functions"),
    "element_change": _declared("score", "higher", "change since the round before, paired if tokens match", "function"),
}
