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
from tests.recompute_growth import growth
from tests.recompute_plans import newest, parts, plans, reviews

TABLE = tomllib.loads((Path(kam_metrics.__file__).parent / "health.toml").read_text("utf-8"), parse_float=Decimal)
VITALS = ("profit", "cash", "growth", "plan", "relationship", "service")
Figures = dict[str, Any]


def vitals(company: Company, when: date, by: str | None, as_of: date) -> dict[Any, dict[str, Decimal]]:
    """Per account, or in all, the score of each vital that is known."""
    figures = _figures(company, when, by, as_of)
    found: dict[Any, dict[str, Decimal]] = defaultdict(dict)
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


def health(
    company: Company, when: date, by: str | None = "account_id", as_of: date | None = None
) -> dict[Any, Figures]:
    """The composite, its coverage and every vital, per account or in all, on a day that lies before that of asking."""
    return {
        place: dict(zip(("health", "health_coverage"), whole(scores), strict=True)) | {"vital_score": scores}
        for place, scores in vitals(company, when, by, as_of or when).items()
    }


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


def _figures(company: Company, when: date, by: str | None, as_of: date) -> dict[Any, Figures]:
    found: dict[Any, Figures] = defaultdict(dict)
    last = when if when.day == monthrange(when.year, when.month)[1] else when.replace(day=1) - timedelta(days=1)
    first = (last + timedelta(days=1)).replace(year=last.year - 1 + (last.month == 12))
    for place, now in company.profit(first, last, by, last).items():
        _money(found[place], now)
    for place, figures in growth(company, first, last, last, by).items():
        found[place] |= {key: figures[key] for key in ("net_sales_growth_pct", "net_revenue_retention")}
    year = when.replace(year=when.year - 1) + timedelta(days=1)
    of = company.groupings()[by] if by else lambda _: None
    for place, figures in receivables(company, year, when, of, as_of).items():
        found[place] |= {k: figures[k] for k in ("overdue_pct", "average_days_late", "average_days_delinquent")}
    for place, figures in plans(company, when, by).items():
        attained, expected = figures.get("plan_attainment"), figures.get("expected_attainment")
        found[place]["plan_lead"] = None if attained is None else attained - expected
    for place, figures in reviews(company, when, by).items():
        found[place]["review_adherence"] = figures["review_adherence"]
    _together(company, when, by, found)
    _service(company, first, last, by, found)
    return found


def _money(figures: Figures, now: Figures) -> None:
    figures["contribution_pct"] = now.get("contribution_pct")
    known = now["net_sales"] - now["margin_unknown"]
    if now.get("economic_profit") is not None and known > 0:
        figures["economic_profit_pct"] = now["economic_profit"] / known


def _together(company: Company, when: date, by: str | None, found: dict[Any, Figures]) -> None:
    with_customer = [row for row in company.files["reviews"] if row["kind"] in ("quarter", "annual", "strat_day")]
    for place, own in parts(with_customer, by).items():
        rows = [(date.fromisoformat(r["due_date"]), day(r["held_date"])) for r in own]
        due = [held for at, held in rows if at <= when and (when - at).days < 365]
        held_days = [held for _, held in rows if held and held <= when]
        if due:
            found[place]["customer_reviews"] = Decimal(sum(bool(h and h <= when) for h in due)) / len(due)
        if held_days:
            found[place]["days_since_customer_review"] = (when - max(held_days)).days
    for place, own in parts(newest(company, when), by).items():
        plan_ids = {plan["plan_id"] for plan in own}
        stones = [m for m in company.files["milestones"] if m["plan_id"] in plan_ids and m["owner_side"]]
        if stones:
            found[place]["joint_milestones"] = Decimal(sum(m["owner_side"] == "customer" for m in stones)) / len(stones)


def _service(company: Company, first: date, last: date, by: str | None, found: dict[Any, Figures]) -> None:
    done: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in company.files["cost_drivers"]:
        if first <= date.fromisoformat(f"{row['month']}-01") <= last:
            done[row[by] if by else None][row["activity"]] += Decimal(row["quantity"])
    for place, counts in done.items():
        if counts["orders"]:
            for name, activity in (
                ("returns_per_order", "returns"),
                ("rush_per_order", "rush_orders"),
                ("complaint_hours_per_order", "complaint_hours"),
            ):
                found[place][name] = counts[activity] / counts["orders"]
