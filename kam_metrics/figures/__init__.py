"""Tidy rows become plotly figures: one look for all of them; they know no database and no page."""

from kam_metrics.figures.inflow import inflow_bars
from kam_metrics.figures.look import Drawing, Look, Palette, Rows, Theme, config
from kam_metrics.figures.money import ageing_bar, bullet, day_lines, month_line, waterfall
from kam_metrics.figures.progress import dot_dispersion, phase_strip
from kam_metrics.figures.whale import whale_curve

__all__ = [
    "Drawing",
    "Look",
    "Palette",
    "Rows",
    "Theme",
    "ageing_bar",
    "bullet",
    "config",
    "day_lines",
    "dot_dispersion",
    "inflow_bars",
    "month_line",
    "phase_strip",
    "waterfall",
    "whale_curve",
]
