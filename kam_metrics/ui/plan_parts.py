"""What hangs below one plan: its objectives, milestones and reviews, each a table whose rows lead to their own page."""

from __future__ import annotations

from decimal import Decimal

from kam_metrics import metrics, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import PHASES
from kam_metrics.ui.answers import ask
from kam_metrics.ui.cells import day_cell, share_cell
from kam_metrics.ui.here import current, say, to
from kam_metrics.ui.show import function_name, listing


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
                to("plan", plan=plan_id, objective=row["objective_id"]),
                (
                    Cell(row["title"]),
                    Cell(say(f"objective_kind.{row['kind']}")),
                    *(
                        amount_cell(row[name], row["unit"])
                        for name in ("baseline", "target_30", "target_60", "target_90")
                    ),
                    amount_cell(row["actual"], row["unit"]),
                    amount_cell(row["expected_value"], row["unit"]),
                    share_cell(row["attainment_90"]),
                    day_cell(row["measured_on"]),
                    Cell(row["owner"] or words.unknown(lang)),
                ),
            )
            for row in ask(metrics.objective_rows, plan_id)
        ],
        title=say("section.objectives"),
        key="objectives",
    )


def amount_cell(value: Decimal | float | None, unit: str | None) -> Cell:
    """A value in the unit of its objective, whatever the company measures in."""
    lang = current().lang
    if value is None:
        return Cell(words.unknown(lang))
    exact = Decimal(str(value))
    if unit == "EUR":
        return Cell(
            words.money(lang, exact, decimals=0), words.money(lang, exact), float(value), value=exact, unit="EUR"
        )
    decimals = 0 if exact == exact.to_integral_value() else 1
    shown = words.number(lang, exact, decimals)
    return Cell(_in_unit(shown, unit), order=float(value), value=exact, unit="number")


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
                to("plan", plan=plan_id, milestone=row["milestone_id"]),
                (
                    Cell(row["title"]),
                    Cell(owner(row)),
                    day_cell(row["baseline_date"]),
                    day_cell(row["planned_date"]),
                    day_cell(row["done_date"]),
                    slip_cell(row["slip_days"]),
                    Cell(say(f"milestone_state.{milestone_state(row)}"), tone="bad" if row["is_late"] else ""),
                ),
            )
            for row in rows
        ],
        title=say("section.milestones"),
        key="milestones",
    )  # fmt: skip


def slip_cell(days: int | None) -> Cell:
    lang = current().lang
    if days is None:
        return Cell(words.unknown(lang))
    return Cell(say("ui.days_short", days=words.number(lang, days)), order=days, value=days, unit="days")


def owner(row: Row) -> str:
    """Whose it is: a person, a function, and of which of the two organisations."""
    side = say(f"side.{row['owner_side']}") if row["owner_side"] else ""
    function = function_name(row["owner_function"]) if row["owner_function"] else ""
    return " · ".join(part for part in (row["owner"], function, side) if part)


def milestone_state(row: Row) -> str:
    """Whether it is done, late or open."""
    return "done" if row["is_done"] else "late" if row["is_late"] else "open"


def review_table(plan_id: str) -> None:
    """Reviews of the plan: when due, when held, what was decided."""
    rows = sorted(ask(metrics.review_rows, plan_id), key=lambda row: row["due_date"], reverse=True)
    listing(
        [Heading(say(f"heading.{key}")) for key in ("review", "due", "held", "state", "decisions", "next_steps")],
        [
            (
                to("plan", plan=plan_id, review=row["review_id"]),
                (
                    Cell(say(f"review_kind.{row['kind']}")),
                    day_cell(row["due_date"]),
                    day_cell(row["held_date"]),
                    Cell(say(f"review_state.{review_state(row)}"), tone="bad" if row["is_overdue"] else ""),
                    Cell(row["decisions"] or ""),
                    Cell(row["next_steps"] or ""),
                ),
            )
            for row in rows
        ],
        title=say("section.reviews"),
        key="reviews",
    )


def review_state(row: Row) -> str:
    """Whether it was held on time, or not, or is overdue or still to come."""
    if row["held_date"]:
        return "on_time" if row["is_on_time"] else "off_time"
    return "overdue" if row["is_overdue"] else "to_come"
