"""What a page says where a figure is not known: why, what is known of it nonetheless, and which file would tell."""

from __future__ import annotations

import streamlit as st

from kam_metrics import metrics, words
from kam_metrics.metrics.answer import Answer
from kam_metrics.ui.answers import ask, measure
from kam_metrics.ui.here import current, nobodys, page_link, say
from kam_metrics.ui.show import amount, empty, literal

WITHOUT_A_FILE = {"no_gross_sales": "empty.sales", "no_receivables": "empty.receivables"}
"""Reasons that come down to a file that was never loaded, and what is said then."""


def nothing_sold() -> bool:
    """Whether there are no sales to tell of, which is said; sales that only lack a rate are told as far as known."""
    reason = _reason("net_sales")
    if not reason:
        return False
    if current().principal.kam_scope is not None and not ask(metrics.has_accounts):
        empty("empty.yours")
    else:
        box("net_sales")
    return not reason.startswith("no_rate")


def box(key: str) -> None:
    """Why a figure is unknown, with the way to load the file that would tell."""
    reason = _reason(key)
    if reason in WITHOUT_A_FILE:
        empty(WITHOUT_A_FILE[reason])
        return
    told = literal(words.why(current().lang, reason or "no_facts"))
    with st.container(border=True):
        st.markdown(f":material/info: {told}")
        if reason.startswith("no_rate"):
            st.markdown(say("unknown.in_currencies", amounts=_in_currencies(key)))
        page_link("data", say("ui.load_a_file"))


def _reason(key: str) -> str:
    answer = measure(key)
    return answer.why(answer.only).get(key, "")


def _in_currencies(key: str) -> str:
    rows = measure(key, by=["currency"]).rows
    return " · ".join(words.money(current().lang, row[key], row["currency"]) for row in rows)


def line(answer: Answer, *keys: str) -> str:
    """Figures with their names in one line; below it, of those that are unknown, why."""
    lang, row = current().lang, answer.only
    known = [f"{say(f'measure.{key}')} **{amount(key, row[key])}**" for key in keys if row[key] is not None]
    whys: dict[str, list[str]] = {}
    for key, reason in answer.why(row).items():
        if key in keys:
            whys.setdefault(words.why(lang, reason), []).append(say(f"measure.{key}"))
    if not known and len(whys) == 1:
        return next(iter(whys))
    told = [f":gray[{', '.join(names)}: {literal(why)}]" for why, names in whys.items()]
    return "  \n".join([" · ".join(known), *told] if known else told)


def left_out_of_the_curve() -> None:
    """How many accounts the whale curve leaves out because their contribution is unknown."""
    rows = measure("contribution", by=["account_id", "account_name"]).rows
    if count := sum(row["contribution"] is None for row in rows):
        st.caption(say("what_if.left_out", count=count))


def nobodys_items() -> None:
    """How many customer numbers owe or pay without belonging to an account, and the way to assign them."""
    rows = [row for row in ask(metrics.worklist) if row["origin"] == "receivables"]
    if rows:
        st.markdown(say("unknown.nobodys_items", count=len(rows)))
        way = nobodys()
        page_link(way.page, say("section.worklist"), **way.query)
