"""What the Data page keeps: closed months, mappings, and what every load did."""

from __future__ import annotations

from pathlib import Path

from kam_metrics import extracts
from kam_metrics.extracts import Options
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER
from tests.pages_world import Reader, load, reading
from tests.screens.test_upload import ENGLISH, LEDGER, drop, own, press, texts

__all__ = ["own"]


def test_a_month_is_closed_and_reopened_by_name(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        reader.open("data")
        for done in ("is closed", "is open again"):
            next(box for box in reader.app.text_input if "closes or reopens" in box.label).set_value("Cor Boek")
            next(button for button in reader.app.button if button.label == "Close or reopen").click()
            assert done in texts(reader.run())
            reader.open("data")
        assert "Cor Boek" in texts(reader)


def test_remembered_answers_are_shown_and_forgotten(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        doubtful = LEDGER.replace("1.250,00", "1.250").replace("300,50", "2.500")
        drop(reader, "grootboek.csv", doubtful)
        reader.app.radio[0].set_value(",")
        next(button for button in reader.app.button if button.label == "Answer").click()
        press(reader.run(), "load-")
        assert "--kind ledger · --decimal ," in texts(reader)
        drop(reader, "grootboek.csv", doubtful.replace("15-01-2026", "16-01-2026"))
        assert "Read as last time" in texts(reader)
        next(button for button in reader.app.button if button.label == "Forget").click()
        assert "The answers of “grootboek” are no longer used." in texts(reader.run())


def test_what_an_undo_would_do_is_said_before_it_is_done(own: Path) -> None:
    with reading(own, ENGLISH) as reader:
        press(drop(reader, "grootboek.csv", LEDGER), "load-")
        press(reader.open("data"), "undo")
        assert "Figures move for 2 accounts in 2 months." in texts(reader)
        assert "Net sales −€1,550.50" in texts(reader)
    with Store.at(own).read() as world:
        assert len(world.rows("select 1 from live_batch")) == 2


def test_warnings_that_were_never_kept_are_unknown_and_those_of_a_mixed_file_stand_apart(own: Path) -> None:
    mixed = {"account_id": "A1", "doc_no": "F1", "invoice_date": "2026-01-10", "net_amount": "10.00",
             "cogs_amount": "-6.00", "source_system": "sap"}  # fmt: skip
    load(own, "sales_lines", mixed)
    with reading(own, ENGLISH) as reader:
        assert "no source named · Sales lines" in texts(reader.open("data"))
        assert "lines with a warning when loaded: 1" in texts(reader)
        assert "<dt>Warnings</dt><dd>none</dd>" in texts(reader.open("data", load="1"))
        with Store.at(own).stage() as stage, Store.at(own).change(stage, LOCAL_OWNER) as change:
            change.run("delete from batch_warning")
        assert "unknown: loaded before warnings were kept" in texts(reader.open("data", load="1"))
        assert "earlier loads of which no warnings were kept: 1" in texts(reader.open("data"))


def choose(reader: Reader, label: str, value: object) -> None:
    """Choose in the box with this label."""
    boxes = [*reader.app.multiselect, *reader.app.selectbox]
    next(box for box in boxes if box.label == label).set_value(value)


def test_customer_numbers_are_mapped_from_the_worklist_and_accounts_merged(own: Path) -> None:
    load(own, "ledger", *({"customer_no": number, "posting_date": "2026-01-15", "line_type": "gross_sales",
                           "amount": "10.00"} for number in ("K1", "K2")))  # fmt: skip
    with reading(own, ENGLISH) as reader:
        reader.open("data")
        choose(reader, "Customer numbers", ["K1", "K2"])
        choose(reader, "Belong to account", "A1")
        next(button for button in reader.app.button if button.label == "Map").click()
        assert "2 customer numbers now belong to Aalst (A1)" in texts(reader.run())
        assert "Every customer number belongs to an account." in texts(reader)
        choose(reader, "Account that goes", "A1")
        choose(reader, "Account that follows", "B1")
        next(button for button in reader.app.button if button.label == "Move the figures").click()
        assert "The figures of Aalst (A1) now belong to Breda (B1)" in texts(reader.run())


def test_quality_quarantine_and_freshness_are_shown_per_source(own: Path) -> None:
    items = "account_id,doc_no,invoice_date,amount\nA1,F1,2026-01-10,10.00\n"
    postings = "account_id,posting_date,line_type,amount\nA1,2026-03-15,service,-5.00\nA1,2026-03-15,service,x\n"
    postings += "A1,2026-03-15,service,-5.00\n"
    for source, text in (("exact", items), ("sap", postings)):
        path = own.with_name(f"{source}.csv")
        path.write_text(text, "utf-8")
        options = Options(source=source, decimal=".", date_order="ymd", quarantine=True)
        assert extracts.load(Store.at(own), path, options, LOCAL_OWNER).outcome == "accept"
    with reading(own, {**ENGLISH, "as_of": "2026-03-31"}) as reader:
        reader.open("data")
        shown = texts(reader)
        assert "0.0% of 1 lines lack nothing · 1 without a due date" in shown
        assert "66.7% of 3 lines lack nothing · 1 in quarantine · lines with a warning when loaded: 1" in shown
        assert "1 rows of 1 loads are in quarantine" in shown
        reader.open("data", load="3")
        assert "lines that equal an earlier one (1)" in texts(reader)
        reader.open("portfolio")
        assert "⚠ exact up to 10 Jan 2026: 80 days old · sap up to 15 Mar 2026" in texts(reader)
