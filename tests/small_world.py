"""A store filled with a few typed rows, without the reading of files: what a metric sees, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kam_metrics import store as store_module
from kam_metrics.store import Change, Store, read_sql
from kam_metrics.terms import LOCAL_OWNER
from tests.books import made_store

Rows = Sequence[Mapping[str, Any]]

TWO_KAMS: Rows = (
    {"account_id": "A1", "account_name": "Aalst", "kam_id": "an", "segment": "key", "country": "BE"},
    {"account_id": "B1", "account_name": "Breda", "kam_id": "bo", "segment": "key", "country": "NL"},
)
"""One account each, so that a leak between two KAMs always shows."""


class SmallWorld:
    """Holds one store; every `add` is one accepted extract."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        file = folder / "small.duckdb"
        file.write_bytes(made_store())
        self.store = Store.at(file)
        self.add("accounts", TWO_KAMS)

    def add(self, kind: str, rows: Rows, source: str | None = None) -> SmallWorld:
        """Book these rows as one extract of this kind."""
        with self.store.stage() as stage, self.store.change(stage, LOCAL_OWNER) as change:
            batch_id = _book(change, kind, len(rows), source)
            _insert(change, kind, [{"batch_id": batch_id, "line": n, **row} for n, row in enumerate(rows, 1)])
            _renew(change)
        return self

    @contextmanager
    def read(self) -> Iterator[store_module.World]:
        """A consistent world to measure."""
        with self.store.read() as world:
            yield world


def _book(change: Change, kind: str, row_count: int, source: str | None) -> int:
    ((batch_id,),) = change.run(
        "insert into batch (kind, file_name, sha256, read_as, source_system, row_count) "
        "values ($kind, 'small', gen_random_uuid(), '', $source, $row_count) returning batch_id",
        {"kind": kind, "source": source, "row_count": row_count},
    )
    change.note(batch_id, "load")
    return int(batch_id)


def _insert(change: Change, kind: str, rows: Rows) -> None:
    """All rows in one statement: one list per column."""
    types = _columns(change, kind)
    names = sorted({name for row in rows for name in row} | ({"currency"} & types.keys()))
    lists = {name: [row.get(name, "EUR" if name == "currency" else None) for row in rows] for name in names}
    columns = ", ".join(f"unnest(${name}::{types[name]}[])" for name in names)
    change.run(f"insert into {kind} ({', '.join(names)}) select {columns}", lists)


def _columns(change: Change, kind: str) -> dict[str, str]:
    sql = "select column_name, data_type from duckdb_columns() where table_name = $kind"
    return dict(change.run(sql, {"kind": kind}))


def _renew(change: Change) -> None:
    for table in ("account", "customer_account", "receivable_span"):
        change.run(f"delete from {table}")
        change.run(read_sql(str(Path(store_module.__file__).with_name("sql") / "views.sql"), f"renew_{table}"))
