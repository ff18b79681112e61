"""What the Data page tells of a customer number that belongs to no account: what is booked on it, line by line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kam_metrics import metrics, telling, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.ui.answers import ask
from kam_metrics.ui.cells import currency_cell, day_cell
from kam_metrics.ui.here import current, say, to
from kam_metrics.ui.show import caption, facts, headline, listing


def tell(customer: str) -> None:
    """The lines of this number, newest first; a row leads to the load it came with."""
    lines = ask(metrics.customer_lines, customer)
    if not lines:
        headline(say("section.worklist"))
        st.warning(say("ui.no_such_customer"))
        return
    headline(say("headline.customer"))
    facts({say("heading.customer"): customer})
    caption("ui.customer_about", count=len(lines))
    lang = current().lang
    listing(
        [Heading(say("heading.document")), Heading(say("heading.day_of_posting")), Heading(say("ui.kind")),
         Heading(say("heading.line_type")), Heading(say("heading.product")),
         Heading(say("heading.amount"), is_number=True)],
        [
            (to("data", load=str(row["load_id"])), (
                Cell(row["document"] or words.unknown(lang)),
                day_cell(row["posting_date"]),
                Cell(say(f"kind.{row['origin']}")),
                Cell(telling.step(lang, row["line_type"]) if row["line_type"] else ""),
                Cell(row["product"] or ""),
                currency_cell(row["amount"], row["currency"]),
            ))
            for row in lines
        ],
        title=say("headline.customer"),
        key="customer-lines",
    )  # fmt: skip


def nobodys() -> None:
    """The money that belongs to no account, for a reader who sees everything and loads nothing."""
    rows: Sequence[Row] = ask(metrics.worklist)
    if not rows:
        st.caption(say("empty.worklist"))
        return
    lang = current().lang
    caption("ui.nobodys_about")
    facts(
        {
            f"{telling.customer(row)} · {say('kind.' + row['origin'])}": say(
                "ui.nobodys_line",
                amount=words.money(lang, row["amount"], row["currency"]),
                rows=row["line_count"],
                first=row["first_day"],
                last=row["last_day"],
            )
            for row in rows
        }
    )
