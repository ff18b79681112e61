"""Published worked examples of the formulas, kept outside this project, each realised as items in a store.

Every vector is accounted for: run here or with the data it is about, or named as absent or not offered.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kam_metrics.metrics import measure, whale
from kam_metrics.terms import Slice
from tests.books import AS_OF, Books
from tests.extract_files import vectors
from tests.small_world import SmallWorld

DAY = date(2025, 9, 30)
QUARTER = 90

OF_PROFIT = {"customer_level_revenue", "customer_level_operating_income"}
WITH_ITS_DATA = {"whale_curve"}
"""Run in test_real_data.py."""
WITHOUT_DATA = {"bh1996.csv", "lq2002.csv", "bhr2000.csv"}
NOT_OFFERED = {
    "cei_monthly_sales": "collection_effectiveness uses the sales of the whole period",
    "krippendorff_alpha": "near zero for one target even under consensus",
    "cronbach_alpha": "reliability of a scale, not agreement",
    "rwg_j_lindell": "another index; r_wg(J) is offered",
    "published_shares_for_context": "no inputs",
}


def item(doc_no: str, invoiced: date, amount: Decimal | float, **more: Any) -> dict[str, Any]:
    return {"account_id": "A1", "doc_no": doc_no, "invoice_date": invoiced, "amount": Decimal(str(amount)), **more}


def figure(small: SmallWorld, key: str, **slice_of: Any) -> float:
    with small.read() as world:
        return float(measure(world, Slice(DAY, **slice_of), key).only[key])


def balance(sales: Decimal, receivables: Decimal, current: Decimal) -> list[dict[str, Any]]:
    """Sales of the last 90 days, and receivables that are just older."""
    rows = [
        item("sold", DAY, sales, cleared_date=DAY),
        item("current", DAY - timedelta(days=QUARTER), current, due_date=DAY),
        item("overdue", DAY - timedelta(days=QUARTER), receivables - current, due_date=DAY - timedelta(days=1)),
    ]
    return [row for row in rows if row["amount"]]


def per_quarter(inputs: dict[str, Any]) -> Decimal:
    """Sales of 90 days at the pace of the vector's own period."""
    return Decimal(inputs["credit_sales"]) * QUARTER / inputs["days"]


def dso_simple(small: SmallWorld, inputs: dict[str, Any]) -> float:
    small.add("receivables", balance(per_quarter(inputs), Decimal(inputs["receivables"]), Decimal(0)))
    return figure(small, "dso_simple_90")


def best_possible_dso(small: SmallWorld, inputs: dict[str, Any]) -> float:
    current = Decimal(inputs["current_receivables"])
    small.add("receivables", balance(per_quarter(inputs), current, current))
    return figure(small, "best_possible_dso")


def average_days_delinquent(small: SmallWorld, inputs: dict[str, Any]) -> float:
    """Sales of one euro a day, so that days of sales are euros."""
    small.add("receivables", balance(Decimal(QUARTER), Decimal(inputs["dso"]), Decimal(inputs["bpdso"])))
    return figure(small, "average_days_delinquent")


def dso_countback(small: SmallWorld, inputs: dict[str, Any]) -> float:
    """Months on the calendar; where it gives a month other days, its sales keep their pace per day."""
    months = inputs["months_latest_first"]
    day = first = _fitting_day([days for _, days in months])
    rows = [item("open", day, inputs["receivables"], doc_type="ADJ")]
    for sales, days in months:
        first = first.replace(day=1)
        length = days if first.month == day.month else _length(first)
        rows.append(item(f"{first}", first, round(Decimal(sales) * length / days, 4), cleared_date=day))
        first -= timedelta(days=1)
    small.add("receivables", rows)
    with small.read() as world:
        key = "days_sales_outstanding"
        return float(measure(world, Slice(day), key).only[key])


def _fitting_day(lengths: list[int]) -> date:
    """The day from which, counted back, most months in a row have the days of the vector."""

    def fit(day: date) -> int:
        same = [_length(day.replace(month=day.month - n, day=1)) == length for n, length in enumerate(lengths)][1:]
        return [*same, False].index(False)

    ends = [date(2025, month, 1) for month in range(len(lengths), 13)]
    return max((end.replace(day=lengths[0]) for end in ends if _length(end) >= lengths[0]), key=fit)


def _length(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def cei_period_sales(small: SmallWorld, inputs: dict[str, Any]) -> float:
    begin, sales, end, current = (
        Decimal(inputs[name]) for name in ("begin", "credit_sales", "end_total", "end_current")
    )
    first = DAY.replace(day=1)
    yesterday = first - timedelta(days=1)
    rows = [
        item("begin", yesterday, begin, cleared_date=DAY),
        item("paid", first, sales - end, cleared_date=DAY),
        item("current", first, current, due_date=DAY),
        item("overdue", first, end - current, due_date=DAY - timedelta(days=1)),
    ]
    small.add("receivables", rows)
    return figure(small, "collection_effectiveness", from_date=first) * 100


RUNS: dict[str, Callable[[SmallWorld, dict[str, Any]], float]] = {
    "dso_simple": dso_simple,
    "dso_simple_quarter": dso_simple,
    "best_possible_dso": best_possible_dso,
    "average_days_delinquent": average_days_delinquent,
    "dso_countback": dso_countback,
    "cei_period_sales": cei_period_sales,
}


@pytest.mark.parametrize("formula", RUNS)
def test_the_published_figures_are_ours(tmp_path, formula):
    for number, vector in enumerate(vectors(formula)):
        small = SmallWorld(tmp_path / str(number))
        assert RUNS[formula](small, vector["inputs"]) == pytest.approx(vector["expected"], abs=vector["tolerance"])
        small.store.close()


def costed(books: Books, names: str, sales: list[str], drivers: list[str], rates: dict[str, Any]) -> None:
    """Customers with what they bought and what they asked of us, in June."""
    books.load("accounts", "account_id,account_name", *(f"{name},{name}" for name in names))
    books.load(
        "sales_lines", "account_id,doc_no,invoice_date,list_amount,discount_amount,net_amount,cogs_amount", *sales
    )
    books.load("cost_drivers", "account_id,month,activity,quantity", *drivers)
    books.load(
        "cost_rates", "activity,eur_per_unit,valid_from", *(f"{name},{rate},2026-01-01" for name, rate in rates.items())
    )


def test_customer_level_revenue_is_what_was_published(empty: Books) -> None:
    (vector,) = vectors("customer_level_revenue")
    given, names = vector["inputs"], "ABCDE"
    listed = [units * given["list_price"] for units in given["units"]]
    discounts = [
        amount * share * given["discount"] for amount, share in zip(listed, given["discounted_share"], strict=True)
    ]
    sales = [
        f"{n},1,2026-06-01,{full},{off:.2f},{full - off:.2f},0"
        for n, full, off in zip(names, listed, discounts, strict=True)
    ]
    drivers = [f"{n},2026-06,{of},{q}" for of in ("orders", "cases") for n, q in zip(names, given[of], strict=True)]
    costed(empty, names, sales, drivers, {"orders": given["per_order"], "cases": given["per_case"]})
    assert list(empty.figures("net_sales", "account_id").values()) == vector["expected"]["revenue_actual"]
    served = empty.figures("cost_to_serve", "activity", "account_id")
    for activity, told in (("orders", "order_taking"), ("cases", "product_handling")):
        assert [served[activity, name] for name in names] == vector["expected"][told]


def test_customer_level_operating_income_is_what_was_published(empty: Books) -> None:
    (vector,) = vectors("customer_level_operating_income")
    given = vector["inputs"]
    rates, sales, drivers = given["rates"], [], []
    customers = given["customers_cases_price_orders_visits_deliveries_miles_expedited"]
    for name, (cases, price, orders, visits, deliveries, miles, expedited) in customers.items():
        full, paid = (cases * Decimal(str(of)) for of in (given["list"], price))
        sales.append(f"{name},1,2026-06-01,{full},{full - paid},{paid},{cases * given['cost_per_case']}")
        asked = {"order": orders, "visit": visits, "mile": deliveries * miles, "case": cases, "expedite": expedited}
        drivers += [f"{name},2026-06,{activity},{quantity}" for activity, quantity in asked.items()]
    costed(empty, "PQRST", sales, drivers, rates)
    told = {name: Decimal(str(amount)) for name, amount in vector["expected"].items()}
    assert empty.figure("contribution") == told.pop("total")
    assert empty.figures("contribution", "account_id") == told
    with empty.store.read() as world:
        points = whale(world, Slice(AS_OF))
    assert "".join(point["account_id"] for point in points) == "SRQPT"


def test_every_vector_is_accounted_for():
    left = [v for v in vectors() if v["id"] not in {*RUNS, *OF_PROFIT, *WITH_ITS_DATA, *NOT_OFFERED}]
    assert {v["inputs"]["data"] for v in left} == WITHOUT_DATA
    assert {v["id"] for v in left} == {
        "icc1_aov", "icc2_aov", "icc_aov", "rwg_j", "rwg_single", "awg", "ad_m",
    }  # fmt: skip
