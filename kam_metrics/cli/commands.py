"""The commands: each from a session to its outcome, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kam_metrics import extracts, metrics
from kam_metrics.cli import deciding, exporting, keeping, measuring, report, serving, templating, watching
from kam_metrics.cli.auditing import against_audit_file
from kam_metrics.cli.reading import load_one, reading_options
from kam_metrics.cli.session import Outcome, Session
from kam_metrics.demo import fill as demo
from kam_metrics.errors import UsageError
from kam_metrics.extracts import Judgement, memory
from kam_metrics.store import Store
from kam_metrics.terms import Principal
from kam_metrics.words import exact, say


@dataclass(frozen=True)
class Command:
    """What carries a command out, and what it needs."""

    carry_out: Callable[[Session], Outcome]
    needs_analyst: bool = False
    uses_store: bool = True


def make_demo(session: Session) -> Outcome:
    """The invented company, in its own store with its extracts beside it."""
    asked = {name: session.request[name] for name in ("accounts", "lines", "seed")}
    sizes = {name: size for name, size in asked.items() if size is not None}
    path = session.store_path
    folder = path.with_name("demo")
    told = demo.fill(session.store(), folder, session.principal, as_of=session.today, lang=session.lang, **sizes)
    files = [{"file": one.file, "kind": one.kind, "load_id": one.load_id, "rows": one.rows} for one in told]
    payload = {"store": session.shown(path), "folder": session.shown(folder), "files": files}
    return Outcome(payload, lambda lang: report.demo(lang, payload))


def check(session: Session) -> Outcome:
    """The judgement of one file; nothing is loaded."""
    return _judged(session, extracts.check, lambda told: told[0])


def load(session: Session) -> Outcome:
    """Each file loaded whole or not at all; one that is refused does not stop the next."""
    return _judged(session, _saving(session.request["save_as"]), lambda told: {"files": told})


def loads(session: Session) -> Outcome:
    """Every load, those undone included."""
    told = [
        {
            "load_id": one.load_id,
            "kind": one.kind,
            "file": one.file,
            "sha256": one.sha256,
            "rows": one.rows,
            "total_by_currency": {name: exact(total) for name, total in one.total_by_currency.items()},
            "loaded_at": f"{one.loaded_at.isoformat(timespec='seconds')}Z",
            "loaded_by": one.loaded_by,
            "live": one.is_live,
            "profile": one.profile,
            "difference": one.difference and dict(one.difference),
            "warnings": None if one.warnings is None else dict(one.warnings),
        }
        for one in extracts.loads(session.store())
    ]
    return Outcome({"loads": told}, lambda lang: report.loads(lang, told))


def undo(session: Session) -> Outcome:
    """A load taken out of every figure."""
    return _turn(session, extracts.undo, "cli.undone")


def redo(session: Session) -> Outcome:
    """An undone load put back."""
    return _turn(session, extracts.redo, "cli.redone")


def quality(session: Session) -> Outcome:
    """Per source and kind how good the loaded data is."""
    with session.store().read() as world:
        told = [{**row, "source": row["source"] or None} for row in metrics.quality(world)]
    return Outcome({"quality": told}, lambda lang: report.quality(lang, told))


def reconcile(session: Session) -> Outcome:
    """Whether the store adds up, or agrees with an audit file; names every difference."""
    if session.request["xaf"]:
        return against_audit_file(session)
    with session.store().read() as world:
        checks = metrics.reconcile(world)
    told = [{"name": one.name, "ok": one.ok, "detail": "; ".join(one.differences)} for one in checks]
    ok = all(one.ok for one in checks)
    return Outcome({"ok": ok, "checks": told}, lambda lang: report.checks(lang, checks), 0 if ok else 1)


def _saving(name: str | None) -> Callable[..., Judgement]:
    """Loading a file, and keeping its answers under a name when one is given."""

    def one(store: Store, file: Path, options: extracts.Options, by: Principal, *, replacing: bool) -> Judgement:
        told = load_one(store, file, options, by, replacing=replacing)
        if name and told.outcome == "accept":
            memory.remember(store, name, replace(told.read_with, kind=told.kind), told.headers, by)
        return told

    return one


def _judged(
    session: Session, how: Callable[..., Judgement], shape: Callable[[list[dict[str, object]]], Mapping[str, object]]
) -> Outcome:
    files, options = _files(session), reading_options(session)
    store, replacing = session.store(), bool(session.request["replace"])
    found = [how(store, file, options, session.principal, replacing=replacing) for file in files]
    told = [judgement.payload(session.lang) for judgement in found]
    return Outcome(
        shape(told),
        lambda lang: "\n\n".join(report.judgement(lang, one) for one in told),
        0 if all(judgement.outcome == "accept" for judgement in found) else 1,
    )


def _turn(session: Session, how: Callable[[Store, int, Principal], int], said: str) -> Outcome:
    (typed,) = session.request.operands
    if not typed.isdecimal():
        raise UsageError("no_load_number", value=typed)
    if session.request["dry_run"]:
        return keeping.foretold(session, int(typed))
    revision = how(session.store(), int(typed), session.principal)
    payload = {"load_id": int(typed), "revision": revision}
    return Outcome(payload, lambda lang: say(lang, said, load_id=typed, revision=str(revision)))


def _files(session: Session) -> tuple[Path, ...]:
    """The files that were named, every one of which is there."""
    files = tuple(session.path(name) for name in session.request.operands)
    for file, name in zip(files, session.request.operands, strict=True):
        if not file.is_file():
            raise UsageError("no_such_file", file=name)
    return files


COMMANDS: Mapping[str, Command] = {
    "demo": Command(make_demo, needs_analyst=True),
    "check": Command(check, needs_analyst=True),
    "load": Command(load, needs_analyst=True),
    "watch": Command(watching.watch, needs_analyst=True),
    "loads": Command(loads, needs_analyst=True),
    "undo": Command(undo, needs_analyst=True),
    "redo": Command(redo, needs_analyst=True),
    "close": Command(keeping.close),
    "reopen": Command(keeping.reopen),
    "closings": Command(keeping.closings, needs_analyst=True),
    "map": Command(keeping.map_customer, needs_analyst=True),
    "succeed": Command(keeping.succeed, needs_analyst=True),
    "profiles": Command(keeping.profiles, needs_analyst=True),
    "forget": Command(keeping.forget, needs_analyst=True),
    "template": Command(templating.template, uses_store=False),
    "measure": Command(measuring.measure),
    "decisions": Command(deciding.decisions),
    "decide": Command(deciding.act),
    "export": Command(exporting.export),
    "measures": Command(measuring.measures, uses_store=False),
    "quality": Command(quality, needs_analyst=True),
    "reconcile": Command(reconcile, needs_analyst=True),
    "serve": Command(serving.serve, uses_store=False),
}
