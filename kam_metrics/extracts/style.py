"""How a file writes its numbers, days and words, decided per column from all its values; what stays open is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kam_metrics.extracts.choices import CURRENCIES
from kam_metrics.extracts.judgement import Asked
from kam_metrics.extracts.kinds import plain
from kam_metrics.extracts.match import Place
from kam_metrics.extracts.options import DATE_ORDERS, DECIMALS, Options
from kam_metrics.extracts.staging import TEXT, Staged
from kam_metrics.store import Stage

NUMERIC = frozenset({"money", "rate", "number", "share", "integer"})
DATED = frozenset({"date", "month"})
WORDED = frozenset({"choice", "flag", "currency"})
FAULTY = "staged_faulty"
"""The columns of TEXT, for the rows in which something is wrong."""
MOST_WORDS = 10_000
_WITH_COMMA = r"(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?"
_WITH_DOT = r"(\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?"
_ORDER_ANSWERS = ("?", "dmy", "mdy", "ymd", "short", "same")
_FORMATS = {
    "dmy": ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"), "mdy": ("%m/%d/%Y", "%m-%d-%Y"), "ymd": ("%Y-%m-%d", "%Y/%m/%d"),
}  # fmt: skip
"""Ways of writing a day that are read alike whatever else a column holds; the others are read with more care."""


@dataclass(frozen=True)
class Style:
    """Our column to its decimal mark, to its order of day and month, and to its words; absent where there are none."""

    decimals: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Every known word as the file writes it, and the value that it stands for."""
    said_order: str | None = None
    """The order somebody gave; only then a two-digit year is read."""
    formats: Mapping[str, str] = field(default_factory=dict)
    """How most days are written: read first, and only for speed."""
    scales: Mapping[str, int] = field(default_factory=dict)
    """How many decimals most numbers have: read first, and only for speed."""


def style(stage: Stage, places: Iterable[Place], staged: Staged, options: Options, rows: str) -> Style:
    """Decide every column's style from these rows, or ask about the first that stays open."""
    numeric, dated, worded = _sorted(places)
    marks = _marks(stage, numeric, rows)
    decimals = {p.name: _decimal(p, marks[p.name], staged, options) for p in numeric}
    orders = {p.name: _order(_days(stage, p, rows), options, is_all=rows == TEXT) for p in dated}
    return Style(
        {name: mark for name, mark in decimals.items() if mark},
        {name: order for name, order in orders.items() if order},
        {place.name: _words(stage, place, rows) for place in worded},
        options.date_order,
        {place.name: _format(stage, place, orders[place.name], rows) for place in dated},
        _scales(stage, numeric, decimals, rows),
    )


def agrees(stage: Stage, told: Style, places: Iterable[Place], staged: Staged, options: Options) -> bool:
    """Whether the rows that could not be read say nothing else than the others, which could."""
    numeric, dated, worded = _sorted(places)
    for place in numeric:
        mark = told.decimals.get(place.name)
        seen = _marks(stage, [place], FAULTY)[place.name]
        if not options.decimal and place.index not in staged.exact and _says_more(seen, (mark, "?") if mark else ()):
            return False
    for place in dated:
        order = told.orders.get(place.name)
        if not options.date_order and _says_more(_days(stage, place, FAULTY), _AGREEING[order]):
            return False
    return all(_words(stage, place, FAULTY).keys() <= told.words[place.name].keys() for place in worded)


_AGREEING = {"dmy": ("dmy", "?", "same", "ymd"), "mdy": ("mdy", "?", "same", "ymd"), "ymd": ("ymd",), None: ()}
"""An order of day and month to what a day may say that changes nothing about it."""
Seen = Mapping[str, tuple[int, tuple[str, ...]]]
"""What values say, to how many say it and the first few of them."""


def _says_more(seen: Seen, known: Iterable[str]) -> bool:
    return any(count for answer, (count, _) in seen.items() if answer not in known)


def _sorted(places: Iterable[Place]) -> tuple[list[Place], list[Place], list[Place]]:
    """The places of numbers, of days and of words."""
    numeric, dated, worded = ([p for p in places if p.column.type in types] for types in (NUMERIC, DATED, WORDED))
    return numeric, dated, worded


def _marks(stage: Stage, places: Iterable[Place], rows: str) -> dict[str, Seen]:
    """What columns say about the decimal mark."""
    return _seen(stage, {p: _says_mark(p) for p in places}, ("?", ",", "."), f"(select *, 1 as n from {rows})")


def _says_mark(place: Place) -> str:
    return f"decimal_mark(c{place.index}, '{_WITH_COMMA}', '{_WITH_DOT}')"


def _days(stage: Stage, place: Place, rows: str) -> Seen:
    """What a column says about the order of day and month; days repeat, so each way of writing one is asked once."""
    days = f"(select c{place.index}, min(line) as line, count(*) as n from {rows} group by 1)"
    says = {place: f"date_order(c{place.index}, {place.column.type == 'month'})"}
    return _seen(stage, says, _ORDER_ANSWERS, days)[place.name]


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


def _order(seen: Seen, options: Options, *, is_all: bool) -> str | None:
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
    (same, some_same) = seen["same"]
    if open_ or (same and not is_all):
        raise Asked("date_order", ("dmy", "mdy"), some_open or some_same)
    if same:
        return "dmy"
    return "ymd" if seen["ymd"][0] else None


def _format(stage: Stage, place: Place, order: str | None, rows: str) -> str:
    """The way in which most days are written."""
    formats = tuple(dict.fromkeys((*_FORMATS[order or "ymd"], *_FORMATS["ymd"])))
    counts = ", ".join(f"count(try_strptime(c{place.index}, '{one}'))" for one in formats)
    found = stage.cursor.execute(f"select {counts} from (from {rows} limit 10000)").fetchone() or ()
    return max(zip(found, formats, strict=True))[1]


def _scales(stage: Stage, places: Sequence[Place], marks: Mapping[str, str | None], rows: str) -> dict[str, int]:
    """The number of decimals with which most numbers are written."""
    if not places:
        return {}
    decimals = ", ".join(f"mode(length(split_part(c{p.index}, '{marks[p.name] or ','}', 2)))" for p in places)
    found = stage.cursor.execute(f"select {decimals} from (from {rows} limit 10000)").fetchone() or ()
    return {place.name: scale or 0 for place, scale in zip(places, found, strict=True)}


def _words(stage: Stage, place: Place, rows: str) -> dict[str, str]:
    """The known words of a column, the most frequent first."""
    seen = stage.cursor.execute(
        f"select c{place.index} from {rows} where c{place.index} is not null "
        f"group by 1 order by count(*) desc limit {MOST_WORDS}"
    ).fetchall()
    if place.column.type == "currency":
        return {word: word.upper() for (word,) in seen if word.upper() in CURRENCIES}
    known = {plain(word): value for word, value in place.column.choices.items()}
    return {word: known[plain(word)] for (word,) in seen if plain(word) in known}
