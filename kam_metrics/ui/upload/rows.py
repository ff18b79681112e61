"""Rows of a dropped file: as text beside as read, and one of them cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from kam_metrics import words
from kam_metrics.extracts import Examination
from kam_metrics.extracts.preview import ReadRow
from kam_metrics.matrix.listing import Cell, Heading, Tone
from kam_metrics.matrix.listing import listing as linked_table
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import Quoted, facts, rule_name, table_words
from kam_metrics.ui.upload.files import Upload

ENDS = 20


def preview(upload: Upload, found: Examination) -> None:
    """The first and the last rows; a row shows itself cell by cell."""
    shown = found.rows if len(found.rows) <= ENDS else [*found.rows[: ENDS // 2], *found.rows[-ENDS // 2 :]]
    if not shown:
        return
    left, right = st.columns(2)
    with left:
        st.caption(say("ui.as_it_stands"))
        cells = [(row, [Cell(cell) for cell in row.raw]) for row in shown]
        _table(upload, "raw", list(found.judgement.headers), cells)
    with right:
        st.caption(say("ui.as_it_was_read"))
        ours = [head.ours for head in found.heads if head.ours]
        if shown[0].typed:
            _table(upload, "typed", ours, [(row, [_cell(row, name) for name in ours]) for row in shown])
        else:
            st.caption(say("ui.not_read"))


def _table(upload: Upload, side: str, names: Sequence[str], rows: Sequence[tuple[ReadRow, list[Cell]]]) -> None:
    line = Heading(say("heading.line"))
    asked = linked_table(
        [line, *(Heading(name) for name in names)],
        [(str(row.line), [Cell(str(row.line), _mark(row), row.line, _tone(row)), *cells]) for row, cells in rows],
        caption=say("ui.as_it_stands" if side == "raw" else "ui.as_it_was_read"),
        words=table_words(),
        key=f"{side}-{upload.key}",
    )
    look_at(upload, asked)


def look_at(upload: Upload, line: str | None) -> None:
    """Remember which line somebody wants to see."""
    if line is not None and line.isdecimal():
        st.session_state[f"line-{upload.key}"] = int(line)


def _cell(row: ReadRow, name: str) -> Cell:
    return Cell("" if row.is_skipped else value_text(row.typed.get(name)))


def _mark(row: ReadRow) -> str:
    if row.is_skipped:
        return say("ui.skipped_row")
    return ", ".join(map(rule_name, row.rules))


def _tone(row: ReadRow) -> Tone:
    return "muted" if row.is_skipped else "bad" if row.rules else ""


def value_text(value: object) -> str:
    """A value as it was read, in the reader's language."""
    lang = current().lang
    match value:
        case None:
            return ""
        case bool():
            return say("ui.done" if value else "ui.not_done")
        case Decimal():
            exact = value.normalize()
            return words.number(lang, value, max(2, -int(exact.as_tuple().exponent)))
        case date():
            return words.day(lang, value)
        case _:
            return str(value)


def one(upload: Upload, found: Examination) -> None:
    """The line somebody asked for, each cell as it stands and as it was read."""
    asked = st.session_state.get(f"line-{upload.key}")
    row = next((row for row in found.rows if row.line == asked), None)
    if row is None:
        return
    with st.container(border=True, key=f"one-line-{upload.key}"):
        mark = _mark(row)
        st.markdown(f"**{say('ui.at_line', line=str(row.line))}**{' · ' + mark if mark else ''}")
        by_header = {head.theirs: head.ours for head in found.heads}
        cells = zip(found.judgement.headers, row.raw, strict=False)
        facts({Quoted(header.strip()): _both(raw, row, by_header.get(header.strip())) for header, raw in cells})


def _both(raw: str, row: ReadRow, ours: str | None) -> list[str]:
    if ours is None:
        return [Quoted(raw or "∅"), f" · {say('ui.not_mapped')}"]
    read = value_text(row.typed.get(ours)) or words.unknown(current().lang)
    return [Quoted(raw or "∅"), " → ", Quoted(ours), f" {read}"]
