"""A KAM never sees another KAM's account: not its name, not its plan, not a cent of it, whoever looked before."""

from __future__ import annotations

import re
from itertools import permutations, product
from pathlib import Path

import pytest
import streamlit as st

from kam_metrics.periods import PERIODS
from kam_metrics.words import LANGUAGES
from tests.canary import PLAN, told_only_to_others
from tests.pages_world import Reader, reading

SEEN = ("portfolio", "account", "profit", "plan", "alignment")
LOCAL = {"KAM_ROLE": "kam", "KAM_ID": "an"}


@pytest.fixture(scope="module")
def secret(canary_store: Path) -> re.Pattern[bytes]:
    """The canary's words and every amount of it, of the two accounts together and of nobody's money."""
    return told_only_to_others(canary_store)


def clean(reader: Reader, secret: re.Pattern[bytes], where: object) -> None:
    assert reader.errors == []
    assert (where, secret.findall(reader.bytes)) == (where, [])


def test_the_search_finds_the_canary_where_it_may_be_seen(canary_store: Path, secret: re.Pattern[bytes]) -> None:
    with reading(canary_store, {"lang": "en"}) as board:
        for page in SEEN:
            found = {text.decode().casefold() for text in secret.findall(board.open(page).bytes)}
            assert found, page
        shown = {text.decode().casefold() for text in secret.findall(board.open("plan", plan=PLAN).bytes)}
        assert {"zaadvoorraad", "piepdoel", "kooi open", "mag uit de kooi", "ontluisd"} <= shown
        found = {text.decode() for text in secret.findall(board.open("account", account="KANARIE-9").bytes)}
        assert "€654k" in found
        assert sum(text.replace(",", "").isdigit() for text in found) > 10


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_leaks_in_any_order(canary_store: Path, secret: re.Pattern[bytes], lang: str) -> None:
    st.cache_resource.clear()
    for first, second in permutations(SEEN, 2):
        with reading(canary_store, {"lang": lang}, **LOCAL) as reader:
            clean(reader.open(first), secret, first)
            clean(reader.open(second), secret, (first, second))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_leaks_after_the_board_has_looked(canary_store: Path, secret: re.Pattern[bytes], lang: str) -> None:
    st.cache_resource.clear()
    for page in SEEN:
        with reading(canary_store, {"lang": lang, "role": "board"}) as board:
            board.open(page).open("account", account="KANARIE-9").open("plan", plan=PLAN)
        with reading(canary_store, {"lang": lang}, **LOCAL) as reader:
            clean(reader.open(page), secret, page)


def test_nothing_leaks_whatever_the_address_asks(canary_store: Path, secret: re.Pattern[bytes]) -> None:
    asked = {"account": "KANARIE-9", "plan": PLAN, "kam": "bo", "me": "bo", "role": "board", "sort": "contribution"}
    for page, period, against in product(SEEN, PERIODS, ("plan", "last_year")):
        with reading(canary_store, {"lang": "en", "period": period, "against": against}, **LOCAL) as reader:
            clean(reader.open(page, **asked), secret, (page, period, against))


@pytest.mark.parametrize("as_of", ["2025-10-01", "2026-03-31", "2026-10-31", "2027-12-31"])
def test_nothing_leaks_on_another_day(canary_store: Path, secret: re.Pattern[bytes], as_of: str) -> None:
    with reading(canary_store, {"as_of": as_of, "period": "all"}, **LOCAL) as reader:
        for page in SEEN:
            clean(reader.open(page, account="KANARIE-9", plan=PLAN), secret, (page, as_of))


def test_one_session_that_changes_its_role_forgets_what_it_saw(canary_store: Path, secret: re.Pattern[bytes]) -> None:
    with reading(canary_store, {"lang": "en"}) as reader:
        reader.open("account", account="KANARIE-9")
        reader.app.selectbox(key="control.role").set_value("kam")
        reader.app.run()
        assert reader.app.selectbox(key="control.me").value == "an"
        for page in SEEN:
            clean(reader.open(page), secret, page)


def test_a_kam_without_accounts_sees_nothing(canary_store: Path, secret: re.Pattern[bytes]) -> None:
    for env in ({"KAM_ROLE": "kam"}, {"KAM_ROLE": "kam", "KAM_ID": "niemand"}, {"KAM_ID": "niemand"}):
        with reading(canary_store, **env) as reader:
            for page in SEEN:
                clean(reader.open(page), secret, (page, env))
                assert b"Aalst" not in reader.bytes


@pytest.mark.parametrize("role", ["kam", "board", "director"])
def test_the_data_page_is_refused_to_who_may_not_load(canary_store: Path, role: str) -> None:
    with reading(canary_store, KAM_ROLE=role, KAM_ID="an") as reader:
        with pytest.raises(ValueError, match=r"data\.py"):
            reader.open("data")
        assert not any(link.page == "data" for link in reader.elements("page_link"))


@pytest.mark.parametrize("page", ["portfolio", "account", "profit", "plan", "alignment", "data"])
def test_a_page_opened_around_the_guard_shows_nothing(canary_store: Path, page: str) -> None:
    from streamlit.testing.v1 import AppTest

    from tests.pages_world import ROOT

    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py")).run()
    assert [found.stack_trace for found in app.exception] != []
    assert len(app.title) + len(app.markdown) + len(app.metric) + len(app.caption) == 0
