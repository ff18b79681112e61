"""From text to typed rows: every cell made exact in one pass over the file, every fault a bit of its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kam_metrics.extracts.cells import Cell, bound_words, cells, sql_type_of
from kam_metrics.extracts.kinds import Kind, plain
from kam_metrics.extracts.match import Place, known_headers
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.staging import CELLS, TEXT, VALUES, Staged
from kam_metrics.extracts.style import FAULTY, MOST_WORDS, Style
from kam_metrics.extracts.titles import currencies_in
from kam_metrics.store import Stage

TYPED = "staged_typed"
"""line, faults, and the kind's columns; wrong cells are null and have their bit in `faults`."""
FAULT = "staged_fault"
"""line, place, rule, detail: everything that is wrong, one row each."""
_ABOUT = "(per |van |of |for |voor )?(klant|customer|account|debiteur|debtor|relatie|maand|month|periode|period)"
_TOTAL_WORD = (
    "(?i)(sub[- ]?|sous[- ]|eind|grand |general |algemeen )?(totaal|total|totaux)( generaal| g[eé]n[eé]ral)?"
    f"(:| {_ABOUT}\\b.*|:? [a-z]{{0,3}}-?\\d[\\da-z-]*)?"
    "|(sub[- ]?|sous[- ]|eind|grand )(totaal|total)\\b.*|(zwischen|gesamt)?summe|som|sum"
    "|(overall |eind|totaal)?result(aat)?:?|[*]+"
    "|(aantal|number of)( [a-z]+)?:?|count:?|gemiddelde?:?|average:?"
)


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
    words: Mapping[str, str]
    """The parameters of the cells: the file's own words."""
    least_fields: int
    beyond: tuple[str, ...]
    """Cells behind the last header of a text file, where a delimiter within a name pushes what it cuts off."""
    above: int
    has_gaps: bool
    has_odd_text: bool
    """Whether codes may hold letters that look like others."""

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
    constants = {name: text for name, text in options.constants.items() if name not in there}
    same = {name: other for name, other in options.same.items() if name not in there and other in there}
    if options.source and "source_system" in kind.names and "source_system" not in there:
        constants["source_system"] = options.source
    least = max((i for i, header in enumerate(headers) if header.strip()), default=0) + 1
    beyond = tuple(f"c{index}" for index in range(least, len(headers))) if staged.serials_from is None else ()
    words, typed = bound_words(places, style), cells(places, style, staged)
    traits = (staged.above, staged.has_gaps, staged.has_odd_text)
    return Sheet(kind, places, typed, constants, same, words, least, beyond, *traits)


def type_rows(stage: Stage, this: Sheet) -> None:
    """Make every row exact, or mark what is wrong with it, in one pass over the file."""
    for name, text in this.constants.items():
        stage.cursor.execute(f"set variable constant_{name} = $text", {"text": text})
    stored = [place.name for place in this.places]
    stage.cursor.execute(f"create or replace temp table {VALUES} as {typed(this, CELLS, stored)}", this.words)
    values = _values(this)
    there = {place.name for place in this.places}
    columns = ", ".join(name if name in there else f"{values[name]} as {name}" for name in this.kind.names)
    rows = "where faults is not null" if this.has_gaps else ""
    stage.cursor.execute(
        f"create or replace temp view {TYPED} as "
        f"select rowid + {this.above + 1} as line, faults, {columns} from {VALUES} {rows}"
    )


def typed(this: Sheet, rows: str, columns: Iterable[str]) -> str:
    """SQL of columns of rows made exact, behind the faults of each."""
    values = ", ".join(f"{value} as {name}" for name, value in _values(this).items())
    fast = "".join(f", {cell.fast} as f{cell.place.index}" for cell in this.cells)
    parts = "".join(f", {value} as {name}" for cell in this.cells for name, value in cell.parts.items())
    return (
        f"select {', '.join((f'{_faults(this)} as faults', *columns))} from "
        f"(select *, {values} from (select *{fast} from (select *{parts} from {rows})))"
    )


def stage_faulty(stage: Stage) -> None:
    """Read again, as text, the rows in which something is wrong."""
    (found,) = stage.cursor.execute(f"select exists(from {TYPED} where faults <> 0)").fetchone() or (False,)
    # a plain `in` may become a join that keeps the whole file in memory: nobody knows how many rows a file has
    rows = f"where case when line in (select line from {TYPED} where faults <> 0) then true end" if found else "limit 0"
    stage.cursor.execute(f"create or replace temp table {FAULTY} as from {TEXT} {rows}")


def _values(this: Sheet) -> dict[str, str]:
    """Our column to its value in SQL."""
    by_name = {cell.place.name: cell.value for cell in this.cells}
    by_name |= {name: f"getvariable('constant_{name}')" for name in this.constants}
    by_name |= this.same
    if "currency" in this.kind.names and not this.kind.column("currency").required:
        there = next((cell for cell in this.cells if cell.place.name == "currency"), None)
        told = by_name.get("currency", "null")
        empty = f"{there.text} is null" if there else f"{told} is null"
        by_name["currency"] = f"case when {empty} then 'EUR' else {told} end"
    return {column.name: f"({by_name.get(column.name, 'null')})::{sql_type_of(column)}" for column in this.kind.columns}


def _faults(this: Sheet) -> str:
    """One bit per column, then the bits of the row as a whole; null for a line that is no row."""
    bits = {index: cell.is_wrong for index, cell in enumerate(this.cells)}
    bits[this.fields_bit] = " or ".join(
        (f"fields < {this.least_fields} or surplus is not null", *(f"{cell} is not null" for cell in this.beyond))
    )
    if this.kind.one_of:
        there = {cell.place.name: cell.text for cell in this.cells}
        bits[this.one_of_bit] = " and ".join(f"{there.get(name, name)} is null" for name in this.kind.one_of)
    if foreign := _foreign(this):
        bits[this.foreign_bit] = " or ".join(foreign)
    if labels := [*_labels(this), *_headers_again(this)]:
        bits[this.label_bit] = " or ".join(labels)
    marks = " + ".join(f"case when {wrong} then {1 << bit} else 0 end" for bit, wrong in bits.items())
    return f"(case when fields > 0 then {marks} end)::bigint" if this.has_gaps else f"({marks})::bigint"


def _foreign(this: Sheet) -> list[str]:
    """What may name another currency than the row's: amounts and their headers; anything else counted is in euros."""
    row = "currency" if "currency" in this.kind.names and this.kind.name != "fx_rates" else "'EUR'"
    counted = [cell for cell in this.cells if cell.place.column.type in ("money", "rate", "number")]
    told = [(cell, "'EUR'" if cell.place.column.type == "number" else row) for cell in counted]
    foreign = [
        f"(f{cell.place.index} is null and {cell.place.name} is not null and is_foreign({cell.text}, {currency}))"
        for cell, currency in told
    ]
    headers = ("|".join(currencies_in(cell.place.header)) for cell in counted if cell.place.column.type == "money")
    return foreign + [f"not regexp_full_match({row}, '{codes}')" for codes in headers if codes]


def _labels(this: Sheet) -> list[str]:
    named = {*this.kind.one_of, *(name for name in this.kind.required if this.kind.column(name).type == "id")}
    texts = [cell.text for cell in this.cells if cell.place.name in named]
    # most codes begin with a digit or have one behind a letter, and no word for a total has: that is seen at once
    return [
        f"case when {text} glob '?[0-9]*' then false else regexp_full_match({text}, '{_TOTAL_WORD}') end"
        for text in texts
    ]


def _headers_again(this: Sheet) -> list[str]:
    """Where every column is text, a header on a later page reads well, in whatever order: look for it."""
    required = [cell for cell in this.cells if cell.place.column.required]
    if any(cell.place.column.type not in ("id", "text") for cell in required):
        return []
    headers = {plain(cell.place.header) for cell in this.cells} | known_headers(this.kind.name)
    # a list to look in would become a join, which keeps no order
    is_header = " ".join(f"when '{header}' then true" for header in sorted(headers) if header.isascii())
    bare = "regexp_replace(lower(strip_accents({})), '[^a-z0-9]', '', 'g')"
    found = (f"case {bare.format(cell.text)} {is_header} else false end" for cell in required)
    return ["(" + " and ".join(found) + ")"] if required else []


def _stage_near(stage: Stage, place: Place, bit: int) -> None:
    """The words that a column holds and nobody knows, each with the nearest one we know."""
    known = {plain(word): value for word, value in place.column.choices.items()}
    seen = stage.cursor.execute(
        f"select distinct c{place.index} from {FAULTY} join {TYPED} using (line) "
        f"where faults & {1 << bit} <> 0 and c{place.index} is not null limit {MOST_WORDS}"
    ).fetchall()
    stage.cursor.execute("create or replace temp table staged_near (word varchar, near varchar)")
    if seen:
        rows = [(word, nearest(word, known)) for (word,) in seen]
        stage.cursor.executemany("insert into staged_near values (?, ?)", rows)


def nearest(word: str, known: Mapping[str, str]) -> str:
    """The value of the known word that looks most like this one."""
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
            join = ""
            if place and place.column.choices:
                _stage_near(stage, place, bit)
                join = f"left join staged_near on word = c{place.index}"
            number = place.index if place else -1
            stage.cursor.execute(
                f"insert into {FAULT} select line, {number}, {rule}, {detail} from {TYPED} join {FAULTY} using (line) "
                f"{join} where faults & {1 << bit} <> 0 {alone} and line not in (from staged_skip)"
            )


def _rules(this: Sheet) -> dict[int, tuple[str, str, Place | None]]:
    """Bit to the rule and the detail in SQL, and the column."""
    rules: dict[int, tuple[str, str, Place | None]] = {}
    for bit, cell in enumerate(this.cells):
        detail = "near" if cell.place.column.type == "choice" else f"'{cell.example}'"
        rules[bit] = (cell.rule, detail, cell.place)
    rules[this.fields_bit] = ("'fields'", f"fields || ' / {this.least_fields}'", None)
    if this.kind.one_of:
        first = next((place for place in this.places if place.name in this.kind.one_of), None)
        rules[this.one_of_bit] = ("'one_of'", f"'{'/'.join(this.kind.one_of)}'", first)
    counted = ("money", "rate", "number")
    money = next((place for kind in counted for place in this.places if place.column.type == kind), None)
    rules[this.foreign_bit] = ("'foreign'", "''", money)
    rules[this.label_bit] = ("'label'", "''", this.places[0])
    return rules
