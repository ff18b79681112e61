"""The invented company, computed a second time from the files it was loaded from, has the same figures."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kam_metrics import demo
from kam_metrics.metrics import MEASURES
from tests.recompute_alignment import alignment
from tests.recompute_cash import receivables
from tests.recompute_flow import flows, months
from tests.recompute_growth import concentration, growth, volatility
from tests.recompute_health import health
from tests.recompute_plans import plans, reviews
from tests.twice import TODAY, Twice, compare, measured, of_family

PROFIT, CASH = of_family("profit"), of_family("receivables")
BEGINNING = date(1, 1, 1)
PERIODS = {
    "everything": (BEGINNING, TODAY),
    "whole months": (date(2025, 4, 1), date(2026, 6, 30)),
    "broken months": (date(2025, 4, 11), date(2026, 6, 17)),
}


@pytest.mark.parametrize("by", [None, *sorted(MEASURES["net_sales"].dims)])
@pytest.mark.parametrize("period", PERIODS)
def test_profit_is_what_the_files_say(twice: Twice, by: str | None, period: str) -> None:
    first, last = PERIODS[period]
    found = measured(twice.books, PROFIT, by, as_of=TODAY, from_date=first, to_date=last)
    assert compare(found, twice.company.profit(first, last, by, TODAY), PROFIT) == []


def test_something_was_compared(twice: Twice) -> None:
    assert twice.books.figure("net_sales", as_of=TODAY) > 1_000_000
    assert len(measured(twice.books, PROFIT, "product", as_of=TODAY)) > 20


MOMENTS = [(date(2026, 1, 1), TODAY), (date(2025, 4, 11), date(2026, 6, 17)), (date(2026, 3, 1), date(2026, 3, 31))]


@pytest.mark.parametrize(("first", "when"), MOMENTS)
@pytest.mark.parametrize("by", [None, "account_id", "kam_id", "country"])
def test_receivables_are_what_the_files_say(twice: Twice, by: str | None, first: date, when: date) -> None:
    of = twice.company.groupings()[by] if by else lambda _: None
    expected = receivables(twice.company, first, when, of)
    found = measured(twice.books, CASH, by, as_of=when, from_date=first)
    assert compare(found, expected, CASH) == []
    assert found[None]["receivables_open"] if by is None else len(found) > 1


def test_the_ages_of_receivables_are_what_the_files_say(twice: Twice) -> None:
    first, when = MOMENTS[1]
    found = twice.books.figures("receivables_open", "ageing_bucket", as_of=when)
    expected = receivables(twice.company, first, when, lambda _: None)[None]["receivables_open by bucket"]
    assert {name: amount for name, amount in found.items() if amount} == expected


@pytest.mark.parametrize("period", ["everything", "broken months"])
def test_the_receivables_of_each_month_are_what_the_files_say(twice: Twice, period: str) -> None:
    first, last = max(PERIODS[period][0], date(2025, 9, 11)), PERIODS[period][1]
    found = measured(twice.books, CASH, "month", as_of=last, from_date=first)
    told = {
        one.month: receivables(twice.company, one.first, one.last, lambda _: None, last)[None]
        for one in months(first, last)
    }
    assert compare(found, told, CASH) == []


def test_every_measure_is_computed_a_second_time(twice: Twice) -> None:
    company, year = twice.company, (TODAY.replace(year=2025) + timedelta(days=1), TODAY)
    told = [
        company.profit(*year, None, TODAY), growth(company, *year, TODAY, None), volatility(company, TODAY, None),
        concentration(company, *year, TODAY, None), receivables(company, *year, lambda _: None),
        flows(company, *year, TODAY, ()), plans(company, TODAY, None), reviews(company, TODAY, None),
        health(company, TODAY, None), {None: alignment(company, TODAY, ("element",))["skills"]},
    ]  # fmt: skip
    known = {key for figures in told for key, figure in figures[None].items() if figure is not None}
    assert MEASURES.keys() <= known


@pytest.mark.slow
def test_the_whole_company_is_what_its_files_say(tmp_path: Path) -> None:
    told = Twice(tmp_path, demo.ACCOUNTS)
    for by in (None, "account_id", "month"):
        found = measured(told.books, PROFIT, by, as_of=TODAY)
        assert compare(found, told.company.profit(BEGINNING, TODAY, by), PROFIT) == []
    first, when = MOMENTS[0]
    found = measured(told.books, CASH, None, as_of=when, from_date=first)
    assert compare(found, receivables(told.company, first, when, lambda _: None), CASH) == []
    assert told.books.differences().keys() <= {"ledger_and_sales_lines", "posted_and_driven"}
    told.books.store.close()
