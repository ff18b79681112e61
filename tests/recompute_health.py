"""Health computed a second time, from the same files and the shipped table of anchors (measures.md 3.10)."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import kam_metrics
from tests.recompute import Company, day
from tests.recompute_cash import receivables
from tests.recompute_plans import plans, reviews

TABLE = tomllib.loads((Path(kam_metrics.__file__).parent / "health.toml").read_text("utf-8"), parse_float=Decimal)
VITALS = ("profit", "cash", "growth", "plan", "relationship", "service")
Figures = dict[str, Any]


def vitals(company: Company, when: date) -> dict[str, dict[str, Decimal]]:
    """Per account the score of each vital that is known."""
    figures = _figures(company, when)
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for account, known in figures.items():
        for vital in VITALS:
            told = [
                (Decimal(one["weight"]), _score(one["anchors"], Decimal(known[name])))
                for name, one in TABLE[vital].items()
                if name != "weight" and known.get(name) is not None
            ]
            if told:
                found[account][vital] = sum(w * s for w, s in told) / sum(w for w, _ in told)
    return found


def whole(scores: dict[str, Decimal]) -> tuple[Decimal | None, Decimal]:
    """The composite, and the share of the weight that is known."""
    weight = {vital: Decimal(TABLE[vital]["weight"]) for vital in VITALS}
    known = sum((weight[vital] for vital in scores), Decimal(0))
    coverage = known / sum(weight.values())
    if coverage < TABLE["fewest_coverage"]:
        return None, coverage
    return sum((weight[vital] * score for vital, score in scores.items()), Decimal(0)) / known, coverage


def _score(anchors: list[list[Decimal]], figure: Decimal) -> Decimal:
    left = [pair for pair in anchors if pair[0] <= figure]
    right = [pair for pair in anchors if pair[0] > figure]
    if not left or not right:
        return Decimal((left[-1] if left else right[0])[1])
    (x0, y0), (x1, y1) = left[-1], right[0]
    return Decimal(y0) + (Decimal(y1) - Decimal(y0)) * (figure - x0) / (Decimal(x1) - Decimal(x0))


def _figures(company: Company, when: date) -> dict[str, Figures]:
    found: dict[str, Figures] = defaultdict(dict)
    last = when if when.day == monthrange(when.year, when.month)[1] else when.replace(day=1) - timedelta(days=1)
    first = (last + timedelta(days=1)).replace(year=last.year - 1 + (last.month == 12))
    before_last = first - timedelta(days=1)
    before = first.replace(year=first.year - 1)
    now = company.profit(first, last, "account_id", last)
    then = company.profit(before, before_last, "account_id", before_last)
    for account in now.keys() | then.keys():
        _money(found[account], now.get(account, {}), then.get(account, {}))
    year = when.replace(year=when.year - 1) + timedelta(days=1)
    for account, figures in receivables(company, year, when, lambda item: item.account).items():
        found[str(account)] |= {k: figures[k] for k in ("overdue_pct", "average_days_late", "average_days_delinquent")}
    for account, figures in plans(company, when, "account_id").items():
        attained, expected = figures.get("plan_attainment"), figures.get("expected_attainment")
        found[account]["plan_lead"] = None if attained is None else attained - expected
    for account, figures in reviews(company, when).items():
        found[account]["review_adherence"] = figures["review_adherence"]
    _together(company, when, found)
    _service(company, first, last, found)
    return found


def _money(figures: Figures, now: Figures, then: Figures) -> None:
    figures["contribution_pct"] = now.get("contribution_pct")
    known = now.get("net_sales", Decimal(0)) - now.get("margin_unknown", Decimal(0))
    if now.get("economic_profit") is not None and known:
        figures["economic_profit_pct"] = now["economic_profit"] / known
    if then.get("net_sales", Decimal(0)) > 0:
        kept = now.get("net_sales", Decimal(0)) / then["net_sales"]
        figures |= {"net_sales_growth_pct": kept - 1, "net_revenue_retention": kept}


def _together(company: Company, when: date, found: dict[str, Figures]) -> None:
    for account in {row["account_id"] for row in company.files["reviews"]}:
        rows = [
            (date.fromisoformat(r["due_date"]), day(r["held_date"]))
            for r in company.files["reviews"]
            if r["account_id"] == account and r["kind"] in ("quarter", "annual", "strat_day")
        ]
        due = [held for at, held in rows if at <= when and (when - at).days < 365]
        held_days = [held for _, held in rows if held and held <= when]
        if due:
            found[account]["customer_reviews"] = Decimal(sum(bool(h and h <= when) for h in due)) / len(due)
        if held_days:
            found[account]["days_since_customer_review"] = (when - max(held_days)).days
    newest: dict[str, tuple[str, str]] = {}
    for plan in company.files["plans"]:
        if date.fromisoformat(plan["start_date"]) <= when:
            account = plan["account_id"]
            newest[account] = max(newest.get(account, ("", "")), (plan["start_date"], plan["plan_id"]))
    for account, (_, plan_id) in newest.items():
        sides = [m["owner_side"] for m in company.files["milestones"] if m["plan_id"] == plan_id and m["owner_side"]]
        if sides:
            found[account]["joint_milestones"] = Decimal(sides.count("customer")) / len(sides)


def _service(company: Company, first: date, last: date, found: dict[str, Figures]) -> None:
    done: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in company.files["cost_drivers"]:
        if first <= date.fromisoformat(f"{row['month']}-01") <= last:
            done[row["account_id"]][row["activity"]] += Decimal(row["quantity"])
    for account, counts in done.items():
        if counts["orders"]:
            for name, activity in (
                ("returns_per_order", "returns"),
                ("rush_per_order", "rush_orders"),
                ("complaint_hours_per_order", "complaint_hours"),
            ):
                found[account][name] = counts[activity] / counts["orders"]
