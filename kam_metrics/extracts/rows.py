"""Rows that are no data: blank lines, repeated headers, totals, page titles and footers; recognised, never booked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kam_metrics.extracts.check import TYPED, Sheet
from kam_metrics.extracts.dialect import Layout
from kam_metrics.extracts.judgement import Problem, Refused, plain_decimal
from kam_metrics.extracts.kinds import plain
from kam_metrics.extracts.match import Match, Place, ranks
from kam_metrics.extracts.style import FAULTY
from kam_metrics.extracts.titles import says_scale
from kam_metrics.extracts.totals import Sums, summed_columns
from kam_metrics.store import Stage

_MOST = 200_000
_LABEL = re.compile(
    r"(sub|sous|eind|grand |general |algemeen )?[- ]?(totaal|total|totalen|totaux)\b.*|tot\.?|.{1,60} (totaal|total)"
    r"|(zwischen|gesamt)?summe\b.*|gesamt\b.*|(overall |eind|totaal)?(result(aat)?|ergebnis)\b:?.*"
    r"|(som|sum|(begin|eind)?saldo|solde)\b:?.*|\*+",
    re.I,
)
_CARRIED = re.compile(
    r"transport|te transporteren|getransporteerd|(over )?te brengen|overbrengen|overgebracht|(carried|brought) forward"
    r"|[àa] reporter|report|übertrag",
    re.I,
)
"""What stands before a sum that goes on to the next page; `transport` alone is a line type too, in its own column."""
_PAGE = re.compile(
    r"(pagina|page|blad(zijde)?|blz|pag|p|seite)\.?\s*:?\s*\d{1,6}(\s*(/|van|of|sur|von)\s*\d{1,6})?", re.I
)
_AMOUNT = re.compile(r"[-+(€$£ A-Z]{0,6}\d[\d.,' \u00a0]*[-–—) A-Z€]{0,6}")
_DAY = re.compile(r"\d{1,4}[-/. ]?(\d{1,2}|\w{3,10})[-/. ]?\d{2,4}([T ][\d:.]+)?")
_ANYTHING = re.compile(r".+", re.S)
_RULE = re.compile(r"[-=_*+|. \x1a]+")
_ROWS = r"(regels|records|rows|lines|posten|items|rijen|boekingen|transacties|transactions)"
_COUNT = re.compile(
    rf"(.*\b{_ROWS}\b\D{{0,5}}(?P<after>\d[\d., ]{{0,20}})|(?P<before>\d[\d.,]{{0,20}}) {_ROWS}\b.*)", re.I
)
_CONTROL = re.compile(r"(controletotaal|controle totaal|control total|controlesom|check ?sum|hash total)\b.*", re.I)
_END = re.compile(
    r"eind?e?( (van )?(het |de )?(overzicht|bestand|lijst|rapport|export))?|end of (file|report|list|export)|eof"
    r"|((gegenereerd|generated|printed|print|afgedrukt|afdruk|aangemaakt|created)( (op|on|door|by|at)\b|:)"
    r"|(bron|source):).*",
    re.I,
)


@dataclass(frozen=True)
class Suspect:
    """A row that is not plainly data."""

    line: int
    cells: tuple[str | None, ...]
    amounts: tuple[Decimal | None, ...]
    """Of the columns that are summed."""
    currency: str | None
    is_total_word: bool

    @property
    def filled(self) -> tuple[str, ...]:
        """What stands in it."""
        return tuple(cell for cell in self.cells if cell)

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " ".join(self.filled)

    @property
    def is_labelled(self) -> bool:
        """Whether a cell reads as the name of a total, or the first as that of a sum carried over."""
        return bool(self.filled and _CARRIED.fullmatch(self.filled[0])) or any(map(_LABEL.fullmatch, self.filled))


@dataclass
class Skips:
    """Line to what it is, and the totals and counts that do not agree with the rows."""

    lines: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many lines of each sort."""
        return Counter(self.lines.values())


def require_titles(found: Match, layout: Layout) -> None:
    """What stands above the header is dropped as titles: refuse when it reads like rows of data."""
    looks = {"money": _AMOUNT, "number": _AMOUNT, "date": _DAY}
    wanted = [place for place in found.places if place.column.required and place.column.type in looks]
    if not wanted:
        wanted = list(found.places)
    for record in layout.above:
        cells = {place: record.cells[place.index].strip() for place in wanted if place.index < len(record.cells)}
        is_row = len(cells) == len(wanted) and all(
            looks.get(place.column.type, _ANYTHING).fullmatch(cell) for place, cell in cells.items()
        )
        if is_row:
            raise Refused("above_header", line=record.line, detail=layout.header.line)


def skips(stage: Stage, this: Sheet, layout: Layout) -> Skips:
    """Tell data that is wrong from rows that are no data."""
    found = Skips()
    suspects = _suspects(stage, this)
    for suspect in suspects:
        if what := _plain_sort(suspect, this, layout):
            found.lines[suspect.line] = what
    rest = [suspect for suspect in suspects if suspect.line not in found.lines]
    footers = _footers(stage, rest, this)
    totals = [suspect for suspect in rest if suspect not in footers and _looks_like_total(suspect, this)]
    if totals or footers:
        sums = Sums(stage, this, [s.line for s in (*totals, *footers)], list(found.lines))
        _judge_totals(totals, sums, found, this)
        _judge_footers(footers, sums, found)
    return found


def _suspects(stage: Stage, this: Sheet) -> list[Suspect]:
    summed = ", ".join(summed_columns(this)) or "null"
    names = [row[0] for row in stage.cursor.execute(f"describe {FAULTY}").fetchall() if re.fullmatch(r"c\d+", row[0])]
    currency = "t.currency" if "currency" in this.kind.names else "null"
    texts = ", ".join(f"text.{name}" for name in names)
    rows = stage.cursor.execute(
        f"select t.line, faults & {1 << this.label_bit} <> 0, {currency}, [{texts}, surplus], "
        f"[{summed}]::decimal(38, 8)[] from {TYPED} t join {FAULTY} text using (line) "
        f"order by t.line limit {_MOST + 1}"
    ).fetchall()
    place = next((p.index for p in this.places if p.name == "currency"), None)
    suspects = [
        Suspect(line, tuple(cells), tuple(amounts), currency if place is not None and cells[place] else None, is_total)
        for line, is_total, currency, cells, amounts in rows
    ]
    return suspects if len(suspects) <= _MOST else []


def _plain_sort(suspect: Suspect, this: Sheet, layout: Layout) -> str | None:
    if all(_RULE.fullmatch(cell) for cell in suspect.filled):
        return "blank"
    if all(_is_named(suspect.cells[place.index], place, this) for place in this.places):
        return "repeated_header"
    titles = {_worded(" ".join(filter(None, map(str.strip, record.cells)))) for record in layout.above}
    if (_worded(suspect.text) in titles - {""} and not _is_whole(suspect, this)) or _PAGE.fullmatch(suspect.text):
        return "title"
    return None


def _worded(title: str) -> str:
    """A title without its numbers: the page, the day and the hour change from page to page."""
    return " ".join(re.sub(r"[\d:./-]+", " ", title).split())


def _is_named(cell: str | None, place: Place, this: Sheet) -> bool:
    """Whether a cell is the header of its column, by any of its names."""
    name = plain(cell or "")
    return name == plain(place.header) or ranks(this.kind.name).get(name, ("", 0))[0] == place.name


def _looks_like_total(suspect: Suspect, this: Sheet) -> bool:
    if suspect.is_total_word:
        headers = {plain(place.header) for place in this.places} | ranks(this.kind.name).keys()
        return not all(plain(suspect.cells[p.index] or "") in headers for p in this.places if p.column.required)
    if suspect.is_labelled:
        return not _is_whole(suspect, this)
    amounts = {place.index for place in this.places if place.column.type in ("money", "number")}
    beside = {place.index for place in this.places if place.column.type == "currency"}
    filled = {place.index for place in this.places if suspect.cells[place.index]}
    return bool(filled & amounts) and filled <= amounts | beside and len(this.places) > len(amounts)


def _is_whole(suspect: Suspect, this: Sheet) -> bool:
    """Whether everything that a row of data must have is there: then it is a row, right or wrong."""
    filled = {place.name for place in this.places if suspect.cells[place.index]}
    wanted = {place.name for place in this.places if place.column.required}
    return wanted <= filled and (not this.kind.one_of or bool(filled & set(this.kind.one_of)))


def _footers(stage: Stage, rest: Sequence[Suspect], this: Sheet) -> list[Suspect]:
    """The last rows of a file, when they read as a footer."""
    (last,) = stage.cursor.execute(f"select max(line) from {TYPED} where faults = 0").fetchone() or (0,)
    tail: list[Suspect] = []
    for suspect in reversed(rest):
        if suspect.line < (last or 0):
            break
        if _is_footer(suspect, this):
            tail.append(suspect)
        elif not suspect.is_labelled:
            break
    return list(reversed(tail))


def _is_footer(suspect: Suspect, this: Sheet) -> bool:
    if len(suspect.filled) > 4 or _is_whole(suspect, this):
        return False
    amounts = {place.index for place in this.places if place.column.type in ("money", "number")}
    # the first cell may hold the footer itself, whatever column it is
    if any(suspect.cells[index] for index in amounts - {0}):
        return bool(_COUNT.fullmatch(suspect.text) or _CONTROL.fullmatch(suspect.text))
    return any(pattern.fullmatch(suspect.text) for pattern in (_COUNT, _CONTROL, _END))


def _is_legible(suspect: Suspect, this: Sheet) -> bool:
    """Whether every amount of a total can be read; its label may stand in any column."""
    index = {place.name: place.index for place in this.places}
    cells = [suspect.cells[index[name]] for name in summed_columns(this)]
    return not any(
        cell and amount is None and not _LABEL.fullmatch(cell) and not _CARRIED.fullmatch(cell)
        for cell, amount in zip(cells, suspect.amounts, strict=False)
    )


def _judge_totals(totals: Iterable[Suspect], sums: Sums, found: Skips, this: Sheet) -> None:
    for suspect in totals:
        agrees = _is_legible(suspect, this) and sums.agrees(
            suspect.line, suspect.amounts, suspect.text, suspect.currency
        )
        if agrees:
            found.lines[suspect.line] = "total"
            sums.accept(suspect.line)
        elif suspect.is_total_word or suspect.is_labelled:
            found.lines[suspect.line] = "total"
            expected = sums.since_last(suspect.line)
            found.problems.append(
                Problem("total", suspect.line, sums.column, None, suspect.text, plain_decimal(expected))
            )


def _judge_footers(footers: Iterable[Suspect], sums: Sums, found: Skips) -> None:
    for suspect in footers:
        found.lines[suspect.line] = "footer"
        if sums.column and says_scale(suspect.text):
            found.problems.append(Problem("scaled", suspect.line, None, None, suspect.text, suspect.text))
        if count := _COUNT.fullmatch(suspect.text):
            said = re.sub(r"\D", "", count["after"] or count["before"])
            if int(said) != sums.rows:
                found.problems.append(Problem("footer_count", suspect.line, None, None, suspect.text, str(sums.rows)))
        elif _CONTROL.fullmatch(suspect.text) and not sums.agrees(
            suspect.line, suspect.amounts, suspect.text, suspect.currency
        ):
            expected = plain_decimal(sums.since_last(suspect.line))
            found.problems.append(Problem("total", suspect.line, sums.column, None, suspect.text, expected))
