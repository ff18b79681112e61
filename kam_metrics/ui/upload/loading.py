"""Loading what was seen and agreed to, one transaction per file, and the figures that moved."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kam_metrics import extracts, metrics
from kam_metrics.extracts import Event, Examination, Judgement, LoadedMeanwhile
from kam_metrics.store import World
from kam_metrics.ui.here import current, say
from kam_metrics.ui.one_load import moment
from kam_metrics.ui.show import amount, literal
from kam_metrics.ui.upload.files import Upload, finish

MOVING = ("net_sales", "contribution", "cost_to_serve", "receivables_open", "overdue", "collections", "plan_attainment")
"""Figures of which is said how they moved."""


def offer(upload: Upload, found: Examination, *, is_ready: bool) -> bool:
    """The button that loads a file that is ready; whether it is."""
    if not is_ready:
        return False
    pressed = st.button(say("ui.load_button"), key=f"load-{upload.key}", type="primary")
    if pressed and not _meanwhile(upload.key):
        _load([upload])
    st.session_state[f"seen-{upload.key}"] = current().world.revision
    return True


def offer_all(ready: Sequence[Upload]) -> None:
    """One button for several files that are ready: each its own transaction, in order, all attempted."""
    if len(ready) < 2:
        return
    pressed = st.button(say("ui.load_all", count=len(ready)), key="all-load", type="primary")
    if pressed and not _meanwhile("all"):
        _load(ready)
    st.session_state["seen-all"] = current().world.revision


def _meanwhile(key: str) -> bool:
    """Whether something was loaded after the difference was shown, and what."""
    world = current().world
    seen = st.session_state.get(f"seen-{key}", world.revision)
    events = extracts.events_since(world, seen)
    if not events:
        return False
    told = [say("ui.meanwhile"), *(literal(_event(one)) for one in events)]
    st.warning("\n\n".join(told))
    return True


def _event(one: Event) -> str:
    return say("ui.event", who=one.who, at=moment(one.at), act=say(f"act.{one.what}"), file=one.file or one.about or "")


def _load(files: Sequence[Upload]) -> None:
    """Load the files, and say of each what became of it and which figures moved."""
    run = current()
    before, done, told = _figures(run.world), list[Upload](), list[str]()
    bar, seen = st.progress(0.0, say("ui.loading")), run.world.revision
    for number, upload in enumerate(files):
        bar.progress(number / len(files), say("ui.loading_file", file=literal(upload.name)))
        said, is_done = _loaded(upload, seen)
        seen = run.store.revision
        told.append(said)
        done += [upload] if is_done else []
    bar.empty()
    with run.store.read() as world:
        told.append(_moved(before, _figures(world)))
    if done:
        finish(done, " ".join(filter(None, told)))
    st.error(" ".join(told))


def _loaded(upload: Upload, seen: int) -> tuple[str, bool]:
    """What became of one file, and whether it is done with."""
    run = current()
    try:
        judged = extracts.load(
            run.store, upload.path, upload.options, run.principal, replacing=upload.is_replacing, seen=seen
        )
    except LoadedMeanwhile:
        return say("error.loaded_meanwhile"), False
    return _told(upload, judged), judged.outcome == "accept"


def _told(upload: Upload, judged: Judgement) -> str:
    if judged.outcome != "accept":
        return judged.sentence(current().lang)
    known = [warning for warning in judged.warnings if warning.key == "extract_warning.same_bytes"]
    if known:
        return known[0].say(current().lang)
    return say("ui.loaded", file=literal(upload.name), load_id=judged.load_id)


def _figures(world: World) -> dict[str, object]:
    return {key: metrics.measure(world, current().seen, key).only[key] for key in MOVING}


def _moved(before: dict[str, object], after: dict[str, object]) -> str:
    """The figures that are no longer what they were."""
    return " ".join(
        say("ui.figure_moved", measure=say(f"measure.{key}"), before=amount(key, was), after=amount(key, after[key]))
        for key, was in before.items()
        if was != after[key]
    )
