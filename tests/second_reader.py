"""A second reading of a ledger in plain Python, told only how the file was read."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kam_metrics.extracts.judgement import Judgement

CODECS = {"windows-1252": "cp1252", "utf-8": "utf-8-sig"}
GROUPS = {",": ".", ".": ","}
MONTHS = ["jan", "feb", "mrt|mar|maart|march", "apr", "mei|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dec"]
SPACES = "".join(chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) in ("Zs", "Zl", "Zp"))
OUTER = SPACES + "\t\n\x0b\x0c\r\x85\u200b\u2060\ufeff"


@dataclass(frozen=True)
class Fact:
    """A row of data as this reader understands it."""

    line: int
    who: str
    day: date
    amount: Decimal


def facts(content: bytes, judgement: Judgement) -> list[Fact]:
    """Every row that holds an account, a day, a type and an amount."""
    said = judgement.read_as
    text = content.decode(CODECS.get(str(said.encoding), str(said.encoding)))
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    skip = int(said.header_row or 1) - 1
    reader = csv.reader(io.StringIO("\n".join(lines[skip:]), newline="\n"), delimiter=str(said.delimiter))
    header = [cell.strip(OUTER) for cell in next(reader)]
    place = {ours: header.index(theirs.strip(OUTER)) for theirs, ours in said.columns.items()}
    found, before = [], reader.line_num
    for cells in reader:
        trimmed = [cell.strip(OUTER) for cell in cells]
        if len(trimmed) > max(place.values()):
            fact = _fact(skip + before + 1, {ours: trimmed[at] for ours, at in place.items()}, judgement)
            found += [fact] if fact else []
        before = reader.line_num
    return found


def _fact(line: int, cells: dict[str, str], judgement: Judgement) -> Fact | None:
    who = cells.get("account_id") or cells.get("customer_no")
    day, amount = _day(cells["posting_date"], judgement), _amount(cells["amount"], judgement)
    if not who or day is None or amount is None or not cells["line_type"]:
        return None
    return Fact(line, who, day, amount)


def _amount(text: str, judgement: Judgement) -> Decimal | None:
    mark = judgement.read_as.decimal or "."
    if mark == "," and (round_amount := re.fullmatch(r"(.*[0-9]),(--?|[–—])([^-–—0-9]*)", text)):
        text = f"{round_amount[1]},00{round_amount[3]}"
    signed = re.fullmatch(
        r"(?P<before>[^0-9]*)(?P<digits>[0-9][0-9.,'’ \u00a0\u2009\u202f]*?)(?P<after>[^0-9.,]*)", text
    )
    if not signed:
        return None
    around = re.sub(r"[€$£ \u00a0\u2009\u202f]|EUR", "", signed["before"] + "#" + signed["after"])
    sign = {"#": 1, "+#": 1, "#+": 1, "#DR": 1, "-#": -1, "−#": -1, "#-": -1, "#−": -1, "(#)": -1, "#CR": -1}.get(
        around
    )
    whole, _, fraction = signed["digits"].partition(mark)
    parts = re.split(r"[.,'’ \u00a0\u2009\u202f]", whole)
    is_grouped = all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3 and parts[0][0] != "0"
    if sign is None or not (len(parts) == 1 or is_grouped) or (fraction and not fraction.isdigit()):
        return None
    return sign * Decimal("".join(parts) + "." + (fraction or "0"))


def _day(text: str, judgement: Judgement) -> date | None:
    bare = re.sub(r"[T ]+00?:00.*", "", text)
    order = judgement.read_as.date_order or "ymd"
    if named := re.fullmatch(r"(\d{1,2})[-. /]+([a-z]+)[-. /,]+(\d{4})", bare.lower()):
        months = [n for n, names in enumerate(MONTHS, 1) if re.match(names, named[2])]
        return date(int(named[3]), months[0], int(named[1])) if months else None
    if iso := re.fullmatch(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})", bare):
        return _calendar(iso[1], iso[2], iso[3])
    if other := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", bare):
        first, second = (other[1], other[2]) if order == "dmy" else (other[2], other[1])
        return _calendar(other[3], second, first)
    return None


def _calendar(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
