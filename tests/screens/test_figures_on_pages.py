"""What a page says is what the measures say: the headline, the tiles and where each of them leads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kam_metrics import metrics, words
from kam_metrics.metrics import measure
from kam_metrics.metrics.growth import PARTS
from kam_metrics.periods import beginning
from kam_metrics.store import Store
from kam_metrics.terms import CreditNotes, Scenario, Slice
from kam_metrics.words import LANGUAGES, say
from tests.pages_world import PAGES, ROOT, TODAY, reading

Small = Callable[[str], Path]
DAY = TODAY.isoformat()
KAMS = (None, "K01", "K03", "K05")
LOSERS = {0: "none", 1: "one"}


def seen(kam_id: str | None = None, account_id: str | None = None, period: str = "12m", day: date = TODAY) -> Slice:
    return Slice(day, beginning(period, day), kam_id=kam_id, account_id=account_id)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("period", ["12m", "ytd", "all"])
@pytest.mark.parametrize("kam_id", KAMS)
def test_the_headline_of_the_portfolio_is_recomputed(
    small_demo: Small, kam_id: str | None, period: str, lang: str
) -> None:
    store = small_demo(lang)
    with Store.at(store).read() as world:
        total = measure(world, seen(kam_id, period=period), "contribution").only["contribution"]
        rows = measure(world, seen(kam_id, period=period), "contribution", by=("account_id",)).rows
        key = {row["account_id"] for row in metrics.key_accounts(world, seen(kam_id, period=period))}
    losers = sum(
        row["account_id"] in key and row["contribution"] is not None and row["contribution"] < 0 for row in rows
    )
    told = ("loss_" if total < 0 else "") + LOSERS.get(losers, "many")
    query = {"lang": lang, "period": period, "as_of": DAY, **({"kam": kam_id} if kam_id else {})}
    with reading(store, query) as reader:
        amount = words.thousands(lang, abs(total))
        assert reader.open("portfolio").title == say(lang, f"headline.portfolio_{told}", amount=amount, count=losers)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_headline_of_an_account_is_its_contribution(small_demo: Small, lang: str) -> None:
    store = small_demo(lang)
    with Store.at(store).read() as world:
        rows = measure(world, seen(), "contribution", by=("account_id", "account_name")).rows
    known = [row for row in rows if row["account_id"] and row["contribution"] is not None]
    with reading(store, {"lang": lang, "as_of": DAY}) as reader:
        for row in (*known[:5], *(row for row in known if row["contribution"] < 0)):
            title = reader.open("account", account=row["account_id"]).title
            told = "costs" if row["contribution"] < 0 else "earns"
            amount = words.thousands(lang, abs(row["contribution"]))
            assert title == say(lang, f"headline.account_{told}", name=row["account_name"], amount=amount)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kam_id", KAMS)
def test_the_headline_of_profit_and_cash_is_the_growth_and_its_largest_part(
    small_demo: Small, kam_id: str | None, lang: str
) -> None:
    store = small_demo(lang)
    with Store.at(store).read() as world:
        row = measure(world, seen(kam_id), "net_sales_growth", *PARTS).only
    growth = row["net_sales_growth"]
    told = say(
        lang, f"headline.profit_{'shrinks' if growth < 0 else 'grows'}", amount=words.thousands(lang, abs(growth))
    )
    query = {"lang": lang, "as_of": DAY, **({"kam": kam_id} if kam_id else {})}
    with reading(store, query) as reader:
        title = reader.open("profit").title
    largest = sorted(PARTS, key=lambda part: row[part], reverse=growth >= 0)[0]
    assert title == say(lang, "headline.profit_because", told=told, cause=say(lang, f"cause.{largest}"))


def test_profit_and_cash_of_an_account_names_it(small_demo: Small) -> None:
    with reading(small_demo("en"), {"lang": "en", "as_of": DAY, "period": "all"}) as reader:
        account = reader.open("account").tables()[0]["rows"][0]
        page = reader.open("profit", account=account["id"].partition("account=")[2])
        assert page.title.startswith(f"{account['cells'][0]['text']}: net sales")


def test_without_a_year_before_there_is_no_growth_to_speak_of(small_demo: Small) -> None:
    store = small_demo("en")
    with Store.at(store).read() as world:
        first = min(row["month"] for row in measure(world, Slice(TODAY), "net_sales", by=("month",)).rows)
    day = first.replace(day=20)
    with reading(store, {"lang": "en", "as_of": day.isoformat(), "period": "month"}) as reader:
        page = reader.open("profit")
        assert page.title.endswith("; the year before is not wholly loaded")
        assert say("en", "why.no_year_before") in page.texts


def test_the_headline_of_the_plans_counts_the_rows_below_it(small_demo: Small) -> None:
    with reading(small_demo("en"), {"lang": "en", "as_of": DAY}) as reader:
        (table,) = reader.open("plan").tables()
        states = [row["cells"][2]["text"] for row in table["rows"]]
        on = sum(state.endswith(("on schedule", "ahead")) for state in states)
        live = on + sum(state.endswith(("behind", "not measured")) for state in states)
        expected = f"{live} of {len(states)} key accounts have a live plan; {on} are on schedule"
        assert reader.title == expected


def test_every_tile_has_a_unit_a_definition_and_a_page_behind_it(small_demo: Small) -> None:
    with reading(small_demo("en"), {"lang": "en", "as_of": DAY}) as reader:
        account = reader.open("account").tables()[0]["rows"][0]["id"]
        for address in ("portfolio", account):
            reader.follow(address)
            tiles = reader.tiles()
            assert len(tiles) == 6
            assert all(tile["label"] and tile["value"] and tile["beside"] for tile in tiles)
            assert all("Source of the formula" in tile["about"][2] for tile in tiles)
            assert {tile["address"].partition("?")[0] for tile in tiles} <= set(PAGES)
            assert all(f"as_of={DAY}" in tile["address"] and tile["link"] for tile in tiles)


def test_a_page_is_a_table_of_contents() -> None:
    for page in PAGES:
        lines = (ROOT / "pages" / f"{page}.py").read_text("utf-8").splitlines()
        assert len(lines) <= 80
        assert not any(line.startswith(("import pandas", "import plotly", "import duckdb")) for line in lines)
    assert {file.stem for file in (ROOT / "pages").glob("*.py")} == set(PAGES)


def test_contribution_by_month_stands_beside_plan_and_last_year_for_24_whole_months(small_demo: Small) -> None:
    last = date(2026, 10, 1)
    with Store.at(small_demo("en")).read() as world:
        account = metrics.key_accounts(world, seen())[0]["account_id"]
        months = {
            scenario: {
                row["month"]: row["contribution"]
                for row in measure(
                    world,
                    Slice(TODAY, to_date=date(2026, 10, 31), account_id=account, scenario=scenario),
                    "contribution",
                    by=("month",),
                ).rows
            }
            for scenario in (Scenario.ACTUAL, Scenario.BUDGET)
        }
    with reading(small_demo("en"), {"lang": "en", "as_of": DAY}) as reader:
        reader.open("account", account=account)
        charts = [json.loads(chart.spec) for chart in reader.elements("plotly_chart")]
    (drawn,) = [one["data"] for one in charts if {trace.get("name") for trace in one["data"]} >= {"Plan", "Last year"}]
    of = {trace["name"]: dict(zip(trace["x"], trace["y"], strict=True)) for trace in drawn}
    assert {len(points) for points in of.values()} == {24}
    told = months[Scenario.ACTUAL]
    for key, expected in (
        ("Actual", told[last]),
        ("Last year", told[last.replace(year=2025)]),
        ("Plan", months[Scenario.BUDGET][last]),
    ):
        assert of[key][last.isoformat()] == pytest.approx(float(expected)), key


@pytest.mark.parametrize("notes", CreditNotes)
def test_a_tile_says_on_how_many_lines_it_rests_and_by_which_convention(small_demo: Small, notes: CreditNotes) -> None:
    store = small_demo("en")
    with Store.at(store).read() as world:
        lines = measure(world, replace(seen(), credit_notes=notes), "net_sales").lines["net_sales"]
    with reading(store, {"lang": "en", "as_of": DAY, "credit_notes": notes}) as reader:
        about = reader.open("portfolio").tiles()[0]["about"]
    assert lines > 1000
    assert say("en", "ui.line_count", count=lines) in about
    assert say("en", f"drill.notes_{notes}") in about
