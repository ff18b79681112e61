"""The invented company, computed a second time from the files it was loaded from, has the same figures."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kam_metrics import demo
from kam_metrics.metrics import MEASURES, health_by_account
from kam_metrics.metrics.spine import Unknown
from kam_metrics.terms import Slice
from tests.recompute_cash import receivables
from tests.recompute_health import vitals, whole
from tests.recompute_plans import alignment, plans, reviews
from tests.twice import TODAY, Twice, agree, compare, measured

PROFIT = tuple(key for key, one in MEASURES.items() if one.family == "profit")
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


CASH = tuple(key for key, one in MEASURES.items() if one.family == "receivables")
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


PLANS = (
    *("plan_attainment", "expected_attainment", "milestones_done", "milestones_open", "milestones_late"),
    *("milestone_slip_days", "milestone_slip_median", "schedule_performance"),
)


@pytest.mark.parametrize("when", [TODAY, date(2026, 6, 17)])
@pytest.mark.parametrize("by", ["account_id", "plan_id"])
def test_plans_are_what_the_files_say(twice: Twice, by: str, when: date) -> None:
    expected = plans(twice.company, when, by)
    assert compare(measured(twice.books, PLANS, by, as_of=when), expected, PLANS) == []
    phases = twice.books.figures("phase_attainment", by, "phase", as_of=when)
    for name, figures in expected.items():
        for phase, share in figures["phase_attainment"].items():
            assert agree(phases[name, phase], share), (name, phase)


@pytest.mark.parametrize("when", [TODAY, date(2026, 6, 17)])
def test_reviews_are_what_the_files_say(twice: Twice, when: date) -> None:
    keys = ("review_adherence", "days_since_review")
    assert compare(measured(twice.books, keys, "account_id", as_of=when), reviews(twice.company, when), keys) == []


@pytest.mark.parametrize("when", [TODAY, date(2026, 6, 17), date(2026, 9, 30)])
def test_health_is_what_the_files_say(twice: Twice, when: date) -> None:
    expected = vitals(twice.company, when)
    scores = twice.books.figures("vital_score", "account_id", "vital", as_of=when)
    for (account, vital), score in scores.items():
        assert agree(score, expected[account].get(vital)), (account, vital, score, expected[account].get(vital))
    rows = twice.books.ask("health", "health_coverage", by=["account_id"], as_of=when).rows
    assert len([row for row in rows if row["health"] is not None]) > 5
    for row in rows:
        composite, coverage = whole(expected[row["account_id"]])
        assert agree(row["health"], composite), row
        assert agree(row["health_coverage"], coverage), row


@pytest.mark.parametrize("last", [date(2026, 10, 31), date(2026, 2, 28)])
def test_health_is_scored_from_the_figures_of_the_pages(twice: Twice, last: date) -> None:
    first = (last + timedelta(days=1)).replace(year=last.year - 1)
    keys = ("contribution", "contribution_pct", "net_sales", "net_sales_growth_pct", "net_revenue_retention")
    rows = twice.books.ask(*keys, by=["account_id"], as_of=last, from_date=first).rows
    with twice.books.store.read() as world:
        healths = health_by_account(world, Slice(last))
    assert len(rows) > 30
    for row in rows:
        for key in keys:
            figure = healths[row["account_id"]].figures[key] if row["account_id"] else None
            if row["account_id"] and not isinstance(figure, Unknown):
                assert float(figure) == pytest.approx(float(row[key])), (row["account_id"], key)
            elif row["account_id"]:
                assert row[key] is None


@pytest.mark.parametrize("when", [TODAY, date(2026, 6, 17)])
def test_alignment_is_what_the_files_say_wherever_it_may_be_told(twice: Twice, when: date) -> None:
    keys = ("element_n", "element_score", "agreement_ad", "agreement_rwg", "element_ci_low", "element_ci_high")
    rows = twice.books.ask(*keys, by=["account_id", "element"], as_of=when).rows
    expected = alignment(twice.company, when)
    told = [row for row in rows if row["element_n"] is not None]
    assert len(told) > 20
    for row in told:
        figures = expected[row["account_id"], row["element"]]
        assert figures["element_n"] >= 4
        for key in ("element_n", "element_score", "agreement_ad", "agreement_rwg"):
            assert agree(float(row[key]), figures[key]), (row["account_id"], row["element"], key)
        t = STUDENT.get(figures["element_n"] - 1)
        if t:
            width = row["element_ci_high"] - row["element_ci_low"]
            assert width == pytest.approx(2 * t * figures["half_width / t"], abs=1e-3)
    for place, figures in expected.items():
        if figures["element_n"] < 4:
            assert not [row for row in told if (row["account_id"], row["element"]) == place]


STUDENT = {3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 9: 2.2622, 11: 2.2010, 14: 2.1448, 19: 2.0930}
"""Two-sided 95 % of Student's t, from any table."""


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
