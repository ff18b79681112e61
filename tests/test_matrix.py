"""The account matrix as it leaves for the browser: figures, lengths, and nothing invented for what is unknown."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from kam_metrics import words
from kam_metrics.matrix import MatrixRow, Score
from kam_metrics.matrix.rows import table
from kam_metrics.terms import Against, Element

FULL = MatrixRow(
    "A1",
    "Van Dijk",
    contribution=Decimal("1389000.25"),
    compared=Decimal("1389000.25"),
    reference=Decimal("1292000"),
    months=(Decimal(10), None, Decimal(30), Decimal(20)),
    overdue=Decimal("150000"),
    phases=("done", "behind", "open"),
    elements={Element.STRATEGY: Score(3.0, n=9, change=0.4), Element.STAFF: Score(None, n=3)},
    warnings=("An invoice is over 90 days old.",),
)
BARE = MatrixRow("A2", "Kempen")
LOSS = MatrixRow("A3", "Gent", contribution=Decimal(-100), compared=Decimal(-100), reference=Decimal(300))


def matrix(*rows: MatrixRow, lang: str = "nl", against: Against = "plan") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(table(rows, lang=lang, caption="Bijdrage", against=against))
    return told


def prepared(row: MatrixRow, *others: MatrixRow) -> dict[str, Any]:
    first: dict[str, Any] = matrix(row, *others)["rows"][0]
    return first


def test_a_figure_travels_as_a_number() -> None:
    assert matrix(FULL, BARE)["rows"][0]["value"] == 1389000.25


def test_rows_keep_their_order() -> None:
    assert [row["id"] for row in matrix(BARE, FULL)["rows"]] == ["A2", "A1"]


def test_what_is_unknown_stays_unknown() -> None:
    row = prepared(BARE)
    assert {row[name] for name in ("value", "reference", "bar", "tick", "trend", "overdue")} == {None}
    assert (row["phases"], row["elements"], row["warnings"]) == ([], [None] * 7, [])


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_word_for_unknown_travels_along(lang: str) -> None:
    assert matrix(BARE, lang=lang)["words"]["unknown"] == words.unknown(lang)


def test_a_name_travels_as_it_is_written() -> None:
    hostile = "<img src=x onerror=alert(1)> & \"Co\" 'B.V.'"
    assert prepared(MatrixRow("A1", hostile))["name"] == hostile


def test_all_bullets_share_one_scale_that_holds_zero() -> None:
    told = matrix(LOSS, MatrixRow("A4", "Delta", compared=Decimal(100)))
    assert told["zero"] == 25.0
    assert [(row["bar"], row["tick"]) for row in told["rows"]] == [(0.0, 100.0), (50.0, None)]


def test_a_matrix_of_zeroes_has_a_scale_too() -> None:
    assert prepared(MatrixRow("A1", "New", compared=Decimal(0)))["bar"] == 0.0


def test_a_trend_breaks_where_a_month_is_unknown() -> None:
    trend = prepared(FULL)["trend"]
    assert trend["path"].count("M") == 2
    assert (trend["first"], trend["last"]) == (10.0, 20.0)
    assert trend["end"] == [81.0, 9.0]


def test_a_flat_or_single_month_is_drawn_inside_its_cell() -> None:
    assert prepared(MatrixRow("A1", "New", months=(Decimal(5),)))["trend"]["path"] == "M3.0 15.0"


def test_a_level_is_a_shade_and_only_a_real_change_an_arrow() -> None:
    scores = dict(zip(Element, prepared(FULL)["elements"], strict=True))
    assert scores[Element.STRATEGY] == {"level": 3.0, "n": 9, "change": 0.4, "shade": 0.5}
    assert scores[Element.STAFF] is None


def test_every_element_has_a_name_in_every_language() -> None:
    for lang in words.LANGUAGES:
        told = matrix(FULL, lang=lang)
        assert set(told["elements"]) <= set(told["words"])


def test_430_accounts_stay_a_small_message() -> None:
    assert len(json.dumps(matrix(*[FULL] * 430))) < 430 * 600


def test_a_plan_is_set_beside_the_whole_months_it_is_about() -> None:
    """On 15 November a plan speaks of the months to October, and so does what is held against it."""
    part = MatrixRow("A1", "Aalst", contribution=Decimal(130), compared=Decimal(100), reference=Decimal(200))
    told = prepared(part)
    assert (told["value"], told["compared"], told["reference"]) == (130, 100, 200)
    assert (told["bar"], told["tick"]) == (50, 100)
