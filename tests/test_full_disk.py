"""A full disk, or an engine that gives up: nothing half, the truth told, and the store lives on."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import duckdb
import pytest

from kam_metrics.engine import Engine, told_plainly
from kam_metrics.errors import KamError, StoreFull, StoreUnreachable
from kam_metrics.store import Store
from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount"
LINE = "A1,2026-01-15,gross_sales,100"


class Failing:
    """A cursor whose commit ends the database, before or after it was written."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, *, is_written: bool) -> None:
        self._cursor = cursor
        self._is_written = is_written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def commit(self) -> NoReturn:
        if self._is_written:
            self._cursor.commit()
        raise duckdb.FatalException("FATAL Error: Failed to create checkpoint: No space left on device")


@contextmanager
def failing_commits(monkeypatch: pytest.MonkeyPatch, *, is_written: bool) -> Iterator[None]:
    sound = Engine.cursor

    @contextmanager
    def cursor(engine: Engine) -> Iterator[Failing]:
        with sound(engine) as given:
            yield Failing(given, is_written=is_written)

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "cursor", cursor)
        yield


def test_a_commit_that_was_written_before_the_engine_gave_up_is_a_load(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing_commits(monkeypatch, is_written=True):
        load_id = books.load("ledger", LEDGER, LINE)
    assert books.figure("net_sales") == 100
    assert books.rows(f"select what from change where batch_id = {load_id}") == [{"what": "load"}]
    assert books.differences() == {}


def test_a_commit_that_was_not_written_is_no_load_and_the_store_lives_on(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing_commits(monkeypatch, is_written=False), pytest.raises(StoreFull):
        books.load("ledger", LEDGER, LINE)
    assert books.figure("net_sales") is None
    assert books.load("ledger", LEDGER, LINE)
    assert books.figure("net_sales") == 100
    assert books.differences() == {}


def test_a_reader_meets_a_database_that_gave_up_once_at_most(books: Books) -> None:
    with pytest.raises(StoreUnreachable, match="store_fell"), books.store.read():
        raise duckdb.FatalException("FATAL Error: database has been invalidated")
    books.store._engine.root.close()
    assert books.rows("select count(*) as loads from batch") == [{"loads": 1}]


def test_the_store_is_opened_anew_only_once(books: Books) -> None:
    engine = books.store._engine
    broken = engine.root
    with books.store.stage() as stage:
        engine.restart(broken)
        with pytest.raises(duckdb.ConnectionException):
            stage.cursor.execute("select 1")
    renewed = engine.root
    engine.restart(broken)
    assert engine.root is renewed is not broken
    with pytest.raises(duckdb.Error), books.store.read() as world:
        world.rows("select * from read_csv('/etc/passwd')")


def test_a_closed_store_stays_closed(books: Books) -> None:
    books.store.close()
    with pytest.raises(duckdb.ConnectionException), books.store.read():
        pass
    books.store = Store.at(books.store.path)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), StoreFull),
        (duckdb.IOException("Could not write file: No space left on device"), StoreFull),
        (duckdb.FatalException("invalidated"), StoreUnreachable),
        (OSError(errno.EACCES, "Permission denied"), OSError),
        (duckdb.ParserException("syntax"), duckdb.ParserException),
    ],
)
def test_errors_of_disk_and_engine_are_told_plainly(tmp_path: Path, error: Exception, told: type[Exception]) -> None:
    with pytest.raises(told), told_plainly(tmp_path / "kam.duckdb"):
        raise error


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_load_needs_three_times_the_size_of_its_file(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(f"{LEDGER}\n{LINE}\n")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**9, 10**9, 3 * size - 1))
    with pytest.raises(KamError) as caught:
        books.load("ledger", LEDGER, LINE)
    assert (caught.value.key, caught.value.values["needed"], caught.value.values["free"]) == ("too_little_room", 1, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**9, 0, 3 * size))
    assert books.load("ledger", LEDGER, LINE) == 2


FILLING = """
import json, resource, signal, sys
from kam_metrics.errors import KamError
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store.at(sys.argv[1])
rows = "insert into ledger (batch_id, line, posting_date, line_type, amount, currency, document) "
rows += "select 9, range, date '2026-01-15', 'cogs', range, 'EUR', md5(range::text) from range("

def fill(count):
    try:
        with store.stage() as stage, store.change(stage, LOCAL_OWNER) as change:
            change.note(9, "load")
            change.run(rows + f"{count})")
    except KamError as error:
        return error.key
    return "done"

used = store.path.stat().st_size
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (used + 200_000, hard))
told = [fill(100_000)]
with store.read() as world:
    told.append(world.one("select count(*) as n from ledger")["n"])
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
told.append(fill(10))
store.close()
store = Store.at(sys.argv[1])
with store.read() as world:
    told += [world.one("select count(*) as n from ledger")["n"], world.one("select count(*) as n from change")["n"]]
print(json.dumps(told))
"""


def test_when_the_file_can_grow_no_more_nothing_changes_until_there_is_room(books: Books) -> None:
    books.store.close()
    done = subprocess.run(
        [sys.executable, "-c", FILLING, str(books.store.path)], capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(done.stdout) == ["store_full", 0, "done", 10, 2]
    books.store = Store.at(books.store.path)
