"""What the account matrix sends to the browser: figures and lengths; the browser writes them in the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Literal

from kam_metrics import words
from kam_metrics.matrix.part import told_as
from kam_metrics.terms import PHASES, Against, Element, Vital

Phase = Literal["done", "behind", "open", "unknown"]
BAR = 100
"""Width of a bullet in its own units."""
SPARK_WIDTH, SPARK_EDGE, SPARK_RISE = 84, 3, 12
LOWEST, HIGHEST = 1, 5
"""The ends of the questionnaire's scale."""


@dataclass(frozen=True)
class Score:
    """One element of alignment: its level, and its change where that is more than chance."""

    level: float | None
    n: int = 0
    change: float | None = None
    """Only a change whose confidence interval excludes zero; None otherwise."""


@dataclass(frozen=True)
class Whole:
    """Health of an account: its score where enough is known, how much is, and the vitals in the red."""

    score: float | None
    coverage: float
    red: Sequence[Vital] = ()


@dataclass(frozen=True)
class MatrixRow:
    """What is known of one account; None where it cannot be known."""

    account_id: str
    account_name: str
    contribution: Decimal | None = None
    compared: Decimal | None = None
    """Contribution over the days that are compared: with a plan, whole months."""
    reference: Decimal | None = None
    """The plan or last year, whichever the matrix compares with."""
    months: Sequence[Decimal | None] = ()
    """Contribution of the last twelve months, oldest first."""
    overdue: Decimal | None = None
    phases: Sequence[Phase] = ()
    """State of day 30, 60 and 90; empty without a plan."""
    elements: Mapping[Element, Score] = field(default_factory=dict)
    health: Whole | None = None
    warnings: Sequence[str] = ()
    """Sentences, each about something that asks for attention."""


def table(rows: Sequence[MatrixRow], *, lang: str, caption: str, against: Against) -> str:
    """The whole matrix as JSON. Numbers stay numbers: to write 8,000 of them here would take half a second.

    `caption` names the table: period, unit and as-of date. `against` says what the rows' `reference` is.
    """
    amounts = [float(amount) for row in rows for amount in (row.compared, row.reference) if amount is not None]
    low, high = min([0.0, *amounts]), max([0.0, *amounts])
    told = {
        "lang": lang,
        "caption": caption,
        "against": against,
        "words": _words(lang),
        "days": PHASES,
        "elements": list(Element),
        "zero": _place(0.0, low, high),
        "rows": [_row(row, low, high) for row in rows],
    }
    return told_as(told)


@cache
def _words(lang: str) -> dict[str, str]:
    """The matrix's own texts, blanks and all; the browser fills them."""
    own = {key.removeprefix("matrix."): text for key, text in words.words(lang).items() if key.startswith("matrix.")}
    vitals = {f"vital_{vital}": words.say(lang, f"vital.{vital}") for vital in Vital}
    return own | vitals | {"unknown": words.unknown(lang)}


def _row(row: MatrixRow, low: float, high: float) -> dict[str, object]:
    compared, reference = _number(row.compared), _number(row.reference)
    return {
        "id": row.account_id,
        "name": row.account_name,
        "value": _number(row.contribution),
        "compared": compared,
        "reference": reference,
        "bar": None if compared is None else _place(compared, low, high),
        "tick": None if reference is None else _place(reference, low, high),
        "trend": _trend([_number(month) for month in row.months]),
        "overdue": _number(row.overdue),
        "phases": list(row.phases),
        "elements": [_score(row.elements.get(element)) for element in Element],
        "health": _health(row.health),
        "warnings": list(row.warnings),
    }


def _health(told: Whole | None) -> dict[str, object] | None:
    if told is None:
        return None
    return {"score": told.score, "coverage": round(told.coverage * 100), "red": list(told.red)}


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _place(amount: float, low: float, high: float) -> float:
    """Where an amount lies on the one scale that all bullets share."""
    return round((amount - low) / (high - low) * BAR, 1) if high > low else 0.0


def _trend(months: Sequence[float | None]) -> dict[str, object] | None:
    """A line over the months on the account's own scale; it breaks where a month is unknown."""
    known = [amount for amount in months if amount is not None]
    if not known:
        return None
    low, width = min(known), (max(known) - min(known)) or 1.0
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(len(months) - 1, 1)
    points = [
        None if amount is None else (_at(index * step), _at((1 - (amount - low) / width) * SPARK_RISE))
        for index, amount in enumerate(months)
    ]
    last = [point for point in points if point is not None][-1]
    return {"path": _path(points), "end": last, "first": known[0], "last": known[-1]}


def _at(offset: float) -> float:
    return round(SPARK_EDGE + offset, 1)


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    parts, pen = [], "M"
    for point in points:
        if point is not None:
            parts.append(f"{pen}{point[0]} {point[1]}")
        pen = "M" if point is None else "L"
    return "".join(parts)


def _score(score: Score | None) -> dict[str, object] | None:
    if score is None or score.level is None:
        return None
    shade = (score.level - LOWEST) / (HIGHEST - LOWEST)
    return {"level": score.level, "n": score.n, "change": score.change or None, "shade": round(shade, 2)}
