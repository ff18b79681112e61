"""Internal alignment: scores, agreement, change and, before all, that nobody can be told from what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from math import sqrt
from pathlib import Path
from statistics import stdev
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_metrics.metrics import MEASURES, measure
from kam_metrics.metrics.agreement import (
    FEWEST,
    RANDOM_R_WG,
    a_wg,
    average_deviation,
    icc1,
    icc2,
    is_agreed,
    is_two_camps,
    r_wg,
)
from kam_metrics.metrics.alignment_rows import element_rows, function_rows
from kam_metrics.metrics.element_cell import holm
from kam_metrics.metrics.students_t import two_sided_p, two_sided_quantile
from kam_metrics.terms import Element, Slice
from tests.small_world import SmallWorld

OF_ALIGNMENT = [key for key, declared in MEASURES.items() if declared.family == "alignment"]
FIRST, SECOND = date(2026, 1, 15), date(2026, 4, 15)
DAY = date(2026, 5, 1)
GOLDEN = [[4, 4, 3], [4, 5, 4], [3, 4, 4], [5, 4, 4], [4, 4, 3]]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SmallWorld]:
    small = SmallWorld(tmp_path)
    yield small
    small.store.close()


def answers(
    people: Mapping[str, Sequence[int | None]] | Sequence[Sequence[int | None]],
    function: str = "sales",
    on: date = FIRST,
    **more: Any,
) -> list[dict[str, Any]]:
    """One row per person and item of Skills; people without a name are numbered."""
    named = people if isinstance(people, Mapping) else {f"{function}{n}": of for n, of in enumerate(people)}
    about = {"round_id": f"{on}", "round_date": on, "function": function, "account_id": "A1", **more}
    return [
        {**about, "respondent": name, "item": f"SK{n}", "value": value}
        for name, values in named.items()
        for n, value in enumerate(values, 1)
    ]


def scored(scores: Sequence[int], function: str = "sales", on: date = FIRST, **more: Any) -> list[dict[str, Any]]:
    return answers([[score] for score in scores], function, on, **more)


def rows(
    small: SmallWorld, *keys: str, by: Sequence[str] = (), as_of: date = DAY, **slice_of: Any
) -> list[dict[str, Any]]:
    with small.read() as world:
        return list(measure(world, Slice(as_of, **slice_of), *keys, by=["element", *by]).rows)


def only(small: SmallWorld, *keys: str, **asked: Any) -> dict[str, Any]:
    (row,) = rows(small, *keys, **asked)
    return row


def test_agreement_of_the_handbook(world):
    items = list(zip(*GOLDEN, strict=True))
    assert r_wg(items) == pytest.approx(0.9375)
    assert average_deviation(items) == pytest.approx(0.40)
    assert [a_wg([item]) for item in items] == pytest.approx([0.733, 0.875, 0.868], abs=5e-4)
    world.add("alignment", answers(GOLDEN))
    row = only(world, "agreement_rwg", "agreement_ad", "agreement_awg", "element_n")
    assert (row["agreement_rwg"], row["agreement_ad"], row["element_n"]) == (
        pytest.approx(0.9375), pytest.approx(0.4), 5,
    )  # fmt: skip
    assert row["agreement_awg"] == pytest.approx((0.73333 + 0.875 + 0.86813) / 3, abs=1e-5)


def test_every_function_weighs_the_same(world):
    world.add("alignment", scored([5] * 8) + scored([2] * 4, "finance"))
    assert only(world, "element_score")["element_score"] == pytest.approx(3.5)


def test_a_person_counts_from_half_the_items_on(world):
    told = {"a": [4, 4, None, None], "b": [2, None, None, None], "c": [3] * 4, "d": [3] * 4, "e": [3, 3, 3, None]}
    world.add("alignment", answers(told))
    row = only(world, "element_score", "element_n")
    assert (row["element_n"], row["element_score"]) == (4, pytest.approx(13 / 4))


def test_the_interval_knows_how_many_were_invited(world):
    scores = [2, 3, 3, 4, 5]
    world.add("alignment", scored(scores, invited=8))
    row = only(world, "element_score", "element_ci_low", "element_ci_high")
    half = 2.776445 * stdev(scores) / sqrt(5) * sqrt((8 - 5) / (8 - 1))
    assert (row["element_ci_low"], row["element_ci_high"]) == (pytest.approx(3.4 - half), pytest.approx(3.4 + half))


def test_who_asked_everybody_has_no_uncertainty_left(world):
    world.add("alignment", scored([2, 3, 3, 4], invited=4))
    row = only(world, "element_score", "element_ci_low")
    assert row["element_score"] == row["element_ci_low"]


def test_functions_that_differ_have_a_high_icc(world):
    groups = [[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]]
    assert icc1(groups) == pytest.approx((6 - 1) / (6 + 2 * 1))
    assert icc2(groups) == pytest.approx((6 - 1) / 6)
    assert icc1([[1.0, 2.0]]) is icc2([[1.0], [2.0]]) is None
    world.add("alignment", scored([1, 2, 3, 2]))
    assert only(world, "icc1")["why.icc1"] == "one_function"


@pytest.mark.parametrize(
    ("degrees", "published"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (7, 2.365), (11, 2.201), (30, 2.042), (120, 1.980)],
)
def test_students_t_of_the_published_table(degrees, published):
    assert two_sided_quantile(0.95, degrees) == pytest.approx(published, abs=5e-4)
    assert two_sided_p(-two_sided_quantile(0.95, degrees), degrees) == pytest.approx(0.05)


def random_r_wg(items: int, people: int, panels: int = 40_000, seed: int = 7) -> float:
    """How the table of quantiles was drawn: panels that answer 1 to 5 at random."""
    drawn = np.random.default_rng([seed, items, people]).integers(1, 6, size=(panels, items, people))
    unexplained = drawn.var(axis=2, ddof=1).mean(axis=1) / 2.0
    agreed = items * (1 - unexplained)
    return float(np.quantile(np.where(unexplained < 1, agreed / np.maximum(agreed + unexplained, 1e-12), 0.0), 0.95))


@pytest.mark.parametrize(("items", "people"), [(1, 4), (2, 6), (3, 9), (4, 3), (4, 5), (4, 12), (4, 30)])
def test_the_table_of_random_panels_is_what_its_seed_draws(items, people):
    assert RANDOM_R_WG[items][people - FEWEST] == pytest.approx(random_r_wg(items, people), abs=5e-4)


def test_few_people_need_more_agreement(world):
    assert is_agreed(0.70, 12, 4)
    assert not is_agreed(0.70, 4, 4)
    assert [RANDOM_R_WG[4][n - FEWEST] for n in (3, 8, 12, 20)] == pytest.approx([0.85, 0.61, 0.53, 0.44], abs=0.015)
    assert is_two_camps([1, 2, 2, 5, 5, 4, 3, 3])
    assert not is_two_camps([3, 3, 2, 5, 5, 4, 3, 3])


def test_change_is_paired_where_everybody_came_back(world):
    before, after = [2, 3, 3, 4, 2, 3, 4, 3], [3, 4, 3, 5, 3, 3, 5, 4]
    world.add("alignment", scored(before) + scored(after, on=SECOND))
    assert only(world, "element_change")["element_change"] == pytest.approx(6 / 8)
    with world.read() as inside:
        (row,) = element_rows(inside, Slice(DAY))
    differences = [b - a for a, b in zip(before, after, strict=True)]
    assert row["smallest_change"] == pytest.approx(2.364624 * stdev(differences) / sqrt(8))
    assert row["is_change_proven"]
    assert only(world, "element_change", as_of=FIRST)["why.element_change"] == "one_round"


def test_change_is_unpaired_when_a_few_without_a_partner_could_be_told_from_it(world):
    world.add("alignment", scored([2, 3, 3, 4, 2]) + scored([3, 4, 3, 5], on=SECOND))
    assert only(world, "element_change")["element_change"] == pytest.approx(15 / 4 - 14 / 5)


def test_only_items_of_both_rounds_are_compared(world):
    people = {name: [2, 5] for name in "abcde"}
    later = [row for row in answers({name: [3, 1] for name in "abcde"}, on=SECOND) if row["item"] == "SK1"]
    world.add("alignment", answers(people) + later)
    assert only(world, "element_change")["element_change"] == pytest.approx(1.0)


def test_holm_stops_at_the_first_that_fails():
    assert holm({"a": 0.001, "b": 0.012, "c": 0.03, "d": 0.04}) == {"a", "b"}
    assert holm({"a": 0.02, "b": 0.02, "c": 0.02}) == set()


def test_the_newest_round_of_each_account_counts_and_every_round_by_round(world):
    world.add("alignment", scored([2] * 5) + scored([4] * 5, on=SECOND) + scored([3] * 5, account_id="B1"))
    assert {row["account_id"]: row["element_score"] for row in rows(world, "element_score", by=["account_id"])} == {
        "A1": 4, "B1": 3,
    }  # fmt: skip
    of_a1 = rows(world, "element_score", by=["round_id"], account_id="A1")
    assert {row["round_id"]: row["element_score"] for row in of_a1} == {"2026-01-15": 2, "2026-04-15": 4}
    by_month = rows(world, "element_score", by=["month"], account_id="A1")
    assert [row["element_score"] for row in by_month] == [2, 2, 2, 4, 4]


def test_a_direct_score_and_a_round_about_no_account(world):
    people = [{**row, "item": "strategy", "account_id": None} for row in scored([3, 4, 4, 5])]
    world.add("alignment", people)
    row = only(world, "element_score", "element_n")
    assert (row["element"], row["element_score"], row["element_n"]) == ("strategy", 4, 4)
    assert rows(world, "element_score", kam_scope="an") == []


@pytest.mark.parametrize("key", OF_ALIGNMENT)
def test_three_people_are_shown_in_no_measure(world, key):
    world.add("alignment", scored([2, 3, 4]))
    row = only(world, key)
    assert (row[key], row[f"why.{key}"]) == (None, "too_few_people")


def test_a_function_is_hidden_when_the_rest_could_be_told_by_subtraction(world):
    world.add("alignment", scored([4] * 8) + scored([3] * 5, "finance") + scored([1] * 2, "hr"))
    shown = {row["function"]: row["element_n"] for row in rows(world, "element_n", by=["function"])}
    assert shown == {"sales": 8, "finance": None, "hr": None}


def test_asking_for_one_account_shows_no_more_than_asking_for_all(world):
    world.add("alignment", scored([4] * 5, account_id="A1") + scored([1] * 2, account_id="B1"))
    assert only(world, "element_n")["element_n"] == 5
    assert only(world, "element_n", account_id="A1")["element_n"] is None
    assert only(world, "element_n", kam_id="an")["element_n"] is None
    assert only(world, "element_n", kam_scope="an")["element_n"] == 5


ACCOUNTS = [
    {"account_id": f"C{n}", "account_name": f"C{n}", "kam_id": kam, "country": country}
    for n, (kam, country) in enumerate((("k", "NL"), ("k", "BE"), ("l", "NL")))
]
people_of = st.lists(
    st.tuples(st.sampled_from(["C0", "C1", "C2"]), st.sampled_from(["sales", "finance", "hr"])), min_size=1, max_size=40
)


@settings(max_examples=12, deadline=None)
@given(people_of)
def test_nobody_is_told_by_subtracting_what_is_shown(drawn):
    people = {f"p{n}": {"account_id": account, "function": function} for n, (account, function) in enumerate(drawn)}
    with TemporaryDirectory() as folder:
        small = SmallWorld(Path(folder)).add("accounts", ACCOUNTS)
        small.add("alignment", [row for name, of in people.items() for row in answers({name: [3]}, **of)])
        shown = _shown(small, people)
        small.store.close()
    for total in {people for family in shown for people in family}:
        for family in shown:
            inside = [people for people in family if people <= total]
            left_over = len(total - frozenset().union(*inside))
            assert not inside or left_over == 0 or left_over >= 4


def test_a_function_is_hidden_when_only_everybody_together_would_tell_the_few(world):
    own = ("account_id", "account_name", "kam_id", "segment", "country")
    world.add("accounts", [dict.fromkeys(own, account) for account in ("C1", "C2")])
    crews = (("C1", "sales", 4), ("C1", "finance", 2), ("C1", "hr", 2), ("C2", "finance", 2), ("C2", "hr", 1))
    for account, function, count in crews:
        people = {f"{account}{function}{n}": [3] for n in range(count)}
        world.add("alignment", answers(people, function, account_id=account))
    shown = {row["function"]: row["element_n"] for row in rows(world, "element_n", by=["function"])}
    assert shown == {"sales": 4, "finance": None, "hr": None}


def _shown(small: SmallWorld, people: Mapping[str, Mapping[str, str]]) -> list[list[frozenset[str]]]:
    """The groups of people shown by each combination of dimensions."""
    accounts = {account["account_id"]: account for account in ACCOUNTS}
    everywhere = {name: {**of, **accounts[of["account_id"]]} for name, of in people.items()}
    dims = ("account_id", "kam_id", "country", "function")
    families = [by for size in range(3) for by in combinations(dims, size)]
    return [
        [
            frozenset(name for name, of in everywhere.items() if all(of[d] == row[d] for d in by))
            for row in rows(small, "element_n", by=by)
            if row["element_n"] is not None
        ]
        for by in families
    ]


@pytest.mark.parametrize("key", OF_ALIGNMENT)
def test_every_measure_runs_by_every_dimension_on_an_empty_store(world, key):
    assert MEASURES[key].needs == "element"
    for name in MEASURES[key].dims - {"element"}:
        assert rows(world, key, by=[name]) == []


@pytest.mark.parametrize("key", OF_ALIGNMENT)
def test_a_kam_sees_own_accounts_only(world, key):
    world.add("alignment", scored([3, 4, 4, 5]) + scored([1, 2, 2, 3], account_id="B1"))
    assert {row["account_id"] for row in rows(world, key, by=["account_id"], kam_scope="an")} == {"A1"}
    assert rows(world, key, by=["account_id"], kam_scope="") == []
    with world.read() as inside:
        assert {row["account_id"] for row in element_rows(inside, Slice(DAY, kam_scope="bo"))} == {"B1"}


def test_the_rows_of_the_page_hold_levels_and_hide_the_few(world):
    crew = [
        {**row, "item": str(element)}
        for element in Element
        for row in scored([3, 4, 4, 5], invited=6) + scored([2, 3], "hr", invited=3)
    ]
    world.add("alignment", crew)
    with world.read() as inside:
        of_account, of_function = element_rows(inside, Slice(DAY)), function_rows(inside, Slice(DAY))
    assert [row["element"] for row in of_account] == [str(element) for element in Element]
    assert (of_account[0]["invited"], of_account[0]["response"]) == (9, pytest.approx(6 / 9))
    assert of_account[0]["is_change_proven"] is None
    assert {row["why"] for row in of_function} == {"too_few_people"}
    assert {row["element_score"] for row in of_function} == {None}
