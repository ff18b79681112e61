"""Health: six vitals of 0 to 100 and what they come to together (measures.md 3.10).

A vital is the weighted mean of the scores of its figures that are known, each on straight lines between anchors.
The whole is Σ w·v / Σ w over the vitals that are known; while they hold less of the weight than the scoring asks,
there is no whole, and it is said so. A vital below the red line flags the account whatever the whole says. Exact
throughout: scores are fractions until they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from kam_metrics.metrics.answer import Measure, Row, Unit
from kam_metrics.metrics.spine import ACCOUNT_DIMENSIONS, TIME_DIMENSIONS, Moment, Unknown, Value, spine, told
from kam_metrics.metrics.vital_figures import Asked, Figure, Place, vital_figures
from kam_metrics.metrics.weighing import scoring_now
from kam_metrics.scoring import Indicator, Scoring, VitalScoring
from kam_metrics.store import World
from kam_metrics.terms import Slice, Vital

_FIRST_DAY = "select min(month) as month from account_month where scenario = 'actual'"


@dataclass(frozen=True)
class Sign:
    """One figure behind a vital: its value, and the score it earns."""

    name: str
    figure: Figure
    score: Fraction | None
    weight: Decimal


@dataclass(frozen=True)
class VitalScore:
    """One vital of one group: what it weighs, its score, and the figures it comes from."""

    vital: Vital
    weight: Fraction
    score: Fraction | None
    signs: tuple[Sign, ...]

    @property
    def why(self) -> str:
        """Why it is unknown: what the first of its figures says."""
        return next((sign.figure.why for sign in self.signs if isinstance(sign.figure, Unknown)), "no_facts")


@dataclass(frozen=True)
class Health:
    """The vitals of one group on one day, scored."""

    figures: Mapping[str, Figure]
    """Everything it is scored from, by name, and the euros behind it."""
    scoring: Scoring

    @cached_property
    def vitals(self) -> tuple[VitalScore, ...]:
        """The six of them, scored when somebody looks."""
        return tuple(_vital(one, self.figures) for one in self.scoring.vitals)

    def euros(self, name: str) -> Decimal | None:
        """An amount, where it is known."""
        found = self.figures.get(name)
        return found if isinstance(found, Decimal) else None

    @property
    def known(self) -> tuple[VitalScore, ...]:
        """The vitals that could be scored and weigh something."""
        return tuple(one for one in self.vitals if one.score is not None and one.weight)

    @property
    def coverage(self) -> Fraction:
        """Share of the weight that is known."""
        return _weight(self.known) / _weight(self.vitals)

    @property
    def whole(self) -> Fraction | None:
        """What the known vitals come to together; None while they are too few."""
        if not self.known or self.coverage < Fraction(self.scoring.fewest_coverage):
            return None
        return mean(self.known)

    @property
    def red(self) -> tuple[VitalScore, ...]:
        """The vitals that flag the account, whatever the whole says."""
        line = Fraction(self.scoring.red_below)
        return tuple(one for one in self.known if one.score is not None and one.score < line)


def mean(vitals: Sequence[VitalScore]) -> Fraction:
    """What known vitals come to together."""
    scored = (one.weight * one.score for one in vitals if one.score is not None)
    return sum(scored, Fraction(0)) / _weight(vitals)


def _weight(vitals: Sequence[VitalScore]) -> Fraction:
    return sum((one.weight for one in vitals), Fraction(0))


def health_at(
    world: World,
    seen: Slice,
    by: Sequence[str],
    moments: Sequence[Moment],
    accounts: Sequence[str] | None = None,
) -> dict[tuple[int, Place], Health]:
    """The health of every group at each moment, whatever the period of the slice."""
    how = scoring_now(world)
    found = vital_figures(Asked(world, seen, tuple(by), moments, accounts), how)
    return {key: Health(figures, how) for key, figures in found.items()}


def health_by_account(world: World, seen: Slice) -> dict[str, Health]:
    """The health of each account on the as-of date."""
    found = health_at(world, seen, ("account_id",), [on(seen.as_of)])
    return {account_id: health for (_, (account_id,)), health in found.items() if account_id is not None}


def on(day: date) -> Moment:
    """One day as a moment."""
    return Moment(day, day, day, {})


def _vital(how: VitalScoring, figures: Mapping[str, Figure]) -> VitalScore:
    signs = tuple(_sign(one, figures.get(one.name, Unknown("no_facts"))) for one in how.indicators if one.weight)
    scored = [(Fraction(sign.weight), sign.score) for sign in signs if sign.score is not None]
    total = sum((weight for weight, _ in scored), Fraction(0))
    score = sum((weight * score for weight, score in scored), Fraction(0)) / total if total else None
    return VitalScore(how.vital, Fraction(how.weight), score, signs)


def _sign(how: Indicator, figure: Figure) -> Sign:
    score = None if isinstance(figure, Unknown) else how.score(exact(figure))
    return Sign(how.name, figure, score, how.weight)


def exact(figure: Decimal | Fraction | float | int) -> Fraction:
    """A figure as it is written, without the tail of its binary form."""
    return Fraction(repr(figure)) if isinstance(figure, float) else Fraction(figure)


def health(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Health and its vitals by account dimensions and period."""
    moments = spine(seen, by, world.one(_FIRST_DAY)["month"])
    names = [name for name in by if name in ACCOUNT_DIMENSIONS]
    found = health_at(world, seen, names, moments)
    if not found and not by:
        found = {(0, ()): Health({}, scoring_now(world))}
    rows = []
    for (number, place), of_group in found.items():
        everywhere = {**dict(zip(names, place, strict=True)), **(moments[number].labels if moments else {})}
        if everywhere.get("account_id", "") is not None:
            rows += _rows(of_group, everywhere, keys, by)
    return rows


def _rows(of_group: Health, everywhere: Mapping[str, object], keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    if "vital" not in by:
        values = {key: _whole(of_group) if key == "health" else float(of_group.coverage) for key in keys}
        return [told({name: everywhere[name] for name in by}, values)]
    return [
        told(
            {name: {**everywhere, "vital": str(one.vital)}[name] for name in by},
            {"vital_score": Unknown(one.why) if one.score is None else float(one.score)},
        )
        for one in of_group.vitals
    ]


def _whole(of_group: Health) -> Value:
    whole = of_group.whole
    if whole is not None:
        return float(whole)
    share = f"{round(of_group.coverage * 100)}%"
    return Unknown(f"too_little_known:{share}")


_DIMENSIONS = (*ACCOUNT_DIMENSIONS, *TIME_DIMENSIONS)
SOURCE = "weights and anchors of this installation, with their version; none is proven for every market"


def _declared(unit: Unit, formula: str, *more: str) -> Measure:
    return Measure("health", unit, "higher", formula, SOURCE, frozenset((*_DIMENSIONS, *more)), next(iter(more), None))


MEASURES = {
    "health": _declared("score", "Σ weight × vital / Σ weight of the known vitals; unknown below 60 % coverage"),
    "health_coverage": _declared("share", "Σ weight of the known vitals / Σ weight"),
    "vital_score": _declared(
        "score", "Σ weight × score of its figures / Σ weight, figures that are known, 0 to 100", "vital"
    ),
}
