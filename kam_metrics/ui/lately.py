"""What changed since this reader last looked, at the head of the Portfolio, and the button that says it was seen."""

from __future__ import annotations

import streamlit as st

from kam_metrics import metrics, news
from kam_metrics.deciding import look
from kam_metrics.ui.answers import ask
from kam_metrics.ui.here import allowed, current, page_link, say
from kam_metrics.ui.one_load import moment
from kam_metrics.ui.show import literal, say_after_rerun


def tell() -> None:
    """Five sentences at most, each leading to where it is told at length."""
    run = current()
    told = ask(metrics.changed, run.principal.reader)
    with st.container(border=True, key="lately"):
        if told is None:
            st.markdown(say("news.never"))
        elif run.seen.as_of < told.day:
            st.markdown(say("news.earlier", day=told.day))
            return
        else:
            st.markdown(f"**{say('news.since', at=moment(told.at), day=told.day)}**")
            for sentence in news.sentences(run.lang, told):
                _sentence(sentence)
        if st.button(say("news.seen"), key="seen-it"):
            look(run.store, run.principal, run.seen.as_of)
            say_after_rerun(say("news.kept"))


def _sentence(sentence: news.Sentence) -> None:
    """The sentence is the link, for who may follow it."""
    if allowed(sentence.page):
        page_link(sentence.page, literal(sentence.text), **sentence.query)
    else:
        st.markdown(literal(sentence.text))
