"""What the Account page shows: one account's profit, cash, plan and alignment, or the list of all accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from kam_metrics import figures, metrics, telling, words
from kam_metrics.exports.tables import LISTED
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics import MEASURES
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.vital_figures import last_whole_month
from kam_metrics.periods import month_end
from kam_metrics.terms import PHASES, Scenario, Slice
from kam_metrics.ui import unknown
from kam_metrics.ui.answers import ask, drawn, measure
from kam_metrics.ui.cells import money_cell
from kam_metrics.ui.here import Way, current, nobodys, say, to
from kam_metrics.ui.show import caption, chart, kam_name, listing

MONTHS = 24


def chosen() -> Row | None:
    """The account in the address, if this reader may see it."""
    asked = st.query_params.get("account")
    return ask(metrics.account, seen=replace(current().seen, account_id=asked)) if asked else None


def of(account: Row) -> Slice:
    """This reader's slice, narrowed to the account."""
    return replace(current().seen, account_id=account["account_id"])


def subtitle(account: Row) -> str:
    """Whose account it is, since when it is a key account, and when it is next reviewed."""
    return telling.standing(current().lang, account, plan_of(account))


def plan_of(account: Row) -> Row | None:
    """The account's plan as the Plan page tells it; None when it has none."""
    found = [row for row in ask(metrics.plan_overview, seen=of(account)) if row["plan_id"]]
    return found[0] if found else None


def title(account: Row) -> str:
    """What the account contributes or costs."""
    value = measure("contribution", seen=of(account)).only["contribution"]
    return telling.account(current().lang, account["account_name"], value)


def month_chart(account: Row) -> None:
    """Contribution of the last two years, whole months only, beside the year before and the budget."""
    seen = of(account)
    months = _months(last_whole_month(seen.as_of), MONTHS + 12)
    actual = _by_month(replace(seen, from_date=months[0], to_date=month_end(months[-1])))
    plan = _by_month(replace(seen, from_date=months[0], to_date=month_end(months[-1]), scenario=Scenario.BUDGET))
    rows = [
        {
            "month": month,
            "actual": actual.get(month),
            "previous": actual.get(month.replace(year=month.year - 1)),
            "plan": plan.get(month),
        }
        for month in months[12:]
    ]
    chart(drawn(figures.month_line, rows), key="account-months")
    caption("ui.whole_months", count=MONTHS, last=words.month(current().lang, months[-1]))


def _by_month(seen: Slice) -> dict[date, object]:
    return {row["month"]: row["contribution"] for row in measure("contribution", by=["month"], seen=seen).rows}


def _months(day: date, count: int) -> list[date]:
    numbers = range(day.year * 12 + day.month - count, day.year * 12 + day.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def ageing_chart(account: Row) -> None:
    """What is open, by days overdue."""
    rows = measure("receivables_open", by=["ageing_bucket"], seen=of(account)).rows
    chart(drawn(figures.ageing_bar, rows), key="account-ageing")


def cash_lines(account: Row) -> str:
    """How the account pays, in one line of figures with their names; below it the payment term agreed."""
    run = current()
    keys = ("days_sales_outstanding", "days_to_pay", "average_days_late", "collections")
    terms = telling.terms(run.lang, account["payment_terms_days"], account["country"], run.settings.longest_terms)
    return f"{unknown.line(measure(*keys, seen=of(account)), *keys)}\n\n{terms}"


def phase_chart(plan: Row, key: str) -> None:
    """Where the 90 days stand."""
    rows = [{"phase": phase, "state": plan["phases"][phase]} for phase in PHASES]
    chart(drawn(figures.phase_strip, rows, day=plan["day_number"]), key=key)


def pace(plan: Row) -> str:
    """Attainment beside what is expected today, and where this pace leads."""
    return telling.pace(current().lang, plan)


def plan_day(plan: Row) -> str:
    """Which of the 90 days it is."""
    return telling.plan_day(current().lang, plan)


def _way(row: Row) -> Way:
    """To the account; money without one leads to the customer numbers it is booked on."""
    if row["account_id"]:
        return to("account", account=row["account_id"])
    return nobodys()


def _silent(rows: Sequence[Row]) -> list[Row]:
    """Key accounts of which no figure is known."""
    known = {row["account_id"] for row in rows}
    return [
        dict.fromkeys(LISTED) | account for account in ask(metrics.key_accounts) if account["account_id"] not in known
    ]


def every_account() -> None:
    """All accounts with their figures, sorted by the one that led here; each row opens its account."""
    answer = measure(*LISTED, by=["account_id", "account_name", "kam_id"])
    first = st.query_params.get("sort")
    key = first if first in MEASURES and first in LISTED else "net_sales"
    known = [*(row for row in answer.rows if row["account_id"] is not None), *_silent(answer.rows)]
    known.sort(key=lambda row: (row[key] is None, -(row[key] or 0), row["account_name"]))
    unmapped = [row for row in answer.rows if row["account_id"] is None]
    listing(
        [Heading(say("heading.account")), Heading(say("heading.kam")),
         *(Heading(say(f"measure.{name}"), is_number=True, help=say(f"formula.{name}")) for name in LISTED)],
        [
            (
                _way(row),
                (
                    Cell(row["account_name"] or say("ui.unmapped"), tone="" if row["account_id"] else "muted"),
                    Cell(kam_name(row["kam_id"])),
                    *(money_cell(name, row[name]) for name in LISTED),
                ),
            )
            for row in (*known, *unmapped)
        ],
        title=say("section.all_accounts"),
        key="every-account",
    )  # fmt: skip
