"""Figures about plans and people: where a 90-30 plan stands, and how far colleagues agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from kam_metrics import words
from kam_metrics.figures.look import BESIDE, Drawing, Look, Rows, as_float, beside, draw, listed, nothing, safe
from kam_metrics.terms import PHASES

LOWEST, HIGHEST = 1, 5
"""The ends of the questionnaire's scale."""


def phase_strip(phases: Rows, look: Look, *, day: int) -> Drawing:
    """Day 0 to 90 and today. Rows: `phase` (30, 60, 90) and `state` (done, behind, open, unknown)."""
    rows = list(phases)
    if not rows:
        return nothing(look)
    palette = look.palette
    colours = {"done": palette.good, "behind": palette.bad, "open": palette.muted, "unknown": palette.muted}
    signs = {"done": "✓ ", "behind": "▼ ", "open": "", "unknown": "? "}
    states = [look.say(f"phase.{row['state']}") for row in rows]
    marks = go.Scatter(
        x=[row["phase"] for row in rows],
        y=[0] * len(rows),
        mode="markers+text",
        marker={
            "size": 16,
            "symbol": "circle",
            "color": [colours[row["state"]] if row["state"] == "done" else palette.surface for row in rows],
            "line": {"width": 2.5, "color": [colours[row["state"]] for row in rows]},
        },
        text=[f"{signs[row['state']]}{state}" for row, state in zip(rows, states, strict=True)],
        textposition="bottom center",
        textfont={"color": [colours[row["state"]] for row in rows]},
        cliponaxis=False,
        hovertemplate="%{x} · %{text}<extra></extra>",
    )
    today = go.Scatter(
        x=[min(max(day, 0), PHASES[-1])],
        y=[0],
        mode="markers+text",
        marker={"size": 13, "symbol": "diamond", "color": palette.text},
        text=[look.say("phase.today", day=day)],
        textposition="top center",
        cliponaxis=False,
        hoverinfo="skip",
    )
    told = "; ".join(f"{row['phase']} {state}" for row, state in zip(rows, states, strict=True))
    return draw(
        look,
        [_track(look), marks, today],
        look.say("phase.alt", day=day, phases=told),
        height=116,
        x={"range": [-6, 98], "tickvals": [0, *PHASES], "showline": False, "ticks": ""},
        y={"visible": False, "range": [-1, 1]},
    )


def _track(look: Look) -> go.Scatter:
    return go.Scatter(
        x=[0, PHASES[-1]],
        y=[0, 0],
        mode="lines",
        line={"color": look.palette.line, "width": 3},
        hoverinfo="skip",
    )


def dot_dispersion(scores: Rows, look: Look) -> Drawing:
    """Scores with their confidence interval; a measure of progress, so no line says how high they ought to be.

    Rows: `label`, `score`, `low`, `high`, `n`, `previous`; score is None where too few people answered.
    """
    rows = list(scores)
    if not rows:
        return nothing(look)
    palette, labels = look.palette, [safe(row["label"]) for row in rows]
    then = go.Scatter(
        name=look.say("dots.then"),
        y=labels,
        x=[as_float(row["previous"]) for row in rows],
        mode="markers",
        marker={"symbol": "circle-open", "size": 11, "color": palette.level, "line": {"width": 1.5}},
        hovertemplate="%{y}<br>%{fullData.name}: %{x:.1f}<extra></extra>",
    )
    now = go.Scatter(
        name=look.say("dots.now"),
        y=labels,
        x=[as_float(row["score"]) for row in rows],
        error_x=_interval(look, rows),
        mode="markers",
        marker={"symbol": "circle", "size": 11, "color": palette.level},
        hovertext=[_score(look, row) for row in rows],
        hovertemplate="%{y}<br>%{hovertext}<extra></extra>",
    )
    has_then = any(row["previous"] is not None for row in rows)
    told = listed(rows, [_score(look, row) for row in rows])
    return draw(
        look,
        [then, now] if has_then else [now],
        look.say("dots.alt", scores=told),
        height=60 + 34 * len(rows),
        x={
            "range": [LOWEST - 0.15, HIGHEST + 0.15],
            "tickvals": list(range(LOWEST, HIGHEST + 1)),
            "showgrid": True,
            "gridcolor": palette.line,
        },
        y={"autorange": "reversed", "type": "category", "tickfont": {"color": palette.text}},
        margin=BESIDE,
        showlegend=has_then,
        annotations=[_beside(look, row) for row in rows],
    )


def _interval(look: Look, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    def reach(row: Mapping[str, Any], end: str) -> float:
        known = row["score"] is not None and row[end] is not None
        return abs(float(row[end]) - float(row["score"])) if known else 0.0

    return {
        "type": "data",
        "symmetric": False,
        "array": [reach(row, "high") for row in rows],
        "arrayminus": [reach(row, "low") for row in rows],
        "color": look.palette.level,
        "thickness": 2,
        "width": 5,
    }


def _score(look: Look, row: Mapping[str, Any]) -> str:
    if row["score"] is None:
        return look.say("dots.too_few")
    low, high = (words.number(look.lang, row[end], 1) for end in ("low", "high"))
    return look.say("dots.score", score=words.number(look.lang, row["score"], 1), low=low, high=high, n=row["n"])


def _beside(look: Look, row: Mapping[str, Any]) -> dict[str, Any]:
    if row["score"] is None:
        return beside(look, row["label"], look.say("dots.too_few"), look.palette.muted)
    text = look.say("dots.beside", score=words.number(look.lang, row["score"], 1), n=row["n"])
    return beside(look, row["label"], text)
