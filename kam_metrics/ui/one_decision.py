"""One decision: what figures say and ask, what people did about it, and the form to act upon it."""

from __future__ import annotations

import streamlit as st

from kam_metrics import agenda, metrics, words
from kam_metrics.deciding import LONGEST_NAME, LONGEST_NOTE, Act, decide
from kam_metrics.metrics.answer import Row
from kam_metrics.store import World
from kam_metrics.terms import Slice
from kam_metrics.ui import needed
from kam_metrics.ui.answers import ask
from kam_metrics.ui.controls import DATE_FORMATS
from kam_metrics.ui.here import current, page_link, say
from kam_metrics.ui.one_load import moment
from kam_metrics.ui.show import facts, headline, literal, say_after_rerun, section, standing

_LEADS_TO = {"unmapped": "data", "stale": "data"}
_OF_PLAN = frozenset({"no_plan", "unsigned", "shelved", "behind", "review_late", "red_plan", "red_relationship"})


def tell(decision_id: str) -> None:
    """Everything about the decision, if this reader may see it and figures still ask for it."""
    row = next((row for row in needed.rows(with_done=True) if row["decision_id"] == decision_id), None)
    if row is None:
        headline(say("headline.decision_gone"))
        st.info(say("ui.decision_gone"))
        return
    lang = current().lang
    headline(f"{agenda.about(lang, row)}: {agenda.told(lang, row)}")
    standing()
    st.markdown(f"**{literal(agenda.asked(lang, row))}**")
    facts(_told(row))
    _ways(row)
    if current().principal.may_decide:
        section("section.act")
        _form(row)
    _acts(row)


def _told(row: Row) -> dict[str, str]:
    lang = current().lang
    return {
        say("decision_column.money"): agenda.money(lang, row),
        say("decision_column.owner"): agenda.owner(lang, row),
        say("decision_column.age"): f"{agenda.since(lang, row)} ({agenda.age(lang, row)})",
        say("decision_column.due"): words.day(lang, row["due"]),
        say("decision_column.note"): row["note"] or "",
        say("decision_column.state"): say("decision.done" if row["is_done"] else "decision.open"),
    }


def _ways(row: Row) -> None:
    """To the figures behind it."""
    if row["account_id"]:
        page_link("account", say("ui.to_account"), account=row["account_id"])
    else:
        page_link(_LEADS_TO[row["rule"]], say("ui.back_to_data"))
    if row["rule"] in _OF_PLAN:
        page_link("plan", say("ui.see_plan"))
    elif row["account_id"]:
        page_link("profit", say("ui.to_profit"), account=row["account_id"])


def _form(row: Row) -> None:
    run = current()
    with st.form("decide", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            owner = st.text_input(say("ui.decide_owner"), row["owner"] or "", max_chars=LONGEST_NAME, width=280)
            due = st.date_input(say("ui.decide_due"), row["due"], format=DATE_FORMATS[run.lang], width=180)
            person = st.text_input(
                say("ui.decide_person"), st.session_state.get("person", ""), max_chars=LONGEST_NAME, width=280
            )
        note = st.text_area(say("ui.decide_note"), row["note"] or "", max_chars=LONGEST_NOTE, height=80)
        is_done = st.checkbox(say("ui.decide_done"), row["is_done"])
        pressed = st.form_submit_button(say("ui.decide_button"), type="primary")
    if pressed:
        st.session_state["person"] = person
        act = Act(owner, due, note, is_done)
        decide(run.store, row["decision_id"], act, run.principal, person=person, as_of=run.seen.as_of)
        say_after_rerun(say("ui.decided_done" if is_done else "ui.decided"))


def _acts(row: Row) -> None:
    """Who did what about it, the newest first."""
    acts = ask(_read_acts, row["decision_id"])
    if acts:
        section("section.acts")
        lang = current().lang
        facts({f"{moment(act['changed_at'])} · {act['person']}": _act(lang, act) for act in acts})


def _read_acts(world: World, seen: Slice, decision_id: str) -> list[Row]:
    return metrics.decision_acts(world, decision_id)


def _act(lang: str, act: Row) -> str:
    parts = [
        say("decision.done" if act["is_done"] else "decision.open"),
        say("decision.by_owner", owner=act["owner"]) if act["owner"] else "",
        say("decision.by_day", day=act["due"]) if act["due"] else "",
        act["note"] or "",
    ]
    return " · ".join(part for part in parts if part)
