"""Ask the portfolio's figures as eight readers do, with nothing else going on and while a ledger is loaded.

    python benchmarks/readers.py           5 million lines are loaded
    python benchmarks/readers.py 10        any size, in millions of lines

Every reader is a thread with a world of its own and asks every two seconds, in turn with the others. What is told is
how long an answer takes on the clock, since that is what a reader notices.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from ledger import SEEN, load_accounts, our_load, write

from kam_metrics import metrics
from kam_metrics.store import Store

READERS = 8
PAUSE = 2.0
IDLE_SECONDS = 20
HELD = 1_000_000
"""Lines of the ledger that is there already."""


def ask(store: Store) -> None:
    """The headline of the Portfolio and its accounts."""
    with store.read() as world:
        metrics.measure(world, SEEN, "net_sales", "contribution")
        metrics.measure(world, SEEN, "net_sales", "contribution", by=["account_id"])


@contextmanager
def reading(store: Store) -> Iterator[list[float]]:
    """The seconds that every answer took while the block lasted."""
    waits: list[float] = []
    is_over = threading.Event()

    began = time.perf_counter()

    def read(turn: float) -> None:
        while not is_over.wait(max(0.0, began + turn - time.perf_counter())):
            asked = time.perf_counter()
            ask(store)
            waits.append(time.perf_counter() - asked)
            turn += PAUSE * math.ceil((time.perf_counter() - began - turn) / PAUSE)

    readers = [threading.Thread(target=read, args=(PAUSE * number / READERS,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    yield waits
    is_over.set()
    for reader in readers:
        reader.join()


def p95(waits: list[float]) -> float:
    """What nineteen of twenty answers keep within."""
    return statistics.quantiles(waits, n=20)[-1]


def told(name: str, waits: list[float]) -> str:
    """One line of figures."""
    shown = f"p50 {statistics.median(waits) * 1000:>4.0f} ms, p95 {p95(waits) * 1000:>4.0f} ms"
    return f"  {name:<14} {shown}, longest {max(waits) * 1000:>4.0f} ms, {len(waits)} answers"


def run(millions: int, folder: Path) -> None:
    """Print how long answers take at rest and during a load, and the ratio."""
    store = Store.at(folder / "kam.duckdb")
    load_accounts(folder, store)
    held, file = folder / "eerder.csv", folder / "grootboek.csv"
    write(held, HELD)
    our_load(held, store)
    write(file, millions * 1_000_000, date(2027, 1, 1))
    ask(store)
    with reading(store) as idle:
        time.sleep(IDLE_SECONDS)
    began = time.perf_counter()
    with reading(store) as loading:
        our_load(file, store)
        seconds = time.perf_counter() - began
    store.close()
    print(f"{READERS} readers, {millions} million lines loaded in {seconds:.0f} s")
    print(told("at rest", idle), told("during a load", loading), sep="\n")
    print(f"  p95 during a load is {p95(loading) / p95(idle):.1f} times that at rest")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="kam-bench-") as place:
        run(int((sys.argv[1:] or ["5"])[0]), Path(place))
