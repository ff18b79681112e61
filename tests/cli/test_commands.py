"""Files are checked, loaded, undone and redone from a terminal as from the app."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kam_metrics.store import Store
from tests.cli.typed import ACCOUNTS, LEDGER, WRONG, Kam, Write


def test_a_file_is_checked_without_being_loaded(kam: Kam, write: Write) -> None:
    ran = kam("check", write("q1.csv", LEDGER), "--json")
    assert ran.code == 0
    told = ran.told
    assert (told["outcome"], told["kind"], told["file"], told["rows"]) == ("accept", "ledger", "q1.csv", 4)
    assert told["load_id"] is None
    assert Decimal(told["total_by_currency"]["EUR"]) == Decimal("2300.75")
    assert told["difference"] == {"new": 4, "changed": 0, "unchanged": 0, "disappearing": 0}
    assert kam("loads", "--json").told == {"loads": []}


def test_files_are_loaded_each_on_its_own(kam: Kam, write: Write) -> None:
    ran = kam("load", write("bad.csv", WRONG), write("accounts.csv", ACCOUNTS), "--json")
    assert ran.code == 1
    first, second = ran.told["files"]
    assert (first["outcome"], first["lines"], first["load_id"]) == ("reject", [2], None)
    assert (second["outcome"], second["kind"]) == ("accept", "accounts")
    assert [one["file"] for one in kam("loads", "--json").told["loads"]] == ["accounts.csv"]


def test_a_refused_file_shows_its_wrong_lines_to_a_person(kam: Kam, write: Write) -> None:
    ran = kam("load", write("bad.csv", WRONG))
    assert ran.code == 1
    assert "12,3,4" in ran.out
    assert ran.out.startswith("bad.csv was refused")


def test_a_file_that_is_not_there_stops_the_command_before_it_begins(kam: Kam, write: Write, tmp_path: Path) -> None:
    ran = kam("load", write("accounts.csv", ACCOUNTS), "nowhere.csv")
    assert (ran.code, ran.err) == (2, "There is no file nowhere.csv.\n")
    assert not (tmp_path / "data").exists()


def test_an_option_of_reading_reaches_the_reader(kam: Kam, write: Write) -> None:
    ambiguous = "account_id;posting_date;line_type;amount\nA1;2026-01-15;gross_sales;1.234\n"
    asked = kam("check", write("a.csv", ambiguous), "--json")
    assert (asked.code, asked.told["question"]["about"]) == (1, "decimal")
    told = kam("check", "a.csv", "--decimal", ",", "--json").told
    assert Decimal(told["total_by_currency"]["EUR"]) == 1234


def test_a_load_is_undone_and_redone(filled: Kam) -> None:
    def sales() -> str | None:
        row = filled("measure", "net_sales", "--json").told["rows"][0]
        value: str | None = row["net_sales"]
        return value

    before = sales()
    assert before == "3500.75"
    undone = filled("undo", "2", "--json")
    assert undone.told == {"load_id": 2, "revision": 3}
    assert sales() is None
    assert filled("loads", "--json").told["loads"][1]["live"] is False
    assert filled("redo", "2", "--json").told == {"load_id": 2, "revision": 4}
    assert sales() == before


@pytest.mark.parametrize(("argv", "code"), [(["undo", "9"], 1), (["redo", "1"], 1), (["undo", "last"], 2)])
def test_only_a_load_that_can_be_turned_is_turned(filled: Kam, argv: list[str], code: int) -> None:
    ran = filled(*argv)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.count("\n") == 1


def test_loads_are_listed_for_people_and_for_scripts(filled: Kam) -> None:
    first, second = filled("loads", "--json").told["loads"]
    assert (first["load_id"], first["kind"], first["rows"], first["live"]) == (1, "accounts", 2, True)
    assert (second["loaded_by"], len(second["sha256"])) == ("local", 64)
    assert "ledger.csv" in filled("loads").out
    assert "€2,300.75" in filled("loads").out


def test_a_question_says_what_to_type(kam: Kam, write: Write) -> None:
    ambiguous = write("a.csv", "account_id;posting_date;line_type;amount\nA1;2026-01-15;gross_sales;1.234\n")
    ran = kam("load", ambiguous)
    assert ran.code == 1
    assert ran.out.startswith("a.csv: ")
    assert "  Answer with: --decimal . | --decimal ,\n" in ran.out


def test_the_same_file_undone_is_answered_with_the_command_to_type(filled: Kam) -> None:
    filled("undo", "2")
    ran = filled("load", "ledger.csv", "--date-order", "ymd")
    assert ran.code == 1
    assert "  Answer with: kam redo 2\n" in ran.out


def test_wrong_lines_beyond_the_hundredth_are_counted(kam: Kam, write: Write) -> None:
    rows = "A1;2026-01-15;gross_sales;12,3,4\n" * 120
    bad = write("bad.csv", f"account_id;posting_date;line_type;amount\n{rows}")
    assert kam("load", bad).out.endswith("120 errors in all; the first 100 are shown.\n")


def test_what_was_skipped_is_said(kam: Kam, write: Write) -> None:
    gap = write("gap.csv", LEDGER.replace("B1;", "\nB1;"))
    assert "Skipped: blank rows (1)" in kam("check", gap).out


def test_a_store_that_adds_up_says_so(filled: Kam) -> None:
    ran = filled("reconcile", "--json")
    assert (ran.code, ran.told["ok"]) == (0, True)
    assert set(ran.told["checks"][0]) == {"name", "ok", "detail"}
    assert "no difference" in filled("reconcile").out


def test_the_demo_never_joins_somebodys_figures(filled: Kam) -> None:
    ran = filled("demo", "--store", "data/kam.duckdb", "--json")
    assert (ran.code, ran.told["error"]) == (1, "demo_mix")


def test_the_demo_is_made_shown_and_joined_by_nobody(kam: Kam, write: Write, tmp_path: Path) -> None:
    ran = kam("demo", "--accounts", "30", "--lines", "400")
    assert ran.code == 0
    assert "The demo company is in data/demo.duckdb, its extracts in data/demo." in ran.out
    assert (tmp_path / "data" / "demo" / "nl" / "klanten.csv").is_file()
    ran = kam("load", write("accounts.csv", ACCOUNTS), "--store", "data/demo.duckdb")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("This is the store of the demo company")


def test_differences_stand_under_the_name_of_their_check(filled: Kam, write: Write) -> None:
    items = "account_id;doc_no;invoice_date;amount;cleared_date\nA1;F1;2026-02-10;100,00;2026-01-20\n"
    assert filled("load", write("items.csv", items), "--kind", "receivables").code == 0
    ran = filled("reconcile")
    assert ran.code == 0
    assert "Receivables roll-forward:\n  A1 2026-01-31 EUR" in ran.out


def test_a_load_that_is_no_longer_what_was_read_is_told_beside_every_answer(filled: Kam, tmp_path: Path) -> None:
    path = tmp_path / "data" / "kam.duckdb"
    Store.at(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from ledger_brief where line_type = 'cogs'")
    ran = filled("loads", "--json")
    assert (ran.code, len(ran.told["loads"])) == (0, 2)
    assert ran.err.startswith("Mind: of 1 loads the rows or the total are no longer what was read.")


def test_a_command_waits_for_no_library_that_it_does_not_use() -> None:
    heavy = {"numpy", "pandas", "plotly", "pyarrow", "starlette", "streamlit", "typst", "xlsxwriter"}
    told = f"import sys, kam_metrics.cli; print(*(sys.modules.keys() & {heavy}))"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
