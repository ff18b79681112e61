"""What is kept beside the loads: closed months, and the answers for files that come again."""

from __future__ import annotations

from datetime import date

from kam_metrics import extracts, words
from kam_metrics.cli import report
from kam_metrics.cli.session import Outcome, Session
from kam_metrics.errors import UsageError
from kam_metrics.extracts import mapping, memory
from kam_metrics.extracts.foretelling import consequences
from kam_metrics.words import exact, say


def close(session: Session) -> Outcome:
    """A month closed, in the name of whoever asks unless another name is given."""
    who = session.request["who"] or session.principal.name
    month = _month(session)
    revision = extracts.close(session.store(), month, session.principal, who=who, today=session.today)
    return _done(month, revision, "cli.closed")


def reopen(session: Session) -> Outcome:
    """A closed month opened again; never without a name."""
    month = _month(session)
    revision = extracts.reopen(session.store(), month, session.principal, who=session.request["who"] or "")
    return _done(month, revision, "cli.reopened")


def closings(session: Session) -> Outcome:
    """Every closing and reopening."""
    with session.store().read() as world:
        acts = extracts.closings(world)
    told = [
        {
            "month": f"{act.month:%Y-%m}",
            "act": "close" if act.is_closed else "reopen",
            "name": act.person,
            "who": act.who,
            "at": f"{act.at.isoformat(timespec='seconds')}Z",
        }
        for act in acts
    ]
    return Outcome({"closings": told}, lambda lang: report.closings(lang, told))


def foretold(session: Session, load_id: int) -> Outcome:
    """What undoing or redoing a load would do; refused when it is not possible."""
    told = extracts.consequence(session.store(), load_id, session.principal)
    payload = {
        "load_id": load_id,
        "act": told.act,
        "rows": told.rows,
        "moved": [
            {
                "account": one.account,
                "month": f"{one.month:%Y-%m}",
                "scenario": one.scenario,
                "net_sales": exact(one.net_sales),
                "result": exact(one.result),
            }
            for one in told.moved
        ],
        "holders": list(told.holders),
        "replaced": list(told.replaced),
        "later": list(told.later),
        "refusal": told.refusal and words.explain(session.lang, told.refusal),
    }
    return Outcome(payload, lambda lang: "\n".join(consequences(lang, told)), 1 if told.refusal else 0)


def map_customer(session: Session) -> Outcome:
    """A customer number mapped to an account."""
    asked = session.request
    number, account_id = asked.operands
    customer = mapping.Customer(number, asked["source"], asked["company"])
    load_id = mapping.map_customers(
        session.store(), [customer], account_id, session.principal, valid_from=asked["from"]
    )
    payload = {"load_id": load_id, "customer_no": number, "account_id": account_id}
    return Outcome(payload, lambda lang: say(lang, "cli.mapped", load_id=str(load_id), count=1, account=account_id))


def succeed(session: Session) -> Outcome:
    """An account's figures given to another."""
    account_id, successor = session.request.operands
    since = session.request["from"]
    load_id = mapping.succeed(session.store(), account_id, successor, session.principal, since=since)
    payload = {"load_id": load_id, "account_id": account_id, "successor_id": successor}
    blanks = {"load_id": str(load_id), "account": account_id, "successor": successor}
    return Outcome(payload, lambda lang: say(lang, "cli.succeeded", **blanks))


def profiles(session: Session) -> Outcome:
    """Every profile that is kept, with its answers."""
    with session.store().read() as world:
        kept = memory.saved(world)
    told = [
        {
            "name": one.name,
            "kind": one.kind,
            "source": one.source,
            "answers": list(memory.typed(one.answers)),
            "saved_by": one.saved_by,
            "saved_at": f"{one.saved_at.isoformat(timespec='seconds')}Z",
        }
        for one in kept
    ]
    return Outcome({"profiles": told}, lambda lang: report.profiles(lang, told))


def forget(session: Session) -> Outcome:
    """A profile no longer used."""
    (name,) = session.request.operands
    memory.forget(session.store(), name, session.principal)
    return Outcome({"forgotten": name}, lambda lang: say(lang, "cli.forgotten", name=name))


def _month(session: Session) -> date:
    (typed,) = session.request.operands
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError as error:
        raise UsageError("no_month", value=typed) from error


def _done(month: date, revision: int, said: str) -> Outcome:
    shown = f"{month:%Y-%m}"
    payload = {"month": shown, "revision": revision}
    return Outcome(payload, lambda lang: say(lang, said, month=shown, revision=str(revision)))
