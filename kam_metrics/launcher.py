"""Between the network and the pages: who may ask, which headers leave, and the app's own routes."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from streamlit.config import get_option
from streamlit.file_util import get_static_dir

from kam_metrics import browser
from kam_metrics.handoff import announced
from kam_metrics.settings import read_settings
from kam_metrics.store import Store

MAIN = Path(__file__).parent / "main.py"
"""The script that Streamlit runs for every reader."""

ASSETS = Path(__file__).parent / "assets"
BUNDLES = Path(get_static_dir())
YEAR = "public, max-age=31536000, immutable"
WEEK = "public, max-age=604800"
LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ANSWERS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def security_headers() -> dict[str, str]:
    """The headers of every response; Streamlit itself sends none."""
    return {
        "Content-Security-Policy": content_policy((BUNDLES / "index.html").read_text(encoding="utf-8")),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def content_policy(page: str) -> str:
    """Nothing from elsewhere, and no inline script but those Streamlit's own page brings."""
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE_SCRIPT.findall(page))
    inline = " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'self'",
            # Streamlit loads the code of its components from blobs.
            f"script-src 'self' blob: {inline}".rstrip(),
            # Streamlit's styles are made in the browser.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Puts the security headers on whatever leaves, refusals included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding headers where a response begins."""

        async def send_guarded(message: Message) -> None:
            if message["type"] in ANSWERS:
                message.setdefault("headers", [])
                MutableHeaders(scope=message).update(security_headers())
            await send(message)

        await self.app(scope, receive, send_guarded)


class LocalOnly:
    """Local mode gives every role to whoever asks, so only this machine's own browser may ask."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to a request that did not come straight from this machine."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        reason = refusal(scope.get("method", "WEBSOCKET"), Headers(scope=scope))
        if reason is None:
            await self.app(scope, receive, send)
            return
        answer = PlainTextResponse(reason, status_code=403)
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(answer)
        else:
            await answer(scope, receive, send)


def refusal(method: str, headers: Headers) -> str | None:
    """Why local mode refuses this request; None when it does not."""
    if any(name == "forwarded" or name.startswith("x-forwarded-") for name in headers):
        return "Forwarded requests are refused: in local mode there is no proxy."
    if not LOCAL_HOST.fullmatch(headers.get("host", "")):
        return "This address is refused: in local mode the app answers to localhost only."
    origin = headers.get("origin")
    if origin is not None and method not in SAFE_METHODS and urlsplit(origin).netloc != headers["host"]:
        return "Requests from other sites are refused."
    return None


class PromptReplies:
    """Sends small replies at once; on Streamlit's socket each would wait some 40 ms (Nagle's algorithm)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set TCP_NODELAY on the connection, where the server lets us reach it."""
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        connection = transport.get_extra_info("socket") if transport else None
        if connection is not None and connection.family in {socket.AF_INET, socket.AF_INET6}:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)


class PackedBundles:
    """Serves Streamlit's scripts and styles gzipped: a first visit is 9 MB without and under 3 MB with."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.bundles = {
            f"/{path.relative_to(BUNDLES).as_posix()}": path
            for path in BUNDLES.glob("static/**/*")
            if path.suffix in {".js", ".css"}
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET of a known bundle; leave everything else to Streamlit."""
        bundle = self.bundles.get(scope["path"]) if scope.get("method") == "GET" else None
        if bundle is None or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            await self.app(scope, receive, send)
            return
        await (await run_in_threadpool(packed, bundle))(scope, receive, send)


@cache
def packed(bundle: Path) -> Response:
    """A bundle as a gzipped response, compressed once; its name holds its hash, so it may be kept."""
    return Response(
        gzip.compress(bundle.read_bytes(), compresslevel=6, mtime=0),
        media_type="text/css" if bundle.suffix == ".css" else "text/javascript",
        headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": YEAR},
    )


async def asset(request: Request) -> Response:
    """A font or icon of the app."""
    name = request.path_params["name"]
    if name not in {path.name for path in ASSETS.iterdir()}:
        return PlainTextResponse("Not found", status_code=404)
    return FileResponse(ASSETS / name, headers={"Cache-Control": WEEK})


async def part_file(request: Request) -> Response:
    """A script or a style of a part of ours; its address names its version, so it may be kept."""
    path = browser.FILES.get(request.path_params["name"])
    if path is None:
        return PlainTextResponse("Not found", status_code=404)
    return FileResponse(path, headers={"Cache-Control": YEAR})


async def favicon(request: Request) -> Response:
    """The icon of the app, where Streamlit's page asks for one."""
    return FileResponse(ASSETS / "icon-64.png", headers={"Cache-Control": WEEK})


async def failure(request: Request, error: Exception) -> Response:
    """Say that it went wrong and no more. This answer passes no middleware, so it brings its own headers."""
    return PlainTextResponse("Something went wrong.", status_code=500, headers=security_headers())


@asynccontextmanager
async def owner(app: object) -> AsyncIterator[None]:
    """While the app runs, commands for its stores, the reader's own and the demo, are handed to it."""
    own = Path(read_settings(os.environ).store).resolve()
    own.parent.mkdir(parents=True, exist_ok=True)
    port = get_option("server.port")
    with announced(own, port), announced(own.with_name("demo.duckdb"), port):
        yield
    Store.close_all()


ROUTES: list[BaseRoute] = [
    Route("/kam/assets/{name}", asset),
    Route(f"{browser.ADDRESS}/{{version}}/{{name}}", part_file),
    Route("/favicon.png", favicon),
]
"""The app's own addresses, asked before Streamlit's. Routes of other modules join them in app.py."""

MIDDLEWARE = [
    Middleware(PromptReplies),
    Middleware(SecurityHeaders),
    Middleware(LocalOnly),
    Middleware(PackedBundles),
]
"""Outermost first."""
