"""Taking what a page shows away: the work is done when somebody clicks, never when the page is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from kam_metrics import words
from kam_metrics.exports import EXPORTS, MEDIA_TYPES, Asked, Entry, Sheet, written
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.ui.here import current, say

BOARD = (("board-pack", "pdf"), ("board-pack", "xlsx"), ("portfolio", "xlsx"), ("portfolio", "csv"))
"""What the Portfolio page offers, and in which formats."""


def board_pack() -> None:
    """The board pack and the account matrix, of what this reader looks at."""
    with _menu("board-pack") as menu:
        for name, form in BOARD if menu.open else ():
            _offer(say(f"export.{name}_{form}"), _of_store(name, form), name, form)


def table(title: str, headings: Sequence[Heading], rows: Sequence[Sequence[Cell]], key: str) -> None:
    """One table, as it stands on the page."""
    if not rows:
        return
    run = current()
    with _menu(key) as menu:
        for form in ("xlsx", "csv") if menu.open else ():
            write = partial(_written, title, headings, rows, form, run.lang, run.today)
            _offer(say(f"export.table_{form}"), write, key, form)


def sheet(title: str, headings: Sequence[Heading], rows: Sequence[Sequence[Cell]], lang: str) -> Sheet:
    """The table that leaves the house: the figures behind the cells, and the texts of the others."""
    return Sheet(
        title, [heading.label for heading in headings], [[_entry(cell, lang) for cell in cells] for cells in rows]
    )


def _entry(cell: Cell, lang: str) -> Entry:
    if cell.unit:
        return Entry(cell.value, cell.unit)
    return Entry(None if cell.text == words.unknown(lang) else cell.text)


def _written(
    title: str, headings: Sequence[Heading], rows: Sequence[Sequence[Cell]], form: str, lang: str, made_on: date
) -> bytes:
    return written(sheet(title, headings, rows, lang), form, lang, made_on)


def _of_store(name: str, form: str) -> Callable[[], bytes]:
    """Asks the store when it is called: by then this run and its world are over."""
    run = current()
    lang, seen, against, settings, is_demo = run.lang, run.seen, run.against, run.settings, run.is_demo
    store, today, writer = run.store, run.today, EXPORTS[name].writers[form]

    def write() -> bytes:
        with store.read() as world:
            return writer(Asked(lang, world, seen, against, settings, is_demo), today)

    return write


def _menu(key: str) -> PopoverContainer:
    """A quiet button that unfolds; what it holds is drawn once it is open."""
    return st.popover(
        say("export.take"), icon=":material/download:", type="tertiary", key=f"save-{key}", on_change="rerun"
    )


def _offer(label: str, write: Callable[[], bytes], name: str, form: str) -> None:
    file = f"{name}-{current().seen.as_of.isoformat()}.{form}"
    st.download_button(
        label, write, file, MEDIA_TYPES[form], key=f"save-{name}-{form}", on_click="ignore", type="tertiary"
    )
