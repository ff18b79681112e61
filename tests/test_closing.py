"""A closed month refuses whatever would change a counted fact dated in it, until a named person reopens it."""

from __future__ import annotations

from datetime import date

import pytest

from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.extracts import Judgement, Options, check, close, closings, loads, redo, reopen, undo
from kam_metrics.store import holds_loads
from kam_metrics.terms import LOCAL_OWNER, Principal, Role
from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount"
ITEMS = "account_id,doc_no,invoice_date,due_date,amount,cleared_date"
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
TODAY = date(2026, 3, 15)


def shut(books: Books, month: date = JANUARY) -> int:
    return close(books.store, month, LOCAL_OWNER, who="Cor Boek", today=TODAY)


def refused(judgement: Judgement) -> str:
    """The sentence of a refusal by a closed month."""
    assert (judgement.outcome, [one.rule for one in judgement.problems]) == ("reject", ["closed_month"])
    assert judgement.load_id is None
    return judgement.sentence("en")


def test_a_closed_month_refuses_a_new_posting_and_says_how_to_reopen_it(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    shut(books)
    told = refused(books.try_load("ledger", LEDGER, "A1,2026-01-16,gross_sales,1.00", "A1,2026-02-01,gross_sales,2.00"))
    assert "2026-01 is closed" in told
    assert "kam reopen 2026-01 --who NAME" in told
    assert books.figure("net_sales") == 100
    assert len(loads(books.store)) == 2


def test_a_check_says_beforehand_that_a_closed_month_will_refuse(books: Books) -> None:
    shut(books)
    path = books.file([LEDGER, "A1,2026-01-16,gross_sales,1.00"])
    before = books.store.revision
    told = refused(check(books.store, path, Options(kind="ledger", decimal="."), LOCAL_OWNER))
    assert "2026-01" in told
    assert (books.store.revision, books.figure("net_sales")) == (before, None)


def test_open_months_are_loaded_beside_a_closed_one(books: Books) -> None:
    shut(books)
    books.load("ledger", LEDGER, "A1,2025-12-31,gross_sales,3.00", "A1,2026-02-01,gross_sales,2.00")
    assert books.figure("net_sales") == 5


def test_rows_of_a_closed_month_that_are_known_change_nothing_and_may_come_along(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    shut(books)
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00", "A1,2026-02-15,gross_sales,7.00")
    assert books.figure("net_sales") == 107


def test_a_replacement_may_not_take_a_row_out_of_a_closed_month(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00", "A1,2026-01-16,gross_sales,5.00")
    shut(books)
    refused(books.try_load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00", replacing=True))
    assert books.figure("net_sales") == 105


def test_undo_and_redo_stop_at_a_closed_month(books: Books) -> None:
    first = books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    other = books.load("ledger", LEDGER, "A1,2026-01-20,gross_sales,9.00")
    undo(books.store, other, LOCAL_OWNER)
    shut(books)
    for turn, load_id in ((undo, first), (redo, other)):
        with pytest.raises(KamError) as closed:
            turn(books.store, load_id, LOCAL_OWNER)
        assert (closed.value.key, closed.value.values["months"]) == ("closed_month", "2026-01")
    assert books.figure("net_sales") == 100
    assert books.differences() == {}


def test_undo_of_rows_that_another_load_still_holds_is_no_change(books: Books) -> None:
    first = books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00", "A1,2026-02-01,gross_sales,2.00")
    shut(books)
    undo(books.store, first, LOCAL_OWNER)
    assert books.figure("net_sales") == 102


def test_an_invoice_of_a_closed_month_may_be_paid_in_an_open_one(books: Books) -> None:
    books.load("receivables", ITEMS, "A1,F1,2026-01-10,2026-02-10,50.00,", "A1,F2,2026-01-11,2026-02-11,60.00,")
    shut(books)
    paid = ("A1,F1,2026-01-10,2026-02-10,50.00,2026-02-20", "A1,F2,2026-01-11,2026-02-11,60.00,")
    books.load("receivables", ITEMS, *paid, replacing=True)
    assert books.figure("receivables_open") == 60
    shut(books, FEBRUARY)
    unpaid = ("A1,F1,2026-01-10,2026-02-10,50.00,", "A1,F2,2026-01-11,2026-02-11,60.00,")
    assert "2026-02" in refused(books.try_load("receivables", ITEMS, *unpaid, replacing=True))
    other = ("A1,F1,2026-01-10,2026-02-10,51.00,2026-02-20", "A1,F2,2026-01-11,2026-02-11,60.00,")
    assert "2026-01, 2026-02" in refused(books.try_load("receivables", ITEMS, *other, replacing=True))


@pytest.mark.parametrize(
    ("kind", "head", "row"),
    [
        ("sales_lines", "account_id,doc_no,invoice_date,net_amount", "A1,F1,2026-01-15,10.00"),
        ("cost_drivers", "account_id,month,activity,quantity", "A1,2026-01,orders,3"),
        ("cost_rates", "activity,valid_from,eur_per_unit", "orders,2026-01-15,2.50"),
        ("account_balances", "account_id,month_end,item,amount", "A1,2026-01-31,stock,10.00"),
        ("budget", "account_id,month,line_type,amount", "A1,2026-01,gross_sales,10.00"),
        ("fx_rates", "currency,date,eur_per_unit", "USD,2026-01-15,0.9"),
        ("receivables", "account_id,doc_no,invoice_date,amount,snapshot_date", "A1,F1,2025-12-15,10.00,2026-01-31"),
    ],
)
def test_every_kind_that_bears_on_money_is_covered(books: Books, kind: str, head: str, row: str) -> None:
    shut(books)
    refused(books.try_load(kind, head, row))


def test_masters_plans_and_surveys_stay_open(books: Books) -> None:
    shut(books)
    books.load("accounts", "account_id,account_name,key_since", "C1,Charleroi,2026-01-05")
    books.load("customer_map", "customer_no,account_id,valid_from", "K1,A1,2026-01-05")
    books.load("plans", "plan_id,account_id,start_date", "P1,A1,2026-01-05")
    assert len(loads(books.store)) == 4


def test_reopening_lets_the_correction_through_and_stays_in_the_chain(books: Books) -> None:
    load_id = books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100.00")
    shut(books)
    reopen(books.store, JANUARY, Principal("dir", frozenset({Role.DIRECTOR})), who="Mieke Mulder")
    undo(books.store, load_id, LOCAL_OWNER)
    with books.store.read() as world:
        told = [(one.month, one.is_closed, one.person, one.who) for one in closings(world)]
    assert told == [(JANUARY, True, "Cor Boek", "local"), (JANUARY, False, "Mieke Mulder", "dir")]
    assert books.differences() == {}


def test_a_journal_whose_closing_was_put_in_another_name_does_not_hold(books: Books) -> None:
    shut(books)
    with books.store.stage() as stage:
        stage.cursor.execute("update change set about = 'Somebody Else' where what = 'close'")
    assert "audit_chain" in books.differences()


@pytest.mark.parametrize("role", [Role.BOARD, Role.KAM])
def test_only_an_analyst_or_a_director_closes(books: Books, role: Role) -> None:
    by = Principal("x", frozenset({role}), "an")
    with pytest.raises(NotAllowed) as not_allowed:
        close(books.store, JANUARY, by, who="X", today=TODAY)
    assert not_allowed.value.key == "may_not_close"


def test_a_closing_needs_a_name_a_month_that_is_over_and_one_that_is_open(books: Books) -> None:
    with pytest.raises(KamError, match="close_without_name"):
        close(books.store, JANUARY, LOCAL_OWNER, who=" ", today=TODAY)
    with pytest.raises(KamError, match="month_not_over"):
        close(books.store, date(2026, 3, 1), LOCAL_OWNER, who="Cor", today=date(2026, 3, 31))
    with pytest.raises(KamError, match="is_open"):
        reopen(books.store, JANUARY, LOCAL_OWNER, who="Cor")
    shut(books)
    with pytest.raises(KamError, match="is_closed"):
        shut(books)


def test_a_closing_is_no_load(empty: Books) -> None:
    shut(empty)
    with empty.store.read() as world:
        assert not holds_loads(world)
