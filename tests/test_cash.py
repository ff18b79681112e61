"""Operating cash flow per account, from profit and from money: its parts and their sum (measures.md 3.4)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_metrics.metrics.cash import cash_steps
from kam_metrics.settings import Settings
from kam_metrics.terms import Slice
from tests.books import TWO_KAMS, Books

SALES = "account_id,doc_no,invoice_date,net_amount,vat_amount,cogs_amount"
ITEMS = "account_id,doc_no,invoice_date,amount,cleared_date"
BALANCES = "account_id,month_end,item,amount"
COSTS = "account_id,posting_date,line_type,amount"
MARCH = {"as_of": date(2026, 3, 31), "from_date": date(2026, 3, 1)}


@pytest.fixture
def trading(books: Books) -> Books:
    """Aalst (21 % VAT) owes 1,210 more after March than before it and paid 600 ahead; its stock grew by 50."""
    books.load("sales_lines", SALES, "A1,1,2026-02-10,1000,210,600", "A1,2,2026-03-10,2000,420,1200")
    books.load("ledger", COSTS, "A1,2026-03-31,service,-100", "B1,2026-03-31,service,-1")
    books.load("receivables", ITEMS, "A1,1,2026-02-10,1210,2026-03-20", "A1,2,2026-03-10,2420,")
    books.load(
        "account_balances", BALANCES,
        "A1,2026-01-31,stock,150", "A1,2026-03-31,stock,200", "A1,2026-03-31,prepayment,600",
    )  # fmt: skip
    return books


def test_the_flow_is_worked_out_by_hand(trading: Books) -> None:
    row = trading.ask("contribution", "operating_cash_flow", "cash_conversion", account_id="A1", **MARCH).only
    assert row["contribution"] == 2000 - 1200 - 100
    assert row["operating_cash_flow"] == 700 - 1000 - 50 + 600
    assert row["cash_conversion"] == pytest.approx(250 / 700)


def steps(books: Books, **seen: Any) -> dict[str, dict[str, Decimal]]:
    """The steps of each form by name."""
    with books.store.read() as world:
        told = cash_steps(world, Slice(**seen))
    return {key: {row["key"]: row["amount"] for row in rows} for key, rows in told.items()}


def test_the_direct_form_begins_with_the_money_and_ends_on_the_same_amount(trading: Books) -> None:
    assert steps(trading, account_id="A1", **MARCH) == {
        "operating_cash_flow_direct": {
            "receipts": 1210, "vat_of_receipts": -210, "rebates": 0, "cogs": -1200, "cost_to_serve": -100,
            "stock_growth": -50, "prepayment_growth": 600, "operating_cash_flow_direct": 250,
        },
        "operating_cash_flow": {
            "contribution": 700, "receivables_growth": -1000, "stock_growth": -50, "prepayment_growth": 600,
            "operating_cash_flow": 250,
        },
    }  # fmt: skip
    assert trading.figures("operating_cash_flow_direct", "account_id", **MARCH) == {"A1": 250, "B1": -1}


def test_money_that_nobody_matched_yet_came_in_too(trading: Books) -> None:
    trading.load("receivables", "account_id,doc_no,doc_type,invoice_date,amount", "A1,P1,PAY,2026-03-25,-242")
    assert steps(trading, account_id="A1", **MARCH)["operating_cash_flow_direct"]["receipts"] == 1210 + 242
    both = trading.ask("operating_cash_flow", "operating_cash_flow_direct", account_id="A1", **MARCH).only
    assert both["operating_cash_flow"] == both["operating_cash_flow_direct"] == 250 + 200


def test_a_bonus_that_is_still_owed_was_not_paid(trading: Books) -> None:
    trading.load("account_balances", BALANCES, "A1,2026-02-28,rebate_owed,30", "A1,2026-03-31,te betalen bonus,75")
    assert trading.figure("operating_cash_flow", account_id="A1", **MARCH) == 250 + 45
    assert trading.figure("operating_cash_flow_direct", account_id="A1", **MARCH) == 250 + 45


def test_what_is_written_off_was_never_paid_out(trading: Books) -> None:
    before = trading.ask("operating_cash_flow", "operating_cash_flow_direct", account_id="A1", **MARCH).only
    trading.load("ledger", COSTS, "A1,2026-03-30,bad_debt,-500")
    trading.load("account_balances", BALANCES, "A1,2026-03-31,write_off,500")
    assert trading.figure("contribution", account_id="A1", **MARCH) == 700 - 500
    after = trading.ask("operating_cash_flow", "operating_cash_flow_direct", account_id="A1", **MARCH).only
    assert after == before


def test_suppliers_paid_later_lend_the_cost_of_goods_of_those_days(tmp_path: Path) -> None:
    """Paid after 31 days: all of March stands open at its end; of February, 28 days stood open before."""
    books = Books(tmp_path, Settings(supplier_days=31))
    books.load("accounts", *TWO_KAMS)
    books.load(
        "sales_lines", SALES, "A1,0,2026-01-10,0,0,310", "A1,1,2026-02-10,1000,210,600", "A1,2,2026-03-10,2000,420,1200"
    )
    books.load("receivables", ITEMS, "A1,1,2026-02-10,1210,2026-02-20", "A1,2,2026-03-10,2420,2026-03-20")
    books.load("ledger", COSTS, "A1,2026-03-31,service,-100")
    told = steps(books, account_id="A1", **MARCH)
    grown = Decimal(1200) - Decimal(600) - Decimal(310) * 3 / 31
    assert told["operating_cash_flow"]["supplier_credit_growth"] == grown
    assert told["operating_cash_flow_direct"]["operating_cash_flow_direct"] == 700 + grown
    months = books.figures("operating_cash_flow", "month", as_of=MARCH["as_of"])
    assert months[date(2026, 3, 1)] == 700 + grown
    assert sum(months.values()) == books.figure("operating_cash_flow", as_of=MARCH["as_of"])
    books.store.close()


def test_without_clearing_dates_only_the_direct_form_is_unknown(trading: Books) -> None:
    header = "account_id,doc_no,invoice_date,amount,snapshot_date"
    trading.load(
        "receivables", header, *(f"B1,9,2026-02-02,55,2026-0{day}" for day in ("2-28", "3-31")), source="other"
    )
    answer = trading.ask("operating_cash_flow", "operating_cash_flow_direct", account_id="B1", **MARCH)
    assert answer.why(answer.only) == {"operating_cash_flow_direct": "no_clearing_dates"}
    assert steps(trading, account_id="B1", **MARCH)["operating_cash_flow_direct"] == {}


amounts = st.integers(1, 90_000)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 80), amounts, st.none() | st.integers(0, 60)), min_size=1, max_size=8))
def test_both_forms_agree_on_any_invoices(drawn: list[tuple[int, int, int | None]]) -> None:
    start, rows = date(2026, 1, 1), []
    for number, (day, cents, paid) in enumerate(drawn):
        invoiced, net = start + timedelta(day), Decimal(cents).scaleb(-2) * 100
        cleared = "" if paid is None else f"{invoiced + timedelta(paid)}"
        rows.append(
            (
                f"A1,{number},{invoiced},{net},{net * 21 / 100},{net / 2}",
                f"A1,{number},{invoiced},{net * 121 / 100},{cleared}",
            )
        )
    with TemporaryDirectory() as folder:
        books = Books(Path(folder))
        books.load("sales_lines", SALES, *(sale for sale, _ in rows))
        books.load("receivables", ITEMS, *(item for _, item in rows))
        books.load("ledger", COSTS, "A1,2026-01-31,service,-5")
        both = books.ask(
            "operating_cash_flow", "operating_cash_flow_direct", by=["month"], as_of=date(2026, 6, 30)
        ).rows
        books.store.close()
    for row in both:
        assert abs(row["operating_cash_flow"] - row["operating_cash_flow_direct"]) <= Decimal("0.001")


def test_the_accounts_add_up_to_the_whole(trading: Books) -> None:
    by_account = trading.figures("operating_cash_flow", "account_id", **MARCH)
    assert by_account == {"A1": 250, "B1": -1}
    assert trading.figure("operating_cash_flow", **MARCH) == 249
    assert trading.figures("operating_cash_flow", "kam_id", **MARCH) == {"an": 250, "bo": -1}


def test_the_months_add_up_to_the_period(trading: Books) -> None:
    trading.load("ledger", COSTS, "A1,2026-02-28,service,-7")
    months = trading.figures("operating_cash_flow", "month", as_of=date(2026, 3, 31), from_date=date(2026, 2, 1))
    assert months == {date(2026, 2, 1): 400 - 7 - 1000, date(2026, 3, 1): 249}
    both = trading.figure("operating_cash_flow", as_of=date(2026, 3, 31), from_date=date(2026, 2, 1))
    assert sum(months.values()) == both


def test_money_that_moves_in_a_month_without_sales_is_still_a_flow(trading: Books) -> None:
    trading.load("receivables", ITEMS, "A1,3,2026-03-12,121,2026-05-04")
    months = trading.figures("operating_cash_flow", "month", as_of=date(2026, 5, 31), from_date=date(2026, 4, 1))
    assert months[date(2026, 5, 1)] == 100


def test_a_loss_has_a_flow_but_no_conversion(trading: Books) -> None:
    answer = trading.ask("operating_cash_flow", "cash_conversion", account_id="B1", **MARCH)
    assert answer.only["operating_cash_flow"] == -1
    assert answer.why(answer.only) == {"cash_conversion": "no_contribution"}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ((), "no_receivables"),
        (("A1,1,2026-03-10,1210,",), "no_vat"),
    ],
)
def test_what_is_missing_is_named(books: Books, more: tuple[str, ...], reason: str) -> None:
    books.load(
        "ledger", COSTS, *(f"A1,2026-03-05,{name},{n}" for name, n in (("revenue", 9), ("cogs", -1), ("service", -1)))
    )
    if more:
        books.load("receivables", ITEMS, *more)
    answer = books.ask("operating_cash_flow", "cash_conversion", **MARCH)
    assert answer.why(answer.only) == dict.fromkeys(("operating_cash_flow", "cash_conversion"), reason)


def test_a_balance_before_the_first_snapshot_is_unknown(trading: Books) -> None:
    header = "account_id,doc_no,invoice_date,amount,snapshot_date"
    trading.load("receivables", header, "B1,9,2026-03-02,55,2026-03-31", source="other")
    answer = trading.ask("operating_cash_flow", account_id="B1", **MARCH)
    assert answer.why(answer.only) == {"operating_cash_flow": "no_opening_balance"}


def test_stock_in_money_without_a_rate_is_named(trading: Books) -> None:
    trading.load("account_balances", f"{BALANCES},currency", "A1,2026-03-31,stock,10,CHF", replacing=True)
    answer = trading.ask("operating_cash_flow", account_id="A1", **MARCH)
    assert answer.why(answer.only) == {"operating_cash_flow": "no_rate:CHF"}


def test_who_pays_for_the_group_leaves_out_the_vat_of_the_group(books: Books) -> None:
    """Aalst buys at 21 %, its head office pays: what the head office owes more holds 21 % VAT too."""
    header = "account_id,account_name,parent_id,kam_id"
    books.load("accounts", header, "H1,Hoofdkantoor,,an", "A1,Aalst,H1,an", "B1,Breda,,bo", replacing=True)
    books.load("sales_lines", SALES, "A1,1,2026-03-10,1000,210,600")
    books.load("receivables", ITEMS, "H1,1,2026-03-10,1210,", "B1,2,2026-03-10,1210,")
    books.load("ledger", COSTS, "A1,2026-03-31,service,-100")
    assert books.figures("operating_cash_flow", "account_id", **MARCH) == {"A1": 300, "B1": None, "H1": -1000}
    alone = books.ask("operating_cash_flow", "operating_cash_flow_direct", account_id="H1", **MARCH).only
    assert (alone["operating_cash_flow"], alone["operating_cash_flow_direct"]) == (-1000, 0)
    assert books.figure("operating_cash_flow", kam_scope="an", **MARCH) == -700


def test_vat_is_left_out_at_the_share_of_the_accounts_own_invoices(trading: Books) -> None:
    trading.load("sales_lines", SALES, "B1,7,2026-03-03,300,0,100", "B1,8,2026-03-04,100,19,0")
    trading.load("receivables", ITEMS, "B1,7,2026-03-03,100,")
    expected = 400 - 100 - 1 - (Decimal(100) * 400 / 419).quantize(Decimal("0.0001"))
    assert trading.figure("operating_cash_flow", account_id="B1", **MARCH) == expected


def test_a_day_within_a_month_counts_no_invoice_of_that_month_twice_for_the_share_of_vat(books: Books) -> None:
    header = f"{SALES},product"
    books.load(
        "sales_lines", header, "A1,1,2026-03-02,1000,210,600,Bolt", "A1,2,2026-03-03,1000,0,600,Nut",
        "A1,3,2026-03-30,500,105,100,Bolt",
    )  # fmt: skip
    books.load("ledger", COSTS, "A1,2026-03-10,service,-100")
    books.load("receivables", ITEMS, "A1,2,2026-03-03,1000,2026-03-09")
    came_in = books.figure(
        "operating_cash_flow_direct", account_id="A1", as_of=date(2026, 3, 10), from_date=date(2026, 3, 1)
    )
    assert came_in == (Decimal(1000) * 2000 / 2210).quantize(Decimal("0.0001")) - 1200 - 100
