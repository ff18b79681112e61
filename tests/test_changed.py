"""What changed since a reader last looked: what stood there then beside what stands there now, never more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_metrics import news
from kam_metrics.deciding import Act, decide, look, weigh
from kam_metrics.metrics import Changed, changed
from kam_metrics.metrics.changed import Move
from kam_metrics.terms import LOCAL_OWNER, Principal, Role, Slice
from kam_metrics.words import LANGUAGES
from tests.books import Books
from tests.test_decisions import ACCOUNTS, OWED, PLANNED, POSTED, months

AS_OF, LATER = date(2026, 6, 30), date(2026, 7, 31)
BOARD = Principal("local", frozenset({Role.BOARD}))
AN = Principal("an", frozenset({Role.KAM}), "an")


@pytest.fixture
def seen(empty: Books) -> Books:
    """Two key accounts and a tail; the board and a KAM have seen how they stood."""
    empty.load("accounts", *ACCOUNTS)
    empty.load("ledger", POSTED, *months("A1", (2024, 1), 30, 1000, 600), *months("B1", (2024, 1), 30, 1000, 600))
    for reader in (BOARD, AN):
        look(empty.store, reader, AS_OF)
    return empty


def told(books: Books, reader: Principal = BOARD, as_of: date = AS_OF) -> Changed:
    with books.store.read() as world:
        found = changed(world, Slice(as_of, kam_scope=reader.kam_scope), reader.reader)
    assert found is not None
    return found


def said(books: Books, reader: Principal = BOARD, as_of: date = AS_OF) -> Sequence[str]:
    return [sentence.text for sentence in news.sentences("en", told(books, reader, as_of))]


def test_a_reader_who_never_looked_hears_nothing(seen: Books) -> None:
    with seen.store.read() as world:
        assert changed(world, Slice(AS_OF), LOCAL_OWNER.reader) is None


def test_nothing_changed_is_said_so(seen: Books) -> None:
    assert said(seen) == said(seen, AN) == ["Nothing has changed."]


def test_loads_and_the_account_that_moved_most_are_told(seen: Books) -> None:
    load_id = seen.load("ledger", POSTED, "A1,2026-06-20,service,-5000", "B1,2026-06-20,service,-300", source="late")
    assert said(seen) == [
        "Files that came: 1.",
        "Decisions that came: 1.",
        "Contribution moved most at Aalst: from €4,680 to −€320 over twelve whole months, a fall.",
    ]
    seen.undo(load_id)
    assert said(seen) == ["Files that were undone: 1."]


def test_overdue_plans_and_reviews_are_told(seen: Books) -> None:
    seen.load("plans", PLANNED, "P1,B1,2026-06-01,Growth,draft,")
    look(seen.store, BOARD, AS_OF)
    seen.load("receivables", OWED, "B1,1,INV,2026-04-01,2026-05-01,300,", "A1,2,INV,2026-07-01,2026-09-01,300,")
    look(seen.store, BOARD, AS_OF)
    seen.load("plans", PLANNED, "P1,B1,2026-06-01,Growth,signed,2026-07-02", replacing=True)
    seen.load("reviews", "review_id,account_id,plan_id,kind,due_date,held_date", "R1,B1,P1,30d,2026-07-01,2026-07-03")
    seen.load("receivables", OWED, "B1,3,INV,2026-04-02,2026-05-02,77,")
    sentences = said(seen, as_of=LATER)
    assert sentences[0] == "Files that came: 3."
    assert "no longer needed: 1" in sentences[1]
    assert sentences[2] == "Reviews held: 1 (Breda)."
    assert "Overdue moved most at Breda: from €300 to €377, a rise." in sentences
    assert len(sentences) == news.MOST


def test_a_plan_in_another_state_is_told_with_both(seen: Books) -> None:
    seen.load("plans", PLANNED, "P1,B1,2026-06-01,Growth,draft,")
    (plan,) = told(seen).plans
    assert (plan["account_id"], plan["then"], plan["now"]) == ("B1", "none", "unsigned")
    assert "The plan of Breda went from “no plan” to “not signed off”." in said(seen)


def test_a_decision_marked_done_is_no_longer_needed(seen: Books) -> None:
    seen.load("ledger", POSTED, "A1,2026-06-20,service,-50000", source="late")
    look(seen.store, BOARD, AS_OF)
    decide(seen.store, "loss:A1", Act(is_done=True), BOARD, person="Mieke", as_of=AS_OF)
    assert said(seen) == ["Decisions no longer needed: 1."]


def test_a_kam_hears_only_of_accounts_of_their_own(seen: Books) -> None:
    seen.load("ledger", POSTED, "B1,2026-06-20,service,-90000", source="late")
    seen.load("plans", PLANNED, "P1,B1,2026-06-01,Growth,draft,")
    assert "Breda" not in str(told(seen, AN))
    assert said(seen, AN) == ["Files that came: 2.", "Decisions that came: 1."]
    assert "Breda" not in str(seen.rows("select told from look where reader = 'an/kam/an'"))


def test_an_earlier_as_of_date_is_compared_with_nothing(seen: Books) -> None:
    found = told(seen, as_of=date(2026, 5, 31))
    assert (found.day, found.loads, found.moves) == (AS_OF, (), {})


def test_other_weights_of_health_are_told_to_whoever_looked_before_them(seen: Books) -> None:
    weigh(seen.store, {"growth": Decimal(30)}, LOCAL_OWNER, person="Els Smit")
    sentence = "The weights of health changed to version 1.1, in the name of Els Smit."
    assert said(seen)[0] == said(seen, AN)[0] == sentence
    look(seen.store, BOARD, AS_OF)
    assert said(seen) == ["Nothing has changed."]


def test_having_looked_is_an_act_in_the_chain_and_blocks_nobody(seen: Books) -> None:
    assert [row["about"] for row in seen.rows("select about from change where what = 'look' order by change_id")] == [
        "local/board",
        "an/kam/an",
    ]
    assert "audit_chain" not in seen.differences()


amounts = st.decimals(-(10**7), 10**7, places=2)


@given(then=amounts, now=amounts, name=st.sampled_from(["contribution", "overdue", "health"]))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_says_a_rise_only_of_a_rise(lang: str, then: Decimal, now: Decimal, name: str) -> None:
    what = Changed(AS_OF, datetime(2026, 7, 1), moves={name: Move("A1", "Aalst", then, now)})  # noqa: DTZ001
    (sentence,) = news.sentences(lang, what)
    rise, fall = {"nl": ("stijging", "daling"), "en": ("a rise", "a fall")}[lang]
    if sentence.page == "account":
        assert (rise in sentence.text, fall in sentence.text) == (now > then, now < then)
    else:
        assert abs(now - then) <= 1


def test_at_most_five_sentences_and_what_happened_first() -> None:
    row = {"account_id": "A1", "account_name": "Aalst", "then": "behind", "now": "ahead"}
    everything = Changed(
        AS_OF,
        datetime(2026, 7, 1),  # noqa: DTZ001
        loads=[{"load_id": 1, "what": "load"}, {"load_id": 2, "what": "undo"}],
        moves={name: Move("A1", "Aalst", Decimal(1), Decimal(9)) for name in ("contribution", "overdue", "health")},
        plans=[row, row],
        new=["loss:A1"],
        solved=["overdue:A1"],
        reviews=[{"account_name": name} for name in ("Aalst", "Breda", "Gent", "Mol")],
    )
    sentences = news.sentences("en", everything)
    assert [sentence.page for sentence in sentences] == ["data", "portfolio", "plan", "account", "account"]
    assert sentences[0].text == "Files that came: 1; undone: 1."
    assert sentences[2].text == "Reviews held: 4 (Aalst, Breda, Gent and 1 other accounts)."
    only_plans = news.sentences("en", Changed(AS_OF, everything.at, plans=[row, row]))
    assert [(one.page, dict(one.query)) for one in only_plans] == [("plan", {})]
