"""A store file: whose it is, whether it is whole, of which schema, and locked down once it is open."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import duckdb

from kam_metrics.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreNewer,
    StoreUnreachable,
)
from kam_metrics.settings import Settings

SCHEMA_VERSION = 10
_SQL = Path(__file__).with_name("sql")
_ROLLUPS = (
    "account_heir", "account", "booking", "product_booking", "credited_invoice", "customer_account", "sales_cover",
    "account_month", "profit_month", "product_month", "receivable_span",
)  # fmt: skip
_DEFINITIONS = ("tables", "views", "clean", "numbers", "days")
"""Scripts that change nothing where they ran before."""
_MAGIC = b"DUCK"
_HEADERS = 3 * 4096
"""Bytes before the first block of a DuckDB file."""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A root connection, or the plain reason why there is none."""
    if path.is_dir():
        raise StoreUnreachable(store=path.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(path)
        return duckdb.connect(str(path))
    except OSError as error:
        raise StoreUnreachable(store=path.name) from error
    except duckdb.Error as error:
        raise why_closed(path, str(error)) from error


def _refuse_foreign(path: Path) -> None:
    """An empty file is no store either: it is somebody's, and stays as it is."""
    if not path.exists():
        return
    with path.open("rb") as file:
        if file.read(12)[8:] != _MAGIC:
            raise StoreForeign(store=path.name)


def refuse_truncated(root: duckdb.DuckDBPyConnection, path: Path) -> None:
    """DuckDB opens a file that lacks its last blocks, and fails only when somebody reads them.

    Free blocks at the end need not be there, so only the used ones are counted; and blocks are whole.
    """
    row = root.execute("select used_blocks, block_size from pragma_database_size()").fetchone()
    used, size = row or (0, 1)
    there = path.stat().st_size - _HEADERS
    if there % size or there < used * size:
        raise StoreDamaged(store=path.name)


def why_closed(path: Path, told: str) -> StoreError:
    if "set lock" in told or "Conflicting lock" in told:
        return StoreBusy(store=path.name)
    if "Permission denied" in told or "No space" in told:
        return StoreUnreachable(store=path.name)
    if "newer version" in told or "storage version" in told.lower():
        return StoreNewer(store=path.name, found="?", known=SCHEMA_VERSION)
    return StoreDamaged(store=path.name)


def _schema_version(root: duckdb.DuckDBPyConnection, path: Path) -> int | None:
    """The schema a file was made with; None for a new one, StoreForeign for somebody else's database."""
    tables = {name for (name,) in root.execute("select table_name from duckdb_tables()").fetchall()}
    if not tables:
        return None
    if not {"meta", "batch", "change"} <= tables:
        raise StoreForeign(store=path.name)
    version = _noted(root, "schema_version")
    if version is None:
        raise StoreForeign(store=path.name)
    return int(version)


def _noted(root: duckdb.DuckDBPyConnection, name: str) -> str | None:
    row = root.execute("select value from meta where name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def migrate(root: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the file to our schema in one transaction; an older one is kept beside it first.

    A file that has our definitions stays as it is: making them anew takes longer than all else when it is opened.
    """
    found = _schema_version(root, path)
    if found is not None and found > SCHEMA_VERSION:
        raise StoreNewer(store=path.name, found=found, known=SCHEMA_VERSION)
    scripts = [_script(name) for name in _DEFINITIONS]
    definitions = hashlib.sha256("".join(scripts).encode()).hexdigest()
    if found == SCHEMA_VERSION and _noted(root, "definitions") == definitions:
        return
    is_older = found is not None and found < SCHEMA_VERSION
    if is_older:
        _back_up(root, path, found)
    root.begin()
    for version in range((found or SCHEMA_VERSION) + 1, SCHEMA_VERSION + 1):
        root.execute(_script(f"migrations/{version:03}"))
    for script in scripts:
        root.execute(script)
    if is_older:
        _rebuild(root)
    noted = ["schema_version", str(SCHEMA_VERSION), "definitions", definitions]
    root.execute("insert or replace into meta values (?, ?), (?, ?)", noted)
    root.commit()


def _script(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")


def _back_up(root: duckdb.DuckDBPyConnection, path: Path, found: int | None) -> None:
    root.execute("checkpoint")
    shutil.copy2(path, path.with_name(f"{path.stem}.schema-{found}.bak"))


def _rebuild(root: duckdb.DuckDBPyConnection) -> None:
    """Every rollup anew: an older version may have summed otherwise."""
    for table in _ROLLUPS:
        root.execute(f"delete from {table}")
    everything = {"batch_id": None, "customers": None}
    root.execute(_script("renew_account_heir"))
    root.execute(_script("renew_account"))
    root.execute(_script("append_booking"), {"kind": None, **everything})
    root.execute(_script("append_product_booking"), everything)
    root.execute(_script("append_credited_invoice"), {"batch_id": None})
    root.execute(_script("renew_customer_account"))
    for name in ("sales_cover", "account_month", "product_month"):
        root.execute(_script(f"renew_{name}"), {"months": None})
    root.execute(_script("renew_receivable_span"))
    root.execute(_script("renew_capital"))
    root.execute(_script("renew_profit_month"), {"months": None, "is_capital": None})


def lock_down(root: duckdb.DuckDBPyConnection, spool: Path, settings: Settings) -> None:
    """No file outside the spool, no network, no extension, and no way to undo this."""
    for setting, value in (
        ("timezone", "UTC"),
        ("autoinstall_known_extensions", False),
        ("autoload_known_extensions", False),
        ("memory_limit", settings.memory_limit),
        ("threads", settings.threads),
        ("temp_directory", str(spool / "temp")),
        ("allowed_directories", [str(spool)]),
        ("enable_external_access", False),
        ("lock_configuration", True),
    ):
        root.execute(
            f"set global {setting} = $value" if setting != "timezone" else "set timezone = $value",
            {"value": value},
        )
