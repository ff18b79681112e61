"""A workbook's cell as it is shown: its value as text, and what its format adds: zeros, a percent sign, a currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

BUILT_IN: Mapping[str | None, str] = {"9": "0%", "10": "0.00%"}
"""Formats that a workbook need not declare."""
OF_WHO_LOOKS = frozenset(map(str, (*range(5, 9), *range(37, 45))))
"""Formats that show the currency of whoever looks, whatever the workbook declares: they say nothing."""
_PADDED = re.compile("0{2,40}")
_MASK = re.compile(r'(0|\\.|"[^"]*"|[-/ ()])+')
_FEWEST_IN_MASK = 4
"""So many digits between marks are a number by which something is called, not an amount in a unit."""
_DIGIT = "\0"
_NAMED = re.compile(r"\[\$([^\]-]+)")
_SIGN = re.compile(r'[€$£¥]|(?<=")\s*[A-Z]{3}\s*(?=")')
_UNSHOWN = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r'"[^"]*"|\\.')


@dataclass(frozen=True)
class Shown:
    """How a format shows a number; neither zeros nor anything beside it: as any number."""

    digits: int = 0
    """At least so many, with zeros in front."""
    beside: str = ""
    """A percent sign, or a currency as the format writes it."""
    mask: str = ""
    """Marks and, for each digit, a place."""

    def code(self, number: float) -> str:
        """A whole number that calls something, with the zeros and marks that its cell shows."""
        digits = shown(number).zfill(self.digits)
        if not self.mask or not digits.isdigit():
            return digits
        spare, found = len(digits) - self.digits, iter(digits)
        first = "".join(next(found) for _ in range(spare))
        filled = "".join(next(found) if mark == _DIGIT else mark for mark in self.mask)
        at = self.mask.index(_DIGIT)
        return filled[:at] + first + filled[at:]


def shown_by(code: str) -> Shown:
    """What a format shows of a number that is not negative."""
    first = code.split(";")[0]
    if _PADDED.fullmatch(first):
        return Shown(digits=len(first))
    if _MASK.fullmatch(first) and (mask := _mask(first)).count(_DIGIT) >= _FEWEST_IN_MASK:
        return Shown(digits=mask.count(_DIGIT), mask=mask)
    bare = _UNSHOWN.sub("", first)
    if "%" in _LITERAL.sub("", bare):
        return Shown(beside="%")
    named = _NAMED.search(first)
    sign = named.group(1) if named else (_SIGN.findall(bare) or [""])[0]
    return Shown(beside=sign.strip())


def _mask(code: str) -> str:
    """A format of digits and marks without the signs that make a mark of a letter."""
    parts = re.findall(r'"[^"]*"|\\.|.', code)
    return "".join(_DIGIT if part == "0" else part.strip('"') if part[0] == '"' else part[-1] for part in parts)


class Beside(float):
    """A number beside which its cell shows a percent sign or a currency."""

    mark: str

    def __new__(cls, number: float, mark: str) -> Beside:
        made = super().__new__(cls, number)
        made.mark = mark
        return made

    def __str__(self) -> str:
        return f"{shown(self * 100)}%" if self.mark == "%" else f"{self.mark} {shown(float(self))}"


def shown(cell: object) -> str:
    """A cell as text: numbers at 15 significant digits, dates as ISO."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float | int) and not isinstance(cell, Beside):
        if not abs(cell) < 10**15:
            # Excel keeps fifteen digits: what stands behind them is lost, and may not look like a number that was kept
            return f"{cell:.14E}"
        exact = Decimal(f"{cell:.15g}")
        return format(exact.normalize() if exact % 1 else exact.quantize(Decimal(1)), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else f"{cell}"
