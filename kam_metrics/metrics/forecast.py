"""What comes in over the next thirteen weeks of what stands open now (measures.md 3.4); an estimate, never an actual.

Each item is expected at its due date plus the days late at which half of the account's own paid amount had come in
(P50), and at worst at the days late at which nine tenths had (P90). Only payments that were later than the item
already is speak for it. An account without a habit of its own (see habits.py) takes that of its group, else that of all
accounts its reader may see. Disputed items, unapplied credits, factored and intercompany items stand apart; what has no
due date, or is later than anything ever was, is unforeseen. Weeks begin on Monday; the first may be a part of one.

The late case adds up the late days of all items: that is the tenth percentile of the money in only if all pay late
together. It is therefore the careful end: nobody's delay is balanced by another's haste.

The test looks back: forecasts as they would have been made on past month ends, beside what came in of the same items
in the weeks since. What is disputed and which accounts belong together are taken as they are known now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.habits import LATE, MEDIAN, Habits
from kam_metrics.metrics.receivables import receivables_at
from kam_metrics.metrics.spine import Moment
from kam_metrics.periods import month_ends_before
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

WEEKS = 13
PAST_WEEKS = 8
LOOKED_BACK = 6
"""Past month ends on which the forecast is tried out: those with a whole week since."""
APART = ("disputed", "unapplied", "factored", "intercompany")
ZERO = Decimal(0)
WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


@dataclass
class Inflow:
    """What is expected to come in of what stands open at the end of a day; every part in euros."""

    day: date
    expected: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """By week, at the median delay; weeks beyond the horizon too."""
    late: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """By week, at the delay that nine tenths stay under."""
    apart: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    unforeseen: Decimal = ZERO
    by_habit: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """Whose habit the expected amounts rest on."""
    unrated: set[str] = field(default_factory=set)
    """Currencies without a rate: what is open in them is not in here."""

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of the horizon."""
        first = monday(self.day + timedelta(days=1))
        return tuple(first + number * WEEK for number in range(WEEKS))

    @property
    def open(self) -> Decimal:
        """Everything that stands open, as far as it can be told in euros."""
        return sum(self.expected.values(), ZERO) + sum(self.apart.values(), ZERO) + self.unforeseen

    def within(self, case: dict[date, Decimal]) -> Decimal:
        """What comes in within the horizon."""
        return sum((case.get(week, ZERO) for week in self.weeks), ZERO)

    def later(self, case: dict[date, Decimal]) -> Decimal:
        """What comes in after it."""
        return sum(case.values(), ZERO) - self.within(case)


@dataclass(frozen=True)
class Tried:
    """How forecasts of the past fared, over the weeks since."""

    days: tuple[date, ...]
    weeks: int
    covered: int
    """Weeks by whose end at least as much had come in as in the late case."""
    expected: Decimal
    came_in: Decimal
    missed: Decimal
    """Sum over the weeks of the distance between expected and came in."""

    @property
    def error(self) -> float | None:
        """The misses as a share of what came in (a mean weighed by amount: a week without money has no percentage)."""
        return float(self.missed / self.came_in) if self.came_in else None

    @property
    def bias(self) -> float | None:
        """How much too much was expected, as a share of what came in."""
        return float((self.expected - self.came_in) / self.came_in) if self.came_in else None

    @property
    def coverage(self) -> float:
        """The share of weeks in which the late case held."""
        return self.covered / self.weeks


@dataclass(frozen=True)
class Forecast:
    """The next weeks of everything the reader looks at, per account, and how well this went before."""

    total: Inflow
    accounts: Sequence[tuple[str | None, str | None, Inflow]]
    tried: Tried | None


def forecast(world: World, seen: Slice) -> Forecast | None:
    """The inflow of the next thirteen weeks; None where no receivables are known."""
    day = seen.as_of
    past = month_ends_before(day - WEEK + timedelta(days=1), LOOKED_BACK)
    params = {**seen.params(), "days": [day, *past]}
    open_rows = world.rows(read_sql(__file__, "forecast_open"), params)
    if not open_rows:
        return None
    paid = _by_day(world.rows(read_sql(__file__, "forecast_paid"), params))
    opened = _by_day(open_rows)
    for one, rows in opened.items():
        _place(rows, Habits(paid.get(one, ())))
    accounts = [
        (account_id, rows[0]["account_name"], _inflow(day, rows))
        for account_id, rows in _by_account(opened.get(day, ()))
    ]
    return Forecast(
        _inflow(day, opened.get(day, ())), accounts, _tried([(one, opened.get(one, ())) for one in past], day)
    )


def past_weeks(world: World, seen: Slice) -> list[Row]:
    """What came in by week, of everything, up to the as-of date: rows `week` and `collections` (None: not known)."""
    this = monday(seen.as_of + timedelta(days=1))
    weeks = [this - number * WEEK for number in range(PAST_WEEKS, -1, -1)]
    moments = [_week(week, seen.as_of) for week in weeks if week <= seen.as_of]
    found = dict(receivables_at(world, seen, moments, ["collections"], ()))
    return [
        {"week": moment.first_day, "collections": found[number]["collections"] if number in found else None}
        for number, moment in enumerate(moments)
    ]


def _week(week: date, as_of: date) -> Moment:
    last = min(week + WEEK - timedelta(days=1), as_of)
    return Moment(week, last, last, {})


def _by_day(rows: Iterable[Row]) -> dict[date, list[Row]]:
    found: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["day"]].append(row)
    return found


def _by_account(rows: Sequence[Row]) -> list[tuple[str | None, list[Row]]]:
    return [(account_id, list(of)) for account_id, of in groupby(rows, key=lambda row: row["account_id"])]


def _place(rows: Iterable[Row], habits: Habits) -> None:
    """Note with each row where it is expected."""
    for row in rows:
        row["placed"] = _placed(row, habits)


def _inflow(day: date, rows: Iterable[Row]) -> Inflow:
    inflow = Inflow(day)
    for row in rows:
        if row["euros"] is None:
            inflow.unrated.add(row["currency"])
        elif row["class"] in APART:
            inflow.apart[row["class"]] += row["euros"]
        elif row["placed"] is None:
            inflow.unforeseen += row["euros"]
        else:
            whose, expected, late = row["placed"]
            inflow.expected[expected] += row["euros"]
            inflow.late[late] += row["euros"]
            inflow.by_habit[whose] += row["euros"]
    return inflow


def _placed(row: Row, habits: Habits) -> tuple[str, date, date] | None:
    """Whose habit tells when an item comes in, the week expected and the week at worst.

    None when nobody's does, and for what stands apart.
    """
    if row["past_due"] is None or row["class"] in APART:
        return None
    today = row["day"]
    due = today - timedelta(days=row["past_due"])
    for whose, spread in habits.of(row):
        expected, late = (spread.expected(due, today, share) for share in (MEDIAN, LATE))
        if expected and late:
            return whose, monday(expected), monday(late)
    return None


def _tried(past: Sequence[tuple[date, Sequence[Row]]], as_of: date) -> Tried | None:
    """Forecasts of past days beside what came in of the same items, in the weeks that are over."""
    weeks = covered = 0
    expected = came_in = missed = ZERO
    days = []
    for day, rows in past:
        told = [row for row in rows if row["is_followed"] and row["euros"] is not None and row["placed"]]
        if not told:
            continue
        days.append(day)
        inflow, actual = _inflow(day, told), _came_in(told)
        so_far = late_so_far = ZERO
        for week in (week for week in inflow.weeks if week + WEEK <= as_of + timedelta(days=1)):
            weeks += 1
            expected += inflow.expected.get(week, ZERO)
            came_in += actual.get(week, ZERO)
            missed += abs(inflow.expected.get(week, ZERO) - actual.get(week, ZERO))
            so_far += actual.get(week, ZERO)
            late_so_far += inflow.late.get(week, ZERO)
            covered += so_far >= late_so_far
    return Tried(tuple(days), weeks, covered, expected, came_in, missed) if weeks else None


def _came_in(rows: Iterable[Row]) -> dict[date, Decimal]:
    found: dict[date, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["paid_week"] is not None:
            found[row["paid_week"]] += row["euros"]
    return found
