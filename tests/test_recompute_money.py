"""Growth, concentration and cash flow of the invented company, computed a second time from its files, are the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.recompute import month_end
from tests.recompute_flow import flows, months
from tests.recompute_growth import concentration, growth, volatility
from tests.twice import TODAY, Twice, compare, measured, of_family

GROWTH, CONCENTRATION, VOLATILITY, FLOW = map(of_family, ("growth", "concentration", "volatility", "cash"))
PERIODS = {
    "the last year": (TODAY.replace(year=2025) + timedelta(days=1), TODAY),
    "more than a year of broken months": (date(2025, 4, 11), date(2026, 6, 17)),
    "whole months": (date(2026, 1, 1), date(2026, 6, 30)),
}
BY_ACCOUNT = (None, "account_id", "group_id", "kam_id", "segment", "country")
EVERY_PERIOD = pytest.mark.parametrize("period", PERIODS)


@EVERY_PERIOD
@pytest.mark.parametrize("by", BY_ACCOUNT)
def test_growth_is_what_the_files_say(twice: Twice, by: str | None, period: str) -> None:
    first, last = PERIODS[period]
    found = measured(twice.books, GROWTH, by, as_of=last, from_date=first)
    assert compare(found, growth(twice.company, first, last, last, by), GROWTH) == []


def test_the_growth_of_each_month_is_what_the_files_say(twice: Twice) -> None:
    first, last = date(2024, 10, 11), date(2025, 3, 17)
    found = measured(twice.books, GROWTH, "month", as_of=last, from_date=first)
    known = {one.month: growth(twice.company, one.first, one.last, last, None) for one in months(first, last)}
    assert [month for month, told in known.items() if not told] == [date(2024, 10, 1), date(2024, 11, 1)]
    assert compare(found, {month: told.get(None, {}) for month, told in known.items()}, GROWTH) == []


@pytest.mark.parametrize("when", [TODAY, date(2026, 6, 17), date(2026, 6, 30)])
@pytest.mark.parametrize("by", BY_ACCOUNT)
def test_volatility_is_what_the_files_say(twice: Twice, by: str | None, when: date) -> None:
    found = measured(twice.books, VOLATILITY, by, as_of=when)
    assert compare(found, volatility(twice.company, when, by), VOLATILITY) == []


@EVERY_PERIOD
@pytest.mark.parametrize("by", [None, "kam_id", "segment", "country", "month", "quarter"])
def test_concentration_is_what_the_files_say(twice: Twice, by: str | None, period: str) -> None:
    first, last = PERIODS[period]
    found = measured(twice.books, CONCENTRATION, by, as_of=last, from_date=first)
    assert compare(found, concentration(twice.company, first, last, last, by), CONCENTRATION) == []


@EVERY_PERIOD
@pytest.mark.parametrize("by", [(), ("account_id",), ("month",), ("kam_id",), ("account_id", "month")], ids=str)
def test_both_forms_of_cash_flow_are_what_the_files_say(twice: Twice, by: tuple[str, ...], period: str) -> None:
    first, last = PERIODS[period]
    found = measured(twice.books, FLOW, by, as_of=last, from_date=first)
    assert compare(found, flows(twice.company, first, last, last, by), FLOW) == []


def test_the_periods_hold_what_makes_them_hard(twice: Twice) -> None:
    first, last = PERIODS["more than a year of broken months"]
    assert (last - first).days > 366
    assert first.day > 1
    assert last < month_end(last)
    told = measured(twice.books, (*GROWTH, *FLOW), None, as_of=last, from_date=first)[None]
    assert all(told[key] for key in (*GROWTH, *FLOW))
    assert {row["currency"] for row in twice.company.files["receivables"]} == {"EUR", "GBP", "CHF"}
