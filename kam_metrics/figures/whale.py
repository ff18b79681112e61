"""The whale curve: who earns the profit, and who costs it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from kam_metrics import telling
from kam_metrics.figures.look import Drawing, Look, Rows, draw, euro_axis, nothing, safe

MOST_POINTS = 150
"""Points on a curve: one for every four of the screen's. A browser needs 3 s of CPU for 20,000 that look the same."""


def whale_curve(points: Rows, look: Look) -> Drawing:
    """Contribution added up from the most to the least profitable account.

    Rows in that order: `rank` from 1, `cumulative`; `account_name` may say whose point it is, `low` and `high` between
    which the curve runs at the high and the low rates of activities. In per cent of the total, or in euros when the
    total is not above zero and a percentage would mean nothing.
    """
    rows = list(points)
    if not rows:
        return nothing(look)
    total = rows[-1]["cumulative"]
    peak = telling.peak(rows)
    shown = thinned(rows, peak)
    scale = total / 100 if total > 0 else Decimal(1)
    ys = [0.0, *(_height(row["cumulative"], scale) for row in shown)]
    palette = look.palette
    names = ["", *(safe(row.get("account_name") or "") for row in shown)]
    line = go.Scatter(
        x=[0, *(row["rank"] for row in shown)],
        y=ys,
        mode="lines",
        line={"color": palette.good, "width": 2.5},
        customdata=[
            ["", ""],
            *([name, look.money(row["cumulative"])] for name, row in zip(names[1:], shown, strict=True)),
        ],
        hovertemplate="%{x} · %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )
    ends = go.Scatter(
        x=[peak["rank"], rows[-1]["rank"]],
        y=[_height(peak["cumulative"], scale), _height(total, scale)],
        mode="markers",
        marker={"color": [palette.good, palette.bad if peak is not rows[-1] else palette.good], "size": 9},
        hoverinfo="skip",
    )
    axis = {"showgrid": True, "gridcolor": palette.line, "ticksuffix": "%"} if total > 0 else euro_axis(look, ys)
    told = telling.peak_and_tail(look.lang, rows)
    notes = telling.peak_and_tail(look.lang, rows, gap="<br>")
    return draw(
        look,
        [*_band(look, shown, scale), line, ends],
        look.say("whale.alt", accounts=rows[-1]["rank"], peak=told[0], tail=told[1]),
        height=320,
        x=_ranks(look, rows[-1]["rank"]),
        y={"nticks": 6} | axis | {"zeroline": True, "zerolinecolor": palette.muted},
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        annotations=_notes(look, (peak, rows[-1]), notes, scale),
    )


def _band(look: Look, rows: Rows, scale: Decimal) -> list[go.Scatter]:
    """Where the curve may run; nothing when no activity has another low or high rate."""
    if not any(row.get("low", row["cumulative"]) != row.get("high", row["cumulative"]) for row in rows):
        return []
    edge = {"x": [0, *(row["rank"] for row in rows)], "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    low, high = ([0.0, *(_height(row[name], scale) for row in rows)] for name in ("low", "high"))
    return [go.Scatter(y=low, **edge), go.Scatter(y=high, fill="tonexty", fillcolor=look.palette.line, **edge)]


def _height(amount: Decimal, scale: Decimal) -> float:
    """No more digits than a screen can show: they are most of what a curve weighs."""
    return round(float(amount / scale), 2)


def _ranks(look: Look, last: int) -> dict[str, Any]:
    title = {"text": look.say("whale.axis"), "font": {"color": look.palette.muted, "size": 12}}
    return {"title": title, "rangemode": "tozero", "tickformat": ",d", "dtick": 1 if last <= 10 else None}


def thinned(rows: Sequence[Mapping[str, Any]], peak: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """As many points as a curve needs, its peak and its end among them."""
    if len(rows) < MOST_POINTS:
        return list(rows)
    room = MOST_POINTS - 3
    kept = {index * (len(rows) - 1) // room for index in range(room + 1)} | {max(0, peak["rank"] - 1)}
    return [rows[index] for index in sorted(kept)]


def _notes(look: Look, rows: Sequence[Mapping[str, Any]], texts: Sequence[str], scale: Decimal) -> list[dict[str, Any]]:
    """The peak is named above the curve, the tail below its end."""
    peak, last = rows
    third = peak["rank"] * 3 // (last["rank"] + 1)
    anchor = ("left", "center", "right")[third]
    notes = [_note(peak, texts[0], scale, anchor, "bottom", look.palette.text)]
    if peak is not last:
        notes.append(_note(last, texts[1], scale, "right", "top", look.palette.bad))
    return notes


def _note(
    row: Mapping[str, Any], text: str, scale: Decimal, x_anchor: str, y_anchor: str, colour: str
) -> dict[str, Any]:
    return {
        "x": row["rank"],
        "y": _height(row["cumulative"], scale),
        "text": text,
        "showarrow": False,
        "xanchor": x_anchor,
        "align": x_anchor,
        "yanchor": y_anchor,
        "yshift": 8 if y_anchor == "bottom" else -10,
        "font": {"color": colour},
    }
