"""Books that lack something or run the wrong way: each page says what is known, what is not, and which file tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics import words
from kam_metrics.store import Store
from kam_metrics.words import LANGUAGES, say
from tests.awkward import WORLDS
from tests.pages_world import Reader, reading

Made = Callable[[str], Path]
VIEWS = (
    ("portfolio", {}), ("account", {}), ("account", {"account": "B1"}), ("profit", {}), ("profit", {"account": "B1"}),
)  # fmt: skip
NONSENSE = re.compile(r"\b(?:None|nan|NaN|inf|Infinity)\b")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A store of each awkward world, made once."""
    stores: dict[str, Path] = {}

    def store(name: str) -> Path:
        if name not in stores:
            stores[name] = tmp_path_factory.mktemp(name) / "kam.duckdb"
            WORLDS[name](stores[name])
        return stores[name]

    yield store
    for path in stores.values():
        Store.at(path).close()


def opened(store: Path, page: str, lang: str = "en", period: str = "12m", **query: str) -> Reader:
    with reading(store, {"lang": lang, "as_of": "2026-03-31", "period": period}) as reader:
        return reader.open(page, **query)


def tiles(reader: Reader) -> dict[str, str]:
    return {tile["label"]: tile["value"].replace("\u00a0", " ") for tile in reader.tiles()}


def told(reader: Reader) -> str:
    return "\n".join(reader.texts)


def rows_of(reader: Reader, caption: str) -> dict[str, list[str]]:
    """The cells of a table by the first of each row."""
    (rows,) = [table["rows"] for table in reader.tables() if table["caption"] == caption]
    return {row["cells"][0]["text"]: [cell["text"] for cell in row["cells"][1:]] for row in rows}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", WORLDS)
def test_every_page_opens_and_an_unknown_figure_says_why(made: Made, name: str, lang: str) -> None:
    whys = {text.split("{")[0] for key, text in words.words(lang).items() if key.startswith("why.")}
    whys |= {say(lang, key) for key in ("unknown.no_plans", "empty.alignment")}
    for period in ("12m", "month"):
        with reading(made(name), {"lang": lang, "as_of": "2026-03-31", "period": period}) as reader:
            for page, query in VIEWS:
                where = (page, query, period)
                reader.open(page, **query)
                assert (where, reader.errors) == (where, [])
                assert reader.title, where
                assert [text for text in reader.texts if NONSENSE.search(text) and "<" not in text] == []
                unknown = [label for label, shown in tiles(reader).items() if shown == words.unknown(lang)]
                beside = [tile["beside"] for tile in reader.tiles()]
                reasons = [text for text in beside if any(text.startswith(why) for why in whys)]
                assert len(reasons) >= len(unknown), (where, unknown, reasons)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_account_without_sales_has_no_figures_but_can_be_found(made: Made, lang: str) -> None:
    store, why = made("without_sales"), words.why(lang, "no_bookings")
    table = rows_of(opened(store, "account", lang), say(lang, "section.all_accounts"))
    assert set(table["Breda"][1:]) == {words.unknown(lang)}
    assert table["Aalst"][1] == words.thousands(lang, Decimal(1000))
    page = opened(store, "account", lang, account="B1")
    assert page.title == "Breda"
    assert tiles(page)[say(lang, "measure.net_sales")] == words.unknown(lang)
    assert why in told(page)
    profit = opened(store, "profit", lang, account="B1")
    assert (profit.title, tiles(profit)) == (f"Breda: {say(lang, 'headline.profit').lower()}", {})
    assert why in told(profit)
    assert words.why(lang, "no_bookings").count(say(lang, "kind.customer_map").casefold()) == 1


def test_negative_totals_make_no_positive_share_and_the_headline_counts_one(made: Made) -> None:
    store = made("negative_totals")
    portfolio = opened(store, "portfolio")
    assert portfolio.title == "Portfolio loses €2.6k; one key account loses money"
    assert {"Net sales": "−€3.8k", "Contribution": "−€2.6k", "Overdue %": "–"}.items() <= tiles(portfolio).items()
    page = opened(store, "account", account="B1")
    assert page.title == "Breda costs €3.0k"
    assert tiles(page)["Contribution %"] == "–"
    assert words.why("en", "negative_net_sales") in told(page)
    assert "62%" not in told(page)
    assert rows_of(opened(store, "account"), "All accounts")["Breda"][1:4] == ["−€4.8k", "–", "−€3.0k"]
    profit = opened(store, "profit", account="B1")
    assert words.why("en", "net_credit") in told(profit)


def test_half_a_year_before_is_nothing_to_compare_with(made: Made) -> None:
    """Sales are known from February 2025 on: March stands beside a March, twelve months beside nothing."""
    store = made("negative_totals")
    year, month = opened(store, "portfolio"), opened(store, "portfolio", period="month")
    assert say("en", "ui.than_last_year") not in told(year)
    assert "▼ €5.0k on last year" in told(month)
    assert opened(store, "profit").title == "Net sales −€3.8k; the year before is not wholly loaded"


def test_a_month_of_credit_notes_only_is_a_loss_and_no_peak(made: Made) -> None:
    store = made("credit_notes_only")
    portfolio = opened(store, "portfolio", period="month")
    assert portfolio.title == "Portfolio loses €50; one key account loses money"
    assert tiles(portfolio)["Net sales"] == "−€120"
    assert "No account earns anything; ▼ tail of 1: €50 lost" in told(portfolio)
    assert "no account loses money" not in told(portfolio)
    profit = opened(store, "profit", period="month")
    assert profit.title == "Net sales shrink by €820"
    assert tiles(profit)["Contribution %"] == "–"
    assert opened(store, "account", period="month", account="A1").title == "Aalst costs €50"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_receivables_profit_is_known_and_cash_names_the_file(made: Made, lang: str) -> None:
    store, why = made("without_receivables"), words.why(lang, "no_receivables")
    profit = opened(store, "profit", lang)
    shown = tiles(profit)
    assert shown[say(lang, "measure.contribution")].endswith("350")
    for key in ("operating_cash_flow", "cash_conversion", "days_sales_outstanding"):
        assert shown[say(lang, f"measure.{key}")] == words.unknown(lang)
    assert why in told(profit)
    assert say(lang, "empty.receivables") in told(profit)
    assert say(lang, "empty.receivables") in told(opened(store, "account", lang, account="A1"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_currency_without_a_rate_hides_nothing_that_is_known(made: Made, lang: str) -> None:
    store, why = made("without_a_rate"), words.why(lang, "no_rate:USD")
    dollars = words.money(lang, Decimal(250), "USD")
    for page in ("portfolio", "profit"):
        shown = told(opened(store, page, lang))
        assert why in shown
        assert f"{words.money(lang, Decimal(1300))} · {dollars}" in shown
        assert say(lang, "empty.sales") not in shown
    table = rows_of(opened(store, "account", lang), say(lang, "section.all_accounts"))
    assert table["Aalst"][3] == words.thousands(lang, Decimal(350))
    assert set(table["Breda"][1:]) == {words.unknown(lang)}
    breda = told(opened(store, "account", lang, account="B1"))
    assert f"{words.money(lang, Decimal(300))} · {dollars}" in breda
    assert not {say(lang, "empty.sales"), say(lang, "empty.receivables")} & set(breda.splitlines())
    assert say(lang, "what_if.left_out", count=1) in told(opened(store, "portfolio", lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_two_payers_the_known_one_counts_and_the_other_is_asked_for(made: Made, lang: str) -> None:
    store = made("two_payers")
    table = rows_of(opened(store, "account", lang), say(lang, "section.all_accounts"))
    open_of = {name: cells[7] for name, cells in table.items()}
    assert open_of["Breda"] == words.thousands(lang, Decimal(726))
    assert open_of[say(lang, "ui.unmapped")] == words.thousands(lang, Decimal(484))
    profit = opened(store, "profit", lang)
    assert say(lang, "unknown.nobodys_items", count=1) in told(profit)
    assert any(
        link.page == "data" for link in profit.elements("page_link") if link.label == say(lang, "section.worklist")
    )
    page = opened(store, "account", lang, account="B1")
    assert tiles(page)[say(lang, "measure.receivables_open")].endswith("726")
    assert say(lang, "unknown.nobodys_items", count=1) not in told(opened(store, "profit", lang, account="B1"))


def test_a_list_of_open_items_says_nothing_of_the_days_before_it(made: Made) -> None:
    """Aalst owes nothing on the one list there is; what it owed a year before nobody knows."""
    table = rows_of(opened(made("two_payers"), "account"), "All accounts")
    assert table["Aalst"][5:7] == ["–", "–"]
