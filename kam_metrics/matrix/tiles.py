"""Tiles side by side, under each other on a phone: a few numbers that a page begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from kam_metrics.matrix.part import part, told_as

_COMPONENT = part("tiles")
Tone = Literal["good", "bad", "muted"]


@dataclass(frozen=True)
class Tile:
    """One number with what it is compared with, what it means and where it leads."""

    label: str
    value: str
    full: str
    """The number in full, said when it is pointed at."""
    beside: str
    """How it compares; of an unknown number why it is unknown, and which file would tell."""
    tone: Tone
    about: Sequence[str]
    """What the number means, a paragraph each."""
    link: str
    """What the page behind it is called."""
    help: str
    """What the button that shows the meaning is called."""


def tile_row(tiles: Sequence[tuple[str, Tile]], *, key: str) -> str | None:
    """Show the tiles, each with the address it leads to, if it may; the address a reader just asked for, or None."""
    told = [{"address": address, **asdict(tile)} for address, tile in tiles]
    answer = _COMPONENT(key=key, data=told_as(told), on_address_change=lambda: None)
    asked: str | None = answer.address
    return asked
