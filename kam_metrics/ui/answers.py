"""Answers of the metrics for this reader, remembered until the store changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import streamlit as st

from kam_metrics import metrics
from kam_metrics.metrics import Answer
from kam_metrics.metrics.spine import year_earlier
from kam_metrics.terms import Scenario, Slice
from kam_metrics.ui.here import current

T = TypeVar("T")
MOST_REMEMBERED = 2048


def ask(metric: Callable[..., T], *args: Any, seen: Slice | None = None, **options: Any) -> T:
    """What a metric answers for this reader; asked of the store once per revision."""
    run = current()
    narrowed = seen or run.seen
    asked = (f"{metric.__module__}.{metric.__qualname__}", args, tuple(sorted(options.items())))
    key = (str(run.store.path), run.world.revision, tuple(narrowed.params().items()))
    answer: T = _remembered(key, asked, lambda: metric(run.world, narrowed, *args, **options))
    return answer


def measure(*keys: str, by: Sequence[str] = (), seen: Slice | None = None) -> Answer:
    """Figures for this reader."""
    return ask(metrics.measure, *keys, by=tuple(by), seen=seen)


@st.cache_resource(max_entries=MOST_REMEMBERED, show_spinner=False)
def _remembered(key: tuple[Any, ...], asked: tuple[Any, ...], _answer: Callable[[], Any]) -> Any:
    """The one cache of figures: its key holds the store, its revision, the whole scope and every parameter."""
    return _answer()


def comparable() -> tuple[Slice, Slice]:
    """What to compare and with what: the same days a year earlier, or the same whole months of the plan."""
    run = current()
    if run.against == "last_year":
        return run.seen, _year_earlier(run.seen)
    return plan_months(run.seen)


def plan_months(seen: Slice) -> tuple[Slice, Slice]:
    """Actual and budget over the months that are complete: a plan says nothing about half a month."""
    next_day = seen.last_day + timedelta(days=1)
    last = seen.last_day if next_day.day == 1 else seen.last_day.replace(day=1) - timedelta(days=1)
    if last < seen.first_day:
        last = seen.last_day
    whole = replace(seen, to_date=last)
    return whole, replace(whole, scenario=Scenario.BUDGET)


def _year_earlier(seen: Slice) -> Slice:
    return replace(
        seen,
        as_of=year_earlier(seen.as_of),
        from_date=seen.from_date and year_earlier(seen.from_date),
        to_date=seen.to_date and year_earlier(seen.to_date),
    )
