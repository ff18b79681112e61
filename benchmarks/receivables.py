"""Load receivables with their payments and ask what pages ask of them, for several sizes in one run.

    python benchmarks/receivables.py           100,000 and 1 million items
    python benchmarks/receivables.py 1 4       any sizes, in millions of items

Seconds are of CPU time of this process; ratios compare sizes. The cost grows with items that differ in account or day;
it does not with the ledger. Accounts pay as unlike each other as can be: no two days late are as likely as others.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from ledger import ACCOUNTS, cpu, load_accounts

from kam_metrics import extracts, metrics
from kam_metrics.extracts import Options
from kam_metrics.metrics.forecast import forecast
from kam_metrics.metrics.receipts import roll_forward
from kam_metrics.store import Store, World
from kam_metrics.terms import LOCAL_OWNER, Slice

SEEN = Slice(date(2026, 12, 31), date(2026, 1, 1))
WRITE = """
copy (
    select 'A' || lpad((hash(i) % $accounts)::text, 5, '0') as Accountnummer, 'F' || i as Factuurnummer,
        strftime(day, '%d-%m-%Y') as Factuurdatum, strftime(day + 30, '%d-%m-%Y') as Vervaldatum,
        replace(((1 + hash(i + 2) % 500000)::decimal(18, 2) / 100)::decimal(18, 2)::text, '.', ',') as Bedrag,
        case when day + paid_after <= $until then strftime(day + paid_after, '%d-%m-%Y') else '' end as Betaaldatum
    from (
        select i, date '2024-01-01' + (i * 1095 // $items)::int as day, 15 + (hash(i + 5) % 60)::int as paid_after
        from range($items) t(i)
    )
) to '{file}' (delimiter ';', header true, quote '')
"""
QUESTIONS: dict[str, Callable[[World], Any]] = {
    "in all": lambda world: metrics.measure(world, SEEN, "collections", "overdue_pct", "days_sales_outstanding"),
    "by account": lambda world: metrics.measure(world, SEEN, "overdue", "overdue_pct", by=["account_id"]),
    "by month": lambda world: metrics.measure(world, SEEN, "receivables_open", "collections", by=["month"]),
    "roll-forward": lambda world: roll_forward(world, SEEN),
    "inflow of 13 weeks": lambda world: forecast(world, SEEN),
}


def write(file: Path, items: int) -> None:
    """Three years of invoices as a Dutch bookkeeping package exports them, most of them paid."""
    given = {"accounts": ACCOUNTS, "items": items, "until": SEEN.as_of}
    duckdb.connect().execute(WRITE.format(file=file), given)


def load(store: Store, file: Path) -> None:
    """The full check and load, rollups included."""
    judged = extracts.load(store, file, Options(kind="receivables"), LOCAL_OWNER)
    assert judged.outcome == "accept", judged.sentence("en")


def ask(store: Store, question: Callable[[World], Any]) -> None:
    """One question in a world of its own, so that nothing is remembered."""
    with store.read() as world:
        question(world)


def run(items: int, folder: Path) -> dict[str, float]:
    """Every cost for one size."""
    file = folder / "receivables.csv"
    write(file, items)
    store = Store.at(folder / "receivables.duckdb")
    load_accounts(folder, store)
    told = {"load": cpu(lambda: load(store, file))}
    for name, question in QUESTIONS.items():
        told[name] = cpu(lambda question=question: ask(store, question), 3)
    store.close()
    return told


def main(sizes: list[float]) -> None:
    """Print every size beside the first."""
    first: dict[str, float] = {}
    for millions in sizes:
        with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
            told = run(int(millions * 1_000_000), Path(folder))
        first = first or told
        print(f"{millions:g} million items")
        for name, spent in told.items():
            print(f"  {name:<20} {spent * 1000:>7.0f} ms {spent / first[name]:>6.2f} of the first size", flush=True)


if __name__ == "__main__":
    main([float(size) for size in sys.argv[1:]] or [0.1, 1])
