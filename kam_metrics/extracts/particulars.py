"""Everything that is known of one load: how it was read, what it replaced, who turned it, and what was left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kam_metrics.extracts.history import Load, loads
from kam_metrics.store import Store, World

FIRST_LEFT_OUT = 100


@dataclass(frozen=True)
class Act:
    """A load, an undo or a redo: who and when."""

    what: str
    who: str
    when: datetime


@dataclass(frozen=True)
class LeftOut:
    """A row that the analyst left in quarantine, as it stands in the file."""

    line: int
    raw: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Particulars:
    """One load with what only its own page tells."""

    load: Load
    profile: str | None
    source: str | None
    read_as: Mapping[str, Any]
    replaced: Sequence[str]
    acts: Sequence[Act]
    left_out: Sequence[LeftOut]
    """The first hundred; `left_out_count` knows them all."""
    left_out_count: int


def particulars(store: Store, load_id: int) -> Particulars | None:
    """What is known of a load; None when there is none of this number."""
    load = next((one for one in loads(store) if one.load_id == load_id), None)
    if load is None:
        return None
    with store.read() as world:
        asked = {"load_id": load_id}
        batch = world.one("select profile, source_system, read_as from batch where batch_id = $load_id", asked)
        replaced = world.rows("select scope from replaced where batch_id = $load_id order by scope", asked)
        count = world.one("select count(*) as n from quarantine where batch_id = $load_id", asked)["n"]
        return Particulars(
            load,
            batch["profile"],
            batch["source_system"],
            json.loads(batch["read_as"]),
            tuple(row["scope"].strip("|") for row in replaced if row["scope"]),
            _acts(world, load_id),
            _left_out(world, load_id),
            count,
        )


def _acts(world: World, load_id: int) -> list[Act]:
    rows = world.rows(
        "select what, who, changed_at from change where batch_id = $load_id order by change_id", {"load_id": load_id}
    )
    return [Act(row["what"], row["who"], row["changed_at"]) for row in rows]


def _left_out(world: World, load_id: int) -> list[LeftOut]:
    rows = world.rows(
        f"select line, coalesce(raw, '') as raw, problem from quarantine where batch_id = $load_id "
        f"order by line limit {FIRST_LEFT_OUT}",
        {"load_id": load_id},
    )
    return [LeftOut(row["line"], row["raw"], tuple(row["problem"].split(", "))) for row in rows]
