"""Closing and reopening months, with everybody who ever did so: on the Data page, and for the director who has none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from kam_metrics import extracts, words
from kam_metrics.extracts import Closing
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.ui.cells import month_cell
from kam_metrics.ui.here import current, say, to
from kam_metrics.ui.show import listing, say_after_rerun, section, tell_what_happened

MONTHS = 24
"""How far back a month can be chosen."""


def months() -> None:
    """Close a month, reopen one, and see by whom that was done."""
    run = current()
    acts = extracts.closings(run.world)
    closed = {act.month for act in acts if act.is_closed} - _reopened(acts)
    st.caption(say("ui.closing_about"))
    with st.form("closing", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        named = {month: _named(month, closed) for month in _choices(run.today, closed)}
        month = st.selectbox(say("ui.choose_month"), list(named), format_func=named.__getitem__)
        who = st.text_input(say("ui.closing_name"), max_chars=80, width=320)
        asked = st.form_submit_button(say("ui.close_or_reopen"))
    if asked and month in closed:
        extracts.reopen(run.store, month, run.principal, who=who)
        say_after_rerun(say("ui.reopened", month=words.month(run.lang, month)))
    elif asked:
        extracts.close(run.store, month, run.principal, who=who, today=run.today)
        say_after_rerun(say("ui.closed", month=words.month(run.lang, month)))
    if acts:
        _acts(acts)


def where_no_data_page() -> None:
    """The same for a reader who may close months and does not load: the director."""
    run = current()
    if run.principal.may_close and "data" not in run.pages:
        section("section.closing")
        tell_what_happened()
        months()


def _reopened(acts: Sequence[Closing]) -> set[date]:
    latest = {act.month: act.is_closed for act in acts}
    return {month for month, is_closed in latest.items() if not is_closed}


def _choices(today: date, closed: set[date]) -> Sequence[date]:
    """The months that are over, newest first, and older ones that are closed."""
    months, month = [], today.replace(day=1)
    for _ in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    return sorted({*months, *closed}, reverse=True)


def _named(month: date, closed: set[date]) -> str:
    shown = words.month(current().lang, month)
    return say("ui.month_closed", month=shown) if month in closed else shown


def _last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _acts(acts: Sequence[Closing]) -> None:
    lang = current().lang
    listing(
        [Heading(say(f"heading.{key}")) for key in ("month", "act", "in_name", "who", "when")],
        [
            (to("portfolio", as_of=_last_day(act.month).isoformat(), period="month"), (
                month_cell(act.month),
                Cell(say("ui.act_close" if act.is_closed else "ui.act_reopen")),
                Cell(act.person),
                Cell(act.who),
                Cell(f"{words.day(lang, act.at.date())} {act.at:%H:%M} UTC", order=act.at.isoformat()),
            ))
            for act in reversed(acts)
        ],
        title=say("section.closing"),
        key="closing",
    )  # fmt: skip
