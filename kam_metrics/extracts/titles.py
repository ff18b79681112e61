"""What titles and headers say about every amount below them: thousands or another currency are never passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kam_metrics.extracts.choices import CURRENCIES
from kam_metrics.extracts.dialect import Layout
from kam_metrics.extracts.judgement import Refused
from kam_metrics.extracts.kinds import plain
from kam_metrics.extracts.match import Match
from kam_metrics.extracts.options import Options

_UNIT = r"(?:€|\$|£|eur|euro|usd|gbp)?\s*"
_SCALE = re.compile(
    rf"(?:(?<!\w)[x×*]|\bin|\bper)\s*{_UNIT}1(?:[., '\u00a0]?000){{1,3}}\b"
    rf"|\b(?:in|x|en)\s+{_UNIT}(?:hele\s+)?(?:duizend|duizenden|duizendtallen|thousands?|milliers|tausend"
    r"|miljoen|miljoenen|millions?|millionen)\b|\bin\s+(?:mln|mio|mn)\b"
    r"|(?:€|\$|£|\b(?:eur|usd|gbp)\b)\s*(?:000|k|mln|mio|mn)\b|\b[kmt](?:€|eur\b)|\b[kt] eur\b|\(0{3}'?s?\)|\b0{3}'?s\b"
    r"|\b(?:in|en)\s+(?:hele\s+)?(?:euro)?(?:cent|cents|centen|centimes)\b",
    re.I,
)
_CURRENCY = re.compile(
    r"\b(?i:in|valuta|munt|munteenheid|currency|ccy)\s*[:=]?\s*(?:([A-Z]{3})\b|([$£]))|\(([A-Z]{3})\)"
)
_SPELLED = re.compile(
    r"\b(?:in|en)\s+(?:[\w-]+\s+){0,2}(?:[\w-]*dollars?|ponden|pond sterling|pounds|(?:zwitserse |suisses )?franken"
    r"|francs suisses|swiss francs|yen|kronen|zloty'?s?)\b",
    re.I,
)
_TRADED = frozenset({"USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "JPY", "CNY"})
"""Codes that mean a currency wherever they stand; many others are words or names as well."""
_EURO = re.compile(r"€|\beuro?'?s?\b", re.I)
_TAXED = r"\.?(?:usief|luding)?\s*(?:\d+ ?%\s*|de\s+)?(?:btw|vat|tva|mwst)\b"
_WITH_VAT = re.compile(rf"\b(?:incl|inkl){_TAXED}|\b(?:tvac|ttc)\b", re.I)
_WITHOUT_VAT = re.compile(rf"\b(?:excl?|exkl|zonder|hors){_TAXED}|\b(?:htva)\b", re.I)
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR", "EUR"),
    "£": ("GBP", "GBP"),
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"),
    "¥": ("JPY", "CNY"),
}
_SCALED = ("money", "rate", "number")


def require_plain_amounts(found: Match, layout: Layout, options: Options, sheet: str = "") -> None:
    """Refuse amounts in thousands, with or without VAT against their kind, and in a currency that no column tells."""
    scaled = [place for place in found.places if place.column.type in _SCALED]
    titles = [(record.line, " ".join(filter(None, map(str.strip, record.cells)))) for record in layout.above]
    for line, text in [*titles, *((layout.header.line, place.header) for place in scaled)] if scaled else ():
        if says_scale(text):
            raise Refused("scaled", line=line, detail=text)
    has_money = any(place.column.type == "money" for place in scaled)
    is_told = "currency" in {place.name for place in found.places} | options.supplied
    if scaled and (says_scale(sheet) or (has_money and not is_told and _names_another(sheet, sheet))):
        raise Refused("sheet_name", detail=sheet)
    for line, text in titles if has_money else ():
        _require_same_vat(line, text, found.kind.name)
        if not is_told and _names_another(text, " ".join(title for _, title in titles)):
            raise Refused("untold_currency", line=line, detail=text)


def says_scale(text: str) -> bool:
    """Whether a text says that amounts are in thousands or millions."""
    return _SCALE.search(text) is not None


def _require_same_vat(line: int, title: str, kind: str) -> None:
    """Refuse a title that says that amounts hold VAT where they hold none, or lack it where they hold it."""
    is_with, is_without = _WITH_VAT.search(title) is not None, _WITHOUT_VAT.search(title) is not None
    if is_with != is_without and is_with != (kind == "receivables"):
        raise Refused("with_vat" if is_with else "without_vat", line=line, detail=title)


def _names_another(title: str, titles: str) -> bool:
    """Whether a title names one currency for all amounts that is not the euro; by its mere code where none is."""
    if _SPELLED.search(title):
        return True
    if not _EURO.search(titles) and _TRADED.intersection(_CODE.findall(title)):
        return True
    named = {code or alone or _SIGNS[sign][0] for code, sign, alone in _CURRENCY.findall(title)}
    return bool(named & CURRENCIES - {"EUR"})


def currencies_in(header: str) -> tuple[str, ...]:
    """The currencies that a header allows, as in `Bedrag EUR` or `Amount ($)`; nothing when it names none."""
    sign = next((sign for sign in _SIGNS if sign in header), None)
    if sign is None and plain(header).endswith(("eur", "euro")):
        sign = "€"
    return _SIGNS[sign] if sign else tuple(sorted(CURRENCIES.intersection(_CODE.findall(header))))
