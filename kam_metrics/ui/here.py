"""One run of the app: who reads, in which language, which company, on which date; made once and then only read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from kam_metrics import words
from kam_metrics.figures import Look
from kam_metrics.settings import Settings
from kam_metrics.store import Store, World
from kam_metrics.terms import Against, Principal, Role, Slice


@dataclass(frozen=True)
class PageRow:
    """One page of the app: its file, its icon, and who may open it."""

    name: str
    icon: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class Here:
    """Everything a page may know about this run."""

    lang: str
    settings: Settings
    principal: Principal
    store: Store
    world: World
    is_demo: bool
    today: date
    seen: Slice
    against: Against
    pages: Mapping[str, object]
    """Streamlit's page per name, of the pages this reader may open."""

    @property
    def look(self) -> Look:
        """Language and theme of the charts."""
        return Look(self.lang, "dark" if st.context.theme.type == "dark" else "light")


_HERE: ContextVar[Here] = ContextVar("here")


@contextmanager
def here(run: Here) -> Iterator[Here]:
    """Make a run current; a page opened outside of one has no data to show."""
    token = _HERE.set(run)
    try:
        yield run
    finally:
        _HERE.reset(token)


@contextmanager
def looking_at(seen: Slice) -> Iterator[None]:
    """Narrow what this part of a page looks at."""
    with here(replace(current(), seen=seen)):
        yield


def current() -> Here:
    """The run this page belongs to; LookupError when somebody opened the page around the guard."""
    return _HERE.get()


def say(key: str, **values: object) -> str:
    """Words in the reader's language."""
    return words.say(current().lang, key, **values)


def allowed(name: str) -> bool:
    """Whether this reader may open a page."""
    return name in current().pages


@dataclass(frozen=True)
class Way:
    """Where something leads: a page, and the part of its address that says what to show there."""

    page: str
    query: Mapping[str, str]

    @property
    def address(self) -> str:
        """The page and its query in one text."""
        return f"{self.page}?{urlencode(self.query)}"


def to(page: str, **query: str) -> Way:
    """The way to a page."""
    return Way(page, query)


def whose(**more: str | None) -> dict[str, str]:
    """The part of an address that says which account or group this is about; with more, what of it is given."""
    seen = current().seen
    asked = {"account": seen.account_id, "group": seen.group_id, **more}
    return {name: value for name, value in asked.items() if value}


def nobodys() -> Way:
    """Where money that belongs to no account is given a place, or told to whoever may not load."""
    return to("data") if allowed("data") else to("account", customer="all")


def goto(name: str, **query: str) -> None:
    """Open another page, the controls staying as they are."""
    st.switch_page(current().pages[name], query_params=_query(query))  # type: ignore[arg-type]


def link(way: Way) -> str:
    """The address in a browser of where something leads, the controls staying as they are."""
    return f"{way.page}?{urlencode(_query(way.query))}"


def page_link(name: str, label: str, **query: str) -> None:
    """A link to another page, for a reader who may open it."""
    if allowed(name):
        st.page_link(current().pages[name], label=label, icon=":material/arrow_forward:", query_params=_query(query))  # type: ignore[arg-type]


def _query(query: Mapping[str, str]) -> dict[str, str]:
    kept = {name: st.query_params[name] for name in st.query_params if name not in OF_ONE_PAGE}
    return {**kept, **query}


OF_ONE_PAGE = frozenset(
    {
        *("account", "plan", "objective", "milestone", "review", "element", "function", "sort", "load", "kind"),
        *("customer", "what_if", "lose", "days", "percent", "minimum", "activity", "decision", "decisions", "weights"),
        *("step", "part", "group", "product"),
    }
)
"""Parts of the address that mean something on one page only."""
