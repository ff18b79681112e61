"""Figures about euros: where they go, how they stand against plan and last year, what is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from kam_metrics import words
from kam_metrics.figures.look import (
    BESIDE,
    CLEAR,
    Drawing,
    Look,
    Rows,
    as_float,
    beside,
    draw,
    euro_axis,
    listed,
    nothing,
    safe,
)
from kam_metrics.terms import AGEING

ROW = 34
"""Height in pixels of one bar with its label."""


def waterfall(steps: Rows, look: Look) -> Drawing:
    """From the first total to the last. Rows: `label`, `amount`, `total` (true for a sum, false for a step)."""
    rows = [row for row in steps if row["amount"] is not None]
    if not rows:
        return nothing(look)
    palette = look.palette
    labels = [look.short(row["amount"]) if row["total"] else look.change(row["amount"]) for row in rows]
    trace = go.Waterfall(
        orientation="h",
        y=[safe(row["label"]) for row in rows],
        x=[as_float(row["amount"]) for row in rows],
        measure=["absolute" if row["total"] else "relative" for row in rows],
        hovertext=[look.money(row["amount"]) for row in rows],
        hovertemplate="%{y}<br>%{hovertext}<extra></extra>",
        connector={"line": {"color": palette.line, "width": 1}},
        increasing={"marker": {"color": palette.good}},
        decreasing={"marker": {"color": palette.bad}},
        totals={"marker": {"color": palette.total}},
    )
    alt = look.say("waterfall.alt", steps=listed(rows, labels))
    return draw(look, [trace], alt, waterfallgap=0.35, **_ladder(look, rows, labels))


def _ladder(look: Look, rows: Sequence[Mapping[str, Any]], amounts: Sequence[str]) -> dict[str, Any]:
    """Bars under each other with their amounts in a column of their own, which stays readable on a phone."""
    notes = [beside(look, row["label"], amount) for row, amount in zip(rows, amounts, strict=True)]
    axis = {"visible": False, "zeroline": True}
    return {"height": 24 + ROW * len(rows), "x": axis, "y": _labels(look), "margin": BESIDE, "annotations": notes}


def _labels(look: Look) -> dict[str, Any]:
    return {"autorange": "reversed", "type": "category", "tickfont": {"color": look.palette.text}, "ticks": ""}


def bullet(lines: Rows, look: Look) -> Drawing:
    """Actual against plan and last year. Rows: `label`, `actual`, `plan` or None, `previous` or None."""
    rows = [row for row in lines if row["actual"] is not None]
    if not rows:
        return nothing(look)
    palette, y = look.palette, [safe(row["label"]) for row in rows]
    hover = "%{y}<br>%{fullData.name}: %{hovertext}<extra></extra>"

    def bars(column: str, width: float, colour: str) -> go.Bar:
        return go.Bar(
            orientation="h",
            name=look.say(column),
            y=y,
            x=[as_float(row[column]) for row in rows],
            width=width,
            marker={"color": colour},
            hovertext=[look.money(row[column]) for row in rows],
            hovertemplate=hover,
        )

    plan = go.Scatter(
        name=look.say("plan"),
        y=y,
        x=[as_float(row["plan"]) for row in rows],
        mode="markers",
        marker={"symbol": "line-ns", "size": 20, "line": {"color": palette.text, "width": 3}},
        hovertext=[look.money(row["plan"]) for row in rows],
        hovertemplate=hover,
    )
    texts = [_against_plan(look, row) for row in rows]
    traces = [bars("previous", 0.72, palette.soft), bars("actual", 0.36, palette.good), plan]
    amounts = [row[column] for row in rows for column in ("actual", "plan", "previous")]
    return draw(
        look,
        traces,
        look.say("bullet.alt", lines=listed(rows, texts)),
        height=72 + 40 * len(rows),
        x=euro_axis(look, amounts),
        y=_labels(look),
        barmode="overlay",
        showlegend=True,
        margin=BESIDE,
        annotations=[_variance(look, row) for row in rows if row["plan"] is not None],
    )


def _against_plan(look: Look, row: Mapping[str, Any]) -> str:
    if row["plan"] is None:
        return look.short(row["actual"])
    return look.say("bullet.line", actual=look.short(row["actual"]), change=look.change(row["actual"] - row["plan"]))


def _variance(look: Look, row: Mapping[str, Any]) -> dict[str, Any]:
    change = row["actual"] - row["plan"]
    return beside(look, row["label"], look.change(change), look.palette.bad if change < 0 else look.palette.good)


def month_line(months: Rows, look: Look) -> Drawing:
    """Actual solid, previous year light, plan as a tick. Rows: `month`, `actual`, `previous`, `plan` or None."""
    rows = list(months)
    if not any(row["actual"] is not None for row in rows):
        return nothing(look)
    palette = look.palette
    styles: dict[str, dict[str, Any]] = {
        "previous": {"mode": "lines", "line": {"color": palette.soft, "width": 2}},
        "plan": {
            "mode": "markers",
            "marker": {"symbol": "line-ew", "size": 7, "line": {"color": palette.text, "width": 2}},
        },
        "actual": {
            "mode": "lines+markers",
            "line": {"color": palette.good, "width": 2.5},
            "marker": {"color": palette.good, "size": 5},
        },
    }
    given = [name for name in styles if any(row[name] is not None for row in rows)]
    traces = [
        go.Scatter(
            name=look.say(name),
            x=[row["month"] for row in rows],
            y=[as_float(row[name]) for row in rows],
            connectgaps=False,
            hovertext=[f"{words.month(look.lang, row['month'])} · {look.money(row[name])}" for row in rows],
            hovertemplate="%{fullData.name}<br>%{hovertext}<extra></extra>",
            **styles[name],
        )
        for name in given
    ]
    amounts = [row[name] for row in rows for name in given]
    return draw(
        look,
        traces,
        _months_alt(look, rows),
        height=300,
        x={"type": "date", "tickformat": "%b\n%Y", "nticks": 9, "hoverformat": "%b %Y"},
        y=euro_axis(look, amounts),
        showlegend=True,
    )


def day_lines(months: Rows, keys: Sequence[str], look: Look) -> Drawing:
    """Days by month: the first key solid and marked, the others beside it. Rows: `month` and every key, or None."""
    rows = list(months)
    if not any(row[keys[0]] is not None for row in rows):
        return nothing(look)
    palette = look.palette
    styles = [(palette.good, "solid", 2.5), (palette.muted, "dash", 1.5), (palette.muted, "dot", 1.5)]
    traces = [
        go.Scatter(
            name=words.say(look.lang, f"measure.{key}"),
            x=[row["month"] for row in rows],
            y=[as_float(row[key]) for row in rows],
            mode="lines+markers" if key == keys[0] else "lines",
            line={"color": colour, "dash": dash, "width": width},
            hovertemplate="%{fullData.name}<br>%{y:.0f}<extra></extra>",
        )
        for key, (colour, dash, width) in zip(keys, styles, strict=False)
    ]
    known = [row for row in rows if row[keys[0]] is not None]
    alt = look.say(
        "day_lines.alt",
        name=words.say(look.lang, f"measure.{keys[0]}"),
        first=words.month(look.lang, known[0]["month"]),
        last=words.month(look.lang, known[-1]["month"]),
        begin=words.number(look.lang, known[0][keys[0]], 0),
        end=words.number(look.lang, known[-1][keys[0]], 0),
    )
    x = {"type": "date", "tickformat": "%b\n%Y", "nticks": 9, "hoverformat": "%b %Y"}
    return draw(look, traces, alt, height=300, x=x, y={"rangemode": "tozero", "nticks": 6}, showlegend=True)


def _months_alt(look: Look, rows: Sequence[Mapping[str, Any]]) -> str:
    known = [row for row in rows if row["actual"] is not None]
    first, last = known[0], known[-1]
    return look.say(
        "month_line.alt",
        first=words.month(look.lang, first["month"]),
        last=words.month(look.lang, last["month"]),
        begin=look.short(first["actual"]),
        end=look.short(last["actual"]),
        plan=look.short(last["plan"]),
        previous=look.short(last["previous"]),
    )


def ageing_bar(buckets: Rows, look: Look) -> Drawing:
    """What is open by days overdue. Rows: `ageing_bucket`, `receivables_open`."""
    amounts = {row["ageing_bucket"]: row["receivables_open"] for row in buckets if row["receivables_open"] is not None}
    rows = [
        {"bucket": bucket, "label": look.say(f"ageing.{bucket}"), "amount": amounts[bucket]}
        for bucket in AGEING
        if bucket in amounts
    ]
    if not rows:
        return nothing(look)
    palette = look.palette
    colours = {"not_due": palette.good, **dict(zip(AGEING[2:6], palette.overdue, strict=True))}
    texts = [look.short(row["amount"]) for row in rows]
    trace = go.Bar(
        orientation="h",
        y=[safe(row["label"]) for row in rows],
        x=[as_float(row["amount"]) for row in rows],
        marker={
            "color": [colours.get(row["bucket"], CLEAR) for row in rows],
            "line": {"width": 1.5, "color": [colours.get(row["bucket"], palette.muted) for row in rows]},
        },
        hovertext=[look.money(row["amount"]) for row in rows],
        hovertemplate="%{y}<br>%{hovertext}<extra></extra>",
    )
    alt = look.say("ageing.alt", buckets=listed(rows, texts))
    return draw(look, [trace], alt, bargap=0.35, **_ladder(look, rows, texts))
