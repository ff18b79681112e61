"""The tiles in a browser, by themselves: what their script makes of what they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from playwright.sync_api import Page, expect

from kam_metrics.browser import FILES
from kam_metrics.matrix.part import told_as
from kam_metrics.matrix.tiles import Tile

MOUNT = """([code, data]) => import(URL.createObjectURL(new Blob([code], {type: 'text/javascript'}))).then(tiles => {
  window.asked = [];
  const setTriggerValue = (name, value) => window.asked.push([name, value]);
  tiles.default({data, parentElement: document.body, setTriggerValue});
})"""
SALES = Tile(
    label="Net sales",
    value="€66.3m",
    full="€66,298,948.29",
    beside="▲ €1.9m on last year",
    tone="good",
    about=("Net sales", "gross sales − discounts", "Source of the formula: Marn & Rosiello 1992"),
    link="By account",
    help="What this means",
)
ADDRESS = "account?lang=en&sort=net_sales"
Shown = Callable[..., Page]


@pytest.fixture
def shown(page: Page) -> Shown:
    """Shows tiles and nothing else."""

    def show(*tiles: tuple[str, Tile]) -> Page:
        page.set_content(f"<style>{FILES['tiles.css'].read_text('utf-8')}</style><div class='tiles'></div>")
        told = [{"address": address, **asdict(tile)} for address, tile in tiles]
        page.evaluate(MOUNT, [FILES["tiles.js"].read_text("utf-8"), told_as(told)])
        return page

    return show


def test_a_number_tells_its_cents_when_pointed_at(shown: Shown) -> None:
    page = shown((ADDRESS, SALES))
    expect(page.get_by_role("heading", name="Net sales")).to_be_visible()
    expect(page.get_by_text("€66.3m")).to_have_attribute("title", "€66,298,948.29")


def test_its_meaning_is_one_click_away_and_one_key_gone(shown: Shown) -> None:
    page = shown((ADDRESS, SALES))
    source = page.get_by_text("Source of the formula")
    expect(source).to_be_hidden()
    page.get_by_role("button", name="What this means: Net sales").press("Enter")
    expect(source).to_be_visible()
    page.keyboard.press("Escape")
    expect(source).to_be_hidden()


def test_a_tile_leads_to_its_page_and_one_without_a_page_to_none(shown: Shown) -> None:
    page = shown((ADDRESS, SALES), ("", replace(SALES, label="Overdue")))
    expect(page.get_by_role("link")).to_have_count(1)
    page.get_by_role("link", name="By account").press("Enter")
    assert page.evaluate("window.asked") == [["address", ADDRESS]]


def test_whatever_a_tile_is_told_is_only_text(shown: Shown) -> None:
    hostile = "<img src=x onerror=\"window.harmed = 1\"> & 'Co'"
    page = shown((ADDRESS, replace(SALES, label=hostile, value=hostile, beside=hostile, about=(hostile,))))
    expect(page.get_by_role("heading")).to_have_text(hostile)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.harmed") is None


def test_tiles_stand_two_by_two_on_a_phone(shown: Shown) -> None:
    page = shown(*[(ADDRESS, SALES)] * 6)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tops = [box["y"] for tile in page.locator("li").all() if (box := tile.bounding_box())]
    assert tops[0] == tops[1] < tops[2] == tops[3]
