"""Plans of 90 days: attainment, milestones and reviews on the handbook's examples, states, and what a KAM may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_metrics.metrics import MEASURES, measure
from kam_metrics.metrics.attainment import Objective
from kam_metrics.metrics.plan_rows import milestone_rows, objective_rows, plan_overview, review_rows
from kam_metrics.metrics.schedule import quantile
from kam_metrics.terms import Slice
from tests.small_world import SmallWorld

START = date(2026, 1, 1)
OF_PLANS = [key for key, declared in MEASURES.items() if declared.family == "plan"]


def at(day_number: int) -> date:
    return START + timedelta(days=day_number)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SmallWorld]:
    small = SmallWorld(tmp_path)
    yield small
    small.store.close()


def plan(plan_id: str = "P1", account_id: str = "A1", **more: Any) -> dict[str, Any]:
    return {"plan_id": plan_id, "account_id": account_id, "start_date": START, "status": "signed", **more}


def objective(objective_id: str = "O1", plan_id: str = "P1", **more: Any) -> dict[str, Any]:
    targets = {"baseline": 200, "target_30": 220, "target_60": 250, "target_90": 300}
    return {"objective_id": objective_id, "plan_id": plan_id, "title": "t", "kind": "sales", **targets, **more}


def measured(value: float, day_number: int, objective_id: str = "O1") -> dict[str, Any]:
    return {"objective_id": objective_id, "date": at(day_number), "value": value}


def milestone(milestone_id: str, baseline: int, plan_id: str = "P1", **more: Any) -> dict[str, Any]:
    return {
        "milestone_id": milestone_id, "plan_id": plan_id, "title": "m", "baseline_date": at(baseline), **more
    }  # fmt: skip


def review(review_id: str, due: int, held: int | None = None, **more: Any) -> dict[str, Any]:
    dates = {"due_date": at(due), "held_date": None if held is None else at(held)}
    return {"review_id": review_id, "account_id": "A1", "kind": "30d", **dates, **more}


@pytest.fixture
def handbook(world: SmallWorld) -> SmallWorld:
    world.add("plans", [plan()]).add("objectives", [objective()]).add("measurements", [measured(240, 50)])
    done = {"A": 10, "B": 20}
    days = zip("ABCDE", (10, 20, 40, 60, 80), strict=True)
    return world.add("milestones", [milestone(n, day, done_date=at(done[n]) if n in done else None) for n, day in days])


def only(small: SmallWorld, *keys: str, day: int = 50, **slice_of: Any) -> dict[str, Any]:
    with small.read() as world:
        return measure(world, Slice(at(day), **slice_of), *keys).only


def by(small: SmallWorld, key: str, name: str, day: int = 50, **slice_of: Any) -> dict[Any, Any]:
    with small.read() as world:
        return {row[name]: row[key] for row in measure(world, Slice(at(day), **slice_of), key, by=[name]).rows}


def test_attainment_of_the_handbook(handbook):
    row = only(handbook, "plan_attainment", "expected_attainment")
    assert (row["plan_attainment"], row["expected_attainment"]) == (pytest.approx(0.4), pytest.approx(0.4))
    assert by(handbook, "phase_attainment", "phase") == {30: 1.0, 60: pytest.approx(0.8), 90: pytest.approx(0.4)}


def test_earned_schedule_of_the_handbook(handbook):
    row = only(handbook, "schedule_performance", "milestones_done", "milestones_open", "milestones_late")
    assert row["schedule_performance"] == pytest.approx(0.4)
    assert (row["milestones_done"], row["milestones_open"], row["milestones_late"]) == (2, 3, 1)


def test_earned_schedule_does_not_return_to_one_and_its_clock_stops_when_all_is_done(world):
    world.add("plans", [plan()])
    world.add("milestones", [milestone("A", 10, done_date=at(10)), milestone("B", 20, done_date=at(40))])
    assert only(world, "schedule_performance", day=80)["schedule_performance"] == pytest.approx(20 / 40)
    assert only(world, "schedule_performance", day=0)["why.schedule_performance"] == "just_started"


def test_earned_schedule_lies_between_baselines_by_weight(world):
    world.add("plans", [plan()])
    world.add("milestones", [milestone("A", 10, weight=1), milestone("B", 30, weight=3, done_date=at(20))])
    assert only(world, "schedule_performance", day=40)["schedule_performance"] == pytest.approx((10 + 20 * 2 / 3) / 40)


def test_a_missing_phase_target_lies_on_the_line(world):
    world.add("plans", [plan()]).add("measurements", [measured(250, 40)])
    world.add("objectives", [objective(target_30=None, target_60=None)])
    row = by(world, "phase_attainment", "phase")
    assert row == {30: 1.0, 60: pytest.approx(50 / (200 / 3)), 90: pytest.approx(0.5)}
    assert only(world, "expected_attainment", day=45)["expected_attainment"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "value", "attained"),
    [
        ("down", 10, 5, 7.5, 0.5),
        (None, 10, 5, 7.5, 0.5),
        ("down", 10, 5, 12, 0.0),
        ("up", 0, 10, 25, 1.0),
        ("keep", 8, 8, 8.2, 1.0),
        ("keep", 8, 8, 7.9, 0.0),
        ("down", 3, 3, 3, 1.0),
        ("down", 3, 3, 4, 0.0),
        ("up", 10, 5, 7.5, 1.0),
    ],
)
def test_attainment_knows_its_direction(world, direction, baseline, target, value, attained):
    targets = {"baseline": baseline, "target_30": None, "target_60": None, "target_90": target}
    world.add("plans", [plan()]).add("objectives", [objective(direction=direction, **targets)])
    world.add("measurements", [measured(value, 20)])
    assert only(world, "plan_attainment")["plan_attainment"] == pytest.approx(attained)


def test_an_unmeasured_objective_is_left_out_and_named_by_the_coverage(world):
    world.add("plans", [plan()])
    world.add("objectives", [objective("O1", weight=3), objective("O2", weight=1), objective("O3", weight=6)])
    world.add("measurements", [measured(300, 10, "O1"), measured(200, 10, "O2"), measured(300, 60, "O3")])
    with world.read() as inside:
        answer = measure(inside, Slice(at(50)), "plan_attainment", "expected_attainment")
    assert answer.only["plan_attainment"] == pytest.approx(0.75)
    assert answer.coverage["plan_attainment"] == pytest.approx(2 / 3)
    assert only(world, "plan_attainment", day=5)["why.plan_attainment"] == "no_measurement"
    assert only(world, "expected_attainment", day=15)["expected_attainment"] == pytest.approx(0.1)


@given(st.integers(1, 400), st.integers(-400, 400), st.integers(-400, 400))
def test_attainment_grows_with_the_value_and_the_line_with_time(road, first, second):
    own = Objective(
        Decimal(0), {30: None, 60: Decimal(road) / 2, 90: Decimal(road)}, "up", Decimal(1), START, [], [], {}
    )
    low, high = sorted((Decimal(first), Decimal(second)))
    assert own.attainment(low) <= own.attainment(high)
    expected = [own.expected_value(day) for day in range(-5, 100)]
    assert expected == sorted(expected)
    assert (expected[0], expected[-1]) == (0, road)


def test_slip_is_measured_from_the_baseline(world):
    world.add("plans", [plan()])
    world.add(
        "milestones",
        [
            milestone("early", 20, done_date=at(18)),
            milestone("late", 30, planned_date=at(32)),
            milestone("planned anew", 60, planned_date=at(67)),
            milestone("to come", 70),
        ],
    )
    row = only(world, "milestone_slip_days", "milestone_slip_median", "milestone_slip_p90")
    assert row["milestone_slip_days"] == pytest.approx((-2 + 20 + 7) / 3)
    assert (row["milestone_slip_median"], row["milestone_slip_p90"]) == (7.0, pytest.approx(17.4))
    assert quantile([5], 0.9) == 5
    assert by(world, "milestones_late", "milestone_id")["late"] == 1


def test_a_review_counts_once_its_days_of_grace_have_passed(world):
    world.add("plans", [plan()])
    world.add(
        "reviews", [review("1", 30, 35), review("2", 60, 66), review("3", 90, 90), review("4", 120, kind="quarter")]
    )
    assert only(world, "review_adherence", day=65)["review_adherence"] == 1.0
    assert only(world, "review_adherence", day=66)["review_adherence"] == 0.5
    assert only(world, "review_adherence", day=200)["review_adherence"] == pytest.approx(2 / 3)
    assert only(world, "review_adherence", day=30 + 365)["review_adherence"] == pytest.approx(1 / 2)
    assert only(world, "review_adherence", day=34)["why.review_adherence"] == "no_review_due"
    row = only(world, "days_since_review", day=70)
    assert row["days_since_review"] == 4
    assert only(world, "days_since_review", day=20)["why.days_since_review"] == "no_review_held"


def test_the_plan_that_started_last_counts_but_by_plan_every_plan(handbook):
    handbook.add("plans", [plan("P2", start_date=at(40), status="draft")])
    handbook.add("objectives", [objective("O2", "P2")]).add("measurements", [measured(300, 45, "O2")])
    assert only(handbook, "plan_attainment")["plan_attainment"] == 1.0
    assert only(handbook, "plan_attainment", day=39)["why.plan_attainment"] == "no_measurement"
    assert by(handbook, "plan_attainment", "plan_id") == {"P1": pytest.approx(0.4), "P2": 1.0}


def test_by_month_each_month_is_taken_at_its_end(handbook):
    assert by(handbook, "milestones_done", "month", day=60) == {
        date(2026, 1, 1): 2,
        date(2026, 2, 1): 2,
        date(2026, 3, 1): 2,
    }
    assert by(handbook, "plan_attainment", "quarter") == {"2026-Q1": pytest.approx(0.4)}
    assert by(handbook, "plan_attainment", "year") == {2026: pytest.approx(0.4)}


def test_an_orphan_objective_belongs_to_no_account(world):
    world.add("objectives", [objective(plan_id="lost")]).add("measurements", [measured(300, 1)])
    assert by(world, "plan_attainment", "account_id") == {None: 1.0}
    row = only(world, "plan_attainment", "expected_attainment", "schedule_performance")
    assert row["why.expected_attainment"] == "no_plan"


@pytest.mark.parametrize("key", OF_PLANS)
def test_every_measure_runs_by_every_dimension_on_an_empty_store(world, key):
    with world.read() as empty:
        for name in MEASURES[key].dims:
            assert measure(empty, Slice(START), key, by={name, MEASURES[key].needs or name}).rows == []
    if not MEASURES[key].needs:
        assert only(world, key)[f"why.{key}"] in ("no_plan", "no_reviews")


@pytest.mark.parametrize("key", [key for key in OF_PLANS if not MEASURES[key].needs])
def test_a_kam_sees_own_plans_only(handbook, key):
    handbook.add("plans", [plan("PB", "B1"), plan("PX", "nobody")])
    handbook.add("objectives", [objective("OB", "PB"), objective("OX", "PX")])
    handbook.add("milestones", [milestone("MB", 5, "PB"), milestone("MX", 5, "PX")])
    handbook.add("reviews", [review("R1", 30, 30), review("RB", 30, account_id="B1"), review("RX", 30, account_id="X")])
    assert set(by(handbook, key, "account_id")) == {"A1", "B1", None}
    assert set(by(handbook, key, "account_id", kam_scope="an")) == {"A1"}
    assert by(handbook, key, "account_id", kam_scope="") == {}
    with handbook.read() as world:
        mine = Slice(at(50), kam_scope="an")
        assert [row["account_id"] for row in plan_overview(world, mine)] == ["A1"]
        assert objective_rows(world, mine, "PB") == milestone_rows(world, mine, "PB") == []
        assert [row["review_id"] for row in review_rows(world, mine)] == ["R1"]


def state(small: SmallWorld, day: int = 50, account_id: str = "A1") -> str:
    with small.read() as world:
        (row,) = plan_overview(world, Slice(at(day), account_id=account_id))
    return str(row["state"])


def test_a_plan_is_ahead_behind_or_on_schedule_within_the_band(handbook):
    assert state(handbook) == "on_schedule"
    assert state(handbook, 61) == "behind"
    handbook.add("measurements", [measured(290, 51)])
    assert state(handbook, 51) == "ahead"


def test_a_plan_without_sign_off_is_unsigned_and_one_nobody_touches_is_shelved(handbook):
    assert state(handbook, 50 + 90) == "behind"
    assert state(handbook, 50 + 91) == "shelved"
    assert state(handbook, 50, "B1") == "none"
    handbook.add("plans", [plan("P3", start_date=at(45), status="submitted")])
    assert state(handbook) == "unsigned"
    handbook.add("plans", [plan("P4", start_date=at(46))])
    assert state(handbook) == "unmeasured"
    handbook.add("plans", [plan("P5", start_date=at(47), status="closed")])
    assert state(handbook) == "closed"


def test_the_overview_forecasts_day_90_at_this_pace(handbook):
    handbook.add("reviews", [review("1", 30, 31), review("2", 60), review("3", 90)])
    with handbook.read() as world:
        row = plan_overview(world, Slice(at(50), account_id="A1"))[0]
    assert (row["plan_id"], row["day_number"], row["forecast"]) == ("P1", 50, pytest.approx(0.4 * 90 / 50))
    assert (row["milestones_done"], row["milestones_total"], row["milestones_late"]) == (2, 5, 1)
    assert row["phases"] == {30: "done", 60: "open", 90: "open"}
    assert (row["next_review"], row["days_since_review"]) == (at(60), 19)


def test_the_rows_of_a_plan_say_what_is_expected_and_what_slipped(handbook):
    handbook.add("reviews", [review("1", 30, 31, plan_id="P1"), review("2", 40, plan_id="P1")])
    with handbook.read() as world:
        seen = Slice(at(50))
        (row,) = objective_rows(world, seen, "P1")
        late = [m["milestone_id"] for m in milestone_rows(world, seen, "P1") if m["is_late"]]
        reviews = review_rows(world, seen, "P1")
    assert (row["expected_value"], row["actual"], row["measured_on"]) == (240, 240, at(50))
    assert (row["attainment_30"], row["attainment_60"]) == (1.0, pytest.approx(0.8))
    assert late == ["C"]
    assert [(r["is_on_time"], r["days_off"], r["is_overdue"]) for r in reviews] == [
        (True, 1, False),
        (None, None, True),
    ]
