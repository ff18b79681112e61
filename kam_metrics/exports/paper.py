"""The board pack on paper: an accessible PDF, set by a typesetter that needs no browser and no network."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kam_metrics.exports.pack import Pack
from kam_metrics.exports.printed import printed
from kam_metrics.figures.look import PALETTES

if TYPE_CHECKING:
    from typst import Fonts

TEMPLATE = Path(__file__).parent / "board.typ"
_ASSETS = Path(__file__).parents[1] / "assets"


def board_pdf(pack: Pack, made_on: date) -> bytes:
    """The board pack as PDF/UA-1; the same figures on the same day make the same bytes."""
    # Imported when it is used: nobody who only looks at pages waits for it.
    import typst

    source, given = TEMPLATE.read_bytes(), given_to_template(pack)
    when = datetime.combine(made_on, time(), UTC)
    try:
        return typst.compile(
            source, font_paths=fonts(), format="pdf", sys_inputs=given, timestamp=when, pdf_standards="ua-1"
        )
    except typst.TypstError:
        # PDF/UA refuses a name in a script that our fonts lack; it must be told all the same.
        return typst.compile(
            source, font_paths=fonts(of_this_machine=True), format="pdf", sys_inputs=given, timestamp=when
        )


def given_to_template(pack: Pack) -> dict[str, str]:
    """What the template reads: texts and places, and the colours of the screen."""
    return {"pack": json.dumps(printed(pack)), "colours": json.dumps(asdict(PALETTES["light"]))}


@cache
def fonts(*, of_this_machine: bool = False) -> Fonts:
    """Our own fonts, the same on every machine; with those of this machine only for what ours cannot write."""
    import typst

    return typst.Fonts(include_system_fonts=of_this_machine, font_paths=[str(_ASSETS)])
