"""The app as its readers meet it: every page in every dress, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.conftest import App

SHOTS = Path(__file__).parent / "shots"
PAGES = ("portfolio", "account", "profit", "plan", "alignment", "data")
DETAILED = {"account": "account", "plan": "plan", "alignment": "account"}
"""Pages that also tell about one thing, and the part of the address that says which."""
SIZES = {"desktop": (1440, 1000), "phone": (390, 844)}
COLOURS_OF_A_PAGE = 40
STREAMLITS_OWN: frozenset[tuple[str, str]] = frozenset()
"""What axe finds in Streamlit's own elements, as (rule, target)."""


@pytest.fixture
def dressed(browser: Browser, browser_context_args: dict[str, Any], app_url: str) -> Iterator[Any]:
    """Readers with a screen and a theme of their own."""
    contexts = []

    def dress(size: str, scheme: str) -> App:
        width, height = SIZES[size]
        options = {**browser_context_args, "color_scheme": scheme, "viewport": {"width": width, "height": height}}
        contexts.append(browser.new_context(**options))
        return App(contexts[-1].new_page(), app_url)

    yield dress
    for context in contexts:
        context.close()


def opened(app: App, lang: str) -> Iterator[str]:
    """Every page one after the other, with one account and one plan in detail, and the weights of health."""
    for page in PAGES:
        app.goto(f"/{page}?lang={lang}")
        yield page
        if row := DETAILED.get(page):
            asked = app.page.locator(f"button[data-row*='?{row}=']").first.get_attribute("data-row") or ""
            app.goto(f"/{page}?{asked.partition('?')[2]}&lang={lang}")
            yield f"{page}-one"
    app.goto(f"/portfolio?weights=now&lang={lang}")
    yield "weights"


def photograph(app: App, name: str) -> None:
    """Keep how the whole page looks, and see that it is no empty sheet."""
    SHOTS.mkdir(exist_ok=True)
    size = app.page.viewport_size
    assert size is not None
    height = app.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    app.page.set_viewport_size({"width": size["width"], "height": max(int(height), size["height"])})
    app.idle()
    app.page.wait_for_timeout(300)
    app.page.screenshot(path=SHOTS / f"{name}.png")
    app.page.set_viewport_size(size)
    with Image.open(SHOTS / f"{name}.png") as shot:
        colours = shot.convert("RGB").getcolors(2**24)
    assert len(colours or ()) > COLOURS_OF_A_PAGE, f"{name} looks empty"


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_accessible_fits_and_calls_nobody(dressed: Any, size: str, scheme: str, lang: str) -> None:
    app = dressed(size, scheme)
    found: dict[str, object] = {}
    for page in opened(app, lang):
        photograph(app, f"{page}-{size}-{scheme}-{lang}")
        if ours := sorted(set(app.axe()) - STREAMLITS_OWN):
            found[page] = ours
        assert (page, app.sideways() <= 0) == (page, True)
    assert found == {}
    assert app.external == []
    assert app.errors == []
