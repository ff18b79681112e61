"""What a page shows can be taken away: the same rows, made when somebody clicks and not before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kam_metrics.exports import Sheet
from kam_metrics.ui import saving
from tests.canary import told_only_to_others
from tests.pages_world import Reader, reading

PAGES = ("portfolio", "account", "profit", "plan", "alignment", "data")
Offered = dict[tuple[str, str], Callable[[], bytes]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Offered:
    """Everything that a page offers, by name and format."""
    found: Offered = {}
    monkeypatch.setattr(saving, "_offer", lambda label, write, name, form: found.update({(name, form): write}))
    return found


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[list[bool], Sheet]]:
    """Every table that a page offers, and which of its columns hold figures."""
    found: dict[str, tuple[list[bool], Sheet]] = {}

    def kept(title, headings, rows, key):  # type: ignore[no-untyped-def]
        found[key] = ([heading.is_number for heading in headings], saving.sheet(title, headings, rows, "nl"))

    monkeypatch.setattr(saving, "table", kept)
    return found


def visits(reader: Reader) -> Iterator[Reader]:
    for page in PAGES:
        yield reader.open(page)
    yield reader.open("plan", plan="PLAN-1")
    yield reader.open("alignment", account="A1")
    yield reader.open("alignment", element="style")
    yield reader.open("account", customer="all")
    yield reader.open("data", customer="NIEMANDSNUMMER")


def test_every_figure_of_every_table_leaves_as_a_figure(
    canary_store: Path, sheets: dict[str, tuple[list[bool], Sheet]]
) -> None:
    texts = []
    with reading(canary_store, {"lang": "nl"}) as reader:
        for visit in visits(reader):
            assert visit.errors == []
        for key, (numbers, sheet) in sheets.items():
            cells = [(at, entry) for row in sheet.rows for at, entry in enumerate(row) if numbers[at]]
            texts += [(key, sheet.headings[at], entry.value) for at, entry in cells if isinstance(entry.value, str)]
    assert {(key, heading) for key, heading, _ in texts} <= MEANT_AS_TEXT
    assert {"every-account", "plans", "milestones", "objectives", "element-table", "profit-months"} <= sheets.keys()


MEANT_AS_TEXT = {("plans", "Mijlpalen"), ("history", "Totaal")}
"""Two figures in one cell: so many of so many, and totals of more than one currency."""


def test_the_list_of_all_accounts_is_the_one_of_the_command_line(canary_store: Path, offered: Offered) -> None:
    with reading(canary_store, {"lang": "nl"}) as reader:
        reader.open("portfolio").open("account")
        told = offered["every-account", "csv"]()
    assert told.decode("utf-8-sig").splitlines()[1].startswith("Kanariepiet Zangzaad;Bo Wouters;617298,90;")
    assert len(told.splitlines()) == 4


def test_nothing_is_made_before_somebody_clicks(canary_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise AssertionError("made without a click")

    monkeypatch.setattr(saving, "written", refuse)
    monkeypatch.setattr(saving, "Asked", refuse)
    with reading(canary_store, {"lang": "en"}) as reader:
        for visit in visits(reader):
            assert visit.errors == []


def test_the_board_takes_a_pack_and_the_matrix(canary_store: Path, offered: Offered) -> None:
    with reading(canary_store, {"lang": "en", "role": "board"}) as reader:
        reader.open("portfolio")
    made = {name: write() for name, write in offered.items() if name in saving.BOARD}
    assert set(made) == set(saving.BOARD)
    assert made["board-pack", "pdf"].startswith(b"%PDF")
    assert b"Kanariepiet" in made["portfolio", "csv"]


def test_a_kam_takes_no_foreign_account_away(canary_store: Path, offered: Offered) -> None:
    secret: re.Pattern[bytes] = told_only_to_others(canary_store)
    with reading(canary_store, {"lang": "en", "account": "KANARIE-9"}, KAM_ROLE="kam", KAM_ID="an") as reader:
        reader.open("portfolio").open("account")
    told = {name: write() for name, write in offered.items() if name[1] == "csv"}
    assert b"Aalst" in told["portfolio", "csv"]
    assert {name: secret.findall(data) for name, data in told.items()} == {name: [] for name in told}


def test_an_empty_table_is_nothing_to_take_away(one_account: Path, offered: Offered) -> None:
    with reading(one_account, {"lang": "en"}) as reader:
        reader.open("portfolio")
    assert offered == {}
