"""Health on the pages: six vitals as bars with what they weigh, what they come from, and why the whole moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from kam_metrics import metrics, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics import Health
from kam_metrics.metrics.health import Sign, VitalScore
from kam_metrics.metrics.spine import Unknown
from kam_metrics.terms import Slice, Vital
from kam_metrics.ui.answers import ask
from kam_metrics.ui.here import Way, current, page_link, say, to
from kam_metrics.ui.show import definition, listing

DAYS_BACK = 30
"""With which day health is compared: a review earlier."""
_COUNTED = frozenset({"average_days_late", "average_days_delinquent", "days_since_customer_review"})
_PER_ORDER = frozenset({"complaint_hours_per_order"})


def by_account() -> Mapping[str, Health]:
    """The health of every key account, whatever the period of the page."""
    return ask(metrics.key_health, seen=_whole(current().seen))


def table() -> None:
    """The vitals of the account this part of the page looks at; a row leads to the figures behind it."""
    seen = _whole(current().seen)
    earlier = replace(seen, as_of=seen.as_of - timedelta(days=DAYS_BACK))
    now, then = (next(iter(ask(metrics.health_by_account, seen=one).values()), None) for one in (seen, earlier))
    if now is None:
        st.caption(say("why.no_facts"))
        return
    st.markdown(_line(now, then), help=definition("health"))
    moved = _moved(then, now) if then else {}
    listing(
        [
            Heading(say("vital_column.vital")),
            Heading(say("vital_column.score"), help=say("formula.vital_score")),
            Heading(say("vital_column.weight"), is_number=True),
            Heading(say("vital_column.moved", days=DAYS_BACK), True, say("vital_column.moved_about", days=DAYS_BACK)),
            Heading(say("vital_column.figures")),
        ],
        [(_way(one.vital, str(seen.account_id)), _cells(one, moved, now)) for one in now.vitals],
        title=say("section.health"),
        key="vitals",
    )
    page_link("portfolio", say("ui.to_weights"), weights="now")


def _whole(seen: Slice) -> Slice:
    return replace(seen, from_date=None, to_date=None)


def _line(now: Health, then: Health | None) -> str:
    """What the vitals come to, how much of the weight is known, what moved, and by which weights."""
    lang = current().lang
    coverage = words.share(lang, float(now.coverage), 0)
    if now.whole is None:
        told = [say("health.unknown", coverage=coverage, fewest=words.share(lang, now.scoring.fewest_coverage, 0))]
    else:
        told = [say("health.whole", score=words.number(lang, metrics.tenths(now.whole), 1), coverage=coverage)]
        if then and then.whole is not None:
            difference = metrics.tenths(now.whole) - metrics.tenths(then.whole)
            told.append(say("health.moved", points=signed(difference), days=DAYS_BACK))
    if now.red:
        told.append(say("health.red", vitals=", ".join(say(f"vital.{one.vital}") for one in now.red)))
    return " · ".join([*told, say("health.version", version=now.scoring.version)])


def _moved(then: Health, now: Health) -> Mapping[Vital, str]:
    """What each vital did to the whole, in tenths that add up to what is shown."""
    parts = metrics.why_moved(then, now)
    if not parts or then.whole is None or now.whole is None:
        return {}
    total = metrics.tenths(now.whole) - metrics.tenths(then.whole)
    shown = metrics.in_tenths([part.points for part in parts], total)
    return {
        part.vital: signed(points) + ("" if part.how == "moved" else f" ({say(f'health.{part.how}')})")
        for part, points in zip(parts, shown, strict=True)
    }


def signed(points: object) -> str:
    """A difference in points, with its sign."""
    shown = words.number(current().lang, points, 1)  # type: ignore[arg-type]
    return shown if shown.startswith(words.MINUS) else f"+{shown}"


def _cells(one: VitalScore, moved: Mapping[Vital, str], now: Health) -> tuple[Cell, ...]:
    lang = current().lang
    weight = float(one.weight)
    score = None if one.score is None else float(one.score)
    is_red = any(red.vital is one.vital for red in now.red)
    told = words.number(lang, score, 0)
    figures = " · ".join(_sign(sign) for sign in one.signs if sign.score is not None)
    return (
        Cell(say(f"vital.{one.vital}")),
        Cell(f"▼ {told}" if is_red else told, "", score, "bad" if is_red else "", score, "score", bar=score),
        Cell(words.number(lang, weight, 0), order=weight, value=weight, unit="score"),
        Cell(moved.get(one.vital, words.unknown(lang))),
        Cell(figures or words.why(lang, one.why), tone="" if figures else "muted"),
    )


def _sign(sign: Sign) -> str:
    """A figure behind a vital and the points it earns."""
    lang = current().lang
    points = words.number(lang, None if sign.score is None else float(sign.score), 0)
    return say("health.sign", name=say(f"vital_short.{sign.name}"), value=_figure(sign), points=points)


def _figure(sign: Sign) -> str:
    lang = current().lang
    if isinstance(sign.figure, Unknown):
        return words.unknown(lang)
    value = float(sign.figure)
    if sign.name in _COUNTED:
        return say("ui.days_short", days=words.number(lang, value, 0))
    return words.number(lang, value, 2) if sign.name in _PER_ORDER else words.share(lang, value, 0)


def _way(vital: Vital, account_id: str) -> Way:
    """Where the figures behind a vital are told."""
    plan = next((row["plan_id"] for row in ask(metrics.plan_overview) if row["plan_id"]), None)
    if vital in (Vital.PLAN, Vital.RELATIONSHIP):
        return to("plan", plan=plan) if plan else to("plan")
    return to("profit", account=account_id)
