"""Student's t for whole degrees of freedom, exact: the finite series of Abramowitz & Stegun 26.7.3 and 26.7.4."""

from __future__ import annotations

from functools import lru_cache
from math import atan, cos, pi, sin, sqrt

_HALVINGS = 200


def within(t: float, degrees: int) -> float:
    """Probability of lying between −t and t."""
    angle = atan(t / sqrt(degrees))
    odd = degrees % 2
    term = cos(angle) if odd else 1.0
    total = term if degrees > 1 else 0.0
    for k in range(2 if odd else 1, degrees - 1, 2):
        term *= cos(angle) ** 2 * k / (k + 1)
        total += term
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total


def two_sided_p(t: float, degrees: int) -> float:
    """Probability of a value at least as far from zero when nothing changed."""
    return 1.0 - within(abs(t), degrees)


@lru_cache(maxsize=1024)
def two_sided_quantile(share: float, degrees: int) -> float:
    """The t within which this share lies on both sides of zero: 0.95 gives the factor of a 95 % interval."""
    low, high = 0.0, 1.0
    while within(high, degrees) < share:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, degrees) < share else (low, middle)
        if high - low <= 1e-12 * high:
            break
    return high
