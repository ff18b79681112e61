"""The analyst's way on the Data page: read, answer, see what changes, load, undo; and the director's signature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kam_metrics.store import Store
from tests.pages_world import Reader, load, reading

ACCOUNTS = "Accountnummer;Klantnaam;Segment;KAM\nA1;Aalst;key;an\nB1;Breda;key;bo\n"
LEDGER = "Accountnummer;Boekdatum;Regelsoort;Bedrag\nA1;15-01-2026;omzet;1.250,00\nB1;20-02-2026;omzet;300,50\n"
ENGLISH = {"lang": "en"}


def drop(reader: Reader, name: str, text: str) -> Reader:
    """Open the Data page and drop one file."""
    reader.open("data")
    reader.app.file_uploader[0].set_value([(name, text.encode(), "text/csv")])
    return reader.run()


def press(reader: Reader, start: str) -> Reader:
    """Press the button whose key starts like this."""
    buttons(reader, start)[0].click()
    return reader.run()


def buttons(reader: Reader, start: str) -> list[Any]:
    """The buttons whose key starts like this."""
    return [button for button in reader.app.button if str(button.key).startswith(start)]


def texts(reader: Reader) -> str:
    return "\n".join(sorted(reader.texts))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A store that knows two accounts."""
    store = tmp_path / "kam.duckdb"
    load(
        store,
        "accounts",
        {"account_id": "A1", "account_name": "Aalst", "segment": "key", "kam_id": "an"},
        {"account_id": "B1", "account_name": "Breda", "segment": "key", "kam_id": "bo"},
    )
    return store


def test_a_clean_file_is_read_compared_loaded_undone_and_redone(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "grootboek.csv", LEDGER)
        assert "grootboek.csv is fine (rows: 2)." in texts(reader)
        assert "2 new · 0 changed · 0 unchanged · 0 disappearing" in texts(reader)
        press(reader, "load-")
        assert "grootboek.csv was loaded as load 2. Net sales went from – to €1.6k." in texts(reader)
        press(reader, "undo")
        assert "Load 2 no longer counts." in texts(reader)
        reader.open("portfolio")
        assert "No sales yet" in texts(reader)
        press(reader.open("data"), "redo")
        assert "Load 2 counts again." in texts(reader)
        reader.open("portfolio")
        assert "Portfolio sells €1.6k; contribution is not yet known" in reader.title
    Store.at(own).close()


def test_of_several_files_the_others_stay_when_one_is_loaded(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        reader.open("data")
        files = [("one.csv", LEDGER), ("two.csv", LEDGER.replace("2026", "2025")), ("copy.csv", LEDGER)]
        reader.app.file_uploader[0].set_value([(name, text.encode(), "text/csv") for name, text in files])
        press(reader.run(), "load-")
        assert "one.csv was loaded as load 2." in texts(reader)
        assert [box.value for box in reader.app.subheader] == ["two.csv", "copy.csv"]
        press(reader, "load-")
        assert [box.value for box in reader.app.subheader] == ["copy.csv"]
        press(reader, "load-")
        assert "nothing changes" in texts(reader)
    Store.at(own).close()


def test_a_wrong_file_names_its_lines_and_loads_nothing(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "fout.csv", LEDGER.replace("300,50", "12,3,4"))
        assert "fout.csv was refused (errors: 1)." in texts(reader)
        assert "Line 3: «12,3,4» in Bedrag is not a well-written number." in texts(reader)
        assert not buttons(reader, "load-")
    with Store.at(own).read() as world:
        assert world.revision == 1
    Store.at(own).close()


def test_what_is_ambiguous_is_asked_and_the_answer_is_used(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        doubtful = LEDGER.replace("1.250,00", "1.250").replace("300,50", "2.500")
        drop(reader, "grootboek.csv", doubtful)
        assert "Is the decimal mark a point or a comma?" in texts(reader)
        reader.app.radio[0].set_value(",")
        next(button for button in reader.app.button if button.label == "Answer").click()
        reader.run()
        press(reader, "load-")
        assert "Net sales went from – to €3.8k." in texts(reader)
    Store.at(own).close()


def test_other_values_need_the_analysts_word(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "accounts.csv", ACCOUNTS.replace("Breda;key", "Breda;tail"))
        assert "1 changed · 1 unchanged" in texts(reader)
        assert "<code>segment</code> key → tail" in texts(reader)
        assert "The key of some rows is known with other values." in texts(reader)
        assert not buttons(reader, "load-")
        reader.app.checkbox[0].check()
        press(reader.run(), "load-")
        assert "accounts.csv was loaded as load 2." in texts(reader)
    Store.at(own).close()


def test_the_store_is_checked_when_somebody_asks(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        press(reader.open("data"), "run-checks")
        assert "Everything adds up: " in texts(reader)
    Store.at(own).close()


@pytest.mark.parametrize(("role", "signs"), [("director", True), ("board", False), ("analyst", False)])
def test_a_director_signs_a_plan_on_its_page(own: Path, role: str, signs: bool) -> None:
    plan = {"plan_id": "P1", "account_id": "A1", "start_date": "2026-02-15", "title": "Grow", "status": "submitted"}
    load(own, "plans", plan)
    with reading(own, {**ENGLISH, "role": role, "as_of": "2026-03-01"}) as reader:
        reader.open("plan", plan="P1")
        assert bool(reader.app.text_input) is signs
        if signs:
            reader.app.text_input[0].set_value("Mieke Mulder")
            next(b for b in reader.app.button if b.label == "Sign off").click()
            assert "The plan was signed off as load 3" in texts(reader.run())
    Store.at(own).close()
