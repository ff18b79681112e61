"""The invented company comes in by the same door as everyone's figures, into a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kam_metrics import demo, extracts
from kam_metrics.demo import fill as filling
from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.extracts import Judgement
from kam_metrics.metrics import reconcile
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Principal, Role

TODAY = date(2026, 3, 31)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.at(tmp_path / "demo.duckdb")
    yield store
    store.close()


def fill(store: Store, *, accounts: int = 30, lang: str = "nl") -> list[Judgement]:
    folder = store.path.with_name("demo")
    return filling.fill(store, folder, LOCAL_OWNER, as_of=TODAY, lang=lang, accounts=accounts, lines=400)


def live(store: Store) -> dict[str, int]:
    return {load.kind: load.rows for load in extracts.loads(store) if load.is_live}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_kind_of_extract_is_read_and_the_store_adds_up(store: Store, lang: str) -> None:
    assert not filling.is_demo(store)
    assert [judgement.kind for judgement in fill(store, lang=lang)] == list(demo.LOAD_ORDER)
    assert filling.is_demo(store)
    with store.read() as world:
        assert all(check.ok for check in reconcile(world))


def test_filling_again_changes_nothing_and_another_demo_takes_its_place(store: Store) -> None:
    fill(store)
    first, revision = live(store), store.revision
    fill(store)
    assert (live(store), store.revision) == (first, revision)
    fill(store, accounts=40)
    assert live(store)["accounts"] == 40
    fill(store)
    assert live(store) == first


def test_a_store_with_somebodys_figures_is_refused_and_left_as_it_was(store: Store, tmp_path: Path) -> None:
    own = tmp_path / "accounts.csv"
    own.write_text("account_id;account_name\nA1;Aalst NV\n", "utf-8")
    extracts.load(store, own, extracts.Options(), LOCAL_OWNER)
    with pytest.raises(KamError, match="demo_mix"):
        fill(store)
    assert live(store) == {"accounts": 1}
    assert not (tmp_path / "demo").exists()


def test_only_an_analyst_fills(store: Store, tmp_path: Path) -> None:
    board = Principal("bea", frozenset({Role.BOARD}))
    with pytest.raises(NotAllowed):
        filling.fill(store, tmp_path / "demo", board, as_of=TODAY)
    assert not filling.is_demo(store)
