"""How health is scored: weights and anchors of the six vitals, as shipped or as an installation says otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from kam_metrics.errors import UsageError
from kam_metrics.terms import Vital

_SHIPPED = Path(__file__).with_name("health.toml")
_HIGHEST = 100
Table = Mapping[str, Any]
Weights: TypeAlias = Mapping[str, Decimal]
"""By the name of a vital ("cash"), or of a figure within it ("cash.overdue_pct")."""


@dataclass(frozen=True)
class Indicator:
    """One figure behind a vital: what it weighs there, and which score belongs to which figure."""

    name: str
    weight: Decimal
    anchors: tuple[tuple[Decimal, Decimal], ...]

    def score(self, figure: Fraction) -> Fraction:
        """Between two anchors on the straight line, outside them level."""
        points = self._points
        if figure <= points[0][0]:
            return points[0][1]
        for (low, before), (high, after) in pairwise(points):
            if figure <= high:
                return before + (after - before) * (figure - low) / (high - low)
        return points[-1][1]

    @cached_property
    def _points(self) -> list[tuple[Fraction, Fraction]]:
        return [(Fraction(at), Fraction(score)) for at, score in self.anchors]


@dataclass(frozen=True)
class VitalScoring:
    """What a vital weighs, and the figures it is made of."""

    vital: Vital
    weight: Decimal
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Scoring:
    """Everything by which health is scored, under the version that is shown beside every score."""

    version: str
    fewest_coverage: Decimal
    red_below: Decimal
    vitals: tuple[VitalScoring, ...]
    activities: tuple[tuple[str, tuple[str, ...]], ...]
    """What the service vital counts, and what the company calls it in its cost drivers."""

    @property
    def weights(self) -> Weights:
        """What every vital weighs, and every figure within its vital."""
        of_vitals = {str(one.vital): one.weight for one in self.vitals}
        of_figures = {within(one.vital, sign.name): sign.weight for one in self.vitals for sign in one.indicators}
        return {**of_vitals, **of_figures}

    def weighed(self, weights: Weights, version: str) -> Scoring:
        """The same under other weights and their version; what they do not name weighs what it did."""
        vitals = tuple(
            replace(
                one,
                weight=weights.get(one.vital, one.weight),
                indicators=tuple(
                    replace(sign, weight=weights.get(within(one.vital, sign.name), sign.weight))
                    for sign in one.indicators
                ),
            )
            for one in self.vitals
        )
        return replace(self, version=version, vitals=vitals)

    @property
    def weightless(self) -> str | None:
        """In what nothing weighs anything: a vital, or health as a whole; such a scoring cannot be used."""
        empty = (one.vital for one in self.vitals if not any(sign.weight for sign in one.indicators))
        return next(empty, None if any(one.weight for one in self.vitals) else "health")


def within(vital: Vital, figure: str) -> str:
    """What a figure within a vital is called among the weights."""
    return f"{vital}.{figure}"


def scoring(given: Table) -> Scoring:
    """The shipped scoring with what an installation says otherwise; UsageError names what cannot be."""
    if given and "version" not in given:
        raise UsageError("health_version")
    shipped = _shipped()
    for name in given:
        _refuse_strange("", name, shipped)
    table = {name: _merged(name, shipped[name], given.get(name)) for name in shipped}
    found = Scoring(
        version=str(table["version"]),
        fewest_coverage=_number("fewest_coverage", table["fewest_coverage"], lowest=0, highest=1),
        red_below=_number("red_below", table["red_below"], lowest=0, highest=_HIGHEST),
        vitals=tuple(_vital(vital, table[vital]) for vital in Vital),
        activities=tuple((name, _names(name, called)) for name, called in table["activities"].items()),
    )
    if found.weightless:
        raise UsageError("health_weightless", name=found.weightless)
    return found


@cache
def _shipped() -> Table:
    return tomllib.loads(_SHIPPED.read_text("utf-8"), parse_float=Decimal)


def _refuse_strange(where: str, name: str, known: Table) -> None:
    if name not in known:
        nearest = get_close_matches(name, known, n=1, cutoff=0)[0]
        raise UsageError("health_unknown", name=f"{where}{name}", nearest=f"{where}{nearest}")


def _merged(name: str, shipped: Any, given: Any) -> Any:
    """What is given goes before what is shipped, table by table."""
    if given is None:
        return shipped
    if not isinstance(shipped, Mapping):
        return given
    if not isinstance(given, Mapping):
        raise UsageError("health_table", name=name)
    for key in given:
        _refuse_strange(f"{name}.", key, shipped)
    return {key: _merged(f"{name}.{key}", value, given.get(key)) for key, value in shipped.items()}


def _vital(vital: Vital, table: Table) -> VitalScoring:
    indicators = tuple(
        Indicator(name, _number(f"{vital}.{name}.weight", one["weight"]), _anchors(f"{vital}.{name}", one["anchors"]))
        for name, one in table.items()
        if name != "weight"
    )
    return VitalScoring(vital, _number(f"{vital}.weight", table["weight"]), indicators)


def _number(name: str, value: object, lowest: int = 0, highest: int | None = None) -> Decimal:
    found = _decimal(value)
    if found is None or found < lowest or (highest is not None and found > highest):
        raise UsageError("health_number", name=name, value=value)
    return found


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        return None
    found = Decimal(str(value))
    return found if found.is_finite() else None


def _anchors(name: str, given: object) -> tuple[tuple[Decimal, Decimal], ...]:
    pairs = [tuple(map(_decimal, pair)) for pair in given if isinstance(pair, list)] if isinstance(given, list) else []
    points = [(pair[0], pair[1]) for pair in pairs if len(pair) == 2 and None not in pair]
    is_rising = all(low[0] < high[0] for low, high in pairwise(points))  # type: ignore[operator]
    is_scored = all(0 <= score <= _HIGHEST for _, score in points)  # type: ignore[operator]
    if len(points) < 2 or not isinstance(given, list) or len(points) != len(given) or not (is_rising and is_scored):
        raise UsageError("health_anchors", name=name)
    return tuple(points)  # type: ignore[arg-type]


def _names(name: str, called: object) -> tuple[str, ...]:
    if not isinstance(called, list) or not called or not all(isinstance(one, str) for one in called):
        raise UsageError("health_names", name=f"activities.{name}")
    return tuple(one.casefold() for one in called)
