"""The answers that are kept for files that come again, on the Data page: what, since when, and forgetting them."""

from __future__ import annotations

import streamlit as st

from kam_metrics import words
from kam_metrics.extracts import memory
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import listing, say_after_rerun


def profiles() -> None:
    """Every profile that is kept, and a way to forget one."""
    run = current()
    kept = memory.saved(run.world)
    if not kept:
        st.caption(say("empty.profiles"))
        return
    listing(
        [Heading(say(f"ui.{key}")) for key in ("profile", "kind")]
        + [Heading(say(f"heading.{key}")) for key in ("source", "kept_answers", "who", "when")],
        [
            ("", (
                Cell(one.name),
                Cell(say(f"kind.{one.kind}") if one.kind else words.unknown(run.lang)),
                Cell(one.source or words.unknown(run.lang)),
                Cell(" · ".join(memory.typed(one.answers))),
                Cell(one.saved_by),
                Cell(words.day(run.lang, one.saved_at.date()), order=one.saved_at.isoformat()),
            ))
            for one in kept
        ],
        title=say("section.profiles"),
        key="profiles",
    )  # fmt: skip
    with st.form("forget", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(say("ui.profile"), [one.name for one in kept])
        asked = st.form_submit_button(say("ui.forget"))
    if asked:
        memory.forget(run.store, name, run.principal)
        say_after_rerun(say("ui.forgotten", name=name))
