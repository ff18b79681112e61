"""What the Alignment page tells of one element, or of how one function sees all seven."""

from __future__ import annotations

import streamlit as st

from kam_metrics import metrics, telling, words
from kam_metrics.matrix.listing import Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import Element, Slice
from kam_metrics.ui import agreement
from kam_metrics.ui.answers import ask
from kam_metrics.ui.here import current, say, to
from kam_metrics.ui.show import facts, function_name, listing, section


def tell(seen: Slice) -> bool:
    """The element or the function that the address asks for; False when it asks for none that was measured."""
    element, function = st.query_params.get("element"), st.query_params.get("function")
    row = next((row for row in agreement.elements(seen) if row["element"] == element), None)
    if row:
        _element(seen, row)
        return True
    rows = [row for row in ask(metrics.function_rows, seen=seen) if function and row["function"] == function]
    if rows:
        section("ui.seen_by", function=function_name(rows[0]["function"]))
        facts({say(f"matrix.{row['element']}"): _score(row) for row in rows})
    return bool(rows)


def _score(row: Row) -> str:
    """Level, people, change and what may be said of them."""
    lang = current().lang
    if row["element_score"] is None:
        return words.why(lang, "too_few_people")
    level = words.number(lang, row["element_score"], 2)
    return say("ui.score_line", level=level, people=row["element_n"], change=telling.element_change(lang, row))


def _element(seen: Slice, row: Row) -> None:
    lang = current().lang
    section(f"matrix.{row['element']}")
    facts(
        {
            say("measure.element_score"): _score(row),
            say("heading.response"): words.share(lang, row["response"], 0),
            say("measure.agreement_ad"): words.number(lang, row["agreement_ad"], 2),
            say("heading.smallest_change"): words.number(lang, row["smallest_change"], 2),
            say("heading.verdict"): telling.verdict(lang, row),
        }
    )
    by_function = [one for one in ask(metrics.function_rows, seen=seen) if one["element"] == row["element"]]
    if by_function:
        section("section.functions")
        facts({function_name(one["function"]): _score(one) for one in by_function})
    if seen.account_id is None:
        _accounts(Element(row["element"]))


def _accounts(element: Element) -> None:
    """The accounts by their score on this element, lowest first; a row leads to the same element of the account."""
    rows = [row for row in ask(metrics.element_rows) if row["element"] == element and row["account_id"]]
    rows.sort(key=lambda row: (row["element_score"] is None, row["element_score"] or 0, row["account_id"]))
    section("section.by_account")
    listing(
        [
            Heading(say("heading.account")),
            Heading(say("measure.element_score"), is_number=True),
            Heading(say("measure.element_change"), is_number=True),
        ],
        [
            (
                to("alignment", account=row["account_id"], element=element),
                agreement.account_cells(row),
            )
            for row in rows
        ],
        title=say(f"matrix.{element}"),
        key="element-accounts",
    )
