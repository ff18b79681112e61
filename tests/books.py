"""Small worlds: stores filled by loading extract files, so that what is tested is the whole way from file to figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kam_metrics.extracts import Judgement, Options, load, redo, undo
from kam_metrics.metrics import Answer, measure, reconcile
from kam_metrics.settings import Settings
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Slice

AS_OF = date(2026, 12, 31)
TWO_KAMS = (
    "account_id,account_name,kam_id,segment,country",
    "A1,Aalst,an,key,BE",
    "A2,Antwerpen,an,tail,BE",
    "B1,Breda,bo,key,NL",
)
"""Accounts of two key account managers, so that a leak always shows."""


@cache
def made_store() -> bytes:
    """The file of a store without anything, made once: to make one takes longer than most of what is tested."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "made.duckdb"
        Store.at(file).close()
        return file.read_bytes()


class Books:
    """A store, the folder its extracts come from, and the questions tests ask of them."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.folder = folder
        file = folder / "books.duckdb"
        if not file.exists():
            file.write_bytes(made_store())
        self.store = Store.at(file, settings)
        self._files = len(list(folder.glob("extract-*")))

    def file(self, lines: Iterable[str]) -> Path:
        """A file of these lines."""
        self._files += 1
        path = self.folder / f"extract-{self._files}.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    def try_load(self, kind: str, *lines: str, replacing: bool = False, **options: Any) -> Judgement:
        """The judgement of a file that may well be refused."""
        chosen = Options(**{"kind": kind, "decimal": ".", "delimiter": ",", **options})
        return load(self.store, self.file(lines), chosen, LOCAL_OWNER, replacing=replacing)

    def load(self, kind: str, *lines: str, replacing: bool = False, **options: Any) -> int:
        """The number of the load of a file that must be accepted."""
        judgement = self.try_load(kind, *lines, replacing=replacing, **options)
        assert judgement.outcome == "accept", judgement.payload("en")
        assert judgement.load_id is not None
        return judgement.load_id

    def undo(self, load_id: int) -> None:
        undo(self.store, load_id, LOCAL_OWNER)

    def redo(self, load_id: int) -> None:
        redo(self.store, load_id, LOCAL_OWNER)

    def ask(self, *keys: str, by: Sequence[str] = (), as_of: date = AS_OF, **seen: Any) -> Answer:
        """Figures, as a page would ask them."""
        with self.store.read() as world:
            return measure(world, Slice(as_of, **seen), *keys, by=by)

    def figure(self, key: str, **seen: Any) -> Any:
        """The one value of a measure."""
        return self.ask(key, **seen).only[key]

    def figures(self, key: str, *by: str, **seen: Any) -> dict[Any, Any]:
        """A measure by one dimension, or by several as a tuple."""
        rows = self.ask(key, by=by, **seen).rows
        return {row[by[0]] if len(by) == 1 else tuple(row[name] for name in by): row[key] for row in rows}

    def differences(self) -> dict[str, Sequence[str]]:
        """Every difference that reconcile names, per check."""
        with self.store.read() as world:
            return {check.name: check.differences for check in reconcile(world) if check.differences}

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What the store holds."""
        with self.store.read() as world:
            return world.rows(sql)


@contextmanager
def small_company() -> Iterator[Books]:
    """A store of its own for one example: it knows the accounts of two key account managers."""
    with TemporaryDirectory() as folder:
        books = Books(Path(folder))
        books.load("accounts", *TWO_KAMS)
        yield books
        books.store.close()
