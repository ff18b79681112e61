"""What the Profit & cash page shows: where the money goes, what growth is made of, and what comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from kam_metrics import figures, words
from kam_metrics.exports.tables import MONTHLY
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.growth import BY_COMPONENT, PARTS
from kam_metrics.periods import month_end
from kam_metrics.terms import Slice
from kam_metrics.ui import dossier, drill, unknown
from kam_metrics.ui.answers import drawn, measure
from kam_metrics.ui.cells import money_cell, month_cell
from kam_metrics.ui.here import Way, current, say, to, whose
from kam_metrics.ui.show import chart, listing

CONCENTRATION = ("effective_accounts", "cr1", "cr4", "cr10", "hhi")
DAYS = ("days_sales_outstanding", "dso_simple_90", "best_possible_dso")
LATE = ("average_days_delinquent", "days_to_pay", "average_days_late", "collection_effectiveness")
OPEN = ("receivables_open", "overdue", "overdue_pct", "receivables_disputed")
"""Stands beside the days of what was paid: who never pays has none."""
GROWTH = ("net_sales", "net_sales_growth", *PARTS, "net_revenue_retention", "gross_revenue_retention")
MONTHS = 12


def subject() -> tuple[Slice, str | None]:
    """What the page is about: the account in the address with its name, else everything this reader sees."""
    account = dossier.chosen()
    if account:
        return dossier.of(account), account["account_name"]
    return drill.of_group(st.query_params.get("group", "")) or (current().seen, None)


def title(name: str | None) -> str:
    """By how much net sales grew or shrank, and what did most of it."""
    answer = measure(*GROWTH)
    row = answer.only
    told = say("headline.profit") if row["net_sales"] is None else _grown(row, answer.why(row))
    return f"{name}: {told[0].lower()}{told[1:]}" if name else told


def _grown(row: Row, why: Mapping[str, str]) -> str:
    growth, lang = row["net_sales_growth"], current().lang
    if growth is None:
        known = "sales" if why["net_sales_growth"] == "no_year_before" else "only"
        return say(f"headline.profit_{known}", amount=words.thousands(lang, row["net_sales"]))
    told = say(
        "headline.profit_shrinks" if growth < 0 else "headline.profit_grows", amount=words.thousands(lang, abs(growth))
    )
    if row["price_effect"] is None or not growth:
        return told
    cause = (min if growth < 0 else max)(PARTS, key=lambda part: row[part])
    return say("headline.profit_because", told=told, cause=say(f"cause.{cause}"))


def growth() -> None:
    """Growth from the same days a year earlier in parts that add up, by sales component, and what was retained."""
    answer = measure(*GROWTH)
    lines = [
        unknown.line(measure(*BY_COMPONENT), *BY_COMPONENT),
        unknown.line(answer, "net_revenue_retention", "gross_revenue_retention"),
    ]
    row, why = answer.only, answer.why(answer.only)
    if row["price_effect"] is None:
        lines.insert(0, words.why(current().lang, why.get("net_sales_growth") or why["price_effect"]))
    else:
        steps = [{"label": say(f"measure.{key}"), "amount": row[key], "total": False} for key in PARTS]
        steps.append({"label": say("measure.net_sales_growth"), "amount": row["net_sales_growth"], "total": True})
        chart(drawn(figures.waterfall, steps), key="growth")
    for line in dict.fromkeys(lines):
        st.markdown(line)


def concentration_line() -> str:
    """How much hangs on few customers."""
    return unknown.line(measure(*CONCENTRATION), *CONCENTRATION)


def cash_charts() -> None:
    """How many days of sales stand open, month by month, and how old what is open is."""
    if measure("receivables_open").only["receivables_open"] is None:
        unknown.box("receivables_open")
        return
    for keys in ((*DAYS, *LATE), OPEN):
        st.markdown(unknown.line(measure(*keys), *keys))
    unknown.nobodys_items()
    left, right = st.columns(2, gap="large")
    with left:
        rows = [{**row, "month": row["month"]} for row in measure(*DAYS, by=["month"], seen=_last_months()).rows]
        chart(drawn(figures.day_lines, rows, DAYS), key="days")
    with right:
        chart(drawn(figures.ageing_bar, measure("receivables_open", by=["ageing_bucket"]).rows), key="ageing")


def _last_months() -> Slice:
    seen = current().seen
    number = seen.as_of.year * 12 + seen.as_of.month - MONTHS
    return replace(seen, from_date=date(number // 12, number % 12 + 1, 1), to_date=None)


def months() -> None:
    """The last twelve months one by one; each leads to this page as it stood then."""
    rows = measure(*MONTHLY, by=["month"], seen=_last_months()).rows
    figures_of = (Heading(say(f"measure.{key}"), is_number=True, help=say(f"formula.{key}")) for key in MONTHLY)
    listing(
        [Heading(say("heading.month")), *figures_of],
        [(_month(row["month"]), _cells(row)) for row in reversed(rows)],
        title=say("section.by_month"),
        key="profit-months",
    )


def _month(month: date) -> Way:
    last = min(month_end(month), current().seen.as_of)
    return to("profit", as_of=last.isoformat(), period="month", **whose())


def _cells(row: Row) -> Sequence[Cell]:
    return month_cell(row["month"]), *(money_cell(key, row[key]) for key in MONTHLY)
