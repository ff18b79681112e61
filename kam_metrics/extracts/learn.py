"""Learn from a sample how a file is written, and prove it on every row; what is disproved is learned from all rows."""

from __future__ import annotations

from kam_metrics.extracts.check import Sheet, sheet, stage_faulty, type_rows
from kam_metrics.extracts.dialect import Layout
from kam_metrics.extracts.judgement import Asked
from kam_metrics.extracts.match import Match
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.source import Source
from kam_metrics.extracts.staging import SAMPLE, TEXT, Staged, is_whole, stage_regular
from kam_metrics.extracts.straight import Straight
from kam_metrics.extracts.style import Style, agrees, style
from kam_metrics.store import Stage


def read_rows(
    stage: Stage,
    source: Source,
    layout: Layout,
    found: Match,
    staged: Staged,
    options: Options,
    straight: Straight | None = None,
) -> tuple[Staged, Style, Sheet]:
    """Type every row of a staged file; what was staged and how it is written may turn out otherwise on the way."""

    def bound(told: Style) -> Sheet:
        return sheet((found.kind, found.places), layout.headers, told, staged, options)

    def typed(this: Sheet) -> Sheet:
        type_rows(stage, this)
        stage_faulty(stage)
        return this

    guess = _guess(stage, found, staged, options)
    this = bound(guess) if guess else None
    if guess and this and straight and straight.holds(this, source, layout, staged, options):
        stage_faulty(stage)
        return staged, guess, this
    if this:
        typed(this)
    if not is_whole(stage, staged, is_typed=this is not None):
        staged = stage_regular(stage, source, layout)
        this = typed(bound(guess)) if guess else None
    if guess and this and agrees(stage, guess, found.places, staged, options):
        return staged, guess, this
    told = style(stage, found.places, staged, options, TEXT)
    return staged, told, typed(bound(told))


def _guess(stage: Stage, found: Match, staged: Staged, options: Options) -> Style | None:
    """What a sample says, if it decides everything."""
    try:
        return style(stage, found.places, staged, options, SAMPLE) if staged.has_sample else None
    except Asked:
        return None
