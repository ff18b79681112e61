"""How a part of a page that is ours is made known to Streamlit."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from kam_metrics.browser import ADDRESS, VERSION

# What Streamlit sends along with every page; it must be more than one line, or Streamlit takes it for a file's name.
_FETCH = """
const at = (file) => `${location.origin}%(at)s/${file}`;
const sheet = async (file) => {
  const style = await fetch(at(file));
  return new CSSStyleSheet().replace(await style.text());
};
const [script, ...sheets] = await Promise.all([import(at("%(name)s.js")), sheet("house.css"), sheet("%(name)s.css")]);
export default (told) => {
  const held = told.parentElement.getRootNode().adoptedStyleSheets;
  held.push(...sheets.filter((one) => !held.includes(one)));
  script.default(told);
};
"""


def part(name: str) -> Any:
    """A part whose script and style are called `name`; it fills one element of that class."""
    return st.components.v2.component(
        f"kam_{name}", html=f'<div class="{name}"></div>', js=_FETCH % {"at": f"{ADDRESS}/{VERSION}", "name": name}
    )


def told_as(data: object) -> str:
    """What a part is told: JSON without needless blanks, letters as they are."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
