"""Chance that repeats itself: every account has streams of its own, so a new account changes no other."""

from __future__ import annotations

from random import Random


def stream(*parts: object) -> Random:
    """The stream of random numbers that belongs to these parts, and to nothing else."""
    return Random("|".join(map(str, parts)))  # noqa: S311 - invented figures, no secrets


def whole(rng: Random, expected: float) -> int:
    """A whole number that is `expected` on average: 2.3 is 2 most of the time, and 3 otherwise."""
    return int(expected + rng.random())


def around(rng: Random, value: float, spread: float) -> float:
    """A value near this one: a normal relative deviation, cut at three times the spread."""
    return value * (1 + max(-3 * spread, min(3 * spread, rng.gauss(0, spread))))
