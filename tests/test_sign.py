"""A director signs a plan off; nobody else does, and it can be undone."""

from __future__ import annotations

from datetime import date

import pytest

from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.extracts import loads, sign_off
from kam_metrics.metrics import plan_overview, reconcile
from kam_metrics.terms import Principal, Role, Slice
from tests.books import Books

DIRECTOR = Principal("mulder", frozenset({Role.DIRECTOR}))
DAY = date(2026, 3, 1)
PLAN = ("plan_id,account_id,start_date,title,status", 'P1,A1,2026-02-15,"Meer, en beter",submitted')


def overview(books: Books) -> dict[str, object]:
    with books.store.read() as world:
        return plan_overview(world, Slice(DAY, account_id="A1"))[0]


def test_a_signed_plan_says_by_whom_and_since_when(books: Books) -> None:
    books.load("plans", *PLAN)
    assert overview(books)["state"] == "unsigned"
    sign_off(books.store, "P1", DIRECTOR, who=" Mieke Mulder ", day=DAY)
    signed = overview(books)
    assert (signed["is_signed"], signed["signed_by"], signed["signed_on"]) == (True, "Mieke Mulder", DAY)
    assert (signed["title"], signed["status"]) == ("Meer, en beter", "signed")


def test_a_signature_is_a_load_in_the_journal_and_can_be_undone(books: Books) -> None:
    books.load("plans", *PLAN)
    load_id = sign_off(books.store, "P1", DIRECTOR, who="Mieke Mulder", day=DAY)
    newest = loads(books.store)[-1]
    assert (newest.load_id, newest.kind, newest.rows, newest.loaded_by) == (load_id, "plans", 1, "mulder")
    with books.store.read() as world:
        assert all(check.ok for check in reconcile(world))
    books.undo(load_id)
    assert overview(books)["state"] == "unsigned"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DIRECTOR}))
def test_only_a_director_signs(books: Books, role: Role) -> None:
    books.load("plans", *PLAN)
    with pytest.raises(NotAllowed) as refused:
        sign_off(books.store, "P1", Principal("x", frozenset({role}), "an"), who="X", day=DAY)
    assert refused.value.key == "may_not_sign"
    assert overview(books)["state"] == "unsigned"


@pytest.mark.parametrize(("plan_id", "who", "key"), [("P9", "Mieke", "unknown_plan"), ("P1", " ", "sign_without_name")])
def test_no_signature_without_a_plan_or_a_name(books: Books, plan_id: str, who: str, key: str) -> None:
    books.load("plans", *PLAN)
    with pytest.raises(KamError) as refused:
        sign_off(books.store, plan_id, DIRECTOR, who=who, day=DAY)
    assert refused.value.key == key
    assert len(loads(books.store)) == 2
