"""What the Profit & cash page expects to come in over thirteen weeks, on whose habits, and how well that went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from kam_metrics import figures, metrics, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics import Forecast, Inflow
from kam_metrics.ui.answers import ask, drawn
from kam_metrics.ui.cells import money_cell
from kam_metrics.ui.here import Way, current, nobodys, say, to
from kam_metrics.ui.show import chart, empty, listing

MOST_ACCOUNTS = 40
"""Accounts that are listed: a table is sent whole on every click."""
COLUMNS = ("open", "expected", "late", "later", "apart", "unforeseen")


def inflow() -> None:
    """The next thirteen weeks of what stands open, beside the weeks before."""
    told: Forecast | None = ask(metrics.forecast)
    if told is None:
        empty("empty.receivables")
        return
    st.markdown(_headline(told.total))
    for currency in sorted(told.total.unrated):
        st.warning(say("forecast.unrated", currency=currency))
    chart(drawn(figures.inflow_bars, _weeks(told.total)), key="inflow")
    st.markdown(_apart(told.total))
    st.markdown(_tried(told))
    st.caption(say("forecast.about"))
    if current().seen.account_id is None:
        _accounts(told)


def _money(amount: Decimal) -> str:
    return words.thousands(current().lang, amount)


def _headline(inflow: Inflow) -> str:
    if not inflow.expected:
        return say("forecast.nothing", open=_money(inflow.open))
    return say(
        "forecast.headline",
        open=_money(inflow.open),
        expected=_money(inflow.within(inflow.expected)),
        late=_money(inflow.within(inflow.late)),
        last=inflow.weeks[-1],
    )


def _weeks(inflow: Inflow) -> Sequence[dict[str, date | Decimal | None]]:
    came_in = {row["week"]: row["collections"] for row in ask(metrics.past_weeks)}
    weeks = sorted({*came_in, *inflow.weeks})
    return [
        {
            "week": week,
            "actual": came_in.get(week),
            "expected": inflow.expected.get(week),
            "late": inflow.late.get(week),
        }
        for week in weeks
    ]


def _apart(inflow: Inflow) -> str:
    """What comes later, and what is in no week and why; then whose habits the weeks rest on."""
    later = {"later": inflow.later(inflow.expected), **inflow.apart, "unforeseen": inflow.unforeseen}
    parts = [f"{say(f'forecast.{name}')} **{_money(amount)}**" for name, amount in later.items() if amount]
    whose = [f"{say(f'forecast.habit_{name}')} **{_money(amount)}**" for name, amount in inflow.by_habit.items()]
    return "  \n".join(" · ".join(line) for line in (parts, whose) if line)


def _tried(told: Forecast) -> str:
    """How forecasts of past month ends fared."""
    tried, lang = told.tried, current().lang
    if tried is None or tried.error is None or tried.bias is None:
        return say("forecast.untried")
    bias = words.share(lang, abs(tried.bias), 0)
    return say(
        "forecast.tried",
        first=tried.days[-1],
        last=tried.days[0],
        weeks=tried.weeks,
        error=words.share(lang, tried.error, 0),
        bias=say("forecast.too_little" if tried.bias < 0 else "forecast.too_much", share=bias),
        covered=tried.covered,
        coverage=words.share(lang, tried.coverage, 0),
    )


def _accounts(told: Forecast) -> None:
    """The accounts that owe most, one by one; each leads to this page about it."""
    accounts = sorted(told.accounts, key=lambda one: (-one[2].open, one[0] or ""))[:MOST_ACCOUNTS]
    with st.expander(say("forecast.by_account")):
        if len(accounts) < len(told.accounts):
            st.caption(say("forecast.most_open", shown=len(accounts), count=len(told.accounts)))
        listing(
            [Heading(say("heading.account")), *(Heading(say(f"forecast.{name}"), is_number=True) for name in COLUMNS)],
            [(_way(account_id), _cells(name, inflow)) for account_id, name, inflow in accounts],
            title=say("forecast.by_account"),
            key="inflow-accounts",
        )


def _way(account_id: str | None) -> Way:
    if account_id:
        return to("profit", account=account_id)
    return nobodys()


def _cells(name: str | None, inflow: Inflow) -> Sequence[Cell]:
    amounts = (
        inflow.open,
        inflow.within(inflow.expected),
        inflow.within(inflow.late),
        inflow.later(inflow.expected),
        sum(inflow.apart.values(), Decimal(0)),
        inflow.unforeseen,
    )
    mark = "".join(f" ({currency} ?)" for currency in sorted(inflow.unrated))
    return Cell(f"{name or say('ui.unmapped')}{mark}"), *(money_cell("receivables_open", amount) for amount in amounts)
