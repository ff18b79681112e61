"""What would change for the invented company, computed a second time from its files, is the same for every account."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kam_metrics.metrics import measure
from kam_metrics.metrics.spine import Unknown
from kam_metrics.metrics.what_if import SPREAD, Loss, book, lose, minimum_order, price, service, staying_cost, terms
from kam_metrics.settings import Settings
from kam_metrics.store import World
from kam_metrics.terms import Slice
from tests import recompute_what_if as again
from tests.twice import TODAY, Twice, agree

STAYING = tuple(name.strip() for name in Settings().staying_costs.split(","))
PERIODS = {
    "the last year": (TODAY.replace(year=2025) + timedelta(days=1), TODAY),
    "more than a year of broken months": (date(2025, 4, 11), date(2026, 6, 17)),
}
EVERY_PERIOD = pytest.mark.parametrize("period", PERIODS)
MINIMUM = Decimal(20_000)


def everybody_and_each(twice: Twice) -> list[str | None]:
    """The whole company, and every account of it."""
    return [None, *sorted(twice.company.accounts)]


def both(twice: Twice, period: str, account: str | None) -> tuple[Slice, again.Asked]:
    first, last = PERIODS[period]
    return Slice(last, first, account_id=account), again.Asked(twice.company, first, last, account)


def differences(found: Any, expected: again.Figures | None) -> list[str]:
    """Every disagreement; what one of both cannot know, the other cannot either."""
    if isinstance(found, Unknown) or expected is None:
        return [] if isinstance(found, Unknown) and expected is None else [f"{found} / {expected}"]
    told = asdict(found)
    return [f"{key}: {told[key]} / {value}" for key, value in expected.items() if not agree(told[key], value)]


@EVERY_PERIOD
def test_whoever_leaves_leaves_what_the_files_say(twice: Twice, period: str) -> None:
    seen, asked = both(twice, period, None)
    with twice.books.store.read() as world:
        held = book(world, seen, STAYING)
    some = sorted(twice.company.accounts)
    wrong = []
    for leaving in [*([one] for one in some), some[:7], some]:
        expected = again.lose(asked, leaving, STAYING)
        assert held.unknown == expected.pop("unknown")
        wrong += [f"{leaving}: {one}" for one in differences_of_loss(lose(held, leaving), expected)]
    assert wrong == []


def differences_of_loss(found: Loss, expected: again.Figures) -> list[str]:
    told = {key: getattr(found, key) for key in ("net_sales", "before", "after", "stays", "released", "replacement")}
    wrong = [f"{key}: {value} / {expected[key]}" for key, value in told.items() if not same(value, expected[key])]
    for key in SPREAD:
        pairs = zip(found.spread[key], (*expected[key], None), strict=False)
        wrong += [f"{key}: {ours} / {theirs}" for ours, theirs in pairs if not agree(ours, theirs)]
    return wrong


def same(ours: Decimal | None, theirs: Decimal | None) -> bool:
    """Who owes nothing releases nothing, whether or not it has receivables at all."""
    return agree(ours or Decimal(0), theirs or Decimal(0))


@EVERY_PERIOD
@pytest.mark.parametrize("days", [-60, 15])
def test_other_terms_do_what_the_files_say(twice: Twice, period: str, days: int) -> None:
    def asks(world: World, seen: Slice, asked: again.Asked) -> list[str]:
        return differences(terms(world, seen, days), again.terms(asked, days))

    assert wrong_of_each(twice, period, asks) == {}


@pytest.mark.parametrize("period", ["more than a year of broken months"])
def test_other_prices_do_what_the_files_say(twice: Twice, period: str) -> None:
    def asks(world: World, seen: Slice, asked: again.Asked) -> list[str]:
        figures = measure(world, seen, "net_sales", "margin_unknown", "contribution").only
        found = price(figures, staying_cost(world, seen, STAYING), -7)
        return differences(found, again.price(asked, -7, STAYING))

    assert wrong_of_each(twice, period, asks) == {}


@pytest.mark.parametrize(("activity", "period"), [*zip(("visits", "freight"), PERIODS, strict=True)])
def test_a_dearer_activity_does_what_the_files_say(twice: Twice, period: str, activity: str) -> None:
    def asks(world: World, seen: Slice, asked: again.Asked) -> list[str]:
        return differences(service(world, seen, activity, 10), again.service(asked, activity, 10))

    assert wrong_of_each(twice, period, asks) == {}


@EVERY_PERIOD
def test_a_minimum_order_does_what_the_files_say(twice: Twice, period: str) -> None:
    def asks(world: World, seen: Slice, asked: again.Asked) -> list[str]:
        return differences(minimum_order(world, seen, MINIMUM), again.minimum_order(asked, MINIMUM))

    assert wrong_of_each(twice, period, asks) == {}


def wrong_of_each(twice: Twice, period: str, asks: Any) -> dict[str | None, list[str]]:
    """What is wrong for everybody together, and for each account."""
    with twice.books.store.read() as world:
        told = {account: asks(world, *both(twice, period, account)) for account in everybody_and_each(twice)}
    return {account: wrong for account, wrong in told.items() if wrong}


def test_the_company_holds_what_makes_the_questions_hard(twice: Twice) -> None:
    first, last = PERIODS["the last year"]
    asked = again.Asked(twice.company, first, last)
    some = sorted(twice.company.accounts)[:7]
    lost = again.lose(asked, some, STAYING)
    assert lost["stays"] > 0
    assert lost["released"] > 0
    orders = again.minimum_order(asked, MINIMUM)
    assert orders is not None
    assert 0 < orders["combined"] < orders["small"] < orders["orders"]
    assert all((again.service(asked, name, 10) or {})["cost"] > 0 for name in ("visits", "freight"))
