"""Behind every bar of the waterfall stand its lines; together they are the bar, however many there are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from kam_metrics.metrics import A_PAGE, Behind, behind, behind_by_account, waterfall
from kam_metrics.terms import CreditNotes, Slice
from tests.books import AS_OF, Books, small_company
from tests.test_waterfall import INVOICES, POSTINGS

LEDGER = "account_id,posting_date,line_type,amount"
SALES = "account_id,doc_no,line_no,doc_type,ref_doc_no,invoice_date,product,net_amount,cogs_amount,freight_amount"


def lines_behind(books: Books, step: str, page: int = 1, **seen: object) -> Behind:
    with books.store.read() as world:
        found = behind(world, Slice(AS_OF, **seen), step, page)  # type: ignore[arg-type]
    assert found is not None
    return found


def disagreements(books: Books, seen: Slice) -> list[str]:
    """Every bar that its lines, or its accounts, do not add up to."""
    wrong = []
    with books.store.read() as world:
        for bar in waterfall(world, seen):
            found = behind(world, seen, bar["key"])
            by_account = behind_by_account(world, seen, bar["key"])
            told = (
                found and found.amount,
                found and sum((line["amount_eur"] for line in found.lines), Decimal(0)),
                sum((row["amount_eur"] for row in by_account), Decimal(0)),
                found and found.line_count == sum(row["line_count"] for row in by_account),
            )
            if told != (bar["amount"], bar["amount"], bar["amount"], True):
                wrong.append(f"{bar['key']} {bar['amount']}: {told}")
    return wrong


@pytest.fixture
def trading(books: Books) -> Books:
    """Invoices with and without a cost price, a credit note of an invoice of last year, activities and capital."""
    books.load(
        "sales_lines", SALES,
        "A1,F1,1,INV,,2025-12-20,P1,1000,600,10", "A1,C1,1,CRN,F1,2026-02-03,P1,-100,-60,",
        "A1,F2,1,INV,,2026-02-10,P2,250,,5", "B1,F3,1,INV,,2026-02-11,P1,70,20,",
    )  # fmt: skip
    books.load(
        "ledger", f"{LEDGER},currency",
        "A1,2026-01-31,rebate,-50,EUR", "A1,2026-02-28,service,-20,GBP", "X9,2026-02-28,service,-7,EUR",
    )  # fmt: skip
    books.load("fx_rates", "currency,date,eur_per_unit", "GBP,2026-02-01,1.2", "GBP,2026-02-20,1.3")
    books.load("cost_rates", "activity,eur_per_unit,valid_from", "visits,50,2025-01-01", "visits,55,2026-02-01")
    books.load("cost_drivers", "account_id,month,activity,quantity", "A1,2026-01,visits,2", "A1,2026-02,visits,3")
    books.load("receivables", "account_id,doc_no,invoice_date,amount", "A1,F2,2026-01-10,36500")
    return books


@pytest.mark.parametrize("basis", CreditNotes)
@pytest.mark.parametrize(
    "seen",
    [
        {},
        {"account_id": "A1"},
        {"group_id": "A1"},
        {"kam_scope": "an"},
        {"from_date": date(2026, 1, 1)},
        {"from_date": date(2026, 2, 5), "to_date": date(2026, 2, 25)},
        {"as_of": date(2026, 2, 2)},
    ],
)
def test_the_lines_of_every_bar_are_the_bar(trading: Books, seen: dict[str, object], basis: CreditNotes) -> None:
    assert disagreements(trading, Slice(**{"as_of": AS_OF, "credit_notes": basis, **seen})) == []  # type: ignore[arg-type]


@settings(max_examples=8, deadline=None)
@given(postings=POSTINGS, invoices=INVOICES)
def test_the_lines_of_every_bar_are_the_bar_whatever_was_booked(
    postings: list[tuple[object, ...]], invoices: list[tuple[object, ...]]
) -> None:
    with small_company() as books:
        books.load("ledger", LEDGER, *(",".join(map(str, row)) for row in postings), sign="as_booked")
        header = "doc_no,invoice_date,line_no,account_id,list_amount,discount_amount,net_amount,cogs_amount"
        if invoices:
            cells = [["" if cell is None else str(cell) for cell in row] for row in invoices]
            books.load(
                "sales_lines", header, *(",".join([f"F{n}", "2026-01-20", "1", *c]) for n, c in enumerate(cells))
            )
        for seen in ({}, {"account_id": "A1"}, {"from_date": date(2026, 1, 18)}):
            assert disagreements(books, Slice(AS_OF, **seen)) == []  # type: ignore[arg-type]


def test_beyond_a_page_the_count_and_the_sum_are_still_the_bar(books: Books) -> None:
    books.load("ledger", LEDGER, *(f"A1,2026-01-{n % 28 + 1:02},gross_sales,{n}.01" for n in range(1, 1201)))
    first, last = lines_behind(books, "gross_sales"), lines_behind(books, "gross_sales", page=3)
    assert (first.line_count, len(first.lines), len(last.lines)) == (1200, A_PAGE, 200)
    assert first.amount == last.amount == books.figure("gross_sales")
    pages = [lines_behind(books, "gross_sales", page=page).lines for page in (1, 2, 3)]
    assert sum(line["amount_eur"] for lines in pages for line in lines) == first.amount
    assert [line["day"] for lines in pages for line in lines] == sorted(
        (line["day"] for lines in pages for line in lines), reverse=True
    )


def test_an_activity_tells_how_much_of_it_at_which_rate(trading: Books) -> None:
    found = lines_behind(trading, "visits")
    assert [(line["quantity"], line["rate"], line["amount_eur"]) for line in found.lines] == [
        (3, 55, -165),
        (2, 50, -100),
    ]


def test_a_line_tells_its_document_its_own_money_and_its_load(trading: Books) -> None:
    (line,) = lines_behind(trading, "service").lines
    assert (line["amount"], line["currency"], line["amount_eur"]) == (-20, "GBP", Decimal("-26.0"))
    (credit,) = lines_behind(trading, "credit_notes").lines
    assert (credit["document"], credit["product"], credit["day"]) == ("C1", "P1", date(2025, 12, 31))
    assert trading.rows(f"select kind from batch where batch_id = {credit['batch_id']}") == [{"kind": "sales_lines"}]


def test_a_step_that_is_none_has_no_lines(trading: Books) -> None:
    with trading.store.read() as world:
        for step in ("nonsense", "contribution_pct", "other_activities", ""):
            assert behind(world, Slice(AS_OF), step) is None
            assert behind_by_account(world, Slice(AS_OF), step) == []


def test_a_kam_sees_no_line_of_another(trading: Books) -> None:
    found = lines_behind(trading, "net_sales", kam_scope="an")
    assert {line["account_id"] for line in found.lines} == {"A1"}
    assert lines_behind(trading, "net_sales", kam_scope="an", account_id="B1").line_count == 0
