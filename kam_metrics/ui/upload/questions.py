"""Questions that a file leaves open, put to the analyst one at a time."""

from __future__ import annotations

import streamlit as st

from kam_metrics import words
from kam_metrics.extracts import Judgement
from kam_metrics.ui import turning
from kam_metrics.ui.controls import DATE_FORMATS
from kam_metrics.ui.here import current, say
from kam_metrics.ui.upload.files import Upload, finish


def put(upload: Upload, judgement: Judgement) -> None:
    """The open question with its answers."""
    question, lang = judgement.question, current().lang
    if question is None:
        return
    st.warning(judgement.sentence(lang))
    if question.about == "redo":
        _offer_redo(upload, int(question.options[0].removeprefix("redo ")))
        return
    with st.form(f"question-{upload.form}-{question.about}", border=False):
        answer: object
        if question.options:
            told = {one: option(question.about, one) for one in question.options}
            answer = st.radio(say("ui.answer"), list(told), format_func=told.__getitem__)
        else:
            answer = st.date_input(say("ui.answer"), value=current().today, format=DATE_FORMATS[current().lang])
        if st.form_submit_button(say("ui.answer")):
            _answer(upload, question.about, answer)


def _answer(upload: Upload, about: str, answer: object) -> None:
    if about == "map":
        theirs, _, ours = str(answer).partition("=")
        upload.tell(mapping={**upload.said.get("mapping", {}), theirs: ours})
    upload.tell(**{"as_of" if about == "snapshot_date" else about: answer})


def _offer_redo(upload: Upload, load_id: int) -> None:
    """The very file was loaded and undone: all there is to do is to put that load back, knowing what that does."""
    if turning.decided(load_id, f"redo-{upload.key}"):
        finish([upload], say("ui.redone", load_id=load_id))


def option(about: str, answer: str) -> str:
    """An answer in words, where it is not a name of the file's own."""
    for key in (f"kind.{answer}", f"answer.{about}_{answer}"):
        if words.has(current().lang, key):
            return say(key)
    return answer
