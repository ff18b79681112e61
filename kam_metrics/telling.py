"""How figures, accounts, plans and alignment are told in words: the same on a page, in a file and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kam_metrics import words
from kam_metrics.metrics import MEASURES
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import PHASES, Against, Slice
from kam_metrics.words import say

ON_SCHEDULE = frozenset({"on_schedule", "ahead"})
LIVE = ON_SCHEDULE | {"behind", "unmeasured"}
"""States of a plan that somebody works on."""


def amount(lang: str, key: str, value: object, *, in_full: bool = False) -> str:
    """A figure of a measure, as its unit is written in the language."""
    match MEASURES[key].unit, value:
        case _, None:
            return words.unknown(lang)
        case "EUR", Decimal():
            return words.money(lang, value) if in_full else words.thousands(lang, value)
        case "share", float() | int():
            return words.share(lang, value)
        case "days", float() | int():
            shown = words.number(lang, value, 0)
            return say(lang, "ui.one_day" if shown == "1" else "ui.days", days=shown)
        case "score", float() | int():
            return words.number(lang, value, 2)
        case _, float() | int():
            return words.number(lang, value, 0 if isinstance(value, int) else 1)
        case _:
            return str(value)


def change(lang: str, key: str, now: Any, then: Any, against: Against) -> tuple[str | None, bool | None]:
    """By how much a measure rose or fell, and whether that is good; None where there is nothing to compare."""
    if now is None or then is None:
        return None, None
    difference = now - then
    declared = MEASURES[key]
    sign = "▲" if difference > 0 else "▼" if difference < 0 else "="
    if declared.unit == "share":
        size = say(lang, "ui.points", points=words.number(lang, abs(float(difference)) * 100, 1))
    else:
        size = amount(lang, key, abs(difference))
    is_good = (
        None if not difference or declared.better == "neither" else (difference > 0) == (declared.better == "higher")
    )
    return f"{sign} {size} {say(lang, f'ui.than_{against}')}", is_good


def period(lang: str, seen: Slice) -> str:
    """Which days the figures are about."""
    if seen.from_date is None:
        return say(lang, "ui.until", last=seen.last_day)
    return say(lang, "ui.from_to", first=seen.from_date, last=seen.last_day)


def portfolio(lang: str, total: Row, rows: Sequence[Row]) -> str:
    """What the portfolio earns, and how many key accounts cost money."""
    if total["net_sales"] is None:
        return say(lang, "headline.portfolio_empty")
    if total["contribution"] is None:
        return say(lang, "headline.portfolio_sales", amount=words.thousands(lang, total["net_sales"]))
    losers = sum(1 for row in rows if row["contribution"] is not None and row["contribution"] < 0)
    told = words.thousands(lang, abs(total["contribution"]))
    how_many = {0: "none", 1: "one"}.get(losers, "many")
    loses = "loss_" if total["contribution"] < 0 else ""
    return say(lang, f"headline.portfolio_{loses}{how_many}", amount=told, count=losers)


def account(lang: str, name: str, contribution: Decimal | None) -> str:
    """What an account contributes or costs."""
    if contribution is None:
        return name
    key = "headline.account_costs" if contribution < 0 else "headline.account_earns"
    return say(lang, key, name=name, amount=words.thousands(lang, abs(contribution)))


def standing(lang: str, account: Row, plan: Row | None) -> str:
    """Whose account it is, since when it is a key account, and when it is next reviewed."""
    none = words.unknown(lang)
    segment = say(lang, f"segment.{account['segment']}") if account["segment"] else none
    kam, sponsor = account["kam_name"] or none, account["sponsor_name"] or none
    parts = [say(lang, "ui.account_line", kam=kam, sponsor=sponsor, segment=segment)]
    if account["key_since"]:
        parts.append(say(lang, "ui.key_since", day=account["key_since"]))
    if plan:
        next_review = plan["next_review"]
        parts.append(say(lang, "ui.next_review", day=next_review) if next_review else say(lang, "ui.no_next_review"))
    return " · ".join(parts)


def on_schedule(lang: str, rows: Sequence[Row]) -> tuple[str, str | None]:
    """How many of the key accounts have a plan on schedule, and how many a live one."""
    states = [row["plan"]["state"] for row in rows if row["plan"]]
    if not any(row["plan"] and row["plan"]["plan_id"] for row in rows):
        return words.unknown(lang), None
    value = f"{sum(state in ON_SCHEDULE for state in states)} / {len(states)}"
    return value, say(lang, "ui.plans_live", live=sum(state in LIVE for state in states))


def moved(lang: str, elements: Sequence[Row]) -> tuple[str, str | None]:
    """How many of the seven elements moved demonstrably, and their mean; no level is good or bad."""
    proven = [row for row in elements if row["is_change_proven"]]
    up = sum(row["element_change"] > 0 for row in proven)
    value = say(lang, "ui.moved", up=up, down=len(proven) - up) if elements else words.unknown(lang)
    scores = [row["element_score"] for row in elements if row["element_score"] is not None]
    if not scores:
        return value, None
    return value, say(lang, "ui.mean_score", score=words.number(lang, sum(scores) / len(scores), 1))


def step(lang: str, key: str) -> str:
    """A step of the waterfall: a measure, a line type, or an activity as the company calls it."""
    for group in ("measure", "activity"):
        if words.has(lang, f"{group}.{key}"):
            return say(lang, f"{group}.{key}")
    return key.replace("_", " ").capitalize()


def pace(lang: str, plan: Row) -> str:
    """Attainment beside what is expected today, and where this pace leads."""
    if plan["attainment"] is None:
        return say(lang, "ui.no_pace")
    attained, expected, forecast = (words.share(lang, plan[name], 0) for name in ("attainment", "expected", "forecast"))
    return say(lang, "ui.pace", attained=attained, expected=expected, forecast=forecast)


def terms(lang: str, days: int | None, country: str | None, longest_terms: str) -> str:
    """The payment term agreed with an account, and whether the law of its country (`NL 30, BE 60`) allows it."""
    if days is None:
        return say(lang, "ui.terms_unknown")
    told = amount(lang, "days_to_pay", days)
    by_law = dict(one.upper().split() for one in longest_terms.split(",") if one.strip())
    most = by_law.get((country or "").upper())
    if most is None or days <= int(most):
        return say(lang, "ui.terms", days=told)
    return say(lang, "ui.terms_too_long", days=told, most=most, country=(country or "").upper())


def plan_day(lang: str, plan: Row) -> str:
    """Which of the 90 days it is."""
    number = plan["day_number"]
    return say(lang, "ui.plan_day" if number <= PHASES[-1] else "ui.plan_over", day=number)


def signature(lang: str, plan: Row) -> str:
    """Who signed the plan off, if anybody did."""
    if not plan["is_signed"]:
        return say(lang, "ui.unsigned")
    none = words.unknown(lang)
    return say(lang, "ui.signed", who=plan["signed_by"] or none, day=plan["signed_on"] or none)


def element_change(lang: str, row: Row) -> str:
    """The change since the round before; an arrow only where it is more than chance."""
    value = row["element_change"]
    if value is None:
        return words.unknown(lang)
    arrow = ("▲ " if value > 0 else "▼ ") if row["is_change_proven"] else ""
    return f"{arrow}{'+' if value > 0 else ''}{words.number(lang, value, 2)}"


def verdict(lang: str, row: Row) -> str:
    """What may be said of agreement and change, and no more."""
    if row.get("why"):
        return words.why(lang, row["why"])
    told = ["two_camps"] if row["is_two_camps"] else []
    if row["is_agreed"] is not None and not row["is_two_camps"]:
        told.append("agreed" if row["is_agreed"] else "not_agreed")
    told.append("changed" if row["is_change_proven"] else "no_change")
    return " ".join(say(lang, f"verdict.{key}") for key in told)


def peak(points: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The highest point of the whale curve, which begins at nothing."""
    return max(({"rank": 0, "cumulative": Decimal(0)}, *points), key=lambda point: point["cumulative"])


def peak_and_tail(lang: str, points: Sequence[Mapping[str, Any]], gap: str = " ") -> tuple[str, str]:
    """How high the whale curve rises, after how many accounts, and what the rest takes away again."""
    highest, last = peak(points), points[-1]
    height, total = highest["cumulative"], last["cumulative"]
    lost = height - total
    risen = words.share(lang, height / total, 0) if total > 0 else words.thousands(lang, height)
    top = say(lang, "figures.whale.peak", height=risen, rank=highest["rank"], accounts=last["rank"])
    if not height:
        top = say(lang, "figures.whale.no_peak")
    if not lost:
        return top, say(lang, "figures.whale.no_tail")
    tail = last["rank"] - highest["rank"]
    return top, say(lang, "figures.whale.tail", gap=gap, accounts=tail, lost=words.thousands(lang, lost))


def customer(row: Row) -> str:
    """A customer number of the worklist, with the system and the company that gave it."""
    return " · ".join(filter(None, (row["unmapped_ref"], row["source_system"], row["company_code"])))
