"""How a part of a page that is ours is made known to Streamlit."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from kam_metrics.browser import ADDRESS, VERSION

# What Streamlit sends along with every page; it must be more than one line, or Streamlit takes it for a file's name.
_FETCH = """
const at = (kind) => `${location.origin}%s.${kind}`;
const [script, style] = await Promise.all([import(at("js")), fetch(at("css")).then((found) => found.text())]);
const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
export default (told) => {
  const sheets = told.parentElement.getRootNode().adoptedStyleSheets;
  if (!sheets.includes(sheet)) sheets.push(sheet);
  script.default(told);
};
"""


def part(name: str) -> Any:
    """A part whose script and style are called `name`; it fills one element of that class."""
    return st.components.v2.component(
        f"kam_{name}", html=f'<div class="{name}"></div>', js=_FETCH % f"{ADDRESS}/{VERSION}/{name}"
    )


def told_as(data: object) -> str:
    """What a part is told: JSON without needless blanks, letters as they are."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
