"""A folder that cron looks into: every file loaded or put aside with its reason, none lost, none twice."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import NoReturn

import pytest

from kam_metrics.cli import watching
from kam_metrics.demo import fill
from kam_metrics.errors import StoreUnreachable
from kam_metrics.store import Store
from tests.cli.typed import ACCOUNTS, LEDGER, WRONG, Kam

QUESTION = "account_id;posting_date;line_type;amount\nA1;2026-01-15;gross_sales;1.234\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def drop(inbox: Path, name: str, text: str, *, age: int = 60) -> Path:
    """A file that was last written so many seconds ago."""
    file = inbox / name
    file.write_text(text, "utf-8")
    os.utime(file, (time.time() - age, time.time() - age))
    return file


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))


def test_files_are_loaded_oldest_first_and_one_that_is_wrong_stops_none(kam: Kam, inbox: Path) -> None:
    drop(inbox, "a-ledger.csv", LEDGER, age=10)
    drop(inbox, "bad.csv", WRONG, age=20)
    drop(inbox, "z-accounts.csv", ACCOUNTS, age=30)
    ran = kam("watch", "inbox", "--settle", "0", "--json")
    assert ran.code == 1
    assert [(one["file"], one["outcome"], one["moved_to"]) for one in ran.told["files"]] == [
        ("z-accounts.csv", "accept", "loaded/z-accounts.csv"),
        ("bad.csv", "reject", "refused/bad.csv"),
        ("a-ledger.csv", "accept", "loaded/a-ledger.csv"),
    ]
    assert [one["file"] for one in kam("loads", "--json").told["loads"]] == ["z-accounts.csv", "a-ledger.csv"]
    assert names(inbox) == []
    assert names(inbox / "refused") == ["bad-problems.csv", "bad.csv", "bad.csv.report.txt"]
    assert "12,3,4" in (inbox / "refused" / "bad-problems.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(("lang", "said"), [("en", "bad.csv was refused"), ("nl", "bad.csv is geweigerd")])
def test_a_report_lies_beside_what_was_refused(kam: Kam, inbox: Path, lang: str, said: str) -> None:
    drop(inbox, "bad.csv", WRONG)
    ran = kam("watch", "inbox", "--settle", "0", "--lang", lang)
    report = (inbox / "refused" / "bad.csv.report.txt").read_text("utf-8")
    assert report.startswith(said)
    assert "12,3,4" in report
    assert ran.out == report.rstrip("\n") + "\n  → refused/bad.csv\n"


def test_other_values_for_what_is_known_are_refused_and_there_is_nothing_to_mend(kam: Kam, inbox: Path) -> None:
    drop(inbox, "accounts.csv", ACCOUNTS)
    kam("watch", "inbox", "--settle", "0")
    drop(inbox, "renamed.csv", ACCOUNTS.replace("Aalst NV", "Aalst BV"))
    assert kam("watch", "inbox", "--settle", "0").code == 1
    assert names(inbox / "refused") == ["renamed.csv", "renamed.csv.report.txt"]
    drop(inbox, "renamed.csv", ACCOUNTS.replace("Aalst NV", "Aalst BV"))
    assert kam("watch", "inbox", "--settle", "0", "--replace").code == 0


def test_a_question_is_put_aside_and_the_answer_may_come_with_the_command(kam: Kam, inbox: Path) -> None:
    file = drop(inbox, "a.csv", QUESTION)
    assert kam("watch", "inbox", "--settle", "0").code == 1
    assert "--decimal" in (inbox / "refused" / "a.csv.report.txt").read_text("utf-8")
    (inbox / "refused" / "a.csv").rename(file)
    assert kam("watch", "inbox", "--settle", "0", "--decimal", ",").code == 0
    assert names(inbox / "loaded") == ["a.csv"]


def test_the_same_bytes_again_are_harmless_and_nothing_is_overwritten(kam: Kam, inbox: Path) -> None:
    for name in ("accounts.csv", "accounts.csv", "other.csv"):
        drop(inbox, name, ACCOUNTS)
        assert kam("watch", "inbox", "--settle", "0").code == 0
    assert names(inbox / "loaded") == ["accounts-2.csv", "accounts.csv", "other.csv"]
    assert len(kam("loads", "--json").told["loads"]) == 1


def test_a_file_that_grows_waits_for_the_next_pass(kam: Kam, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    growing = drop(inbox, "ledger.csv", LEDGER[:80])

    def sleep(seconds: float) -> None:
        assert seconds == watching.USUAL_SETTLE
        growing.write_text(LEDGER, "utf-8")
        (inbox / "new.csv").write_text("account_id", "utf-8")

    monkeypatch.setattr(time, "sleep", sleep)
    ran = kam("watch", "inbox", "--json")
    assert (ran.code, ran.told) == (0, {"files": [], "waiting": ["ledger.csv", "new.csv"]})
    monkeypatch.setattr(time, "sleep", lambda _: growing.unlink(missing_ok=True))
    assert "Not finished yet" not in kam("watch", "inbox").out
    assert names(inbox) == []


def test_waiting_files_are_told(kam: Kam, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = drop(inbox, "ledger.csv", LEDGER)
    monkeypatch.setattr(time, "sleep", lambda _: file.write_text(LEDGER * 2, "utf-8"))
    assert kam("watch", "inbox").out == "Not finished yet, its turn comes next time: ledger.csv.\n"


def test_a_file_that_pauses_while_it_is_written_is_not_taken_for_a_whole_one(
    kam: Kam, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, clock = drop(inbox, "ledger.csv", LEDGER[:80]), [0]

    def sleep(seconds: int) -> None:
        """The writer pauses for ten seconds, then goes on."""
        clock[0] += seconds
        if clock[0] >= 10:
            file.write_text(LEDGER, "utf-8")

    monkeypatch.setattr(time, "sleep", sleep)
    assert kam("watch", "inbox", "--json").told == {"files": [], "waiting": ["ledger.csv"]}
    monkeypatch.setattr(time, "sleep", lambda _: None)
    assert [one["outcome"] for one in kam("watch", "inbox", "--json").told["files"]] == ["accept"]


def test_an_empty_file_is_never_taken(kam: Kam, inbox: Path) -> None:
    drop(inbox, "ledger.csv", "")
    assert kam("watch", "inbox", "--settle", "0", "--json").told == {"files": [], "waiting": ["ledger.csv"]}
    drop(inbox, "ledger.csv", LEDGER)
    assert len(kam("watch", "inbox", "--settle", "0", "--json").told["files"]) == 1


@pytest.mark.parametrize("lock", ["~$ledger.csv", ".~lock.ledger.csv#", ".ledger.csv.swp", "ledger.csv.part"])
def test_a_file_that_is_open_elsewhere_waits_until_it_is_let_go(kam: Kam, inbox: Path, lock: str) -> None:
    drop(inbox, "ledger.csv", LEDGER)
    held = drop(inbox, lock, "")
    assert kam("watch", "inbox", "--settle", "0", "--json").told == {"files": [], "waiting": ["ledger.csv"]}
    held.unlink()
    assert len(kam("watch", "inbox", "--settle", "0", "--json").told["files"]) == 1


@pytest.mark.parametrize("name", ["x.csv.part", "x.TMP", ".hidden.csv", "~$x.xlsx", "x.csv~", "x.csv.crdownload"])
def test_names_of_unfinished_files_are_left_alone(kam: Kam, inbox: Path, name: str) -> None:
    file = drop(inbox, name, LEDGER)
    ran = kam("watch", "inbox", "--settle", "0")
    assert (ran.code, ran.out) == (0, "No new files.\n")
    assert file.exists()


def test_neither_a_link_nor_a_folder_is_followed(kam: Kam, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text(LEDGER, "utf-8")
    (inbox / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (inbox / "folder.csv").mkdir()
    assert kam("watch", "inbox", "--settle", "0", "--json").told == {"files": [], "waiting": []}


def test_an_undone_load_is_not_silently_put_back(kam: Kam, inbox: Path) -> None:
    drop(inbox, "accounts.csv", ACCOUNTS)
    kam("watch", "inbox", "--settle", "0")
    kam("undo", "1")
    drop(inbox, "accounts.csv", ACCOUNTS)
    assert kam("watch", "inbox", "--settle", "0").code == 1
    assert "kam redo 1" in (inbox / "refused" / "accounts.csv.report.txt").read_text("utf-8")


def test_nothing_enters_the_demo_company(kam: Kam, inbox: Path, tmp_path: Path) -> None:
    kam("loads")
    Store.at(tmp_path / "data" / "kam.duckdb").note(fill.COMPANY, fill.DEMO)
    drop(inbox, "accounts.csv", ACCOUNTS)
    ran = kam("watch", "inbox", "--settle", "0", "--json")
    assert (ran.code, ran.told["files"][0]["outcome"]) == (1, "reject")
    assert "demo company" in (inbox / "refused" / "accounts.csv.report.txt").read_text("utf-8")


def test_two_passes_do_not_collide(kam: Kam, inbox: Path) -> None:
    drop(inbox, "accounts.csv", ACCOUNTS)
    with (inbox / watching.LOCK).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ran = kam("watch", "inbox", "--settle", "0", "--json")
    assert (ran.code, ran.told["error"]) == (1, "watch_busy")
    assert names(inbox) == ["accounts.csv"]
    assert kam("watch", "inbox", "--settle", "0").code == 0


def test_a_store_that_is_lost_halfway_ends_the_pass(kam: Kam, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> NoReturn:
        raise StoreUnreachable(store="kam.duckdb")

    drop(inbox, "accounts.csv", ACCOUNTS)
    monkeypatch.setattr(watching, "load_one", lost)
    assert kam("watch", "inbox", "--settle", "0").code == 3
    assert names(inbox) == ["accounts.csv"]


def test_a_store_that_cannot_be_used_leaves_every_file_where_it_is(kam: Kam, inbox: Path, tmp_path: Path) -> None:
    drop(inbox, "accounts.csv", ACCOUNTS)
    (tmp_path / "notes.txt").write_text("not a database at all", "utf-8")
    ran = kam("watch", "inbox", "--settle", "0", "--store", "notes.txt")
    assert ran.code == 3
    assert names(inbox) == ["accounts.csv"]


def test_a_folder_that_is_not_there_or_not_writable_is_wrong_usage(kam: Kam, inbox: Path) -> None:
    assert kam("watch", "nowhere", "--json").told["error"] == "no_such_folder"
    (inbox / "loaded").write_text("a file in the way", "utf-8")
    ran = kam("watch", "inbox", "--json")
    assert (ran.code, ran.told["error"]) == (2, "folder_unwritable")
