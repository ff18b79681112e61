"""How every figure looks: the palette in light and dark, the frame, and plotly's settings per language."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Any, Literal, NamedTuple

import plotly.graph_objects as go
from babel import Locale

from kam_metrics import words

Theme = Literal["light", "dark"]
Rows = Iterable[Mapping[str, Any]]
FONT = "Inter, system-ui, sans-serif"
CLEAR = "rgba(0,0,0,0)"
BESIDE = {"l": 8, "r": 92, "t": 8, "b": 8}
"""Margins with a column for the figures beside the bars."""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme; text reaches a contrast of 4.5:1 and marks 3:1, but for what stays behind."""

    surface: str
    text: str
    muted: str
    line: str
    good: str
    bad: str
    total: str
    soft: str
    level: str
    overdue: tuple[str, str, str, str]
    """From just overdue to long overdue."""

    @property
    def colours(self) -> frozenset[str]:
        """Every colour a figure may use."""
        single = {
            self.surface,
            self.text,
            self.muted,
            self.line,
            self.good,
            self.bad,
            self.total,
            self.soft,
            self.level,
        }
        return frozenset(single | set(self.overdue) | {CLEAR})


PALETTES: Mapping[Theme, Palette] = {
    "light": Palette(
        surface="#FFFFFF",
        text="#0F1820",
        muted="#5B6873",
        line="#D5DBE0",
        good="#0B5C8A",
        bad="#B3402A",
        total="#3B444C",
        soft="#9DC6DC",
        level="#0B5C8A",
        overdue=("#E29C87", "#D37D66", "#C35E48", "#B3402A"),
    ),
    "dark": Palette(
        surface="#0F161C",
        text="#E6EBEF",
        muted="#A3AFBA",
        line="#34424E",
        good="#4BA3D3",
        bad="#E8836B",
        total="#C9D1D8",
        soft="#336B89",
        level="#4BA3D3",
        overdue=("#8A5548", "#A96454", "#C8735F", "#E8836B"),
    ),
}


@dataclass(frozen=True)
class Look:
    """In which language and theme a figure is drawn."""

    lang: str
    theme: Theme = "light"

    @property
    def palette(self) -> Palette:
        """The colours of the theme."""
        return PALETTES[self.theme]

    def say(self, key: str, **values: object) -> str:
        """A text of the figures' own catalogue."""
        return words.say(self.lang, f"figures.{key}", **values)

    def money(self, amount: Decimal | None) -> str:
        """An amount to the cent, for hovering."""
        return words.money(self.lang, amount)

    def short(self, amount: Decimal | None) -> str:
        """An amount in two or three digits, for labels."""
        return words.thousands(self.lang, amount)

    def change(self, amount: Decimal) -> str:
        """An amount that speaks its direction without its colour."""
        return f"{'▲' if amount > 0 else '▼' if amount < 0 else '='} {self.short(abs(amount))}"


class Drawn(go.Figure):  # type: ignore[misc]
    """A figure that is drawn once and shown often: plotly copies all of a figure at each showing."""

    def to_dict(self) -> dict[str, Any]:
        """What the figure holds, to be read and not to be changed."""
        if "_told" not in self.__dict__:
            self.__dict__["_told"] = super().to_dict()
        told: dict[str, Any] = self.__dict__["_told"]
        return told


class Drawing(NamedTuple):
    """A figure, and the sentence that says the same to who cannot see it."""

    figure: go.Figure
    alt: str


def draw(
    look: Look,
    traces: Sequence[Any],
    alt: str,
    *,
    height: int,
    x: Mapping[str, Any] | None = None,
    y: Mapping[str, Any] | None = None,
    **layout: Any,
) -> Drawing:
    """The one frame around every figure: fonts, axes, separators, margins; no title, no background."""
    palette = look.palette
    axis = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "linecolor": palette.line,
        "tickfont": {"color": palette.muted},
    }
    return Drawing(
        Drawn(
            data=list(traces),
            layout={
                # plotly's own template weighs 7 kB in every figure and brings its own colours
                "template": {},
                "height": height,
                "font": {"family": FONT, "size": 13, "color": palette.text},
                "separators": ",." if look.lang == "nl" else ".,",
                "paper_bgcolor": CLEAR,
                "plot_bgcolor": CLEAR,
                "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
                "showlegend": False,
                "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"color": palette.text}},
                "hoverlabel": {
                    "bgcolor": palette.surface,
                    "bordercolor": palette.line,
                    "font": {"color": palette.text},
                },
                "dragmode": False,
                "xaxis": axis | dict(x or {}),
                "yaxis": axis | dict(y or {}),
                **layout,
            },
        ),
        alt,
    )


def nothing(look: Look) -> Drawing:
    """What stands where there are no rows to draw."""
    text = look.say("nothing")
    note = {
        "text": text,
        "x": 0.5,
        "y": 0.5,
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
        "font": {"color": look.palette.muted},
    }
    hidden = {"visible": False}
    return draw(look, [], text, height=120, x=hidden, y=hidden, annotations=[note])


def beside(look: Look, label: str, text: str, colour: str | None = None) -> dict[str, Any]:
    """A text in the column right of the row with this label."""
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 8,
        "y": safe(label),
        "text": text,
        "showarrow": False,
        "font": {"color": colour or look.palette.text},
    }


def euro_axis(look: Look, amounts: Iterable[Decimal | float | None]) -> dict[str, Any]:
    """An axis of euros from nothing on: light grid, a zero line, and steps in the words of tables and tiles."""
    step, ticks = _steps([Decimal(0), *(Decimal(amount) for amount in amounts if amount is not None)])
    return {
        "showgrid": True,
        "gridcolor": look.palette.line,
        "zeroline": True,
        "zerolinecolor": look.palette.muted,
        "rangemode": "tozero",
        "tickvals": [float(tick) for tick in ticks],
        "ticktext": [words.on_axis(look.lang, tick, step) for tick in ticks],
    }


def _steps(amounts: Sequence[Decimal]) -> tuple[Decimal, list[Decimal]]:
    """Round steps of 1, 2 or 5 from just below the least amount to just above the largest, about five of them."""
    least, most = min(amounts), max(amounts)
    rough = (most - least) / 5 or Decimal(1)
    step = next(size for size in (Decimal(n).scaleb(rough.adjusted()) for n in (1, 2, 5, 10)) if size >= rough)
    return step, [step * n for n in range(floor(least / step) - 1, ceil(most / step) + 2)]


def safe(name: str) -> str:
    """A name as plotly shows it letter by letter; it would read tags in it as markup."""
    return html.escape(name, quote=False)


def listed(rows: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> str:
    """The rows as one enumeration, for the sentence beside a figure."""
    return "; ".join(f"{row['label']} {text}" for row, text in zip(rows, texts, strict=True))


def as_float(value: Decimal | float | None) -> float | None:
    """Exact until here; a screen needs no more than a double."""
    return None if value is None else float(value)


def config(lang: str) -> dict[str, Any]:
    """Plotly's settings: no mode bar, and months and days of the language inline, so nothing is fetched."""
    locale = Locale.parse(lang)
    return {
        "displayModeBar": False,
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": False,
        "showTips": False,
        "locale": lang,
        "locales": {
            lang: {
                "dictionary": {},
                "format": {
                    "days": _names(locale.days["format"]["wide"], [6, 0, 1, 2, 3, 4, 5]),
                    "shortDays": _names(locale.days["format"]["abbreviated"], [6, 0, 1, 2, 3, 4, 5]),
                    "months": _names(locale.months["format"]["wide"], range(1, 13)),
                    "shortMonths": _names(locale.months["format"]["abbreviated"], range(1, 13)),
                    "currency": ["€", ""],
                    "date": "%d-%m-%Y" if lang == "nl" else "%d/%m/%Y",
                },
            }
        },
    }


def _names(names: Mapping[int, str], order: Iterable[int]) -> list[str]:
    return [names[number].rstrip(".") for number in order]
