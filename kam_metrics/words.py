"""Words, numbers, money and dates in every language we speak: TOML catalogues of the same keys, and Babel."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, dates, numbers

from kam_metrics.errors import KamError

_FOLDER = Path(__file__).with_name("locale")
LANGUAGES = ("nl", "en")
_LOCALES = {"nl": Locale("nl", "NL"), "en": Locale("en", "GB")}
MINUS = "−"
NAMES = ("_id", "revision")
"""How blanks end whose number is a name: it has no thousands."""
REMEMBERED = 16_384
"""Figures and days whose text is kept: a page writes the same ones again at every click."""
_SIZES = ((Decimal(10**6), "value.million"), (Decimal(10**3), "value.thousand"))
NO_BREAK = "\u00a0"
"""Keeps a currency sign and its amount on one line."""


@cache
def words(language: str) -> Mapping[str, str]:
    """Flat map from dotted key to text over every catalogue of a language."""
    flat: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        for group, table in tomllib.loads(file.read_text("utf-8")).items():
            for key, text in table.items():
                name = f"{group}.{key}"
                if name in flat:
                    raise ValueError(f"{name} is said twice in {language}")
                flat[name] = text
    return flat


def has(language: str, key: str) -> bool:
    """Whether the language has a text for this key."""
    return key in words(language)


def say(language: str, key: str, **values: object) -> str:
    """The text of a key with its blanks filled; a date or a number is written the language's way, a name as it is."""
    return words(language)[key].format(**{name: _shown(language, name, value) for name, value in values.items()})


def explain(language: str, error: KamError) -> str:
    """The sentence of an error."""
    return say(language, f"error.{error.key}", **error.values)


def why(language: str, reason: str) -> str:
    """Why a figure is unknown; a reason may name what is missing behind a colon."""
    key, _, what = reason.partition(":")
    return say(language, f"why.{key}", what=what)


def _shown(language: str, name: str, value: object) -> object:
    if name.endswith(NAMES):
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(language, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return number(language, value)
    return value


def number(language: str, value: Decimal | float | int | None, decimals: int = 0) -> str:
    """A plain number with the language's separators, rounded half up; unknown when there is none."""
    if value is None:
        return unknown(language)
    return _number(language, Decimal(str(value)), decimals)


@lru_cache(maxsize=REMEMBERED)
def _number(language: str, value: Decimal, decimals: int) -> str:
    exact = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    shown = numbers.format_decimal(abs(exact), format=pattern, locale=_LOCALES[language])
    return f"{MINUS}{shown}" if exact < 0 else str(shown)


def exact(value: Decimal) -> str:
    """Money as scripts read it: every decimal it has, and at least the cents."""
    whole, _, part = format(value, "f").partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def money(language: str, value: Decimal | None, currency: str = "EUR", decimals: int = 2) -> str:
    """Money to the cent, half up: `€ 1.234,50` in Dutch, `€1,234.50` in English."""
    if value is None:
        return unknown(language)
    shown = number(language, abs(value), decimals)
    sign = MINUS if value < 0 and any(c in "123456789" for c in shown) else ""
    symbol = numbers.get_currency_symbol(currency, locale=_LOCALES[language])
    space = NO_BREAK if language == "nl" or len(symbol) > 1 else ""
    return f"{symbol}{space}{sign}{shown}" if language == "nl" else f"{sign}{symbol}{space}{shown}"


def thousands(language: str, value: Decimal | None) -> str:
    """Euros for a tile, at two or three significant digits: `€ 6,3 mln`, `€840k`."""
    if value is None:
        return unknown(language)
    for size, name in _SIZES:
        if abs(value) >= size * Decimal("0.9995"):
            scaled = value / size
            decimals = 1 if abs(scaled) < Decimal("99.95") else 0
            return say(language, name, amount=money(language, scaled, decimals=decimals))
    return money(language, value, decimals=0)


def on_axis(language: str, value: Decimal, step: Decimal) -> str:
    """Euros on an axis that goes in such steps, in the words of `thousands`: `€ 3 mln`, `€ 2,5 mln`, `€500k`."""
    for size, name in _SIZES:
        if abs(value) >= size:
            return say(language, name, amount=money(language, value / size, decimals=_decimals(step / size)))
    return money(language, value, decimals=_decimals(step))


def _decimals(step: Decimal) -> int:
    """How many decimals tell one step from the next."""
    return max(0, -step.adjusted())


def share(language: str, value: Decimal | float | None, decimals: int = 1) -> str:
    """A share of one as a percentage."""
    if value is None:
        return unknown(language)
    return number(language, Decimal(str(value)) * 100, decimals) + "%"


def day(language: str, value: date | None) -> str:
    """A date: `21 nov 2026`, `21 Nov 2026`."""
    if value is None:
        return unknown(language)
    return _date(language, value, "d MMM yyyy")


def month(language: str, value: date | None) -> str:
    """A month: `nov 2026`, `Nov 2026`."""
    if value is None:
        return unknown(language)
    return _date(language, value, "MMM yyyy")


@lru_cache(maxsize=REMEMBERED)
def _date(language: str, value: date, pattern: str) -> str:
    return str(dates.format_date(value, pattern, locale=_LOCALES[language])).replace(".", "")


def unknown(language: str) -> str:
    """What stands where a figure cannot be known."""
    return say(language, "value.unknown")
