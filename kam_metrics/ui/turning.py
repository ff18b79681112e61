"""Undoing a load, or putting it back, on the Data page: what that would do is read before it is done."""

from __future__ import annotations

import streamlit as st

from kam_metrics import extracts
from kam_metrics.extracts import Load
from kam_metrics.extracts.foretelling import consequences
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import say_after_rerun

_ASKED = "asked_to_turn"
"""The load whose undoing or redoing somebody thinks about."""


def ask(load: Load) -> None:
    """The button that asks what undoing or redoing this load would do."""
    if st.button(say(f"ui.{_act(load)}"), key=_act(load)):
        st.session_state[_ASKED] = load.load_id


def answer(load: Load) -> None:
    """What it would do, and the button that does it, once somebody asked."""
    if st.session_state.get(_ASKED) != load.load_id:
        return
    run, act = current(), _act(load)
    told = extracts.consequence(run.store, load.load_id, run.principal)
    with st.container(border=True, key="foretold"):
        for sentence in consequences(run.lang, told):
            st.markdown(sentence)
        if told.refusal is None and st.button(say(f"ui.{act}_now", load_id=load.load_id), key=f"{act}-now"):
            del st.session_state[_ASKED]
            turned = extracts.undo if load.is_live else extracts.redo
            turned(run.store, load.load_id, run.principal)
            say_after_rerun(say("ui.undone" if load.is_live else "ui.redone", load_id=load.load_id))


def _act(load: Load) -> str:
    return "undo" if load.is_live else "redo"
