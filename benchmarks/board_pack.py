"""Make the board pack of a store, beside asking for the same figures account by account.

    python benchmarks/board_pack.py [data/demo.duckdb]

Without a store it makes the invented company first. Ratios are of CPU time of this process, in one run; seconds are
printed for orientation only.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from kam_metrics import metrics
from kam_metrics.demo.fill import fill
from kam_metrics.exports.pack import OF_ACCOUNTS, Asked, gather
from kam_metrics.exports.paper import board_pdf
from kam_metrics.exports.sheets import BOARD_PACK
from kam_metrics.exports.workbook import workbook
from kam_metrics.metrics.beside import beside
from kam_metrics.periods import beginning
from kam_metrics.settings import Settings
from kam_metrics.store import Store, World
from kam_metrics.terms import LOCAL_OWNER, Slice


def one_by_one(asked: Asked) -> None:
    """What the pages of all key accounts ask, one account after the other."""
    for account in metrics.key_accounts(asked.world, asked.seen):
        own = replace(asked.seen, account_id=account["account_id"])
        for seen in {own, *beside(own, asked.against)}:
            metrics.measure(asked.world, seen, *OF_ACCOUNTS)
        metrics.waterfall(asked.world, own)
        metrics.measure(asked.world, own, "receivables_open", by=["ageing_bucket"])
        metrics.element_rows(asked.world, own, ())
        metrics.plan_overview(asked.world, own)


def spent(work: Callable[[], object]) -> float:
    """CPU seconds."""
    start = process_time()
    work()
    return process_time() - start


def asked_of(world: World) -> Asked:
    """What the Portfolio page looks at when it is opened."""
    settings = Settings()
    as_of = metrics.default_as_of(metrics.newest_fact(world), datetime.now(UTC).date(), settings.stale_after_days)
    return Asked("nl", world, Slice(as_of, beginning("12m", as_of)), "last_year", settings)


def invented(folder: Path) -> Store:
    """A store with the invented company."""
    store = Store.at(folder / "demo.duckdb")
    fill(store, folder / "demo", LOCAL_OWNER, as_of=datetime.now(UTC).date())
    return store


def tell(store: Store) -> None:
    """Print what each part costs."""
    with store.read() as world:
        gather(asked_of(world))
    with store.read() as world:
        asked = asked_of(world)
        together = spent(lambda: gather(asked))
        pack = gather(asked)
    day = asked.seen.as_of
    board_pdf(pack, day)
    pdf = spent(lambda: board_pdf(pack, day))
    xlsx = spent(lambda: workbook([make(pack) for make in BOARD_PACK], "nl", title="pack", made_on=day))
    with store.read() as world:
        apart = spent(lambda: one_by_one(asked_of(world)))
    print(f"{len(pack.accounts)} accounts: asking {together:.2f} s, PDF {pdf:.2f} s, XLSX {xlsx:.2f} s of CPU")
    print(f"asking account by account {apart:.2f} s: {apart / together:.1f}x as much")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        tell(Store.at(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory(prefix="kam-bench-") as made:
            tell(invented(Path(made)))
            Store.close_all()
