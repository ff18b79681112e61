"""`kam measure` and `kam measures`: figures exactly as the pages show them, unrounded for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kam_metrics.cli.session import Outcome, Session
from kam_metrics.cli.text import figure, label, table
from kam_metrics.errors import UsageError
from kam_metrics.metrics import DIMENSIONS, MEASURES, Answer, default_as_of, newest_fact
from kam_metrics.metrics import measure as measured
from kam_metrics.store import World
from kam_metrics.terms import CreditNotes, Scenario, Slice
from kam_metrics.words import day, exact, say, share, why


def measure(session: Session) -> Outcome:
    """The figures that were asked for, narrowed to what this reader may see."""
    keys = tuple(dict.fromkeys(session.request.operands))
    by = tuple(dict.fromkeys(name for names in session.request["by"] or () for name in names))
    with session.store().read() as world:
        seen = asked_slice(session, world)
        answer = measured(world, seen, *keys, by=by)
    return Outcome(_payload(seen, answer), lambda lang: _text(lang, seen, answer))


def measures(session: Session) -> Outcome:
    """Every measure there is."""
    told = [
        {
            "key": key,
            "unit": one.unit,
            "formula": one.formula,
            "source": one.source,
            "dimensions": [name for name in DIMENSIONS if name in one.dims],
        }
        for key, one in MEASURES.items()
    ]
    return Outcome({"measures": told}, _list)


def plain(value: object, unit: str = "") -> object:
    """A value as JSON holds it: money as a string, other figures as numbers, a date as 2026-03-31."""
    match value:
        case Decimal() if unit == "EUR":
            return exact(value)
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
        case _:
            return value


def asked_slice(session: Session, world: World) -> Slice:
    """What this reader looks at, as far as it was typed."""
    asked = session.request
    as_of = asked["as_of"] or default_as_of(newest_fact(world), session.today, session.settings.stale_after_days)
    try:
        return Slice(
            as_of=as_of,
            from_date=asked["from"],
            to_date=asked["to"],
            kam_scope=session.principal.kam_scope,
            kam_id=asked["kam"],
            account_id=asked["account"],
            scenario=Scenario(asked["scenario"] or Scenario.ACTUAL),
            fiscal_start=session.settings.fiscal_year_start,
            credit_notes=CreditNotes(asked["credit_notes"] or CreditNotes.INVOICE),
        )
    except ValueError as error:
        raise UsageError("period_backwards") from error


def _payload(seen: Slice, answer: Answer) -> dict[str, object]:
    unit = {key: MEASURES[key].unit for key in answer.keys}
    rows = [
        {name: plain(row[name], unit.get(name, "")) for name in (*answer.by, *answer.keys)} | {"why": answer.why(row)}
        for row in answer.rows
    ]
    period = {"as_of": plain(seen.as_of), "from": plain(seen.from_date), "to": plain(seen.to_date)}
    return {**period, "scenario": seen.scenario, "rows": rows, "unit": unit, "coverage": dict(answer.coverage)}


def _text(lang: str, seen: Slice, answer: Answer) -> str:
    head = [say(lang, "cli.as_of", as_of=seen.as_of)]
    if seen.from_date or seen.to_date:
        first = day(lang, seen.from_date) if seen.from_date else say(lang, "cli.beginning")
        head.append(say(lang, "cli.period", first=first, last=seen.last_day))
    parts = [", ".join(head), _figures(lang, answer) if answer.rows else say(lang, "cli.no_rows")]
    return "\n\n".join([*parts, *_notes(lang, answer)])


def _figures(lang: str, answer: Answer) -> str:
    head = [
        *(say(lang, f"dimension.{name}") for name in answer.by),
        *(say(lang, f"measure.{key}") for key in answer.keys),
    ]
    rows = [
        [
            *(label(lang, row[name]) for name in answer.by),
            *(figure(lang, MEASURES[key].unit, row[key]) for key in answer.keys),
        ]
        for row in answer.rows
    ]
    return table(head, rows, frozenset(range(len(answer.by), len(head))))


def _notes(lang: str, answer: Answer) -> Sequence[str]:
    """Why figures are missing, and how much of the rest is covered by data."""
    reasons = {pair for row in answer.rows for pair in answer.why(row).items()}
    partly = {key: covered for key, covered in answer.coverage.items() if covered < 1}
    missing = [f"  {say(lang, f'measure.{key}')}: {why(lang, reason)}" for key, reason in sorted(reasons)]
    covered = [f"  {say(lang, f'measure.{key}')}: {share(lang, part)}" for key, part in partly.items()]
    return [
        "\n".join([f"{say(lang, title)}:", *lines])
        for title, lines in (("cli.why", missing), ("cli.coverage", covered))
        if lines
    ]


def _list(lang: str) -> str:
    rows = [
        [key, say(lang, f"measure.{key}"), say(lang, f"unit.{one.unit}"), say(lang, f"formula.{key}")]
        for key, one in MEASURES.items()
    ]
    return table([say(lang, f"column.{name}") for name in ("key", "name", "unit", "formula")], rows)
