"""Decisions on the pages: ten at first, each with its own page and form, and nobody's business but the reader's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics import agenda, metrics
from kam_metrics.metrics.decisions import SHOWN
from kam_metrics.store import Store
from kam_metrics.terms import Slice
from kam_metrics.words import LANGUAGES, thousands
from tests.pages_world import TODAY, load, reading

Small = Callable[[str], Path]
Copied = Callable[[Path], Path]
ON_TODAY = {"as_of": TODAY.isoformat()}


@pytest.fixture
def acting(small_demo: Small, copied: Copied) -> Path:
    """A company of one's own to act in."""
    return copied(small_demo("en"))


def first_decision(store: Path) -> str:
    with Store.at(store).read() as world:
        rows = metrics.decisions(world, Slice(TODAY))
    return str(next(row for row in rows if row["rule"] == "loss")["decision_id"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_portfolio_lists_ten_decisions_and_all_when_asked(small_demo: Small, lang: str) -> None:
    with Store.at(small_demo(lang)).read() as world:
        rows = metrics.decisions(world, Slice(TODAY))
    assert len(rows) > SHOWN
    with reading(small_demo(lang), {"lang": lang, **ON_TODAY}) as reader:
        table = next(one for one in reader.open("portfolio").tables() if len(one["rows"]) == SHOWN)
        for row, shown in zip(rows, table["rows"], strict=False):
            cells = [cell["text"] for cell in shown["cells"]]
            assert cells[:2] == [agenda.about(lang, row), agenda.told(lang, row)]
            assert cells[2] == thousands(lang, row["money"])
            assert cells[3:5] == [agenda.owner(lang, row), agenda.age(lang, row)]
        assert str(len(rows)) in "".join(link.label for link in reader.elements("page_link"))
        assert len(rows) in {len(one["rows"]) for one in reader.open("portfolio", decisions="all").tables()}


def test_a_decision_is_dealt_with_on_its_page(acting: Path) -> None:
    decision = first_decision(acting)
    with reading(acting, {"lang": "en", **ON_TODAY}) as reader:
        reader.open("portfolio", decision=decision)
        owner, person = reader.app.text_input
        owner.set_value("Els Smit")
        person.set_value("Mieke Mulder")
        reader.app.text_area[0].set_value("Raise the price")
        reader.app.date_input[-1].set_value(date(2026, 12, 1))
        reader.app.button[-1].click()
        assert reader.run().errors == []
        told = "\n".join(reader.texts)
        assert "Saved." in reader.texts
        assert "Mieke Mulder" in told
        assert "owner Els Smit · by 1 Dec 2026 · Raise the price" in told
        reader.app.checkbox[0].check()
        reader.app.button[-1].click()
        assert reader.run().errors == []
        assert f"portfolio?decision={decision.replace(':', '%3A')}" not in {
            row["id"] for table in reader.open("portfolio", decisions="all").tables() for row in table["rows"]
        }


def test_acting_without_a_name_is_refused_in_words(acting: Path) -> None:
    with reading(acting, {"lang": "en", **ON_TODAY}) as reader:
        reader.open("portfolio", decision=first_decision(acting))
        reader.app.checkbox[0].check()
        reader.app.button[-1].click()
        assert reader.run().errors == ["Fill in the name of who does this."]


def test_an_analyst_reads_a_decision_and_has_no_form(small_demo: Small) -> None:
    with reading(small_demo("en"), {"lang": "en", **ON_TODAY}, KAM_ROLE="analyst") as reader:
        reader.open("portfolio", decision=first_decision(small_demo("en")))
        assert "Costs money" in reader.title
        assert len(reader.app.text_area) == 0


def test_a_decision_that_is_gone_or_not_ones_own_is_said_so_and_shows_nothing(canary_store: Path) -> None:
    with Store.at(canary_store).read() as world:
        ids = [row["decision_id"] for row in metrics.decisions(world, Slice(TODAY))]
    theirs = [decision for decision in ids if "KANARIE" in decision]
    assert theirs
    with reading(canary_store, {"lang": "en"}, KAM_ROLE="kam", KAM_ID="an") as reader:
        for decision in (*theirs, "unmapped:customers", "loss:NOWHERE"):
            reader.open("portfolio", decision=decision)
            assert reader.title == "This decision is no longer there"
            assert b"zaad" not in reader.bytes.lower()
            assert reader.errors == []


def test_a_decision_about_the_whole_company_leads_to_the_data(canary_store: Path) -> None:
    with reading(canary_store, {"lang": "en"}) as reader:
        reader.open("portfolio", decision="unmapped:customers")
        assert "Whole company" in reader.title
        assert any(link.page == "data" for link in reader.elements("page_link"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_account_shows_its_health_with_parts_that_add_up(small_demo: Small, lang: str) -> None:
    with Store.at(small_demo(lang)).read() as world:
        health = metrics.health_by_account(world, Slice(TODAY))
    account = next(name for name, one in health.items() if one.whole is not None and one.red)
    with reading(small_demo(lang), {"lang": lang, **ON_TODAY}) as reader:
        tables = reader.open("account", account=account).tables()
        rows = next(
            one["rows"]
            for one in tables
            if any(cell.get("bar") is not None for cell in one["rows"][0].get("cells", ()))
        )
        assert len(rows) == 6
        for row, vital in zip(rows, health[account].vitals, strict=True):
            score = row["cells"][1]
            assert score["bar"] == (None if vital.score is None else float(vital.score))
            assert (score["tone"] == "bad") is (vital in health[account].red)
        text = next(text for text in reader.texts if "versi" in text and "100" in text)
        moved = [row["cells"][3]["text"].split(" ")[0] for row in rows if row["cells"][3]["text"] != "–"]
        points = sum(Decimal(part.replace("−", "-").replace(",", ".")) for part in moved)
        shown = f"{points:+.1f}".replace("-", "−").replace(".", "," if lang == "nl" else ".")
        assert shown in text


def test_a_reader_says_to_have_seen_it_and_then_hears_what_changed(acting: Path) -> None:
    with reading(acting, {"lang": "en", **ON_TODAY}) as reader:
        reader.open("portfolio")
        assert "This is where you will read what changed" in "\n".join(reader.texts)
        next(button for button in reader.app.button if button.key == "seen-it").click()
        assert reader.run().errors == []
        assert "Nothing has changed." in reader.texts
        load(
            acting,
            "ledger",
            {"account_id": "A1001", "posting_date": "2026-10-30", "line_type": "service", "amount": -9},
        )
        told = "\n".join(reader.open("portfolio").texts).replace("\\", "")
        assert "Files that came: 1." in told
        assert "Contribution moved most at" in told
        earlier = "\n".join(reader.open("portfolio", as_of="2026-11-01").texts)
        assert "You last looked at a later as-of date: 20 Nov 2026." in earlier
    with reading(acting, {"lang": "en", **ON_TODAY}, KAM_ROLE="board") as board:
        assert "This is where you will read what changed" in "\n".join(board.open("portfolio").texts)
