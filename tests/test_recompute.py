"""The invented company, computed a second time from the files it was loaded from, has the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

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


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    """The invented company with every account it has."""
    company = Twice(tmp_path_factory.mktemp("whole"), demo.ACCOUNTS)
    yield company
    company.books.store.close()


@pytest.mark.slow
@pytest.mark.parametrize("by", [None, "account_id", "month"])
def test_the_profit_of_the_whole_company_is_what_its_files_say(whole: Twice, by: str | None) -> None:
    found = measured(whole.books, PROFIT, by, as_of=TODAY)
    assert compare(found, whole.company.profit(BEGINNING, TODAY, by), PROFIT) == []


@pytest.mark.slow
@pytest.mark.parametrize("by", [None, "account_id"])
def test_the_receivables_of_the_whole_company_are_what_its_files_say(whole: Twice, by: str | None) -> None:
    (first, when), of = MOMENTS[0], whole.company.groupings()[by] if by else lambda _: None
    found = measured(whole.books, CASH, by, as_of=when, from_date=first)
    assert compare(found, receivables(whole.company, first, when, of), CASH) == []


@pytest.mark.slow
@pytest.mark.parametrize("by", [(), ("account_id",), ("month",), ("account_id", "month")], ids=str)
def test_both_forms_of_cash_flow_of_the_whole_company_are_what_its_files_say(whole: Twice, by: tuple[str, ...]) -> None:
    first, keys = date(2024, 1, 1), of_family("cash")
    found = measured(whole.books, keys, by, as_of=TODAY, from_date=first)
    assert compare(found, flows(whole.company, first, TODAY, TODAY, by), keys) == []


@pytest.mark.slow
@pytest.mark.parametrize("by", [None, "account_id"])
def test_the_growth_of_the_whole_company_is_what_its_files_say(whole: Twice, by: str | None) -> None:
    keys, (first, last) = of_family("growth"), PERIODS["broken months"]
    found = measured(whole.books, keys, by, as_of=last, from_date=first)
    assert compare(found, growth(whole.company, first, last, last, by), keys) == []


@pytest.mark.slow
def test_the_whole_company_adds_up(whole: Twice) -> None:
    assert whole.books.differences().keys() <= {"ledger_and_sales_lines", "posted_and_driven"}
