"""What a cell may hold, per type: the expression that makes it exact, and the one that names what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kam_metrics.extracts.choices import CURRENCIES
from kam_metrics.extracts.kinds import Column
from kam_metrics.extracts.match import Place
from kam_metrics.extracts.staging import Staged
from kam_metrics.extracts.style import NUMERIC, Style

SQL_TYPES: Mapping[str, str] = {
    "id": "varchar", "text": "varchar", "choice": "varchar", "currency": "varchar", "date": "date", "month": "date",
    "money": "decimal(18, 4)", "rate": "decimal(18, 8)", "number": "decimal(18, 8)", "share": "decimal(18, 8)",
    "integer": "integer", "flag": "boolean",
}  # fmt: skip
_MANGLED = r"[-+]?\d+([.,]\d+)?E\+\d+"
"""What a spreadsheet makes of a long number: digits are gone for good."""
_UNSEEN = r"[\p{Cc}\p{Cf}\x{FFFD}]"
_DECIMALS = {"money": 4, "rate": 8, "number": 8, "share": 8, "integer": 0}


@dataclass(frozen=True)
class Cell:
    """A column's cell in SQL: its trimmed text, its exact value (null when empty or wrong), and the rule it breaks."""

    place: Place
    text: str
    value: str
    rule: str

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
    column, text = place.column, f"c{place.index}"
    if column.type in NUMERIC:
        value, rule = _number(column, text, style.decimals.get(column.name, "."))
    elif column.type in ("date", "month"):
        value, rule = _day(column, _with_serials(text, staged), style)
    elif column.type in ("choice", "flag"):
        value, rule = f"word_{column.name}.value::{SQL_TYPES[column.type]}", f"'{column.type}'"
    elif column.type == "currency":
        codes = ", ".join(f"'{code}'" for code in sorted(CURRENCIES))
        value, rule = f"case when upper({text}) in ({codes}) then upper({text}) end", "'currency'"
    elif column.type == "id" and staged.has_odd_text:
        is_mangled = f"regexp_full_match({text}, '{_MANGLED}')"
        value = f"case when not {is_mangled} and not regexp_matches({text}, '{_UNSEEN}') then {text} end"
        rule = f"case when {is_mangled} then 'mangled' else 'unseen' end"
    else:
        value, rule = text, "'text'"
    return Cell(place, text, value, f"case when {text} is null then 'required' else {rule} end")


def _number(column: Column, text: str, mark: str) -> tuple[str, str]:
    groups = "." if mark == "," else ","
    fine, sql_type = _plain(text, mark, groups, _DECIMALS[column.type]), SQL_TYPES[column.type]
    value = f"try_cast({fine} as {sql_type})"
    loose = _plain(text, mark, groups, None)
    too_fine = "integer" if column.type == "integer" else "decimals"
    rule = (
        f"case when {loose} is null then 'number' when {fine} is null then '{too_fine}' "
        f"when try_cast({loose} as {sql_type}) is null then 'too_large' else 'range' end"
    )
    bounds = [f"{value} >= {column.at_least}" if column.at_least is not None else ""]
    bounds += [f"{value} <= {column.at_most}" if column.at_most is not None else ""]
    bounds += [f"{value} between 0 and 1" if column.type == "share" else ""]
    within = " and ".join(bound for bound in bounds if bound)
    return (f"case when {within} then {value} end" if within else value), rule


def _plain(text: str, mark: str, groups: str, decimals: int | None) -> str:
    """The number in plain writing, with at most so many decimals that say something."""
    group, point = f"[{groups}]", f"[{mark}]"
    told = r"\d+" if decimals is None else rf"\d{{1,{decimals}}}0*" if decimals else "0+"
    beyond = f"({point}{told})?"
    plain = rf"-?(\d+|[1-9]\d{{0,2}}({group}\d{{3}})+){beyond}"
    odd = rf"(\d+|[1-9]\d{{0,2}}(({group}\d{{3}})+|( \d{{3}})+|(''\d{{3}})+)){beyond}"
    return f"plain_number({text}, '{plain}', '{odd}', '{groups}', '{mark}')"


def _with_serials(text: str, staged: Staged) -> str:
    """A workbook's date may be a bare number of days."""
    if staged.serials_from is None:
        return text
    day = f"(date '{staged.serials_from}' + try_cast({text} as integer))::varchar"
    return f"case when regexp_full_match({text}, '[1-9][0-9]{{4}}') then {day} else {text} end"


def _day(column: Column, text: str, style: Style) -> tuple[str, str]:
    order = style.orders.get(column.name)
    said = style.said_order
    reads = "month_of" if column.type == "month" else "day_of"
    value = f"{reads}({text}, {_literal(order)}, {_literal(said)})"
    has_time = rf"regexp_matches({text}, '\d[T ]+\d{{1,2}}:\d{{2}}')"
    return value, f"case when {has_time} then 'time' else '{column.type}' end"


def _literal(word: str | None) -> str:
    return "null" if word is None else f"'{word}'"
