"""Puts the invented company into a store of its own, through the same door as every other extract."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from kam_metrics import demo, extracts
from kam_metrics.errors import KamError, NotAllowed, RejectedExtract
from kam_metrics.extracts import Judgement, Options
from kam_metrics.store import Store, holds_loads, noted
from kam_metrics.terms import Principal

COMPANY = "company"
DEMO = "demo"


def is_demo(store: Store) -> bool:
    """Whether the store holds the invented company; real extracts never join it."""
    with store.read() as world:
        return noted(world, COMPANY) == DEMO


def fill(
    store: Store,
    folder: Path,
    by: Principal,
    *,
    as_of: date,
    lang: str = "nl",
    seed: int = demo.SEED,
    accounts: int = demo.ACCOUNTS,
    lines: int | None = None,
) -> list[Judgement]:
    """Write the extracts into the folder and load those of one language, instead of an earlier demo."""
    if not by.may_load:
        raise NotAllowed
    _claim(store)
    paths = demo.write_extracts(folder, as_of=as_of, seed=seed, accounts=accounts, lines=lines)[lang]
    digests = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    for earlier in reversed(extracts.loads(store)):
        if earlier.is_live and earlier.sha256 not in digests.values():
            extracts.undo(store, earlier.load_id, by)
    known = {earlier.sha256: earlier.load_id for earlier in extracts.loads(store) if not earlier.is_live}
    return [_load(store, path, by, known.get(digest)) for path, digest in digests.items()]


def _claim(store: Store) -> None:
    """Mark the store as the demo's, unless it holds somebody's data."""
    if is_demo(store):
        return
    with store.read() as world:
        if holds_loads(world):
            raise KamError("demo_mix", store=store.path.name)
    store.note(COMPANY, DEMO)


def _load(store: Store, path: Path, by: Principal, undone: int | None) -> Judgement:
    if undone is not None:
        extracts.redo(store, undone, by)
    judgement = extracts.load(store, path, Options(kind=demo.kind_of(path)), by)
    if judgement.outcome != "accept":
        raise RejectedExtract(file=path.name)
    return judgement
