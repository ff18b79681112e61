"""Board packs and tables are made from a terminal: whole or not at all, never over a file, never beyond a scope."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from kam_metrics.cli.arguments import SHAPES
from kam_metrics.exports import EXPORTS
from kam_metrics.words import LANGUAGES, has
from tests.cli.typed import AN, ANALYST, BOARD, Kam

DAY = ("--as-of", "2026-02-28")


def test_a_board_pack_is_made_as_pdf_and_as_workbook(filled: Kam, tmp_path: Path) -> None:
    ran = filled("export", "board-pack", "--out", "pack.pdf", *DAY, "--json")
    assert ran.told == {"export": "board-pack", "file": "pack.pdf", "as_of": "2026-02-28"}
    told = PdfReader(tmp_path / "pack.pdf").pages[0].extract_text()
    assert "28 Feb 2026" in told
    assert "Breda BV" in told
    ran = filled("export", "board-pack", "--out", "pack.xlsx", *DAY, "--lang", "nl")
    assert (ran.code, ran.out) == (0, "Gemaakt: pack.xlsx.\n")
    assert zipfile.is_zipfile(tmp_path / "pack.xlsx")


def test_a_table_has_the_separators_of_its_language(filled: Kam, tmp_path: Path) -> None:
    filled("export", "gross_sales,cogs", "--by", "account_name", "--out", "m.csv", "--lang", "nl", *DAY)
    assert (tmp_path / "m.csv").read_text("utf-8-sig").splitlines() == [
        "Accountnaam;Bruto-omzet;Kostprijs verkopen", "Aalst NV;3000,50;1200,00", "Breda BV;500,25;0,00",
    ]  # fmt: skip


def test_without_a_period_the_twelve_months_of_the_pages_are_told(filled: Kam, tmp_path: Path) -> None:
    filled("export", "gross_sales", "--out", "year.csv", "--as-of", "2027-01-31")
    filled("export", "gross_sales", "--out", "all.csv", "--as-of", "2027-01-31", "--from", "2020-01-01")
    told = [(tmp_path / name).read_text("utf-8-sig").splitlines()[1] for name in ("year.csv", "all.csv")]
    assert told == ["2000.50", "3500.75"]


def test_the_worklist_leaves_with_the_money_of_every_number(filled: Kam, tmp_path: Path) -> None:
    lines = (
        "customer_no,posting_date,line_type,amount\nK9,2026-01-15,gross_sales,12.50\nK9,2026-02-15,gross_sales,1.00\n"
    )
    (tmp_path / "more.csv").write_text(lines, "utf-8")
    assert filled("load", "more.csv", "--kind", "ledger", "--source", "SAP", *DAY).code == 0
    filled("export", "worklist", "--out", "w.csv", *DAY, "--lang", "en")
    assert (tmp_path / "w.csv").read_text("utf-8-sig").splitlines()[1:] == [
        "K9 · SAP,Ledger,13.50,2,2026-01-15,2026-02-15"
    ]


def test_a_narrowed_reader_gets_no_foreign_account(filled: Kam, tmp_path: Path) -> None:
    for name in ("board-pack.xlsx", "board-pack.pdf", "portfolio.csv", "accounts.csv", "receivables.csv"):
        assert filled("export", name.partition(".")[0], "--out", f"an-{name}", *DAY, env=AN).code == 0
        data = (tmp_path / f"an-{name}").read_bytes()
        assert b"Breda" not in _opened(data)
        assert b"Aalst" in _opened(data)


def _opened(data: bytes) -> bytes:
    if data.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).encode()
    if data.startswith(b"PK"):
        parts = zipfile.ZipFile(io.BytesIO(data))
        return b"".join(parts.read(name) for name in parts.namelist())
    return data


@pytest.mark.parametrize("what", [name for name, export in EXPORTS.items() if export.needs_analyst])
def test_what_was_loaded_is_told_to_an_analyst_only(filled: Kam, tmp_path: Path, what: str) -> None:
    assert (
        filled(
            "export",
            what,
            "--out",
            "l.csv",
            env=BOARD,
        ).code
        == 1
    )
    assert filled("export", what, "--out", "l.csv", env=ANALYST).code == 0
    assert (tmp_path / "l.csv").is_file()


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["bord-pack", "--out", "b.pdf"], "unknown_export"),
        (["net_sales,nothing", "--out", "b.csv"], "unknown_export"),
        (["net_sales", "--by", "element", "--out", "b.csv"], "unknown_dimension"),
        (["board-pack"], "export_format"),
        (["board-pack", "--out", "b.csv"], "export_format"),
        (["portfolio", "--out", "b"], "export_format"),
        (["portfolio", "--out", "there.csv"], "out_exists"),
        (["portfolio", "--out", "nowhere/b.csv"], "out_unwritable"),
        (["portfolio", "--out", "b.csv", "--against", "last_week"], "option_choice"),
    ],
)
def test_what_cannot_be_made_is_said_and_leaves_nothing(
    filled: Kam, tmp_path: Path, argv: list[str], error: str
) -> None:
    (tmp_path / "there.csv").write_text("mine", "utf-8")
    before = set(tmp_path.iterdir())
    ran = filled("export", *argv, "--json")
    assert (ran.code, ran.told["error"]) == (2, error)
    assert (tmp_path / "there.csv").read_text("utf-8") == "mine"
    assert set(tmp_path.iterdir()) == before


def test_a_file_appears_whole_or_not_at_all(filled: Kam, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, target: Path) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", full)
    before = set(tmp_path.iterdir())
    assert filled("export", "portfolio", "--out", "p.csv", "--json").told["error"] == "out_unwritable"
    assert set(tmp_path.iterdir()) == before


def test_every_export_is_explained() -> None:
    assert [name for name in EXPORTS for lang in LANGUAGES if not has(lang, f"export_about.{name}")] == []
    assert "export" in SHAPES
