"""A store made by an earlier version opens with everything in it; one made by a later version is left alone."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kam_metrics.database import SCHEMA_VERSION
from kam_metrics.deciding import weigh
from kam_metrics.errors import StoreNewer
from kam_metrics.extracts import close, loads
from kam_metrics.store import Store, noted
from kam_metrics.terms import LOCAL_OWNER
from kam_metrics.words import explain
from tests.books import TWO_KAMS, Books

SCHEMA_1 = Path(__file__).with_name("data") / "store-schema-1.duckdb.gz"
"""Two accounts, two ledgers of which the second was undone, receivables and a plan."""
SCHEMA_2 = SCHEMA_1.with_name("store-schema-2.duckdb.gz")
"""Two accounts, three ledgers (one undone, the last replacing February), receivables, sales lines and their mapping."""
SCHEMA_4 = SCHEMA_1.with_name("store-schema-4.duckdb.gz")
"""Three accounts, two invoices and a credit note that names one of them, a bonus and a service."""
SCHEMA_3 = SCHEMA_1.with_name("store-schema-3.duckdb.gz")
"""Three accounts of which one was followed up, two ledgers (one undone), an invoice line; January closed."""
SCHEMA_5 = SCHEMA_1.with_name("store-schema-5.duckdb.gz")
"""Three accounts, a ledger of two companies and currencies, one that replaces a February, one that repeats a line."""
SCHEMA_6 = SCHEMA_1.with_name("store-schema-6.duckdb.gz")
"""Accounts and nobody, a ledger with dollars but no rate, invoices with and without a cost, one of them credited."""
SCHEMA_8 = SCHEMA_1.with_name("store-schema-8.duckdb.gz")
"""Three accounts, one that costs money, and what was decided about that."""
SCHEMA_7 = SCHEMA_1.with_name("store-schema-7.duckdb.gz")
"""Three accounts, a plain ledger, one that names a company, a currency and a customer, one that repeats a line."""

SCHEMA_9 = SCHEMA_1.with_name("store-schema-9.duckdb.gz")
"""Three accounts, a history of what was invoiced and paid, and two lists of open items of another company."""


def _store_of(file: Path) -> Callable[[Path], Iterator[Books]]:
    """A fixture: a store that an earlier version made, opened by this one."""

    @pytest.fixture
    def opened(tmp_path: Path) -> Iterator[Books]:
        (tmp_path / "books.duckdb").write_bytes(gzip.decompress(file.read_bytes()))
        books = Books(tmp_path)
        yield books
        books.store.close()

    return opened


old = _store_of(SCHEMA_1)
second = _store_of(SCHEMA_2)
third = _store_of(SCHEMA_3)
fourth = _store_of(SCHEMA_4)
fifth = _store_of(SCHEMA_5)
sixth = _store_of(SCHEMA_6)
seventh = _store_of(SCHEMA_7)
eighth = _store_of(SCHEMA_8)
ninth = _store_of(SCHEMA_9)


def test_an_old_store_is_brought_to_our_schema(old: Books) -> None:
    with old.store.read() as world:
        assert noted(world, "schema_version") == str(SCHEMA_VERSION)
    assert {row["profile"] for row in old.rows("select profile from batch")} == {None}


def test_an_old_store_is_kept_beside_the_new_one_first(old: Books) -> None:
    kept = old.folder / "books.schema-1.bak"
    with duckdb.connect(str(kept), read_only=True) as before:
        assert before.execute("select value from meta where name = 'schema_version'").fetchall() == [("1",)]
        assert before.execute("select count(*) from ledger").fetchall() == [(8,)]


def test_an_old_store_keeps_its_figures(old: Books) -> None:
    assert old.figures("net_sales", "account_id") == {"A1": 1000, "B1": 500}
    assert old.figures("contribution", "account_id") == {"A1": 350, "B1": -40}
    assert old.figure("receivables_open") == Decimal("1815.00")
    assert old.differences() == {}


def test_an_old_store_keeps_its_journal(old: Books) -> None:
    assert [(load.load_id, load.kind, load.is_live) for load in loads(old.store)] == [
        (1, "accounts", True),
        (2, "ledger", True),
        (3, "ledger", False),
        (4, "receivables", True),
        (5, "plans", True),
    ]
    assert old.store.revision == 6


def test_an_old_store_goes_on_from_where_it_was(old: Books) -> None:
    old.redo(3)
    assert old.figure("net_sales") == 1577
    old.load("ledger", "account_id,posting_date,line_type,amount", "B1,2026-03-01,gross_sales,3.00")
    assert old.figure("net_sales") == 1580


def test_our_own_store_is_not_migrated_again(old: Books) -> None:
    (old.folder / "books.schema-1.bak").unlink()
    old.store.close()
    Store.at(old.store.path).close()
    assert not list(old.folder.glob("*.bak"))


def test_a_store_of_a_later_version_is_refused_in_plain_words(empty: Books) -> None:
    empty.load("accounts", *TWO_KAMS)
    empty.store.close()
    later = str(SCHEMA_VERSION + 1)
    with duckdb.connect(str(empty.store.path)) as connection:
        connection.execute("update meta set value = ? where name = 'schema_version'", [later])
        connection.execute("create table nomination (account_id text)")
    before = empty.store.path.read_bytes()
    with pytest.raises(StoreNewer) as refused:
        Store.at(empty.store.path)
    assert later in explain("nl", refused.value)
    assert "nieuwere versie" in explain("nl", refused.value)
    assert empty.store.path.read_bytes() == before


def test_the_profile_that_read_a_file_is_remembered(books: Books) -> None:
    books.load(
        "accounts", "ResellerKey,ResellerName,BusinessType", "C1,Charleroi,Shop", profile="adventureworks-resellers"
    )
    told = books.rows("select profile from batch order by batch_id")
    assert [row["profile"] for row in told] == [None, "adventureworks-resellers"]


def test_a_store_of_the_second_schema_keeps_its_figures_and_its_chain(second: Books) -> None:
    assert (second.folder / "books.schema-2.bak").is_file()
    assert second.figures("net_sales", "account_id") == {"A1": 1850}
    assert second.figure("receivables_open") == Decimal("1815.00")
    assert second.differences() == {}
    assert second.store.revision == 8
    assert {load.difference for load in loads(second.store)} == {None}


def test_a_store_of_the_second_schema_goes_on_with_what_the_third_knows(second: Books) -> None:
    close(second.store, date(2026, 2, 1), LOCAL_OWNER, who="Cor Boek", today=date(2026, 4, 1))
    second.undo(6)
    load_id = second.load("ledger", "account_id,posting_date,line_type,amount", "B1,2026-03-01,gross_sales,3.00")
    assert second.figures("net_sales", "account_id") == {"A1": 1600, "B1": 3, None: 250}
    assert second.differences() == {}
    newest = loads(second.store)[-1]
    assert (newest.load_id, newest.difference) == (
        load_id,
        {"new": 1, "changed": 0, "unchanged": 0, "disappearing": 0},
    )


def test_a_store_of_the_third_schema_keeps_its_figures_its_chain_and_what_was_closed(third: Books) -> None:
    assert (third.folder / "books.schema-3.bak").is_file()
    assert third.figures("net_sales", "account_id") == {"A1": 1250, "B1": 500}
    assert third.figure("receivables_open") == 1210
    assert third.differences() == {}
    assert third.store.revision == 9
    refused = third.try_load("ledger", "account_id,posting_date,line_type,amount", "B1,2026-01-31,gross_sales,1.00")
    assert [problem.rule for problem in refused.problems] == ["closed_month"]
    assert third.rows("select name from saved_profile where name = 'our sales'")


def test_a_store_of_the_fourth_schema_learns_where_its_credit_notes_belong(fourth: Books) -> None:
    assert fourth.figures("net_sales", "month") == {
        date(2025, 12, 1): 900,
        date(2026, 1, 1): -50,
        date(2026, 2, 1): 500,
    }
    assert fourth.figures("net_sales", "product") == {"P1": 900, "P2": 500, None: -50}
    fourth.load("ledger", "account_id,posting_date,line_type,amount,for_month", "A1,2026-01-28,rebate,-9,2025-12")
    assert fourth.figures("rebates", "year") == {2025: 9, 2026: 50}
    assert fourth.differences() == {}


def test_a_store_of_the_fifth_schema_still_knows_what_each_ledger_replaced_and_repeated(fifth: Books) -> None:
    assert fifth.figures("net_sales", "account_id") == {"A1": 1450, "B1": 100}
    assert fifth.figures("contribution", "account_id") == {"A1": 1450, "B1": 68}
    assert fifth.differences() == {}
    fifth.undo(4)
    assert fifth.figures("net_sales", "account_id") == {"A1": 1400, "B1": 100}
    fifth.undo(3)
    assert fifth.figures("net_sales", "account_id") == {"B1": 100}
    fifth.redo(3)
    lines = "B1,20,2026-02-16,gross_sales,300.00,USD", "B1,20,2026-02-28,service,-7.00,EUR"
    header = "account_id,company_code,posting_date,line_type,amount,currency"
    fifth.load("ledger", header, *lines, source="exact", replacing=True)
    assert fifth.figures("net_sales", "account_id") == {"A1": 1400, "B1": 150}
    assert fifth.differences() == {}


def test_a_store_of_the_seventh_schema_counts_its_ledger_beside_rows_that_say_less(seventh: Books) -> None:
    assert seventh.figures("net_sales", "account_id") == {"A1": 980, "B1": 450, None: 0}
    assert seventh.figures("contribution", "account_id") == {"A1": 580, "B1": 450, None: Decimal("-7.5")}
    assert seventh.differences() == {}
    header = "account_id,posting_date,line_type,amount,document"
    lines = "A1,2026-01-15,gross_sales,1000.00,F1", "A1,2026-01-20,gross_sales,20.00,F4"
    seventh.load("ledger", header, *lines)
    seventh.load("ledger", header, "A1,2026-04-20,gross_sales,4.00,F5")
    assert seventh.figures("net_sales", "account_id") == {"A1": 1004, "B1": 450, None: 0}
    seventh.undo(2)
    assert seventh.figures("net_sales", "account_id") == {"A1": 1004, "B1": 450, None: 0}
    assert seventh.differences() == {}


def test_a_store_of_the_eighth_schema_keeps_its_journal_and_takes_weights(eighth: Books) -> None:
    before = eighth.rows("select * from change order by change_id")
    assert [row["what"] for row in before] == ["load", "load", "decide"]
    assert weigh(eighth.store, {"cash": Decimal(30)}, LOCAL_OWNER, person="Els Smit") == 4
    assert eighth.rows("select * from change where change_id < 4 order by change_id") == before
    assert eighth.differences() == {}


def test_a_store_of_the_ninth_schema_keeps_what_stands_open_on_every_day(ninth: Books) -> None:
    told = {
        day: [
            ninth.figures(key, "account_id", as_of=day, from_date=date(2026, 1, 1))
            for key in ("receivables_open", "overdue", "collections")
        ]
        for day in (date(2026, 1, 31), date(2026, 2, 15), date(2026, 2, 28), date(2026, 3, 31))
    }
    assert told == {
        date(2026, 1, 31): [{"A1": Decimal("181.5"), "B1": 350}, {"A1": 0, "B1": 0}, {"A1": 0, "B1": None}],
        date(2026, 2, 15): [{"A1": Decimal("171.5"), "B1": 550}, {"A1": 121, "B1": 300}, {"A1": 0, "B1": 0}],
        date(2026, 2, 28): [
            {"A1": Decimal("50.5"), "B1": 300},
            {"A1": Decimal("60.5"), "B1": 100},
            {"A1": 121, "B1": 0},
        ],
        date(2026, 3, 31): [
            {"A1": Decimal("50.5"), "B1": 100},
            {"A1": Decimal("60.5"), "B1": 100},
            {"A1": 121, "B1": 200},
        ],
    }
    assert ninth.differences() == {}


def test_a_ledger_row_says_no_scope_and_no_euros_and_is_read_with_both(books: Books) -> None:
    header = "account_id,company_code,posting_date,line_type,amount,currency"
    lines = "A1,10,2026-01-15,cogs,-1.00,EUR", "A1,,2026-02-15,cogs,-2.00,USD"
    books.load("ledger", header, *lines, source="exact")
    assert books.rows("select currency from ledger order by line") == [{"currency": None}, {"currency": "USD"}]
    told = [{"currency": "EUR", "scope": "exact|10|2026-01"}, {"currency": "USD", "scope": "exact||2026-02"}]
    for relation in ("whole_ledger", "held_rows('ledger')", "posting", "booking"):
        assert books.rows(f"select currency, scope from {relation} order by currency") == told


def test_a_store_of_the_sixth_schema_is_summed_by_line_of_the_profit_statement(sixth: Books) -> None:
    assert sixth.figures("net_sales", "account_id") == {"A1": 1000, "A2": 560, "B1": None, None: 30}
    assert sixth.figures("contribution", "account_id") == {"A1": 150, "A2": 200, "B1": None, None: 30}
    assert sixth.figures("contribution_low", "account_id")["A1"] == 50
    assert sixth.figures("margin_unknown", "account_id")["A2"] == 60
    assert sixth.differences() == {}
    sixth.load("fx_rates", "currency,date,eur_per_unit", "USD,2026-01-01,0.5")
    assert sixth.figures("net_sales", "account_id")["B1"] == 100
    assert sixth.differences() == {}
