"""A folder of its own for every test of the command line."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kam_metrics import cli
from kam_metrics.store import Store
from tests.cli.typed import ACCOUNTS, LEDGER, Kam, Ran, Write


@pytest.fixture
def kam(tmp_path: Path) -> Iterator[Kam]:
    """Types a command in a folder of its own, in English."""

    def type_(*argv: str, env: Mapping[str, str] | None = None) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        code = cli.run(argv, {"KAM_LANG": "en", **(env or {})}, tmp_path, out, err)
        return Ran(code, out.getvalue(), err.getvalue())

    yield type_
    for store in list(Store._open.values()):
        if store.path.is_relative_to(tmp_path):
            store.close()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, "utf-8")
        return name

    return write


@pytest.fixture
def filled(kam: Kam, write: Write) -> Kam:
    """A store with two accounts of two KAMs, and a few postings."""
    write("accounts.csv", ACCOUNTS)
    write("ledger.csv", LEDGER)
    assert kam("load", "accounts.csv", "ledger.csv", "--date-order", "ymd").code == 0
    return kam
