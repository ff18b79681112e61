"""Which of our columns each header of a file stands for, with how sure that is, to be said otherwise."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kam_metrics.extracts import Examination
from kam_metrics.extracts.heads import Head, choices
from kam_metrics.ui.here import say
from kam_metrics.ui.show import literal
from kam_metrics.ui.upload.files import Upload


def tell(upload: Upload, found: Examination, *, is_open: bool) -> None:
    """The headers in one line; inside, each with its column, a few of its values and a choice."""
    if not found.heads:
        return
    with st.expander(_label(found), expanded=is_open):
        if found.missing:
            st.error(say("ui.columns_missing", columns=", ".join(f"`{name}`" for name in found.missing)))
        if found.judgement.kind is None:
            st.caption(say("ui.columns_without_kind", headers=", ".join(literal(head.theirs) for head in found.heads)))
        else:
            _form(upload, found)


def _label(found: Examination) -> str:
    read = sum(head.ours is not None for head in found.heads)
    parts = [say("ui.columns_read", count=read), say("ui.columns_ignored", count=len(found.heads) - read)]
    if doubtful := sum(head.sure in ("doubtful", "guess") for head in found.heads):
        parts.append(say("ui.columns_doubtful", count=doubtful))
    if found.missing:
        parts.append(say("ui.columns_lack", count=len(found.missing)))
    return f"**{say('step.columns')}** · {' · '.join(parts)}"


def _form(upload: Upload, found: Examination) -> None:
    ours = choices(found.judgement)
    with st.form(f"columns-{upload.form}", border=False):
        chosen = {head.theirs: _row(head, ours) for head in found.heads}
        if st.form_submit_button(say("ui.use_columns")):
            _use(upload, found, chosen)


def _row(head: Head, ours: Mapping[str, bool]) -> str | None:
    """A header with a few of its values, our column for it, and how sure we are."""
    left, middle, right = st.columns([3, 3, 3], vertical_alignment="center")
    with left:
        st.markdown(f"**{literal(head.theirs)}**")
        if head.examples:
            st.caption(literal(" · ".join(head.examples)))
    shown: dict[str | None, str] = {None: say("ui.not_mapped")}
    shown |= {name: f"{name} *" if is_required else name for name, is_required in ours.items()}
    with middle:
        chosen = st.selectbox(
            head.theirs,
            list(shown),
            index=list(shown).index(head.ours),
            format_func=shown.__getitem__,
            label_visibility="collapsed",
        )
    with right:
        st.caption(say(f"sure.{head.sure}", guess=head.guess or ""))
    return chosen


def _use(upload: Upload, found: Examination, chosen: dict[str, str | None]) -> None:
    """What was chosen otherwise than we read it: pointed at, or left out."""
    mapping, ignored = dict(upload.said.get("mapping", {})), set(upload.said.get("ignore", ()))
    for head in found.heads:
        ours = chosen[head.theirs]
        if ours == head.ours:
            continue
        mapping.pop(head.theirs, None)
        ignored.discard(head.theirs)
        if ours:
            mapping[head.theirs] = ours
        else:
            ignored.add(head.theirs)
    upload.tell(mapping=mapping, ignore=frozenset(ignored))
