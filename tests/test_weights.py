"""What counts for health: weights that somebody keeps hold for everybody, and every version stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_metrics.deciding import weigh
from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.metrics import own_scoring, scoring_now, weighings, why_moved
from kam_metrics.metrics.health import Health, health_by_account
from kam_metrics.scoring import Weights, scoring
from kam_metrics.settings import Settings
from kam_metrics.terms import LOCAL_OWNER, Principal, Role, Slice, Vital
from tests.books import Books

AS_OF, BEFORE = date(2026, 6, 30), date(2026, 5, 31)
DIRECTOR = Principal("els", frozenset({Role.DIRECTOR}))
HOW = scoring({})


def months(account: str, cogs: int) -> list[str]:
    """Thirty months of the same sales, at this cost."""
    return [
        f"{account},{2024 + n // 12}-{n % 12 + 1:02}-15,{line},{amount}"
        for n in range(30)
        for line, amount in (("gross_sales", 1000), ("cogs", -cogs), ("service", -100))
    ]


@pytest.fixture
def steady(books: Books) -> Books:
    """Two accounts with the same sales every month; one earns 30 % of them, one loses 10 %; nobody owes anything."""
    books.load("ledger", "account_id,posting_date,line_type,amount", *months("A1", 600), *months("B1", 1000))
    books.load(
        "receivables",
        "account_id,doc_no,doc_type,invoice_date,due_date,amount,cleared_date",
        *(f"{account},1,INV,2026-03-01,2026-03-31,500,2026-03-31" for account in ("A1", "B1")),
    )
    return books


def healths(books: Books, as_of: date = AS_OF) -> dict[str, Health]:
    with books.store.read() as world:
        return health_by_account(world, Slice(as_of))


def weighed(books: Books, person: str = "Els Smit", reason: str = "", **weights: int) -> int:
    return weigh(
        books.store, {name: Decimal(weight) for name, weight in weights.items()}, DIRECTOR, person=person, reason=reason
    )


def test_kept_weights_score_every_account_on_every_day(steady: Books) -> None:
    weighed(steady, profit=60, cash=0, growth=20, plan=10, relationship=5, service=5)
    for as_of in (AS_OF, BEFORE):
        one = healths(steady, as_of)["A1"]
        assert one.scoring.version == "1.1"
        scores = {vital.vital: vital.score for vital in one.known}
        assert scores.keys() == {Vital.PROFIT, Vital.GROWTH}
        # the same sales as a year before earn 60; profit weighs three times that
        assert one.whole == (3 * (scores[Vital.PROFIT] or 0) + 60) / 4
        assert one.coverage == Fraction(80, 100)
    assert steady.figures("health", "account_id", as_of=AS_OF)["A1"] == float(healths(steady)["A1"].whole or 0)


def test_weights_within_a_vital_count_too(steady: Books) -> None:
    weigh(steady.store, {"profit.economic_profit_pct": Decimal(0)}, DIRECTOR, person="Els Smit")
    profit = healths(steady)["A1"].vitals[0]
    assert [sign.name for sign in profit.signs] == ["contribution_pct"]
    assert profit.score == 100


def test_what_moved_is_never_the_yardstick(steady: Books) -> None:
    steady.load("ledger", "account_id,posting_date,line_type,amount", "A1,2026-06-20,service,-900")
    weighed(steady, profit=70)
    then, now = (healths(steady, day)["A1"] for day in (BEFORE, AS_OF))
    assert then.scoring == now.scoring
    assert sum(part.points for part in why_moved(then, now)) == (now.whole or 0) - (then.whole or 0) != 0


def test_going_back_restores_every_score_and_keeps_every_version(steady: Books) -> None:
    before = healths(steady)
    weighed(steady, profit=70, reason="Winst eerst")
    first = healths(steady)
    weighed(steady, profit=10, cash=60)
    assert healths(steady)["A1"].scoring.version == "1.2"
    with steady.store.read() as world:
        own, (one, two) = own_scoring(world), weighings(world)
    weigh(steady.store, one.scoring.weights, DIRECTOR, person="Els Smit")
    assert {key: one.whole for key, one in healths(steady).items()} == {key: one.whole for key, one in first.items()}
    weigh(steady.store, own.weights, DIRECTOR, person="Els Smit")
    assert healths(steady) == before
    with steady.store.read() as world:
        kept = weighings(world)
        assert scoring_now(world) == own == HOW
    assert [one.scoring.version for one in kept] == ["1.1", "1.2", "1.3", "1"]
    assert (kept[0].person, kept[0].reason, kept[0].who) == ("Els Smit", "Winst eerst", "els")
    assert two.reason is None


def test_weights_kept_in_the_app_go_before_those_of_the_installation(tmp_path_factory: pytest.TempPathFactory) -> None:
    books = Books(tmp_path_factory.mktemp("own"), Settings(health=scoring({"version": "ours", "cash": {"weight": 40}})))
    with books.store.read() as world:
        assert scoring_now(world).weights["cash"] == 40
    weigh(books.store, {"cash": Decimal(5)}, DIRECTOR, person="Els Smit")
    with books.store.read() as world:
        assert (scoring_now(world).version, scoring_now(world).weights["cash"]) == ("ours.1", 5)
    books.store.close()


@given(st.lists(st.integers(0, 100), min_size=6, max_size=6), st.lists(st.integers(0, 100), min_size=6, max_size=6))
def test_the_whole_is_the_mean_by_whatever_weights(given_weights: list[int], scores: list[int]) -> None:
    weights: Weights = {vital: Decimal(one) for vital, one in zip(Vital, given_weights, strict=True)}
    how = HOW.weighed(weights, "1.1")
    # one figure of each vital, so that its score is that of the figure
    figures = {one.indicators[0].name: Decimal(score) / 1000 for one, score in zip(how.vitals, scores, strict=True)}
    health = Health(figures, replace(how, fewest_coverage=Decimal(0)))
    told = [(Fraction(weights[one.vital]), one.score) for one in health.vitals if one.score is not None]
    total = sum(weight for weight, _ in told)
    assert len(told) == 6
    assert health.whole == (sum(weight * score for weight, score in told) / total if total else None)


@pytest.mark.parametrize(
    ("weights", "key"),
    [
        ({"profit": 25}, "nothing_weighed"),
        ({"profit": -1}, "bad_weight"),
        ({"profit": "NaN"}, "bad_weight"),
        ({"profits": 3}, "bad_weight"),
        (dict.fromkeys(Vital, 0), "weightless"),
        ({"growth.net_sales_growth_pct": 0, "growth.net_revenue_retention": 0}, "weightless"),
    ],
)
def test_weights_that_cannot_be_are_refused_and_change_nothing(books: Books, weights: dict[str, int], key: str) -> None:
    with pytest.raises(KamError) as refused:
        weigh(books.store, {name: Decimal(one) for name, one in weights.items()}, DIRECTOR, person="Els Smit")
    assert refused.value.key == key
    assert books.rows("select * from weighing") == []


@pytest.mark.parametrize(
    ("person", "reason", "key"),
    [(" ", "", "act_without_name"), ("x" * 81, "", "act_too_long"), ("Els", "x" * 301, "act_too_long")],
)
def test_whose_weights_they_are_is_said_briefly(books: Books, person: str, reason: str, key: str) -> None:
    with pytest.raises(KamError) as refused:
        weighed(books, person, reason, profit=1)
    assert refused.value.key == key


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DIRECTOR])
def test_only_the_director_says_what_counts(books: Books, role: Role) -> None:
    with pytest.raises(NotAllowed):
        weigh(books.store, {"profit": Decimal(1)}, Principal("bo", frozenset({role}), "bo"), person="Bo")


def test_the_chain_vouches_for_every_version(books: Books) -> None:
    weighed(books, profit=70)
    assert books.differences() == {}
    with books.store.stage() as stage, books.store.change(stage, LOCAL_OWNER) as change:
        change.run("update weighing set told = '{}'")
    assert books.differences() == {"weights": ("change 2 / weighing 0",)}
