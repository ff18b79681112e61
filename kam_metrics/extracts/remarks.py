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
_FAR_DUE = f"abs(due_date - invoice_date) > {_FAR_YEARS * 365}"
_OF_KIND = {
    "sales_lines": (
        ("cost_sign", "net_amount", _OTHER_SIGN),
        ("discount_sign", "discount_amount", _OTHER_DISCOUNT),
    ),
    "receivables": (("more_open", "open_amount", _MORE_OPEN), ("far_due", "due_date", _FAR_DUE)),
    "account_balances": (("month_end", "month_end", "month_end <> last_day(month_end)"),),
}
"""Kind to a warning, the column it shows, and what it is about."""
_SOLD = {"line_type": "line_type = 'gross_sales'", "doc_type": "doc_type = 'INV'"}
_PAID = "doc_type = 'PAY'"
_ALIKE = r"lower(regexp_replace(nfc_normalize(code), '^0+(.)|[\s\p{Z}]', '\1', 'g'))"
_JUMP = "abs(eur_per_unit / nullif(before, 0) - 1) > 0.1 and date - day_before <= 31"
_DIRECTION_TOLD = "eur"


def remarks(stage: Stage, this: Sheet) -> Iterator[Message]:
    """Codes that look like others, days and rates far from the rest, amounts against their sign, repeats."""
    if this.has_odd_text:
        for place in this.places:
            if place.column.type == "id":
                yield from _told(stage, "look_alike", place.name, f"regexp_matches({place.name}, '{_LOOK_ALIKES}')")
    yield from _twins(stage, this)
    if dated := this.kind.dated:
        yield from _far_days(stage, dated)
    yield from _turned(stage, this)
    for key, column, where in _OF_KIND.get(this.kind.name, ()):
        yield from _told(stage, key, column, where)
    if this.kind.name == "fx_rates":
        yield from _odd_rates(stage, this)
    if this.kind.position and this.kind.position not in {place.name for place in this.places}:
        yield from _repeated_documents(stage, this)


def _told(stage: Stage, key: str, column: str, where: str, rows: str = ROWS) -> Iterator[Message]:
    row = stage.cursor.execute(
        f"select count(*), min(line), arg_min({column}, line)::varchar from {rows} where {where}"
    ).fetchone()
    if row and row[0]:
        values = {"count": row[0], "line": str(row[1]), "column": column, "value": shortened(row[2])}
        yield Message(f"extract_warning.{key}", values)


def _twins(stage: Stage, this: Sheet) -> Iterator[Message]:
    """Codes that differ only in capitals, spaces or leading zeros are more often one than two."""
    there = {place.name for place in this.places}
    wanted = this.kind.one_of or [name for name in this.kind.required if this.kind.column(name).type == "id"]
    for name in wanted if this.kind.key else ():
        if name not in there:
            continue
        row = stage.cursor.execute(
            "select count(*), arg_min(shown, line), min(line) from ("
            "select string_agg(code, ' / ' order by line) as shown, max(line) as line from "
            f"(select {name} as code, min(line) as line from {ROWS} where {name} is not null group by 1) "
            f"group by {_ALIKE} having count(*) > 1)"
        ).fetchone()
        if row and row[0]:
            values = {"count": row[0], "line": str(row[2]), "column": name, "value": shortened(row[1])}
            yield Message("extract_warning.twin", values)


def _turned(stage: Stage, this: Sheet) -> Iterator[Message]:
    """Sales that are all negative and payments that are all positive are more often turned round than true."""
    money, column = this.kind.money, next((name for name in _SOLD if name in this.kind.names), "")
    if not money or not column:
        return
    sold = _SOLD[column]
    row = stage.cursor.execute(f"select max({money}) from {ROWS} where {sold}").fetchone()
    if row and row[0] is not None and row[0] < 0:
        yield from _told(stage, "sales_sign", money, sold)
    elif this.kind.name == "receivables":
        row = stage.cursor.execute(f"select min(amount) from {ROWS} where {_PAID}").fetchone()
        if row and row[0] is not None and row[0] > 0:
            yield from _told(stage, "payment_sign", money, _PAID)


def _odd_rates(stage: Stage, this: Sheet) -> Iterator[Message]:
    """Rates that jump within a month, and the direction of all of them where the header does not say it."""
    header = next((place.header for place in this.places if place.name == "eur_per_unit"), _DIRECTION_TOLD)
    if _DIRECTION_TOLD not in header.lower():
        first = stage.cursor.execute(
            f"select currency, eur_per_unit::varchar from {ROWS} where currency <> 'EUR' order by line"
        ).fetchone()
        if first:
            value = first[1].rstrip("0").rstrip(".")
            yield Message("extract_warning.rate_read", {"currency": first[0], "value": value, "column": header})
    earlier = "over (partition by currency order by date)"
    jumps = (
        f"(select line, eur_per_unit, date, lag(eur_per_unit) {earlier} as before, lag(date) {earlier} as day_before "
        f"from {ROWS})"
    )
    yield from _told(stage, "rate_jump", "eur_per_unit", _JUMP, jumps)


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
