"""Who may close months finds a place to do so: the analyst on the Data page, the director on Profit & cash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kam_metrics.extracts import closings
from kam_metrics.store import Store
from tests.pages_world import Reader, reading
from tests.screens.test_upload import texts

PAGES = ("portfolio", "account", "profit", "plan", "alignment")
Copied = Callable[[Path], Path]
Demo = Callable[[str], Path]


def closes(reader: Reader) -> bool:
    """Whether this page offers to close a month."""
    return any(button.label == "Close or reopen" for button in reader.app.button)


def press(reader: Reader, who: str) -> Reader:
    """Close or reopen the chosen month in a person's name."""
    next(field for field in reader.app.text_input if field.label == "Name of who closes or reopens").set_value(who)
    next(button for button in reader.app.button if button.label == "Close or reopen").click()
    return reader.run()


def test_a_director_closes_a_month_and_reopens_it_without_a_data_page(small_demo: Demo, copied: Copied) -> None:
    own = copied(small_demo("en"))
    with reading(own, {"lang": "en"}, KAM_ROLE="director") as reader:
        assert closes(reader.open("profit"))
        assert "is closed." in texts(press(reader, "Mieke Mulder"))
        assert "is open again." in texts(press(reader, "Mieke Mulder"))
    with Store.at(own).read() as world:
        told = [(act.is_closed, act.person) for act in closings(world)]
    assert told == [(True, "Mieke Mulder"), (False, "Mieke Mulder")]


@pytest.mark.parametrize("role", ["board", "kam"])
def test_who_may_not_close_a_month_is_offered_it_nowhere(role: str, small_demo: Demo) -> None:
    with reading(small_demo("en"), {"lang": "en"}, KAM_ROLE=role) as reader:
        assert not any(closes(reader.open(page)) for page in PAGES)


def test_an_analyst_closes_months_on_the_data_page_only(small_demo: Demo) -> None:
    with reading(small_demo("en"), {"lang": "en"}, KAM_ROLE="analyst") as reader:
        assert not any(closes(reader.open(page)) for page in PAGES)
        assert closes(reader.open("data"))
