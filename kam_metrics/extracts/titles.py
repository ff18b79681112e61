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
    rf"|\b(?:in|x)\s+{_UNIT}(?:hele\s+)?(?:duizend|duizenden|duizendtallen|thousands?|miljoen|miljoenen|millions?)\b"
    r"|(?:€|\$|£)\s*(?:000|k|mln|mio)\b|\b[km](?:€|eur\b)|\bin\s+(?:mln|mio)\b|\(0{3}'?s?\)|\b0{3}'?s\b",
    re.I,
)
_CURRENCY = re.compile(
    r"\b(?i:in|valuta|munt|munteenheid|currency|ccy)\s*[:=]?\s*(?:([A-Z]{3})\b|([$£]))|\(([A-Z]{3})\)"
)
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR", "EUR"),
    "£": ("GBP", "GBP"),
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"),
    "¥": ("JPY", "CNY"),
}
_SCALED = ("money", "rate", "number")


def require_plain_amounts(found: Match, layout: Layout, options: Options) -> None:
    """Refuse amounts in thousands, and amounts in a currency that no column tells."""
    scaled = [place for place in found.places if place.column.type in _SCALED]
    titles = [(record.line, " ".join(filter(None, map(str.strip, record.cells)))) for record in layout.above]
    told = titles + [(layout.header.line, place.header) for place in scaled]
    for line, text in told if scaled else ():
        if says_scale(text):
            raise Refused("scaled", line=line, detail=text)
    has_money = any(place.column.type == "money" for place in scaled)
    if not has_money or "currency" in {place.name for place in found.places} | options.supplied:
        return
    for line, text in titles:
        if _names_another(text):
            raise Refused("untold_currency", line=line, detail=text)


def says_scale(text: str) -> bool:
    """Whether a text says that amounts are in thousands or millions."""
    return _SCALE.search(text) is not None


def _names_another(title: str) -> bool:
    """Whether a title names one currency for all amounts that is not the euro."""
    named = {code or alone or _SIGNS[sign][0] for code, sign, alone in _CURRENCY.findall(title)}
    return bool(named & CURRENCIES - {"EUR"})


def currencies_in(header: str) -> tuple[str, ...]:
    """The currencies that a header allows, as in `Bedrag EUR` or `Amount ($)`; nothing when it names none."""
    sign = next((sign for sign in _SIGNS if sign in header), None)
    if sign is None and plain(header).endswith(("eur", "euro")):
        sign = "€"
    return _SIGNS[sign] if sign else tuple(sorted(CURRENCIES.intersection(_CODE.findall(header))))
