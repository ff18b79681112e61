"""Customer numbers find their account, and accounts merge or get another number, without touching the ledger."""

from __future__ import annotations

from datetime import date

import pytest

from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.extracts import Options, check, loads
from kam_metrics.extracts.mapping import Customer, map_customers, succeed
from kam_metrics.metrics import customer_lines, worklist
from kam_metrics.terms import LOCAL_OWNER, Principal, Role, Slice
from tests.books import Books

BY_CUSTOMER = "customer_no,posting_date,line_type,amount"
BY_ACCOUNT = "account_id,posting_date,line_type,amount"


def mapped(books: Books, *numbers: str, account_id: str = "A1", valid_from: date | None = None) -> int:
    customers = [Customer(number) for number in numbers]
    return map_customers(books.store, customers, account_id, LOCAL_OWNER, valid_from=valid_from)


def sales(books: Books) -> dict[str | None, int]:
    return books.figures("net_sales", "account_id")


@pytest.fixture
def sold(books: Books) -> Books:
    """Sales of three customers nobody knows."""
    books.load(
        "ledger", BY_CUSTOMER, "K1,2026-01-15,gross_sales,10.00", "K2,2026-02-15,gross_sales,20.00",
        "K3,2026-02-20,gross_sales,40.00",
    )  # fmt: skip
    return books


def test_several_numbers_are_mapped_to_one_account_at_once_and_back(sold: Books) -> None:
    assert sales(sold) == {None: 70}
    load_id = mapped(sold, "K1", "K2")
    assert sales(sold) == {"A1": 30, None: 40}
    with sold.store.read() as world:
        assert [row["unmapped_ref"] for row in worklist(world, Slice(date(2026, 12, 31)))] == ["K3"]
    newest = loads(sold.store)[-1]
    assert (newest.load_id, newest.kind, newest.rows, newest.file) == (load_id, "customer_map", 2, "K1 A1")
    sold.undo(load_id)
    assert sales(sold) == {None: 70}
    assert sold.differences() == {}


def test_a_mapping_counts_from_its_day(sold: Books) -> None:
    sold.load("ledger", BY_CUSTOMER, "K2,2026-03-01,gross_sales,5.00")
    mapped(sold, "K2", valid_from=date(2026, 2, 16))
    assert sales(sold) == {"A1": 5, None: 70}
    mapped(sold, "K2", account_id="B1")
    assert sales(sold) == {"A1": 5, "B1": 20, None: 50}
    assert sold.differences() == {}


def test_an_account_that_merges_gives_all_its_figures_to_its_successor(books: Books) -> None:
    books.load("ledger", BY_ACCOUNT, "A1,2026-01-15,gross_sales,10.00", "B1,2026-01-16,gross_sales,1.00")
    books.load("customer_map", "customer_no,account_id", "K1,A1")
    books.load("ledger", BY_CUSTOMER, "K1,2026-02-15,gross_sales,20.00")
    books.load("budget", "account_id,month,line_type,amount", "A1,2026-01,gross_sales,7.00")
    books.load("receivables", "account_id,doc_no,invoice_date,due_date,amount", "A1,F1,2026-01-15,2026-02-15,12.00")
    books.load("cost_rates", "activity,valid_from,eur_per_unit", "orders,2026-01-01,2.00")
    books.load("cost_drivers", "account_id,month,activity,quantity", "A1,2026-01,orders,3", "B1,2026-01,orders,1")
    books.load("plans", "plan_id,account_id,start_date", "P1,A1,2026-01-05")
    load_id = succeed(books.store, "A1", "B1", LOCAL_OWNER)
    assert sales(books) == {"B1": 31}
    assert books.figures("cost_to_serve", "account_id") == {"B1": 8}
    assert books.figures("receivables_open", "account_id") == {"B1": 12}
    assert books.figures("net_sales", "account_id", scenario="budget") == {"B1": 7}
    assert [row["account_id"] for row in books.rows("select account_id from plan")] == ["B1"]
    assert [row["account_id"] for row in books.rows("select account_id from account order by 1")] == ["A2", "B1"]
    assert books.differences() == {}
    books.undo(load_id)
    assert sales(books) == {"A1": 30, "B1": 1}
    assert books.differences() == {}


def test_a_succession_counts_from_its_month_and_chains_are_followed(books: Books) -> None:
    books.load("accounts", "account_id,account_name", "C1,Charleroi")
    books.load(
        "ledger", BY_ACCOUNT, "A1,2026-01-15,gross_sales,1.00", "A1,2026-02-15,gross_sales,10.00",
        "A1,2026-03-15,gross_sales,100.00", "B1,2026-03-15,gross_sales,1000.00",
    )  # fmt: skip
    succeed(books.store, "A1", "B1", LOCAL_OWNER, since=date(2026, 2, 9))
    assert sales(books) == {"A1": 1, "B1": 1110}
    succeed(books.store, "B1", "C1", LOCAL_OWNER, since=date(2026, 3, 1))
    assert sales(books) == {"A1": 1, "B1": 10, "C1": 1100}
    books.load("ledger", BY_ACCOUNT, "A1,2026-04-15,gross_sales,5.00")
    assert sales(books) == {"A1": 1, "B1": 10, "C1": 1105}
    assert books.differences() == {}


def test_accounts_may_not_follow_each_other_in_a_circle(books: Books) -> None:
    first = succeed(books.store, "A1", "A2", LOCAL_OWNER, since=date(2026, 1, 1))
    succeed(books.store, "A2", "B1", LOCAL_OWNER, since=date(2026, 2, 1))
    with pytest.raises(KamError, match="succession_circle"):
        succeed(books.store, "B1", "A1", LOCAL_OWNER, since=date(2026, 3, 1))
    judgement = books.try_load("successions", "account_id,successor_id", "B1,A1")
    assert (judgement.outcome, judgement.problems[0].rule) == ("reject", "succession_circle")
    assert "follow each other in a circle" in judgement.sentence("en")
    path = books.file(["account_id,successor_id", "B1,A1"])
    beforehand = check(books.store, path, Options(kind="successions"), LOCAL_OWNER)
    assert (beforehand.outcome, beforehand.problems[0].rule) == ("reject", "succession_circle")
    books.undo(first)
    succeed(books.store, "B1", "A1", LOCAL_OWNER, since=date(2026, 3, 1))
    with pytest.raises(KamError, match="succession_circle"):
        books.redo(first)


def test_a_group_follows_its_parent(books: Books) -> None:
    books.load("accounts", "account_id,account_name,parent_id", "C1,Charleroi,A1", "D1,Delft,C1")
    succeed(books.store, "A1", "C1", LOCAL_OWNER)
    groups = {row["account_id"]: row["group_id"] for row in books.rows("select account_id, group_id from account")}
    assert (groups["C1"], groups["D1"]) == ("C1", "C1")


def test_what_makes_no_sense_is_refused(sold: Books) -> None:
    with pytest.raises(KamError, match="unknown_account"):
        mapped(sold, "K1", account_id="Z9")
    with pytest.raises(KamError, match="nothing_to_map"):
        mapped(sold)
    with pytest.raises(KamError, match="same_account"):
        succeed(sold.store, "A1", "A1", LOCAL_OWNER)
    mapped(sold, "K1")
    with pytest.raises(KamError, match="mapped_already"):
        mapped(sold, "K1")
    with pytest.raises(NotAllowed):
        map_customers(sold.store, [Customer("K1")], "A1", Principal("x", frozenset({Role.DIRECTOR})))


def test_the_same_number_of_two_systems_is_two_customers_to_map(books: Books) -> None:
    for source in ("SAP", "Exact"):
        books.load("ledger", BY_CUSTOMER, f"K1,2026-01-15,gross_sales,{len(source)}.00", source=source)
    with books.store.read() as world:
        told = worklist(world, Slice(date(2026, 12, 31)))
    assert [(row["unmapped_ref"], row["source_system"], row["amount"]) for row in told] == [
        ("K1", "Exact", 5),
        ("K1", "SAP", 3),
    ]
    map_customers(books.store, [Customer("K1", "SAP")], "A1", LOCAL_OWNER)
    map_customers(books.store, [Customer("K1", "Exact")], "B1", LOCAL_OWNER)
    assert sales(books) == {"A1": 3, "B1": 5}


def test_a_number_that_only_receivables_know_is_on_the_worklist_too(books: Books) -> None:
    load_id = books.load("receivables", "customer_no,doc_no,invoice_date,amount", "K9,R1,2026-02-10,1210.00")
    with books.store.read() as world:
        seen = Slice(date(2026, 12, 31))
        (row,) = worklist(world, seen)
        (line,) = customer_lines(world, seen, "K9")
        assert worklist(world, Slice(date(2026, 12, 31), kam_scope="an")) == []
    assert (row["unmapped_ref"], row["origin"], row["amount"], row["line_count"]) == ("K9", "receivables", 1210, 1)
    assert (line["document"], line["amount"], line["load_id"]) == ("R1", 1210, load_id)
