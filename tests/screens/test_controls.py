"""The address and the controls say the same: a link shows its reader what its sender saw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kam_metrics.periods import PERIODS
from kam_metrics.words import LANGUAGES, say
from tests.pages_world import ROLES, TODAY, Reader, reading

Copied = Callable[[Path], Path]
ADDRESS = {"lang": "en", "period": "ytd", "against": "plan", "as_of": "2026-10-31", "kam": "an", "role": "board"}


def control(reader: Reader, name: str) -> object:
    return reader.app.session_state[f"control.{name}"]


def asked(reader: Reader) -> dict[str, str]:
    """The address after the run, each name once."""
    told = reader.app.query_params
    return {name: value if isinstance(value, str) else value[-1] for name, value in told.items()}


@pytest.mark.parametrize(("name", "value"), ADDRESS.items())
def test_what_the_address_says_the_control_shows(canary_store: Path, name: str, value: str) -> None:
    with reading(canary_store, {name: value}) as reader:
        assert str(control(reader, name)) == value
        assert asked(reader) == {name: value}


def test_a_whole_view_survives_the_way_through_address_and_controls(canary_store: Path) -> None:
    with reading(canary_store, ADDRESS) as reader:
        assert asked(reader) == ADDRESS
        first = reader.texts
    with reading(canary_store, asked(reader)) as other:
        assert other.texts == first


def test_a_control_that_changes_is_told_to_the_address(canary_store: Path) -> None:
    with reading(canary_store) as reader:
        reader.app.selectbox(key="control.period").set_value("month")
        assert asked(reader.run()) == {"period": "month"}
        reader.app.selectbox(key="control.period").set_value("12m")
        assert asked(reader.run()) == {}


def test_a_closed_menu_draws_no_control_and_keeps_what_was_chosen(
    canary_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(canary_store, {"lang": "en"}) as reader:
        reader.open("portfolio").app.selectbox(key="control.period").set_value("ytd")
        chosen = reader.run().app.caption[0].value
        monkeypatch.setattr(Reader, "unfolds", False)
        for _ in range(3):
            assert reader.run().app.caption[0].value == chosen
            assert not reader.app.selectbox
            assert not reader.elements("download_button")
        assert asked(reader) == {"lang": "en", "period": "ytd"}
        monkeypatch.setattr(Reader, "unfolds", True)
        assert reader.run().app.selectbox(key="control.period").value == "ytd"
        assert reader.elements("download_button")


def test_the_address_wins_once_and_then_the_control_does(canary_store: Path) -> None:
    with reading(canary_store, {"period": "quarter"}) as reader:
        reader.app.selectbox(key="control.period").set_value("all")
        assert asked(reader.run()) == {"period": "all"}
        assert control(reader.run(), "period") == "all"
        reader.app.query_params = {"period": "ytd"}
        assert control(reader.run(), "period") == "ytd"


def test_controls_stay_on_the_way_to_another_page(canary_store: Path) -> None:
    with reading(canary_store, {"lang": "en", "period": "month"}) as reader:
        reader.app.query_params = {}
        reader.open("account")
        assert asked(reader) == {"lang": "en", "period": "month"}


@pytest.mark.parametrize(
    "query",
    [
        {"lang": "de"}, {"lang": ""}, {"period": "forever"}, {"against": "budget"}, {"role": "god"}, {"kam": "nobody"},
        {"role": "kam", "me": "nobody"}, {"as_of": "soon"}, {"as_of": "2026-02-30"}, {"as_of": "0001-01-01"},
        {"as_of": "9999-12-31"}, {"as_of": "1999-12-31"}, {"sort": "'; drop table account"}, {"anything": "else"},
    ],
    ids=str,
)  # fmt: skip
def test_what_the_address_cannot_mean_is_passed_over(canary_store: Path, query: dict[str, str]) -> None:
    with reading(canary_store, query) as reader:
        for page in ("portfolio", "account", "profit", "plan", "alignment"):
            assert reader.open(page).errors == []
            assert reader.title


def test_figures_stand_on_the_day_in_the_address(canary_store: Path) -> None:
    with reading(canary_store, {"lang": "en", "as_of": "2026-03-31", "period": "all"}) as reader:
        assert "As of 31 Mar 2026 · everything up to 31 Mar 2026" in "".join(c.value for c in reader.app.caption)


@pytest.mark.parametrize("period", PERIODS)
def test_every_period_is_said_on_the_page(canary_store: Path, period: str) -> None:
    began = {"12m": "1 Dec 2025", "ytd": "1 Jan 2026", "quarter": "1 Oct 2026", "month": "1 Nov 2026"}
    query = {"lang": "en", "period": period, "as_of": TODAY.isoformat()}
    with reading(canary_store, query) as reader:
        said = f"{began[period]} to 20 Nov 2026" if period in began else "everything up to 20 Nov 2026"
        assert f"As of 20 Nov 2026 · {said}" in "".join(c.value for c in reader.app.caption)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_a_role_that_the_installation_fixes_is_no_choice(canary_store: Path, role: str) -> None:
    with reading(canary_store, {"role": "owner", "me": "bo"}, KAM_ROLE=role, KAM_ID="an") as reader:
        assert reader.errors == []
        assert {"control.role", "control.me"}.isdisjoint(box.key for box in reader.app.selectbox)
        assert any(link.page == "data" for link in reader.elements("page_link")) <= (role == "analyst")


@pytest.mark.parametrize("name", ["boss", "owner", "", "kam,board"])
def test_a_role_nobody_knows_is_refused_in_one_sentence(canary_store: Path, name: str) -> None:
    with reading(canary_store, KAM_ROLE=name) as reader:
        (error,) = reader.errors
        assert "KAM_ROLE" in error
        assert reader.tables() == []
        assert b"Aalst" not in reader.bytes


def test_a_setting_that_cannot_be_is_refused_in_one_sentence(canary_store: Path) -> None:
    for name, value in {"KAM_LANG": "de", "KAM_CAPITAL_RATE": "much", "KAM_THREADS": "two"}.items():
        with reading(canary_store, **{name: value}) as reader:
            (error,) = reader.errors
            assert value in error


def test_a_store_that_is_no_store_is_refused_in_one_sentence(tmp_path: Path) -> None:
    foreign = tmp_path / "kam.duckdb"
    foreign.write_text("somebody's notes")
    with reading(foreign) as reader:
        (error,) = reader.errors
        assert "kam.duckdb" in error
        assert str(tmp_path) not in error
    assert foreign.read_text() == "somebody's notes"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_invented_company_is_marked_and_one_click_from_empty(large_demo: Path, copied: Copied, lang: str) -> None:
    copied(large_demo.with_name("demo.duckdb"))
    own = copied(large_demo)
    with reading(own, {"lang": lang}) as reader:
        for page in ("portfolio", "account", "profit", "plan", "alignment", "data"):
            assert say(lang, "ui.demo_title") in "".join(reader.open(page).texts), page
        assert not reader.elements("file_uploader")
        reader.app.button(key="start-empty").click()
        reader.run()
        assert say(lang, "ui.demo_title") not in "".join(reader.texts)
        assert reader.elements("file_uploader")
        reader.open("portfolio")
        assert say(lang, "empty.sales") in "".join(reader.texts)
        reader.app.button(key="show-demo").click()
        reader.run()
        assert say(lang, "ui.demo_title") in "".join(reader.texts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_page_names_the_file_that_fills_it_and_where_to_load_it(empty_store: Path, lang: str) -> None:
    with reading(empty_store, {"lang": lang}) as reader:
        for page, key in (
            ("portfolio", "sales"),
            ("account", "accounts"),
            ("plan", "plans"),
            ("alignment", "alignment"),
        ):
            reader.open(page)
            assert any(say(lang, f"empty.{key}") in text for text in reader.texts), page
            assert [link.page for link in reader.elements("page_link")] == ["data"]
