"""The store: locked down, whole or refused in plain words, and the same world for all that one reader asks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest

from kam_metrics.database import SCHEMA_VERSION
from kam_metrics.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreNewer,
    StoreUnreachable,
)
from kam_metrics.metrics import measure
from kam_metrics.settings import Settings
from kam_metrics.store import Store, holds_loads, noted
from kam_metrics.terms import LOCAL_OWNER, Slice
from kam_metrics.words import LANGUAGES, explain
from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount"


# Locked down


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('{outside}')",
        "select * from read_text('{outside}')",
        "select * from read_blob('{outside}')",
        "select * from glob('{folder}/*')",
        "select * from '{outside}'",
        "copy (select 1) to '{folder}/out.csv'",
        "copy meta from '{outside}'",
        "attach '{folder}/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "select * from read_csv('https://example.com/a.csv')",
        "export database '{folder}/dump'",
        "import database '{folder}'",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "reset allowed_directories",
    ],
)
def test_sql_reaches_no_file_no_network_and_no_setting(books: Books, sql: str) -> None:
    outside = books.file(["name,value", "a,1"])
    with books.store.stage() as stage, pytest.raises(duckdb.Error):
        stage.cursor.execute(sql.format(outside=outside, folder=books.folder))
    assert not (books.folder / "out.csv").exists()
    assert not (books.folder / "other.duckdb").exists()


def test_an_extract_may_be_read_in_its_own_spool(books: Books) -> None:
    with books.store.stage() as stage:
        (stage.spool / "mine.csv").write_text("a\n1\n")
        assert stage.cursor.execute(f"select * from read_csv('{stage.spool}/mine.csv')").fetchall() == [(1,)]


def test_a_world_cannot_write(books: Books) -> None:
    with books.store.read() as world, pytest.raises(duckdb.Error, match="read-only"):
        world.rows("insert into meta values ('a', 'b')")


# Files that are no store, or no longer one


def _database(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def _text_file(path: Path) -> None:
    path.write_text("account_id,amount\nA1,100.00\n" * 20)


def _empty_file(path: Path) -> None:
    path.touch()


def _other_database(path: Path) -> None:
    _database(path, "create table salaries as select 100 as amount")


def _newer_store(path: Path) -> None:
    Store.at(path).close()
    _database(path, "update meta set value = '99' where name = 'schema_version'", "drop view account_line")


def _truncated_store(path: Path) -> None:
    Store.at(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 100_000])


def _halved_header(path: Path) -> None:
    Store.at(path).close()
    path.write_bytes(path.read_bytes()[:5000])


def _flipped_store(path: Path) -> None:
    Store.at(path).close()
    whole = bytearray(path.read_bytes())
    for at in range(12_288, len(whole), 4096):
        whole[at] ^= 255
    path.write_bytes(whole)


@pytest.mark.parametrize(
    ("made", "error"),
    [
        (_text_file, StoreForeign),
        (_empty_file, StoreForeign),
        (_other_database, StoreForeign),
        (_newer_store, StoreNewer),
        (_truncated_store, StoreDamaged),
        (_halved_header, StoreDamaged),
        (_flipped_store, StoreDamaged),
        (Path.mkdir, StoreUnreachable),
    ],
)
def test_what_is_no_store_of_ours_is_refused_and_stays_as_it_is(
    tmp_path: Path, made: Callable[[Path], None], error: type[StoreError]
) -> None:
    path = tmp_path / "kam.duckdb"
    made(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(error) as refused:
        Store.at(path)
    assert refused.value.exit_code == 3
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [file.name for file in tmp_path.iterdir()] == ["kam.duckdb"]
    for lang in LANGUAGES:
        told = explain(lang, refused.value)
        assert "kam.duckdb" in told
        assert str(tmp_path) not in told


def test_a_folder_that_cannot_be_made_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnreachable):
        Store.at(tmp_path / "file" / "kam.duckdb")


def test_after_a_refusal_another_store_opens(tmp_path: Path) -> None:
    _other_database(tmp_path / "other.duckdb")
    with pytest.raises(StoreForeign):
        Store.at(tmp_path / "other.duckdb")
    Store.at(tmp_path / "own.duckdb").close()


OPEN_AND_WAIT = """
import sys, time
from kam_metrics.store import Store
Store.at(sys.argv[1])
print("open", flush=True)
time.sleep(60)
"""


def test_a_store_that_another_process_holds_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "kam.duckdb"
    with subprocess.Popen([sys.executable, "-c", OPEN_AND_WAIT, str(path)], stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout is not None
            other.stdout.readline()
            with pytest.raises(StoreBusy) as busy:
                Store.at(path)
        finally:
            other.kill()
    assert busy.value.exit_code == 3


def test_what_a_killed_process_left_in_the_spool_is_gone_when_the_store_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "kam.duckdb"
    with subprocess.Popen([sys.executable, "-c", OPEN_AND_WAIT, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        other.kill()
    (tmp_path / "kam.duckdb.spool" / "salaries.csv").write_text("secret")
    store = Store.at(path)
    assert list(store.spool.iterdir()) == []
    store.close()
    assert not (tmp_path / "kam.duckdb.spool").exists()


def test_a_process_that_ends_leaves_no_spool(tmp_path: Path) -> None:
    path = tmp_path / "kam.duckdb"
    subprocess.run([sys.executable, "-c", OPEN_AND_WAIT.replace("60", "0"), str(path)], check=True, capture_output=True)
    assert [file.name for file in tmp_path.iterdir()] == ["kam.duckdb"]


# One world for a reader


def test_a_store_is_opened_once_in_a_process(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "kam.duckdb")
    assert Store.at(tmp_path / "x" / ".." / "kam.duckdb") is store
    store.close()


def test_eight_readers_at_once_get_only_their_own_rows(books: Books) -> None:
    def own_rows(reader: int) -> bool:
        for turn in range(40):
            with books.store.read() as world:
                asked = [(reader, turn, n) for n in range(5)]
                sql = "select $reader::int as reader, $turn::int as turn, n from range(5) r(n)"
                found = world.rows(sql, {"reader": reader, "turn": turn, "unused": 1})
                if [(row["reader"], row["turn"], row["n"]) for row in found] != asked:
                    return False
        return True

    with ThreadPoolExecutor(8) as readers:
        assert all(readers.map(own_rows, range(8)))


def test_what_a_reader_sees_does_not_change_while_a_load_commits(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    with books.store.read() as world:
        before = (world.revision, measure(world, Slice(date(2026, 12, 31)), "net_sales").only["net_sales"])
        books.load("ledger", LEDGER, "A1,2026-01-16,gross_sales,1.00")
        after = (
            world.one("select max(change_id) as revision from change")["revision"],
            # Another question than before: the same one would not be asked of the engine again.
            sum(row["net_sales"] for row in measure(world, Slice(date(2026, 12, 31)), "net_sales", by=["month"]).rows),
        )
    assert before == after
    assert books.figure("net_sales") == 101


def test_readers_never_see_half_a_load(books: Books) -> None:
    """Rollup and lines come from different tables; whoever reads while loads go on finds them equal."""
    done = False

    def agrees() -> bool:
        with books.store.read() as world:
            return world.one(
                "select (select coalesce(sum(amount), 0) from account_month) = "
                "(select coalesce(sum(amount), 0) from account_line) as agrees"
            )["agrees"]

    def read_on() -> list[bool]:
        seen = []
        while not done:
            seen.append(agrees())
        return seen

    with ThreadPoolExecutor(2) as readers:
        reading = [readers.submit(read_on) for _ in range(2)]
        try:
            loads = [books.load("ledger", LEDGER, f"A1,2026-01-15,gross_sales,{n}.00") for n in range(4)]
            books.undo(loads[0])
        finally:
            done = True
        assert all(all(one.result()) for one in reading)


def test_the_revision_grows_with_every_change_and_never_repeats(books: Books) -> None:
    seen = [books.store.revision]
    load_id = books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    seen.append(books.store.revision)
    for turn in (books.undo, books.redo, books.undo):
        turn(load_id)
        seen.append(books.store.revision)
    assert seen == sorted(set(seen))


def test_the_revision_survives_closing(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load("accounts", "account_id,account_name", "A1,Aalst")
    before = books.store.revision
    books.store.close()
    again = Store.at(tmp_path / "books.duckdb")
    assert again.revision == before
    again.close()


def test_a_new_store_holds_no_loads(empty: Books) -> None:
    with empty.store.read() as world:
        assert not holds_loads(world)
    empty.load("accounts", "account_id,account_name", "A1,Aalst")
    with empty.store.read() as world:
        assert holds_loads(world)


def test_a_note_is_kept_and_may_change(empty: Books) -> None:
    with empty.store.read() as world:
        assert noted(world, "company") is None
    empty.store.note("company", "demo")
    empty.store.note("company", "own")
    with empty.store.read() as world:
        assert noted(world, "company") == "own"


# The journal


def test_the_journal_tells_who_did_what(books: Books) -> None:
    load_id = books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    books.undo(load_id)
    told = books.rows("select batch_id, what, who from change order by change_id")
    assert [(row["batch_id"], row["what"], row["who"]) for row in told] == [
        (1, "load", LOCAL_OWNER.name),
        (load_id, "load", LOCAL_OWNER.name),
        (load_id, "undo", LOCAL_OWNER.name),
    ]


def test_a_journal_that_was_tampered_with_no_longer_holds_together(books: Books) -> None:
    books.undo(books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00"))
    assert "audit_chain" not in books.differences()
    books.store.close()
    _database(books.store.path, "update change set who = 'somebody' where change_id = 2")
    books.store = Store.at(books.store.path)
    assert books.differences()["audit_chain"]


def test_settings_reach_the_store(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "kam.duckdb", Settings(memory_limit="512MB", threads=1))
    with store.read() as world:
        told = world.one("select current_setting('threads') as threads, current_setting('TimeZone') as zone")
    assert told["threads"] == 1
    store.close()


def test_a_new_store_has_our_schema(empty: Books) -> None:
    with empty.store.read() as world:
        assert noted(world, "schema_version") == str(SCHEMA_VERSION)


def test_the_same_rows_are_handed_out_anew_to_each_who_asks(books: Books) -> None:
    with books.store.read() as world:
        sql = "select account_id from account where account_id = $account_id"
        world.one(sql, {"account_id": "A1"})["account_id"] = "changed"
        assert world.rows(sql, {"account_id": "A1"}) == [{"account_id": "A1"}]
        assert world.rows(sql, {"account_id": "B1"}) == [{"account_id": "B1"}]


def test_what_is_made_of_a_world_is_made_once_and_anew_of_the_next(books: Books) -> None:
    made: list[int] = []
    for _ in range(2):
        with books.store.read() as world:
            kept = [world.once("key", lambda: made.append(1) or len(made)) for _ in range(3)]
            assert len(set(kept)) == 1
    assert made == [1, 1]
