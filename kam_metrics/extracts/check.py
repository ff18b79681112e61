"""From text to typed rows: every cell made exact in one pass, every fault a bit of its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kam_metrics.extracts.cells import SQL_TYPES, Cell, cells
from kam_metrics.extracts.kinds import Kind, plain
from kam_metrics.extracts.match import Place
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.staging import TEXT, Staged
from kam_metrics.extracts.style import DATED, Style
from kam_metrics.store import Stage

TYPED = "staged_typed"
"""line, faults, and the kind's columns; wrong cells are null and have their bit in `faults`."""
FAULT = "staged_fault"
"""line, place, rule, detail: everything that is wrong, one row each."""
_ABOUT = "(per |van |of |for |voor )?(klant|customer|account|debiteur|debtor|relatie|maand|month|periode|period)"
_TOTAL_WORD = (
    "(sub[- ]?|eind|grand |general |algemeen )?(totaal|total)( generaal)?"
    f"(:| {_ABOUT}\\b.*|:? [a-z]{{0,3}}-?\\d[\\da-z-]*)?"
    "|(sub[- ]?|eind|grand )(totaal|total)\\b.*|som|sum|(overall |eind|totaal)?result(aat)?:?|[*]+"
)
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR", "EUR"),
    "£": ("GBP", "GBP"),
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"),
    "¥": ("JPY", "CNY"),
}
_TOTAL_STARTS = ("to", "su", "ei", "gr", "ge", "al", "so", "re", "ov", "*", "**")


@dataclass(frozen=True)
class Sheet:
    """A staged file whose columns are known and whose style is decided."""

    kind: Kind
    places: tuple[Place, ...]
    cells: tuple[Cell, ...]
    constants: Mapping[str, str]
    """Our column to a text that stands on every row."""
    same: Mapping[str, str]
    """Our column to the one whose cells it shares."""
    least_fields: int
    beyond: tuple[str, ...] = ()
    """Cells behind the last header of a text file, where a delimiter within a name pushes what it cuts off."""
    has_odd_text: bool = True

    @property
    def fields_bit(self) -> int:
        """The row has too few or too many fields."""
        return len(self.places)

    @property
    def one_of_bit(self) -> int:
        """None of the alternatives is filled."""
        return len(self.places) + 1

    @property
    def foreign_bit(self) -> int:
        """An amount names another currency than its row."""
        return len(self.places) + 2

    @property
    def label_bit(self) -> int:
        """The word total, or a header, stands where an account or a document should."""
        return len(self.places) + 3


def sheet(
    found: tuple[Kind, tuple[Place, ...]], headers: Sequence[str], style: Style, staged: Staged, options: Options
) -> Sheet:
    """Bind the columns of a kind to the staged text."""
    kind, places = found
    there = {place.name for place in places}
    constants = {name: _canonical(kind, name, t) for name, t in options.constants.items() if name not in there}
    same = {name: other for name, other in options.same.items() if name not in there and other in there}
    if options.source and "source_system" in kind.names and "source_system" not in there:
        constants["source_system"] = options.source
    least = max((i for i, header in enumerate(headers) if header.strip()), default=0) + 1
    beyond = tuple(f"c{index}" for index in range(least, len(headers))) if staged.serials_from is None else ()
    return Sheet(
        kind, places, cells(places, style, staged), constants, same, least, beyond, has_odd_text=staged.has_odd_text
    )


def _canonical(kind: Kind, name: str, text: str) -> str:
    words = kind.column(name).choices
    return {plain(word): value for word, value in words.items()}.get(plain(text), text) if words else text


def type_rows(stage: Stage, this: Sheet) -> None:
    """Make every row exact, or mark what is wrong with it."""
    for cell in this.cells:
        if cell.place.column.choices:
            _stage_words(stage, cell.place)
        elif cell.place.column.type in (*DATED, "currency"):
            _stage_values(stage, cell)
    joins = " ".join(
        f"left join word_{cell.place.name} on word_{cell.place.name}.word = {cell.text}"
        for cell in this.cells
        if _is_looked_up(cell)
    )
    stage.cursor.execute(
        f"create or replace temp table {TYPED} as select line, {_faults(this)} as faults, "
        f"{', '.join(this.kind.names)} from (select text.*, {_values(this)} from {TEXT} text {joins})",
        _bound(this),
    )


def _is_looked_up(cell: Cell) -> bool:
    return bool(cell.place.column.choices) or cell.place.column.type in (*DATED, "currency")


def _bound(this: Sheet) -> dict[str, str]:
    return {f"constant_{name}": text for name, text in this.constants.items()}


def _values(this: Sheet) -> str:
    by_name = {
        cell.place.name: f"word_{cell.place.name}.value" if _is_looked_up(cell) else cell.value for cell in this.cells
    }
    for name in this.constants:
        by_name[name] = f"$constant_{name}"
    by_name |= {name: by_name[other] for name, other in this.same.items()}
    if "currency" in this.kind.names and not this.kind.column("currency").required:
        there = next((cell for cell in this.cells if cell.place.name == "currency"), None)
        empty = f"{there.text} is null" if there else "true"
        by_name["currency"] = f"case when {empty} then 'EUR' else {by_name.get('currency', 'null')} end"
    return ", ".join(
        f"({by_name.get(column.name, 'null')})::{SQL_TYPES[column.type]} as {column.name}"
        for column in this.kind.columns
    )


def _faults(this: Sheet) -> str:
    """One bit per column, then the bits of the row as a whole."""
    bits = {index: cell.is_wrong for index, cell in enumerate(this.cells)}
    bits[this.fields_bit] = " or ".join(
        (f"fields < {this.least_fields} or surplus is not null", *(f"{cell} is not null" for cell in this.beyond))
    )
    if this.kind.one_of:
        there = {cell.place.name: cell.text for cell in this.cells}
        bits[this.one_of_bit] = " and ".join(f"{there.get(name, name)} is null" for name in this.kind.one_of)
    money = [cell for cell in this.cells if cell.place.column.type in ("money", "rate")]
    if money:
        currency = "currency" if "currency" in this.kind.names and this.kind.name != "fx_rates" else "'EUR'"
        foreign = [f"({cell.place.name} is not null and is_foreign({cell.text}, {currency}))" for cell in money]
        foreign += [f"{currency} not in {codes}" for cell in money if (codes := _currencies_of(cell.place))]
        bits[this.foreign_bit] = " or ".join(foreign)
    if labels := [*_labels(this), *_headers_again(this)]:
        bits[this.label_bit] = " or ".join(labels)
    return " + ".join(f"case when {wrong} then {1 << bit} else 0 end" for bit, wrong in bits.items()) + "::bigint"


def _currencies_of(place: Place) -> tuple[str, ...]:
    """The currencies that a header allows, as in `Bedrag EUR` or `Amount ($)`; nothing when it names none."""
    if place.column.type != "money":
        return ()
    sign = next((sign for sign in _SIGNS if sign in place.header), None)
    if sign is None and plain(place.header).endswith(("eur", "euro")):
        sign = "€"
    return _SIGNS[sign] if sign else ()


def _labels(this: Sheet) -> list[str]:
    named = {*this.kind.one_of, *(name for name in this.kind.required if this.kind.column(name).type == "id")}
    # the first letters decide for nearly every row, at a fraction of the price
    return [
        f"(lower({text}[1:2]) in {_TOTAL_STARTS} and regexp_full_match(lower({text}), '{_TOTAL_WORD}'))"
        for text in (cell.text for cell in this.cells if cell.place.name in named)
    ]


def _headers_again(this: Sheet) -> list[str]:
    """Where every column is text, a header on a later page reads well, in whatever order: look for it."""
    required = [cell for cell in this.cells if cell.place.column.required]
    if any(cell.place.column.type not in ("id", "text") for cell in required):
        return []
    headers = ", ".join("'" + cell.place.header.lower().replace("'", "''") + "'" for cell in this.cells)
    return ["(" + " and ".join(f"lower({cell.text}) in ({headers})" for cell in required) + ")"] if required else []


def _stage_values(stage: Stage, cell: Cell) -> None:
    """Days and currencies repeat: convert each way of writing one once, and look it up."""
    name, text = cell.place.name, cell.text
    stage.cursor.execute(
        f"create or replace temp table word_{name} as select {text} as word, {cell.value} as value "
        f"from (select distinct {text} from {TEXT} where {text} is not null)"
    )


def _stage_words(stage: Stage, place: Place) -> None:
    """The words that a column holds, each with the value it stands for or the nearest one we know."""
    known = {plain(word): value for word, value in place.column.choices.items()}
    seen = stage.cursor.execute(
        f"select distinct c{place.index} from {TEXT} where c{place.index} is not null limit 10000"
    ).fetchall()
    stage.cursor.execute(f"create or replace temp table word_{place.name} (word varchar, value varchar, near varchar)")
    rows = [(word, known.get(plain(word)), _nearest(word, known)) for (word,) in seen]
    if rows:
        stage.cursor.executemany(f"insert into word_{place.name} values (?, ?, ?)", rows)


def _nearest(word: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(plain(word)[:100], known, 1, 0)
    return known[near[0]] if near else ""


def note_faults(stage: Stage, this: Sheet, skipped: Iterable[int]) -> None:
    """Write down every fault of every row that is not skipped: its line, place, rule, and what may help."""
    stage.cursor.execute("create or replace temp table staged_skip (line bigint)")
    lines = [(line,) for line in skipped]
    if lines:
        stage.cursor.executemany("insert into staged_skip values (?)", lines)
    stage.cursor.execute(
        f"create or replace temp table {FAULT} (line bigint, place integer, rule varchar, detail varchar)"
    )
    (found,) = stage.cursor.execute(f"select bit_or(faults) from {TYPED} where faults <> 0").fetchone() or (0,)
    fields = 1 << this.fields_bit
    if not found:
        return
    for bit, (rule, detail, place) in _rules(this).items():
        if found & (1 << bit):
            alone = "" if bit == this.fields_bit else f"and faults & {fields} = 0"
            join = f"left join word_{place.name} on word = c{place.index}" if place and place.column.choices else ""
            number = place.index if place else -1
            stage.cursor.execute(
                f"insert into {FAULT} select line, {number}, {rule}, {detail} from {TYPED} join {TEXT} using (line) "
                f"{join} where faults & {1 << bit} <> 0 {alone} and line not in (from staged_skip)"
            )


def _rules(this: Sheet) -> dict[int, tuple[str, str, Place | None]]:
    """Bit to the rule and the detail in SQL, and the column."""
    rules: dict[int, tuple[str, str, Place | None]] = {}
    for bit, cell in enumerate(this.cells):
        detail = "near" if cell.place.column.type == "choice" else "''"
        rules[bit] = (cell.rule, detail, cell.place)
    rules[this.fields_bit] = ("'fields'", f"fields || ' / {this.least_fields}'", None)
    if this.kind.one_of:
        first = next((place for place in this.places if place.name in this.kind.one_of), None)
        rules[this.one_of_bit] = ("'one_of'", f"'{'/'.join(this.kind.one_of)}'", first)
    money = next((place for place in this.places if place.column.type in ("money", "rate")), None)
    rules[this.foreign_bit] = ("'foreign'", "''", money)
    rules[this.label_bit] = ("'label'", "''", this.places[0])
    return rules
