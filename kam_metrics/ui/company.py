"""Which company the reader looks at: their own, or the invented one while theirs is empty; the two never mix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from weakref import WeakSet

import streamlit as st

from kam_metrics.settings import Settings
from kam_metrics.store import Store, holds_loads, noted
from kam_metrics.ui.here import say

_EMPTY = "begin_empty"
_FILLED: WeakSet[Store] = WeakSet()
"""Stores that held a load: nothing is ever deleted, so they always will."""


@dataclass(frozen=True)
class Company:
    """The store to show, the reader's own store and whether that is empty, and whether what is shown is invented."""

    store: Store
    own: Store
    is_empty: bool
    is_demo: bool


def open_company(settings: Settings) -> Company:
    """The reader's own store as soon as it holds anything, or when they asked to begin empty."""
    own = Store.at(settings.store, settings)
    if own in _FILLED:
        return Company(own, own, is_empty=False, is_demo=False)
    with own.read() as world:
        is_empty, begins_empty = not holds_loads(world), noted(world, _EMPTY) == "yes"
    if not is_empty:
        _FILLED.add(own)
    if not is_empty or begins_empty or not _demo(own).is_file():
        return Company(own, own, is_empty, is_demo=False)
    return Company(Store.at(_demo(own), settings), own, is_empty, is_demo=True)


def _demo(own: Store) -> Path:
    return own.path.with_name("demo.duckdb")


def banner(company: Company) -> None:
    """Says that a company is invented, with the way out; and the way back in while the reader's own is empty."""
    if company.is_demo:
        with st.container(horizontal=True, vertical_alignment="center", key="demo-banner"):
            st.markdown(f":material/science: **{say('ui.demo_title')}** {say('ui.demo_text')}", width="stretch")
            if st.button(say("ui.start_empty"), key="start-empty"):
                company.own.note(_EMPTY, "yes")
                st.rerun()
    elif company.is_empty and _demo(company.own).is_file():
        with st.container(horizontal=True, vertical_alignment="center", key="empty-banner"):
            st.markdown(f":material/inbox: {say('ui.empty_text')}", width="stretch")
            if st.button(say("ui.show_demo"), key="show-demo"):
                company.own.note(_EMPTY, "no")
                st.rerun()
