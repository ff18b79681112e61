"""Every language says the same things, and writes numbers, money and days its own way."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from string import Formatter

import pytest

from kam_metrics import errors, words
from kam_metrics.errors import KamError
from kam_metrics.extracts.kinds import KINDS
from kam_metrics.metrics import DIMENSIONS, MEASURES
from kam_metrics.words import LANGUAGES, day, explain, money, month, number, say, share, thousands

NBSP = "\u00a0"


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_language_has_the_same_keys() -> None:
    nl, en = (words.words(lang).keys() for lang in LANGUAGES)
    assert nl - en == en - nl == set()


def test_every_text_has_the_same_blanks_in_every_language() -> None:
    nl, en = (words.words(lang) for lang in LANGUAGES)
    assert [key for key in nl if blanks(nl[key]) != blanks(en[key])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_measure_and_dimension_has_a_name(lang: str) -> None:
    missing = [key for key in MEASURES if not words.has(lang, f"measure.{key}")]
    missing += [name for name in DIMENSIONS if not words.has(lang, f"dimension.{name}")]
    assert missing == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_extract_has_a_name(lang: str) -> None:
    assert [kind for kind in KINDS if not words.has(lang, f"kind.{kind}")] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_has_a_sentence(lang: str) -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, KamError)]
    keys = {kind.key for kind in kinds}
    assert [key for key in sorted(keys) if not words.has(lang, f"error.{key}")] == []


def test_an_error_is_told_with_its_values() -> None:
    assert "load 7" in explain("en", errors.UnknownLoad(load_id=7))


@pytest.mark.parametrize(
    ("amount", "nl", "en"),
    [
        ("1234.5", "€ 1.234,50", "€1,234.50"),
        ("-1234.5", "€ −1.234,50", "−€1,234.50"),
        ("0.005", "€ 0,01", "€0.01"),
        ("-0.001", "€ 0,00", "€0.00"),
        ("1234567890123.45", "€ 1.234.567.890.123,45", "€1,234,567,890,123.45"),
    ],
)
def test_money_is_written_to_the_cent(amount: str, nl: str, en: str) -> None:
    assert (plain(money("nl", Decimal(amount))), plain(money("en", Decimal(amount)))) == (nl, en)


@pytest.mark.parametrize(
    ("amount", "nl", "en"),
    [
        ("6312000", "€ 6,3 mln", "€6.3m"),
        ("-84210", "€ −84,2k", "−€84.2k"),
        ("840000", "€ 840k", "€840k"),
        ("99960", "€ 100k", "€100k"),
        ("999600", "€ 1,0 mln", "€1.0m"),
        ("999", "€ 999", "€999"),
    ],
)
def test_a_tile_shows_two_or_three_digits(amount: str, nl: str, en: str) -> None:
    shown = [plain(thousands(lang, Decimal(amount))) for lang in LANGUAGES]
    assert [text.replace(" k", "k") for text in shown] == [nl, en]


def test_a_foreign_currency_has_its_own_sign() -> None:
    assert "$" in money("en", Decimal(5), "USD")
    assert money("nl", Decimal(5), "CHF").startswith("CHF")


@pytest.mark.parametrize(
    ("value", "decimals", "nl", "en"), [(0.3672, 1, "36,7%", "36.7%"), (-0.0004, 1, "0,0%", "0.0%")]
)
def test_a_share_is_a_percentage(value: float, decimals: int, nl: str, en: str) -> None:
    assert (share("nl", value, decimals), share("en", value, decimals)) == (nl, en)


def test_half_is_rounded_up_and_minus_is_a_minus_sign() -> None:
    assert number("nl", Decimal("0.125"), 2) == "0,13"
    assert number("nl", Decimal("-1234.5"), 1) == "−1.234,5"


def test_days_and_months_are_written_the_languages_way() -> None:
    when = date(2026, 5, 1)
    assert [day(lang, when) for lang in LANGUAGES] == ["1 mei 2026", "1 May 2026"]
    assert [month(lang, when) for lang in LANGUAGES] == ["mei 2026", "May 2026"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_unknown_is_a_dash(lang: str) -> None:
    unknown = [money(lang, None), number(lang, None), share(lang, None), day(lang, None), month(lang, None)]
    assert {*unknown, thousands(lang, None)} == {"–"}


def test_a_date_or_number_in_a_sentence_is_written_the_languages_way() -> None:
    assert "1.234 accounts" in say("nl", "ui.accounts", count=1234)
    assert "lading 1234" in say("nl", "error.unknown_load", load_id=1234)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_holds_a_path_or_a_name_of_a_library(lang: str) -> None:
    forbidden = re.compile(r"(?<!\.)duckdb|pandas|traceback|\bSQL\b", re.IGNORECASE)
    assert [key for key, text in words.words(lang).items() if forbidden.search(text)] == []
