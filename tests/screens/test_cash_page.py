"""What the Profit & cash page tells of money: both forms of the cash flow, and receipts that nobody explains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kam_metrics import metrics, words
from kam_metrics.periods import beginning
from kam_metrics.store import Store
from kam_metrics.terms import Slice
from kam_metrics.words import LANGUAGES, say
from tests.pages_world import TODAY, load, reading

Small = Callable[[str], Path]
YEAR = Slice(TODAY, beginning("12m", TODAY))
ENGLISH = {"lang": "en", "as_of": "2026-03-31", "period": "12m"}


@pytest.fixture
def strange(tmp_path: Path) -> Iterator[Path]:
    """An invoice of Aalst that was settled before it was posted, and nothing known of cost."""
    store = tmp_path / "kam.duckdb"
    load(store, "accounts", {"account_id": "A1", "account_name": "Aalst", "segment": "key", "kam_id": "an"})
    load(store, "ledger", {"account_id": "A1", "posting_date": "2026-01-15", "line_type": "revenue", "amount": "100"})
    item = {"account_id": "A1", "invoice_date": "2026-02-10"}
    early = {**item, "doc_no": "F1", "amount": "100.00", "cleared_date": "2026-01-20"}
    load(store, "receivables", early, {**item, "doc_no": "F2", "amount": "50.00", "cleared_date": ""})
    yield store
    Store.at(store).close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_forms_of_the_cash_flow_stand_on_the_page(small_demo: Small, lang: str) -> None:
    with Store.at(small_demo(lang)).read() as world:
        told = metrics.cash_steps(world, YEAR)
        count = len(metrics.receipts(world, YEAR))
    with reading(small_demo(lang), {"lang": lang, "as_of": TODAY.isoformat()}) as reader:
        shown = reader.open("profit").texts
    for steps in told.values():
        assert len(steps) > 3
        for step in steps:
            assert words.money(lang, step["amount"]) in shown
    assert say(lang, "cash.explained", count=count, strange=0) in shown


def test_receipts_that_nobody_explains_lead_to_the_account_in_that_month(strange: Path) -> None:
    with reading(strange, ENGLISH) as reader:
        shown = "\n".join(reader.open("profit").texts)
        assert "▼ In 2 of 2 account-months the booked receipts differ by more than € 1" in shown
        assert words.why("en", "no_cogs") in shown
        (table,) = [table for table in reader.tables() if table["caption"] == "Receipts that nobody explains"]
        assert {row["id"] for row in table["rows"]} == {
            "profit?account=A1&as_of=2026-01-31&period=month", "profit?account=A1&as_of=2026-02-28&period=month",
        }  # fmt: skip
        assert [cell["text"] for cell in table["rows"][0]["cells"]][1] == "Aalst"
        assert reader.follow(table["rows"][0]["id"]).errors == []


def test_without_receivables_the_page_says_which_file_would_tell(tmp_path: Path) -> None:
    store = tmp_path / "kam.duckdb"
    load(store, "ledger", {"account_id": "A1", "posting_date": "2026-01-15", "line_type": "revenue", "amount": "100"})
    with reading(store, ENGLISH) as reader:
        assert say("en", "cash.no_receipts") in reader.open("profit").texts
    Store.at(store).close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_next_thirteen_weeks_stand_on_the_page_with_how_well_that_went(small_demo: Small, lang: str) -> None:
    with Store.at(small_demo(lang)).read() as world:
        told = metrics.forecast(world, YEAR)
    assert told is not None
    assert told.tried is not None
    with reading(small_demo(lang), {"lang": lang, "as_of": TODAY.isoformat()}) as reader:
        reader.open("profit")
        shown = reader.texts
        (table,) = [one for one in reader.tables() if one["caption"] == say(lang, "forecast.by_account")]
        account = next(row["id"] for row in table["rows"] if row["id"].startswith("profit?account="))
        assert reader.follow(account).errors == []
    total = told.total
    open_amount, expected, late = (
        words.thousands(lang, amount) for amount in (total.open, total.within(total.expected), total.within(total.late))
    )
    last = total.weeks[-1]
    assert say(lang, "forecast.headline", open=open_amount, expected=expected, late=late, last=last) in shown
    assert words.share(lang, told.tried.error, 0) in "".join(text for text in shown if str(told.tried.weeks) in text)
    assert len(table["rows"]) == len(told.accounts)


def test_what_cannot_be_foreseen_names_the_file_that_would_tell(strange: Path) -> None:
    load(
        Store.at(strange).path, "receivables",
        {"account_id": "A1", "doc_no": "F9", "invoice_date": "2026-03-01", "due_date": "2026-04-01", "amount": "10.00",
         "currency": "USD"},
    )  # fmt: skip
    with reading(strange, ENGLISH) as reader:
        shown = reader.open("profit").texts
        assert say("en", "forecast.nothing", open=words.thousands("en", 50)) in shown
        assert say("en", "forecast.untried") in shown
        assert any(box.value == say("en", "forecast.unrated", currency="USD") for box in reader.app.warning)
