"""The analyst's way on the Data page: read, answer, see what changes, load, undo; and the director's signature."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kam_metrics.store import Store
from kam_metrics.ui.upload import changes
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
def own(tmp_path: Path) -> Iterator[Path]:
    """A store that knows two accounts."""
    store = tmp_path / "kam.duckdb"
    load(
        store,
        "accounts",
        {"account_id": "A1", "account_name": "Aalst", "segment": "key", "kam_id": "an"},
        {"account_id": "B1", "account_name": "Breda", "segment": "key", "kam_id": "bo"},
    )
    yield store
    Store.at(store).close()


def test_a_clean_file_is_read_compared_loaded_undone_and_redone(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "grootboek.csv", LEDGER)
        assert "grootboek.csv is fine (rows: 2)." in texts(reader)
        assert "2 new · 0 changed · 0 unchanged · 0 disappearing" in texts(reader)
        press(reader, "load-")
        assert "grootboek.csv was loaded as load 2. Net sales went from – to €1.6k." in texts(reader)
        press(press(reader, "undo"), "undo-now")
        assert "Load 2 no longer counts." in texts(reader)
        reader.open("portfolio")
        assert "No sales yet" in texts(reader)
        press(press(reader.open("data"), "redo"), "redo-now")
        assert "Load 2 counts again." in texts(reader)
        reader.open("portfolio")
        assert "Portfolio sells €1.6k; contribution is not yet known" in reader.title


def test_a_file_that_was_undone_is_put_back_only_after_it_is_told_what_that_does(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        press(drop(reader, "grootboek.csv", LEDGER), "load-")
        press(press(reader, "undo"), "undo-now")
        drop(reader, "again.csv", LEDGER)
        assert "was loaded before and then undone" in texts(reader)
        assert "Net sales +€1,550.50" in texts(reader)
        press(reader, "redo-")
        assert "Load 2 counts again." in texts(reader)


@pytest.mark.parametrize("address", [{}, {"load": "2"}])
def test_an_undo_waits_when_something_was_loaded_after_its_consequence_was_told(
    own: Path, address: dict[str, str]
) -> None:
    with reading(own, ENGLISH) as reader:
        press(drop(reader, "grootboek.csv", LEDGER), "load-")
        press(reader.open("data", **address), "undo")
        load(own, "ledger", {"account_id": "A1", "posting_date": "2026-03-01", "line_type": "omzet", "amount": 7})
        press(reader, "undo-now")
        assert "Something was changed meanwhile." in texts(reader)
        with Store.at(own).read() as world:
            assert len(world.rows("select 1 from live_batch")) == 3
        press(reader, "undo-now")
        assert "Load 2 no longer counts." in texts(reader)


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


def test_a_wrong_file_names_its_lines_and_loads_nothing(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "fout.csv", LEDGER.replace("300,50", "12,3,4"))
        assert "fout.csv was refused (errors: 1)." in texts(reader)
        assert "Line 3: «12,3,4» in Bedrag is not a well-written number." in texts(reader)
        assert not buttons(reader, "load-")
    with Store.at(own).read() as world:
        assert world.revision == 1


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


def test_the_store_is_checked_when_somebody_asks(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        press(reader.open("data"), "run-checks")
        assert "Everything adds up: " in texts(reader)


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


def say_otherwise(reader: Reader, label: str, value: object) -> None:
    """Choose something in the forms of a file; it counts when the form is sent."""
    boxes = [*reader.app.selectbox, *reader.app.text_input, *reader.app.number_input]
    box = next(box for box in boxes if box.label == label)
    box.select_index(0) if value is None else box.set_value(value)


def send(reader: Reader, label: str) -> Reader:
    """Send the form with this button."""
    next(button for button in reader.app.button if button.label == label).click()
    return reader.run()


def test_what_was_detected_is_said_and_can_be_said_otherwise(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "grootboek.csv", LEDGER)
        detected = next(box.label for box in reader.app.expander if "Read as" in box.label)
        assert "Ledger · 2 rows · encoding `utf-8` · delimiter `;` · decimal mark `,`" in detected
        say_otherwise(reader, "Decimal mark", ".")
        send(reader, "Read again")
        assert "is not a well-written number" in texts(reader)
        assert not buttons(reader, "load-")
        say_otherwise(reader, "Decimal mark", None)
        say_otherwise(reader, "Source", "Exact")
        press(send(reader, "Read again"), "load-")
        assert "grootboek.csv was loaded as load 2." in texts(reader)
    with Store.at(own).read() as world:
        assert world.one("select source_system from batch where batch_id = 2") == {"source_system": "Exact"}


def test_rows_stand_beside_what_was_read_and_one_is_shown_cell_by_cell(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "grootboek.csv", LEDGER)
        raw, typed = (table for table in reader.tables() if table["caption"].startswith("As it"))
        assert [cell["text"] for cell in raw["rows"][0]["cells"]] == ["2", "A1", "15-01-2026", "omzet", "1.250,00"]
        assert [cell["text"] for cell in typed["rows"][0]["cells"]] == [
            "2", "A1", "15 Jan 2026", "gross_sales", "1,250.00",
        ]  # fmt: skip
        (key,) = (button.key.removeprefix("load-") for button in buttons(reader, "load-"))
        reader.app.session_state[f"line-{key}"] = 3
        assert "<dt><code>Bedrag</code></dt><dd><code>300,50</code> → <code>amount</code> 300.50</dd>" in texts(
            reader.run()
        )


UNKNOWN = "Accountnummer;Boekdatum;Regelsoort;Geldsom;Boekstk\nA1;15-01-2026;omzet;1.250,00;D1\n"


def test_a_header_nobody_knows_is_pointed_out_and_another_left_unread(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "grootboek.csv", UNKNOWN)
        reader.app.radio[0].set_value("ledger")
        send(reader, "Answer")
        assert "These columns are needed and missing: `amount`." in texts(reader)
        assert "not read; looks like document" in texts(reader)
        say_otherwise(reader, "Geldsom", "amount")
        say_otherwise(reader, "Boekstk", "document")
        send(reader, "Use these columns")
        assert "pointed out by you" in texts(reader)
        say_otherwise(reader, "Boekstk", None)
        send(reader, "Use these columns")
        assert any("read: 4 · not read: 1" in box.label for box in reader.app.expander)


def test_wrong_rows_are_set_apart_only_on_the_analysts_word(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "fout.csv", LEDGER.replace("300,50", "12,3,4"))
        assert "1 × not a well-written number" in texts(reader)
        assert "Download the file with its problems" in [box.proto.label for box in reader.app.get("download_button")]
        reader.app.checkbox[0].check()
        reader.run()
        assert "fout.csv is fine in part (good rows: 1; set apart in quarantine: 1)." in texts(reader)
        press(reader, "load-")
        assert "fout.csv was loaded as load 2. Net sales went from – to €1.3k." in texts(reader)
        reader.open("data", load="2")
        assert "not a well-written number: <code>B1;20-02-2026;omzet;12,3,4</code>" in texts(reader)


def test_a_control_total_that_differs_stops_the_file_and_one_that_agrees_is_said(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "grootboek.csv", LEDGER)
        say_otherwise(reader, "Control total EUR", "1.550,50")
        send(reader, "Compare")
        assert "«1.550,50» is no amount." in texts(reader)
        say_otherwise(reader, "Control total EUR", "1,550.00")
        send(reader, "Compare")
        assert "The control total 1550.00 EUR is wrong; the file adds up to 1550.50." in texts(reader)
        assert not buttons(reader, "load-")
        say_otherwise(reader, "Control total EUR", "€ 1,550.50")
        send(reader, "Compare")
        assert "equals your control total" in texts(reader)
        assert buttons(reader, "load-")


def test_the_difference_tells_each_month_before_and_after(own: Path) -> None:
    load(own, "ledger", {"account_id": "A1", "posting_date": "2026-01-15", "line_type": "gross_sales", "amount": 1250})
    with reading(own, ENGLISH) as reader:
        drop(reader, "grootboek.csv", LEDGER.replace("1.250,00", "1.300,00"))
        (table,) = [table for table in reader.tables() if table["caption"] == "Totals per month and currency"]
        assert [[cell["text"] for cell in row["cells"]] for row in table["rows"]] == [
            ["Jan 2026 · EUR", "€1,300.00", "€1,250.00", "€2,550.00", "€1,300.00"],
            ["Feb 2026 · EUR", "€300.50", "€0.00", "€300.50", "€300.50"],
        ]
        reader.app.checkbox[0].check()
        assert "Disappearing: examples (1)" in [box.label for box in reader.run().app.expander]
        (key,) = (button.key.removeprefix("load-") for button in buttons(reader, "load-"))
        reader.app.session_state[f"month-{key}"] = "2026-01-01|EUR"
        told = "Jan 2026: the file has €1,300.00; the store has €1,250.00 now; after loading it has €1,300.00."
        assert told in texts(reader.run())


def test_what_somebody_else_loaded_meanwhile_is_told_before_loading(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        drop(reader, "grootboek.csv", LEDGER)
        load(own, "ledger", {"account_id": "A1", "posting_date": "2026-03-01", "line_type": "omzet", "amount": 7})
        press(reader, "load-")
        assert "Something else was loaded meanwhile." in texts(reader)
        assert "local – loaded ledger.csv" in texts(reader)
        press(reader, "load-")
        assert "grootboek.csv was loaded as load 3." in texts(reader)


def test_several_files_that_are_ready_are_loaded_with_one_button(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        reader.open("data")
        files = [
            ("one.csv", LEDGER),
            ("wrong.csv", LEDGER.replace("300,50", "x")),
            ("two.csv", ACCOUNTS + "C;C;tail;\n"),
        ]
        reader.app.file_uploader[0].set_value([(name, text.encode(), "text/csv") for name, text in files])
        press(reader.run(), "all-load")
        assert "one.csv was loaded as load 2. two.csv was loaded as load 3. Net sales went" in texts(reader)
        assert [box.value for box in reader.app.subheader] == ["wrong.csv"]


def test_a_workbook_offers_its_sheets(own: Path, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as book:
        for name in ("Jan", "Feb"):
            sheet = book.add_worksheet(name)
            for row, line in enumerate(LEDGER.splitlines()):
                sheet.write_row(row, 0, line.split(";"))
    with reading(own, ENGLISH) as reader:
        reader.open("data")
        reader.app.file_uploader[0].set_value([("two.xlsx", (tmp_path / "two.xlsx").read_bytes(), "")])
        reader.run()
        assert "More than one sheet has data" in texts(reader)
        say_otherwise(reader, "Sheet", "Feb")
        send(reader, "Read again")
        assert "two.xlsx is fine (rows: 2)." in texts(reader)
        assert any("sheet `Feb`" in box.label for box in reader.app.expander)


@pytest.mark.parametrize(
    ("lang", "text", "amount"),
    [
        ("nl", "€ 1.234,50", "1234.50"), ("nl", "-5", "-5"), ("nl", "1,234.50", None), ("nl", "12.34", None),
        ("en", "1,234.50", "1234.50"), ("en", "−0.5", "-0.5"), ("en", "1.234,50", None), ("en", "one", None),
    ],
)  # fmt: skip
def test_a_total_is_read_as_it_is_written_in_the_language(lang: str, text: str, amount: str | None) -> None:
    assert changes.amount(text, lang) == (None if amount is None else Decimal(amount))
