"""Amounts as large as a file may hold break no figure, in euros and in foreign money."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics import metrics
from kam_metrics.metrics import MEASURES, Answer
from kam_metrics.store import World
from kam_metrics.terms import Slice
from tests.books import Books

LARGE = "9999999999999.99"
"""Nearly what a DECIMAL(18, 4) may hold."""
DAY = date(2026, 4, 15)
SEEN = Slice(DAY, date(2026, 1, 1))


@pytest.fixture(scope="module")
def large(known_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Two accounts that trade very large amounts, this year and the year before; only read."""
    books = Books(shutil.copytree(known_folder, tmp_path_factory.mktemp("large"), dirs_exist_ok=True))
    books.load("fx_rates", "currency,date,eur_per_unit", "USD,2025-01-01,0.91234567")
    sales = (
        "account_id,doc_no,line_no,invoice_date,product,quantity,list_amount,discount_amount,net_amount,vat_amount,"
        "cogs_amount,freight_amount,currency,order_no"
    )
    money = f"{LARGE},1.00,{LARGE},{LARGE},{LARGE},{LARGE}"
    lines = [
        f"{account},F{account}{year},{line},{year}-04-{day},P1,1000000000,{money},{currency},O1"
        for account, currency in (("A1", "EUR"), ("B1", "USD"))
        for year in (2025, 2026)
        for line, day in ((1, "10"), (2, "20"))
    ]
    books.load("sales_lines", sales, *lines)
    books.load("ledger", "account_id,posting_date,line_type,amount,currency", f"A1,2026-02-10,rebate,-{LARGE},USD")
    receivables = "account_id,doc_no,invoice_date,due_date,amount,cleared_date,currency"
    items = [
        f"{account},F{number},2026-0{number}-10,2026-0{number}-28,{LARGE},{cleared},{currency}"
        for account, currency in (("A1", "EUR"), ("B1", "USD"))
        for number, cleared in ((1, "2026-03-01"), (2, ""), (3, ""))
    ]
    books.load("receivables", receivables, *items)
    balances = [
        f"{account},2026-0{month}-28,{item},{LARGE},{currency}"
        for account, currency in (("A1", "EUR"), ("B1", "USD"))
        for month in (1, 3)
        for item in ("stock", "prepayment")
    ]
    books.load("account_balances", "account_id,month_end,item,amount,currency", *balances)
    books.load("cost_rates", "activity,unit,eur_per_unit,low,high,valid_from", "orders,order,99.5,90,120,2025-01-01")
    books.load("cost_drivers", "account_id,month,activity,quantity", "A1,2026-03,orders,9999999999")
    yield books
    books.store.close()


@pytest.mark.parametrize("key", sorted(MEASURES))
def test_every_measure_can_tell_of_very_large_amounts(large: Books, key: str) -> None:
    for by in ([], ["account_id"], ["month"], ["account_id", "month"]):
        if set(by) <= MEASURES[key].dims and not MEASURES[key].needs:
            assert isinstance(large.ask(key, by=by, as_of=DAY, from_date=date(2026, 1, 1)), Answer)


def test_very_large_amounts_add_up_to_the_cent(large: Books) -> None:
    assert large.differences() == {}
    assert large.figures("net_sales", "account_id", as_of=DAY)["A1"] == 3 * Decimal(LARGE) - Decimal(LARGE) * Decimal(
        "0.91234567"
    )


@pytest.mark.parametrize(
    "ask",
    [metrics.waterfall, metrics.whale, metrics.worklist, metrics.forecast, metrics.receipts, metrics.cash_steps,
     metrics.decisions, metrics.past_weeks],
)  # fmt: skip
def test_every_page_can_tell_of_very_large_amounts(large: Books, ask: Callable[[World, Slice], object]) -> None:
    with large.store.read() as world:
        ask(world, SEEN)
