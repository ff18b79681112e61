"""Figures as lengths on paper: every chart of the board pack as places between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kam_metrics.figures.whale import thinned
from kam_metrics.metrics.answer import Row

LOWEST, HIGHEST = 1, 5
"""The ends of the questionnaire's scale."""


class Scale:
    """A shared scale from the lowest to the highest amount, zero always on it."""

    def __init__(self, amounts: Sequence[Decimal | None]) -> None:
        known = [float(amount) for amount in amounts if amount is not None]
        self._low, high = min([0.0, *known]), max([0.0, *known])
        self._width = (high - self._low) or 1.0
        self.zero = self.place(Decimal(0))

    def place(self, amount: Decimal) -> float:
        """Where the amount lies."""
        return round((float(amount) - self._low) / self._width, 5)

    def bar(self, start: Decimal, end: Decimal) -> tuple[float, float]:
        """Where a bar begins, and how long it is."""
        first, last = sorted((self.place(start), self.place(end)))
        return first, round(last - first, 5)


def floating(steps: Sequence[Row]) -> list[tuple[float, float, str]]:
    """The bars of a waterfall: where each begins, how long it is, and whether it is a total, a gain or a loss."""
    so_far, ends = Decimal(0), []
    for step in steps:
        start = Decimal(0) if step["total"] else so_far
        so_far = start + step["amount"]
        ends.append((start, so_far))
    scale = Scale([amount for pair in ends for amount in pair])
    kinds = ["total" if step["total"] else "gain" if step["amount"] > 0 else "loss" for step in steps]
    return [(*scale.bar(*pair), kind) for pair, kind in zip(ends, kinds, strict=True)]


def trend(months: Sequence[Decimal | None]) -> list[list[tuple[float, float]]]:
    """A line over the months on its own scale, in pieces: it breaks where a month is unknown."""
    known = [float(amount) for amount in months if amount is not None]
    low, width = min(known, default=0.0), (max(known, default=0.0) - min(known, default=0.0)) or 1.0
    pieces: list[list[tuple[float, float]]] = [[]]
    for at, amount in enumerate(months):
        if amount is None:
            pieces.append([])
        else:
            pieces[-1].append((round(at / max(len(months) - 1, 1), 4), round(1 - (float(amount) - low) / width, 4)))
    return [piece for piece in pieces if piece]


def whale(points: Sequence[Row]) -> dict[str, Any]:
    """The curve of contribution added up, the zero line, and where its peak and its end lie."""
    peak, last = max(points, key=lambda point: point["cumulative"]), points[-1]
    scale = Scale([point["cumulative"] for point in points])

    def at(point: Mapping[str, Any]) -> tuple[float, float]:
        return round(point["rank"] / last["rank"], 4), round(1 - scale.place(point["cumulative"]), 4)

    zero = round(1 - scale.zero, 4)
    curve = [(0.0, zero), *(at(point) for point in thinned(points, peak))]
    return {"curve": curve, "zero": zero, "peak": at(peak), "last": at(last), "falls": peak is not last}


def level(score: float) -> float:
    """Where a score lies on the questionnaire's scale."""
    return round((float(score) - LOWEST) / (HIGHEST - LOWEST), 4)
