"""Load a ledger and read the portfolio's figures, as ratios to DuckDB on the same file in the same run.

    python benchmarks/ledger.py            1 and 10 million lines
    python benchmarks/ledger.py 1 50       any sizes, in millions of lines

Ratios are of CPU time of this process; seconds are printed for orientation only.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import duckdb

from kam_metrics import extracts, metrics
from kam_metrics.extracts import Options
from kam_metrics.metrics.waterfall import whale
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Slice

ACCOUNTS = 430
MONTHS = 36
TYPES = ("gross_sales", "discount", "credit_note", "rebate", "cogs", "freight", "service", "sales_effort")
SEEN = Slice(date(2026, 12, 31))
LAST_YEAR = Slice(date(2026, 12, 31), date(2026, 1, 1))

WRITE = """
copy (
    select 'A' || lpad((hash(i) % $accounts)::text, 5, '0') as Accountnummer,
        strftime(date '2024-01-01' + (i * $days // $lines)::int, '%d-%m-%Y') as Boekdatum,
        list_extract($types, 1 + (hash(i + 1) % len($types))::int) as Regelsoort,
        replace(case when hash(i + 1) % len($types) = 0 then '' else '-' end
            || ((hash(i + 2) % 500000)::decimal(18, 2) / 100)::decimal(18, 2)::text, '.', ',') as Bedrag,
        'F' || (i // 4)::text as Boekstuk
    from range($lines) t(i)
) to '{file}' (delimiter ';', header true, quote '')
"""
RAW = """
create table raw as select * from read_csv('{file}', delim = ';', header = true, decimal_separator = ',',
    dateformat = '%d-%m-%Y', columns = {{'account_id': 'varchar', 'posting_date': 'date', 'line_type': 'varchar',
    'amount': 'decimal(18, 4)', 'document': 'varchar'}})
"""
STRAIGHT = """
select account_id, date_trunc('month', posting_date) as month,
    sum(amount) filter (line_type in ('gross_sales', 'discount', 'credit_note', 'rebate')) as net_sales,
    sum(amount) as contribution
from ledger
group by all
"""


def cpu(work: Callable[[], Any], times: int = 1) -> float:
    """Least CPU seconds of several runs."""
    spent = []
    for _ in range(times):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return min(spent)


def write(file: Path, lines: int) -> None:
    """A ledger as a Dutch bookkeeping package exports it."""
    duckdb.connect().execute(
        WRITE.format(file=file),
        {"accounts": ACCOUNTS, "days": MONTHS * 30, "lines": lines, "types": list(TYPES)},
    )


def raw_load(file: Path, database: Path) -> float:
    """DuckDB's own load with the types given and the order of lines let go: the reference."""
    connection = duckdb.connect(str(database))
    connection.execute("set threads = 2")
    connection.execute("set preserve_insertion_order = false")
    spent = cpu(lambda: connection.execute(RAW.format(file=file)).execute("checkpoint"))
    connection.close()
    return spent


def load_accounts(folder: Path, store: Store) -> None:
    """The master behind the ledger."""
    file = folder / "accounts.csv"
    rows = (f"A{number:05};Account {number};K{number % 6}" for number in range(ACCOUNTS))
    file.write_text("\n".join(["Accountnummer;Klantnaam;KAM", *rows]) + "\n", "utf-8")
    assert extracts.load(store, file, Options(kind="accounts"), LOCAL_OWNER).outcome == "accept"


def our_load(file: Path, store: Store) -> float:
    """The full check and load, rollups included."""

    def load() -> None:
        judged = extracts.load(store, file, Options(kind="ledger"), LOCAL_OWNER)
        assert judged.outcome == "accept", judged.sentence("en")

    return cpu(load)


def portfolio(store: Store) -> None:
    """The figures behind the Portfolio page."""
    with store.read() as world:
        metrics.measure(world, SEEN, "net_sales", "contribution")
        metrics.measure(world, SEEN, "net_sales", "contribution", by=["account_id"])
        metrics.measure(world, LAST_YEAR, "contribution", by=["account_id", "month"])
        whale(world, SEEN)


def straight(store: Store) -> None:
    """The same figures by account and month straight from the ledger."""
    with store.read() as world:
        world.rows(STRAIGHT)


def run(millions: int, folder: Path) -> dict[str, float]:
    """Every ratio for one size."""
    file = folder / f"grootboek-{millions}.csv"
    write(file, millions * 1_000_000)
    raw = raw_load(file, folder / f"raw-{millions}.duckdb")
    store = Store.at(folder / f"kam-{millions}.duckdb")
    load_accounts(folder, store)
    ours = our_load(file, store)
    page, ledger = cpu(lambda: portfolio(store), 5), cpu(lambda: straight(store), 3)
    store.close()
    file.unlink()
    return {"raw": raw, "load": ours, "page": page, "ledger": ledger}


def main(sizes: list[int]) -> None:
    """Print one line per size."""
    print("lines   load CPU  / raw     page CPU (1st)  ledger / page  peak memory")
    first: float | None = None
    for millions in sizes:
        with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
            told = run(millions, Path(folder))
        first = first or told["page"]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        load, page = told["load"] / told["raw"], told["page"] * 1000
        print(f"{millions:>3} M {told['load']:>10.1f} s {load:>6.2f} {page:>8.0f} ms", end="")
        print(f" ({told['page'] / first:.2f}x) {told['ledger'] / told['page']:>8.1f} {memory:>10} MB")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1, 10])
