"""A budget or a forecast beside the actuals changes no actual figure, by whatever it is shown."""

from __future__ import annotations

from datetime import date

import pytest

from kam_metrics.metrics import MEASURES, waterfall, whale
from kam_metrics.terms import Scenario, Slice
from tests.books import AS_OF, Books

ACTUAL = (
    "account_id,posting_date,line_type,amount",
    "A1,2026-01-15,gross_sales,1000", "A1,2026-01-15,cogs,-600", "A1,2026-01-31,service,-50",
    "B1,2026-02-15,gross_sales,400", "B1,2026-02-15,cogs,-100",
)  # fmt: skip
PLANNED = [
    f"{account},2026-{month},{what},{scenario}"
    for scenario in ("budget", "forecast")
    for account in ("A1", "B1")
    for month in ("01", "02", "07")
    for what in ("gross_sales,9000", "cogs,-1000", "rebate,-70", "service,-500", "capital_charge,-3")
]
FAMILIES = ("profit", "growth", "concentration", "volatility", "cash")
SHOWN = [(), ("account_id",), ("month",), ("kam_id", "year")]


def figures(books: Books, **seen: object) -> list[object]:
    with books.store.read() as world:
        curves = [waterfall(world, Slice(AS_OF)), whale(world, Slice(AS_OF))]
    return [
        *curves,
        *(
            books.ask(*keys, by=by, **seen).rows
            for family in FAMILIES
            for by in SHOWN
            if (keys := [key for key, one in MEASURES.items() if one.family == family and one.dims >= {*by}])
        ),
    ]


@pytest.mark.parametrize("seen", [{}, {"from_date": date(2026, 1, 10), "to_date": date(2026, 2, 20)}])
def test_what_was_planned_is_in_no_actual_figure(books: Books, seen: dict[str, object]) -> None:
    books.load("ledger", *ACTUAL)
    before = figures(books, **seen)
    books.load("budget", "account_id,month,line_type,amount,scenario", *PLANNED)
    assert figures(books, **seen) == before
    assert books.figure("net_sales") == 1400


def test_budget_and_forecast_are_told_apart_too(books: Books) -> None:
    books.load("ledger", *ACTUAL)
    books.load("budget", "account_id,month,line_type,amount,scenario", *PLANNED[:1], *PLANNED[-15:-14])
    assert books.figure("net_sales", scenario=Scenario.BUDGET) == 9000
    assert books.figure("net_sales", scenario=Scenario.FORECAST) == 9000
