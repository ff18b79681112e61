"""Loading by extracts.md rule 8: the same again, overlap, replacement, undo and redo, all or nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kam_metrics import rollups
from kam_metrics.errors import KamError, NotAllowed, UnknownLoad
from kam_metrics.extracts import Options, check, load, loads, undo
from kam_metrics.extracts.kinds import KINDS
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Principal, Role
from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount,document"
SALES = "account_id,doc_no,line_no,invoice_date,net_amount,cogs_amount"
BUDGET = "account_id,month,line_type,amount,scenario"
ONE = "A1,2026-01-15,gross_sales,100.00,D1"
TWO = "A1,2026-01-16,gross_sales,20.00,D2"
FEBRUARY = "A1,2026-02-03,gross_sales,7.00,D3"
KAM = Principal("an", frozenset({Role.KAM}), "an")


# The same again


def test_the_same_bytes_again_change_nothing_and_name_the_earlier_load(books: Books) -> None:
    first = books.load("ledger", LEDGER, ONE, ONE)
    before = books.store.revision
    again = books.try_load("ledger", LEDGER, ONE, ONE)
    assert (again.outcome, again.load_id) == ("accept", first)
    assert again.difference == {"new": 0, "changed": 0, "unchanged": 2, "disappearing": 0}
    assert str(first) in again.warnings[-1].say("en")
    assert books.store.revision == before
    assert books.figure("net_sales") == 200


def test_the_same_bytes_of_an_undone_load_ask_to_redo_it(books: Books) -> None:
    first = books.load("ledger", LEDGER, ONE)
    books.undo(first)
    again = books.try_load("ledger", LEDGER, ONE)
    assert again.outcome == "ask"
    assert again.question is not None
    assert (again.question.about, again.question.options) == ("redo", (f"redo {first}",))
    assert not books.figure("net_sales")


def test_the_same_bytes_put_back_what_was_replaced_when_asked_to_replace(books: Books) -> None:
    books.load("ledger", LEDGER, ONE)
    books.load("ledger", LEDGER, TWO, replacing=True)
    assert books.figure("net_sales") == 20
    books.load("ledger", LEDGER, ONE, replacing=True)
    assert books.figure("net_sales") == 100


def test_the_same_bytes_read_on_another_day_are_another_snapshot(books: Books) -> None:
    header = "account_id,doc_no,invoice_date,amount,open_amount"
    for day in ("2026-01-31", "2026-02-28"):
        judgement = books.try_load("receivables", header, "A1,1,2026-01-05,100.00,60.00", as_of=date.fromisoformat(day))
        assert judgement.outcome == "accept"
    found = books.rows("select snapshot_date from receivable order by all")
    assert [str(row["snapshot_date"]) for row in found] == ["2026-01-31", "2026-02-28"]


# Overlap


def test_an_overlapping_ledger_adds_only_its_new_lines(books: Books) -> None:
    books.load("ledger", LEDGER, ONE, TWO)
    later = books.try_load("ledger", LEDGER, TWO, FEBRUARY)
    assert later.difference == {"new": 1, "changed": 0, "unchanged": 1, "disappearing": 0}
    assert books.figure("net_sales") == 127


def test_a_ledger_line_twice_in_the_file_and_once_in_the_store_is_one_new_line(books: Books) -> None:
    books.load("ledger", LEDGER, ONE)
    later = books.try_load("ledger", LEDGER, ONE, ONE, TWO)
    assert later.difference == {"new": 2, "changed": 0, "unchanged": 1, "disappearing": 0}
    assert books.figure("net_sales") == 220


def test_documents_of_every_sort_come_back_as_they_stood_after_several_loads_and_a_new_start(books: Books) -> None:
    sorts = ("", "2026-{}", "é{}€", "{}" + 20_000 * "x", "same")
    told = {}
    for month in (1, 2, 3):
        named = [sorts[n % len(sorts)].format(month * 10_000 + n) if n % 500 < 5 else "" for n in range(3000)]
        rows = [f"A1,2026-0{month}-15,gross_sales,{n}.00,{name}" for n, name in enumerate(named)]
        told[books.load("ledger", LEDGER, *rows)] = [name or None for name in named]
    books.store.close()
    books.store = Store.at(books.store.path)
    for batch_id, named in told.items():
        found = books.rows(f"select document from whole_ledger where batch_id = {batch_id} order by line")
        assert [row["document"] for row in found] == named


def test_a_ledger_row_that_says_little_stands_in_a_narrower_table_and_counts_the_same(books: Books) -> None:
    header = f"{LEDGER},currency,product"
    books.load("ledger", header, f"{ONE},EUR,", f"{TWO},,P1", f"{FEBRUARY},EUR,")
    assert books.rows("select line from ledger_brief order by line") == [{"line": 2}, {"line": 4}]
    assert books.rows("select line, product, currency from ledger") == [{"line": 3, "product": "P1", "currency": None}]
    told = [(row["line"], row["product"]) for row in books.rows("select line, product from ledger_line order by line")]
    assert told == [(2, None), (3, "P1"), (4, None)]
    assert books.figure("net_sales") == 127
    assert books.differences() == {}


@pytest.mark.parametrize(
    ("kind", "header", "known", "new"),
    [
        ("ledger", f"{LEDGER},product", f"{ONE},P1", f"{TWO},"),
        (
            "sales_lines", "account_id,doc_no,line_no,doc_type,invoice_date,value_added_service,quantity,net_amount",
            "A1,1,1,INV,2026-01-05,ja,2.5,100.00", "A1,1,2,INV,2026-01-05,nee,1,7.00",
        ),
        (
            "receivables", "account_id,doc_no,item_no,doc_type,invoice_date,amount,disputed",
            "A1,1,1,INV,2026-01-05,121.00,nee", "A1,1,2,INV,2026-01-05,7.00,ja",
        ),
        ("budget", "account_id,month,line_type,amount,scenario", "A1,2026-01,cogs,-5,", "A1,2026-01,rebate,-1,budget"),
    ],
)  # fmt: skip
def test_a_row_that_comes_again_remembers_who_held_it_first(
    books: Books, kind: str, header: str, known: str, new: str
) -> None:
    first, second = books.load(kind, header, known), books.load(kind, header, known, new)
    rows = books.rows(f"select batch_id, shadow from {KINDS[kind].whole} order by batch_id, line")
    assert [(row["batch_id"], row["shadow"]) for row in rows] == [(first, None), (second, [first]), (second, None)]


def test_documents_that_overlap_are_named(books: Books) -> None:
    books.load("ledger", LEDGER, ONE, TWO)
    later = books.try_load("ledger", LEDGER, TWO, FEBRUARY)
    told = [warning.say("nl") for warning in later.warnings]
    assert any("D2" in text and "D1" not in text and "D3" not in text for text in told)


def test_a_first_ledger_overlaps_with_nothing(books: Books) -> None:
    assert not books.try_load("ledger", LEDGER, ONE).warnings


def test_identical_lines_in_one_file_are_kept_and_named(books: Books) -> None:
    judgement = books.try_load("ledger", LEDGER, ONE, ONE)
    assert books.figure("net_sales") == 200
    assert len(judgement.warnings) == 1


def test_invoices_that_overlap_add_only_the_new_ones(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,2026-01-15,100.00,60.00")
    later = books.try_load("sales_lines", SALES, "A1,F1,1,2026-01-15,100.00,60.00", "A1,F2,1,2026-01-16,50.00,20.00")
    assert later.difference == {"new": 1, "changed": 0, "unchanged": 1, "disappearing": 0}
    assert books.figure("net_sales") == 150


# Other values


def test_a_known_key_with_another_value_refuses_the_file_and_says_which(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,2026-01-15,100.00,60.00")
    later = books.try_load("sales_lines", SALES, "A1,F2,1,2026-01-16,50.00,20.00", "A1,F1,1,2026-01-15,110.00,60.00")
    assert (later.outcome, later.load_id, later.lines, later.problem_count) == ("reject", None, (3,), 1)
    assert later.difference == {"new": 1, "changed": 1, "unchanged": 0, "disappearing": 0}
    told = later.payload("en")["problems"]
    assert isinstance(told, list)
    assert "100.0000 → 110.0000" in told[0]["message"]
    assert "net_amount" in told[0]["message"]
    assert books.figure("net_sales") == 100


def test_every_changed_line_is_counted_beyond_the_first_hundred(books: Books) -> None:
    lines = [f"A1,F{n},1,2026-01-15,{n}.00,1.00" for n in range(1, 151)]
    books.load("sales_lines", SALES, *lines)
    later = books.try_load("sales_lines", SALES, *(line.replace(",1.00", ",2.00") for line in lines))
    assert (later.problem_count, len(later.lines), len(later.problems)) == (150, 150, 100)


def test_the_same_invoice_number_in_another_system_is_another_invoice(books: Books) -> None:
    header = "account_id,doc_no,invoice_date,amount"
    books.load("receivables", header, "A1,1,2026-01-05,100.00", source="exact")
    books.load("receivables", header, "A1,1,2026-01-05,30.00", source="afas")
    assert books.figure("receivables_open") == 130


def test_a_source_said_on_the_row_and_one_said_beforehand_are_the_same(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,2026-01-15,100.00,60.00", source="exact")
    header = f"{SALES},source_system"
    later = books.try_load("sales_lines", header, "A1,F1,1,2026-01-15,100.00,60.00,exact")
    assert later.difference == {"new": 0, "changed": 0, "unchanged": 1, "disappearing": 0}
    assert books.figure("net_sales") == 100


def test_a_budget_without_a_scenario_is_the_budget(books: Books) -> None:
    books.load("budget", "account_id,month,line_type,amount", "A1,2026-01,gross_sales,100.00")
    later = books.try_load("budget", BUDGET, "A1,2026-01,gross_sales,100.00,budget")
    assert later.difference == {"new": 0, "changed": 0, "unchanged": 1, "disappearing": 0}


# Replacement


def test_replacing_covers_the_months_in_the_file_and_leaves_the_others(books: Books) -> None:
    books.load("ledger", LEDGER, ONE, TWO, FEBRUARY)
    later = books.try_load("ledger", LEDGER, "A1,2026-01-20,gross_sales,5.00,D9", replacing=True)
    assert later.difference == {"new": 1, "changed": 0, "unchanged": 0, "disappearing": 2}
    assert {str(month): sales for month, sales in books.figures("net_sales", "month").items()} == {
        "2026-01-01": 5,
        "2026-02-01": 7,
    }


def test_replacing_covers_only_its_own_company(books: Books) -> None:
    header = f"{LEDGER},company_code"
    books.load("ledger", header, f"{ONE},NL", f"{TWO},BE")
    books.load("ledger", header, "A1,2026-01-20,gross_sales,5.00,D9,NL", replacing=True)
    assert books.figure("net_sales") == 25


def test_replacing_covers_only_its_own_source(books: Books) -> None:
    books.load("ledger", LEDGER, ONE, source="exact")
    books.load("ledger", LEDGER, TWO, source="afas")
    books.load("ledger", LEDGER, "A1,2026-01-20,gross_sales,5.00,D9", source="afas", replacing=True)
    assert books.figure("net_sales") == 105


def test_replacing_covers_only_its_own_kind(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,service,-9.00,D1")
    books.load("sales_lines", SALES, "A1,F1,1,2026-01-15,100.00,60.00", replacing=True)
    assert books.figure("cost_to_serve") == 9


def test_replacing_forecast_leaves_the_budget(books: Books) -> None:
    books.load("budget", BUDGET, "A1,2026-01,gross_sales,100.00,budget", "A1,2026-01,gross_sales,90.00,forecast")
    books.load("budget", BUDGET, "A1,2026-01,gross_sales,80.00,forecast", replacing=True)
    assert books.figure("net_sales", scenario="budget") == 100
    assert books.figure("net_sales", scenario="forecast") == 80


def test_an_invoice_that_moves_to_a_month_of_the_same_file_is_replaced(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,2026-01-31,100.00,60.00", "A1,F2,1,2026-02-01,7.00,1.00")
    books.load("sales_lines", SALES, "A1,F1,1,2026-02-01,100.00,60.00", "A1,F2,1,2026-01-31,7.00,1.00", replacing=True)
    assert {month.month: sales for month, sales in books.figures("net_sales", "month").items()} == {1: 7, 2: 100}


def test_an_invoice_that_counts_in_a_month_outside_the_file_is_not_counted_twice(books: Books) -> None:
    january = [f"A1,F{n},1,2026-01-31,{n}.00,1.00" for n in range(1, 121)]
    books.load("sales_lines", SALES, *january, "A1,G,1,2026-02-01,5.00,1.00")
    moved = books.try_load("sales_lines", SALES, *january[:119], "A1,G,1,2026-01-31,5.00,1.00", replacing=True)
    assert (moved.outcome, moved.lines) == ("reject", (121,))


def test_masters_add_and_change_and_absent_keys_stay(books: Books) -> None:
    header = "account_id,account_name,kam_id"
    refused = books.try_load("accounts", header, "B1,Breda,an", "C1,Charleroi,an")
    assert refused.outcome == "reject"
    books.load("accounts", header, "B1,Breda,an", "C1,Charleroi,an", replacing=True)
    told = books.rows("select account_id, kam_id from account order by all")
    assert [(row["account_id"], row["kam_id"]) for row in told] == [
        ("A1", "an"),
        ("A2", "an"),
        ("B1", "an"),
        ("C1", "an"),
    ]


def test_new_masters_need_no_word(books: Books) -> None:
    books.load("accounts", "account_id,account_name", "C1,Charleroi")
    assert len(books.rows("select * from account")) == 4


# Undo and redo


def test_undo_takes_a_load_out_and_redo_puts_it_back(books: Books) -> None:
    books.load("ledger", LEDGER, ONE)
    second = books.load("ledger", LEDGER, TWO)
    books.undo(second)
    assert books.figure("net_sales") == 100
    books.redo(second)
    assert books.figure("net_sales") == 120
    assert books.differences() == {}


def test_undoing_the_first_of_two_overlapping_loads_keeps_what_the_second_holds(books: Books) -> None:
    first = books.load("ledger", LEDGER, ONE, TWO)
    second = books.load("ledger", LEDGER, TWO, FEBRUARY)
    books.undo(first)
    assert books.figure("net_sales") == 27
    books.undo(second)
    books.redo(first)
    assert books.figure("net_sales") == 120


def test_undoing_a_replacement_brings_the_replaced_rows_back(books: Books) -> None:
    books.load("ledger", LEDGER, ONE, TWO)
    replacement = books.load("ledger", LEDGER, "A1,2026-01-20,gross_sales,5.00,D9", replacing=True)
    books.undo(replacement)
    assert books.figure("net_sales") == 120


def test_a_redo_that_would_count_a_key_twice_is_refused_and_changes_nothing(books: Books) -> None:
    first = books.load("sales_lines", SALES, "A1,F1,1,2026-01-15,100.00,60.00")
    books.undo(first)
    books.load("sales_lines", SALES, "A1,F1,1,2026-01-15,110.00,60.00")
    before = books.store.revision
    with pytest.raises(KamError) as refused:
        books.redo(first)
    assert refused.value.key == "counts_twice"
    assert books.store.revision == before
    assert books.figure("net_sales") == 110


def test_an_undo_that_would_count_a_key_in_two_months_is_refused(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,2026-01-15,100.00,60.00")
    replacement = books.load("sales_lines", SALES, "A1,F2,1,2026-01-16,5.00,1.00", replacing=True)
    books.load("sales_lines", SALES, "A1,F1,1,2026-02-15,100.00,60.00")
    with pytest.raises(KamError, match="counts_twice"):
        books.undo(replacement)
    assert books.figure("net_sales") == 105


def test_an_objective_that_moved_to_another_plan_does_not_come_back_when_that_plan_is_replaced(books: Books) -> None:
    header = "objective_id,plan_id,title,kind,baseline,target_90"
    books.load("plans", "plan_id,account_id,start_date", "P1,A1,2026-01-01", "P2,A1,2026-04-01")
    books.load("objectives", header, "O1,P1,Growth,sales,0,10")
    books.load("objectives", header, "O1,P2,Growth,sales,0,10", replacing=True)
    books.load("objectives", header, "O2,P2,Trust,relation,0,10", replacing=True)
    assert [row["objective_id"] for row in books.rows("select objective_id from objective")] == ["O2"]


@pytest.mark.parametrize(("turn", "key"), [("undo", "already_undone"), ("redo", "not_undone")])
def test_what_was_done_cannot_be_done_twice(books: Books, turn: str, key: str) -> None:
    load_id = books.load("ledger", LEDGER, ONE)
    if turn == "undo":
        books.undo(load_id)
    with pytest.raises(UnknownLoad) as refused:
        getattr(books, turn)(load_id)
    assert refused.value.key == key


def test_a_load_that_never_was_cannot_be_undone(books: Books) -> None:
    with pytest.raises(UnknownLoad):
        books.undo(99)


# All or nothing, and by whom


def test_a_load_that_fails_in_its_transaction_leaves_nothing(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.load("ledger", LEDGER, ONE)
    before = books.store.revision, books.rows("from booking"), books.rows("from account_month")

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(rollups, "renew", fail)
    with pytest.raises(OSError, match="no space"):
        books.load("ledger", LEDGER, TWO)
    monkeypatch.undo()
    assert (books.store.revision, books.rows("from booking"), books.rows("from account_month")) == before
    assert len(books.rows("from batch")) == 2
    assert books.differences() == {}
    books.load("ledger", LEDGER, TWO)
    assert books.figure("net_sales") == 120


def test_only_an_analyst_loads_checks_and_undoes(books: Books) -> None:
    file, options = books.file([LEDGER, ONE]), Options(kind="ledger", decimal=".")
    for attempt in (lambda: load(books.store, file, options, KAM), lambda: check(books.store, file, options, KAM)):
        with pytest.raises(NotAllowed):
            attempt()
    with pytest.raises(NotAllowed):
        undo(books.store, 1, KAM)


def test_checking_tells_the_difference_and_loads_nothing(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,2026-01-15,100.00,60.00")
    file = books.file([SALES, "A1,F1,1,2026-01-15,110.00,60.00", "A1,F2,1,2026-01-15,1.00,1.00"])
    before = books.store.revision
    found = check(books.store, file, Options(kind="sales_lines", decimal="."), LOCAL_OWNER)
    assert found.difference == {"new": 1, "changed": 1, "unchanged": 0, "disappearing": 0}
    assert books.store.revision == before


def test_history_tells_what_was_loaded(books: Books) -> None:
    books.load("ledger", f"{LEDGER},currency", f"{ONE},EUR", f"{FEBRUARY},USD", name="grootboek.csv")
    told = loads(books.store)[-1]
    assert (told.kind, told.file, told.rows, told.is_live) == ("ledger", "grootboek.csv", 2, True)
    assert told.total_by_currency == {"EUR": Decimal(100), "USD": Decimal(7)}
    assert (str(told.min_date), str(told.max_date), told.loaded_by) == ("2026-01-15", "2026-02-03", LOCAL_OWNER.name)


def test_rows_left_out_stay_in_quarantine(books: Books) -> None:
    judgement = books.try_load("ledger", LEDGER, ONE, "A1,no day,gross_sales,5.00,D2", quarantine=True)
    assert judgement.load_id is not None
    (left,) = books.rows("select batch_id, line, raw from quarantine")
    assert (left["batch_id"], left["line"]) == (judgement.load_id, 3)
    assert "no day" in left["raw"]
    assert books.figure("net_sales") == 100
