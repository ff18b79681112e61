"""What would change: worked out by hand, for the customers a reader sees, and told why when it cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_metrics.metrics import measure
from kam_metrics.metrics.concentration import of_amounts
from kam_metrics.metrics.spine import Unknown
from kam_metrics.metrics.what_if import (
    Book,
    Customer,
    Orders,
    book,
    lose,
    minimum_order,
    price,
    service,
    staying_cost,
    terms,
)
from kam_metrics.terms import Slice
from tests.books import Books

YEAR = Slice(date(2026, 3, 31), date(2026, 1, 1))
STAYING = ("service", "sales_effort")
LEDGER = "account_id,posting_date,line_type,amount"
SALES = "account_id,doc_no,order_no,invoice_date,net_amount,cogs_amount"


@pytest.fixture
def trading(books: Books) -> Books:
    """Aalst earns 280, Antwerpen 90, Breda loses 10; of their cost to serve, service stays when they leave."""
    figures = {"A1": (1000, 600, 70, 50), "A2": (400, 250, 40, 20), "B1": (100, 90, 5, 15)}
    rows = [
        f"{account},2026-02-01,{name},{sign * amount}"
        for account, amounts in figures.items()
        for name, amount, sign in zip(("revenue", "cogs", "service", "freight"), amounts, (1, -1, -1, -1), strict=True)
    ]
    books.load("ledger", LEDGER, *rows)
    items = "account_id,doc_no,invoice_date,amount,cleared_date"
    books.load("receivables", items, "A1,1,2026-02-01,900,2026-03-01", "A1,2,2026-03-01,180,", "A2,3,2025-10-01,8,")
    return books


def asked(books: Books, question: Any, *more: Any, seen: Slice = YEAR) -> Any:
    with books.store.read() as world:
        return question(world, seen, *more)


def test_a_customer_that_leaves_takes_its_margin_and_the_cost_that_ends(trading: Books) -> None:
    found = lose(asked(trading, book, STAYING), {"A1"})
    assert (found.net_sales, found.profit, found.stays) == (1000, 280 + 70, 70)
    assert (found.before, found.after) == (360, 10)
    assert found.released == 180
    assert found.replacement == Decimal(350) * 500 / (90 + 40 - 10 + 5)
    assert found.spread["cr1"] == (pytest.approx(1000 / 1500), 0.8)


def test_a_customer_that_costs_money_makes_the_rest_richer(trading: Books) -> None:
    found = lose(asked(trading, book, ()), {"B1"})
    assert (found.profit, found.after, found.released) == (-10, 370, 0)
    assert lose(asked(trading, book, STAYING), {"B1"}).profit == -5


def test_the_company_can_afford_least_to_lose_who_takes_most_along(trading: Books) -> None:
    assert [(one.name, one.profit) for one in asked(trading, book, STAYING).dearest] == [
        ("Aalst", 350), ("Antwerpen", 130), ("Breda", -5),
    ]  # fmt: skip


def test_losing_everybody_leaves_the_cost_that_stays(trading: Books) -> None:
    found = lose(asked(trading, book, STAYING), {"A1", "A2", "B1"})
    assert found.after == -(70 + 40 + 5)
    assert (found.replacement, found.spread["hhi"][1]) == (None, None)


def test_a_kam_loses_only_own_accounts(trading: Books) -> None:
    own = asked(trading, book, STAYING, seen=Slice(date(2026, 3, 31), kam_scope="bo"))
    assert [one.name for one in own.customers] == ["Breda"]
    assert lose(own, {"A1"}).profit == 0
    nobody = Slice(date(2026, 3, 31), kam_scope="")
    assert asked(trading, book, STAYING, seen=nobody).customers == []


def test_customers_whose_contribution_is_unknown_are_counted(trading: Books) -> None:
    trading.load("ledger", f"{LEDGER},currency", "B1,2026-03-01,revenue,50,USD")
    assert asked(trading, book, STAYING).unknown == 1


customers = st.lists(
    st.tuples(st.integers(1, 9000), st.integers(-900, 900), st.integers(0, 300), st.booleans()), min_size=1, max_size=9
)


@given(customers)
def test_what_is_left_is_what_the_others_earn_less_what_stays_behind(drawn: list[tuple[int, int, int, bool]]) -> None:
    held = [
        Customer(str(n), str(n), str(n), Decimal(sales), Decimal(earned), Decimal(stays), None)
        for n, (sales, earned, stays, _) in enumerate(drawn)
    ]
    leaving = {str(n) for n, (*_, goes) in enumerate(drawn) if goes}
    found = lose(Book(held, 0), leaving)
    rest = [one for one in held if one.account_id not in leaving]
    gone = [one for one in held if one.account_id in leaving]
    assert found.after == sum(one.contribution for one in rest) - sum(one.staying for one in gone)
    assert found.released is None
    if found.replacement is not None:
        sold, kept = sum(one.net_sales for one in rest), sum(one.profit for one in rest)
        assert abs(found.replacement * kept / sold - found.profit) < Decimal("1e-9")


def test_concentration_of_the_handbook() -> None:
    shares = [Decimal(share) for share in (3, 30, 20, 15, 10, 5, 5, 5, 5, 2)]
    assert of_amounts("hhi", shares) == pytest.approx(1738)
    assert of_amounts("cr4", shares) == pytest.approx(0.75)
    assert of_amounts("effective_accounts", shares) == pytest.approx(5.75, abs=0.005)


def test_earlier_payment_releases_the_days_but_never_more_than_stands_open(trading: Books) -> None:
    """1,080 invoiced in 90 days is 12 a day; 180 stands open. Antwerpen owes 8 and was invoiced nothing lately."""
    found = asked(trading, terms, -10)
    assert (found.released, found.yearly) == (120, Decimal("10.8"))
    assert asked(trading, terms, -60).released == 180
    assert asked(trading, terms, 10).released == -120


def test_terms_need_receivables_and_rates(books: Books) -> None:
    assert asked(books, terms, -10) == Unknown("no_receivables")
    books.load("receivables", "account_id,doc_no,invoice_date,amount,currency", "A1,1,2026-03-01,10,USD")
    assert asked(books, terms, -10) == Unknown("no_rate:USD")


def priced(books: Books, percent: int, staying: tuple[str, ...] = STAYING) -> Any:
    with books.store.read() as world:
        figures = measure(world, YEAR, "net_sales", "margin_unknown", "contribution").only
        return price(figures, staying_cost(world, YEAR, staying), percent)


def test_a_higher_price_may_lose_volume_before_it_earns_nothing(trading: Books) -> None:
    """1,500 sold of which 475 is kept before the cost that stays: 1 % more is 15."""
    found = priced(trading, 1)
    assert (found.extra, found.after) == (15, 375)
    assert found.volume == pytest.approx(15 / 490)
    kept = Decimal(490) * (1 - Decimal(found.volume))
    assert float(kept) == pytest.approx(475)
    assert priced(trading, -10).volume == pytest.approx(-150 / 325)
    assert priced(trading, -40).volume is None


def test_a_price_without_known_contribution_says_why(books: Books) -> None:
    assert priced(books, 1) == Unknown("no_gross_sales")


ORDERS = (
    "A1,1,O1,2026-02-01,100,60",
    "A1,2,O2,2026-02-01,30,20",
    "A1,2,O2,2026-02-01,40,20",
    "A2,3,O1,2026-02-02,20,10",
)
RATE = ("activity,unit,eur_per_unit,valid_from", "orders,order,25,2026-01-01")


def test_small_orders_bring_less_than_they_cost(books: Books) -> None:
    """Orders of 100, 70 and 20, at 25 to handle: two stay under 80, bring 40 of margin and cost 50."""
    books.load("sales_lines", SALES, *ORDERS)
    books.load("cost_rates", *RATE)
    found = asked(books, minimum_order, Decimal(80))
    assert found == Orders(
        orders=3, small=2, net_sales=Decimal(90), margin=Decimal(40), handling=Decimal(50), combined=2,
        rate=Decimal(25), break_even=Decimal(25) * 190 / 80,
    )  # fmt: skip
    assert (found.refused, found.saved) == (10, 0)
    assert asked(books, minimum_order, Decimal(1000)).saved == 25
    only = Slice(date(2026, 3, 31), kam_scope="bo")
    assert asked(books, minimum_order, Decimal(80), seen=only) == Unknown("no_order_numbers")


@pytest.mark.parametrize(
    ("sales", "why"),
    [
        ((), "no_order_numbers"),
        (ORDERS, "no_cost_rate:orders"),
        (("A1,1,O1,2026-02-01,100,",), "no_cogs"),
    ],
)
def test_a_minimum_order_says_what_it_needs(books: Books, sales: tuple[str, ...], why: str) -> None:
    if sales:
        books.load("sales_lines", SALES, *sales)
    assert asked(books, minimum_order, Decimal(80)) == Unknown(why)


def test_orders_in_money_without_a_rate_are_named(books: Books) -> None:
    books.load("sales_lines", f"{SALES},currency", "A1,1,O1,2026-02-01,100,60,USD")
    assert asked(books, minimum_order, Decimal(80)) == Unknown("no_rate:USD")


def test_a_dearer_activity_takes_its_part_of_contribution(trading: Books) -> None:
    found = asked(trading, service, "service", 10)
    assert (found.cost, found.change, found.after) == (115, Decimal("-11.5"), Decimal("348.5"))
    assert asked(trading, service, "service", -100).after == 360 + 115


def test_an_activity_without_known_contribution_says_why(books: Books) -> None:
    assert asked(books, service, "service", 10) == Unknown("no_gross_sales")
