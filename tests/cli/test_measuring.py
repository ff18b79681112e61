"""Figures are exact for scripts, and written the language's way for people."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics.cli import text
from tests.cli.typed import Kam, Write


def test_figures_are_exact_for_scripts(filled: Kam) -> None:
    told = filled(
        "measure", "net_sales", "gross_margin_pct", "--by", "account_id,month", "--as-of", "2026-03-31", "--json"
    )
    assert told.told["as_of"] == "2026-03-31"
    assert (told.told["from"], told.told["to"], told.told["scenario"]) == (None, None, "actual")
    assert told.told["unit"] == {"net_sales": "EUR", "gross_margin_pct": "share"}
    rows = told.told["rows"]
    assert [(row["account_id"], row["month"], Decimal(row["net_sales"])) for row in rows] == [
        ("A1", "2026-01-01", Decimal("1000")),
        ("A1", "2026-02-01", Decimal("2000.50")),
        ("B1", "2026-01-01", Decimal("500.25")),
    ]
    assert all(isinstance(row["why"], dict) for row in rows)


def test_figures_are_rounded_and_written_in_the_language_for_people(filled: Kam) -> None:
    shown = filled("measure", "net_sales", "--by", "account_id", "--as-of", "2026-03-31", "--lang", "nl").out
    assert shown.startswith("Peildatum 31 mrt 2026\n")
    assert "3.000,50" in shown
    assert "500,25" in shown


def test_credit_notes_follow_their_invoice_unless_asked_otherwise(kam: Kam, write: Write) -> None:
    rows = ["account_id,doc_no,doc_type,ref_doc_no,invoice_date,net_amount", "A1,F1,INV,,2025-12-20,100.00"]
    write("sales.csv", "\n".join([*rows, "A1,C1,CRN,F1,2026-02-03,-10.00"]) + "\n")
    assert kam("load", "sales.csv", "--date-order", "ymd").code == 0
    asked = ("measure", "net_sales", "--by", "year", "--as-of", "2026-03-31", "--json")
    for options, expected in (((), {2025: 90}), (("--credit-notes", "posting"), {2025: 100, 2026: -10})):
        told = kam(*asked, *options).told["rows"]
        assert {row["year"]: float(row["net_sales"]) for row in told} == expected


def test_bounds_are_inclusive(filled: Kam) -> None:
    told = filled(
        "measure", "net_sales", "--from", "2026-01-15", "--to", "2026-01-31", "--as-of", "2026-03-31", "--json"
    ).told
    assert (told["from"], told["to"]) == ("2026-01-15", "2026-01-31")
    assert Decimal(told["rows"][0]["net_sales"]) == Decimal("1500.25")


def test_a_period_that_ends_before_it_begins_is_wrong_usage(filled: Kam) -> None:
    assert filled("measure", "net_sales", "--from", "2026-02-01", "--to", "2026-01-01").code == 2


def test_an_empty_store_answers_one_row_that_says_why(kam: Kam) -> None:
    (row,) = kam("measure", "net_sales", "--json").told["rows"]
    assert row["net_sales"] is None
    assert row["why"]["net_sales"]
    shown = kam("measure", "net_sales").out
    assert "–" in shown
    assert "Why a figure is missing" in shown


def test_an_unknown_kam_gives_no_rows_never_all(filled: Kam) -> None:
    assert filled("measure", "net_sales", "--by", "account_id", "--kam", "nobody", "--json").told["rows"] == []
    assert "No rows." in filled("measure", "net_sales", "--by", "account_id", "--kam", "nobody").out


def test_every_measure_is_listed_with_what_it_is(kam: Kam, tmp_path: Path) -> None:
    told = kam("measures", "--json").told["measures"]
    sales = next(one for one in told if one["key"] == "net_sales")
    assert set(sales) == {"key", "unit", "formula", "source", "dimensions"}
    assert "account_id" in sales["dimensions"]
    assert "net_sales" in kam("measures").out
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("EUR", Decimal("-1234.565"), "€ −1.234,57"),
        ("share", 0.4398, "44,0%"),
        ("days", 42.25, "42,3"),
        ("count", 1200, "1.200"),
        ("score", 3.456, "3,46"),
        ("EUR", None, "–"),
    ],
)
def test_a_figure_is_written_by_its_unit_half_up(unit: str, value: Decimal | float | None, shown: str) -> None:
    assert text.figure("nl", unit, value).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_a_dimension_is_written_as_scripts_know_it(filled: Kam) -> None:
    shown = filled("measure", "net_sales", "gross_margin_pct", "--by", "month,kam_id", "--as-of", "2026-03-31").out
    assert "2026-01-01" in shown
