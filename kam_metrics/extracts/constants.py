"""Texts that stand on every row where a file lacks their column, judged like the cells of that column."""

from __future__ import annotations

from collections.abc import Mapping

from kam_metrics.extracts.cells import bound_words, cells, sql_type_of
from kam_metrics.extracts.check import nearest
from kam_metrics.extracts.judgement import Asked, Refused
from kam_metrics.extracts.kinds import Column, plain
from kam_metrics.extracts.match import Match, Place
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.staging import Staged
from kam_metrics.extracts.style import style
from kam_metrics.store import Stage

_CONSTANT = "staged_constant"
_RULES = {
    "required": "empty", "number": "number", "decimals": "number", "integer": "number", "too_large": "number",
    "range": "number", "date": "day", "time": "day", "month": "month", "choice": "choice", "flag": "choice",
    "currency": "currency", "broken_cell": "text", "mangled": "text", "unseen": "text", "ditto": "text",
}  # fmt: skip
"""The rule that a cell would break, to what is said of a constant."""


def exact_constants(stage: Stage, found: Match, options: Options) -> Mapping[str, str]:
    """Our column to its exact value as text; refuses the first that no cell of its column may hold."""
    wanted = set(found.kind.names) - {place.name for place in found.places}
    return {
        name: _exact(stage, found.kind.column(name), text, options)
        for name, text in options.constants.items()
        if name in wanted
    }


def _exact(stage: Stage, column: Column, text: str, options: Options) -> str:
    place, staged = Place(column, 0, column.name), Staged(above=0)
    stage.cursor.execute(
        f"create or replace temp table {_CONSTANT} as select 1 as line, clean($text) as c0", {"text": text}
    )
    try:
        told = style(stage, (place,), staged, options, _CONSTANT)
    except Asked:
        raise _refused("open", column, text) from None
    (cell,) = cells((place,), told, staged)
    parts = "".join(f", {value} as {name}" for name, value in cell.parts.items())
    exact, rule = stage.cursor.execute(
        f"select ({cell.value})::{sql_type_of(column)}::varchar, {cell.rule} "
        f"from (select *, {cell.fast} as f0 from (select *{parts} from {_CONSTANT}))",
        bound_words((place,), told),
    ).fetchone() or (None, "required")
    if exact is None:
        raise _refused(_RULES[rule], column, text)
    return str(exact)


def _refused(what: str, column: Column, text: str) -> Refused:
    known = {plain(word): value for word, value in column.choices.items()}
    return Refused(f"constant_{what}", column=column.name, value=text, detail=nearest(text, known) if known else "")
