"""`kam watch`: one pass over a folder, for cron; what is fine is loaded, what is not is put aside with its report."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from kam_metrics.cli import report
from kam_metrics.cli.reading import load_one, reading_options
from kam_metrics.cli.session import Outcome, Session
from kam_metrics.errors import KamError, StoreError, UsageError
from kam_metrics.extracts import Options, mended, mended_name
from kam_metrics.store import Store
from kam_metrics.words import explain, say

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOADED, REFUSED = "loaded", "refused"
LOCK = ".kam-watch.lock"
USUAL_SETTLE = 30
"""Seconds between two looks at a file; a copy over a slow line may well pause for some."""
UNFINISHED = frozenset({".part", ".partial", ".filepart", ".crdownload", ".tmp", ".temp", ".swp"})
LOCKS = ("~${}", ".~lock.{}#", ".{}.swp", *(f"{{}}{ending}" for ending in sorted(UNFINISHED)))
"""What a program that has a file open, or a browser that still fetches it, lays beside it."""
REPORT = ".report.txt"


def watch(session: Session) -> Outcome:
    """Every file that has arrived, oldest first, each loaded whole or put aside; one never stops the next."""
    folder = session.path(session.request.operands[0])
    if not folder.is_dir():
        raise UsageError("no_such_folder", folder=session.request.operands[0])
    settle = session.request["settle"]
    with _alone(folder):
        arrived, waiting = _arrived(folder, USUAL_SETTLE if settle is None else settle)
        options = reading_options(session)
        store = session.store() if arrived else None
        told = [_take(session, store, file, options) for file in arrived if store]
    payload = {"files": told, "waiting": [file.name for file in waiting]}
    code = 1 if any(_is_refused(one) for one in told) else 0
    return Outcome(payload, lambda lang: _text(lang, told, waiting), code)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While this lasts no other pass goes over the folder; the lock goes with the process that holds it."""
    try:
        for name in (LOADED, REFUSED):
            (folder / name).mkdir(exist_ok=True)
        file = (folder / LOCK).open("a")
    except OSError as error:
        raise UsageError("folder_unwritable", folder=folder.name) from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise KamError("watch_busy", folder=folder.name) from error
        yield


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True)
class _Look:
    """What a file looks like from outside."""

    changed_at: int
    size: int


def _arrived(folder: Path, settle: int) -> tuple[Sequence[Path], Sequence[Path]]:
    """Files that are wholly there, oldest first, and those somebody may still be writing: empty, open, or changing."""
    before = _looks(folder)
    if before:
        time.sleep(settle)
    after, names = _looks(folder), {file.name for file in folder.iterdir()}
    settled = [
        file
        for file, look in before.items()
        if look.size and after.get(file) == look and names.isdisjoint(lock.format(file.name) for lock in LOCKS)
    ]
    waiting = [file for file in after if file not in settled]
    return sorted(settled, key=lambda file: (before[file].changed_at, file.name)), sorted(waiting)


def _looks(folder: Path) -> Mapping[Path, _Look]:
    """Every file in the folder that could be an extract."""
    found = {}
    for file in folder.iterdir():
        if file.is_symlink() or not file.is_file() or _is_unfinished(file):
            continue
        seen = file.stat()
        found[file] = _Look(seen.st_mtime_ns, seen.st_size)
    return found


def _is_unfinished(file: Path) -> bool:
    return file.name.startswith((".", "~$")) or file.name.endswith("~") or file.suffix.casefold() in UNFINISHED


def _take(session: Session, store: Store, file: Path, options: Options) -> dict[str, object]:
    """One file loaded and moved aside, or refused and moved aside with the reason."""
    named = replace(options, name=file.name)
    replacing = bool(session.request["replace"])
    try:
        told = load_one(store, file, named, session.principal, replacing=replacing).payload(session.lang)
        text = report.judgement(session.lang, told)
    except StoreError:
        raise
    except KamError as error:
        text = explain(session.lang, error)
        told = {"outcome": "reject", "file": file.name, "message": text}
    moved = _moved(file, REFUSED if _is_refused(told) else LOADED)
    if _is_refused(told):
        moved.with_name(moved.name + REPORT).write_text(text + "\n", "utf-8")
    if told.get("lines") and told["difference"] is None:
        copy = mended(store, moved, named, session.principal, session.lang)
        moved.with_name(mended_name(moved.name)).write_bytes(copy)
    return {**told, "moved_to": f"{moved.parent.name}/{moved.name}", "text": text}


def _is_refused(told: Mapping[str, object]) -> bool:
    return told["outcome"] != "accept"


def _moved(file: Path, name: str) -> Path:
    """The file in a folder beside the new ones, under a name nobody has there."""
    folder, number = file.with_name(name), 1
    target = folder / file.name
    while target.exists():
        number += 1
        target = folder / f"{file.stem}-{number}{file.suffix}"
    return file.rename(target)


def _text(lang: str, told: Sequence[Mapping[str, object]], waiting: Sequence[Path]) -> str:
    parts = [f"{one['text']}\n  → {one['moved_to']}" for one in told]
    if waiting:
        parts.append(say(lang, "cli.watch_waiting", files=", ".join(file.name for file in waiting)))
    return "\n\n".join(parts or [say(lang, "cli.watch_nothing")])
