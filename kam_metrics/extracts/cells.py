"""What a cell may hold, per type: the expression that makes it exact, and the one that names what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kam_metrics.extracts.kinds import Column
from kam_metrics.extracts.match import Place
from kam_metrics.extracts.staging import Staged
from kam_metrics.extracts.style import NUMERIC, WORDED, Style

_SQL_TYPES = {
    "id": "varchar", "text": "varchar", "currency": "varchar", "date": "date", "month": "date",
    "money": "decimal(18, 4)", "rate": "decimal(18, 8)", "number": "decimal(18, 8)", "share": "decimal(18, 8)",
    "integer": "integer", "flag": "boolean",
}  # fmt: skip
_MANGLED = r"[-+]?\d+([.,]\d+)?[Ee]\+\d+"
"""What a spreadsheet makes of a long number: digits are gone for good."""
_UNSEEN = r"[\p{Cc}\p{Cf}\x{FFFD}]"
_BROKEN = (
    "#(N/[AB]|NV|(DIV|DEEL)/0!|(REF|VERW|BEZUG|VALUE|WAARDE|WERT|VALEUR|NUM|GETAL|ZAHL|NOMBRE|NULL|LEEG|SPILL|CALC)!"
    r"|(NAME|NAAM|NOM)\?)"
)
"""What a spreadsheet shows for a value that it could not work out, in English, Dutch, French and German."""
_DITTO = """["″〃„“”]|''''"""
"""Marks that repeat the code of the line above; doubled, as SQL wants it."""
_NO_DAY = "date '1900-01-01'"
_FROM_EVER = frozenset({"valid_from"})
"""Columns in which the first day of all says something: elsewhere many systems write it where there is none."""
_DECIMALS = {"money": 4, "rate": 8, "number": 8, "share": 8, "integer": 0}


def sql_type_of(column: Column) -> str:
    """The type that holds a column's values; the values of a closed list are numbers to the database."""
    if column.type == "choice":
        return "enum({})".format(", ".join(f"'{value}'" for value in dict.fromkeys(column.choices.values())))
    return _SQL_TYPES[column.type]


@dataclass(frozen=True)
class Cell:
    """A column's cell in SQL: its trimmed text, its exact value (null when empty or wrong), and the rule it breaks."""

    place: Place
    value: str
    rule: str
    fast: str = "null"
    """The value when it is written as most are, else null: `value` and others read it as the column `f…`."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Columns that `fast` reads, each made once."""
    example: str = ""
    """How a value is written in this column, where it depends on the file."""

    @property
    def text(self) -> str:
        """The column that holds its text."""
        return f"c{self.place.index}"

    @property
    def is_wrong(self) -> str:
        """True when something stands there that cannot be read, or nothing where something must."""
        name = self.place.name
        if self.place.column.required:
            return f"{name} is null"
        return f"{name} is null and {self.text} is not null"


def cells(places: Iterable[Place], style: Style, staged: Staged) -> tuple[Cell, ...]:
    """The cells of every column that the file has."""
    return tuple(_cell(place, style, staged) for place in places)


def _cell(place: Place, style: Style, staged: Staged) -> Cell:
    column, text, fast, parts, example = place.column, f"c{place.index}", "null", dict[str, str](), ""
    if column.type in NUMERIC:
        mark, scale = style.decimals.get(column.name), style.scales.get(column.name, 0)
        fast, value, rule, parts = _number(place, mark, scale)
        example = {",": "1.234,56", ".": "1,234.56"}.get(mark or "", "1234,56 / 1234.56")
    elif column.type in ("date", "month"):
        fast, value, rule = _day(place, _with_serials(text, staged), style)
    elif column.type in WORDED:
        value, rule = _word(place, style), f"'{column.type}'"
    elif staged.has_odd_text:
        value, rule = _written(text, is_code=column.type == "id")
    else:
        value, rule = text, "'text'"
    return Cell(place, value, f"case when {text} is null then 'required' else {rule} end", fast, parts, example)


def _written(text: str, *, is_code: bool) -> tuple[str, str]:
    """A text as it stands, unless it is what a spreadsheet shows for an error; a code is looked at more closely."""
    faults = {"broken_cell": f"regexp_full_match({text}, '{_BROKEN}')"}
    if is_code:
        faults |= {"mangled": f"regexp_full_match({text}, '{_MANGLED}')"}
        faults |= {"unseen": f"regexp_matches({text}, '{_UNSEEN}')"}
        faults |= {"ditto": f"regexp_full_match({text}, '{_DITTO}')"}
    rules = " ".join(f"when {is_wrong} then '{rule}'" for rule, is_wrong in faults.items())
    return f"case when not ({' or '.join(faults.values())}) then {text} end", f"case {rules} end"


def _word(place: Place, style: Style) -> str:
    """The value that a word stands for; words are the file's own, so they are bound and never written out."""
    values, sql_type = style.words[place.name].values(), sql_type_of(place.column)
    known = " ".join(f"when $word_{place.index}_{nth} then '{value}'::{sql_type}" for nth, value in enumerate(values))
    return f"case c{place.index} {known} end" if known else "null"


def bound_words(places: Iterable[Place], style: Style) -> dict[str, str]:
    """The parameters that the values of `cells` name."""
    return {
        f"word_{place.index}_{nth}": word
        for place in places
        for nth, word in enumerate(style.words.get(place.name, ()))
    }


def _number(place: Place, mark: str | None, scale: int) -> tuple[str, str, str, dict[str, str]]:
    column, text, fast, sql_type = place.column, f"c{place.index}", f"f{place.index}", sql_type_of(place.column)
    shape, odd = _shapes(mark, _DECIMALS[column.type])
    marks = "'.', ','" if mark == "," else "',', '.'"
    fine = f"odd_number({text}, '{odd}', {marks})"
    loose = "plain_number({}, '{}', '{}', {})".format(text, *_shapes(mark, None), marks)
    value = _unless(f"{fast} is not null", fast, f"try_cast({fine} as {sql_type})")
    read = f"plain_number({text}, '{shape}', '{odd}', {marks})"
    too_fine = "integer" if column.type == "integer" else "decimals"
    rule = (
        f"case when {loose} is null then 'number' when {read} is null then '{too_fine}' "
        f"when try_cast({loose} as {sql_type}) is null then 'too_large' else 'range' end"
    )
    bare = rf"-?\d+{_beyond(mark, _DECIMALS[column.type])}"
    ungrouped = f"when regexp_full_match({text}, '{bare}') then replace({text}, '{mark or ','}', '.')"
    straight = f"case {ungrouped} else straight_number({text}, '{shape}', {marks}) end"
    is_proven, proven, parts = _proven(place, mark, min(scale, _DECIMALS[column.type]))
    fast = f"case when {is_proven} then try_cast({proven} as {sql_type}) else try_cast({straight} as {sql_type}) end"
    return fast, _within(column, value), rule, parts


def _proven(place: Place, mark: str | None, scale: int) -> tuple[str, str, dict[str, str]]:
    """A number that the database writes as it stands in the file was read well: no other proof is as cheap."""
    text, with_dot, number = f"c{place.index}", f"t{place.index}", f"v{place.index}"
    dotted = f"replace({text}, ',', '.')" if mark == "," else text
    parts = {with_dot: dotted, number: f"try_cast({dotted} as decimal(18, {scale if mark else 0}))"}
    had_comma = f" and {with_dot} <> {text}" if mark == "," and scale else ""
    return f"{number}::varchar = {with_dot}{had_comma}", number, parts


def _within(column: Column, value: str) -> str:
    """A value out of its bounds is none."""
    bounds = [f"{value} >= {column.at_least}" if column.at_least is not None else ""]
    bounds += [f"{value} <= {column.at_most}" if column.at_most is not None else ""]
    bounds += [f"{value} between 0 and 1" if column.type == "share" else ""]
    within = " and ".join(bound for bound in bounds if bound)
    return f"case when {within} then {value} end" if within else value


def _shapes(mark: str | None, decimals: int | None) -> tuple[str, str]:
    """A number in plain and in odd writing, with at most so many decimals that say something.

    As long as no value says which mark is used, dots and commas mean nothing and a number has none.
    """
    beyond = _beyond(mark, decimals)
    grouped = rf"([{'.' if mark == ',' else ','}]\d{{3}})+" if mark else r"( \d{3})+"
    plain = rf"-?(\d+|[1-9]\d{{0,2}}{grouped}){beyond}" if mark else r"-?\d+"
    odd = rf"(\d+|[1-9]\d{{0,2}}({grouped}|( \d{{3}})+|(''\d{{3}})+)){beyond}"
    return plain, odd


def _beyond(mark: str | None, decimals: int | None) -> str:
    """What may stand behind the whole part of a number."""
    told = r"\d+" if decimals is None else rf"\d{{1,{decimals}}}0*" if decimals else "0+"
    return f"([{mark}]{told})?" if mark else ""


def _with_serials(text: str, staged: Staged) -> str:
    """A workbook's date may be a bare number of days."""
    if staged.serials_from is None:
        return text
    day = f"(date '{staged.serials_from}' + try_cast({text} as integer))::varchar"
    return f"case when regexp_full_match({text}, '[1-9][0-9]{{4}}') then {day} else {text} end"


def _day(place: Place, text: str, style: Style) -> tuple[str, str, str]:
    column, order = place.column, style.orders.get(place.name)
    reads = "month_of" if column.type == "month" else "day_of"
    careful = f"{reads}({text}, {_literal(order)}, {_literal(style.said_order)})"
    sane = "is_sane" if column.name in _FROM_EVER else "is_known"
    if column.name not in _FROM_EVER:
        careful = f"nullif({careful}, {_NO_DAY})"
    has_time = rf"regexp_matches(without_midnight({text}), '\d[T ]+\d{{1,2}}:\d{{2}}')"
    rule = f"case when {has_time} then 'time' else '{column.type}' end"
    if column.type == "month":
        return "null", careful, rule
    fast, straight = f"f{place.index}", f"try_strptime(c{place.index}, '{style.formats[place.name]}')::date"
    return straight, _unless(f"{sane}({fast})", fast, careful), rule


def _unless(is_fast: str, fast: str, careful: str) -> str:
    """The fast value where it is there; a `case`, since `coalesce` makes the careful one for every row."""
    return f"case when {is_fast} then {fast} else {careful} end"


def _literal(word: str | None) -> str:
    return "null" if word is None else f"'{word}'"
