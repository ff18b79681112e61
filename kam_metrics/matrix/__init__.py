"""The account matrix: one semantic table of every account, each row of which leads to its Account page."""

from __future__ import annotations

from kam_metrics.matrix.part import part
from kam_metrics.matrix.rows import MatrixRow, Phase, Score, Whole, table

__all__ = ["MatrixRow", "Phase", "Score", "Whole", "account_matrix", "table"]

_COMPONENT = part("matrix")


def account_matrix(shown: str, *, key: str = "account_matrix") -> str | None:
    """Show what `table` made; the account a reader just asked for, or None."""
    # Without a callback the trigger has no place in the answer.
    answer = _COMPONENT(key=key, data=shown, on_account_change=lambda: None)
    asked: str | None = answer.account
    return asked
