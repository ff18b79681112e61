"""Health: six vitals scored by declared anchors, a whole only where enough is known, and a change that adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_metrics.errors import UsageError
from kam_metrics.metrics.health import Health, health_by_account
from kam_metrics.metrics.health_moved import in_tenths, tenths, why_moved
from kam_metrics.scoring import Indicator, scoring
from kam_metrics.settings import Settings, read_settings
from kam_metrics.terms import Slice, Vital
from tests.books import TWO_KAMS, Books

HOW = scoring({})
AS_OF = date(2026, 6, 30)
Scores = dict[Vital, Fraction | None]


def scored(scores: Scores, fewest_coverage: str = "0.6") -> Health:
    """A health of these vitals, each told by one figure that is its score."""
    told = tuple(
        replace(one, indicators=(Indicator(one.vital, Decimal(1), ((Decimal(0), Decimal(0)), (Decimal(100),) * 2)),))
        for one in HOW.vitals
    )
    known = {str(vital): score for vital, score in scores.items() if score is not None}
    return Health(known, replace(HOW, vitals=told, fewest_coverage=Decimal(fewest_coverage)))


def test_the_shipped_weights_are_those_of_the_handbook() -> None:
    assert {str(one.vital): int(one.weight) for one in HOW.vitals} == {
        "profit": 25, "cash": 20, "growth": 15, "plan": 20, "relationship": 15, "service": 5,
    }  # fmt: skip
    assert (HOW.fewest_coverage, HOW.red_below) == (Decimal("0.60"), 30)


@pytest.mark.parametrize(
    ("figure", "score"), [("-0.5", 0), ("-0.10", 0), ("-0.05", 10), ("0", 20), ("0.05", 35), ("0.30", 100), ("2", 100)]
)
def test_a_score_lies_on_the_line_between_two_anchors(figure: str, score: int) -> None:
    (contribution, _) = HOW.vitals[0].indicators
    assert contribution.score(Fraction(figure)) == score


@given(st.fractions(-1, 1), st.fractions(-1, 1))
def test_a_better_figure_never_earns_a_lower_score(one: Fraction, other: Fraction) -> None:
    for vital in HOW.vitals:
        for indicator in vital.indicators:
            low, high = sorted((one, other))
            is_rising = indicator.anchors[-1][1] > indicator.anchors[0][1]
            first, last = (indicator.score(figure) for figure in ((low, high) if is_rising else (high, low)))
            assert 0 <= first <= last <= 100


def test_the_whole_is_the_weighted_mean_of_what_is_known() -> None:
    health = scored({Vital.PROFIT: Fraction(80), Vital.CASH: Fraction(50), Vital.PLAN: Fraction(60)})
    assert health.coverage == Fraction(65, 100)
    assert health.whole == Fraction(25 * 80 + 20 * 50 + 20 * 60, 65)


def test_there_is_no_whole_while_less_than_sixty_percent_is_known() -> None:
    health = scored({Vital.PROFIT: Fraction(80), Vital.CASH: Fraction(50), Vital.SERVICE: Fraction(60)})
    assert (health.coverage, health.whole) == (Fraction(1, 2), None)
    assert scored({}).whole is None


def test_a_vital_below_thirty_flags_the_account_whatever_the_whole_says() -> None:
    health = scored({**dict.fromkeys(Vital, Fraction(95)), Vital.SERVICE: Fraction(299, 10)})
    assert health.whole is not None
    assert health.whole > 90
    assert [one.vital for one in health.red] == [Vital.SERVICE]
    assert scored(dict.fromkeys(Vital, Fraction(30))).red == ()


some_scores = st.dictionaries(
    st.sampled_from(list(Vital)), st.none() | st.fractions(0, 100, max_denominator=997), min_size=4
)


@given(some_scores, some_scores, st.sampled_from(["0.6", "0.01"]))
def test_the_parts_of_a_change_add_up_to_it_exactly(then: Scores, now: Scores, fewest: str) -> None:
    before, after = scored(then, fewest), scored(now, fewest)
    parts = why_moved(before, after)
    if before.whole is None or after.whole is None:
        assert parts == []
        return
    assert sum(part.points for part in parts) == after.whole - before.whole
    shown = in_tenths([part.points for part in parts], tenths(after.whole) - tenths(before.whole))
    assert sum(shown) == tenths(after.whole) - tenths(before.whole)
    assert all(abs(Fraction(told) - part.points) <= Fraction(2, 10) for told, part in zip(shown, parts, strict=True))


def test_a_vital_that_appears_has_a_part_of_its_own() -> None:
    base = {Vital.PROFIT: Fraction(80), Vital.CASH: Fraction(50), Vital.PLAN: Fraction(60)}
    parts = why_moved(scored(base), scored({**base, Vital.GROWTH: Fraction(0), Vital.PROFIT: Fraction(54)}))
    told = {part.vital: (part.how, part.points) for part in parts}
    assert told[Vital.PROFIT] == ("moved", Fraction(-26 * 25, 65))
    assert told[Vital.CASH] == ("moved", 0)
    assert told[Vital.GROWTH] == ("appeared", -Fraction(25 * 54 + 20 * 50 + 20 * 60, 65) * Fraction(15, 80))


def test_two_days_without_a_vital_in_common_still_add_up() -> None:
    then, now = scored({Vital.PROFIT: Fraction(80)}, "0.1"), scored({Vital.CASH: Fraction(20)}, "0.1")
    assert [(part.how, part.points) for part in why_moved(then, now)] == [("vanished", -30), ("appeared", -30)]


@pytest.mark.parametrize(
    ("toml", "key", "name"),
    [
        ("[health.profit]\nweight = 30", "health_version", None),
        ('health = "strict"', "health_table", "health"),
        ('[health]\nversion = "2"\nprofit = 30', "health_table", "profit"),
        ('[health]\nversion = "2"\n[health.profits]\nweight = 1', "health_unknown", "profits"),
        ('[health]\nversion = "2"\n[health.cash.overdue]\nweight = 1', "health_unknown", "cash.overdue"),
        ('[health]\nversion = "2"\n[health.cash]\nweight = -1', "health_number", "cash.weight"),
        ('[health]\nversion = "2"\n[health.cash]\nweight = true', "health_number", "cash.weight"),
        ('[health]\nversion = "2"\nred_below = inf', "health_number", "red_below"),
        ('[health]\nversion = "2"\nfewest_coverage = 60', "health_number", "fewest_coverage"),
        (
            '[health]\nversion = "2"\n[health.cash.overdue_pct]\nanchors = [[0, 1]]',
            "health_anchors",
            "cash.overdue_pct",
        ),
        ('[health]\nversion = "2"\n[health.cash.overdue_pct]\nanchors = 3', "health_anchors", "cash.overdue_pct"),
        (
            '[health]\nversion = "2"\n[health.cash.overdue_pct]\nanchors = [[0, 1], [1, 2, 3]]',
            "health_anchors",
            "cash.overdue_pct",
        ),
        (
            '[health]\nversion = "2"\n[health.cash.overdue_pct]\nanchors = [[1, 1], [0, 2]]',
            "health_anchors",
            "cash.overdue_pct",
        ),
        (
            '[health]\nversion = "2"\n[health.cash.overdue_pct]\nanchors = [[0, 1], [1, 101]]',
            "health_anchors",
            "cash.overdue_pct",
        ),
        (
            '[health]\nversion = "2"\n[health.growth]\nnet_sales_growth_pct = { weight = 0 }\n'
            "net_revenue_retention = { weight = 0 }",
            "health_weightless",
            "growth",
        ),
        (
            '[health]\nversion = "2"\n' + "".join(f"[health.{vital}]\nweight = 0\n" for vital in Vital),
            "health_weightless",
            "health",
        ),
        ('[health]\nversion = "2"\n[health.activities]\norders = "order"', "health_names", "activities.orders"),
    ],
)
def test_a_scoring_that_cannot_be_is_named(tmp_path: Path, toml: str, key: str, name: str | None) -> None:
    (tmp_path / "kam.toml").write_text(toml + "\n")
    with pytest.raises(UsageError) as refused:
        read_settings({}, tmp_path)
    assert (refused.value.key, refused.value.values.get("name")) == (key, name)


def test_an_installation_may_score_otherwise(tmp_path: Path) -> None:
    (tmp_path / "kam.toml").write_text(
        '[health]\nversion = "ours 2027"\n[health.cash]\nweight = 40\n'
        "overdue_pct = { anchors = [[0, 100], [0.3, 0]] }\n"
    )
    told = read_settings({}, tmp_path).health
    assert told.version == "ours 2027"
    assert told.vitals[1].weight == 40
    assert told.vitals[1].indicators[0] == Indicator(
        "overdue_pct", Decimal(2), ((Decimal(0), Decimal(100)), (Decimal("0.3"), Decimal(0)))
    )
    assert told.vitals[0] == HOW.vitals[0]
    assert Settings().health == HOW


def ledger(account: str, sales: int, cogs: int) -> list[str]:
    """Two years of the same month, over and over."""
    return [
        f"{account},{year}-{month:02}-15,{line},{amount}"
        for year, month in ((2024 + n // 12, n % 12 + 1) for n in range(6, 30))
        for line, amount in (("gross_sales", sales), ("cogs", -cogs), ("service", -100))
    ]


@pytest.fixture
def steady(books: Books) -> Books:
    """Two accounts with the same sales every month; one earns, one costs money; only one has receivables."""
    books.load("accounts", *TWO_KAMS)
    header = "account_id,posting_date,line_type,amount"
    books.load("ledger", header, *ledger("A1", 1000, 600), *ledger("B1", 1000, 1000))
    books.load(
        "receivables",
        "account_id,doc_no,doc_type,invoice_date,due_date,amount,cleared_date",
        "A1,1,INV,2026-05-20,2026-06-19,250,",
        "A1,2,INV,2026-06-10,2026-07-10,750,",
        "A1,3,INV,2026-03-01,2026-03-31,500,2026-04-10",
    )
    return books


def test_vitals_are_scored_by_hand(steady: Books) -> None:
    vitals = steady.figures("vital_score", "account_id", "vital", as_of=AS_OF)
    # contribution 300 / 1000 = 30 % earns 100; capital: 9 % over what stands open, a few euros of 12,000.
    economic = Fraction(vitals["A1", "profit"]) * 4 - 300
    assert 99 < economic <= 100
    # overdue 250 / 1000 = 25 % earns 30; 10 days late earns 70; 250 / 1000 of 90 days = 22.5 days, earns 45.
    assert vitals["A1", "cash"] == (2 * 30 + 70 + 45) / 4
    # the same sales as a year before: growth 0 and retention 1 earn 60 each.
    assert vitals["A1", "growth"] == vitals["B1", "growth"] == 60
    # contribution −100 / 1000 = −10 % earns nothing.
    assert vitals["B1", "profit"] < 1
    assert [vitals["A1", name] for name in ("plan", "relationship", "service")] == [None, None, None]


def test_too_little_known_makes_no_whole_and_says_so(steady: Books) -> None:
    answer = steady.ask("health", "health_coverage", by=["account_id"], as_of=AS_OF)
    told = {row["account_id"]: row for row in answer.rows}
    assert (told["A1"]["health_coverage"], told["B1"]["health_coverage"]) == (0.6, 0.4)
    assert told["A1"]["health"] == pytest.approx((25 * 99.8 + 20 * 43.75 + 15 * 60) / 60, abs=0.2)
    assert answer.why(told["B1"]) == {"health": "too_little_known:40%"}


def test_the_period_of_the_page_changes_no_health(steady: Books) -> None:
    whole = steady.figures("vital_score", "account_id", "vital", as_of=AS_OF)
    assert steady.figures("vital_score", "account_id", "vital", as_of=AS_OF, from_date=date(2026, 6, 1)) == whole


def test_half_a_month_moves_no_profit(steady: Books) -> None:
    steady.load("ledger", "account_id,posting_date,line_type,amount", "A1,2026-07-02,gross_sales,90000")
    seen = {"account_id": "A1", "as_of": date(2026, 7, 30)}
    assert steady.figures("vital_score", "vital", **seen)["growth"] == 60
    assert steady.figures("vital_score", "vital", **{**seen, "as_of": date(2026, 7, 31)})["growth"] == 100


def test_health_by_month_is_health_on_the_last_day_of_each_month(steady: Books) -> None:
    by_month = steady.figures("vital_score", "account_id", "month", "vital", as_of=AS_OF)
    for month, last in ((date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 2, 1), date(2026, 2, 28))):
        alone = steady.figures("vital_score", "account_id", "vital", as_of=last)
        assert {place: by_month.get((place[0], month, place[1])) for place in alone} == alone


def test_the_version_stands_beside_the_scores(steady: Books) -> None:
    with steady.store.read() as world:
        told = health_by_account(world, Slice(AS_OF))
    assert told["A1"].scoring.version == "1"
    assert set(told) == {"A1", "B1"}
