"""Whether the people of one cell agree with each other: consensus about one target, not reliability (alignment.md
2.4).

- AD: mean over items of the mean distance to the item's mean, in scale points (Burke & Dunlap 2002).
- r_wg(J) = J·ρ / (J·ρ + s̄²/σ²), ρ = 1 − s̄²/σ², at least 0; s̄² is the mean item variance (n−1) and σ² =
  (A²−1)/12 = 2 the variance of answers at random (James, Demaree & Wolf 1984).
- a_wg = 1 − 2s² / ([(H+L)x̄ − x̄² − HL]·n/(n−1)) per item, where x̄ lies far enough from the ends of the scale
  (Brown & Hauenstein 2005); the mean over items.
- ICC(1) = (MSB − MSW) / (MSB + (k̄−1)·MSW), ICC(2) = (MSB − MSW) / MSB between functions (Bliese).
An r_wg counts as agreement only above what 95 % of panels that answer at random stay below: "≥ 0.70" is not safe
for few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, variance

LOW, HIGH = 1, 5
"""The ends of the answering scale."""

_RANDOM_VARIANCE = ((HIGH - LOW + 1) ** 2 - 1) / 12


def average_deviation(items: Sequence[Sequence[float]]) -> float:
    """AD over the answers to each item."""
    return fmean(fmean(abs(x - fmean(item)) for x in item) for item in items)


def r_wg(items: Sequence[Sequence[float]]) -> float:
    """r_wg(J) over the answers to each item; each item needs two."""
    unexplained = fmean(variance(item) for item in items) / _RANDOM_VARIANCE
    agreed = len(items) * (1 - unexplained)
    return max(0.0, agreed / (agreed + unexplained)) if unexplained < 1 else 0.0


def a_wg(items: Sequence[Sequence[float]]) -> float | None:
    """Mean a_wg over the items whose mean allows one; None when no item does."""
    known = [agreed for item in items if (agreed := _item_a_wg(item)) is not None]
    return fmean(known) if known else None


def _item_a_wg(item: Sequence[float]) -> float | None:
    n, mean = len(item), fmean(item)
    if not (LOW * (n - 1) + HIGH) / n <= mean <= (HIGH * (n - 1) + LOW) / n:
        return None
    possible = ((HIGH + LOW) * mean - mean**2 - HIGH * LOW) * n / (n - 1)
    return 1 - 2 * variance(item) / possible if possible > 0 else None


def between_groups(groups: Sequence[Sequence[float]]) -> tuple[float, float, float] | None:
    """Mean square between and within groups and the mean group size; None when they cannot be told apart."""
    n = sum(len(group) for group in groups)
    if len(groups) < 2 or n <= len(groups):
        return None
    grand = fmean(x for group in groups for x in group)
    means = [fmean(group) for group in groups]
    between = sum(len(g) * (m - grand) ** 2 for g, m in zip(groups, means, strict=True)) / (len(groups) - 1)
    within = sum((x - m) ** 2 for g, m in zip(groups, means, strict=True) for x in g) / (n - len(groups))
    return between, within, n / len(groups)


def icc1(groups: Sequence[Sequence[float]]) -> float | None:
    """Share of the differences between people that lies between groups."""
    if not (squares := between_groups(groups)):
        return None
    between, within, size = squares
    total = between + (size - 1) * within
    return (between - within) / total if total else None


def icc2(groups: Sequence[Sequence[float]]) -> float | None:
    """How reliably the groups' means differ."""
    squares = between_groups(groups)
    return (squares[0] - squares[1]) / squares[0] if squares and squares[0] else None


def is_agreed(agreement: float, people: int, items: int) -> bool:
    """Whether so few people would hardly reach this r_wg by answering at random."""
    row = RANDOM_R_WG[min(items, max(RANDOM_R_WG))]
    return agreement > row[min(max(people, FEWEST), FEWEST + len(row) - 1) - FEWEST]


def is_two_camps(item: Sequence[float]) -> bool:
    """Whether at least 30 % disagree (1-2) and at least 30 % agree (4-5)."""
    return min(sum(x <= 2 for x in item), sum(x >= 4 for x in item)) >= 0.3 * len(item)


FEWEST = 3
RANDOM_R_WG: Mapping[int, tuple[float, ...]] = {
    1: (
        0.833, 0.875, 0.750, 0.667, 0.595, 0.580, 0.500, 0.506, 0.464, 0.443, 0.429, 0.407, 0.381, 0.367, 0.360,
        0.345, 0.333, 0.322, 0.319, 0.307, 0.304, 0.293, 0.288, 0.282, 0.269, 0.270, 0.267, 0.259,
    ),
    2: (
        0.909, 0.800, 0.710, 0.659, 0.612, 0.573, 0.545, 0.519, 0.498, 0.485, 0.459, 0.444, 0.430, 0.413, 0.407,
        0.396, 0.383, 0.377, 0.371, 0.359, 0.354, 0.348, 0.340, 0.333, 0.325, 0.327, 0.315, 0.309,
    ),
    3: (
        0.857, 0.770, 0.711, 0.661, 0.625, 0.594, 0.574, 0.545, 0.526, 0.502, 0.491, 0.478, 0.464, 0.455, 0.443,
        0.428, 0.421, 0.413, 0.402, 0.399, 0.390, 0.385, 0.376, 0.370, 0.363, 0.361, 0.352, 0.349,
    ),
    4: (
        0.848, 0.779, 0.717, 0.679, 0.648, 0.621, 0.589, 0.571, 0.547, 0.534, 0.518, 0.503, 0.492, 0.479, 0.466,
        0.459, 0.450, 0.439, 0.434, 0.422, 0.419, 0.412, 0.407, 0.397, 0.394, 0.385, 0.382, 0.377,
    ),
}  # fmt: skip
"""Per number of items, for 3 to 30 people: the r_wg that 95 % of panels answering at random stay below."""
