"""Every dropped file on its way to the store: read, answered, mapped, checked, compared and loaded."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from kam_metrics import extracts
from kam_metrics.extracts import Examination, Options
from kam_metrics.store import World
from kam_metrics.terms import Principal, Slice
from kam_metrics.ui.answers import ask
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import literal
from kam_metrics.ui.upload import changes, columns, loading, problems, questions, read_as
from kam_metrics.ui.upload.files import Upload, uploads

STEPS = ("read_as", "columns", "check", "difference", "load")
_ASKED_IN = {"kind": "columns", "map": "columns", "sign": "check", "snapshot_date": "check", "redo": "load"}


def workbench() -> None:
    """The drop zone, one part per file, and one button for all that are ready."""
    ready = [upload for upload in uploads() if _walk(upload)]
    loading.offer_all(ready)


def _walk(upload: Upload) -> bool:
    """One file through its steps; whether it can be loaded as it is."""
    with st.container(border=True, key=f"file-{upload.key}"):
        st.subheader(literal(upload.name), anchor=False)
        with st.spinner(say("ui.checking")):
            found = _examined(upload)
        at = stands_at(found, replacing=upload.is_replacing)
        st.caption(_trail(at))
        if found.judgement.question:
            questions.put(upload, found.judgement)
        read_as.tell(upload, found, is_open=at == "read_as")
        columns.tell(upload, found, is_open=at == "columns")
        problems.tell(upload, found)
        changes.tell(upload, found)
        return loading.offer(upload, found, is_ready=at == "load" and not found.judgement.question)


def _examined(upload: Upload) -> Examination:
    """What is to be seen of a file; looked at again only when file, answers or store change."""
    return ask(_read, upload.path, upload.options, current().principal, upload.is_replacing)


def _read(world: World, seen: Slice, path: Path, options: Options, by: Principal, replacing: bool) -> Examination:
    return extracts.examine(current().store, path, options, by, replacing=replacing)


def stands_at(found: Examination, *, replacing: bool) -> str:
    """The step at which somebody is needed."""
    judged = found.judgement
    if judged.question:
        return _ASKED_IN.get(judged.question.about, "read_as")
    if found.missing:
        return "columns"
    if judged.outcome == "reject":
        return "check"
    changed = (judged.difference or {}).get("changed", 0)
    return "difference" if changed and not replacing else "load"


def _trail(at: str) -> str:
    """The steps in a line: those behind, the one where somebody is needed, those to come."""
    here = STEPS.index(at)
    marks = ("✓" if number < here else "▶" if number == here else "○" for number in range(len(STEPS)))
    return " · ".join(f"{mark} {say(f'step.{step}')}" for mark, step in zip(marks, STEPS, strict=True))
