"""Load a ledger, then a month onto it, and read the portfolio's figures, beside others in the same run.

    python benchmarks/ledger.py            1 and 10 million lines
    python benchmarks/ledger.py 1 50       any sizes, in millions of lines

Ratios are of CPU time of this process, the least of two loads each; seconds are printed for orientation only. Loads
are beside DuckDB's own of the same file with its types given, in any order of lines (raw) and in that of the file
(default), unchecked; beside pandas and, where it is installed, polars, which only read the file into memory, unchecked.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import duckdb
import pandas as pd

from kam_metrics import extracts, metrics
from kam_metrics.extracts import Options
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.waterfall import whale
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Slice

try:
    import polars
except ImportError:
    polars = None

ACCOUNTS = 430
KEY_ACCOUNTS = [f"A{number:05}" for number in range(24)]
A_MONTH = 100_000
"""Lines of a monthly extract."""
MONTHS = 36
TYPES = ("gross_sales", "discount", "credit_note", "rebate", "cogs", "freight", "service", "sales_effort")
SEEN = Slice(date(2026, 12, 31))
LAST_YEAR = Slice(date(2026, 12, 31), date(2026, 1, 1))

WRITE = """
copy (
    select 'A' || lpad((hash(i) % $accounts)::text, 5, '0') as Accountnummer,
        strftime($start::date + (i * $days // $lines)::int, '%d-%m-%Y') as Boekdatum,
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
NET_SALES = "sum({amount}) filter (line_type in ('gross_sales', 'discount', 'credit_note', 'rebate'))"
STRAIGHT = (
    f"select {NET_SALES} as net_sales, sum({{amount}}) as contribution from {{lines}} where posting_date <= $as_of",
    f"select account_id, {NET_SALES} as net_sales, sum({{amount}}) as contribution from {{lines}} "
    "where posting_date <= $as_of group by all order by all",
    "select account_id, date_trunc('month', posting_date) as month, sum({amount}) as contribution from {lines} "
    "where posting_date between $from_date and $as_of and list_contains($accounts, account_id) "
    "group by all order by all",
    "select account_id, account_name, sum({amount}) as contribution from {lines} join account using (account_id) "
    "where posting_date <= $as_of group by all order by contribution desc",
)
"""The four questions behind the page: whole sums, by account, by month of the key accounts, the curve."""
LINES = {"lines": "(from account_line where scenario = 'actual')", "amount": "amount_eur"}
"""Lines that count (undone and replaced loads do not), each with the account it belongs to on its day and its euros."""
BARE_LINES = {"lines": "(from ledger union all by name from ledger_brief)", "amount": "amount"}
"""Rows as they lie there, whoever's they are and whether they count or not."""


def cpu(work: Callable[[], Any], times: int = 1) -> float:
    """Least CPU seconds of several runs."""
    spent = []
    for _ in range(times):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return min(spent)


def write(file: Path, lines: int, start: date = date(2024, 1, 1), days: int = MONTHS * 30) -> None:
    """A ledger as a Dutch bookkeeping package exports it."""
    duckdb.connect().execute(
        WRITE.format(file=file),
        {"accounts": ACCOUNTS, "start": start, "days": days, "lines": lines, "types": list(TYPES)},
    )


def raw_load(file: Path, database: Path, *, is_ordered: bool) -> float:
    """DuckDB's own load with the types given; the reference lets the order of lines go."""
    connection = duckdb.connect(str(database))
    connection.execute("set threads = 2")
    connection.execute(f"set preserve_insertion_order = {is_ordered}")
    spent = cpu(lambda: connection.execute(RAW.format(file=file)).execute("checkpoint"))
    connection.close()
    database.unlink()
    return spent


def read_by_pandas(file: Path) -> float:
    """The file as a frame of doubles, days and texts."""
    told = {"sep": ";", "decimal": ",", "parse_dates": ["Boekdatum"], "date_format": "%d-%m-%Y"}
    return cpu(lambda: pd.read_csv(file, **told))


def read_by_polars(file: Path) -> float | None:
    """The same by polars, if it is there."""
    if polars is None:
        return None
    day = polars.col("Boekdatum").str.to_date("%d-%m-%Y")
    return cpu(lambda: polars.read_csv(file, separator=";", decimal_comma=True).with_columns(day))


def load_accounts(folder: Path, store: Store) -> None:
    """The master behind the ledger."""
    file = folder / "accounts.csv"
    rows = (f"A{number:05};Account {number};K{number % 6}" for number in range(ACCOUNTS))
    file.write_text("\n".join(["Accountnummer;Klantnaam;KAM", *rows]) + "\n", "utf-8")
    assert extracts.load(store, file, Options(kind="accounts"), LOCAL_OWNER).outcome == "accept"


def our_load(file: Path, store: Store) -> float:
    """The full check and load, rollups and checkpoint included."""

    def load() -> None:
        judged = extracts.load(store, file, Options(kind="ledger"), LOCAL_OWNER)
        assert judged.outcome == "accept", judged.sentence("en")
        with store.stage() as stage:
            stage.cursor.execute("checkpoint")

    return cpu(load)


def loaded(file: Path, database: Path) -> tuple[float, Store]:
    """What the load into a new store costs, and that store."""
    store = Store.at(database)
    load_accounts(file.parent, store)
    return our_load(file, store), store


def a_month(folder: Path, store: Store) -> float:
    """A monthly extract onto what is there: the least of three."""
    spent = []
    for number in (1, 2, 3):
        file = folder / f"maand-{number}.csv"
        write(file, A_MONTH, date(2027, number, 1), 28)
        spent.append(our_load(file, store))
    return min(spent)


def require_lines(store: Store) -> None:
    """Every row has the number of its line, whichever thread read it."""
    with store.read() as world:
        assert not world.rows("select 1 from whole_ledger where document <> 'F' || ((line - 2) // 4) limit 1")


def memory() -> int:
    """The most megabytes this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def portfolio(store: Store) -> None:
    """The figures behind the Portfolio page."""
    with store.read() as world:
        metrics.measure(world, SEEN, "net_sales", "contribution")
        metrics.measure(world, SEEN, "net_sales", "contribution", by=["account_id"])
        profit(world, LAST_YEAR, ["contribution"], ["account_id", "month"], KEY_ACCOUNTS)
        whale(world, SEEN)


def straight(store: Store, lines: Mapping[str, str]) -> None:
    """The same figures straight from the ledger."""
    with store.read() as world:
        for question in STRAIGHT:
            world.rows(question.format(**lines), {**LAST_YEAR.params(), "accounts": KEY_ACCOUNTS})


def require_same_figures(store: Store) -> None:
    """The page and the ledger agree to the cent."""
    with store.read() as world:
        told = metrics.measure(world, SEEN, "net_sales", "contribution").only
        for lines in (LINES, BARE_LINES):
            whole = world.one(STRAIGHT[0].format(**lines), LAST_YEAR.params())
            assert all(told[key] == amount for key, amount in whole.items()), (told, whole)


def run(millions: int, folder: Path) -> dict[str, float | None]:
    """Every cost for one size."""
    file = folder / f"grootboek-{millions}.csv"
    write(file, millions * 1_000_000)
    first, store = loaded(file, folder / "first.duckdb")
    store.close()
    (folder / "first.duckdb").unlink()
    second, store = loaded(file, folder / "second.duckdb")
    told: dict[str, float | None] = {"load": min(first, second), "memory": memory()}
    require_lines(store)
    require_same_figures(store)
    told |= {"month": a_month(folder, store)}
    told |= {"page": cpu(lambda: portfolio(store), 5)}
    told |= {"ledger": cpu(lambda: straight(store, LINES)), "bare": cpu(lambda: straight(store, BARE_LINES), 3)}
    store.close()
    told |= {"raw": min(raw_load(file, folder / "raw.duckdb", is_ordered=False) for _ in range(2))}
    told |= {"default": min(raw_load(file, folder / "default.duckdb", is_ordered=True) for _ in range(2))}
    return told | {"pandas": read_by_pandas(file), "polars": read_by_polars(file)}


def shown(told: dict[str, float | None], first: dict[str, float | None]) -> str:
    """One size: seconds of CPU, and how many times those of the raw load or of the first size."""
    raw = told["raw"] or 1
    loads = ("load", "raw", "default", "pandas", "polars")
    costs = {name: value for name in loads if (value := told[name]) is not None}
    lines = [f"  {name:<8} {value:>7.2f} s {value / raw:>6.2f} of raw" for name, value in costs.items()]
    for name in ("month", "page"):
        value, before = told[name] or 0, first[name] or 1
        lines.append(f"  {name:<8} {value * 1000:>6.0f} ms {value / before:>6.2f} of the first size")
    page = told["page"] or 1
    lines.append(f"  figures from the lines that count cost {(told['ledger'] or 0) / page:.0f} pages")
    lines.append(
        f"  bare sums of all rows, that tell no line that counts from another, {(told['bare'] or 0) / page:.1f}"
    )
    return "\n".join([*lines, f"  peak memory of the load {told['memory']:.0f} MB"])


def main(sizes: list[int]) -> None:
    """Print every size."""
    first: dict[str, float | None] | None = None
    for millions in sizes:
        with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
            told = run(millions, Path(folder))
        first = first or told
        print(f"{millions} million lines", shown(told, first), sep="\n", flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1, 10])
