"""What a file may hold and an analyst should still look at: warnings about single values, never a refusal."""

from __future__ import annotations

from collections.abc import Iterator

from kam_metrics.extracts.check import Sheet
from kam_metrics.extracts.judgement import Message, shortened
from kam_metrics.extracts.rules import ROWS
from kam_metrics.store import Stage

_LOOK_ALIKES = r"[\p{Cyrillic}\p{Greek}\p{Armenian}\x{FF01}-\x{FF5E}]|[^\P{Nd}0-9]"
_FAR_YEARS = 10
_OTHER_SIGN = "sign(cogs_amount) * sign(net_amount) < 0 or sign(freight_amount) * sign(net_amount) < 0"
_OTHER_DISCOUNT = "sign(discount_amount) * sign(coalesce(list_amount, net_amount)) < 0"
_MORE_OPEN = "abs(open_amount) > abs(amount) or sign(open_amount) * sign(amount) < 0"


def remarks(stage: Stage, this: Sheet) -> Iterator[Message]:
    """Codes in letters that look like others, days far from the rest, costs against the sign of their line, repeats."""
    if this.has_odd_text:
        for place in this.places:
            if place.column.type == "id":
                yield from _told(stage, "look_alike", place.name, f"regexp_matches({place.name}, '{_LOOK_ALIKES}')")
    if dated := this.kind.dated:
        yield from _far_days(stage, dated)
    if this.kind.name == "sales_lines":
        yield from _told(stage, "cost_sign", "net_amount", _OTHER_SIGN)
        yield from _told(stage, "discount_sign", "discount_amount", _OTHER_DISCOUNT)
    if this.kind.name == "receivables":
        yield from _told(stage, "more_open", "open_amount", _MORE_OPEN)
    if this.kind.position and this.kind.position not in {place.name for place in this.places}:
        yield from _repeated_documents(stage, this)


def _told(stage: Stage, key: str, column: str, where: str) -> Iterator[Message]:
    row = stage.cursor.execute(
        f"select count(*), min(line), arg_min({column}, line)::varchar from {ROWS} where {where}"
    ).fetchone()
    if row and row[0]:
        values = {"count": row[0], "line": str(row[1]), "column": column, "value": shortened(row[2])}
        yield Message(f"extract_warning.{key}", values)


def _far_days(stage: Stage, dated: str) -> Iterator[Message]:
    """A day many years from the middle of its file is more often a slip than a fact."""
    span = stage.cursor.execute(f"select max({dated}) - min({dated}) from {ROWS}").fetchone()
    if span and span[0] and span[0] > _FAR_YEARS * 365:
        middle = f"(select quantile_disc({dated}, 0.5) from {ROWS})"
        yield from _told(stage, "far_day", dated, f"abs({dated} - {middle}) > {_FAR_YEARS * 365}")


def _repeated_documents(stage: Stage, this: Sheet) -> Iterator[Message]:
    """Lines of one document that say the very same, where the file does not number them: kept, and named."""
    content = ", ".join(name for name in this.kind.names if name != this.kind.position)
    row = stage.cursor.execute(
        f"select sum(n - 1), min(line) from (select count(*) as n, min(line) as line from {ROWS} "
        f"group by {content} having count(*) > 1)"
    ).fetchone()
    if row and row[0]:
        yield Message("extract_warning.identical", {"count": int(row[0]), "line": str(row[1])})
