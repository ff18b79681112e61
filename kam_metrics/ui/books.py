"""What the Data page shows of the store: every load, what is missing, what is nobody's, and whether it adds up."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kam_metrics import extracts, metrics, telling, words
from kam_metrics.extracts import KINDS, Load
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.ui import turning
from kam_metrics.ui.answers import ask
from kam_metrics.ui.cells import count_cell, currency_cell, day_cell
from kam_metrics.ui.here import current, say, to
from kam_metrics.ui.show import listing


def history() -> None:
    """Every load, newest first, each of which can be undone and redone."""
    loads = extracts.loads(current().store)
    if not loads:
        st.caption(say("empty.loads"))
        return
    _turn(loads)
    load_table(loads, title=say("section.history"), key="history")


def load_table(loads: Sequence[Load], *, title: str, key: str) -> None:
    """Loads, newest first; a row leads to everything that is known of the load."""
    lang = current().lang
    number = ("heading.rows", "heading.total")
    listing(
        [
            Heading(say("heading.load")),
            Heading(say("heading.file")),
            Heading(say("ui.kind")),
            *(Heading(say(key), is_number=True) for key in number),
            *(Heading(say(f"heading.{key}")) for key in ("who", "when", "counts")),
        ],
        [(to("data", load=str(load.load_id)), _load_cells(load, lang)) for load in reversed(loads)],
        title=title,
        key=key,
    )


def _load_cells(load: Load, lang: str) -> Sequence[Cell]:
    totals = " · ".join(words.money(lang, total, currency) for currency, total in load.total_by_currency.items())
    return (
        Cell(str(load.load_id), order=load.load_id, value=load.load_id, unit="number"),
        Cell(load.file, load.sha256),
        Cell(say(f"kind.{load.kind}")),
        count_cell(load.rows),
        Cell(totals or words.unknown(lang)),
        Cell(load.loaded_by),
        Cell(f"{words.day(lang, load.loaded_at.date())} {load.loaded_at:%H:%M} UTC", order=load.loaded_at.isoformat()),
        Cell(say("ui.done" if load.is_live else "ui.not_done"), tone="" if load.is_live else "muted"),
    )


def _turn(loads: Sequence[Load]) -> None:
    """Choose a load to undo, or one to redo."""
    by_id = {load.load_id: load for load in reversed(loads)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("ui.choose_load"),
            list(by_id),
            format_func=lambda load_id: f"{load_id} · {by_id[load_id].file}",
            key=f"turn-{len(loads)}",
        )
        turning.ask(by_id[chosen])
    turning.answer(loads)


def worklist() -> None:
    """Customer numbers that belong to no account, with their money."""
    rows: Sequence[Row] = ask(metrics.worklist)
    if not rows:
        st.caption(say("empty.worklist"))
        return
    listing(
        [Heading(say("heading.customer")), Heading(say("ui.kind")), Heading(say("heading.amount"), is_number=True),
         Heading(say("heading.rows"), is_number=True), Heading(say("heading.first")), Heading(say("heading.last"))],
        [
            (to("data", customer=row["unmapped_ref"]), (
                Cell(telling.customer(row)),
                Cell(say(f"kind.{row['origin']}")),
                currency_cell(row["amount"], row["currency"]),
                count_cell(row["line_count"]),
                day_cell(row["first_day"]),
                day_cell(row["last_day"]),
            ))
            for row in rows
        ],
        title=say("section.worklist"),
        key="worklist",
    )  # fmt: skip


def freshness() -> None:
    """Per kind of extract what was loaded, and how new its newest fact is; kinds that are missing stand there too."""
    held = {row["kind"]: row for row in metrics.freshness(current().world)}
    listing(
        [
            Heading(say("ui.kind")),
            *(Heading(say(f"heading.{key}"), is_number=True) for key in ("loads", "rows")),
            Heading(say("heading.newest")),
        ],
        [
            (to("data", kind=kind), (
                Cell(say(f"kind.{kind}"), tone="" if kind in held else "muted"),
                count_cell(held.get(kind, {}).get("loads")),
                count_cell(held.get(kind, {}).get("row_count")),
                day_cell(held.get(kind, {}).get("newest")),
            ))
            for kind in KINDS
        ],
        title=say("section.freshness"),
        key="freshness",
    )  # fmt: skip


def title() -> str:
    """How many files count, and up to which day."""
    held = metrics.freshness(current().world)
    newest = max((row["newest"] for row in held if row["newest"]), default=None)
    if not held or newest is None:
        return say("headline.data_empty")
    return say("headline.data", loads=sum(row["loads"] for row in held), day=newest)


def checks() -> None:
    """Whether the store adds up, when somebody asks."""
    if not st.button(say("ui.run_checks"), key="run-checks"):
        return
    found = metrics.reconcile(current().world)
    for one in found:
        mark = "✓" if one.ok else "▼"
        st.markdown(f"{mark} **{say(f'check_name.{one.name}')}** {' · '.join(one.differences[:10])}")
    if all(one.ok for one in found):
        st.success(say("ui.all_ok", count=len(found)))
