"""Money that came in and money that is expected, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from kam_metrics import words
from kam_metrics.figures.look import CLEAR, Drawing, Look, Rows, as_float, draw, euro_axis, nothing


def inflow_bars(weeks: Rows, look: Look) -> Drawing:
    """What came in solid, what is expected hatched on top of it, the late case as a tick.

    Rows: `week` (its Monday), `actual`, `expected` and `late`, each an amount or None.
    """
    rows = list(weeks)
    if not any(row[name] for row in rows for name in ("actual", "expected", "late")):
        return nothing(look)
    colour = look.palette.good
    hatched = {"color": CLEAR, "line": {"color": colour, "width": 1}, "pattern": {"shape": "/", "fgcolor": colour}}
    tick = {"symbol": "line-ew", "size": 12, "line": {"color": look.palette.text, "width": 2}}
    traces = [
        go.Bar(marker={"color": colour}, **_trace(look, rows, "actual")),
        go.Bar(marker=hatched, **_trace(look, rows, "expected")),
        go.Scatter(mode="markers", marker=tick, **{**_trace(look, rows, "late"), "y": _on_top(rows, "late")}),
    ]
    return draw(
        look,
        traces,
        _alt(look, rows),
        height=320,
        x={"type": "date", "tickformat": "%-d %b", "nticks": 8, "hoverformat": "%-d %b %Y"},
        y=euro_axis(look, [*_on_top(rows, "expected"), *_on_top(rows, "late"), *(row["actual"] for row in rows)]),
        barmode="stack",
        bargap=0.25,
        showlegend=True,
    )


def _trace(look: Look, rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    label = look.say(f"inflow.{name}")
    return {
        "name": label,
        "x": [row["week"] for row in rows],
        "y": [as_float(row[name]) for row in rows],
        "hovertext": [f"{look.say('inflow.week', day=row['week'])} · {look.money(row[name])}" for row in rows],
        "hovertemplate": f"{label}<br>%{{hovertext}}<extra></extra>",
    }


def _on_top(rows: Sequence[Mapping[str, Any]], name: str) -> list[float | None]:
    """In a week that has begun, the rest comes on top of what is in."""
    return [as_float(None if row[name] is None else row[name] + (row["actual"] or 0)) for row in rows]


def _alt(look: Look, rows: Sequence[Mapping[str, Any]]) -> str:
    expected = [row for row in rows if row["expected"]]
    parts = [f"{words.day(look.lang, row['week'])} {look.short(row['expected'])}" for row in expected]
    return look.say("inflow.alt", weeks="; ".join(parts) or look.say("nothing"))
