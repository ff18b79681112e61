"""Answers of the metrics for this reader, remembered until the store changes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from kam_metrics import metrics
from kam_metrics.figures import Drawing
from kam_metrics.metrics import Answer
from kam_metrics.metrics.beside import beside
from kam_metrics.store import Store, World
from kam_metrics.terms import Slice
from kam_metrics.ui.here import current

T = TypeVar("T")
MOST_REMEMBERED = 2048


def ask(metric: Callable[..., T], *args: Any, seen: Slice | None = None, **options: Any) -> T:
    """What a metric answers for this reader, or what is made of its answer; worked out once per revision.

    The key is one text: Streamlit takes longer to hash its parts one by one than a page takes to draw.
    """
    run = current()
    narrowed = seen or run.seen
    asked = (_name(metric), args, sorted(options.items()))
    key = repr((str(run.store.path), run.world.revision, narrowed, asked))
    answer: T = run.world.once(key, lambda: _remembered(key, lambda: metric(run.world, narrowed, *args, **options)))
    return answer


def measure(*keys: str, by: Sequence[str] = (), seen: Slice | None = None) -> Answer:
    """Figures for this reader."""
    return ask(metrics.measure, *keys, by=tuple(by), seen=seen)


def of_company(store: Store, world: World, metric: Callable[[World], T]) -> T:
    """What a metric of the whole company answers; worked out once per revision, before there is a run."""
    key = repr((str(store.path), world.revision, _name(metric)))
    answer: T = _remembered(key, lambda: metric(world))
    return answer


def drawn(draw: Callable[..., Drawing], *told: Any, **more: Any) -> Drawing:
    """A figure in the look of this run: the same rows are drawn once, whoever asks."""
    look = current().look
    key = repr((_name(draw), told, sorted(more.items()), look))
    drawing: Drawing = _remembered(key, lambda: draw(*told, look, **more))
    return drawing


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _answer(key: str, _make: Callable[[], Any]) -> Any:
    """The one cache of figures: its key holds the store, its revision, the whole scope and every parameter."""
    return _make()


# Streamlit asks for the signature at every call; to work it out anew takes longer than everything else it does.
_answer.__signature__ = inspect.signature(_answer)  # type: ignore[attr-defined]
_remembered = st.cache_resource(max_entries=MOST_REMEMBERED, show_spinner=False)(_answer)


def comparable() -> tuple[Slice, Slice]:
    """What to compare and with what: the same days a year earlier, or the same whole months of the plan."""
    return beside(current().seen, current().against)
