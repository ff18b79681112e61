"""How a file writes its numbers and dates, decided per column from all its values; what stays open is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kam_metrics.extracts.judgement import Asked
from kam_metrics.extracts.match import Place
from kam_metrics.extracts.options import DATE_ORDERS, DECIMALS, Options
from kam_metrics.extracts.staging import TEXT, Staged
from kam_metrics.store import Stage, read_sql

NUMERIC = frozenset({"money", "rate", "number", "share", "integer"})
DATED = frozenset({"date", "month"})
_WITH_COMMA = r"(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?"
_WITH_DOT = r"(\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?"
_ORDER_ANSWERS = ("?", "dmy", "mdy", "ymd", "short", "same")
_ROWS = f"(select *, 1 as n from {TEXT})"


@dataclass(frozen=True)
class Style:
    """Our column to its decimal mark, and to its order of day and month; absent where it does not matter."""

    decimals: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    said_order: str | None = None
    """The order somebody gave; only then a two-digit year is read."""


def style(stage: Stage, places: Iterable[Place], staged: Staged, options: Options) -> Style:
    """Decide every column's style, or ask about the first that stays open."""
    for name in ("numbers", "days"):
        stage.cursor.execute(read_sql(__file__, f"sql/{name}"))
    numeric = [place for place in places if place.column.type in NUMERIC]
    dated = [place for place in places if place.column.type in DATED]
    marks = _seen(stage, {place: _says_mark(place) for place in numeric}, ("?", ",", "."), _ROWS)
    orders: dict[str, Seen] = {}
    for place in dated:
        orders |= _seen(stage, {place: _says_order(place)}, _ORDER_ANSWERS, _days(place))
    decimals = {place.name: _decimal(place, marks[place.name], staged, options) for place in numeric}
    decided = {place.name: _order(orders[place.name], options) for place in dated}
    return Style(
        {name: mark for name, mark in decimals.items() if mark},
        {name: order for name, order in decided.items() if order},
        options.date_order,
    )


Seen = Mapping[str, tuple[int, tuple[str, ...]]]
"""What values say, to how many say it and the first few of them."""


def _says_mark(place: Place) -> str:
    return f"decimal_mark(c{place.index}, '{_WITH_COMMA}', '{_WITH_DOT}')"


def _says_order(place: Place) -> str:
    return f"date_order(c{place.index}, {place.column.type == 'month'})"


def _days(place: Place) -> str:
    """The few ways of writing a day that a column holds: far fewer than its rows."""
    return f"(select c{place.index}, min(line) as line, count(*) as n from {TEXT} group by 1)"


def _seen(stage: Stage, says: Mapping[Place, str], answers: tuple[str, ...], rows: str) -> dict[str, Seen]:
    """Per column, how many values say what, in one pass over the rows."""
    if not says:
        return {}
    said = ", ".join(f"c{p.index}, {text} as said_{p.index}" for p, text in says.items())
    counts = ", ".join(
        f"coalesce(sum(n) filter (where said_{p.index} = '{answer}'), 0)::bigint, "
        f"arg_min(c{p.index}, line, 3) filter (where said_{p.index} = '{answer}')"
        for p in says
        for answer in answers
    )
    row = stage.cursor.execute(f"select {counts} from (select line, n, {said} from {rows})").fetchone() or ()
    found = iter(row)
    return {p.name: {answer: (next(found), tuple(next(found) or ())) for answer in answers} for p in says}


def _decimal(place: Place, seen: Seen, staged: Staged, options: Options) -> str | None:
    if place.index in staged.exact:
        return "."
    if options.decimal:
        return options.decimal
    (commas, some_commas), (dots, some_dots), (open_, some_open) = seen[","], seen["."], seen["?"]
    if commas and commas == dots:
        raise Asked("decimal", DECIMALS, some_commas[:1] + some_dots[:1])
    if commas and dots and open_ and options.quarantine:
        raise Asked("decimal", DECIMALS, some_open[:1] + some_commas[:1] + some_dots[:1])
    if commas or dots:
        return "," if commas > dots else "."
    if open_:
        raise Asked("decimal", DECIMALS, some_open)
    return None


def _order(seen: Seen, options: Options) -> str | None:
    if options.date_order:
        return options.date_order
    if seen["short"][0]:
        raise Asked("date_order", DATE_ORDERS, seen["short"][1])
    (dmy, some_dmy), (mdy, some_mdy), (open_, some_open) = seen["dmy"], seen["mdy"], seen["?"]
    if dmy and dmy == mdy:
        raise Asked("date_order", ("dmy", "mdy"), some_dmy[:1] + some_mdy[:1])
    if dmy and mdy and open_ and options.quarantine:
        raise Asked("date_order", ("dmy", "mdy"), some_open[:1] + some_dmy[:1] + some_mdy[:1])
    if dmy or mdy:
        return "dmy" if dmy > mdy else "mdy"
    if open_:
        raise Asked("date_order", ("dmy", "mdy"), some_open)
    if seen["same"][0]:
        return "dmy"
    return "ymd" if seen["ymd"][0] else None
