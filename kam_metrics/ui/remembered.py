"""The answers that are kept for files that come again, on the Data page: what, since when, and forgetting them."""

from __future__ import annotations

import streamlit as st

from kam_metrics import words
from kam_metrics.extracts import memory
from kam_metrics.extracts.memory import Saved
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import Quoted, facts, say_after_rerun


def profiles() -> None:
    """Every profile that is kept, and a way to forget one."""
    run = current()
    kept = memory.saved(run.world)
    if not kept:
        st.caption(say("empty.profiles"))
        return
    facts({one.name: (f"{_about(one)}: ", Quoted(" · ".join(memory.typed(one.answers)))) for one in kept})
    with st.form("forget", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(say("ui.profile"), [one.name for one in kept])
        asked = st.form_submit_button(say("ui.forget"))
    if asked:
        memory.forget(run.store, name, run.principal)
        say_after_rerun(say("ui.forgotten", name=name))


def _about(one: Saved) -> str:
    lang = current().lang
    kind = say(f"kind.{one.kind}") if one.kind else words.unknown(lang)
    return say(
        "ui.kept_for", kind=kind, source=one.source or words.unknown(lang), who=one.saved_by, day=one.saved_at.date()
    )
