"""Answers kept by name for files that come again, found by their headers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from kam_metrics.errors import KamError
from kam_metrics.extracts.judgement import Message, shortened
from kam_metrics.extracts.kinds import plain
from kam_metrics.extracts.mending import problem_headers
from kam_metrics.extracts.options import Options
from kam_metrics.store import Change, Stage, Store, World
from kam_metrics.terms import Principal

FINDING = ("encoding", "delimiter", "sheet", "header_row")
"""Answers that are needed to find the headers at all."""
READING = ("kind", "decimal", "date_order", "sign", "source", "mapping", "constants", "same", "ignore")
"""Answers that say what stands under the headers."""
LONGEST_NAME = 60
TAB = "\t"


@dataclass(frozen=True)
class Saved:
    """Answers kept under a name, for files of a kind with certain headers."""

    name: str
    kind: str
    source: str | None
    fingerprint: str
    answers: Options
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True)
class Recalled:
    """What was remembered for one file: under which name, and the answers that nobody gave this time."""

    name: str
    answers: Mapping[str, Any]

    @property
    def warning(self) -> Message:
        """That it was remembered, and what."""
        return Message("extract_warning.remembered", {"name": self.name, "answers": ", ".join(_told(self.answers))})


def fingerprint(headers: Sequence[str]) -> str:
    """The same for the same headers, in whatever order and spelling."""
    known = sorted({*filter(None, map(plain, headers))} - problem_headers())
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:16]


def saved(world: World) -> list[Saved]:
    """Every profile that is kept, newest first."""
    return [_saved(tuple(row.values())) for row in world.rows(_KEPT)]


def held(stage: Stage | Change) -> list[Saved]:
    """Every profile that is kept, for reading a file."""
    return [_saved(row) for row in stage.cursor.execute(_KEPT).fetchall()]


_KEPT = """
    select name, kind, source_system, fingerprint, answers, saved_by, saved_at from saved_profile
    qualify row_number() over (partition by name order by saved_id desc) = 1 and answers is not null
    order by saved_id desc
"""


def _saved(row: Sequence[Any]) -> Saved:
    name, kind, source, of_headers, answers, by, at = row
    said = json.loads(answers)
    return Saved(name, kind, source, of_headers, Options(**{**said, "ignore": frozenset(said["ignore"])}), by, at)


def recalled(kept: Sequence[Saved], headers: Sequence[str], said: Options) -> tuple[Options, Recalled | None]:
    """What was said with what is remembered under it, and what of that is new."""
    found = None if said.profile else _fitting(kept, fingerprint(headers), said)
    if found is None:
        return said, None
    added = {name: getattr(found.answers, name) for name in READING if not getattr(said, name)}
    added = {name: answer for name, answer in added.items() if answer}
    return (replace(said, **added), Recalled(found.name, added)) if added else (said, None)


def _fitting(kept: Sequence[Saved], of_headers: str, said: Options) -> Saved | None:
    """The newest profile for these headers that fits what was said; none when several kinds or sources do."""
    fit = [
        one
        for one in kept
        if one.fingerprint == of_headers
        and said.kind in (None, one.kind)
        and (said.source is None or one.source in (None, said.source))
    ]
    return fit[0] if len({(one.kind, one.source) for one in fit}) == 1 else None


def attempts(kept: Sequence[Saved], about: str, said: Options) -> Iterator[tuple[Saved, Options]]:
    """Ways to find the headers that worked before, for a file whose headers stay hidden."""
    name = about if about in FINDING else "header_row"
    if said.profile or getattr(said, name):
        return
    for one in kept:
        if answer := getattr(one.answers, name):
            yield one, replace(said, **{name: answer})


def remember(store: Store, name: str, options: Options, headers: Sequence[str], by: Principal) -> None:
    """Keep answers under a name, for files with these headers."""
    if not by.may_load:
        raise KamError("not_allowed")
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise KamError("profile_name", longest=LONGEST_NAME)
    with store.stage() as stage, store.change(stage, by) as change:
        _keep(change, name, options, headers)
        change.note_act("remember", name)


def _keep(change: Change, name: str, options: Options, headers: Sequence[str]) -> None:
    answers = {one: getattr(options, one) for one in (*FINDING, *READING)}
    told = json.dumps(answers, default=_plain, sort_keys=True)
    _append(change, name, options.kind or "", options.source, fingerprint(headers), told)


def keep_unnamed(change: Change, file: str, options: Options, headers: Sequence[str]) -> None:
    """As part of a load, remember what was answered for its file, unless it is known or there was nothing to answer."""
    if not any(getattr(options, one) for one in (*FINDING, *READING) if one != "kind"):
        return
    kept = held(change)
    mine = fingerprint(headers)
    same = [one for one in kept if (one.fingerprint, one.kind, one.source) == (mine, options.kind, options.source)]
    if not same:
        _keep(change, _free_name(file, options.kind or "", {one.name for one in kept}), options, headers)
    elif _answers(same[0].answers) != _answers(options):
        _keep(change, same[0].name, options, headers)


def forget(store: Store, name: str, by: Principal) -> None:
    """No longer use what is kept under a name; that it was kept stays on record."""
    if not by.may_load:
        raise KamError("not_allowed")
    with store.stage() as stage, store.change(stage, by) as change:
        found = [one for one in held(change) if one.name == name]
        if not found:
            raise KamError("unknown_profile", name=name)
        _append(change, name, found[0].kind, found[0].source, found[0].fingerprint, None)
        change.note_act("forget", name)


def _append(change: Change, name: str, kind: str, source: str | None, of_headers: str, answers: str | None) -> None:
    change.run(
        "insert into saved_profile (name, kind, source_system, fingerprint, answers, saved_by, saved_at) "
        "values ($name, $kind, $source, $fingerprint, $answers, $by, $at)",
        {
            "name": name, "kind": kind, "source": source, "fingerprint": of_headers, "answers": answers,
            "by": change.who, "at": datetime.now(UTC).replace(tzinfo=None),
        },
    )  # fmt: skip


def _answers(options: Options) -> list[Any]:
    return [getattr(options, one) for one in (*FINDING, *READING)]


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else dict(value)  # type: ignore[call-overload]


def _free_name(file: str, kind: str, taken: set[str]) -> str:
    """The file's name without its digits, so that next month's file goes by the same name."""
    stem = PurePosixPath(file).name.split(".")[0]
    letters = "".join(char if char.isalpha() else " " for char in stem)
    base = " ".join(letters.split())[: LONGEST_NAME - 10] or kind
    free = (base if number == 1 else f"{base} {number}" for number in range(1, len(taken) + 2))
    return next(name for name in free if name not in taken)


def typed(options: Options) -> tuple[str, ...]:
    """Each answer of some options as it is typed on the command line."""
    return tuple(_told({one: getattr(options, one) for one in (*FINDING, *READING) if getattr(options, one)}))


def _told(answers: Mapping[str, Any]) -> Iterator[str]:
    """Each answer as it is typed on the command line."""
    for name, answer in answers.items():
        option = f"--{name.replace('_', '-')}"
        if name == "mapping":
            yield from (f"--map {shortened(theirs)}={ours}" for theirs, ours in answer.items())
        elif isinstance(answer, Mapping):
            yield from (f"{ours}={shortened(text)}" for ours, text in answer.items())
        elif isinstance(answer, str | int):
            yield f"{option} {'tab' if answer == TAB else answer}"
