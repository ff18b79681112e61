"""The DuckDB store: open it, lock it down, read a consistent world from it, change it in one transaction."""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from kam_metrics.database import why_closed
from kam_metrics.engine import Engine, told_plainly
from kam_metrics.errors import StoreFull
from kam_metrics.settings import MEBIBYTE, Settings
from kam_metrics.terms import Principal

T = TypeVar("T")
Cursor = duckdb.DuckDBPyConnection
EngineError = duckdb.Error
"""What the engine raises when it meets something it cannot read."""
ROOM = 3
"""Times the size of a file that its load may take on disk."""


@cache
def read_sql(package_file: str, name: str) -> str:
    """The text of `name`.sql beside the module `package_file`."""
    return (Path(package_file).parent / f"{name}.sql").read_text("utf-8")


@lru_cache(maxsize=512)
def _statement(sql: str) -> duckdb.Statement:
    """The statement of a text, read once: reading a long one takes as long as answering a short one."""
    (statement,) = duckdb.extract_statements(sql)
    return statement


class World:
    """What one reader sees during one run: one cursor inside one read-only transaction, so all figures agree."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, constants: Mapping[str, object]) -> None:
        self._cursor = cursor
        self._constants = constants
        self._made: dict[Hashable, Any] = {}
        self.revision = int(self.one("select coalesce(max(change_id), 0) as revision from change")["revision"])

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is made under this key, made once: a world never changes, so neither does what is made of it."""
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def constant(self, name: str) -> Any:
        """A choice of this installation."""
        return self._constants[name]

    def rows(self, sql: str, params: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """Every row, exact: DECIMAL as Decimal, DATE as date. Only the parameters the text names are bound.

        The same question is asked of the engine once: many figures of a page rest on the same rows.
        """
        given = {**self._constants, **(params or {})}
        bound = {name: given[name] for name in _statement(sql).named_parameters}
        names, found = self.once((sql, repr(bound)), lambda: self._fetched(sql, bound))
        return [dict(zip(names, row, strict=True)) for row in found]

    def _fetched(self, sql: str, bound: Mapping[str, object]) -> tuple[list[str], list[tuple[Any, ...]]]:
        done = self._cursor.execute(_statement(sql), bound)
        return [column[0] for column in done.description], done.fetchall()

    def one(self, sql: str, params: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The only row of a query that has exactly one."""
        (row,) = self.rows(sql, params)
        return row


@dataclass(frozen=True)
class Stage:
    """Where an extract is read and judged: a cursor with its own temporary tables, and the folder it may read."""

    cursor: duckdb.DuckDBPyConnection
    spool: Path


class Change:
    """One transaction on a stage's cursor: rows, journal and rollups become true together or not at all."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, by: Principal) -> None:
        self.cursor = cursor
        self.who = by.name
        self.head: str | None = None
        """Hash of the last journal entry of this change."""

    def run(self, sql: str, params: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """Run one statement; only the parameters it names are bound."""
        given, statement = params or {}, _statement(sql)
        return self.cursor.execute(statement, {name: given[name] for name in statement.named_parameters}).fetchall()

    def note(self, batch_id: int, what: str) -> int:
        """Append an act upon an extract to the journal; the new revision."""
        return self._append({"batch_id": batch_id, "what": what, "month": None, "about": None})

    def note_act(self, what: str, about: str, month: date | None = None) -> int:
        """Append an act upon a month in a person's name, or upon what is kept by name; the new revision."""
        return self._append({"batch_id": None, "what": what, "month": month, "about": about})

    def _append(self, act: Mapping[str, object]) -> int:
        """One more link of the chain."""
        ((last,),) = self.run("select coalesce((select arg_max(hash, change_id) from change), '')")
        entry = {**act, "who": self.who, "changed_at": _now()}
        self.head = chained(str(last), entry)
        ((revision,),) = self.run(
            "insert into change (batch_id, what, who, changed_at, month, about, hash) "
            "values ($batch_id, $what, $who, $changed_at, $month, $about, $hash) returning change_id",
            {**entry, "hash": self.head},
        )
        return int(revision)


def chained(previous: str, entry: Mapping[str, object]) -> str:
    """Hash of a journal entry that also vouches for every entry before it."""
    said = [entry[name] for name in ("batch_id", "what", "who", "changed_at")]
    said += [entry[name] for name in ("month", "about") if entry[name] is not None]
    return hashlib.sha256(json.dumps([previous, *(str(one) for one in said)]).encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class Store:
    """One database file, opened once in a process. Cursors are cheap: every reader takes its own."""

    _open: dict[Path, Store] = {}  # noqa: RUF012 - the registry of this process, guarded by _guard
    _guard = threading.Lock()

    @classmethod
    def at(cls, path: str | Path, settings: Settings | None = None) -> Store:
        """The store of this file in this process, opened or made now if need be."""
        where = Path(path).resolve()
        with cls._guard:
            if where not in cls._open:
                cls._open[where] = cls(where, settings or Settings())
            return cls._open[where]

    @classmethod
    def close_all(cls) -> None:
        """Let go of every file of this process."""
        for store in list(cls._open.values()):
            store.close()

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self._writing = threading.Lock()
        self.constants = {
            "capital_rate": settings.capital_rate,
            "supplier_days": settings.supplier_days,
            "on_schedule_band": settings.on_schedule_band,
            "shelved_after_days": settings.shelved_after_days,
            "review_tolerance_days": settings.review_tolerance_days,
            "overdue_alarm": settings.overdue_alarm,
            "stale_after_days": settings.stale_after_days,
            "health": settings.health,
        }
        self.spool = path.with_name(f"{path.name}.spool")
        self._engine = Engine(path, self.spool, settings)
        try:
            self._empty_spool()
            self._engine.prepare()
            with self.read() as world:
                self.damaged = damaged_loads(world)
                """Loads whose rows or totals are no longer what was read, when the file was opened."""
        except duckdb.Error as error:
            self._let_go()
            raise why_closed(path, str(error)) from error
        except BaseException:
            self._let_go()
            raise

    def close(self) -> None:
        """Let go of the file; every cursor of it is dead afterwards."""
        with Store._guard:
            Store._open.pop(self.path, None)
        self._let_go()

    def _let_go(self) -> None:
        self._engine.close()
        shutil.rmtree(self.spool, ignore_errors=True)

    def _empty_spool(self) -> None:
        """Only one process holds the file, so what lies in its spool was left by one that died."""
        shutil.rmtree(self.spool, ignore_errors=True)
        self.spool.mkdir(mode=0o700)

    @contextmanager
    def read(self) -> Iterator[World]:
        """A consistent world: everything read inside agrees, whatever is loaded meanwhile."""
        with told_plainly(self.path), self._engine.cursor() as cursor:
            cursor.execute("begin transaction read only")
            yield World(cursor, self.constants)

    @contextmanager
    def stage(self) -> Iterator[Stage]:
        """A place to read and judge one extract; what it holds is gone afterwards."""
        with told_plainly(self.path), self._engine.cursor() as cursor:
            spool = Path(tempfile.mkdtemp(dir=self.spool))
            try:
                yield Stage(cursor, spool)
            finally:
                shutil.rmtree(spool, ignore_errors=True)

    @contextmanager
    def change(self, stage: Stage, by: Principal) -> Iterator[Change]:
        """All or nothing, one writer at a time: commit on the way out, roll back on any error."""
        with self._writing:
            root, change = self._engine.root, Change(stage.cursor, by)
            stage.cursor.begin()
            try:
                yield change
                stage.cursor.commit()
            except duckdb.FatalException:
                # The database is gone, perhaps after the commit was written: only the journal knows.
                self._engine.restart(root)
                if not self._holds(change):
                    raise
            except BaseException:
                # A commit that failed has ended the transaction itself.
                with suppress(duckdb.Error):
                    stage.cursor.rollback()
                raise

    def _holds(self, change: Change) -> bool:
        """Whether what a change noted stands in the journal."""
        with self.read() as world:
            return bool(world.rows("select 1 from change where hash = $head", {"head": change.head}))

    def require_room(self, path: Path) -> None:
        """StoreFull unless the disk has room for a load of this file."""
        needed, free = ROOM * path.stat().st_size, shutil.disk_usage(self.path.parent).free
        if free < needed:
            shown = {"needed": -(-needed // MEBIBYTE), "free": free // MEBIBYTE}
            raise StoreFull("too_little_room", store=self.path.name, **shown)

    @contextmanager
    def rehearsal(self, stage: Stage, by: Principal) -> Iterator[Change]:
        """A change that shows what it would do and is never kept."""
        with self._writing:
            stage.cursor.begin()
            try:
                yield Change(stage.cursor, by)
            finally:
                stage.cursor.rollback()

    @property
    def revision(self) -> int:
        """Grows with every load, undo, redo and closing and never repeats; caches key on it."""
        with self.read() as world:
            return world.revision

    def note(self, name: str, value: str) -> None:
        """Write a note about the store itself."""
        with self._writing, told_plainly(self.path), self._engine.cursor() as cursor:
            cursor.execute("insert or replace into meta values (?, ?)", [name, value])


def damaged_loads(world: World) -> tuple[str, ...]:
    """Every load whose count or total differs from what was read; 11 ms on a million lines."""
    return tuple(str(row["difference"]) for row in world.rows(read_sql(__file__, "sql/damaged_loads")))


def holds_loads(world: World) -> bool:
    """Whether anything was ever loaded."""
    return bool(world.rows("select 1 from batch limit 1"))


def noted(world: World, name: str) -> str | None:
    """A note about the store itself, such as whose it is."""
    found: Sequence[dict[str, Any]] = world.rows("select value from meta where name = $name", {"name": name})
    return str(found[0]["value"]) if found else None


atexit.register(Store.close_all)
