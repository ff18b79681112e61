"""What the Plan page shows: every plan beside its expected pace, or one plan with its objectives and milestones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from kam_metrics import extracts, metrics, words
from kam_metrics.matrix.listing import Cell, Heading, Tone
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import PHASES
from kam_metrics.ui.answers import ask
from kam_metrics.ui.here import current, say
from kam_metrics.ui.overview import LIVE, ON_SCHEDULE
from kam_metrics.ui.show import function_name, listing, say_after_rerun

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
                row["plan_id"] or "",
                (
                    Cell(row["account_name"]),
                    Cell(row["kam_name"] or words.unknown(lang)),
                    Cell(say(f"state.{row['state']}"), order=URGENCY.index(row["state"]), tone=_tone(row["state"])),
                    Cell(words.number(lang, row["day_number"]), order=row["day_number"]),
                    _share(row["attainment"]),
                    _share(row["expected"]),
                    Cell(f"{row['milestones_done']}/{row['milestones_total']}", order=row["milestones_done"]),
                    Cell(words.number(lang, row["milestones_late"]), order=row["milestones_late"]),
                    _day(row["next_review"]),
                ),
            )
            for row in plans()
        ],
        title=say("section.plans"),
        key="plans",
        leads_to="plan",
        name="plan",
    )


def _tone(state: str) -> Tone:
    return "good" if state in ON_SCHEDULE else "bad" if state in ("behind", "shelved", "none") else ""


def _share(value: float | None) -> Cell:
    return Cell(words.share(current().lang, value, 0), order=value)


def _day(value: date | None) -> Cell:
    return Cell(words.day(current().lang, value), order=value.isoformat() if value else None)


def signature(plan: Row) -> str:
    """Who signed the plan off, if anybody did."""
    if not plan["is_signed"]:
        return say("ui.unsigned")
    none = words.unknown(current().lang)
    return say("ui.signed", who=plan["signed_by"] or none, day=plan["signed_on"] or none)


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


def objective_table(plan_id: str) -> None:
    """Each objective: where it began, where it stands, where it ought to stand and its phase targets."""
    lang = current().lang
    keys = ("baseline", *(f"target_{phase}" for phase in PHASES), "actual", "expected", "attainment")
    listing(
        [
            Heading(say("heading.objective")),
            Heading(say("heading.kind")),
            *(Heading(say(f"heading.{key}"), is_number=True) for key in keys),
            Heading(say("heading.measured_on")),
            Heading(say("heading.owner")),
        ],
        [
            (
                "",
                (
                    Cell(row["title"]),
                    Cell(say(f"objective_kind.{row['kind']}")),
                    *(_amount(row[name], row["unit"]) for name in ("baseline", "target_30", "target_60", "target_90")),
                    _amount(row["actual"], row["unit"]),
                    _amount(row["expected_value"], row["unit"]),
                    _share(row["attainment_90"]),
                    _day(row["measured_on"]),
                    Cell(row["owner"] or words.unknown(lang)),
                ),
            )
            for row in ask(metrics.objective_rows, plan_id)
        ],
        title=say("section.objectives"),
        key="objectives",
    )


def _amount(value: Decimal | float | None, unit: str | None) -> Cell:
    """A value in the unit of its objective, whatever the company measures in."""
    lang = current().lang
    if value is None:
        return Cell(words.unknown(lang))
    exact = Decimal(str(value))
    if unit == "EUR":
        return Cell(words.money(lang, exact, decimals=0), words.money(lang, exact), float(value))
    decimals = 0 if exact == exact.to_integral_value() else 1
    shown = words.number(lang, exact, decimals)
    return Cell(_in_unit(shown, unit), order=float(value))


def _in_unit(shown: str, unit: str | None) -> str:
    """A number with the unit behind it; a unit we do not know stands as the company wrote it."""
    match unit:
        case None | "" | "count" | "score":
            return shown
        case "pct" | "%":
            return f"{shown}%"
        case "days" | "dagen":
            return say("ui.days", days=shown)
        case _:
            return f"{shown} {unit}"


def milestone_table(plan_id: str) -> None:
    """Milestones: late ones first, then by date."""
    rows = sorted(
        ask(metrics.milestone_rows, plan_id),
        key=lambda row: (not row["is_late"], row["planned_date"] or row["baseline_date"]),
    )
    listing(
        [
            Heading(say("heading.milestone")),
            Heading(say("heading.owner")),
            *(Heading(say(f"heading.{key}")) for key in ("baseline_date", "planned", "done")),
            Heading(say("heading.slip"), is_number=True),
            Heading(say("heading.state")),
        ],
        [
            (
                "",
                (
                    Cell(row["title"]),
                    Cell(_owner(row)),
                    _day(row["baseline_date"]),
                    _day(row["planned_date"]),
                    _day(row["done_date"]),
                    _slip(row["slip_days"]),
                    Cell(say(f"milestone_state.{_milestone_state(row)}"), tone="bad" if row["is_late"] else ""),
                ),
            )
            for row in rows
        ],
        title=say("section.milestones"),
        key="milestones",
    )  # fmt: skip


def _slip(days: int | None) -> Cell:
    lang = current().lang
    if days is None:
        return Cell(words.unknown(lang))
    return Cell(say("ui.days_short", days=words.number(lang, days)), order=days)


def _owner(row: Row) -> str:
    side = say(f"side.{row['owner_side']}") if row["owner_side"] else ""
    function = function_name(row["owner_function"]) if row["owner_function"] else ""
    return " · ".join(part for part in (row["owner"], function, side) if part)


def _milestone_state(row: Row) -> str:
    return "done" if row["is_done"] else "late" if row["is_late"] else "open"


def review_table(plan_id: str) -> None:
    """Reviews of the plan: when due, when held, what was decided."""
    rows = sorted(ask(metrics.review_rows, plan_id), key=lambda row: row["due_date"], reverse=True)
    listing(
        [Heading(say(f"heading.{key}")) for key in ("review", "due", "held", "state", "decisions", "next_steps")],
        [
            (
                "",
                (
                    Cell(say(f"review_kind.{row['kind']}")),
                    _day(row["due_date"]),
                    _day(row["held_date"]),
                    Cell(say(f"review_state.{_review_state(row)}"), tone="bad" if row["is_overdue"] else ""),
                    Cell(row["decisions"] or ""),
                    Cell(row["next_steps"] or ""),
                ),
            )
            for row in rows
        ],
        title=say("section.reviews"),
        key="reviews",
    )


def _review_state(row: Row) -> str:
    if row["held_date"]:
        return "on_time" if row["is_on_time"] else "off_time"
    return "overdue" if row["is_overdue"] else "to_come"
