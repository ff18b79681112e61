"""Undoing a load, or putting it back, on the Data page: what that would do is read before it is done."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from kam_metrics import extracts
from kam_metrics.extracts import Load, LoadedMeanwhile
from kam_metrics.extracts.foretelling import consequences
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import say_after_rerun

_ASKED = "asked_to_turn"
"""The load whose undoing or redoing somebody thinks about."""


def ask(load: Load) -> None:
    """The button that asks what undoing or redoing this load would do."""
    if st.button(say(f"ui.{_act(load)}"), key=_act(load)):
        st.session_state[_ASKED] = load.load_id


def answer(loads: Iterable[Load]) -> None:
    """What it would do, and the button that does it, once somebody asked about one of these."""
    load = next((load for load in loads if load.load_id == st.session_state.get(_ASKED)), None)
    if load and decided(load.load_id, f"{_act(load)}-now"):
        del st.session_state[_ASKED]
        say_after_rerun(say("ui.undone" if load.is_live else "ui.redone", load_id=load.load_id))


def decided(load_id: int, key: str) -> bool:
    """What undoing or redoing a load would do, with the button that does it; whether that was done."""
    run = current()
    told = extracts.consequence(run.store, load_id, run.principal)
    seen, st.session_state[f"{key}-seen"] = st.session_state.get(f"{key}-seen"), run.world.revision
    with st.container(border=True, key=f"foretold-{key}"):
        for sentence in consequences(run.lang, told):
            st.markdown(sentence)
        if told.refusal or not st.button(say(f"ui.{told.act}_now", load_id=load_id), key=key):
            return False
        try:
            (extracts.undo if told.act == "undo" else extracts.redo)(run.store, load_id, run.principal, seen=seen)
        except LoadedMeanwhile:
            st.warning(say("ui.turned_meanwhile"))
            return False
    return True


def _act(load: Load) -> str:
    return "undo" if load.is_live else "redo"
