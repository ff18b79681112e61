"""The way from the command line to the running app, which owns the store file while it lives.

The app leaves a token beside the store that only its owner can read. Who can read it may ask the app, over loopback,
to run a command as if it had been run here.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from kam_metrics.errors import StoreUnreachable

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

ADDRESS = "/kam/command"
HEADER = "X-Kam-Token"
LARGEST = 1_000_000
"""Bytes of a command: thousands of file names fit, an upload does not."""
PATIENCE = 5.0
"""Seconds to wait for the app to take the call; how long the command then takes is its own business."""

_TOKEN = secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Command:
    """What was typed, where, and with which KAM_* variables."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    folder: str


@dataclass(frozen=True)
class Reply:
    """What the command printed, and how it ended."""

    exit_code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class _Owner:
    port: int
    token: str
    pid: int


def token_file(store: Path) -> Path:
    """Where the app that owns this store leaves its token."""
    return store.with_name(f"{store.name}.token")


@contextmanager
def announced(store: Path, port: int) -> Iterator[None]:
    """While this lasts, commands for the store may be handed to this process."""
    path, own = token_file(store), _Owner(port, _TOKEN, os.getpid())
    draft = path.with_name(f"{path.name}.{own.pid}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(own), file)
    draft.replace(path)
    try:
        yield
    finally:
        if _owner(store) == own:
            path.unlink(missing_ok=True)


def ask(store: Path, command: Command) -> Reply | None:
    """The running app's reply; None when no other process answers for this store."""
    owner = _owner(store)
    if owner is None or owner.pid == os.getpid() or not _lives(owner.pid):
        return None
    connection = HTTPConnection("127.0.0.1", owner.port, timeout=PATIENCE)
    try:
        connection.connect()
    except OSError:
        return None
    try:
        return _call(connection, owner.token, command)
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        raise StoreUnreachable("handoff_broken") from error
    finally:
        connection.close()


def route(answer: Callable[[Command], Reply]) -> Route:
    """The app's address for handed over commands; `answer` runs one."""
    # Imported by who answers: whoever asks need not wait for a web server.
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    async def take(request: Request) -> Response:
        token = request.headers.get(HEADER, "")
        if not hmac.compare_digest(token.encode(), _TOKEN.encode()):
            return Response(status_code=403)
        command = _command(await _body(request))
        if command is None:
            return Response(status_code=400)
        return JSONResponse(asdict(await run_in_threadpool(answer, command)))

    return Route(ADDRESS, take, methods=["POST"])


def _owner(store: Path) -> _Owner | None:
    path = token_file(store)
    try:
        if os.name == "posix" and path.stat().st_uid != os.getuid():
            return None
        told = json.loads(path.read_text("utf-8"))
        return _Owner(int(told["port"]), str(told["token"]), int(told["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _lives(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _call(connection: HTTPConnection, token: str, command: Command) -> Reply | None:
    headers = {"Content-Type": "application/json", HEADER: token}
    connection.request("POST", ADDRESS, json.dumps(asdict(command)), headers)
    if isinstance(connection.sock, socket.socket):
        connection.sock.settimeout(None)
    response = connection.getresponse()
    body = response.read()
    if response.status in {403, 404, 405}:
        return None
    if response.status != 200:
        raise StoreUnreachable("handoff_broken")
    told = json.loads(body)
    return Reply(int(told["exit_code"]), str(told["stdout"]), str(told["stderr"]))


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return b""
    return body


def _command(body: bytes) -> Command | None:
    try:
        told = json.loads(body)
        argv, env, folder = told["argv"], told["env"], told["folder"]
    except (ValueError, KeyError, TypeError):
        return None
    texts = [*argv, *env, *env.values(), folder] if isinstance(argv, list) and isinstance(env, dict) else [None]
    if not all(isinstance(text, str) for text in texts):
        return None
    return Command(tuple(argv), env, folder)
