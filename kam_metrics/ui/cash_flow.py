"""What the Profit & cash page tells of money: both forms of the cash flow, and whether the receipts explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from kam_metrics import figures, metrics, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.ui.answers import ask, drawn, measure
from kam_metrics.ui.cells import currency_cell, day_cell
from kam_metrics.ui.here import Way, current, nobodys, say, to
from kam_metrics.ui.show import chart, listing

BOTH = ("operating_cash_flow_direct", "operating_cash_flow", "cash_conversion")
MOST_UNEXPLAINED = 10


def both_forms() -> None:
    """The cash flow from the money and from the profit beside each other, each in steps that add up."""
    run, answer = current(), measure(*BOTH)
    told, why = ask(metrics.cash_steps), answer.why(answer.only)
    for key, column in zip(BOTH, st.columns(2, gap="large"), strict=False):
        with column:
            st.markdown(f"**{say(f'cash.{key}')}**")
            if told[key]:
                steps = [{**step, "label": _part_name(step["key"])} for step in told[key]]
                chart(drawn(figures.waterfall, steps), key=f"cash-{key}")
            else:
                st.markdown(words.why(run.lang, why[key]))
    st.markdown(_conversion(answer.only["cash_conversion"], why.get("cash_conversion")))
    days = run.settings.supplier_days
    st.caption(say("cash.about", suppliers=say("cash.suppliers" if days else "cash.no_suppliers", days=days)))


def _part_name(key: str) -> str:
    name = f"cash_part.{key}"
    return say(name if words.has(current().lang, name) else f"measure.{key}")


def _conversion(share: float | None, why: str | None) -> str:
    lang = current().lang
    told = words.share(lang, share) if why is None else words.why(lang, why)
    return f"{say('measure.cash_conversion')}: **{told}**"


def reconciliation() -> None:
    """Per month what must have come in by what stood open, beside what was booked; then what nobody explains."""
    rows = ask(metrics.receipts)
    strange = sorted((row for row in rows if metrics.is_unexplained(row)), key=lambda row: -abs(row["unexplained"]))
    if not rows:
        st.markdown(say("cash.no_receipts"))
        return
    st.markdown(say("cash.unexplained" if strange else "cash.explained", count=len(rows), strange=len(strange)))
    with st.expander(say("cash.by_period")):
        _listing("receipts", [(_month(row), _cells(row)) for row in reversed(metrics.receipts_by_period(rows))])
    if strange:
        st.caption(say("cash.largest", shown=len(strange[:MOST_UNEXPLAINED])))
        _listing("unexplained", [(_account(row), _cells(row, _name(row))) for row in strange[:MOST_UNEXPLAINED]])


def _listing(key: str, rows: Sequence[tuple[Way, Sequence[Cell]]]) -> None:
    named = [Heading(say("heading.month"))] + [Heading(say("heading.account"))] * (key == "unexplained")
    amounts = [Heading(say(f"cash_part.{part}"), is_number=True) for part in metrics.RECEIPT_PARTS]
    listing([*named, *amounts], rows, title=say(f"cash.{key}_title"), key=key)


def _cells(row: Row, *names: str) -> Sequence[Cell]:
    """A month is named after its last day; two lists of open items may lie in one month."""
    amounts = [currency_cell(row[part], row["currency"], 0) for part in metrics.RECEIPT_PARTS]
    return (day_cell(row["until_day"]), *(Cell(name) for name in names), *amounts)


def _month(row: Row) -> Way:
    """This page as it stood at the end of the month or on the day of the list."""
    seen = current().seen
    account = {"account": seen.account_id} if seen.account_id else {}
    return to("profit", as_of=min(row["until_day"], seen.as_of).isoformat(), period="month", **account)


def _known(row: Row) -> Row | None:
    return ask(metrics.account, seen=replace(current().seen, account_id=row["account"]))


def _name(row: Row) -> str:
    known = _known(row)
    return str(known["account_name"] if known else row["account"])


def _account(row: Row) -> Way:
    """To the account in that month; money without one leads to the customer numbers it is booked on."""
    if _known(row):
        day = min(row["until_day"], current().seen.as_of)
        return to("profit", account=row["account"], as_of=day.isoformat(), period="month")
    return nobodys()
