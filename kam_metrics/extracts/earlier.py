"""How an extract is read and to be booked, and whether the very same bytes were loaded before."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from kam_metrics.extracts.difference import Difference
from kam_metrics.extracts.judgement import Judgement, Message, Question
from kam_metrics.extracts.kinds import KINDS, Kind
from kam_metrics.extracts.options import Options
from kam_metrics.store import Change, Stage


@dataclass(frozen=True)
class Reading:
    """How an extract was read and is to be booked."""

    kind: Kind
    read_as: str
    profile: str | None
    is_replacing: bool
    is_stored: bool = False
    """Whether its rows stand in the store already."""


def reading_of(judgement: Judgement, *, replacing: bool, is_stored: bool = False) -> Reading:
    """How a judged file is to be booked."""
    profile = judgement.read_with.profile or judgement.remembered
    return Reading(KINDS[judgement.kind or ""], _read_as(judgement, judgement.read_with), profile, replacing, is_stored)


def nothing_new(
    stage: Stage | Change, judgement: Judgement, reading: Reading, difference: Difference | None = None
) -> Judgement | None:
    """The answer to bytes that were loaded before; None when loading them again may change something."""
    earlier = _same_bytes(stage, judgement, reading)
    if earlier is None:
        return None
    load_id, is_live = earlier
    if reading.is_replacing and is_live and not (difference and difference.is_none):
        return None
    if not is_live:
        question = Question("redo", (f"redo {load_id}",), (judgement.file,))
        return replace(judgement, outcome="ask", question=question)
    unchanged = {"new": 0, "changed": 0, "unchanged": judgement.rows, "disappearing": 0}
    warning = Message("extract_warning.same_bytes", {"load_id": load_id})
    return replace(judgement, load_id=load_id, difference=unchanged, warnings=(*judgement.warnings, warning))


def _same_bytes(stage: Stage | Change, judgement: Judgement, reading: Reading) -> tuple[int, bool] | None:
    """The newest earlier load of the same bytes read the same way, and whether it counts."""
    found: tuple[int, bool] | None = stage.cursor.execute(
        """
        select b.batch_id, l.batch_id is not null
        from batch b
        left join live_batch l using (batch_id)
        where b.sha256 = $sha256 and b.kind = $kind and b.read_as = $read_as
        order by l.batch_id is not null desc, b.batch_id desc limit 1
        """,
        {"sha256": judgement.sha256, "kind": judgement.kind, "read_as": reading.read_as},
    ).fetchone()
    return found


def _read_as(judgement: Judgement, options: Options) -> str:
    """Everything but the bytes that decides which rows come out of them."""
    said = {
        "source": judgement.source_system,
        "as_of": options.as_of and options.as_of.isoformat(),
        "sign": options.sign,
        "constants": dict(options.constants),
        "same": dict(options.same),
        "quarantine": options.quarantine,
    }
    return json.dumps({**vars(judgement.read_as), **said}, default=dict, sort_keys=True)


def read_otherwise(change: Change, judgement: Judgement) -> tuple[Message, ...]:
    """The same bytes count already, read another way: two sources or two days, or one file twice."""
    rows = change.run(
        "select max(batch_id) from batch semi join live_batch using (batch_id) where sha256 = $sha256 and kind = $kind",
        {"sha256": judgement.sha256, "kind": judgement.kind},
    )
    return tuple(Message("extract_warning.read_otherwise", {"load_id": row[0]}) for row in rows if row[0] is not None)
