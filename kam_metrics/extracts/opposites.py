"""A column that nobody reads and that says which amounts go the other way: unsigned amounts beside it are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kam_metrics.extracts.check import TYPED, Sheet
from kam_metrics.extracts.judgement import Refused
from kam_metrics.extracts.kinds import plain
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.staging import TEXT
from kam_metrics.store import Stage

_LETTERS = (("d", "c"), ("d", "k"), ("s", "h"))
_WORDS = (
    ("debet", "credit"), ("debit", "credit"), ("dr", "cr"), ("deb", "cred"), ("soll", "haben"), ("bij", "af"),
    ("+", "-"), ("verkoop", "inkoop"), ("sales", "purchase"), ("sale", "purchase"), ("debiteur", "crediteur"),
)  # fmt: skip
"""Words that say by themselves which way an amount goes; single letters do so below a header that says it."""
_HEADER = re.compile(
    r"(dc|cd|sh|drcr|crdr|debetcredit|debitcredit|creditdebet|creditdebit|debcred|debcre|sollhaben|shkzg|amnttp|sens"
    r"|teken|sign)(ind|indicator|indicatie|code|kenmerk|teken|kz)?"
)
_FIRST = 1000


def require_signed(stage: Stage, this: Sheet, headers: Sequence[str], options: Options) -> None:
    """Refuse amounts without any minus sign beside a column, left unread, that sets rows against each other."""
    read = {place.index for place in this.places}
    unread = [index for index in range(len(headers)) if index not in read]
    if not this.kind.money or not unread:
        return
    for index, words in _first_words(stage, unread).items():
        header = headers[index].strip()
        pairs = _WORDS + _LETTERS if _HEADER.fullmatch(plain(header)) else _WORDS
        pair = next((pair for pair in pairs if words and words <= set(pair)), None)
        if pair and _is_unsigned(stage, this, index, pair, options):
            raise Refused("opposite", column=header, detail=", ".join(pair))


def _first_words(stage: Stage, places: Sequence[int]) -> dict[int, set[str]]:
    """What stands in the first rows of some columns."""
    words = ", ".join(f"list(distinct lower(c{index}))" for index in places)
    row = stage.cursor.execute(f"select {words} from (from {TEXT} limit {_FIRST})").fetchone() or ()
    return {index: set(found or ()) for index, found in zip(places, row, strict=True)}


def _is_unsigned(stage: Stage, this: Sheet, index: int, pair: tuple[str, str], options: Options) -> bool:
    """Whether rows of one nature, of which no amount is negative, stand on both sides."""
    by = "line_type" if "line_type" in this.kind.names else "doc_type" if options.sign else ""
    nature = f"{by}::varchar" if by in this.kind.names else "''"
    unsigned = stage.cursor.execute(
        f"select {nature} from {TYPED} where faults = 0 group by 1 having min({this.kind.money}) >= 0"
    ).fetchall()
    if not unsigned:
        return False
    row = stage.cursor.execute(
        f"select max(sides) from (select count(distinct lower(c{index})) as sides "
        f"from {TYPED} join (select line, c{index} from {TEXT}) using (line) "
        f"where faults = 0 and lower(c{index}) in ($one, $other) group by {nature} having min({this.kind.money}) >= 0)",
        {"one": pair[0], "other": pair[1]},
    ).fetchone()
    return bool(row and (row[0] or 0) > 1)
