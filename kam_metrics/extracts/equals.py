"""Rows that say the very same: sought by the hash of what they say, and then compared in full."""

from __future__ import annotations

from kam_metrics.extracts.kinds import Kind
from kam_metrics.store import Cursor


def define_content(cursor: Cursor, view: str, rows: str, kind: Kind) -> None:
    """Name rows with the hash of their content; equal rows have equal hashes, and hardly any others do."""
    # the words of a closed list are numbers in one relation and text in the other
    said = ", ".join(f"{column.name}::text" if column.type == "choice" else column.name for column in kind.columns)
    cursor.execute(f"create or replace temp view {view} as select *, hash({said}) as content from ({rows})")


def pairs(kind: Kind, how: str, ours: str, theirs: str) -> str:
    """SQL of two relations side by side, i and e, the first of some equal rows beside the first, and so on.

    Theirs, which stand in the store among many others, are sought once.
    """
    same = " and ".join(f"e.{name} is not distinct from i.{name}" for name in kind.names)
    return (
        f"({_numbered(f'not materialized (from {ours})', kind)}) i {how} join "
        f"({_numbered(f'materialized (from {theirs})', kind)}) e on e.content = i.content and {same} and e.nth = i.nth"
    )


def _numbered(rows: str, kind: Kind) -> str:
    """SQL of rows with their place among the equals of their batch; hardly any have equals, so few are put in order."""
    repeated = "(select content from r group by batch_id, content having count(*) > 1)"
    place = f"row_number() over (partition by batch_id, {', '.join(kind.names)} order by line)"
    return (
        f"with r as {rows} select *, 1 as nth from r where content not in {repeated} "
        f"union all select *, {place} from r where content in {repeated}"
    )
