"""Which kind a file is and which of its headers stands for which of our columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from kam_metrics.errors import UsageError
from kam_metrics.extracts.judgement import Asked, Refused
from kam_metrics.extracts.kinds import KINDS, Column, Kind, plain
from kam_metrics.extracts.mending import problem_headers
from kam_metrics.extracts.options import Options

MAPPED, OWN, ALIAS, LOOSE = range(4)
"""How sure a header is: said by the user, our own name, a published alias, a name that may mean another thing."""


@dataclass(frozen=True)
class Place:
    """A column of ours and where the file keeps it."""

    column: Column
    index: int
    header: str

    @property
    def name(self) -> str:
        """Our name of the column."""
        return self.column.name


@dataclass(frozen=True)
class Match:
    """The columns of a kind that a row of headers holds."""

    kind: Kind
    places: tuple[Place, ...]
    clashes: tuple[tuple[str, tuple[str, ...]], ...]
    """Our column and the headers that stand for it equally well."""
    own: int

    def lacks(self, constants: Iterable[str]) -> tuple[str, ...]:
        """Required columns that are not there; alternatives are joined by a slash."""
        there = {place.name for place in self.places} | {name for name, _ in self.clashes} | set(constants)
        missing = tuple(name for name in self.kind.required if name not in there)
        if self.kind.one_of and not there & set(self.kind.one_of):
            missing += ("/".join(self.kind.one_of),)
        return missing

    @property
    def size(self) -> int:
        """How many of our columns were found."""
        return len(self.places) + len(self.clashes)


def match(kind: Kind, headers: Sequence[str], options: Options) -> Match:
    """Match headers to the columns of a kind, surest first."""
    known = ranks(kind.name)
    wanted = {plain(theirs): ours for theirs, ours in options.mapping.items() if ours in kind.names}
    unwanted = {plain(header) for header in options.ignore}
    found: dict[str, list[tuple[int, int]]] = {}
    for index, header in enumerate(headers):
        key = plain(header)
        if key in wanted:
            found.setdefault(wanted[key], []).append((MAPPED, index))
        elif key in known and key not in unwanted:
            name, rank = known[key]
            found.setdefault(name, []).append((rank, index))
    return _best(kind, headers, found)


def _best(kind: Kind, headers: Sequence[str], found: Mapping[str, list[tuple[int, int]]]) -> Match:
    places, clashes, own = [], [], 0
    for column in kind.columns:
        ranked = sorted(found.get(column.name, ()))
        best = [index for rank, index in ranked if rank == ranked[0][0]]
        if len(best) == 1:
            places.append(Place(column, best[0], headers[best[0]].strip()))
            own += ranked[0][0] <= OWN
        elif best:
            clashes.append((column.name, tuple(headers[index].strip() for index in best)))
    return Match(kind, tuple(places), tuple(clashes), own)


@cache
def ranks(kind: str) -> Mapping[str, tuple[str, int]]:
    """Every header of a kind, made plain, to our column and how sure it is."""
    ranks: dict[str, tuple[str, int]] = {}
    for column in KINDS[kind].columns:
        for rank, headers in ((OWN, (column.name,)), (ALIAS, column.headers), (LOOSE, column.loose)):
            for header in headers:
                ranks.setdefault(plain(header), (column.name, rank))
    return ranks


@cache
def known_headers(kind: str | None) -> frozenset[str]:
    """Every header we know for a kind, or for any."""
    return frozenset(header for name in ([kind] if kind else KINDS) for header in ranks(name))


def matched(headers: Sequence[str], options: Options) -> Match:
    """The match of the kind that was given or that the headers point at; asks or refuses otherwise."""
    _require_known(options)
    if options.kind:
        best = match(KINDS[options.kind], headers, options)
        if missing := best.lacks(options.supplied):
            raise Refused("missing_column", column=missing[0], detail=", ".join(missing))
    else:
        best = _found(headers, options)
    for name, theirs in best.clashes:
        if len(set(theirs)) < len(theirs):
            raise Refused("double_header", column=name, detail=theirs[0])
        raise Asked("map", tuple(f"{header}={name}" for header in theirs), theirs)
    return best


def _found(headers: Sequence[str], options: Options) -> Match:
    all_kinds = [match(kind, headers, options) for kind in KINDS.values()]
    whole = [one for one in all_kinds if not one.lacks(options.supplied)]
    evidence = tuple(header.strip() for header in headers if header.strip())[:20]
    if not whole:
        near = sorted((one for one in all_kinds if one.size > 1), key=lambda one: (-one.size, -one.own))
        raise Asked("kind", tuple(one.kind.name for one in near[:5]) or tuple(KINDS), evidence)
    best = max((one.size, one.own) for one in whole)
    ties = [one for one in whole if (one.size, one.own) == best]
    if len(ties) > 1:
        raise Asked("kind", tuple(one.kind.name for one in ties), evidence)
    return ties[0]


def _require_known(options: Options) -> None:
    kinds = [KINDS[options.kind]] if options.kind else list(KINDS.values())
    known = {name for kind in kinds for name in kind.names}
    for ours in (*options.mapping.values(), *options.supplied):
        if ours not in known:
            near = get_close_matches(ours, sorted(known), 1, 0.5) or sorted(known)
            raise UsageError("bad_option", option="map", value=ours, options=", ".join(near[:20]))


def ignored(headers: Sequence[str], found: Match, options: Options) -> tuple[str, ...]:
    """Headers that nobody asked for and nothing is read from; what we added ourselves says nothing.

    A column without a header, among others that have one, is called by its number.
    """
    used = {place.index for place in found.places}
    unwanted = {plain(header) for header in options.ignore} | problem_headers()
    last = max((i for i, header in enumerate(headers) if header.strip()), default=0)
    names = (
        header.strip() or f"#{i + 1}"
        for i, header in enumerate(headers[: last + 1])
        if i not in used and plain(header) not in unwanted
    )
    return tuple(Counter(names))
