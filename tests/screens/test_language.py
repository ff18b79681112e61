"""A page speaks one language: its words, its numbers and its dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from kam_metrics import words
from kam_metrics.metrics import MEASURES
from kam_metrics.store import Store
from kam_metrics.words import LANGUAGES
from tests.pages_world import PAGES, Reader, reading

Small = Callable[[str], Path]
WORD = re.compile(r"[^\W\d_]{3,}")
TOLD = (
    "data?load=3", "data?kind=receivables", "data?customer=nobody", "alignment?account=A1001",
    "alignment?element=style", "alignment?function=sales", "account?customer=all", "portfolio?weights=now",
)  # fmt: skip
"""What the rows of some tables lead to."""
OTHER = {"nl": "en", "en": "nl"}
MARKUP = re.compile(
    r"<style>.*</style>|<code>[^<]*</code>|"
    r"\d\d\.\d\d uur|:material/\w+:|:(?:gray|red|green)\[|<[^>]*>|\S+\.(?:csv|duckdb|toml)|\{[^}]*\}",
    re.DOTALL,
)
BOTH = frozenset({"taal", "language", "metrics", "kam"})
"""Words of the language switch and the name of the app, on every page alike."""
SOURCES = frozenset(measure.source for measure in MEASURES.values())
"""Publications are named as they were published."""
GROUPED = {"nl": re.compile(r"\d,\d{3}\b|\d\.\d{1,2}\b(?![.\d])"), "en": re.compile(r"\d\.\d{3}\b|\d,\d{1,2}\b(?!,)")}
"""Numbers that would be the other language's."""
DATES = {
    "nl": re.compile(r"\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b|\d{4}-\d{2}-\d{2}"),
    "en": re.compile(r"\d (?:jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)\b|\d{4}-\d{2}-\d{2}"),
}


@cache
def only_in(lang: str) -> frozenset[str]:
    """Words that the catalogues of one language use and those of the other never do."""
    return vocabulary(lang) - vocabulary(OTHER[lang])


def vocabulary(lang: str) -> frozenset[str]:
    said = (text for key, text in words.words(lang).items() if not key.startswith("demo_"))
    return frozenset(word for text in said for word in spoken(text))


def spoken(text: str) -> Iterator[str]:
    for source in SOURCES:
        text = text.replace(source, " ")
    return (word.casefold() for word in WORD.findall(MARKUP.sub(" ", text)))


def names(store: Path) -> frozenset[str]:
    """Words of the company's own: names of accounts, people, sectors, files and products."""
    with Store.at(store).read() as world:
        rows = world.rows(
            "select account_name, sector, kam_name, sponsor_name, group_name from account "
            "union all select file_name, null, null, null, null from batch "
            "union all select distinct product, product_category, null, null, null from sales_lines"
        )
    return frozenset(word for row in rows for value in row.values() if value for word in spoken(str(value)))


def told(reader: Reader) -> Iterator[tuple[str, str]]:
    """Pages, each with an address of something that one of its rows leads to."""
    yield from ((address.partition("?")[0], address) for address in TOLD)
    for page in ("account", "plan"):
        for row in reader.open(page).tables()[0]["rows"][:6]:
            yield page, row["id"]
            for part in reader.follow(row["id"]).tables():
                yield page, part["rows"][0]["id"]


@pytest.fixture(scope="module")
def pages_read(small_demo: Small, empty_store: Path) -> Callable[[str], dict[str, set[str]]]:
    """What stands on every page of a language, full and empty, with an account and a plan opened."""

    @cache
    def read(lang: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for store in (small_demo(lang), empty_store):
            with reading(store, {"lang": lang}) as reader:
                for page in PAGES:
                    found.setdefault(page, set()).update(reader.open(page).texts)
                if store != empty_store:
                    for page, address in told(reader):
                        found[page] |= reader.follow(address).texts
        return found

    return read


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_no_word_of_the_other_language(
    pages_read: Callable[[str], dict[str, set[str]]], small_demo: Small, name: str, lang: str
) -> None:
    foreign = only_in(OTHER[lang]) - names(small_demo(lang)) - BOTH
    wrong = {text: sorted(found) for text in pages_read(lang)[name] if (found := foreign & set(spoken(text)))}
    assert wrong == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_numbers_and_dates_are_written_the_language_s_way(
    pages_read: Callable[[str], dict[str, set[str]]], name: str, lang: str
) -> None:
    texts = {MARKUP.sub(" ", text) for text in pages_read(lang)[name]}
    wrong = sorted(text for text in texts if GROUPED[lang].search(text) or DATES[lang].search(text))
    assert wrong == []


def test_every_measure_tells_its_formula() -> None:
    for lang in LANGUAGES:
        assert {key.removeprefix("formula.") for key in words.words(lang) if key.startswith("formula.")} == set(
            MEASURES
        )


def test_the_scan_would_find_a_stray_word() -> None:
    assert {"omzet", "klant"} <= only_in("nl")
    assert {"sales", "customer"} <= only_in("en")
    assert GROUPED["nl"].search("€ 1,234.50")
    assert GROUPED["en"].search("€ 1.234,50")
    assert not GROUPED["nl"].search("€ 1.234.567,89")
    assert not GROUPED["en"].search("€1,234,567.89")
