"""Why health moved between two days, in parts that add up to the change exactly.

A vital known on both days moves the whole by its weight x its change over the weight of all such vitals. One that
became known, or no longer is, changes the weights of the others too: its part is its weight x its distance from what
the vitals known on both days come to, over all the weight known on its day. Nothing of the change is left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from kam_metrics.metrics.health import Health, VitalScore, mean
from kam_metrics.terms import Vital

How = Literal["moved", "appeared", "vanished"]
TENTH = Decimal("0.1")
_MIDDLE = Fraction(50)
"""What is compared with where no vital is known on both days; the parts add up whatever it is."""


@dataclass(frozen=True)
class Moved:
    """What one vital did to the whole."""

    vital: Vital
    how: How
    points: Fraction


def why_moved(then: Health, now: Health) -> list[Moved]:
    """What each vital did to the whole between two days; nothing while either day has no whole."""
    if then.whole is None or now.whole is None:
        return []
    before, after = ({one.vital: one for one in health.known} for health in (then, now))
    stayed = [vital for vital in after if vital in before]
    old, new = ([known[vital] for vital in stayed] for known in (before, after))
    parts = [Moved(a.vital, "moved", _share(a, _score(a) - _score(b), new)) for b, a in zip(old, new, strict=True)]
    start, end = (mean(vitals) if vitals else _MIDDLE for vitals in (old, new))
    parts += [
        Moved(one.vital, "vanished", _share(one, start - _score(one), then.known))
        for one in then.known
        if one.vital not in after
    ]
    parts += [
        Moved(one.vital, "appeared", _share(one, _score(one) - end, now.known))
        for one in now.known
        if one.vital not in before
    ]
    return parts


def _score(vital: VitalScore) -> Fraction:
    return vital.score or Fraction(0)


def _share(vital: VitalScore, points: Fraction, among: Sequence[VitalScore]) -> Fraction:
    return points * vital.weight / sum((one.weight for one in among), Fraction(0))


def tenths(score: Fraction) -> Decimal:
    """A score as it is shown, half up."""
    return _decimal(score).quantize(TENTH, ROUND_HALF_UP)


def in_tenths(parts: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Parts as they are shown: to a tenth, and still adding up to a total in tenths.

    Each is rounded down; the tenths left over go to the parts that lost most.
    """
    floors = [_decimal(part).quantize(TENTH, ROUND_FLOOR) for part in parts]
    left = int((total - sum(floors, Decimal(0))) / TENTH)
    by_loss = sorted(range(len(parts)), key=lambda n: Fraction(floors[n]) - parts[n])
    for number in range(left):
        floors[by_loss[number % len(parts)]] += TENTH
    return floors


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
