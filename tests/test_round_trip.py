"""What is written in the manner of a country is read back: parse(format(x)) == x."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given, settings

from tests.extract_files import accepted

Written = Callable[[Decimal], str]
LOCALES = ("nl_NL", "nl_BE", "fr_BE", "en_GB", "en_US", "de_CH")
MONEY = st.decimals(
    Decimal("-99999999.9999"), Decimal("99999999.9999"), places=4, allow_nan=False, allow_infinity=False
)
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
FEW = settings(max_examples=4, deadline=None)


def local(locale: str, pattern: str = "#,##0.0000") -> Written:
    """How a locale writes a number."""
    return lambda amount: format_decimal(amount, pattern, locale)


def signed(plain: Written, before: str, after: str) -> Written:
    """A negative number with its sign in another place."""
    return lambda amount: f"{before}{plain(-amount)}{after}" if amount < 0 else plain(amount)


STYLES: dict[str, Written] = {
    **{locale: local(locale) for locale in LOCALES},
    **{f"{locale} ungrouped": local(locale, "0.0000") for locale in ("nl_NL", "en_US")},
    "sap": signed(local("nl_NL"), "", "-"),
    "parentheses": signed(local("en_US"), "(", ")"),
    "credit": signed(local("en_GB"), "", " CR"),
    "euro before": lambda amount: "€ " + local("nl_NL")(amount),
    "euro behind": lambda amount: local("fr_BE")(amount) + " €",
    "code": lambda amount: "EUR " + local("en_US")(amount),
    "minus sign": signed(local("nl_BE"), "−", ""),
}


def ledger(days: list[str], amounts: list[str]) -> str:
    """A ledger of these cells, in a delimiter that no number holds."""
    rows = (f"A\t{day}\tomzet\t{amount}\n" for day, amount in zip(days, amounts, strict=True))
    return "account_id\tposting_date\tline_type\tamount\n" + "".join(rows)


@pytest.mark.parametrize("style", STYLES)
@FEW
@given(values=st.lists(MONEY, min_size=1, max_size=12))
def test_money_written_in_any_style_is_read_back(style: str, values: list[Decimal]) -> None:
    content = ledger(["2026-01-31"] * len(values), [STYLES[style](value) for value in values])
    assert [row["amount"] for row in accepted(content)] == values


@pytest.mark.parametrize("locale", LOCALES)
@FEW
@given(values=st.lists(st.integers(1000, 999_999), min_size=1, max_size=6))
def test_whole_thousands_are_read_back_once_the_mark_is_said(locale: str, values: list[int]) -> None:
    texts = [format_decimal(value, "#,##0", locale) for value in values]
    mark = "." if locale in ("en_GB", "en_US", "de_CH") else ","
    content = ledger(["2026-01-31"] * len(values), texts)
    assert [row["amount"] for row in accepted(content, decimal=mark)] == values


@pytest.mark.parametrize(
    ("pattern", "locale"),
    [
        ("dd-MM-yyyy", "nl"), ("d/MM/yyyy", "nl_BE"), ("d.M.yyyy", "nl"), ("MM/dd/yyyy", "en_US"),
        ("dd/MM/yyyy", "en_GB"),
        ("yyyy-MM-dd", "en"), ("yyyyMMdd", "en"), ("d MMMM yyyy", "nl"), ("d MMM yyyy", "nl_BE"),
        ("MMMM d, yyyy", "en_US"),
        ("dd MMM yyyy", "en_GB"), ("dd-MM-yyyy 00:00:00", "nl"),
    ],
)  # fmt: skip
@FEW
@given(values=st.lists(DAYS, min_size=1, max_size=12))
def test_a_day_written_in_any_manner_is_read_back(pattern: str, locale: str, values: list[date]) -> None:
    values = [*values, date(2026, 1, 31)]
    content = ledger([format_date(value, pattern, locale) for value in values], ["1"] * len(values))
    assert [row["posting_date"] for row in accepted(content)] == values


@pytest.mark.parametrize(
    ("pattern", "locale"), [("MMMM yyyy", "nl"), ("MMM-yyyy", "en"), ("yyyy-MM", "en"), ("MM/yyyy", "nl")]
)
@FEW
@given(values=st.lists(DAYS.map(lambda day: day.replace(day=1)), min_size=1, max_size=6, unique=True))
def test_a_month_written_in_any_manner_is_read_back(pattern: str, locale: str, values: list[date]) -> None:
    rows = "".join(f"A\t{format_date(value, pattern, locale)}\tbezoek\t1\n" for value in values)
    found = accepted("account_id\tmonth\tactivity\tquantity\n" + rows)
    assert [row["month"] for row in found] == values
