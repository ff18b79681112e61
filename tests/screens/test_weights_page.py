"""The weights of health on the pages: to read for everybody, to try and to keep for the director."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics import metrics
from kam_metrics.deciding import weigh
from kam_metrics.metrics import scoring_now
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Slice
from kam_metrics.words import LANGUAGES, number
from tests.pages_world import TODAY, Reader, reading

Small = Callable[[str], Path]
Copied = Callable[[Path], Path]
ON_TODAY = {"as_of": TODAY.isoformat()}


@pytest.fixture
def own(small_demo: Small, copied: Copied) -> Path:
    """A company of one's own to weigh in."""
    return copied(small_demo("en"))


def weight(reader: Reader, label: str, value: float) -> None:
    next(one for one in reader.app.number_input if one.label == label).set_value(value)
    assert reader.run().errors == []


def shown(reader: Reader, index: int) -> list[list[str]]:
    return [[cell["text"] for cell in row["cells"]] for row in reader.tables()[index]["rows"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_other_weights_would_do_is_what_they_do_once_kept(small_demo: Small, copied: Copied, lang: str) -> None:
    store = copied(small_demo(lang))
    with Store.at(store).read() as world:
        before = metrics.key_health(world, Slice(TODAY))
    with reading(store, {"lang": lang, **ON_TODAY}, KAM_ROLE="director") as reader:
        reader.open("portfolio", weights="now")
        assert reader.tables() == []
        weight(reader, {"nl": "Winst", "en": "Profit"}[lang], 60.0)
        foretold = shown(reader, 0)
        reader.app.text_input[0].set_value("Els Smit")
        reader.app.text_input[1].set_value("Winst eerst")
        reader.app.button[-1].click()
        assert reader.run().errors == []
        assert "1.1" in "\n".join(reader.texts)
        assert shown(reader, 0)[0][:4] == ["1.1", {"nl": "Winst 25 → 60", "en": "Profit 25 → 60"}[lang], "Els Smit",
                                           "Winst eerst"]  # fmt: skip
    with Store.at(store).read() as world:
        after = metrics.key_health(world, Slice(TODAY))
        names = {row["account_id"]: row["account_name"] for row in metrics.key_accounts(world, Slice(TODAY))}
    expected = {
        (names[account], *(number(lang, one.whole and metrics.tenths(one.whole), 1) for one in (before[account], new)))
        for account, new in after.items()
    }
    assert {tuple(row[:3]) for row in foretold} == expected
    assert len({row[3] for row in foretold}) > 3


def test_weights_that_hold_ask_nothing_and_those_that_cannot_be_are_told(own: Path) -> None:
    with reading(own, {"lang": "en", **ON_TODAY}) as reader:
        reader.open("portfolio", weights="now")
        assert reader.title == "Profit counts most for the health of an account: 25%"
        assert any("These are the weights that hold" in text for text in reader.texts)
        for label in ("growth", "retention"):
            next(one for one in reader.app.number_input if one.label == label).set_value(0.0)
        assert reader.run().errors == [
            "In Growth and retention nothing weighs anything: give at least one part a weight."
        ]


def test_a_trial_begins_with_the_version_that_was_asked_for(own: Path) -> None:
    store = Store.at(own)
    change = weigh(store, {"cash": Decimal("37.5")}, LOCAL_OWNER, person="Els Smit")
    weigh(store, {"cash": Decimal(5)}, LOCAL_OWNER, person="Els Smit")
    with reading(own, {"lang": "en", **ON_TODAY}) as reader:
        for asked, value in ((str(change), 37.5), ("own", 20.0), ("now", 5.0), ("nonsense", 5.0)):
            reader.open("portfolio", weights=asked)
            assert next(one for one in reader.app.number_input if one.label == "Cash").value == value
            assert ("That version of the weights is not there; you see the one that holds." in reader.texts) == (
                asked == "nonsense"
            )
        assert [row[:2] for row in shown(reader, -1)] == [["1.2", "Cash 37.50 → 5"], ["1.1", "Cash 20 → 37.50"]]


def test_without_accounts_the_weights_can_be_tried_and_the_file_is_named(empty_store: Path) -> None:
    with reading(empty_store, {"lang": "en", **ON_TODAY}) as reader:
        reader.open("portfolio", weights="now")
        weight(reader, "Service", 50.0)
        assert any("Load" in text and "accounts" in text for text in reader.texts)
        assert reader.tables() == []


def test_keeping_without_a_name_is_refused_in_words(own: Path) -> None:
    with reading(own, {"lang": "en", **ON_TODAY}) as reader:
        reader.open("portfolio", weights="now")
        weight(reader, "Service", 50.0)
        reader.app.button[-1].click()
        assert reader.run().errors == ["Fill in the name of who does this."]
    with Store.at(own).read() as world:
        assert scoring_now(world).version == "1"


@pytest.mark.parametrize("role", ["board", "kam", "analyst"])
def test_everybody_else_reads_the_weights_and_cannot_try_others(small_demo: Small, role: str) -> None:
    with reading(small_demo("en"), {"lang": "en", **ON_TODAY}, KAM_ROLE=role) as reader:
        reader.open("portfolio", weights="now")
        assert "Profit counts most" in reader.title
        assert len(reader.app.number_input) == 0
        assert reader.errors == []
