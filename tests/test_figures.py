"""Figures: they show the rows they were given, in the palette, in both languages, and say it in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from kam_metrics.figures import (
    Drawing,
    Look,
    Theme,
    ageing_bar,
    bullet,
    config,
    day_lines,
    dot_dispersion,
    inflow_bars,
    month_line,
    phase_strip,
    waterfall,
    whale_curve,
)

STEPS = [
    {"label": "Net sales", "amount": Decimal("999500.10"), "total": True},
    {"label": "Cost of goods", "amount": Decimal("-610000.00"), "total": False},
    {"label": "Price differences", "amount": Decimal("12000.00"), "total": False},
    {"label": "Contribution", "amount": Decimal("401500.10"), "total": True},
]
CURVE = [
    {"rank": rank, "account_name": f"Account {rank}", "cumulative": Decimal(cumulative)}
    for rank, cumulative in enumerate((70, 120, 150, 130, 100), start=1)
]
LINES = [
    {"label": "Van Dijk", "actual": Decimal(1389), "plan": Decimal(1292), "previous": Decimal(1200)},
    {"label": "Kempen", "actual": Decimal(-60), "plan": Decimal(60), "previous": None},
    {"label": "Delta", "actual": Decimal(491), "plan": None, "previous": None},
]
MONTHS = [
    {"month": date(2026, 1, 1), "actual": Decimal(90), "previous": Decimal(80), "plan": Decimal(85)},
    {"month": date(2026, 2, 1), "actual": None, "previous": None, "plan": Decimal(86)},
]
DAYS = [
    {"month": date(2026, 1, 1), "days_sales_outstanding": None, "best_possible_dso": 30.5},
    {"month": date(2026, 2, 1), "days_sales_outstanding": 53.4, "best_possible_dso": None},
]
OF_DAYS = ("days_sales_outstanding", "best_possible_dso")
BUCKETS = [
    {"ageing_bucket": ">90", "receivables_open": Decimal(31)},
    {"ageing_bucket": "not_due", "receivables_open": Decimal(410)},
    {"ageing_bucket": "unapplied", "receivables_open": Decimal(-22)},
]
WEEKS = [
    {"week": date(2026, 11, 9), "actual": Decimal(410), "expected": None, "late": None},
    {"week": date(2026, 11, 16), "actual": Decimal(90), "expected": Decimal(200), "late": Decimal(120)},
    {"week": date(2026, 11, 23), "actual": None, "expected": Decimal(310), "late": None},
]
PHASES = [{"phase": 30, "state": "done"}, {"phase": 60, "state": "behind"}, {"phase": 90, "state": "open"}]
SCORES = [
    {"label": "Strategy", "score": 3.6, "low": 3.0, "high": 4.2, "n": 8, "previous": 3.3},
    {"label": "Staff", "score": None, "low": None, "high": None, "n": 3, "previous": None},
]
BUILDERS: dict[str, Callable[[Look], Drawing]] = {
    "waterfall": lambda look: waterfall(STEPS, look),
    "whale_curve": lambda look: whale_curve(CURVE, look),
    "bullet": lambda look: bullet(LINES, look),
    "month_line": lambda look: month_line(MONTHS, look),
    "day_lines": lambda look: day_lines(DAYS, OF_DAYS, look),
    "ageing_bar": lambda look: ageing_bar(BUCKETS, look),
    "inflow_bars": lambda look: inflow_bars(WEEKS, look),
    "phase_strip": lambda look: phase_strip(PHASES, look, day=47),
    "dot_dispersion": lambda look: dot_dispersion(SCORES, look),
}
THEMES: tuple[Theme, ...] = ("light", "dark")
NL = Look("nl")


def drawings() -> Iterator[tuple[str, Look, Drawing]]:
    for (name, build), lang, theme in product(BUILDERS.items(), ("nl", "en"), THEMES):
        look = Look(lang, theme)
        yield name, look, build(look)


def drawn(drawing: Drawing) -> dict[str, Any]:
    """The figure as it travels to the browser."""
    told: dict[str, Any] = json.loads(drawing.figure.to_json())
    return told


def test_every_colour_comes_from_the_palette() -> None:
    for name, look, drawing in drawings():
        used = set(re.findall(r'"(#[0-9A-Fa-f]{3,8}|rgba?\([^)]*\))"', drawing.figure.to_json()))
        assert used <= look.palette.colours, name


def test_no_figure_has_a_title_or_a_background() -> None:
    for name, _, drawing in drawings():
        layout = drawn(drawing)["layout"]
        assert "title" not in layout, name
        assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"


def test_numbers_are_separated_the_way_of_the_language() -> None:
    for _, look, drawing in drawings():
        assert drawn(drawing)["layout"]["separators"] == {"nl": ",.", "en": ".,"}[look.lang]


def test_every_figure_says_the_same_in_a_sentence() -> None:
    for name, _, drawing in drawings():
        assert drawing.alt.endswith("."), name
        assert len(drawing.alt) > 30, name


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_its_background(theme: Theme) -> None:
    palette = Look("nl", theme).palette
    for colour in (palette.text, palette.muted, palette.good, palette.bad):
        light, dark = sorted((luminance(colour), luminance(palette.surface)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_waterfall_shows_the_amounts_given_and_names_each_direction() -> None:
    told = drawn(waterfall(STEPS, NL))
    assert told["data"][0]["x"] == [999500.1, -610000.0, 12000.0, 401500.1]
    assert told["data"][0]["measure"] == ["absolute", "relative", "relative", "absolute"]
    assert [note["text"][0] for note in told["layout"]["annotations"]] == ["€", "▼", "▲", "€"]


def test_hovering_shows_every_cent() -> None:
    assert drawn(waterfall(STEPS, NL))["data"][0]["hovertext"][0] == "€\u00a0999.500,10"


def test_a_whale_curve_is_in_per_cent_of_the_total() -> None:
    curve = drawn(whale_curve(CURVE, NL))
    assert curve["data"][0]["y"] == [0, 70, 120, 150, 130, 100]
    assert curve["layout"]["yaxis"]["ticksuffix"] == "%"
    assert [note["text"] for note in curve["layout"]["annotations"]] == [
        "Piek: 150% na 3 van 5 accounts",
        "▼ staart van 2:<br>€\u00a050 verlies",
    ]


def test_a_whale_curve_without_profit_is_in_euros() -> None:
    losing = [{"rank": 1, "cumulative": Decimal(50)}, {"rank": 2, "cumulative": Decimal(-20)}]
    curve = drawn(whale_curve(losing, NL))
    assert curve["data"][0]["y"] == [0, 50, -20]
    assert "ticksuffix" not in curve["layout"]["yaxis"]


def test_a_whale_curve_that_never_falls_names_no_tail() -> None:
    rising = [{"rank": 1, "cumulative": Decimal(50)}, {"rank": 2, "cumulative": Decimal(60)}]
    drawing = whale_curve(rising, NL)
    assert len(drawn(drawing)["layout"]["annotations"]) == 1
    assert "geen enkel account kost geld" in drawing.alt


def test_a_long_whale_curve_keeps_its_ends_and_its_peak_in_150_points() -> None:
    curve = [{"rank": rank, "cumulative": Decimal(rank * (30_001 - rank))} for rank in range(1, 20_001)]
    data = drawn(whale_curve(curve, NL))["data"][0]
    assert len(data["x"]) <= 150
    assert {0, 1, 15_000, 20_000} <= set(data["x"])


def test_a_bullet_shows_actual_plan_and_last_year_side_by_side() -> None:
    told = drawn(bullet(LINES, NL))
    values = {trace["name"]: trace["x"] for trace in told["data"]}
    assert values == {
        "Vorig jaar": [1200.0, None, None],
        "Realisatie": [1389.0, -60.0, 491.0],
        "Plan": [1292.0, 60.0, None],
    }
    assert [note["text"] for note in told["layout"]["annotations"]] == ["▲ €\u00a097", "▼ €\u00a0120"]


@pytest.mark.parametrize(
    ("largest", "lang", "ticks"),
    [
        ("2900000", "nl", ["€ 0", "€ 1 mln", "€ 2 mln", "€ 3 mln"]),
        ("2400000", "nl", ["€ 0", "€ 500k", "€ 1,0 mln", "€ 1,5 mln", "€ 2,0 mln", "€ 2,5 mln"]),
        ("2900000", "en", ["€0", "€1m", "€2m", "€3m"]),
        ("9500", "nl", ["€ 0", "€ 2k", "€ 4k", "€ 6k", "€ 8k", "€ 10k"]),
        ("60", "en", ["€0", "€20", "€40", "€60"]),
        ("4", "nl", ["€ 0", "€ 1", "€ 2", "€ 3", "€ 4"]),
    ],
)
def test_an_axis_of_euros_speaks_like_the_tables(largest: str, lang: str, ticks: list[str]) -> None:
    months = [{**MONTHS[0], "actual": Decimal(largest), "previous": None, "plan": None}]
    axis = drawn(month_line(months, Look(lang)))["layout"]["yaxis"]
    assert [text.replace("\u00a0", " ") for text in axis["ticktext"]][1:-1] == ticks
    assert axis["tickvals"][1] == 0 < float(largest) <= axis["tickvals"][-2]
    assert "tickformat" not in axis


def test_an_axis_of_losses_goes_below_zero_and_stacked_bars_reach_their_top() -> None:
    loss = drawn(whale_curve([{"rank": 1, "cumulative": Decimal(-60)}], NL))["layout"]["yaxis"]
    assert [text.replace("\u00a0", " ") for text in loss["ticktext"]][1:-1] == ["€ −60", "€ −40", "€ −20", "€ 0"]
    stacked = drawn(inflow_bars(WEEKS, NL))["layout"]["yaxis"]
    assert stacked["tickvals"][-2] >= 410


def test_a_month_without_a_figure_is_a_gap() -> None:
    told = {trace["name"]: trace["y"] for trace in drawn(month_line(MONTHS, NL))["data"]}
    assert told == {"Vorig jaar": [80.0, None], "Plan": [85.0, 86.0], "Realisatie": [90.0, None]}


def test_buckets_stand_from_young_to_old_whatever_their_order() -> None:
    told = drawn(ageing_bar(BUCKETS, NL))["data"][0]
    assert told["y"] == ["Niet afgeletterd", "Niet vervallen", "Meer dan 90 dagen"]
    assert told["x"] == [-22.0, 410.0, 31.0]


def test_a_phase_says_its_state_beside_its_colour() -> None:
    marks, today = drawn(phase_strip(PHASES, NL, day=47))["data"][1:]
    assert marks["text"] == ["✓ gehaald", "▼ achter", "open"]
    assert (today["x"], today["text"]) == ([47], ["vandaag: dag 47"])


def test_a_plan_past_its_end_keeps_today_on_the_strip() -> None:
    assert drawn(phase_strip(PHASES, NL, day=104))["data"][2]["x"] == [90]


@pytest.mark.parametrize("theme", THEMES)
def test_alignment_has_no_target_and_one_hue(theme: Theme) -> None:
    look = Look("en", theme)
    told = drawn(dot_dispersion(SCORES, look))
    assert "shapes" not in told["layout"]
    assert not any(re.search("target|goal|plan", trace["name"], re.IGNORECASE) for trace in told["data"])
    assert {trace["marker"]["color"] for trace in told["data"]} == {look.palette.level}
    assert look.palette.bad not in json.dumps(told)


def test_a_score_comes_with_its_interval_and_its_number_of_people() -> None:
    drawing = dot_dispersion(SCORES, NL)
    now = drawn(drawing)["data"][1]
    assert now["x"] == [3.6, None]
    assert now["error_x"]["array"] == pytest.approx([0.6, 0])
    assert now["error_x"]["arrayminus"] == pytest.approx([0.6, 0])
    assert "Strategy 3,6 (95%-interval 3,0–4,2), n = 8; Staff te weinig" in drawing.alt


def test_days_are_drawn_as_lines_with_gaps_where_nothing_is_known() -> None:
    told = {trace["name"]: trace["y"] for trace in drawn(day_lines(DAYS, OF_DAYS, NL))["data"]}
    assert list(told.values()) == [[None, 53.4], [30.5, None]]
    assert "53" in day_lines(DAYS, OF_DAYS, NL).alt
    assert drawn(day_lines(DAYS[:1], OF_DAYS, NL))["data"] == []


@pytest.mark.parametrize("build", [waterfall, whale_curve, bullet, month_line, ageing_bar, dot_dispersion])
def test_no_rows_are_said_not_drawn(build: Callable[[list[Any], Look], Drawing]) -> None:
    drawing = build([], NL)
    assert drawing.alt == "Geen gegevens"
    assert not drawn(drawing)["data"]


def test_no_phases_are_said_too() -> None:
    assert phase_strip([], NL, day=3).alt == "Geen gegevens"


def test_a_name_is_shown_letter_by_letter() -> None:
    hostile = [{**STEPS[0], "label": '<a href="https://evil.example">Van & Dijk</a>'}]
    told = waterfall(hostile, NL).figure.to_json()
    assert drawn(waterfall(hostile, NL))["data"][0]["y"][0].startswith("&lt;a href")
    assert "<a " not in told
    assert "\\u003ca " not in told


def test_plotly_gets_the_months_of_the_language_and_no_button() -> None:
    for lang, month, day in (("nl", "mrt", "zo"), ("en", "Mar", "Sun")):
        settings = config(lang)
        names = settings["locales"][settings["locale"]]["format"]
        assert (names["shortMonths"][2], names["shortDays"][0]) == (month, day)
        assert len(names["months"]) == 12
        assert settings["displayModeBar"] is False


def test_what_is_expected_is_hatched_and_what_came_in_is_solid() -> None:
    actual, expected, late = drawn(inflow_bars(WEEKS, NL))["data"]
    assert "pattern" not in actual["marker"]
    assert expected["marker"]["pattern"]["shape"] == "/"
    assert (actual["y"], expected["y"], late["y"]) == ([410, 90, None], [None, 200, 310], [None, 210, None])
    assert inflow_bars(WEEKS[:1], Look("en")).alt == "Expected by week: No data."
    assert inflow_bars([], Look("en")).alt == "No data"


def test_the_whale_shows_between_which_rates_it_runs() -> None:
    rows = [
        {"rank": 1, "cumulative": Decimal(49), "low": Decimal(34), "high": Decimal(59)},
        {"rank": 2, "cumulative": Decimal(48), "low": Decimal(3), "high": Decimal(78)},
    ]
    low, high, line, _ = whale_curve(rows, NL).figure.data
    assert (high.fill, len(low.y), len(high.y), len(line.y)) == ("tonexty", 3, 3, 3)
    assert low.y[-1] < line.y[-1] < high.y[-1]
    flat = [{**row, "low": row["cumulative"], "high": row["cumulative"]} for row in rows]
    assert len(whale_curve(flat, NL).figure.data) == 2
