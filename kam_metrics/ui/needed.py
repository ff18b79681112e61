"""Decisions needed on the pages: the ten with most money first, all of them when asked, or those of one account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from kam_metrics import agenda, metrics, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.decisions import SHOWN
from kam_metrics.store import World
from kam_metrics.terms import Slice
from kam_metrics.ui.answers import ask
from kam_metrics.ui.cells import day_cell
from kam_metrics.ui.here import Way, current, page_link, say, to
from kam_metrics.ui.show import listing

_HEADINGS = ("what", "money", "owner", "age", "due")


def rows(*, with_done: bool = False) -> Sequence[Row]:
    """Everything that asks this reader for a decision, whatever the period of the page."""
    run = current()
    seen = replace(run.seen, from_date=None, to_date=None)
    return ask(metrics.decisions, seen=replace(seen, account_id=None), with_done=with_done)


def of(account_id: str) -> Sequence[Row]:
    """What one account asks."""
    return [row for row in rows() if row["account_id"] == account_id]


def by_account() -> Mapping[str | None, Sequence[str]]:
    """What every account asks, each in a sentence."""
    told: dict[str | None, list[str]] = defaultdict(list)
    for row in rows():
        told[row["account_id"]].append(agenda.told(current().lang, row))
    return told


def table() -> None:
    """The first ten decisions, or all; a row leads to the decision."""
    found = rows()
    if not found:
        st.caption(say("empty.decisions"))
        return
    is_whole = "decisions" in st.query_params or len(found) <= SHOWN
    _listing(found if is_whole else found[:SHOWN], "decisions")
    if not is_whole:
        page_link("portfolio", say("ui.all_decisions", count=len(found)), decisions="all")
    elif len(found) > SHOWN:
        page_link("portfolio", say("ui.first_decisions", count=SHOWN))


def of_account(account_id: str) -> None:
    """What the account of this page asks."""
    found = of(account_id)
    if found:
        _listing(found, "account-decisions", of_one=True)
    else:
        st.caption(say("empty.decisions"))


def _listing(found: Sequence[Row], key: str, *, of_one: bool = False) -> None:
    """A row leads to its decision; of one account its name goes without saying."""
    names = ("subject" if of_one else "account", *_HEADINGS)
    headings = [Heading(say(f"decision_column.{name}"), is_number=name in ("money", "age")) for name in names]
    ids = tuple(row["decision_id"] for row in found)
    listing(headings, ask(_told, current().lang, ids, of_one), title=say("section.decisions"), key=key)


def _told(
    _world: World, _seen: Slice, lang: str, ids: Sequence[str], of_one: bool
) -> Sequence[tuple[Way, Sequence[Cell]]]:
    """What stands in the table of these decisions."""
    first = agenda.subject if of_one else agenda.about
    told = [row for row in rows() if row["decision_id"] in ids]
    return [(to("portfolio", decision=row["decision_id"]), (Cell(first(lang, row)), *_cells(row))) for row in told]


def _cells(row: Row) -> Sequence[Cell]:
    lang = current().lang
    money, age = row["money"], row["age_days"]
    order = None if money is None else float(money)
    return (
        Cell(agenda.told(lang, row), agenda.asked(lang, row)),
        Cell(words.thousands(lang, money), agenda.money(lang, row), order, value=money, unit="EUR"),
        Cell(agenda.owner(lang, row)),
        Cell(agenda.age(lang, row), agenda.since(lang, row), age, value=age, unit="count"),
        replace(day_cell(row["due"]), tone="bad" if row["is_late"] else ""),
    )
