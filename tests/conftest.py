"""A fresh store for every test that asks for one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books import TWO_KAMS, Books
from tests.canary import plant
from tests.twice import Twice


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no test: a packed file holds the second of its packing, and workers must agree on names."""
    return argname if isinstance(val, bytes) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A set has another order in every process, and workers must agree on the order of tests too."""
    for mark in metafunc.definition.iter_markers("parametrize"):
        if isinstance(mark.args[1], set | frozenset):
            raise pytest.UsageError(f"{metafunc.definition.nodeid}: give its examples an order")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Books]:
    """A store without anything."""
    books = Books(tmp_path)
    yield books
    books.store.close()


@pytest.fixture(scope="session")
def known_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store that knows the accounts of two key account managers, made once."""
    books = Books(tmp_path_factory.mktemp("known"))
    books.load("accounts", *TWO_KAMS)
    books.store.close()
    return books.folder


@pytest.fixture
def books(known_folder: Path, tmp_path: Path) -> Iterator[Books]:
    """A store that knows the accounts of two key account managers."""
    shutil.copytree(known_folder, tmp_path, dirs_exist_ok=True)
    books = Books(tmp_path)
    yield books
    books.store.close()


@pytest.fixture(scope="session")
def canary_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two KAMs with everything an account can have, and money that belongs to nobody."""
    return plant(tmp_path_factory.mktemp("canary") / "kam.duckdb")


@pytest.fixture(scope="session")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    """The invented company with forty accounts, in a store and in its files."""
    company = Twice(tmp_path_factory.mktemp("twice"), 40)
    yield company
    company.books.store.close()
