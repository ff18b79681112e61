"""The root connection of one store file: hands out cursors, and begins anew when the database engine gave up.

DuckDB ends the whole database in memory when it meets a full disk at the wrong moment. The file stays sound: what was
committed is there after opening it again.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kam_metrics.database import connect, lock_down, migrate, refuse_truncated
from kam_metrics.errors import StoreFull, StoreUnreachable
from kam_metrics.settings import Settings

_FULL = ("No space left", "Disk quota exceeded", "File too large", "temp directory limit")
_LOST = (duckdb.FatalException, duckdb.ConnectionException)


class Engine:
    """One file, opened once in a process."""

    def __init__(self, path: Path, spool: Path, settings: Settings) -> None:
        self.path = path
        self._spool = spool
        self._settings = settings
        self._guard = threading.Lock()
        self._given: set[duckdb.DuckDBPyConnection] = set()
        self._is_closed = False
        self.root = connect(path)

    def prepare(self) -> None:
        """Bring the file to our schema and lock it down."""
        refuse_truncated(self.root, self.path)
        migrate(self.root, self.path)
        lock_down(self.root, self._spool, self._settings)

    def close(self) -> None:
        """Let go of the file for good."""
        self._is_closed = True
        self.root.close()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of a database that lives, closed afterwards."""
        cursor = self._sound()
        self._given.add(cursor)
        try:
            yield cursor
        finally:
            self._given.discard(cursor)
            cursor.close()

    def _sound(self) -> duckdb.DuckDBPyConnection:
        root = self.root
        try:
            cursor = root.cursor()
            cursor.execute("select 1")
        except _LOST:
            if self._is_closed:
                raise
            self.restart(root)
            return self.root.cursor()
        return cursor

    def restart(self, broken: duckdb.DuckDBPyConnection) -> None:
        """Open the file anew, unless somebody did so already; every cursor of the broken database is dead."""
        with self._guard:
            if self.root is not broken:
                return
            for cursor in tuple(self._given):
                cursor.close()
            broken.close()
            root = connect(self.path)
            lock_down(root, self._spool, self._settings)
            self.root = root


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """A full disk, and a database that gave up, as errors that a reader can act on."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(store=path.name) from error
        raise
    except duckdb.Error as error:
        if any(sign in str(error) for sign in _FULL):
            raise StoreFull(store=path.name) from error
        if isinstance(error, duckdb.FatalException):
            raise StoreUnreachable("store_fell", store=path.name) from error
        raise
