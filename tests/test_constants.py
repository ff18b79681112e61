"""Texts that stand on every row are judged like cells: read exactly, or refused by the name of their column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.extract_files import accepted, judged

CELLS = {"account_id": "A1", "posting_date": "31-01-2026", "line_type": "omzet", "amount": "5,50", "currency": "EUR"}


def ledger_without(column: str) -> str:
    """One row of a ledger that lacks a column."""
    rest = {name: cell for name, cell in CELLS.items() if name != column}
    return ";".join(rest) + "\n" + ";".join(rest.values()) + "\n"


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("posting_date", "31-01-2026", "2026-01-31"),
        ("posting_date", "31 januari 2026", "2026-01-31"),
        ("line_type", " Kostprijs ", "cogs"),
        ("amount", "1.250,00", Decimal(1250)),
        ("amount", "5.5", Decimal("5.5")),
        ("currency", " usd ", "USD"),
        ("account_id", "=1+1'\";--", "=1+1'\";--"),
        ("for_month", "jan 2026", "2026-01-01"),
    ],
)
def test_what_stands_on_every_row_is_read_as_a_cell_would_be(column: str, text: str, value: object) -> None:
    (row,) = accepted(ledger_without(column), kind="ledger", sign="as_booked", constants={column: text})
    assert row[column] == value or str(row[column]) == value


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("posting_date", "31-02-2026", "constant_day"),
        ("posting_date", "2026-01-31 10:00", "constant_day"),
        ("posting_date", "9999-12-31", "constant_day"),
        ("posting_date", "03-04-2026", "constant_open"),
        ("for_month", "2026-13", "constant_month"),
        ("line_type", "omzett", "constant_choice"),
        ("amount", "vijf", "constant_number"),
        ("amount", "1,23456", "constant_number"),
        ("amount", "1.250", "constant_open"),
        ("currency", "EURO", "constant_currency"),
        ("account_id", "#REF!", "constant_text"),
        ("account_id", "A\u200b1", "constant_text"),
        ("account_id", "  ", "constant_empty"),
    ],
)
def test_what_no_cell_may_hold_is_refused_by_the_name_of_its_column(column: str, text: str, rule: str) -> None:
    judgement, _ = judged(ledger_without(column), kind="ledger", constants={column: text})
    (problem,) = judgement.problems
    assert (problem.rule, problem.column, problem.value) == (rule, column, text)
    for language in ("nl", "en"):
        assert column in str(problem.payload(language)["message"])
        assert column in judgement.sentence(language)


def test_an_unknown_word_on_every_row_is_answered_with_the_nearest_one() -> None:
    judgement, _ = judged(ledger_without("line_type"), kind="ledger", constants={"line_type": "omzett"})
    assert "gross_sales" in judgement.sentence("nl")


@pytest.mark.parametrize("said", [{"line_type": "onzin"}, {"item_no": "1"}])
def test_what_is_said_of_a_column_that_is_there_or_of_another_kind_changes_nothing(said: dict[str, Any]) -> None:
    assert accepted(ledger_without(""), constants=said)[0]["line_type"] == "gross_sales"
