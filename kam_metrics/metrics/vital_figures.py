"""The figures behind the vitals of health, at any number of moments at once (measures.md 3.10).

Profit, growth and service are taken over the twelve whole months that had ended by the day, as known at their end: half
a month says nothing. A credit note counts in the month of its invoice.
Receivables stand as on the day; what was paid late is of the twelve months up to it. Plans and reviews stand as on the
day; reviews with the customer are the quarterly and the annual ones and the STRAT day, each due in the last 365 days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, TypeAlias

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.plan import plan_at
from kam_metrics.metrics.plan_facts import Facts, facts, limits
from kam_metrics.metrics.profit import held_types
from kam_metrics.metrics.receivables import is_loaded, receivables_at
from kam_metrics.metrics.spine import Moment, Unknown, year_earlier
from kam_metrics.scoring import Scoring
from kam_metrics.store import World, read_sql
from kam_metrics.terms import CreditNotes, Slice

Figure: TypeAlias = Decimal | Fraction | float | int | Unknown
Place: TypeAlias = tuple[Any, ...]
Figures: TypeAlias = dict[tuple[int, Place], dict[str, Figure]]
"""Per number of a moment and values of the dimensions asked: each figure by its name, those in euros too."""
WITH_CUSTOMER = frozenset({"quarter", "annual", "strat_day"})
"""Kinds of reviews that the customer takes part in."""
_YEAR = timedelta(days=365)
_CASH = ("overdue", "overdue_pct", "average_days_late", "average_days_delinquent")
_OF_PLAN = ("plan_attainment", "expected_attainment", "review_adherence")
_PER_ORDER = {
    "returns_per_order": "returns",
    "rush_per_order": "rush_orders",
    "complaint_hours_per_order": "complaint_hours",
}
_FIRST_MONTH = "select min(month) as month from account_month where scenario = 'actual' and is_net_sales(line_type)"
_COUNTED = "select distinct lower(activity) as name from live_rows('cost_drivers')"


@dataclass(frozen=True)
class Asked:
    """Whose figures, by which dimensions, at which moments."""

    world: World
    seen: Slice
    by: tuple[str, ...]
    moments: Sequence[Moment]
    accounts: Sequence[str] | None = None
    """Only these, where a handful is looked at on many days."""

    def rows(self, name: str, **more: object) -> list[Row]:
        """The rows of a query about whole months up to each moment."""
        lasts = [last_whole_month(moment.day) for moment in self.moments]
        sql = read_sql(__file__, name).format(dims="".join(f"a.{name}, " for name in self.by))
        months = {"first_months": [months_later(last, -11) for last in lasts], "last_months": lasts}
        return self.world.rows(
            sql,
            {
                **self.seen.params(),
                "accounts": self.accounts,
                "credit_notes": str(CreditNotes.INVOICE),
                "moments": list(range(len(lasts))),
                **months,
                **more,
            },
        )

    def place(self, row: Mapping[str, Any]) -> Place:
        """Which group a row is about."""
        return tuple(row[name] for name in self.by)


def vital_figures(asked: Asked, how: Scoring) -> Figures:
    """Every figure of every group that anything is known of."""
    found: Figures = {}
    wanted = None if asked.accounts is None else {(account_id,) for account_id in asked.accounts}
    for part in (_money(asked), _cash(asked), _plans(asked), _service(asked, how)):
        for key, figures in part:
            if wanted is not None and key[1] not in wanted:
                continue
            found.setdefault(key, {}).update(figures)
    return found


def last_whole_month(day: date) -> date:
    """The first day of the last month that had ended with the day."""
    next_day = day + timedelta(days=1)
    return months_later(next_day.replace(day=1), -1)


def months_later(month: date, count: int) -> date:
    """The first day of the month so many months on."""
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


Part: TypeAlias = Iterator[tuple[tuple[int, Place], dict[str, Figure]]]


def _money(asked: Asked) -> Part:
    """Profit and growth."""
    first = asked.world.one(_FIRST_MONTH)["month"]
    held = held_types(asked.world, Slice(asked.seen.as_of))
    rows = asked.rows("vital_money", is_costed="cogs" in held)
    rows.sort(key=lambda row: (row["moment"], [str(part) for part in asked.place(row)]))
    for (moment, place), of_group in groupby(rows, key=lambda row: (row["moment"], asked.place(row))):
        customers = list(of_group)
        base = months_later(last_whole_month(asked.moments[moment].day), -23)
        is_known = first is not None and first <= base
        yield (moment, place), {**_euros(customers), **_profit(customers, held), **_growth(customers, is_known)}


def _euros(customers: Sequence[Row]) -> dict[str, Figure]:
    """What was sold, and how much of it without a cost price."""
    net, why = _sum(customers, "net_sales"), _first(customers, "unpriced_sales")
    sold = {"net_sales": net, "uncosted": net - _sum(customers, "costed")}
    sold |= {"net_sales_before": _sum(customers, "net_sales_before")}
    return {key: Unknown(why) if why else value for key, value in sold.items()}


def _profit(customers: Sequence[Row], held: frozenset[str]) -> dict[str, Figure]:
    costed, contribution, capital = (_sum(customers, name) for name in ("costed", "contribution", "capital"))
    why = next((f"no_{need}" for need in ("gross_sales", "cogs", "cost_to_serve") if need not in held), None)
    why = why or _first(customers, "unpriced")
    if not why and not costed:
        why = "no_cogs" if any(row["lacks_cost"] for row in customers) else "no_net_sales"
    if why:
        return dict.fromkeys(
            ("contribution", "contribution_before", "contribution_pct", "economic_profit_pct"), Unknown(why)
        )
    uncharged = _first(customers, "unpriced_capital") or ("" if "capital_charge" in held else "no_capital_charge")
    unpriced = _first(customers, "unpriced_before")
    return {
        "contribution": contribution,
        "contribution_before": Unknown(unpriced) if unpriced else _sum(customers, "contribution_before"),
        "contribution_pct": _of_sales(contribution, costed),
        "economic_profit_pct": Unknown(uncharged) if uncharged else _of_sales(contribution + capital, costed),
    }


def _of_sales(amount: Decimal, costed: Decimal) -> Figure:
    """A share of net sales; of negative sales a loss would look like a profit."""
    return Fraction(amount) / Fraction(costed) if costed > 0 else Unknown("negative_net_sales")


def _growth(customers: Sequence[Row], is_known: bool) -> dict[str, Figure]:
    before = sum((Fraction(row["net_sales_before"]) for row in customers), Fraction(0))
    cohort = [row for row in customers if row["net_sales_before"] > 0]
    why = _first(customers, "unpriced_sales") or ("" if is_known else "no_year_before")
    if why or not cohort or before <= 0:
        return dict.fromkeys(("net_sales_growth_pct", "net_revenue_retention"), Unknown(why or "no_net_sales_before"))
    return {
        "net_sales_growth_pct": Fraction(_sum(customers, "net_sales")) / before - 1,
        "net_revenue_retention": Fraction(_sum(cohort, "net_sales")) / Fraction(_sum(cohort, "net_sales_before")),
    }


def _sum(rows: Sequence[Row], name: str) -> Decimal:
    return sum((row[name] for row in rows), Decimal(0))


def _first(rows: Sequence[Row], name: str) -> str:
    return min((row[name] for row in rows if row[name]), default="")


def _cash(asked: Asked) -> Part:
    """What is overdue on the day, and how late was paid in the year up to it."""
    if not is_loaded(asked.world, asked.seen):
        return
    moments = [Moment(year_earlier(m.day) + timedelta(days=1), m.day, m.day, {}) for m in asked.moments]
    for moment, row in receivables_at(asked.world, asked.seen, moments, _CASH, asked.by, asked.accounts):
        yield (moment, asked.place(row)), {key: _told(row, key) for key in _CASH}


def _plans(asked: Asked) -> Part:
    """How the plan and its reviews go, and what is done together with the customer."""
    known, limit = facts(asked.world, asked.seen), limits(asked.world)
    for number, moment in enumerate(asked.moments):
        at = Moment(moment.first_day, moment.last_day, moment.day, {})
        for row in plan_at(known, at, limit, _OF_PLAN, asked.by):
            yield (number, asked.place(row)), _plan(row)
        for place, part in known.counting(moment.day).grouped(asked.by, ("reviews", "milestones")).items():
            yield (number, place), _together(part, moment.day)


def _plan(row: Row) -> dict[str, Figure]:
    attained, expected, held = (_told(row, key) for key in _OF_PLAN)
    unknown = next((figure for figure in (attained, expected) if isinstance(figure, Unknown)), None)
    return {"plan_lead": unknown or attained - expected, "review_adherence": held}


def _told(row: Row, key: str) -> Any:
    why = row.get(f"why.{key}")
    return Unknown(why) if why else row[key]


def _together(part: Facts, day: date) -> dict[str, Figure]:
    reviews = [review for review in part.reviews if review["kind"] in WITH_CUSTOMER]
    due = [review for review in reviews if day - _YEAR < review["due_date"] <= day]
    held = [review["held_date"] for review in reviews if review["held_date"] and review["held_date"] <= day]
    on_time = [review for review in due if review["held_date"] and review["held_date"] <= day]
    sides = [milestone.row["owner_side"] for milestone in part.milestones if milestone.row["owner_side"]]
    return {
        "customer_reviews": Fraction(len(on_time), len(due)) if due else Unknown("no_customer_review"),
        "days_since_customer_review": (day - max(held)).days if held else Unknown("no_customer_review"),
        "joint_milestones": Fraction(sides.count("customer"), len(sides)) if sides else Unknown("no_owner_side"),
    }


def _service(asked: Asked, how: Scoring) -> Part:
    """What went wrong per order; an activity that nobody ever counted says nothing."""
    called = [(activity, name) for activity, names in how.activities for name in names]
    counted = {row["name"] for row in asked.world.rows(_COUNTED)}
    known = {activity for activity, name in called if name in counted}
    names = {"activities": [activity for activity, _ in called], "called": [name for _, name in called]}
    for row in asked.rows("vital_service", **names):
        yield (row["moment"], asked.place(row)), {key: _per_order(row, key, known) for key in _PER_ORDER}


def _per_order(row: Row, key: str, known: set[str]) -> Figure:
    activity = _PER_ORDER[key]
    if activity not in known:
        return Unknown(f"not_counted:{activity}")
    return Fraction(row[activity]) / Fraction(row["orders"]) if row["orders"] else Unknown("no_orders")
