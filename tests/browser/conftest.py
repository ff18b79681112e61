"""The real app in the system's Chromium. Run by hand: `pytest tests/browser`; KAM_CHROMIUM names another browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SEEKS_ITSELF = re.compile(r"/\w+/_stcore/(health|host-config)")
PATIENCE = 60.0
"""Seconds for the app to start, and for a page to come to rest, on a busy machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium; Playwright's would have to be downloaded."""
    named = [os.environ.get("KAM_CHROMIUM"), *map(shutil.which, BROWSERS)]
    found = next((path for path in named if path), None)
    if found is None:
        pytest.fail(f"The browser tests need one of {', '.join(BROWSERS)}, or KAM_CHROMIUM set to its path.")
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Dutch reader at a desk; a test that wants another makes its own context."""
    return {
        **browser_context_args,
        "locale": "nl-NL",
        "timezone_id": "Europe/Amsterdam",
        "reduced_motion": "reduce",
        "viewport": {"width": 1440, "height": 1200},
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: `App` knows the address. The plugin's own fixture of this name warns, and warnings are errors here."""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app under test keeps its data; override it with a filled one."""
    return tmp_path_factory.mktemp("store") / "kam.duckdb"


@pytest.fixture(scope="session")
def app_url(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app."""
    with running(store, tmp_path_factory.mktemp("app") / "log.txt") as url:
        yield url


@contextmanager
def running(store: Path, log: Path) -> Iterator[str]:
    """The app on a store, freshly started; its log must end without a traceback."""
    port = _free_port()
    command = [sys.executable, "-m", "kam_metrics", "serve", "--port", str(port), "--no-browser"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "KAM_STORE": str(store)}, stdout=out, stderr=out
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(20)
    assert "Traceback" not in log.read_text("utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 3 * PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text('utf-8')}")


class App:
    """One reader's browser: where they are, and what went wrong behind the page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.errors: list[str] = []
        self.external: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note_message)
        page.on("request", self._note_request)

    def goto(self, path: str = "/") -> App:
        """Open a page and wait until it has come to rest."""
        self.page.goto(self.url + path)
        self.idle()
        return self

    def idle(self) -> None:
        """Wait for the script to end and its last element to arrive; an error on the page fails."""
        wait = PATIENCE * 1000
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=wait)
        expect(self.page.locator("[data-stale=true]")).to_have_count(0, timeout=wait)
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=wait)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)

    def axe(self, ignore: Collection[str] = ()) -> list[tuple[str, str]]:
        """WCAG 2.2 AA violations as (rule, element), but for the rules to ignore."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
        violations = [rule for rule in found["violations"] if rule["id"] not in ignore]
        return [(rule["id"], str(node["target"])) for rule in violations for node in rule["nodes"]]

    def sideways(self) -> int:
        """Pixels by which the page is wider than its window."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return wider

    def _note_message(self, message: ConsoleMessage) -> None:
        """On a deep link Streamlit first looks for itself below the page, and then finds itself at the root."""
        where = str(message.location["url"])
        if message.type == "error" and not SEEKS_ITSELF.fullmatch(where.removeprefix(self.url)):
            self.errors.append(f"{message.text} {where}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:")):
            self.external.append(request.url)


@pytest.fixture
def app(page: Page, app_url: str) -> App:
    """The running app in a fresh browser context."""
    return App(page, app_url)
