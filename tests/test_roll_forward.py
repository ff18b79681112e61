"""What stood open, plus what was billed, minus what was settled, is what stands open; the unexplained is named."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from kam_metrics.metrics import reconcile
from kam_metrics.metrics.receipts import by_period, receipts, roll_forward
from kam_metrics.store import Store
from kam_metrics.terms import Slice
from tests.books import Books
from tests.small_world import SmallWorld

ITEMS = "account_id,doc_no,doc_type,invoice_date,amount,cleared_date"
SNAPSHOT = "account_id,doc_no,doc_type,invoice_date,amount,open_amount,cleared_date,snapshot_date"
NOBODY = {"Z9": "–"}
"""Accounts that no master knows stand together."""
PARTS = ("opening", "invoices", "credit_notes", "adjustments", "payments", "unexplained", "closing")


def rolled(books: Books) -> dict[tuple[str, str], dict[str, Any]]:
    """The parts of each account and period that are not zero."""
    with books.store.read() as world:
        return {
            (row["account"], str(row["until_day"])): {name: row[name] for name in PARTS if row[name]}
            for row in roll_forward(world, Slice(date.max))
        }


def warnings(books: Books) -> tuple[str, ...]:
    with books.store.read() as world:
        (check,) = [one for one in reconcile(world) if one.name == "receivables_roll_forward"]
    assert check.ok
    return check.differences


def test_history_rolls_from_month_to_month(books: Books) -> None:
    books.load(
        "receivables",
        ITEMS,
        "A1,F1,INV,2026-01-10,100,2026-02-20",
        "A1,F2,INV,2026-02-05,50,",
        "A1,C1,CRN,2026-02-06,-10,",
        "A1,P1,PAY,2026-02-25,-30,",
        "A1,J1,ADJ,2026-02-27,5,",
        "B1,G1,INV,2026-02-01,70,2026-02-01",
    )
    assert rolled(books) == {
        ("A1", "2026-01-31"): {"invoices": 100, "closing": 100},
        ("A1", "2026-02-28"): {
            "opening": 100,
            "invoices": 50,
            "credit_notes": -10,
            "adjustments": 5,
            "payments": 130,
            "closing": 15,
        },
        ("B1", "2026-02-28"): {"invoices": 70, "payments": 70},
    }
    assert warnings(books) == ()


def test_receipts_of_a_period_are_told_for_the_accounts_a_reader_sees(books: Books) -> None:
    books.load(
        "receivables", ITEMS,
        "A1,F1,INV,2026-01-10,100,2026-02-20", "A1,F2,INV,2026-02-05,50,2026-03-09", "A1,C1,CRN,2026-02-06,-10,",
        "A1,P1,PAY,2026-02-25,-30,", "B1,G1,INV,2026-02-01,70,2026-02-01", "B1,G2,INV,2026-02-10,8,2026-01-20",
    )  # fmt: skip
    told = {"invoices": 50, "credit_notes": -10, "growth": -90, "collections": 130, "payments": 130}
    with books.store.read() as world:
        of_an = receipts(world, Slice(date(2026, 2, 28), date(2026, 2, 1), kam_scope="an"))
        of_all = receipts(world, Slice(date(2026, 2, 28), date(2026, 2, 1)))
        assert receipts(world, Slice(date(2026, 2, 28), kam_scope="")) == []
    assert [(row["account"], {name: row[name] for name in told}) for row in of_an] == [("A1", told)]
    (row,) = by_period(of_all)
    assert (row["until_day"], row["collections"], row["payments"], row["unexplained"]) == (
        date(2026, 2, 28),
        208,
        200,
        -8,
    )


def test_receipts_are_what_the_measure_collections_says(books: Books) -> None:
    """Another computation of the same money: where no payment waits for its invoice, both agree."""
    chance, lines = random.Random(7), []
    for number in range(1, 61):
        day = date(2026, 1, 1) + timedelta(chance.randrange(150))
        paid = day + timedelta(chance.randrange(1, 70)) if chance.random() < 0.7 else ""
        told = chance.choice((f"INV,{day},{number}", f"CRN,{day},-{number}"))
        lines.append(f"{chance.choice(('A1', 'B1'))},D{number},{told},{paid}")
    books.load("receivables", ITEMS, *lines)
    with books.store.read() as world:
        rows = receipts(world, Slice(date(2026, 12, 31)))
    booked = {(row["account"], row["until_day"].replace(day=1)): row["payments"] for row in rows if row["payments"]}
    measured = books.figures("collections", "account_id", "month")
    assert booked == {place: amount for place, amount in measured.items() if amount}
    assert len(booked) > 8


def test_an_item_settled_before_it_was_posted_is_named(books: Books) -> None:
    books.load("receivables", ITEMS, "A1,F1,INV,2026-02-10,100,2026-01-20", "A1,F2,INV,2026-02-10,1,2026-01-20")
    assert warnings(books) == (
        "A1 2026-01-31 EUR: 0.0000 + 0.0000 + 0.0000 + 0.0000 − 101.0000 / 0.0000"
        " (F1 settled_before_posted, F2 settled_before_posted)",
        "A1 2026-02-28 EUR: 0.0000 + 101.0000 + 0.0000 + 0.0000 − 0.0000 / 0.0000"
        " (F1 settled_before_posted, F2 settled_before_posted)",
    )


def test_two_open_item_lists_tell_what_was_paid_in_between(books: Books) -> None:
    books.load(
        "receivables", SNAPSHOT,
        "A1,F1,INV,2026-01-10,100,100,,2026-01-31", "A1,F2,INV,2026-01-11,40,40,,2026-01-31",
        "A1,F2,INV,2026-01-11,40,15,,2026-02-28", "A1,F3,INV,2026-02-03,60,60,,2026-02-28",
    )  # fmt: skip
    assert rolled(books) == {
        ("A1", "2026-02-28"): {"opening": 140, "invoices": 60, "payments": 125, "closing": 75},
    }
    assert warnings(books) == ()


@pytest.mark.parametrize(
    ("second", "named"),
    [
        (("A1,F2,INV,2026-02-10,30,0,2026-02-20,2026-02-28",), "F1 vanished"),
        (("A1,F1,INV,2026-01-10,100,130,,2026-02-28",), "F1 grew"),
        (("A1,F1,INV,2026-01-10,100,100,,2026-02-28", "A1,F9,INV,2026-01-05,80,80,,2026-02-28"), "F9 late"),
        (("A1,F1,INV,2026-01-10,100,100,,2026-02-28", "A1,C9,CRN,2026-02-05,-80,-80,,2026-02-28"), None),
        (("A1,F1,INV,2026-01-10,120,120,,2026-02-28",), None),
        (("A1,F1,INV,2026-01-10,100,99,,2026-02-28", "A1,F9,INV,2026-01-05,1,1,,2026-02-28"), None),
    ],
)
def test_what_nobody_explains_between_two_lists_is_named(
    books: Books, second: tuple[str, ...], named: str | None
) -> None:
    books.load("receivables", SNAPSHOT, "A1,F1,INV,2026-01-10,100,100,,2026-01-31", *second)
    found = warnings(books)
    assert [named in one for one in found] == ([True] if named else []) if named else found == ()


def test_a_credit_that_grows_is_named_too(books: Books) -> None:
    books.load(
        "receivables", SNAPSHOT,
        "A1,C1,CRN,2026-01-10,-100,-40,,2026-01-31", "A1,C1,CRN,2026-01-10,-100,-90,,2026-02-28",
    )  # fmt: skip
    assert "C1 grew" in warnings(books)[0]


def test_history_says_what_became_of_an_item_that_left_the_list(books: Books) -> None:
    books.load("receivables", ITEMS, "A1,F1,INV,2026-01-10,100,2026-02-20")
    books.load(
        "receivables", SNAPSHOT,
        "A1,F1,INV,2026-01-10,100,100,,2026-01-31", "A1,F2,INV,2026-02-10,30,0,2026-02-20,2026-02-28",
    )  # fmt: skip
    assert warnings(books) == ()


def test_everything_stays_equal_to_what_the_items_say_over_many_accounts(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    small, chance = SmallWorld(tmp_path_factory.mktemp("rolled")), random.Random(20261122)
    items = [_item(chance, number) for number in range(400)]
    ends = [date(2026, month, 1) - timedelta(1) for month in range(2, 9)]
    listed = [_listed(item, end, number) for number, end in enumerate(ends) for item in items]
    small.add("receivables", items, source="history")
    small.add("receivables", [one for one in listed if one], source="lists")
    with small.read() as world:
        rows = roll_forward(world, Slice(date.max))
    small.store.close()
    for row in rows:
        moved = row["invoices"] + row["credit_notes"] + row["adjustments"] - row["payments"]
        assert row["opening"] + moved + row["unexplained"] == row["closing"]
        assert row["unexplained"] == 0
    assert _closing(rows, ends) == _twice(_open(items, ends))


def _item(chance: random.Random, number: int) -> dict[str, Any]:
    day = date(2026, 1, 1) + timedelta(chance.randrange(200))
    doc_type = chance.choice(("INV", "INV", "INV", "CRN", "PAY", "ADJ"))
    amount = Decimal(chance.randrange(1, 100_000)).scaleb(-2)
    settled = day + timedelta(chance.randrange(90)) if chance.random() < 0.7 else None
    return {
        "account_id": chance.choice(("A1", "B1", "Z9")), "doc_no": f"D{number}", "item_no": "1", "doc_type": doc_type,
        "invoice_date": day, "amount": amount if doc_type in ("INV", "ADJ") else -amount, "cleared_date": settled,
    }  # fmt: skip


def _listed(item: dict[str, Any], end: date, number: int) -> dict[str, Any] | None:
    """The item on an open-item list of that day, if it stood open then."""
    if item["invoice_date"] > end or (item["cleared_date"] and item["cleared_date"] <= end):
        return None
    return {**item, "cleared_date": None, "open_amount": item["amount"], "snapshot_date": end}


def _open(items: list[dict[str, Any]], ends: list[date]) -> dict[tuple[str, date], Decimal]:
    stock: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for end in ends:
        for item in items:
            if _listed(item, end, 0):
                stock[NOBODY.get(item["account_id"], item["account_id"]), end] += item["amount"]
    return stock


def _closing(rows: list[dict[str, Any]], ends: list[date]) -> dict[tuple[str, date], Decimal]:
    stock: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["until_day"] in ends[1:]:
            stock[row["account"], row["until_day"]] += row["closing"]
    return dict(stock)


def _twice(stock: dict[tuple[str, date], Decimal]) -> dict[tuple[str, date], Decimal]:
    """History and lists are books of their own, and say the same."""
    first = min(day for _, day in stock)
    return {key: amount * 2 for key, amount in stock.items() if key[1] != first}


def test_a_customer_that_fell_out_of_the_accounts_is_missed_in_the_ledger_total(books: Books) -> None:
    books.load(
        "ledger", "account_id,posting_date,line_type,amount", "A1,2026-01-15,gross_sales,100", "B1,2026-01-15,cogs,-60"
    )
    books.load("receivables", ITEMS, "A1,F1,INV,2026-01-10,100,")
    assert books.differences() == {}
    books.store.close()
    with duckdb.connect(str(books.store.path)) as connection:
        connection.execute("delete from customer_account where account_ref = 'A1'")
    books.store = Store.at(books.store.path)
    assert books.differences()["ledger_total"] == (
        "ledger gross_sales actual: 100.0000 / 0.0000 EUR",
        "receivables amount actual: 100.0000 / 0.0000 EUR",
    )
