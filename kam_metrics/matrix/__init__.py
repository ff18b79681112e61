"""The account matrix: one semantic table of every account, each row of which leads to its Account page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from kam_metrics.matrix.rows import MatrixRow, Phase, Score, Whole, table
from kam_metrics.terms import Against

__all__ = ["MatrixRow", "Phase", "Score", "Whole", "account_matrix"]

_HERE = Path(__file__).parent
_COMPONENT = st.components.v2.component(
    "kam_matrix",
    html=(_HERE / "matrix.html").read_text("utf-8"),
    css=(_HERE / "matrix.css").read_text("utf-8"),
    js=(_HERE / "matrix.js").read_text("utf-8"),
)


def account_matrix(
    rows: Sequence[MatrixRow],
    *,
    lang: str,
    caption: str,
    against: Against = "plan",
    selected: str | None = None,
    key: str = "account_matrix",
) -> str | None:
    """Show the rows in their order; the account a reader just asked for, or None.

    `caption` names the table: period, unit and as-of date. `against` says what the rows' `reference` is.
    """
    answer = _COMPONENT(
        key=key,
        data=table(rows, lang=lang, caption=caption, against=against, selected=selected),
        # Without a callback the trigger has no place in the answer.
        on_account_change=lambda: None,
    )
    asked: str | None = answer.account
    return asked
