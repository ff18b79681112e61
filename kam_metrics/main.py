"""The script that Streamlit runs for every reader: who is here, what they look at, and which page they open."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import streamlit as st

from kam_metrics import words
from kam_metrics.metrics import default_as_of, kam_names, newest_fact
from kam_metrics.periods import beginning, periods
from kam_metrics.reader import narrowed
from kam_metrics.settings import Settings, read_settings
from kam_metrics.store import World
from kam_metrics.terms import LOCAL_OWNER, CreditNotes, Principal, Role, Slice
from kam_metrics.ui import Here, here
from kam_metrics.ui.answers import of_company
from kam_metrics.ui.boundary import boundary
from kam_metrics.ui.company import Company, banner, open_company
from kam_metrics.ui.controls import choice, day, repeat_address
from kam_metrics.ui.here import PageRow

_PAGES = Path(__file__).parent.parent / "pages"
_ASSETS = Path(__file__).parent / "assets"
EVERYONE = frozenset(Role)


PAGES = (
    PageRow("portfolio", ":material/monitoring:", EVERYONE),
    PageRow("account", ":material/domain:", EVERYONE),
    PageRow("profit", ":material/waterfall_chart:", EVERYONE),
    PageRow("plan", ":material/flag:", EVERYONE),
    PageRow("alignment", ":material/diversity_3:", EVERYONE),
    PageRow("data", ":material/upload_file:", frozenset({Role.ANALYST})),
)
HOME = {Role.BOARD: "portfolio", Role.DIRECTOR: "portfolio", Role.KAM: "plan", Role.ANALYST: "portfolio"}
"""Where each reader begins."""
Pick = Callable[..., str]
"""A choice of one of a few, drawn while the menu of the view is open."""
OWNER = "owner"
"""The reader of local mode who has every role at once."""


def main() -> None:
    """Everything around a page, then the page."""
    # Without an icon Streamlit fetches that of the page from elsewhere; a file it would send anew at every visit.
    st.set_page_config(page_title="KAM Metrics", page_icon="/kam/assets/icon-64.png", layout="wide")
    st.html(_ASSETS / "app.css")
    with boundary(words.LANGUAGES[0]):
        settings = read_settings(os.environ)
        company = open_company(settings)
        with company.store.read() as world:
            _open(settings, company, world)


def _open(settings: Settings, company: Company, world: World) -> None:
    run = _here(settings, company, world)
    with boundary(run.lang), here(run):
        page = st.navigation([_landing(run), *run.pages.values()], position="top")  # type: ignore[list-item]
        repeat_address()
        banner(company)
        page.run()


def _here(settings: Settings, company: Company, world: World) -> Here:
    with st.container(horizontal=True, vertical_alignment="bottom", key="view"):
        lang = choice(
            "lang",
            words.LANGUAGES,
            settings.lang,
            "Taal · Language",
            str.upper,
            as_buttons=True,
            visibility="collapsed",
        )
        view = st.popover(words.say(lang, "control.view"), icon=":material/tune:", key="view-menu", on_change="rerun")
    pick = partial(choice, is_drawn=bool(view.open))
    kams = of_company(company.store, world, kam_names)
    with view:
        principal = _principal(lang, kams, pick)
        today = datetime.now(UTC).astimezone().date()
        newest = of_company(company.store, world, newest_fact)
        as_of = day(
            "as_of", default_as_of(newest, today, settings.stale_after_days), words.say(lang, "control.as_of"),
            language=lang, is_drawn=bool(view.open),
        )  # fmt: skip
        seen = _slice(lang, kams, principal, as_of, settings.fiscal_year_start, pick)
        against = pick(
            "against", ("last_year", "plan"), "last_year", words.say(lang, "control.against"),
            lambda name: words.say(lang, f"against.{name}"), as_buttons=True,
        )  # fmt: skip
        notes = pick(
            "credit_notes", tuple(CreditNotes), CreditNotes.INVOICE, words.say(lang, "control.credit_notes"),
            lambda name: words.say(lang, f"credit_notes.{name}"), as_buttons=True,
        )  # fmt: skip
        seen = replace(seen, credit_notes=CreditNotes(notes))
    roles = principal.roles
    pages = {
        row.name: st.Page(
            _PAGES / f"{row.name}.py", title=words.say(lang, f"page.{row.name}"), icon=row.icon, url_path=row.name
        )
        for row in PAGES
        if row.roles & roles
    }
    return Here(lang, settings, principal, company.store, world, company.is_demo, today, seen, against, pages)  # type: ignore[arg-type]


def _principal(lang: str, kams: Mapping[str, str], pick: Pick) -> Principal:
    """In local mode the reader chooses a role; KAM_ROLE and KAM_ID leave no choice."""
    if fixed := narrowed(os.environ):
        return fixed
    chosen = pick(
        "role", (OWNER, *Role), OWNER, words.say(lang, "control.role"), lambda name: words.say(lang, f"role.{name}")
    )
    if chosen == OWNER:
        return LOCAL_OWNER
    role = Role(chosen)
    if role is not Role.KAM:
        return Principal("local", frozenset({role}))
    if not kams:
        return Principal("local", frozenset({role}), "")
    kam_id = pick("me", tuple(kams), next(iter(kams)), words.say(lang, "control.me"), lambda kam: kams[kam])
    return Principal("local", frozenset({role}), kam_id)


def _slice(
    lang: str, kams: Mapping[str, str], principal: Principal, as_of: date, fiscal_start: int, pick: Pick
) -> Slice:
    period = pick(
        "period",
        periods(fiscal_start),
        "12m",
        words.say(lang, "control.period"),
        lambda name: words.say(lang, f"period.{name}"),
    )
    kam_id = None
    if principal.kam_scope is None and kams:
        chosen = pick(
            "kam", ("all", *kams), "all", words.say(lang, "control.kam"),
            lambda kam: kams.get(kam) or words.say(lang, "control.all_kams"),
        )  # fmt: skip
        kam_id = None if chosen == "all" else chosen
    first = beginning(period, as_of, fiscal_start)
    return Slice(as_of, first, kam_scope=principal.kam_scope, kam_id=kam_id, fiscal_start=fiscal_start)


def _landing(run: Here) -> object:
    """The page Streamlit opens without a path: it has none of its own, so it sends the reader home."""
    home = run.pages[HOME[min(run.principal.roles)]]

    def land() -> None:
        st.switch_page(home, query_params=dict(st.query_params))  # type: ignore[arg-type]

    return st.Page(land, title="KAM Metrics", default=True, visibility="hidden")


if __name__ == "__main__":
    main()
