"""Sums of the rows between total rows, so that a total is believed only if it adds up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from kam_metrics.extracts.check import TYPED, Sheet
from kam_metrics.extracts.style import FAULTY
from kam_metrics.store import Stage

_NUMBER = re.compile(r"[-−(]?[0-9][0-9.,' ]*[-)]?")


class Sums:
    """Rows are added up in segments that end at each line that may be a total."""

    def __init__(self, stage: Stage, this: Sheet, ends: Sequence[int], left_out: Sequence[int]) -> None:
        self._names = summed_columns(this)
        main = this.kind.money if this.kind.money in self._names else None
        self.column = main or (self._names[0] if self._names else None)
        self._ends = sorted(ends)
        self._segments = self._added(stage, this, set(ends) | set(left_out))
        self._starts = [0]

    def _added(self, stage: Stage, this: Sheet, no_data: set[int]) -> list[dict[str, object]]:
        stage.cursor.execute("create or replace temp table staged_no_data (line bigint)")
        stage.cursor.executemany("insert into staged_no_data values (?)", [(line,) for line in no_data])
        stage.cursor.execute("create or replace temp table staged_end (line bigint)")
        stage.cursor.executemany("insert into staged_end values (?)", [(line,) for line in self._ends])
        index = {place.name: place.index for place in this.places}
        unread = " or ".join(f"(t.{n} is null and c{index[n]} is not null)" for n in self._names) or "false"
        sums = ", ".join(f"sum(t.{name}) as {name}" for name in self._names)
        currency = "t.currency" if "currency" in this.kind.names else "'EUR'"
        done = stage.cursor.execute(
            f"select e.line as segment, {currency} as currency, count(*) as rows, count(*) filter (where {unread}) "
            f"as unread {', ' if sums else ''}{sums} from {TYPED} t left join {FAULTY} using (line) "
            "asof left join staged_end e on t.line > e.line "
            "where t.line not in (from staged_no_data) group by all"
        )
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    @property
    def rows(self) -> int:
        """Rows of data in the whole file."""
        return sum(int(str(segment["rows"])) for segment in self._segments)

    def accept(self, line: int) -> None:
        """This line is a total: the next one may start behind it."""
        self._starts.append(line)

    def agrees(self, line: int, amounts: Sequence[Decimal | None], text: str, currency: str | None) -> bool:
        """Whether the amounts equal the rows above, since the beginning or since any total before."""
        currency = currency or self._currency_in(text)
        said = {name: amount for name, amount in zip(self._names, amounts, strict=False) if amount is not None}
        if not said:
            return self._agrees_loosely(line, text, currency)
        for start in reversed(self._starts):
            added = self._between(start, line, currency)
            if self._is_unread(start, line) or (added and all(added[name] == said[name] for name in said)):
                return True
        return False

    def _currency_in(self, text: str) -> str | None:
        """The one currency of the rows that a total names, as in `Totaal USD`."""
        named = {str(segment["currency"]) for segment in self._segments} & set(re.findall(r"\b[A-Z]{3}\b", text))
        return named.pop() if len(named) == 1 else None

    def _agrees_loosely(self, line: int, text: str, currency: str | None) -> bool:
        """A total that stands outside its column: the last number of the line, however it is written."""
        numbers = _NUMBER.findall(text)
        if not numbers:
            return False
        readings = _readings(numbers[-1])
        if self.column is None:
            return any(Decimal(self._rows_between(start, line)) in readings for start in self._starts)
        sums = [self._between(start, line, currency) for start in self._starts]
        return any(added and added[self.column] in readings for added in sums)

    def since_last(self, line: int) -> Decimal:
        """What the rows above add up to since the last total; their number where nothing is added up."""
        if self.column is None:
            return Decimal(self._rows_between(self._starts[-1], line))
        above = self._between(self._starts[-1], line, None) or self._between(0, line, None)
        return above.get(self.column, Decimal(0))

    def _rows_between(self, start: int, line: int) -> int:
        return sum(int(str(segment["rows"])) for segment in self._segments_between(start, line))

    def _segments_between(self, start: int, line: int) -> list[dict[str, object]]:
        return [segment for segment in self._segments if start <= int(str(segment["segment"] or 0)) < line]

    def _is_unread(self, start: int, line: int) -> bool:
        return any(segment["unread"] for segment in self._segments_between(start, line))

    def _between(self, start: int, line: int, currency: str | None) -> dict[str, Decimal]:
        """Sums per column of the rows between two lines; empty when there are none."""
        parts = [s for s in self._segments_between(start, line) if currency in (None, s["currency"])]
        if not parts:
            return {}
        return {name: sum((Decimal(str(s[name] or 0)) for s in parts), Decimal(0)) for name in self._names}


def summed_columns(this: Sheet) -> list[str]:
    """The columns that a total row adds up: amounts, or quantities where there are none."""
    money = [place.name for place in this.places if place.column.type == "money"]
    return money or [place.name for place in this.places if place.column.type == "number"]


def _readings(text: str) -> set[Decimal]:
    """The values that a number may have, by either decimal mark; `10,-` is a round amount and no negative one."""
    sign = -1 if text[0] in "-−(" or (text[-1] == "-" and text[-2] != ",") else 1
    digits = re.sub(r"[^\d.,]", "", text).rstrip(".,")
    return {
        sign * Decimal(digits.replace(groups, "").replace(mark, "."))
        for mark, groups in ((",", "."), (".", ","))
        if digits.count(mark) <= 1 and (mark not in digits or digits.rfind(mark) > digits.rfind(groups))
    }
