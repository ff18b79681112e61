"""The account matrix in a browser, by itself: what its script makes of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kam_metrics.browser import FILES
from kam_metrics.matrix import MatrixRow, Score, table
from kam_metrics.terms import Against, Element

THEME = """
:root { --st-text-color: #0F1820; --st-background-color: #FFFFFF; --st-secondary-background-color: #F3F5F7;
  --st-border-color: #D5DBE0; --st-primary-color: #0B5C8A; --st-red-color: #B3402A; --st-font: sans-serif; }
"""
MOUNT = """([code, data]) => import(URL.createObjectURL(new Blob([code], {type: 'text/javascript'}))).then(matrix => {
  window.asked = [];
  window.show = data => matrix.default({data, parentElement: document.body,
    setTriggerValue: (name, value) => window.asked.push([name, value])});
  window.show(data);
})"""
HOSTILE = "<img src=x onerror=\"window.harmed = 1\"> & 'Co'"
VAN_DIJK = MatrixRow(
    "A1",
    "Van Dijk",
    contribution=Decimal("1389000.25"),
    compared=Decimal("1389000.25"),
    reference=Decimal("1292000"),
    months=(Decimal(10), Decimal(20)),
    overdue=Decimal("-400"),
    phases=("done", "behind", "open"),
    elements={element: Score(3.26, n=9, change=-0.4) for element in Element},
    warnings=("Late <b>invoice</b>.",),
)

Shown = Callable[..., Page]


@pytest.fixture
def shown(page: Page) -> Shown:
    """Shows rows in the table and nothing else."""

    def show(rows: Sequence[MatrixRow], lang: str = "nl", against: Against = "plan") -> Page:
        style = FILES["house.css"].read_text("utf-8").replace(":host", ":root") + FILES["matrix.css"].read_text("utf-8")
        page.set_content(f'<style>{THEME}{style}</style><div class="matrix"></div>')
        data = table(rows, lang=lang, caption="Bijdrage", against=against)
        page.evaluate(MOUNT, [FILES["matrix.js"].read_text("utf-8"), data])
        return page

    return show


def cells(page: Page) -> list[str]:
    texts: list[str] = (
        page.locator("tbody tr")
        .first.locator("td")
        .evaluate_all(
            "cells => cells.map(cell => [...cell.querySelectorAll('.unseen')].reduce((text, part) => "
            "text.replace(part.textContent, ''), cell.textContent).trim())"
        )
    )
    return texts


def test_numbers_are_written_in_the_language(shown: Shown) -> None:
    assert cells(shown([VAN_DIJK], "nl"))[1:3] == ["1.389", "▲ 97"]
    assert cells(shown([VAN_DIJK], "en"))[1:3] == ["1,389", "▲ 97"]


def test_an_amount_tells_its_cents_when_pointed_at(shown: Shown) -> None:
    title = shown([VAN_DIJK]).locator("tbody td").nth(1).get_attribute("title")
    assert title == "€\N{NO-BREAK SPACE}1.389.000,25"


def test_next_to_nothing_has_no_sign(shown: Shown) -> None:
    assert cells(shown([VAN_DIJK]))[5] == "0"


def test_what_is_unknown_is_said_in_every_cell(shown: Shown) -> None:
    told = cells(shown([MatrixRow("A9", "Kempen")]))
    assert told == ["–", "–", "–", "", "–", "–", "–", *["–"] * 7, ""]


def test_a_level_has_one_hue_and_its_change_an_arrow(shown: Shown) -> None:
    page = shown([VAN_DIJK])
    assert cells(page)[7] == "▼ 3,3"
    assert page.locator("td.element .level").first.get_attribute("style") == "--shade:0.56"


def test_a_hostile_name_is_only_text(shown: Shown) -> None:
    page = shown([MatrixRow('"><script>window.harmed = 1</script>', HOSTILE, warnings=(HOSTILE,))])
    expect(page.get_by_role("button")).to_have_text(HOSTILE)
    assert page.locator("img, script").count() == 0
    assert page.evaluate("window.harmed") is None


def test_each_row_leads_to_its_account_by_mouse_and_by_keyboard(shown: Shown) -> None:
    page = shown([VAN_DIJK, MatrixRow("A2", "Kempen")])
    page.get_by_role("button", name="Kempen").click()
    page.get_by_role("button", name="Van Dijk").press("Enter")
    assert page.evaluate("window.asked") == [["account", "A2"], ["account", "A1"]]


def test_it_is_one_table_with_a_name_and_headers(shown: Shown) -> None:
    page = shown([VAN_DIJK])
    expect(page.get_by_role("table", name="Bijdrage")).to_have_count(1)
    expect(page.get_by_role("rowheader")).to_have_count(1)
    assert page.get_by_role("columnheader").count() == 10 + len(Element)


def test_what_is_drawn_is_also_said(shown: Shown) -> None:
    said = shown([VAN_DIJK], "en").locator("tbody tr").first.locator(".unseen").all_text_contents()
    assert "Day 60: behind." in said
    assert any(text.startswith("Contribution €1,389,000.25, plan") for text in said)


def test_the_same_rows_again_leave_focus_and_scroll_alone(shown: Shown) -> None:
    rows = [VAN_DIJK, *(MatrixRow(f"B{number}", f"Account {number}") for number in range(60))]
    page = shown(rows)
    page.locator(".frame").evaluate("frame => { frame.scrollTop = 300 }")
    page.get_by_role("button", name="Account 20").focus()
    data: Any = table(rows, lang="nl", caption="Bijdrage", against="plan")
    before = page.locator(".frame").evaluate("frame => frame.scrollTop")
    page.evaluate("data => window.show(data)", data)
    expect(page.get_by_role("button", name="Account 20")).to_be_focused()
    assert page.locator(".frame").evaluate("frame => frame.scrollTop") == before


def test_on_a_phone_the_table_scrolls_and_the_page_does_not(shown: Shown) -> None:
    page = shown([VAN_DIJK])
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    name = page.get_by_role("button", name="Van Dijk")
    before = name.bounding_box()
    page.locator(".frame").evaluate("frame => { frame.scrollLeft = 400 }")
    assert page.locator(".frame").evaluate("frame => frame.scrollLeft") == 400
    assert name.bounding_box() == before
