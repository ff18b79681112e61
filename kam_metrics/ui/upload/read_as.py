"""How a file was read, what of that the analyst wants otherwise, and rows as they stand beside what was read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kam_metrics.extracts import KINDS, Examination, Judgement, profiles
from kam_metrics.extracts.options import DATE_ORDERS, DECIMALS, DELIMITERS
from kam_metrics.ui.here import current, say
from kam_metrics.ui.upload import rows
from kam_metrics.ui.upload.files import Upload
from kam_metrics.ui.upload.questions import option

ENCODINGS = ("utf-8", "windows-1252", "utf-16", "cp850", "latin-1")


def tell(upload: Upload, found: Examination, *, is_open: bool) -> None:
    """What was detected in one line; inside, everything that can be said otherwise, and the preview."""
    with st.expander(_detected(found.judgement), expanded=is_open):
        _overrides(upload, found)
        rows.preview(upload, found)
    rows.one(upload, found)


def _detected(judgement: Judgement) -> str:
    read = judgement.read_as
    parts = [say(f"kind.{judgement.kind}")] if judgement.kind else []
    if judgement.rows:
        parts.append(say("ui.row_count", rows=judgement.rows))
    parts += [
        f"{say(f'read_as.{name}').lower()} {option(name, str(value)) if name == 'date_order' else _sign(value)}"
        for name in ("encoding", "delimiter", "decimal", "date_order", "sheet", "header_row")
        if (value := getattr(read, name)) is not None
    ]
    return f"**{say('step.read_as')}** · {' · '.join(parts) or say('ui.not_read')}"


def _sign(value: object) -> str:
    return "tab" if value == "\t" else f"`{value}`"


def _overrides(upload: Upload, found: Examination) -> None:
    read, said = found.judgement.read_as, upload.said
    with st.form(f"read-{upload.form}", border=False):
        left, middle, right = st.columns(3)
        with left:
            kind = _choice("kind", tuple(KINDS), said.get("kind"), found.judgement.kind)
            profile = _choice("profile", profiles.names(current().store), said.get("profile"), None)
            source = st.text_input(say("ui.source"), said.get("source", ""), max_chars=40, help=say("ui.source_help"))
        with middle:
            encoding = _choice("encoding", ENCODINGS, said.get("encoding"), read.encoding)
            delimiter = _choice("delimiter", DELIMITERS, said.get("delimiter"), read.delimiter)
            header = st.number_input(
                say("read_as.header_row"), 1, 1000, said.get("header_row"), placeholder=_row(read.header_row)
            )
        with right:
            decimal = _choice("decimal", DECIMALS, said.get("decimal"), read.decimal)
            order = _choice("date_order", DATE_ORDERS, said.get("date_order"), read.date_order)
            sheet = _choice("sheet", found.sheets, said.get("sheet"), read.sheet) if found.sheets else None
        if st.form_submit_button(say("ui.read_again")):
            upload.tell(
                kind=kind, profile=profile, source=source.strip() or None, encoding=encoding, delimiter=delimiter,
                header_row=header, decimal=decimal, date_order=order, sheet=sheet,
            )  # fmt: skip


def _row(number: int | None) -> str:
    return say("ui.detected", value=str(number)) if number else say("ui.recognise")


def _choice(name: str, allowed: Sequence[str], said: str | None, detected: str | None) -> str | None:
    """One of what is allowed, or what was detected."""
    own = say("ui.recognise") if detected is None else say("ui.detected", value=option(name, detected))
    shown: dict[str | None, str] = {None: own, **{one: option(name, one) for one in allowed}}
    index = list(shown).index(said) if said in shown else 0
    return st.selectbox(say(f"read_as.{name}"), list(shown), index=index, format_func=shown.__getitem__)
