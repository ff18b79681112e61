"""What the Data page tells of one load: how it was read, what it replaced, who turned it, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from kam_metrics import extracts, words
from kam_metrics.extracts import Load, Particulars
from kam_metrics.ui import turning
from kam_metrics.ui.here import current, page_link, say
from kam_metrics.ui.show import Quoted, caption, facts, headline, rule_name, section


def tell(asked: str) -> None:
    """Everything about the load of this number."""
    told = extracts.particulars(current().store, int(asked)) if asked.isdecimal() and len(asked) < 10 else None
    if told is None:
        headline(say("section.history"))
        st.warning(say("ui.no_such_load"))
        return
    headline(say("headline.load", load_id=told.load.load_id))
    facts(_facts(told))
    turning.ask(told.load)
    turning.answer([told.load])
    section("section.acts")
    facts({f"{moment(act.when)} · {act.who}": say(f"act.{act.what}") for act in told.acts})
    _left_out(told)
    page_link("data", say("ui.to_kind", kind=say(f"kind.{told.load.kind}")), kind=told.load.kind)


def moment(when: datetime) -> str:
    """A day and a time of it."""
    return f"{words.day(current().lang, when.date())} {when:%H:%M:%S} UTC"


def _facts(told: Particulars) -> dict[str, str | Sequence[str]]:
    load, lang = told.load, current().lang
    totals = (words.money(lang, total, currency) for currency, total in load.total_by_currency.items())
    days = [words.day(lang, day) for day in (load.min_date, load.max_date) if day]
    return {
        say("heading.file"): Quoted(load.file),
        say("ui.kind"): say(f"kind.{load.kind}"),
        say("heading.counts"): say("ui.done" if load.is_live else "ui.not_done"),
        say("heading.rows"): words.number(lang, load.rows),
        say("heading.total"): " · ".join(totals),
        say("step.difference"): say("ui.difference", **load.difference) if load.difference else "",
        say("heading.days"): " – ".join(days),
        say("heading.warnings"): _warnings(load),
        say("heading.replaced"): Quoted(", ".join(told.replaced)),
        say("ui.source"): told.source or "",
        say("ui.profile"): told.profile or "",
        say("heading.read_as"): _read_as(told),
        say("heading.columns"): Quoted(", ".join(f"{theirs} → {ours}" for theirs, ours in _columns(told))),
        "SHA-256": Quoted(load.sha256),
    }


def _warnings(load: Load) -> str:
    if load.warnings is None:
        return say("ui.warnings_unknown")
    lang = current().lang
    told = (f"{say(f'warning.{name}')} ({words.number(lang, count)})" for name, count in load.warnings.items())
    return " · ".join(told) or say("ui.no_warnings")


def _read_as(told: Particulars) -> str:
    names = ("encoding", "delimiter", "decimal", "date_order", "sheet", "header_row")
    known = ((name, told.read_as.get(name)) for name in names)
    return " · ".join(f"{say(f'read_as.{name}').lower()} {_shown(value)}" for name, value in known if value is not None)


def _shown(value: object) -> str:
    return "tab" if value == "\t" else str(value)


def _columns(told: Particulars) -> list[tuple[str, str]]:
    return [(str(theirs), str(ours)) for theirs, ours in dict(told.read_as.get("columns") or {}).items()]


def _left_out(told: Particulars) -> None:
    """Rows in quarantine, as they stand in the file, each with the rules it breaks."""
    if not told.left_out:
        return
    section("section.quarantine")
    caption("ui.quarantined", count=told.left_out_count, shown=len(told.left_out))
    facts(
        {
            say("ui.at_line", line=str(row.line)): (
                ", ".join(map(rule_name, row.rules)) + ": ",
                Quoted(row.raw),
            )
            for row in told.left_out
        }
    )
