"""What comes in of what stands open: worked examples, identities, a second computation, and what cannot be foreseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_metrics.metrics import measure
from kam_metrics.metrics.forecast import Forecast, Inflow, forecast, monday, past_weeks
from kam_metrics.terms import Slice
from tests.recompute_cash import items
from tests.recompute_forecast import inflow as inflow_again
from tests.small_world import SmallWorld
from tests.twice import TODAY, Twice

FRIDAY = date(2026, 3, 27)
LONG_AGO = date(2025, 11, 3)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SmallWorld]:
    small = SmallWorld(tmp_path)
    yield small
    small.store.close()


def item(doc_no: str, due: date | None, amount: str, account: str = "A1", **more: Any) -> dict[str, Any]:
    invoiced = min((due or FRIDAY) - timedelta(days=30), FRIDAY - timedelta(days=9))
    return {
        "account_id": account,
        "doc_no": doc_no,
        "invoice_date": invoiced,
        "due_date": due,
        "amount": Decimal(amount),
        **more,
    }


def paid(*late: int, account: str = "A1", amount: str = "100") -> list[dict[str, Any]]:
    """Invoices of long ago that were paid so many days late; due on days that tell nothing of months."""
    dues = [LONG_AGO + timedelta(days=5 * number) for number in range(len(late))]
    return [
        item(f"P{account}{number}", due, amount, account, cleared_date=due + timedelta(days=days))
        for number, (due, days) in enumerate(zip(dues, late, strict=True))
    ]


def told(small: SmallWorld, as_of: date = FRIDAY, **seen: Any) -> Forecast:
    with small.read() as world:
        found = forecast(world, Slice(as_of, **seen))
    assert found is not None
    return found


def weeks(inflow: Inflow) -> tuple[dict[date, Decimal], dict[date, Decimal]]:
    return dict(inflow.expected), dict(inflow.late)


def test_an_item_is_expected_when_half_of_the_accounts_money_came_in_and_at_worst_when_nine_tenths_had(world):
    world.add("receivables", [*paid(*[2] * 6, *[9] * 3, *[23] * 3), item("1", date(2026, 4, 3), "70")])
    assert weeks(told(world).total) == ({date(2026, 3, 30): 70}, {date(2026, 4, 20): 70})


def test_a_large_invoice_weighs_more_than_many_small_ones(world):
    large = item("L", date(2025, 10, 3), "5000", cleared_date=date(2025, 11, 2))
    world.add("receivables", [*paid(*[0] * 12), large, item("1", date(2026, 4, 3), "70")])
    assert list(told(world).total.expected) == [date(2026, 4, 27)]


def test_only_payments_later_than_an_item_already_is_speak_for_it(world):
    """40 days overdue: what was paid within 20 days says nothing any more, the two paid after 45 and 60 do."""
    overdue = item("1", FRIDAY - timedelta(days=40), "70")
    world.add("receivables", [*paid(*[20] * 12, 45, 60), overdue, item("2", FRIDAY - timedelta(days=90), "8")])
    total = told(world).total
    assert weeks(total) == ({date(2026, 3, 30): 70}, {date(2026, 4, 13): 70})
    assert total.unforeseen == 8


def test_who_pays_at_the_end_of_the_month_is_expected_then(world):
    dues = [date(2025, 7, 1) + timedelta(days=13 * number) for number in range(14)]
    ends = [(due.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) for due in dues]
    known = [item(f"P{n}", due, "10", cleared_date=end) for n, (due, end) in enumerate(zip(dues, ends, strict=True))]
    world.add("receivables", [*known, item("1", date(2026, 4, 2), "70"), item("2", date(2026, 4, 24), "5")])
    assert weeks(told(world).total) == ({date(2026, 4, 27): 75}, {date(2026, 4, 27): 75})


def test_weeks_begin_on_monday_and_the_first_may_be_a_part(world):
    world.add("receivables", [*paid(*[0] * 12), item("1", date(2026, 3, 29), "1"), item("2", date(2026, 3, 30), "2")])
    total = told(world).total
    assert total.expected == {date(2026, 3, 23): 1, date(2026, 3, 30): 2}
    assert (total.weeks[0], len(total.weeks)) == (date(2026, 3, 23), 13)
    assert told(world, date(2026, 3, 29)).total.weeks[0] == date(2026, 3, 30)


def test_what_comes_after_thirteen_weeks_is_later(world):
    far = date(2026, 3, 23) + timedelta(weeks=13)
    world.add("receivables", [*paid(*[0] * 12), item("1", far - timedelta(days=1), "3"), item("2", far, "4")])
    total = told(world).total
    assert (total.within(total.expected), total.later(total.expected), total.open) == (3, 4, 7)


def test_what_says_nothing_about_paying_stands_apart(world):
    world.add("accounts", [{"account_id": "I1", "account_name": "Ons", "intercompany": True}])
    due = date(2026, 4, 3)
    world.add(
        "receivables",
        [
            *paid(*[0] * 12), item("1", due, "1"), item("2", due, "2", disputed=True),
            item("3", due, "4", factored=True), item("4", due, "-8"), item("5", due, "-16", doc_type="PAY"),
            item("6", None, "32"), item("7", due, "64", "I1"),
        ],
    )  # fmt: skip
    total = told(world).total
    assert dict(total.expected) == {date(2026, 3, 30): 1}
    assert total.apart == {"disputed": 2, "factored": 4, "unapplied": -24, "intercompany": 64}
    assert (total.unforeseen, total.open) == (32, 79)


def test_too_little_history_takes_the_habit_of_the_group_then_of_everybody(world):
    accounts = [("A1", None), ("A2", "A1"), ("C1", None), ("B1", None)]
    world.add("accounts", [{"account_id": a, "account_name": a, "parent_id": p, "kam_id": "an"} for a, p in accounts])
    due = date(2026, 4, 3)
    opened = [item(f"O{account}", due, "10", account) for account, _ in accounts]
    world.add(
        "receivables", [*paid(*[0] * 12), *paid(*[21] * 13, account="B1"), *paid(*[7] * 11, account="A2"), *opened]
    )
    found = {account: inflow for account, _, inflow in told(world).accounts}
    whose = {account: next(iter(inflow.by_habit)) for account, inflow in found.items()}
    assert whose == {"A1": "own", "A2": "group", "B1": "own", "C1": "everybody"}
    assert [list(found[a].expected) for a in ("A1", "A2", "B1")] == [[date(2026, 3, 30)]] * 2 + [[date(2026, 4, 20)]]


def test_a_kam_learns_nothing_from_how_anothers_accounts_pay(world):
    world.add("receivables", [*paid(*[0] * 12, account="B1"), item("1", date(2026, 4, 3), "10")])
    own = told(world, kam_scope="an")
    assert (own.total.unforeseen, dict(own.total.expected)) == (10, {})
    assert [account for account, _, _ in own.accounts] == ["A1"]
    assert told(world).total.unforeseen == 0
    with world.read() as unseen:
        assert forecast(unseen, Slice(FRIDAY, kam_scope="")) is None


def test_the_accounts_add_up_to_the_whole_and_one_alone_is_told_the_same(world):
    due = date(2026, 4, 3)
    opened = [item("1", due, "10"), item("2", due, "20", "B1"), item("3", due, "40", "nobody")]
    world.add("receivables", [*paid(*range(13)), *paid(*range(0, 39, 3), account="B1"), *opened])
    found = told(world)
    for name in ("expected", "late"):
        assert sum(sum(getattr(one, name).values()) for _, _, one in found.accounts) == 70
    for account, _, inflow in found.accounts:
        if account:
            alone = told(world, account_id=account).total
            assert (weeks(alone), alone.by_habit) == (weeks(inflow), inflow.by_habit)


def test_without_history_everything_is_unforeseen_and_nothing_could_be_tried(world):
    world.add("receivables", [item("1", date(2026, 4, 3), "10"), item("2", None, "-4")])
    found = told(world)
    assert (found.total.unforeseen, found.total.apart, found.total.expected) == (10, {"unapplied": -4}, {})
    assert found.tried is None


def test_money_without_a_rate_is_named_and_left_out(world):
    world.add("receivables", [*paid(*[0] * 12), item("1", date(2026, 4, 3), "10", currency="USD"),
                              item("2", date(2026, 4, 3), "5")])  # fmt: skip
    total = told(world).total
    assert (total.unrated, total.open) == ({"USD"}, 5)
    world.add("fx_rates", [{"currency": "USD", "date": "2026-01-01", "eur_per_unit": "0.9"}])
    assert (told(world).total.unrated, told(world).total.expected) == (set(), {date(2026, 3, 30): 14})


def test_no_receivables_no_forecast(world):
    with world.read() as empty:
        assert forecast(empty, Slice(FRIDAY)) is None
        assert {row["collections"] for row in past_weeks(empty, Slice(FRIDAY))} == {None}


def test_a_list_of_open_items_is_foreseen_by_the_history_of_another_source(world):
    world.add("receivables", paid(*[7] * 12), source="old")
    shot = item("1", date(2026, 4, 3), "100", snapshot_date=date(2026, 3, 20), open_amount=Decimal(30))
    world.add("receivables", [shot], source="new")
    assert dict(told(world).total.expected) == {date(2026, 4, 6): 30}


def test_the_past_is_tried_with_what_was_known_then(world):
    """On 28 February due on 9 March, and paid a week later than ever before: missed in both weeks."""
    late = item("1", date(2026, 3, 9), "70", cleared_date=date(2026, 3, 16))
    world.add("receivables", [*paid(*[0] * 12), late])
    tried = told(world).tried
    assert tried is not None
    assert (tried.days[0], tried.expected, tried.came_in, tried.missed) == (date(2026, 2, 28), 70, 70, 140)
    assert (tried.error, tried.bias) == (2.0, 0.0)
    assert (tried.weeks, tried.covered) == (4, 3)


def test_the_weeks_before_show_what_was_collected(world):
    world.add("receivables", [item("1", LONG_AGO, "10", cleared_date=date(2026, 3, 24)),
                              item("2", LONG_AGO, "7", cleared_date=date(2026, 3, 1))])  # fmt: skip
    with world.read() as small:
        rows = past_weeks(small, Slice(FRIDAY))
    assert {row["week"]: row["collections"] for row in rows if row["collections"]} == {
        date(2026, 2, 23): 7, date(2026, 3, 23): 10,
    }  # fmt: skip
    assert (len(rows), rows[0]["week"]) == (9, date(2026, 1, 26))


drawn_items = st.lists(
    st.tuples(
        st.sampled_from(("A1", "B1")), st.integers(0, 300), st.integers(-20_000, 90_000),
        st.none() | st.integers(0, 60), st.none() | st.integers(0, 120), st.booleans(),
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(drawn_items, st.integers(100, 330))
def test_weeks_and_what_stands_apart_are_what_stands_open(drawn: list[Any], today: int) -> None:
    start = date(2026, 1, 1)
    as_of, rows = start + timedelta(days=today), []
    for number, (account, day, cents, due, paid_after, disputed) in enumerate(drawn):
        invoiced = start + timedelta(days=day)
        rows.append({
            "account_id": account, "doc_no": str(number), "invoice_date": invoiced, "amount": Decimal(cents).scaleb(-2),
            "due_date": None if due is None else invoiced + timedelta(days=due), "disputed": disputed,
            "cleared_date": None if paid_after is None else invoiced + timedelta(days=paid_after),
        })  # fmt: skip
    with TemporaryDirectory() as folder:
        small = SmallWorld(Path(folder)).add("receivables", rows)
        with small.read() as world:
            found = forecast(world, Slice(as_of))
            opened = measure(world, Slice(as_of), "receivables_open").only["receivables_open"]
        small.store.close()
    if found is None:
        assert not opened
        return
    total = found.total
    for case in (total.expected, total.late):
        placed = total.within(case) + total.later(case)
        assert placed + sum(total.apart.values()) + total.unforeseen == opened == total.open
    assert all(week > as_of - timedelta(days=7) for week in (*total.expected, *total.late))
    expected = late = Decimal(0)
    for week in sorted({*total.expected, *total.late}):
        expected, late = expected + total.expected.get(week, 0), late + total.late.get(week, 0)
        assert expected >= late


def test_the_forecast_is_what_the_files_say(twice: Twice) -> None:
    books, files = twice.books, twice.company
    with books.store.read() as world:
        found = forecast(world, Slice(TODAY))
    assert found is not None
    again, total = inflow_again(files, TODAY, TODAY), found.total
    assert (dict(total.expected), dict(total.late)) == (dict(again["expected"]), dict(again["late"]))
    apart = {name: again["else"][name] for name in ("disputed", "unapplied", "unforeseen")}
    assert {**{name: total.apart.get(name, 0) for name in apart}, "unforeseen": total.unforeseen} == apart
    assert total.apart.get("factored", 0) + total.apart.get("intercompany", 0) == again["else"]["factored"]
    assert len(total.expected) > 8


def test_how_well_it_went_is_what_the_files_say(twice: Twice) -> None:
    books, files = twice.books, twice.company
    with books.store.read() as world:
        found = forecast(world, Slice(TODAY))
    assert found is not None
    assert found.tried is not None
    missed = came_in = Decimal(0)
    for day in found.tried.days:
        again = inflow_again(files, day, TODAY)
        actual: dict[date, Decimal] = defaultdict(Decimal)
        for one in items(files):
            is_told = one.due and one.is_behaviour and one.amount > 0 and one.kind == "INV" and not one.is_disputed
            if is_told and one.is_open(day) and one.cleared and one.cleared <= TODAY:
                actual[monday(one.cleared)] += one.amount * (files.rate(one.currency, day) or 0)
        first = monday(day + timedelta(days=1))
        for week in (first + timedelta(weeks=number) for number in range(13)):
            if week + timedelta(days=6) <= TODAY:
                missed += abs(again["expected"].get(week, Decimal(0)) - actual[week])
                came_in += actual[week]
    assert (found.tried.missed, found.tried.came_in) == (missed, came_in)
    assert len(found.tried.days) == 6
