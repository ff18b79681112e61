"""Load a judged extract whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from kam_metrics import rollups
from kam_metrics.errors import SuccessionCircle
from kam_metrics.extracts import doubts, memory
from kam_metrics.extracts.closing import ClosedMonth, guarded, touched
from kam_metrics.extracts.difference import (
    Difference,
    compare,
    overlapping,
    stage_incoming,
)
from kam_metrics.extracts.earlier import Reading, nothing_new, read_otherwise, reading_of
from kam_metrics.extracts.history import may_load
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.judgement import FIRST_PROBLEMS, Doubtful, Judgement, Message, Problem, shortened
from kam_metrics.extracts.kinds import SUCCESSIONS, Kind
from kam_metrics.extracts.meanwhile import require_unchanged
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.storing import append_rows
from kam_metrics.extracts.straight import Straight
from kam_metrics.store import Change, Stage, Store
from kam_metrics.terms import Principal


def check(store: Store, path: Path, options: Options, by: Principal, *, replacing: bool = False) -> Judgement:
    """Judge a file and say what loading it would change, without loading it."""
    may_load(by)
    with store.stage() as stage:
        return checked(store, stage, path, options, by, replacing=replacing)


def checked(store: Store, stage: Stage, path: Path, options: Options, by: Principal, *, replacing: bool) -> Judgement:
    """The same, on a stage where what was read can still be looked at."""
    judgement = judge(stage, path, options, memory.held(stage))
    if judgement.outcome != "accept":
        return judgement
    reading = reading_of(judgement, replacing=replacing)
    if earlier := nothing_new(stage, judgement, reading):
        return earlier
    stage_incoming(stage, judgement, reading.kind)
    difference = compare(stage, reading.kind.name, replace=replacing)
    judgement = replace(judgement, difference=difference.counts())
    return judgement if difference.is_none else _rehearsed(store, stage, judgement, reading, by)


def _rehearsed(store: Store, stage: Stage, judgement: Judgement, reading: Reading, by: Principal) -> Judgement:
    """Whether a closed month or a circle would refuse the load: tried out, where that is possible at all."""
    kind = reading.kind
    if kind.name != SUCCESSIONS.name and not touched(stage, kind, judgement.min_date, judgement.max_date):
        return judgement
    try:
        with store.rehearsal(stage, by) as change:
            book(change, judgement, compare(change, kind.name, replace=reading.is_replacing), reading)
    except (ClosedMonth, SuccessionCircle) as forbidden:
        return _forbidden(judgement, forbidden)
    return judgement


def load(
    store: Store, path: Path, options: Options, by: Principal, *, replacing: bool = False, seen: int | None = None
) -> Judgement:
    """Judge a file and load it in one transaction; `load_id` says under which number.

    `seen` is the revision that the analyst saw the difference with; LoadedMeanwhile when it is no longer the newest.
    """
    may_load(by)
    if path.is_file():
        store.require_room(path)
    with store.stage() as stage:
        with suppress(Doubtful):
            return _loaded(Straight(store, stage, by), stage, path, options, replacing=replacing, seen=seen)
        usual = Straight(store, stage, by, is_ruled_out=True)
        return _loaded(usual, stage, path, options, replacing=replacing, seen=seen)


def _loaded(
    straight: Straight, stage: Stage, path: Path, options: Options, *, replacing: bool, seen: int | None
) -> Judgement:
    with straight.tried():
        judgement = judge(stage, path, options, memory.held(stage), straight)
        if judgement.outcome != "accept":
            return judgement
        reading = reading_of(judgement, replacing=replacing, is_stored=straight.number is not None)
        try:
            with straight.changing() as change:
                require_unchanged(change, seen)
                loaded = _load(change, judgement, reading)
                if loaded.outcome == "accept":
                    memory.keep_unnamed(
                        change, loaded.file, replace(loaded.read_with, kind=loaded.kind), loaded.headers
                    )
                straight.keep(loaded)
                return loaded
        except (ClosedMonth, SuccessionCircle) as forbidden:
            return _forbidden(judgement, forbidden)


def _load(change: Change, judgement: Judgement, reading: Reading) -> Judgement:
    if earlier := nothing_new(change, judgement, reading):
        return earlier
    stage_incoming(change, judgement, reading.kind, is_stored=reading.is_stored)
    difference = compare(change, reading.kind.name, replace=reading.is_replacing)
    if earlier := nothing_new(change, judgement, reading, difference):
        return earlier
    refused = _refused(judgement, difference, replacing=reading.is_replacing)
    return refused or book(change, judgement, difference, reading)


def _forbidden(judgement: Judgement, why: ClosedMonth | SuccessionCircle) -> Judgement:
    detail, value = (why.shown, why.first) if isinstance(why, ClosedMonth) else (str(why.values["accounts"]), None)
    problem = Problem(why.key, value=value, detail=detail)
    return replace(judgement, outcome="reject", load_id=None, problems=(problem,), problem_count=1, lines=())


def book(change: Change, judgement: Judgement, difference: Difference, reading: Reading) -> Judgement:
    """Append the incoming rows with their journal and their rollups."""
    kind = reading.kind
    warnings = judgement.warnings
    if not reading.is_replacing:
        warnings = (*warnings, *_overlap(change, kind), *read_otherwise(change, judgement))
    batch_id = _append_guarded(change, judgement, difference, reading)
    doubts.keep(change, batch_id, warnings)
    if kind.name in rollups.BOOKED:
        rollups.append_booking(change, kind.name, batch_id)
    rollups.renew(change, kind.name, batch_id)
    return replace(judgement, load_id=batch_id, difference=difference.counts(), warnings=warnings)


def _append_guarded(change: Change, judgement: Judgement, difference: Difference, reading: Reading) -> int:
    """Append and journal, unless a counted fact of a closed month would change."""
    with guarded(change, reading.kind, judgement.min_date, judgement.max_date):
        batch_id = _append(change, judgement, difference, reading)
        change.note(batch_id, "load")
    return batch_id


def _overlap(change: Change, kind: Kind) -> tuple[Message, ...]:
    documents = overlapping(change, kind)
    if not documents:
        return ()
    shown = ", ".join(shortened(name) for name in documents[:20])
    return (Message("extract_warning.overlap", {"count": len(documents), "documents": shown}),)


def _refused(judgement: Judgement, difference: Difference, *, replacing: bool) -> Judgement | None:
    """Other values for known keys need the analyst's word; and a key may not count in two scopes at once."""
    if replacing and difference.moved_lines:
        lines = difference.moved_lines
        problems = [Problem("moved", line) for line in lines[:FIRST_PROBLEMS]]
    elif not replacing and difference.changed:
        lines = difference.lines
        problems = [Problem("changed", line, column, detail=told) for line, column, told in difference.changed_lines]
    else:
        return None
    return replace(
        judgement,
        outcome="reject",
        difference=difference.counts(),
        problems=tuple(problems),
        problem_count=len(lines),
        lines=lines,
    )


def _append(change: Change, judgement: Judgement, difference: Difference, reading: Reading) -> int:
    kind = reading.kind
    ((batch_id,),) = change.run(
        "insert into batch (kind, file_name, sha256, read_as, source_system, row_count, min_date, max_date, profile, "
        "new_rows, changed_rows, unchanged_rows, disappearing_rows) values ($kind, $file, $sha256, $read_as, $source, "
        "$rows, $min_date, $max_date, $profile, $new, $changed, $unchanged, $disappearing) returning batch_id",
        {
            **difference.counts(),
            "kind": kind.name,
            "file": judgement.file,
            "sha256": judgement.sha256,
            "read_as": reading.read_as,
            "source": judgement.source_system,
            "rows": judgement.rows,
            "min_date": judgement.min_date,
            "max_date": judgement.max_date,
            "profile": reading.profile,
        },
    )
    for currency, amount in judgement.total_by_currency.items():
        change.run(
            "insert into batch_total values ($batch_id, $currency, $amount)",
            {"batch_id": batch_id, "currency": currency, "amount": amount},
        )
    if reading.is_replacing and kind.scope:
        change.run(
            "insert into replaced select $batch_id, $kind, scope from incoming_scope",
            {"batch_id": batch_id, "kind": kind.name},
        )
    if judgement.quarantined:
        change.run(
            "insert into quarantine select $batch_id, line, raw, problem from staged_quarantine", {"batch_id": batch_id}
        )
    if not reading.is_stored:
        append_rows(change, kind, batch_id)
    return int(batch_id)
