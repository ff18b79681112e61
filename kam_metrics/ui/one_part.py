"""What the Plan page tells of one objective, one milestone or one review of a plan."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kam_metrics import metrics, words
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import PHASES
from kam_metrics.ui.answers import ask
from kam_metrics.ui.here import current, page_link, say
from kam_metrics.ui.plan_parts import amount_cell, milestone_state, owner, review_state, slip_cell
from kam_metrics.ui.show import facts, section


def tell(plan: Row) -> bool:
    """The part of the plan that the address asks for; False when it asks for none that is there."""
    for name, rows, tell_one in (
        ("objective", metrics.objective_rows, _objective),
        ("milestone", metrics.milestone_rows, _milestone),
        ("review", metrics.review_rows, _review),
    ):
        found = _named(ask(rows, plan["plan_id"]), f"{name}_id", st.query_params.get(name))
        if found:
            tell_one(plan, found)
            return True
    return False


def _named(rows: Sequence[Row], key: str, asked: str | None) -> Row | None:
    return next((row for row in rows if asked and row[key] == asked), None)


def _day(row: Row, name: str) -> str:
    return words.day(current().lang, row[name]) if row[name] else ""


def _objective(plan: Row, row: Row) -> None:
    section("section.objective")
    unit, lang = row["unit"], current().lang
    facts(
        {
            say("heading.objective"): row["title"],
            say("heading.kind"): say(f"objective_kind.{row['kind']}"),
            say("heading.owner"): row["owner"] or "",
            say("heading.weight"): words.number(lang, row["weight"], 1),
            say("heading.baseline"): amount_cell(row["baseline"], unit).text,
            **{say(f"heading.target_{at}"): amount_cell(row[f"target_{at}"], unit).text for at in PHASES},
            say("heading.actual"): amount_cell(row["actual"], unit).text,
            say("heading.expected"): amount_cell(row["expected_value"], unit).text,
            say("heading.attainment"): words.share(lang, row["attainment_90"], 0),
        }
    )
    section("section.measurements")
    if row["measurements"]:
        facts({words.day(lang, on): amount_cell(value, unit).text for on, value in reversed(row["measurements"])})
    else:
        st.caption(say("empty.measurements"))


def _milestone(plan: Row, row: Row) -> None:
    section("section.milestone")
    facts(
        {
            say("heading.milestone"): row["title"],
            say("heading.state"): say(f"milestone_state.{milestone_state(row)}"),
            say("heading.owner"): owner(row),
            say("heading.baseline_date"): _day(row, "baseline_date"),
            say("heading.planned"): _day(row, "planned_date"),
            say("heading.done"): _day(row, "done_date"),
            say("heading.slip"): slip_cell(row["slip_days"]).text,
        }
    )
    goal = _named(ask(metrics.objective_rows, plan["plan_id"]), "objective_id", row["objective_id"])
    if goal:
        page_link("plan", say("ui.to_objective"), plan=plan["plan_id"], objective=goal["objective_id"])


def _review(plan: Row, row: Row) -> None:
    section("section.review")
    facts(
        {
            say("heading.kind"): say(f"review_kind.{row['kind']}"),
            say("heading.state"): say(f"review_state.{review_state(row)}"),
            say("heading.due"): _day(row, "due_date"),
            say("heading.held"): _day(row, "held_date"),
            say("heading.decisions"): row["decisions"] or "",
            say("heading.next_steps"): row["next_steps"] or "",
        }
    )
