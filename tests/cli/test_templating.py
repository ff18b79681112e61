"""Templates are made from a terminal, beside what is there and never over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.typed import Kam


def test_a_workbook_and_a_csv_with_its_explanation_are_made(kam: Kam, tmp_path: Path) -> None:
    assert kam("template", "ledger", "--out", "l.xlsx", "--json").told == {"files": ["l.xlsx"]}
    ran = kam("template", "ledger", "--out", "l.csv", "--lang", "nl")
    assert (ran.code, ran.out) == (0, "Gemaakt: l.csv, l-uitleg.csv.\n")
    assert (tmp_path / "l.csv").read_text("utf-8-sig").startswith("Accountnummer;Debiteurnummer;Boekdatum")
    assert (tmp_path / "l-uitleg.csv").read_text("utf-8-sig").startswith("Kolom;Verplicht;")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["ledgr", "--out", "l.csv"], "unknown_kind"),
        (["ledger"], "out_missing"),
        (["ledger", "--out", "l.pdf"], "out_missing"),
        (["ledger", "--out", "there.csv"], "out_exists"),
        (["ledger", "--out", "nowhere/l.csv"], "out_unwritable"),
    ],
)
def test_what_cannot_be_made_is_said(kam: Kam, tmp_path: Path, argv: list[str], error: str) -> None:
    (tmp_path / "there.csv").write_text("mine", "utf-8")
    ran = kam("template", *argv, "--json")
    assert (ran.code, ran.told["error"]) == (2, error)
    assert (tmp_path / "there.csv").read_text("utf-8") == "mine"
