"""A process killed at any moment of loading and undoing leaves nothing half, and loses nothing it acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kam_metrics.extracts import loads
from kam_metrics.store import Store
from tests.books import Books

WHOLE = sum(range(300))
WORK = """
import os, sys
from pathlib import Path
from kam_metrics.extracts import Options, load, redo, undo
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER

def say(*told):
    os.write(1, (" ".join(str(one) for one in told) + "\\n").encode())

def work(file):
    store, text = Store.at(sys.argv[1]), file.read_text()
    say("ready")
    for n in range(10_000):
        other = file.with_name(f"more-{os.getpid()}-{n}.csv")
        other.write_text(text.replace("D1", f"E{os.getpid()}-{n}"))
        load_id = load(store, other, Options(kind="ledger", decimal="."), LOCAL_OWNER).load_id
        say("load", load_id)
        undo(store, load_id, LOCAL_OWNER)
        say("undo", load_id)
        if n % 2:
            redo(store, load_id, LOCAL_OWNER)
            say("redo", load_id)

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        work(Path(sys.argv[2]))
    say("child", child)
    os.waitpid(child, 0)
    say("dead")
"""
"""Forks before the database is opened, so that each new victim starts at once."""


class Victims:
    """Processes that load, undo and redo until they are killed."""

    def __init__(self, store: Path, file: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORK, str(store), str(file)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def next(self, acts: int, moment: float) -> list[list[str]]:
        """What the next one acknowledged before it was killed, this many seconds after so many acts."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        told: list[list[str]] = []
        while len(told) < 2 + acts:
            told.append(self._process.stdout.readline().split())
        time.sleep(moment)
        os.kill(next(int(one[1]) for one in told if one[0] == "child"), signal.SIGKILL)
        while told[-1] != ["dead"]:
            told.append(self._process.stdout.readline().split())
        return [one for one in told if one[0] in ("load", "undo", "redo")]

    def end(self) -> None:
        self._process.communicate(timeout=20)


@pytest.fixture
def victims(books: Books) -> Iterator[Victims]:
    lines = [f"A1,2026-{1 + n % 6:02}-15,gross_sales,{n}.00,D1" for n in range(300)]
    file = books.file(["account_id,posting_date,line_type,amount,document", *lines])
    books.store.close()
    started = Victims(books.store.path, file)
    yield started
    started.end()


def test_ten_random_moments_of_load_undo_and_redo_leave_nothing_half_and_lose_nothing(
    books: Books, victims: Victims
) -> None:
    chance = random.Random(20261122)
    for number in range(10):
        told = victims.next(number % 4, chance.uniform(0, 0.3))
        books.store = Store.at(books.store.path)
        assert books.differences() == {}
        acts = {(row["what"], str(row["batch_id"])) for row in books.rows("select what, batch_id from change")}
        assert [one for one in told if tuple(one) not in acts] == []
        live = sum(load.is_live and load.kind == "ledger" for load in loads(books.store))
        assert (books.figure("net_sales") or 0) == WHOLE * live
        books.store.close()
    books.store = Store.at(books.store.path)
