"""`kam export`: a board pack or a table in a file, whole or not at all, narrowed to what its reader may see."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from kam_metrics.cli.arguments import nearest
from kam_metrics.cli.measuring import asked_slice
from kam_metrics.cli.session import Outcome, Session
from kam_metrics.demo.fill import is_demo
from kam_metrics.errors import NotAllowed, UsageError
from kam_metrics.exports import EXPORTS, Asked, Export, measure_table
from kam_metrics.metrics import MEASURES
from kam_metrics.periods import beginning
from kam_metrics.terms import Against
from kam_metrics.words import say


def export(session: Session) -> Outcome:
    """Write what was asked in the format of the file's ending."""
    (what,) = session.request.operands
    found = _found(session, what)
    if found.needs_analyst and not session.principal.may_load:
        raise NotAllowed
    out = session.path(session.request["out"] or "")
    writer = found.writers.get(out.suffix.casefold().removeprefix("."))
    if writer is None or not session.request["out"]:
        raise UsageError("export_format", name=what, formats=", ".join(f".{form}" for form in found.writers))
    if out.exists():
        raise UsageError("out_exists", file=out.name)
    asked_of = session.store()
    invented = is_demo(asked_of)
    with asked_of.read() as world:
        seen = asked_slice(session, world)
        if seen.from_date is None and seen.to_date is None:
            seen = replace(seen, from_date=beginning("12m", seen.as_of))
        against: Against = session.request["against"] or "last_year"
        content = writer(Asked(session.lang, world, seen, against, session.settings, invented), session.today)
    _write(out, content)
    payload = {"export": what, "file": session.shown(out), "as_of": seen.as_of.isoformat()}
    return Outcome(payload, lambda lang: say(lang, "export.made", file=payload["file"]))


def _found(session: Session, what: str) -> Export:
    if what in EXPORTS:
        return EXPORTS[what]
    keys = tuple(dict.fromkeys(name.strip() for name in what.split(",")))
    if not all(key in MEASURES for key in keys):
        raise UsageError("unknown_export", name=what, nearest=nearest(what, [*EXPORTS, *MEASURES]))
    return measure_table(keys, tuple(dict.fromkeys(name for names in session.request["by"] or () for name in names)))


def _write(out: Path, content: bytes) -> None:
    """Beside its place first, so that nobody ever finds half a file."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError("out_unwritable", file=out.name) from error
