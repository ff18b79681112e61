"""Decisions needed: made from figures by declared rules, and kept with what people did about them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kam_metrics import agenda
from kam_metrics.deciding import Act, decide
from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.metrics import decision_acts, decisions
from kam_metrics.metrics.decision_rules import RULES
from kam_metrics.metrics.pasts import days_back
from kam_metrics.settings import Settings
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Principal, Role, Slice
from kam_metrics.words import LANGUAGES
from tests.books import Books

AS_OF = date(2026, 6, 30)
ACCOUNTS = (
    "account_id,account_name,kam_id,kam_name,sponsor_name,segment,key_since",
    "A1,Aalst,an,An Peeters,Els Smit,key,2025-02-01",
    "B1,Breda,bo,Bo Jansen,,key,",
    "T1,Tilburg,bo,Bo Jansen,,tail,",
)
BOARD, ANALYST = (Principal(str(role), frozenset({role})) for role in (Role.BOARD, Role.ANALYST))
AN = Principal("an", frozenset({Role.KAM}), "an")
POSTED = "account_id,posting_date,line_type,amount"


def months(account: str, first: tuple[int, int], count: int, sales: int, cogs: int) -> list[str]:
    """The same postings every month."""
    numbers = range(first[0] * 12 + first[1] - 1, first[0] * 12 + first[1] - 1 + count)
    return [
        f"{account},{n // 12}-{n % 12 + 1:02}-15,{line},{amount}"
        for n in numbers
        for line, amount in (("gross_sales", sales), ("cogs", -cogs), ("service", -10))
    ]


def asked(books: Books, as_of: date = AS_OF, *, with_done: bool = False, **seen: Any) -> dict[str, Any]:
    """Decisions by their id."""
    with books.store.read() as world:
        rows = decisions(world, Slice(as_of, **seen), with_done=with_done)
    return {row["decision_id"]: row for row in rows}


def act(books: Books, decision_id: str, by: Principal = BOARD, as_of: date = AS_OF, **told: Any) -> int:
    return decide(books.store, decision_id, Act(**told), by, person="Mieke Mulder", as_of=as_of)


@pytest.fixture
def told(empty: Books) -> Books:
    """Aalst earns until 2025 and costs money from then on; Breda stays as it is."""
    empty.load("accounts", *ACCOUNTS)
    empty.load(
        "ledger", POSTED,
        *months("A1", (2024, 1), 24, 1000, 600), *months("A1", (2026, 1), 6, 1000, 2000),
        *months("B1", (2024, 1), 30, 1000, 600), *months("T1", (2024, 1), 30, 100, 600),
    )  # fmt: skip
    return empty


def test_an_account_that_loses_money_asks_its_director(told: Books) -> None:
    (row,) = asked(told, account_id="A1").values()
    # Twelve months to May: 7 × 390 − 5 × 1010 = −2,320; to April −920, to March 480: since 30 April.
    # To June: 6 × 390 − 6 × 1010 = −3,720.
    assert (row["decision_id"], row["money"], row["since"]) == ("loss:A1", 3720, date(2026, 4, 30))
    assert (row["owner_role"], row["stake"], row["age_days"]) == ("director", "loss", 61)
    assert not row["is_since_before"]


def test_a_tail_account_and_one_that_does_well_ask_nothing(told: Books) -> None:
    assert {row["account_id"] for row in asked(told).values()} == {"A1"}


def test_a_rule_that_held_all_year_holds_since_then_or_earlier(told: Books) -> None:
    told.load("ledger", POSTED, *months("A1", (2024, 2), 20, 0, 3000), source="legacy")
    row = asked(told)["loss:A1"]
    assert (row["is_since_before"], row["since"]) == (True, date(2025, 6, 30))
    assert agenda.since("en", row) == "since 30 Jun 2025 or earlier"


def test_the_days_looked_at_are_weeks_of_the_month_and_month_ends() -> None:
    assert days_back(date(2026, 3, 17))[:5] == [
        date(2026, 3, 17), date(2026, 3, 10), date(2026, 3, 3), date(2026, 2, 28), date(2026, 1, 31),
    ]  # fmt: skip
    assert len(days_back(date(2026, 3, 1))) == 13


def test_a_contribution_that_fell_by_more_than_a_fifth_asks_its_kam(told: Books) -> None:
    told.load("ledger", POSTED, *months("B1", (2026, 4), 3, 0, 400), source="late")
    row = asked(told)["falling:B1"]
    assert (row["money"], row["owner_role"]) == (1230, "kam")
    assert agenda.owner("en", row) == "Bo Jansen"
    assert row["since"] == date(2026, 6, 30)


OWED = "account_id,doc_no,doc_type,invoice_date,due_date,amount,cleared_date"


def test_overdue_above_the_alarm_asks_since_the_first_day_it_was_seen(told: Books) -> None:
    told.load("receivables", OWED, "B1,1,INV,2026-04-01,2026-05-01,300,", "B1,2,INV,2026-05-20,2026-07-20,700,")
    row = asked(told)["overdue:B1"]
    assert (row["money"], row["since"], row["stake"]) == (300, date(2026, 5, 31), "overdue")
    assert "red_cash:B1" not in asked(told)
    assert "overdue:B1" not in asked(told, date(2026, 4, 30))


def test_an_installation_says_itself_when_overdue_alarms(told: Books) -> None:
    told.load("receivables", OWED, "B1,1,INV,2026-04-01,2026-05-01,300,", "B1,2,INV,2026-05-20,2026-07-20,700,")
    told.store.close()
    told.store = Store.at(told.store.path, Settings(overdue_alarm=Decimal("0.35")))
    assert "overdue:B1" not in asked(told)


def test_sales_without_a_cost_price_ask_the_analyst(told: Books) -> None:
    told.load(
        "sales_lines",
        "account_id,doc_no,line_no,invoice_date,net_amount,cogs_amount,product",
        "B1,1,1,2026-06-10,5000,,P1", "B1,1,2,2026-06-10,1000,600,P2",
    )  # fmt: skip
    row = asked(told)["uncosted:B1"]
    assert (row["owner_role"], row["since"]) == ("analyst", date(2026, 6, 30))
    assert row["money"] == 5000


def test_money_of_nobody_and_old_sources_ask_the_analyst_and_no_kam(told: Books) -> None:
    told.load("ledger", POSTED, "X9,2026-02-03,gross_sales,77", "X8,2026-03-03,gross_sales,23", source="other")
    late = date(2026, 9, 1)
    rows = asked(told, late)
    assert (rows["unmapped:customers"]["money"], rows["unmapped:customers"]["count"]) == (100, 2)
    assert rows["unmapped:customers"]["since"] == date(2026, 2, 3)
    stale = rows["stale:other"]
    assert (stale["since"], stale["money"]) == (date(2026, 3, 3) + timedelta(days=46), None)
    for narrowed in ({"kam_scope": "an"}, {"kam_id": "an"}, {"account_id": "A1"}):
        assert not {"unmapped:customers", "stale:other"} & asked(told, late, **narrowed).keys()


PLANNED = "plan_id,account_id,start_date,title,status,signed_on"


def test_plans_ask_exactly_to_the_day(told: Books) -> None:
    told.load("plans", PLANNED, "P1,B1,2026-05-01,Growth,draft,")
    rows = asked(told)
    assert (rows["unsigned:B1"]["since"], rows["unsigned:B1"]["owner_role"]) == (date(2026, 5, 1), "director")
    assert rows["unsigned:B1"]["money"] == 12 * 390
    assert (rows["no_plan:A1"]["since"], rows["no_plan:A1"]["money"]) == (date(2025, 2, 1), None)
    told.load("plans", PLANNED, "P1,B1,2026-05-01,Growth,signed,2026-05-02", replacing=True)
    assert "unsigned:B1" not in asked(told)
    shelved = asked(told, date(2026, 8, 20))["shelved:B1"]
    assert (shelved["since"], shelved["age_days"]) == (date(2026, 5, 2) + timedelta(days=91), 19)
    assert agenda.owner("nl", shelved) == "Executive sponsor"


def test_a_plan_behind_and_a_review_overdue_ask_its_kam(told: Books) -> None:
    told.load("plans", PLANNED, "P1,B1,2026-05-01,Growth,signed,2026-05-02", "P2,A1,2026-05-01,Cost,signed,2026-05-02")
    told.load("objectives", "objective_id,plan_id,title,kind,baseline,target_90", "O1,P1,Sales,sales,0,90")
    told.load("measurements", "objective_id,date,value", "O1,2026-05-10,9")
    told.load("reviews", "review_id,account_id,plan_id,kind,due_date,held_date", "R1,B1,P1,30d,2026-05-31,")
    rows = asked(told)
    # At 9 of 90 the plan falls more than 10 points behind once 19 of its days have passed.
    assert rows["behind:B1"]["since"] == date(2026, 5, 1) + timedelta(days=19)
    assert rows["review_late:B1"]["since"] == date(2026, 6, 6)
    told.load("reviews", "review_id,account_id,plan_id,kind,due_date,held_date", "R2,B1,P1,30d,2026-06-28,2026-06-29")
    assert "review_late:B1" not in asked(told)


def test_without_any_plan_nobody_is_asked_for_one(told: Books) -> None:
    assert not [name for name in asked(told) if name.startswith("no_plan")]


def test_a_red_vital_asks_where_no_rule_already_does(told: Books) -> None:
    told.load("plans", PLANNED, "P1,B1,2026-05-01,Growth,signed,2026-05-02")
    told.load(
        "reviews", "review_id,account_id,plan_id,kind,due_date,held_date",
        "R1,B1,P1,quarter,2026-02-01,", "R2,B1,P1,30d,2026-05-31,",
    )  # fmt: skip
    rows = asked(told, account_id="B1")
    assert {"red_relationship:B1", "review_late:B1"} == rows.keys()
    assert rows["red_relationship:B1"]["money"] == 12 * 390


def test_decisions_stand_by_money_and_then_by_age(told: Books) -> None:
    told.load("plans", PLANNED, "P1,B1,2026-06-20,Growth,draft,")
    told.load("receivables", OWED, "B1,1,INV,2026-04-01,2026-05-01,300,", "A1,2,INV,2026-03-20,2026-04-20,300,")
    assert list(asked(told)) == ["unsigned:B1", "loss:A1", "overdue:A1", "overdue:B1", "no_plan:A1"]


def test_a_decision_is_assigned_dated_noted_done_and_opened_again(told: Books) -> None:
    act(told, "loss:A1", owner=" Els Smit ", due=date(2026, 6, 1), note="Prijs omhoog")
    row = asked(told)["loss:A1"]
    assert (row["owner"], row["due"], row["note"], row["is_late"]) == (
        "Els Smit", date(2026, 6, 1), "Prijs omhoog", True,
    )  # fmt: skip
    assert agenda.owner("nl", row) == "Els Smit"
    act(told, "loss:A1", owner="Els Smit", is_done=True)
    assert "loss:A1" not in asked(told)
    row = asked(told, with_done=True)["loss:A1"]
    assert (row["is_done"], row["due"], row["is_late"]) == (True, None, False)
    act(told, "loss:A1")
    assert asked(told)["loss:A1"]["owner"] is None
    with told.store.read() as world:
        acts = decision_acts(world, "loss:A1")
    assert [(one["is_done"], one["person"], one["who"]) for one in acts] == [
        (False, "Mieke Mulder", "board"), (True, "Mieke Mulder", "board"), (False, "Mieke Mulder", "board"),
    ]  # fmt: skip


def test_figures_take_a_decision_away_and_bring_a_done_one_back_only_anew(told: Books) -> None:
    act(told, "loss:A1", is_done=True, note="Afgesproken")
    assert "loss:A1" not in asked(told, date(2026, 7, 31))
    saved = told.load("ledger", POSTED, *months("A1", (2026, 7), 2, 9000, 0))
    assert "loss:A1" not in asked(told, date(2026, 8, 31), with_done=True)
    told.load("ledger", POSTED, *months("A1", (2026, 9), 2, 0, 20000))
    anew = asked(told, date(2026, 10, 31))["loss:A1"]
    assert (anew["is_done"], anew["note"], anew["since"]) == (False, None, date(2026, 9, 30))
    told.undo(saved)
    assert "loss:A1" not in asked(told, date(2026, 10, 31))
    told.redo(saved)
    assert asked(told, date(2026, 10, 31))["loss:A1"]["since"] == date(2026, 9, 30)


def test_undoing_a_load_keeps_what_a_person_said(told: Books) -> None:
    load_id = told.load("receivables", OWED, "B1,1,INV,2026-04-01,2026-05-01,300,")
    act(told, "overdue:B1", owner="Bo Jansen", note="Belt vrijdag")
    told.undo(load_id)
    assert "overdue:B1" not in asked(told)
    told.redo(load_id)
    assert asked(told)["overdue:B1"]["note"] == "Belt vrijdag"


def test_a_kam_decides_only_on_accounts_of_their_own_and_an_analyst_not_at_all(told: Books) -> None:
    told.load("receivables", OWED, "B1,1,INV,2026-04-01,2026-05-01,300,")
    act(told, "loss:A1", AN, is_done=True)
    for missing in ("overdue:B1", "loss:B1", "nonsense"):
        with pytest.raises(KamError) as refused:
            act(told, missing, AN, is_done=True)
        assert refused.value.key == "unknown_decision"
    with pytest.raises(NotAllowed):
        act(told, "overdue:B1", ANALYST, is_done=True)
    act(told, "overdue:B1", LOCAL_OWNER, is_done=True)
    assert asked(told, kam_scope="an", with_done=True).keys() == {"loss:A1"}


@pytest.mark.parametrize(
    ("told_so", "key"),
    [({}, "nothing_decided"), ({"owner": "x" * 81}, "act_too_long"), ({"note": "x" * 301}, "act_too_long")],
)
def test_an_act_that_cannot_be_is_refused(told: Books, told_so: dict[str, Any], key: str) -> None:
    with pytest.raises(KamError) as refused:
        act(told, "loss:A1", **told_so)
    assert refused.value.key == key
    with pytest.raises(KamError) as nameless:
        decide(told.store, "loss:A1", Act(is_done=True), BOARD, person=" ", as_of=AS_OF)
    assert nameless.value.key == "act_without_name"


def test_the_chain_vouches_for_every_decision(told: Books) -> None:
    act(told, "loss:A1", is_done=True, note="Afgesproken")
    assert "decisions" not in told.differences()
    with told.store.stage() as stage, told.store.change(stage, LOCAL_OWNER) as change:
        change.run("update decision set note = 'Nooit gezegd'")
    assert told.differences()["decisions"] == ("change 3 / decision 0",)
    with told.store.stage() as stage, told.store.change(stage, LOCAL_OWNER) as change:
        change.run("delete from decision")
    assert told.differences()["decisions"] == ("change 3 / decision None",)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_is_told_and_asks_something(lang: str) -> None:
    row = {"account_name": "Aalst", "count": 2, "subject": "", "newest": AS_OF, "money": Decimal(1), "owner": None}
    row |= {"kam_name": None, "sponsor_name": None, "stake": "loss", "since": None, "age_days": None}
    for rule, owner_role in RULES.items():
        one = {**row, "rule": rule, "owner_role": owner_role}
        texts = [
            agenda.told(lang, one),
            agenda.subject(lang, one),
            agenda.asked(lang, one),
            agenda.owner(lang, one),
            agenda.money(lang, one),
        ]
        assert all(texts)
        assert (agenda.since(lang, one), agenda.age(lang, one)) == ("–", "–")
