"""Controls that live in the address: a link to a page shows its reader what its sender saw."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal

import streamlit as st


def choice(
    name: str,
    options: Sequence[str],
    default: str,
    label: str,
    shown: Callable[[str], str],
    *,
    as_buttons: bool = False,
    is_drawn: bool = True,
    visibility: Literal["visible", "collapsed"] = "visible",
) -> str:
    """One of a few options, kept in the address unless it is the default; of one not drawn the address tells."""
    _take_from_address(name, lambda text: text if text in options else None)
    if st.session_state.get(_key(name)) not in options:
        st.session_state[_key(name)] = default
    if is_drawn and as_buttons:
        st.segmented_control(
            label, options, key=_key(name), format_func=shown, required=True, label_visibility=visibility
        )
    elif is_drawn:
        st.selectbox(label, options, key=_key(name), format_func=shown)
    chosen = str(st.session_state[_key(name)] or default)
    _tell_address(name, chosen, default)
    return chosen


def several(
    name: str, options: Sequence[str], default: Sequence[str], label: str, shown: Callable[[str], str]
) -> list[str]:
    """Any of many options, kept in the address unless they are the default."""

    def known(text: str) -> list[str] | None:
        return [option for option in text.split(",") if option in options] or None

    _take_from_address(name, known)
    kept = st.session_state.get(_key(name))
    st.session_state[_key(name)] = list(default) if kept is None else [one for one in kept if one in options]
    st.multiselect(label, options, key=_key(name), format_func=shown, placeholder="")
    chosen: list[str] = list(st.session_state[_key(name)])
    _tell_address(name, ",".join(chosen), ",".join(default))
    return chosen


def whole(name: str, default: int, label: str, *, low: int, high: int) -> int:
    """A whole number, kept in the address unless it is the default."""

    def known(text: str) -> int | None:
        return int(text) if re.fullmatch(r"-?\d{1,9}", text) and low <= int(text) <= high else None

    _take_from_address(name, known)
    if st.session_state.get(_key(name)) is None:
        st.session_state[_key(name)] = default
    st.number_input(label, min_value=low, max_value=high, step=1, key=_key(name))
    chosen = int(st.session_state[_key(name)])
    _tell_address(name, str(chosen), str(default))
    return chosen


DATE_FORMATS = {"nl": "DD-MM-YYYY", "en": "DD/MM/YYYY"}
"""How a language writes a day in a field."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""The days that may be chosen."""


def day(name: str, default: date, label: str, *, language: str, is_drawn: bool = True) -> date:
    """A date, kept in the address unless it is the default; of one not drawn the address tells."""
    default = min(max(default, FIRST_DAY), LAST_DAY)
    _take_from_address(name, _read_day)
    if st.session_state.get(_key(name)) is None:
        st.session_state[_key(name)] = default
    if is_drawn:
        st.date_input(
            label,
            key=_key(name),
            format=DATE_FORMATS[language],
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
        )
    chosen = st.session_state[_key(name)]
    _tell_address(name, chosen.isoformat(), default.isoformat())
    return date.fromisoformat(chosen.isoformat())


def repeat_address() -> None:
    """Tell the browser its address: after a link from a page to itself Streamlit leaves the old one standing."""
    st.query_params.from_dict(st.query_params.to_dict())


def _key(name: str) -> str:
    return f"control.{name}"


def _read_day(text: str) -> date | None:
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return None
    return asked if FIRST_DAY <= asked <= LAST_DAY else None


def _take_from_address(name: str, read: Callable[[str], Any]) -> None:
    """What somebody put in the address wins over the control, once; what we put there ourselves says nothing new.

    Unless the control forgot: switching to another page makes Streamlit drop the state of every control.
    """
    asked = st.query_params.get(name)
    if asked is None or (asked == st.session_state.get(f"told.{name}") and _key(name) in st.session_state):
        return
    value = read(asked)
    if value is not None:
        st.session_state[_key(name)] = value


def _tell_address(name: str, chosen: str, default: str) -> None:
    st.session_state[f"told.{name}"] = chosen
    if chosen == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != chosen:
        st.query_params[name] = chosen
