"""Worlds of four sizes for the pages, each made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kam_metrics.store import Store
from tests.canary import AALST
from tests.pages_world import demo, load

World = Callable[[str], Path]


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A store with the invented company at 40 accounts, its free text in the language asked."""
    made: dict[str, Path] = {}

    def store(lang: str) -> Path:
        if lang not in made:
            folder = tmp_path_factory.mktemp(f"small-{lang}")
            made[lang] = demo(folder / "kam.duckdb", accounts=40, lines=6000, lang=lang)
        return made[lang]

    return store


@pytest.fixture(scope="session")
def large_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store of one's own beside the invented company at its usual size."""
    folder = tmp_path_factory.mktemp("large")
    demo(folder / "demo.duckdb", accounts=424)
    return folder / "kam.duckdb"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store into which nothing was ever loaded."""
    return tmp_path_factory.mktemp("empty") / "kam.duckdb"


@pytest.fixture(scope="session")
def one_account(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that knows one account and not a single fact."""
    store = tmp_path_factory.mktemp("one") / "kam.duckdb"
    load(store, "accounts", AALST)
    return store


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """A copy of a store, for a test that changes it."""

    def copy(store: Path) -> Path:
        Store.at(store).close()
        for file in (store, store.with_name(f"{store.name}.wal")):
            if file.exists():
                shutil.copy2(file, tmp_path / file.name)
        return tmp_path / store.name

    yield copy
    if (tmp_path / "kam.duckdb").exists():
        Store.at(tmp_path / "kam.duckdb").close()
