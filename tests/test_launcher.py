"""The launcher: who may ask, what every answer carries, and what it costs a first visitor."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
import streamlit
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from streamlit.config import get_config_options
from streamlit.web.server.app_discovery import discover_asgi_app

from kam_metrics.browser import ADDRESS, FILES, VERSION
from kam_metrics.handoff import token_file
from kam_metrics.launcher import (
    ASSETS,
    BUNDLES,
    MIDDLEWARE,
    ROUTES,
    PromptReplies,
    content_policy,
    failure,
    owner,
    refusal,
)
from kam_metrics.store import Store

ROOT = Path(__file__).parent.parent
PROMISED = (
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
)


class Answer(NamedTuple):
    """What came back: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client(NamedTuple):
    """Asks the launcher as it stands on a real port."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): told for name, told in headers.items()})
            got = connection.getresponse()
            return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        finally:
            connection.close()

    def upgrade(self, **headers: str) -> Answer:
        key = {"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec_WebSocket_Version": "13"}
        return self.ask("/stream", Connection="Upgrade", Upgrade="websocket", **key, **headers)


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def broken(request: Request) -> Response:
    raise RuntimeError("select secret from /home/someone")


async def greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


@contextmanager
def served(app: object) -> Iterator[int]:
    """The app on a real server whose socket is bound the way Streamlit binds it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", ws="websockets-sansio"))  # type: ignore[arg-type]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """The launcher's walls, on a real server, around a small app that stands in for Streamlit."""
    inside = [
        Route("/", hello, methods=["GET", "POST"]),
        Route("/broken", broken),
        WebSocketRoute("/stream", greet),
        Mount("/static", StaticFiles(directory=BUNDLES / "static")),
    ]
    walled = Starlette(routes=[*ROUTES, *inside], middleware=MIDDLEWARE, exception_handlers={500: failure})
    with served(walled) as port:
        yield Client(port)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/nowhere", 404),
        ("/broken", 500),
        ("/kam/assets/icon.svg", 200),
        ("/kam/assets/nothing", 404),
    ],
)
def test_every_answer_carries_the_security_headers(client: Client, path: str, status: int) -> None:
    answer = client.ask(path)
    assert answer.status == status
    assert [name for name in PROMISED if name not in answer.headers] == []


def test_a_refusal_carries_the_security_headers_too(client: Client) -> None:
    answer = client.ask("/", Host="evil.example")
    assert answer.status == 403
    assert [name for name in PROMISED if name not in answer.headers] == []


def test_a_failure_shows_nothing_of_the_inside(client: Client) -> None:
    assert client.ask("/broken").body == b"Something went wrong."


def test_a_script_needs_its_digest_to_run_inline() -> None:
    policy = content_policy("<script>window.ready = false</script><script src='x.js'></script>")
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts.count("'sha256-") == 1
    assert "unsafe" not in scripts


@pytest.mark.parametrize(
    "name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-User"]
)
def test_local_mode_refuses_whatever_came_through_a_proxy(client: Client, name: str) -> None:
    assert client.ask("/", **{name: "x"}).status == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:1", "[::1]:8501", "LOCALHOST"])
def test_this_machine_is_served_under_each_of_its_own_names(host: str) -> None:
    assert refusal("GET", Headers({"host": host})) is None


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example:8501", "10.0.0.1", "[", "a@b@127.0.0.1:x:y"]
)
def test_any_other_host_is_refused(host: str) -> None:
    assert refusal("GET", Headers({"host": host})) is not None


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:9", "http://127.0.0.1"])
def test_another_site_may_change_nothing(client: Client, origin: str) -> None:
    assert client.ask("/", "POST", Origin=origin).status == 403


def test_the_page_itself_and_a_program_may_post(client: Client) -> None:
    assert client.ask("/", "POST", Origin=client.address).status == 200
    assert client.ask("/", "POST").status == 200


def test_another_site_cannot_open_the_websocket(client: Client) -> None:
    denied = client.upgrade(Origin="http://evil.example")
    assert denied.status == 403
    assert "content-security-policy" in denied.headers


def test_the_page_itself_opens_the_websocket(client: Client) -> None:
    assert client.upgrade(Origin=client.address).status == 101


def bundle() -> Path:
    return max(BUNDLES.glob("static/js/*.js"), key=lambda path: path.stat().st_size)


def test_a_bundle_travels_packed_and_is_kept_for_good(client: Client) -> None:
    answer = client.ask(f"/static/js/{bundle().name}", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert gzip.decompress(answer.body) == bundle().read_bytes()
    assert int(answer.headers["content-length"]) < bundle().stat().st_size / 3


def test_a_browser_without_gzip_is_left_to_streamlit(client: Client) -> None:
    answer = client.ask(f"/static/js/{bundle().name}", Accept_Encoding="identity")
    assert "content-encoding" not in answer.headers


def test_fonts_and_icons_come_from_the_app_itself(client: Client) -> None:
    font = client.ask("/kam/assets/inter-latin.woff2")
    assert font.body == (ASSETS / "inter-latin.woff2").read_bytes()
    assert client.ask("/favicon.png").headers["content-type"] == "image/png"


@pytest.mark.parametrize("name", ["..%2flauncher.py", "%2e%2e%2fmain.py", "..", "inter-latin.woff2%00"])
def test_the_asset_route_reaches_no_other_file(client: Client, name: str) -> None:
    assert client.ask(f"/kam/assets/{name}").status == 404


def test_the_parts_of_a_page_are_kept_under_their_version(client: Client) -> None:
    for name, path in FILES.items():
        answer = client.ask(f"{ADDRESS}/{VERSION}/{name}")
        assert answer.body == path.read_bytes()
        assert "immutable" in answer.headers["cache-control"]
        assert "javascript" in answer.headers["content-type"] or name.endswith(".css")
    assert client.ask(f"{ADDRESS}/{VERSION}/__init__.py").status == 404
    assert client.ask(f"{ADDRESS}/{VERSION}/..%2fmain.py").status == 404


def test_the_font_is_shipped_with_its_licence() -> None:
    assert "SIL Open Font License, Version 1.1" in (ASSETS / "inter-OFL.txt").read_text("utf-8")


def test_small_replies_are_not_held_back_on_a_real_connection() -> None:
    async def is_prompt(scope: Scope, receive: Receive, send: Send) -> None:
        connection = receive.__self__.transport.get_extra_info("socket")  # type: ignore[attr-defined]
        answer = PlainTextResponse(str(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0))
        await answer(scope, receive, send)

    for app, prompt in ((is_prompt, b"False"), (PromptReplies(is_prompt), b"True")):
        with served(app) as port, urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.read() == prompt


def test_streamlit_finds_the_app_in_the_launcher_script() -> None:
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def config() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))


def test_streamlit_knows_every_option_we_set() -> None:
    known = get_config_options()
    ours = [f"{section}.{name}" for section in ("server", "browser", "client", "runner") for name in config()[section]]
    assert [option for option in ours if option not in known] == []


def test_nothing_leaves_this_machine_and_no_inside_is_shown() -> None:
    settings = config()
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["disableDataExport"] is True
    assert settings["server"]["enableStaticServing"] is False
    assert settings["runner"]["postScriptGC"] is False


def test_a_first_visit_stays_small() -> None:
    page = (BUNDLES / "index.html").read_text("utf-8")
    named = [path for path in BUNDLES.glob("static/js/*.js") if path.name in page]
    named += BUNDLES.glob("static/js/PlotlyChart.*.js")
    assert len(named) > 10, f"Streamlit {streamlit.__version__} lays out its bundles differently"
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in named) < 2_500_000


def test_while_the_app_runs_it_answers_for_its_own_store_and_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "new folder" / "kam.duckdb"
    monkeypatch.setenv("KAM_STORE", str(own))
    monkeypatch.setattr(Store, "_open", {})  # it closes what is open here, not what other tests of this process hold
    tokens = [token_file(own), token_file(own.with_name("demo.duckdb"))]

    async def run() -> None:
        async with owner(None):
            assert all(token.is_file() for token in tokens)
            Store.at(own)

    with ThreadPoolExecutor() as elsewhere:  # where no browser test left an event loop running
        elsewhere.submit(lambda: asyncio.run(run())).result()
    assert not any(token.exists() for token in tokens)
    assert not Store._open
