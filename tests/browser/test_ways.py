"""The ways through the app: an address to its page, a row to what it is about, a file to a figure and back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kam_metrics.store import Store
from tests.browser.conftest import PATIENCE, App, running
from tests.pages_world import demo
from tests.screens.test_language import only_in, spoken

WAIT = PATIENCE * 1000
STREAMLITS_ENGLISH = frozenset({"upload", "per", "file", "files", "add", "skip", "main", "content"})
"""What Streamlit says itself cannot be translated: "Upload", "1GB per file", "Add files", "Skip to main content"."""
FIRST_VISIT = 3_000_000
"""Bytes."""
ACCOUNTS = (
    "Klantnummer;Klantnaam;Segment;KAM;KAM naam\r\n"
    "A1;Bakkerij Aalst;key account;K1;An Peeters\r\n"
    "B2;Brouwerij Breda;key account;K2;Bo Wouters\r\n"
)
SALES = (
    "Factuurnummer;Regel;Klantnummer;Factuurdatum;Nettobedrag;Kostprijs\r\n"
    "F1;1;A1;15-11-2026;1.234,50;1.000,00\r\n"
    "F2;1;B2;16-11-2026;765,50;500,25\r\n"
)
WRONG = SALES.replace("1.234,50", "12.34,5").replace("16-11-2026", "31-02-2026")
UNCLEAR = (
    "Factuurnummer;Regel;Klantnummer;Factuurdatum;Nettobedrag\r\n"
    "F3;1;A1;2026-11-09;1.500\r\n"
    "F4;1;B2;2026-11-10;2.250\r\n"
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented company, small, beside an empty store of one's own."""
    folder = tmp_path_factory.mktemp("company")
    store = demo(folder / "demo.duckdb", accounts=40, lines=6000)
    Store.at(store).close()
    return folder


@pytest.fixture
def fresh(company: Path, tmp_path: Path) -> Path:
    """A store that no server has opened yet."""
    shutil.copy2(company / "demo.duckdb", tmp_path / "demo.duckdb")
    return tmp_path / "kam.duckdb"


@pytest.fixture(scope="module")
def company_url(company: Path) -> Iterator[str]:
    """The app on the small company."""
    with running(company / "kam.duckdb", company / "log.txt") as url:
        yield url


@pytest.fixture
def on(page: Page, company_url: str) -> App:
    """A reader of the small company."""
    return App(page, company_url)


def title(app: App) -> str:
    app.idle()
    return app.page.get_by_role("heading", level=1).first.inner_text()


@pytest.mark.parametrize("path", ["portfolio", "account", "profit", "plan", "alignment", "data"])
def test_a_deep_link_is_the_first_thing_a_fresh_server_is_asked(fresh: Path, page: Page, path: str) -> None:
    with running(fresh, fresh.with_name("log.txt")) as url:
        app = App(page, url).goto(f"/{path}?lang=en&period=ytd&as_of=2026-10-31")
        expect(page).to_have_url(re.compile(rf"/{path}\?"))
        assert {"lang=en", "period=ytd", "as_of=2026-10-31"} <= set(page.url.split("?")[1].split("&"))
        expect(page.get_by_text("As of 31 Oct 2026 · 1 Jan 2026 to 31 Oct 2026")).to_be_visible()
        expect(page.locator("[data-testid=stAppViewContainer]")).not_to_contain_text("Page not found")
        assert app.errors == []


@pytest.mark.parametrize(("role", "home"), [("board", "portfolio"), ("kam", "plan"), ("analyst", "portfolio")])
def test_the_front_door_leads_home_and_keeps_the_view(on: App, role: str, home: str) -> None:
    on.goto(f"/?lang=en&role={role}&period=quarter")
    expect(on.page).to_have_url(re.compile(rf"/{home}\?"))
    assert {"lang=en", f"role={role}", "period=quarter"} <= set(on.page.url.split("?")[1].split("&"))


@pytest.mark.parametrize("role", ["kam", "board", "director"])
def test_the_data_page_stays_shut_for_who_may_not_load(on: App, role: str) -> None:
    on.page.goto(f"{on.url}/data?lang=en&role={role}")
    expect(on.page.get_by_role("heading", level=1).first).to_be_visible(timeout=WAIT)
    on.idle()
    expect(on.page.get_by_text("What has been loaded")).to_have_count(0)
    expect(on.page.get_by_test_id("stFileUploader")).to_have_count(0)


def test_a_row_of_the_matrix_leads_to_its_account(on: App) -> None:
    on.goto("/portfolio?lang=en")
    name = on.page.locator("table tbody button").first.inner_text()
    on.page.get_by_role("button", name=name, exact=True).first.click()
    expect(on.page).to_have_url(re.compile(r"/account\?.*account="), timeout=WAIT)
    assert title(on).startswith(name)
    assert "lang=en" in on.page.url


def test_from_all_accounts_to_one_to_its_plan_and_back(on: App) -> None:
    on.goto("/account?lang=en")
    name = on.page.locator("button[data-row]").first.inner_text()
    on.page.locator("button[data-row]").first.click()
    expect(on.page.get_by_role("heading", level=1).first).to_contain_text(name, timeout=WAIT)
    on.idle()
    on.page.get_by_role("link", name="To the plan").click()
    expect(on.page).to_have_url(re.compile(r"/plan\?.*plan="), timeout=WAIT)
    assert title(on).startswith(name)
    on.page.get_by_role("link", name="To the account").click()
    expect(on.page).to_have_url(re.compile(r"/account\?.*account="), timeout=WAIT)
    on.page.get_by_role("link", name="All accounts").click()
    expect(on.page.get_by_role("heading", level=1).first).to_have_text("All accounts", timeout=WAIT)
    expect(on.page).to_have_url(re.compile(r"/account\?lang=en$"))


def test_what_was_asked_of_one_page_is_gone_when_a_link_says_so(on: App) -> None:
    on.goto("/account?account=A1001")
    on.page.get_by_role("link", name="Alle accounts").click()
    expect(on.page).to_have_url(re.compile(r"/account$"), timeout=WAIT)
    on.page.get_by_text("EN", exact=True).click()
    expect(on.page.get_by_role("heading", level=1).first).to_have_text("All accounts", timeout=WAIT)


def test_the_view_goes_along_with_the_menu_and_with_the_back_button(on: App) -> None:
    on.goto("/portfolio?lang=en&period=ytd")
    on.page.get_by_role("navigation").get_by_role("link", name="Plan 90-30").click()
    expect(on.page).to_have_url(re.compile(r"/plan\?lang=en&period=ytd"), timeout=WAIT)
    on.page.go_back()
    expect(on.page).to_have_url(re.compile(r"/portfolio\?lang=en&period=ytd"), timeout=WAIT)
    expect(on.page.get_by_role("heading", level=1).first).to_contain_text("Portfolio", timeout=WAIT)


def test_a_row_opens_with_the_enter_key(on: App) -> None:
    on.goto("/account?lang=en")
    row = on.page.locator("button[data-row]").nth(2)
    name = row.inner_text()
    row.focus()
    on.page.keyboard.press("Enter")
    expect(on.page.get_by_role("heading", level=1).first).to_contain_text(name, timeout=WAIT)


def test_a_table_is_sorted_and_searched_in_place(on: App) -> None:
    on.goto("/account?lang=en")
    on.page.get_by_role("button", name="Net sales", exact=True).click()
    on.page.get_by_role("button", name="Net sales", exact=True).click()
    first = on.page.locator("button[data-row]").first.inner_text()
    on.page.get_by_role("searchbox").fill(first)
    expect(on.page.locator("button[data-row]")).to_have_count(1)
    on.page.get_by_role("searchbox").fill("zzzz")
    expect(on.page.get_by_text("Nothing found.")).to_be_visible()


def test_every_tile_leads_somewhere(on: App) -> None:
    on.goto("/portfolio?lang=en")
    tiles = on.page.locator(".tiles a")
    expect(tiles).to_have_count(6)
    for number in range(6):
        tiles.nth(number).click()
        expect(on.page).not_to_have_url(re.compile("/portfolio"), timeout=WAIT)
        on.idle()
        on.page.go_back()
        expect(on.page).to_have_url(re.compile("/portfolio"), timeout=WAIT)
        on.idle()


def test_the_first_visit_is_small_and_stays_on_this_machine(
    browser: Browser, browser_context_args: Any, company_url: str
) -> None:
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    app, received = App(page, company_url), [0]
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda told: received.__setitem__(0, received[0] + told["encodedDataLength"]))
    app.goto("/portfolio")
    page.wait_for_timeout(1500)
    assert app.external == []
    assert 100_000 < received[0] <= FIRST_VISIT
    context.close()


@pytest.fixture
def own(page: Page, fresh: Path, tmp_path: Path) -> Iterator[App]:
    """The Data page of an analyst who began empty."""
    with running(fresh, tmp_path / "log.txt") as url:
        app = App(page, url).goto("/data")
        page.get_by_role("button", name="Leeg beginnen").click()
        expect(page.get_by_test_id("stFileUploader").first).to_be_visible(timeout=WAIT)
        yield app
        assert app.errors == []


def drop(app: App, name: str, content: str) -> None:
    app.page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode("cp1252")}
    )
    app.page.get_by_role("heading", name=name).wait_for(timeout=WAIT)
    app.idle()


def load(app: App, name: str, content: str) -> None:
    drop(app, name, content)
    app.page.get_by_role("button", name="Laden", exact=True).click()
    app.page.get_by_text(f"{name} is geladen").wait_for(timeout=WAIT)
    app.idle()


def test_streamlit_s_own_english_on_a_dutch_page_is_known(own: App) -> None:
    for path in ("portfolio", "account", "profit", "plan", "alignment", "data"):
        own.goto(f"/{path}")
        # An icon is the ligature of an English word.
        own.page.add_style_tag(content="[data-testid=stIconMaterial] { display: none }")
        stray = only_in("en") & set(spoken(own.page.locator("body").inner_text()))
        assert (path, stray - STREAMLITS_ENGLISH) == (path, set())
    assert "Upload" in own.page.get_by_test_id("stFileUploader").first.inner_text()


def net_sales(app: App) -> str:
    """What stands in the list of all accounts."""
    app.goto("/account")
    return str(app.page.locator("table").first.inner_text()).replace("\xa0", " ")


def test_a_file_becomes_a_figure_and_undo_takes_it_back(own: App) -> None:
    load(own, "klanten.csv", ACCOUNTS)
    drop(own, "omzet.csv", SALES)
    expect(own.page.get_by_text("2 nieuw · 0 gewijzigd · 0 ongewijzigd · 0 verdwijnt")).to_be_visible()
    expect(own.page.get_by_text("€ 2.000,00").first).to_be_visible()
    own.page.get_by_role("button", name="Laden", exact=True).click()
    expect(own.page.get_by_text("Netto-omzet ging van – naar € 2,0k.")).to_be_visible(timeout=WAIT)
    assert "€ 1,2k" in net_sales(own)
    own.goto("/data")
    own.page.get_by_role("button", name="Ongedaan maken").click()
    expect(own.page.get_by_text("Cijfers veranderen voor")).to_be_visible(timeout=WAIT)
    own.page.get_by_role("button", name="Lading 2 ongedaan maken").click()
    expect(own.page.get_by_text("Lading 2 telt niet meer mee.")).to_be_visible(timeout=WAIT)
    assert "€ 1,2k" not in net_sales(own)
    own.goto("/data")
    drop(own, "omzet.csv", SALES)
    expect(own.page.get_by_text("Cijfers veranderen voor")).to_be_visible(timeout=WAIT)
    own.page.get_by_role("button", name="Lading 2 weer laten meetellen").click()
    expect(own.page.get_by_text("Lading 2 telt weer mee.")).to_be_visible(timeout=WAIT)
    assert "€ 1,2k" in net_sales(own)


def test_a_wrong_file_shows_its_lines_and_loads_nothing(own: App) -> None:
    drop(own, "fout.csv", WRONG)
    rows = own.page.locator("table").filter(has=own.page.get_by_role("button", name="Wat er mis is"))
    expect(rows.locator("tbody tr")).to_have_count(2)
    assert [rows.locator("tbody th").nth(row).inner_text() for row in (0, 1)] == ["2", "3"]
    expect(rows).to_contain_text("31-02-2026")
    expect(own.page.get_by_role("button", name="Laden", exact=True)).to_have_count(0)
    expect(own.page.get_by_text("Er is nog niets geladen.").first).to_be_visible()


def test_an_unclear_file_asks_and_uses_the_answer(own: App) -> None:
    load(own, "klanten.csv", ACCOUNTS)
    drop(own, "onduidelijk.csv", UNCLEAR)
    expect(own.page.get_by_test_id("stAlert")).to_contain_text("1.500")
    expect(own.page.get_by_role("button", name="Laden", exact=True)).to_have_count(0)
    own.page.get_by_test_id("stRadio").get_by_text("komma: 1,5 is anderhalf").click()
    own.page.get_by_role("button", name="Antwoord", exact=True).click()
    expect(own.page.get_by_text("€ 3.750,00").first).to_be_visible(timeout=WAIT)
    own.page.get_by_role("button", name="Laden", exact=True).click()
    expect(own.page.get_by_text("Netto-omzet ging van – naar € 3,8k.")).to_be_visible(timeout=WAIT)


def test_a_clean_known_file_is_two_clicks_and_a_wrong_one_is_mended_and_dropped_again(own: App) -> None:
    load(own, "klanten.csv", ACCOUNTS)
    drop(own, "fout.csv", WRONG)
    own.page.locator("button[data-row='3']").last.click()
    expect(own.page.get_by_text("31-02-2026").last).to_be_visible(timeout=WAIT)
    with own.page.expect_download() as started:
        own.page.get_by_role("button", name="Bestand met fouten downloaden").click()
    assert started.value.suggested_filename == "fout-problems.csv"
    told = started.value.path().read_text("utf-8-sig")
    assert told.splitlines()[0].endswith(";Wat er mis is")
    mended = told.replace("12.34,5", "1.234,50").replace("31-02-2026", "16-11-2026")
    own.goto("/data")
    drop(own, "fout-problems.csv", mended)
    expect(own.page.get_by_text("fout-problems.csv is in orde (rijen: 2).")).to_be_visible()
    own.page.get_by_role("button", name="Laden", exact=True).click()
    expect(own.page.get_by_text("Netto-omzet ging van – naar € 2,0k.")).to_be_visible(timeout=WAIT)


def test_on_a_phone_the_workflow_fits_and_has_no_violations(own: App) -> None:
    own.page.set_viewport_size({"width": 390, "height": 844})
    drop(own, "omzet.csv", SALES)
    for step in ("Gelezen als", "Kolommen"):
        own.page.locator("[data-testid=stExpander] summary").filter(has_text=step).first.click()
    own.idle()
    assert own.sideways() <= 0
    assert own.axe() == []
