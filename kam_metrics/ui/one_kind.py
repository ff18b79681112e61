"""What the Data page tells of one kind of extract: which columns it has, and which loads of it there are."""

from __future__ import annotations

import streamlit as st

from kam_metrics import extracts
from kam_metrics.extracts import KINDS, Column, Kind
from kam_metrics.ui.books import load_table
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import Quoted, caption, facts, headline, section


def tell(asked: str) -> None:
    """Everything about the kind of this name."""
    kind = KINDS.get(asked)
    if kind is None:
        headline(say("section.freshness"))
        st.warning(say("ui.no_such_kind"))
        return
    headline(say(f"kind.{kind.name}"))
    _loads(kind)
    section("section.columns")
    caption("ui.columns_about")
    facts({_name(kind, column): _about(column) for column in kind.columns})


def _loads(kind: Kind) -> None:
    loads = [load for load in extracts.loads(current().store) if load.kind == kind.name]
    if loads:
        load_table(loads, title=say("section.loads"), key="loads-of-kind")
    else:
        st.caption(say("empty.loads"))


def _name(kind: Kind, column: Column) -> str:
    mark = "*" if column.required else "(*)" if column.name in kind.one_of else ""
    return Quoted(f"{column.name} {mark}".strip())


def _about(column: Column) -> list[str]:
    """What its cells hold, and the other headers we know it by."""
    parts = [say(f"column_type.{column.type}")]
    if column.choices:
        parts += [": ", Quoted(", ".join(dict.fromkeys(column.choices.values())))]
    if column.headers:
        parts += [say("ui.also_known_as"), Quoted(", ".join(column.headers))]
    return parts
