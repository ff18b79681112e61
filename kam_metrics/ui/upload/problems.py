"""What is wrong with a file: as a table, and as the same file with a column of problems to mend and drop again."""

from __future__ import annotations

import streamlit as st

from kam_metrics import extracts
from kam_metrics.extracts import Examination, Judgement
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.matrix.listing import listing as linked_table
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import rule_name, table_words
from kam_metrics.ui.upload.files import Upload
from kam_metrics.ui.upload.rows import look_at


def tell(upload: Upload, found: Examination) -> None:
    """The outcome in one sentence, and everything that stands in the way."""
    judged, lang = found.judgement, current().lang
    if judged.outcome == "ask":
        return
    if judged.outcome == "reject":
        st.error(judged.sentence(lang))
    elif judged.quarantined:
        st.warning(judged.sentence(lang))
    else:
        st.success(judged.sentence(lang))
    if judged.problems:
        _problems(upload, found)
    for warning in judged.warnings:
        st.caption(f"⚠ {warning.say(lang)}")
    if left_out := _skipped(judged):
        st.caption(left_out)


def _skipped(judged: Judgement) -> str:
    """Rows that are no data, by sort."""
    parts = [say(f"left_out.{name}", count=count) for name, count in judged.skipped.items() if count]
    return f"{say('ui.skipped')}: {' · '.join(parts)}" if parts else ""


def _problems(upload: Upload, found: Examination) -> None:
    judged = found.judgement
    if found.rules:
        st.markdown(" · ".join(f"{count} × {rule_name(rule)}" for rule, count in found.rules.items()))
    if judged.problem_count > len(judged.problems):
        st.caption(say("ui.problems_more", shown=len(judged.problems), count=judged.problem_count))
    if judged.lines:
        _table(upload, judged)
    if found.rules:
        _ways_out(upload, judged)


def _table(upload: Upload, judged: Judgement) -> None:
    lang = current().lang
    asked = linked_table(
        [Heading(say("heading.line")), Heading(say("heading.column")), Heading(say("heading.value")),
         Heading(say("heading.problem"))],
        [
            (str(problem.line or ""), (
                Cell(str(problem.line or ""), order=problem.line),
                Cell(problem.header or problem.column or ""),
                Cell(problem.value or ""),
                Cell(str(problem.payload(lang)["message"])),
            ))
            for problem in judged.problems
        ],
        caption=say("heading.problem"),
        words=table_words(),
        key=f"problems-{upload.key}",
    )  # fmt: skip
    look_at(upload, asked)


def _ways_out(upload: Upload, judged: Judgement) -> None:
    """Mend the file and drop it again; or, on the analyst's explicit word, leave the wrong rows out."""
    run = current()
    path, options, language = upload.path, upload.options, run.lang
    st.download_button(
        say("ui.mended"),
        lambda: extracts.mended(run.store, path, options, run.principal, language),
        extracts.mended_name(upload.name),
        "text/csv",
        key=f"mended-{upload.key}",
        help=say("ui.mended_help"),
        on_click="ignore",
    )
    is_set_apart = bool(upload.said.get("quarantine"))
    wanted = st.checkbox(
        say("ui.set_apart", count=len(judged.lines)),
        is_set_apart,
        key=f"apart-{upload.form}",
        help=say("ui.set_apart_help"),
    )
    if wanted != is_set_apart:
        upload.tell(quarantine=wanted)
