"""`kam serve`: the app on this machine, with something to see from the first minute."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kam_metrics.cli.session import Outcome, Session
from kam_metrics.demo.fill import fill
from kam_metrics.errors import StoreUnreachable, UsageError
from kam_metrics.store import Store, holds_loads
from kam_metrics.words import say

APP = Path(__file__).parents[2] / "app.py"
HOST = "127.0.0.1"
USUAL_PORT = 8501
PATIENCE = 30.0
"""Seconds the app may take to answer before the browser is left alone."""


def serve(session: Session) -> Outcome:
    """The app until it is stopped; the demo company is made first where there is nothing else to show."""
    port = session.request["port"] or USUAL_PORT
    if not APP.is_file():
        raise UsageError("no_app")
    if _answers(port):
        raise UsageError("port_taken", port=str(port))
    _prepare(session)
    address = f"http://{HOST}:{port}"
    session.tell("cli.serving", address=address)
    with _running(session, port) as app:
        if _has_screen(session) and _starts(port, app):
            webbrowser.open(address)
        code = _ended(app)
    if code not in {0, -signal.SIGTERM, -signal.SIGINT}:
        raise StoreUnreachable("app_failed")
    return Outcome({"address": address}, lambda lang: say(lang, "cli.served"))


def _prepare(session: Session) -> None:
    """Make the demo company, unless there is data or a demo already, or this reader may make none.

    It gets its place once it is whole: who stops the first start halfway would see half a company ever after.
    """
    demo_path = session.store_path.with_name("demo.duckdb")
    if demo_path.exists() or not session.principal.may_load or _holds_data(session):
        return
    session.tell("cli.demo_first")
    unfinished = demo_path.with_name("demo.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    store = Store.at(unfinished / demo_path.name, session.settings)
    try:
        fill(store, demo_path.with_name("demo"), session.principal, as_of=session.today, lang=session.lang)
    finally:
        store.close()
    store.path.rename(demo_path)
    unfinished.rmdir()


def _holds_data(session: Session) -> bool:
    if not session.store_path.exists():
        return False
    store = session.store()
    try:
        with store.read() as world:
            return holds_loads(world)
    finally:
        # The app is another process, and only one may have the file.
        store.close()


@contextmanager
def _running(session: Session, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The app as a process of its own, which ends when this one is told to."""
    app = subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-m", "streamlit", "run", str(APP), *_options(port, session.settings.max_upload_mb)],
        cwd=APP.parent,
        env={**os.environ, **session.env, "KAM_STORE": str(session.store_path.resolve())},
    )
    before = signal.signal(signal.SIGTERM, lambda *_: app.terminate())
    try:
        yield app
    finally:
        app.terminate()
        app.wait()
        signal.signal(signal.SIGTERM, before)


def _ended(app: subprocess.Popen[bytes]) -> int:
    """How the app ended; Ctrl+C is the usual way."""
    try:
        return app.wait()
    except KeyboardInterrupt:
        return 0


def _options(port: int, max_upload_mb: int) -> tuple[str, ...]:
    return (
        *("--server.address", HOST, "--server.port", str(port)),
        *("--server.maxUploadSize", str(max_upload_mb)),
        *("--server.headless", "true", "--logger.hideWelcomeMessage", "true"),
    )


def _has_screen(session: Session) -> bool:
    if session.request["no_browser"] or session.env.get("CI"):
        return False
    return sys.platform != "linux" or any(session.env.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _starts(port: int, app: subprocess.Popen[bytes]) -> bool:
    """Whether the app answers soon enough; waits for it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and app.poll() is None:
        if _answers(port):
            return True
        time.sleep(0.1)
    return False


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((HOST, port)) == 0
