"""Every page opens for every role in every language, however little or much there is to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from kam_metrics.words import LANGUAGES
from tests.pages_world import PAGES, ROLES, Reader, reading

Small = Callable[[str], Path]


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


@pytest.mark.parametrize("store_name", ["small_demo", "canary_store"])
@pytest.mark.parametrize("role", ROLES)
def test_every_row_of_every_table_leads_to_a_page_of_this_reader(
    request: pytest.FixtureRequest, store_name: str, role: str
) -> None:
    made = request.getfixturevalue(store_name)
    with reading(made("en") if callable(made) else made, {"lang": "en", "role": role}) as reader:
        pages = [page for page in PAGES if page != "data" or role in {"owner", "analyst"}]
        seen, waiting = Counter[str](), list(pages)
        while waiting:
            address = waiting.pop(0)
            assert_sound(reader.follow(address), address)
            for table in reader.tables():
                addresses = [way(row["id"]) for row in table["rows"]]
                assert {told.partition("?")[0] for told in addresses} <= set(pages), address
                for told in addresses:
                    seen[shape(told)] += 1
                    waiting += [told] * (seen[shape(told)] <= MOST)
            waiting.sort(key=lambda told: "as_of=" in told)  # after another day every page shows that day
    ours = {
        "account?account",
        "plan?plan",
        "plan?plan&milestone",
        "profit?as_of&period",
        "alignment?element",
        "alignment?function",
    }
    assert ours <= set(seen)
    assert ({"data?load", "data?kind"} <= set(seen)) is ("data" in pages)


MOST = 4
"""So many rows that lead to the same kind of page are followed: each is a whole page."""


def way(row_id: str) -> str:
    """Where a row leads; one of the matrix is an account."""
    return row_id if "?" in row_id else f"account?account={row_id}"


def shape(address: str) -> str:
    """What kind of page an address is about."""
    page, _, query = address.partition("?")
    return f"{page}?{'&'.join(name for name, _ in parse_qsl(query))}"


def test_a_row_that_leads_to_one_thing_shows_it(small_demo: Small) -> None:
    with reading(small_demo("en"), {"lang": "en"}) as reader:
        plans = [row["id"] for row in reader.open("plan").tables()[0]["rows"] if row["id"].startswith("plan?")]
        tables = reader.follow(plans[0]).tables()
        assert len(tables) == 3
        for table in tables:
            for row in table["rows"][:2]:
                told = "\n".join(reader.follow(row["id"]).texts)
                assert row["cells"][0]["text"] in told
                assert "Back to the plan" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_account_and_a_plan_that_are_not_there_are_said_so(small_demo: Small, lang: str) -> None:
    with reading(small_demo(lang), {"lang": lang}) as reader:
        for page in ("account", "plan", "alignment"):
            reader.open(page, **{"account" if page != "plan" else "plan": "NOWHERE"})
            assert_sound(reader, page)
            assert len(reader.app.warning) == 1, page
            assert b"NOWHERE" not in reader.bytes
