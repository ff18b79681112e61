"""Decisions needed, and what people do about them, from a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kam_metrics import agenda, metrics, words
from kam_metrics.cli.measuring import plain
from kam_metrics.cli.session import Outcome, Session
from kam_metrics.cli.text import table
from kam_metrics.deciding import Act, decide, found
from kam_metrics.errors import UsageError
from kam_metrics.metrics.answer import Row
from kam_metrics.store import World
from kam_metrics.terms import Slice
from kam_metrics.words import say


def decisions(session: Session) -> Outcome:
    """What needs a decision, as the Portfolio page lists it; done ones with --all."""
    asked = session.request
    with session.store().read() as world:
        as_of = _as_of(session, world)
        seen = Slice(as_of, kam_scope=session.principal.kam_scope, kam_id=asked["kam"], account_id=asked["account"])
        rows = metrics.decisions(world, seen, with_done=bool(asked["all"]))
    told = [
        {name: plain(value, "EUR" if name == "money" else "") for name, value in row.items()}
        | {"told": agenda.told(session.lang, row), "asked": agenda.asked(session.lang, row)}
        | {"owner_shown": agenda.owner(session.lang, row)}
        for row in rows
    ]
    return Outcome({"as_of": plain(as_of), "decisions": told}, lambda lang: _list(lang, rows))


def act(session: Session) -> Outcome:
    """A decision assigned, dated, noted, marked done or opened again."""
    (decision_id,) = session.request.operands
    with session.store().read() as world:
        as_of = _as_of(session, world)
        row = found(world, decision_id, session.principal, as_of)
    asked = _asked(session, Act.of(row))
    person = session.request["who"] or session.principal.name
    revision = decide(session.store(), decision_id, asked, session.principal, person=person, as_of=as_of)
    told = {name: plain(value) for name, value in vars(asked.tidy).items()}
    payload = {"decision_id": decision_id, **told, "revision": revision}
    return Outcome(payload, lambda lang: say(lang, "cli.decided", decision_id=decision_id, revision=revision))


def _asked(session: Session, now: Act) -> Act:
    """What holds now, with what was typed."""
    asked = session.request
    if asked["done"] and asked["reopen"]:
        raise UsageError("done_and_reopen")
    given = {"owner": asked["assign"], "due": asked["due"], "note": asked["note"]}
    given |= {"is_done": True} if asked["done"] else {"is_done": False} if asked["reopen"] else {}
    return replace(now, **{name: value for name, value in given.items() if value is not None})


def _as_of(session: Session, world: World) -> date:
    chosen: date | None = session.request["as_of"]
    return chosen or metrics.default_as_of(metrics.newest_fact(world), session.today, session.settings.stale_after_days)


def _list(lang: str, rows: list[Row]) -> str:
    if not rows:
        return say(lang, "empty.decisions")
    names = ("decision", "account", "what", "money", "owner", "age", "due")
    shown = [
        [
            row["decision_id"],
            agenda.about(lang, row),
            agenda.told(lang, row),
            words.money(lang, row["money"]),
            agenda.owner(lang, row),
            agenda.age(lang, row),
            say(lang, "decision.done") if row["is_done"] else words.day(lang, row["due"]),
        ]
        for row in rows
    ]
    return table([say(lang, f"decision_column.{name}") for name in names], shown, frozenset({3, 5}))
