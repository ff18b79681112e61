"""What the handbook works out and no family's own tests hold: golden values, traps, and what is not offered and why."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

import pytest

from kam_metrics.metrics import MEASURES, objective_rows, waterfall
from kam_metrics.metrics.agreement import FEWEST, RANDOM_R_WG
from kam_metrics.metrics.plan_facts import facts
from kam_metrics.metrics.schedule import earned_schedule
from kam_metrics.metrics.students_t import two_sided_quantile
from kam_metrics.terms import Slice
from tests.books import AS_OF, Books

ITEMS = "account_id,doc_no,invoice_date,due_date,amount,cleared_date"
START = date(2026, 1, 1)
NOT_OFFERED = {
    "dso_365": "sales of a year hide how customers pay now: it may be 26 days off where nothing changed",
    "true_dso": "optional; count-back and days_to_pay say the same of the whole and of what was cleared",
    "cash_to_cash": "when the company pays its suppliers is a setting and no fact; its other parts stand apart",
    "fx_effect": "a product's price is in euros of its own day, so a rate that moved is part of price_effect",
    "share_of_wallet": "no extract holds what customers buy elsewhere, and nobody's wallet is made up",
    "contract_cover": "no extract holds contracts",
    "customer_lifetime_value": "for planning only, and never one figure",
    "classic_spi": "it returns to 1 at the end of a late plan; schedule_performance does not",
    "distinct_count_index": "it misleads: ten lists of ten cannot be told apart by how many names they hold",
    "relationship_coverage": "no extract holds who talked with whom",
    "nomination_overlap": "no extract holds whom managers name as key accounts",
    "selection_matrix": "no extract holds how attractive accounts were rated",
}


def test_what_is_not_offered_is_named_with_its_reason() -> None:
    assert all(NOT_OFFERED.values())
    assert not NOT_OFFERED.keys() & MEASURES.keys()


def test_without_list_prices_the_step_of_price_differences_is_left_out(books: Books) -> None:
    header = "account_id,doc_no,invoice_date,discount_amount,net_amount,cogs_amount"
    books.load("sales_lines", header, "A1,1,2026-03-01,10,90,50")
    books.load("ledger", "account_id,posting_date,line_type,amount", "A1,2026-03-31,service,-5")
    assert books.figure("gross_sales") == 100
    with books.store.read() as world:
        steps = {step["key"] for step in waterfall(world, Slice(AS_OF))}
    assert "gross_sales" in steps
    assert "price_difference" not in steps


def test_who_pays_small_bills_in_time_and_no_large_one_does_not_look_punctual(books: Books) -> None:
    books.load(
        "receivables", ITEMS, "A1,1,2026-10-15,2026-11-14,10,2026-11-14", "A1,2,2026-10-15,2026-11-14,9990,",
    )  # fmt: skip
    row = books.ask("average_days_late", "overdue_pct", "average_days_delinquent", as_of=date(2026, 12, 31)).only
    assert row["average_days_late"] == 0
    assert row["overdue_pct"] == 1
    assert row["average_days_delinquent"] == pytest.approx(9990 / 10_000 * 90)


def test_a_month_of_credit_notes_only_has_a_negative_result_and_no_growth_or_shares_of_it(books: Books) -> None:
    header = "account_id,doc_no,doc_type,invoice_date,net_amount,cogs_amount"
    books.load("sales_lines", header, "A1,1,CRN,2025-03-01,-100,-60", "A1,2,INV,2026-03-01,50,30")
    march = {"as_of": date(2025, 3, 31), "from_date": date(2025, 3, 1)}
    assert books.figure("net_sales", **march) == -100
    row = books.ask("hhi", "cr1", **march).only
    assert (row["hhi"], row["cr1"]) == (None, None)
    grown = books.ask("net_sales_growth", "net_sales_growth_pct", from_date=date(2026, 3, 1), as_of=date(2026, 3, 31))
    assert (grown.only["net_sales_growth"], grown.only["net_sales_growth_pct"]) == (150, None)


@pytest.fixture
def quarter(books: Books) -> Books:
    """The plan of the handbook: 200 at first, 220, 250 and 300 to reach, 240 on day 50; two of five milestones done."""
    books.load("plans", "plan_id,account_id,start_date,title,status", f"P,A1,{START},Ninety days,signed")
    header = "objective_id,plan_id,title,kind,direction,baseline,target_30,target_60,target_90,weight"
    books.load("objectives", header, "O,P,More,sales,up,200,220,250,300,1")
    books.load("measurements", "objective_id,date,value", f"O,{on(50)},240")
    dated = zip("ABCDE", (10, 20, 40, 60, 80), (10, 20, None, None, None), strict=True)
    stones = [f"{name},P,{name},{on(due)},{on(done) if done else ''}" for name, due, done in dated]
    books.load("milestones", "milestone_id,plan_id,title,baseline_date,done_date", *stones)
    return books


def on(number: int) -> date:
    return START + timedelta(days=number)


def test_what_lies_beyond_the_target_is_told_apart(quarter: Books) -> None:
    quarter.load("measurements", "objective_id,date,value", f"O,{on(51)},350")
    with quarter.store.read() as world:
        (row,) = objective_rows(world, Slice(on(51)))
    assert (row["attainment_90"], row["over_attainment"]) == (1.0, 1.5)
    assert quarter.figure("plan_attainment", as_of=on(51)) == 1.0


def test_the_plan_of_the_handbook_is_thirty_days_behind_its_schedule(quarter: Books) -> None:
    with quarter.store.read() as world:
        milestones = facts(world, Slice(on(50))).milestones
    earned = earned_schedule(milestones, START, on(50))
    assert earned == (20.0, 50.0)
    assert earned[0] - earned[1] == -30


@pytest.mark.parametrize(("people", "half"), [(5, 0.74), (8, 0.50), (12, 0.38), (20, 0.28), (30, 0.22)])
def test_the_smallest_change_that_few_people_can_show_is_that_of_the_handbook(people: int, half: float) -> None:
    assert two_sided_quantile(0.95, people - 1) * 0.6 / sqrt(people) == pytest.approx(half, abs=0.005)


@pytest.mark.parametrize(("people", "bound"), [(3, 0.85), (5, 0.73), (8, 0.61), (12, 0.53), (20, 0.44)])
def test_agreement_must_beat_the_random_panels_of_the_handbook(people: int, bound: float) -> None:
    assert RANDOM_R_WG[4][people - FEWEST] == pytest.approx(bound, abs=0.015)
