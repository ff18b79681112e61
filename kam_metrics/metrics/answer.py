"""What a metric answers with: exact rows, why something is unknown, and how much of it was known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["EUR", "share", "days", "count", "score"]
Better = Literal["higher", "lower", "neither"]
Row = dict[str, Any]
"""Dimensions and measures of one line; `why.<measure>` holds the reason where a measure is None."""


@dataclass(frozen=True)
class Measure:
    """One number of the product, declared once."""

    family: str
    unit: Unit
    better: Better
    formula: str
    source: str
    dims: frozenset[str]
    needs: str | None = None
    """A dimension without which the number means nothing."""


@dataclass(frozen=True)
class Answer:
    """Rows sorted by their dimensions, nulls last; one row in all when there are no dimensions."""

    keys: tuple[str, ...]
    by: tuple[str, ...]
    rows: Sequence[Row]
    coverage: Mapping[str, float] = field(default_factory=dict)
    """Per measure the share of lines it could be known for."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """On how many lines a measure rests, of those that are counted in lines."""

    @property
    def frame(self) -> pd.DataFrame:
        """Dimensions, then measures; euros as Decimal, unknown as None."""
        # Half a second that no page and no command needs to wait for.
        import pandas as pd

        return pd.DataFrame(
            [[row[name] for name in (*self.by, *self.keys)] for row in self.rows],
            columns=[*self.by, *self.keys],
            dtype=object,
        )

    @property
    def only(self) -> Row:
        """The one row of an answer without dimensions."""
        (row,) = self.rows
        return row

    def why(self, row: Row) -> dict[str, str]:
        """Reason per measure that is unknown on this row."""
        return {key: row[f"why.{key}"] for key in self.keys if row.get(f"why.{key}")}


def added_up(rows: Sequence[Row]) -> Row:
    """What rows of sums come to together: a flag holds if it does for any, and the first reason is the reason."""
    return {name: _together([row[name] for row in rows if row[name] is not None]) for name in rows[0]}


def _together(values: Sequence[Any]) -> Any:
    if not values:
        return None
    if isinstance(values[0], bool):
        return any(values)
    return min(values) if isinstance(values[0], str) else sum(values)
