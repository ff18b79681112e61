"""Every page opens for every role in every language, however little or much there is to show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kam_metrics.words import LANGUAGES
from tests.pages_world import PAGES, ROLES, Reader, reading

Small = Callable[[str], Path]
EVERY = 4
"""One row in so many is followed: each is a whole page."""


def opens_everywhere(store: Path, role: str, lang: str) -> None:
    with reading(store, {"role": role, "lang": lang}) as reader:
        assert_sound(reader, "home")
        for page in PAGES:
            if page == "data" and role not in {"owner", "analyst"}:
                continue
            reader.open(page)
            assert_sound(reader, page)


def assert_sound(reader: Reader, page: str) -> None:
    assert (page, reader.errors) == (page, [])
    assert reader.title, f"{page} says nothing"
    assert b"Traceback" not in reader.bytes


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_on_an_empty_store(empty_store: Path, role: str, lang: str) -> None:
    opens_everywhere(empty_store, role, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_with_one_account_and_no_facts(one_account: Path, role: str, lang: str) -> None:
    opens_everywhere(one_account, role, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_with_two_kams_and_unmapped_money(canary_store: Path, role: str, lang: str) -> None:
    opens_everywhere(canary_store, role, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_on_a_small_company(small_demo: Small, role: str, lang: str) -> None:
    opens_everywhere(small_demo(lang), role, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_on_the_invented_company(large_demo: Path, role: str, lang: str) -> None:
    opens_everywhere(large_demo, role, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_row_of_a_table_leads_to_a_page_that_opens(small_demo: Small, lang: str) -> None:
    with reading(small_demo(lang), {"lang": lang}) as reader:
        for page, name in (("account", "account"), ("plan", "plan")):
            (table,) = reader.open(page).tables()
            asked = [row["id"] for row in table["rows"] if row["id"]]
            assert len(asked) >= 20
            for row_id in asked[::EVERY]:
                assert_sound(reader.open(page, **{name: row_id}), f"{page} {row_id}")
                assert reader.tables() != [table], f"{row_id} is not shown"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_account_and_a_plan_that_are_not_there_are_said_so(small_demo: Small, lang: str) -> None:
    with reading(small_demo(lang), {"lang": lang}) as reader:
        for page in ("account", "plan", "alignment"):
            reader.open(page, **{"account" if page != "plan" else "plan": "NOWHERE"})
            assert_sound(reader, page)
            assert len(reader.app.warning) == 1, page
            assert b"NOWHERE" not in reader.bytes
