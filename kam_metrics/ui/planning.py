"""What the Plan page shows: every plan beside its expected pace, or one plan with its objectives and milestones."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kam_metrics import extracts, metrics, telling, words
from kam_metrics.matrix.listing import Cell, Heading, Tone
from kam_metrics.metrics.answer import Row
from kam_metrics.telling import LIVE, ON_SCHEDULE
from kam_metrics.ui.answers import ask
from kam_metrics.ui.cells import count_cell, day_cell, share_cell
from kam_metrics.ui.here import Way, current, say, to
from kam_metrics.ui.show import listing, say_after_rerun

URGENCY = ("behind", "shelved", "unsigned", "none", "unmeasured", "on_schedule", "ahead", "closed")
"""States of a plan, the one that needs somebody first."""


def plans() -> Sequence[Row]:
    """One row per key account, the most urgent first."""
    return sorted(
        ask(metrics.plan_overview),
        key=lambda row: (URGENCY.index(row["state"]), -(row["day_number"] or 0), row["account_name"]),
    )


def title() -> str:
    """How many key accounts have a live plan, and how many are on schedule."""
    states = [row["state"] for row in plans()]
    if not any(state != "none" for state in states):
        return say("headline.plan_empty")
    live = sum(state in LIVE for state in states)
    return say("headline.plan", live=live, all=len(states), on=sum(state in ON_SCHEDULE for state in states))


def chosen() -> Row | None:
    """The plan in the address, if this reader may see it."""
    asked = st.query_params.get("plan")
    return next((row for row in plans() if asked and row["plan_id"] == asked), None)


def plan_table() -> None:
    """Every key account's plan; a row leads to the plan."""
    lang = current().lang
    number = ("heading.day", "heading.attainment", "heading.expected", "heading.milestones", "heading.late")
    listing(
        [
            Heading(say("heading.account")),
            Heading(say("heading.kam")),
            Heading(say("heading.state")),
            *(Heading(say(key), is_number=True) for key in number),
            Heading(say("heading.next_review")),
        ],
        [
            (
                _way(row),
                (
                    Cell(row["account_name"]),
                    Cell(row["kam_name"] or words.unknown(lang)),
                    Cell(say(f"state.{row['state']}"), order=URGENCY.index(row["state"]), tone=_tone(row["state"])),
                    count_cell(row["day_number"]),
                    share_cell(row["attainment"]),
                    share_cell(row["expected"]),
                    Cell(f"{row['milestones_done']}/{row['milestones_total']}", order=row["milestones_done"]),
                    count_cell(row["milestones_late"]),
                    day_cell(row["next_review"]),
                ),
            )
            for row in plans()
        ],
        title=say("section.plans"),
        key="plans",
    )


def _way(row: Row) -> Way:
    """To the plan; to the account while it has none."""
    return to("plan", plan=row["plan_id"]) if row["plan_id"] else to("account", account=row["account_id"])


def _tone(state: str) -> Tone:
    return "good" if state in ON_SCHEDULE else "bad" if state in ("behind", "shelved", "none") else ""


def signature(plan: Row) -> str:
    """Who signed the plan off, if anybody did."""
    return telling.signature(current().lang, plan)


def sign_off(plan: Row) -> None:
    """A director's signature under a plan that has none."""
    run = current()
    if plan["is_signed"] or not run.principal.may_sign:
        return
    with st.form("sign-off", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.text_input(say("ui.sign_name"), max_chars=80, width=320)
        asked = st.form_submit_button(say("ui.sign_off"))
    if asked:
        load_id = extracts.sign_off(run.store, plan["plan_id"], run.principal, who=who, day=run.today)
        say_after_rerun(say("ui.signed_off", load_id=load_id))
