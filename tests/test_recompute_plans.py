"""Plans, health and alignment of the invented company, computed a second time from its files, are the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kam_metrics.metrics import health_by_account
from kam_metrics.metrics.spine import Unknown
from kam_metrics.terms import Slice
from tests.recompute_alignment import alignment
from tests.recompute_flow import months
from tests.recompute_health import health
from tests.recompute_plans import plans, reviews
from tests.twice import TODAY, Twice, agree, compare, measured, of_family

REVIEWS = ("review_adherence", "days_since_review")
PLANS = tuple(key for key in of_family("plan") if key not in (*REVIEWS, "phase_attainment"))
HEALTH = ("health", "health_coverage")
MOMENTS = pytest.mark.parametrize("when", [TODAY, date(2026, 6, 17), date(2026, 9, 30)])


@MOMENTS
@pytest.mark.parametrize("by", [None, "account_id", "plan_id"])
def test_plans_are_what_the_files_say(twice: Twice, by: str | None, when: date) -> None:
    expected = plans(twice.company, when, by)
    assert compare(measured(twice.books, PLANS, by, as_of=when), expected, PLANS) == []
    phases = measured(twice.books, ["phase_attainment"], [*([by] if by else []), "phase"], as_of=when)
    for place, figures in expected.items():
        for phase, share in figures["phase_attainment"].items():
            assert agree(phases[(place, phase) if by else phase]["phase_attainment"], share), (place, phase)


@MOMENTS
@pytest.mark.parametrize("by", [None, "account_id", "plan_id"])
def test_reviews_are_what_the_files_say(twice: Twice, by: str | None, when: date) -> None:
    found = measured(twice.books, REVIEWS, by, as_of=when)
    assert compare(found, reviews(twice.company, when, by), REVIEWS) == []


def test_the_plans_and_reviews_of_each_month_are_what_the_files_say(twice: Twice) -> None:
    first, last = date(2026, 4, 1), date(2026, 11, 12)
    found = measured(twice.books, (*PLANS, *REVIEWS), "month", as_of=last, from_date=first)
    told = {
        one.month: {
            **plans(twice.company, one.last, None).get(None, {}),
            **reviews(twice.company, one.last, None)[None],
        }
        for one in months(first, last)
    }
    assert compare(found, told, (*PLANS, *REVIEWS)) == []


@MOMENTS
@pytest.mark.parametrize("by", [None, "account_id"])
def test_health_is_what_the_files_say(twice: Twice, by: str | None, when: date) -> None:
    found, expected = measured(twice.books, HEALTH, by, as_of=when), health(twice.company, when, by)
    assert compare(found, {place: expected[place] for place in found}, HEALTH) == []
    assert len([row for row in found.values() if row["health"] is not None]) > (5 if by else 0)
    scores = measured(twice.books, ["vital_score"], [*([by] if by else []), "vital"], as_of=when)
    for place, row in scores.items():
        account, vital = place if by else (None, place)
        assert agree(row["vital_score"], expected[account]["vital_score"].get(vital)), place


def test_the_health_of_each_month_is_what_the_files_say(twice: Twice) -> None:
    first, last = date(2026, 8, 1), date(2026, 11, 12)
    found = measured(twice.books, HEALTH, "month", as_of=last, from_date=first)
    told = {one.month: health(twice.company, one.last, None, last)[None] for one in months(first, last)}
    assert compare(found, told, HEALTH) == []


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


@MOMENTS
@pytest.mark.parametrize("by", [("element",), ("account_id", "element")], ids=str)
def test_alignment_is_what_the_files_say_wherever_it_may_be_told(twice: Twice, by: tuple[str, ...], when: date) -> None:
    keys = of_family("alignment")
    found, expected = measured(twice.books, keys, by, as_of=when), alignment(twice.company, when, by)
    told = {place: row for place, row in found.items() if row["element_n"] is not None}
    assert len(told) >= (7 if len(by) == 1 else 140)
    assert compare(told, {place: expected[place] for place in told}, keys) == []
    assert all(expected[place]["element_n"] >= 4 for place in told)
