"""Rerun the Portfolio page and visit it, beside an empty page and the same page written the usual way, in one run.

    python benchmarks/pages.py data/demo.duckdb

Each page has a server of its own. A rerun is asked over the websocket as a browser asks it; its cost is CPU time of the
server. A visit is made by Chromium; its bytes are all that the server sends, headers and packing included.
"""

from __future__ import annotations

import os
import shutil
import socket
import socketserver
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

HERE = Path(__file__).parent
RERUNS, WARM = 40, 5
VISITS = 5
EMPTY = "import streamlit as st\n\nst.set_page_config(layout='wide')\nst.title('Portfolio')\n"
TICKS = os.sysconf("SC_CLK_TCK")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@dataclass(frozen=True)
class Server:
    """One running page."""

    process: subprocess.Popen[bytes]
    port: int
    path: str
    seconds_to_start: float

    @property
    def cpu(self) -> float:
        """CPU seconds spent so far, children included."""
        return _cpu(self.process.pid)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(_cpu(int(child)) for child in children)


@contextmanager
def serving(command: list[str], store: Path, path: str = "") -> Iterator[Server]:
    """A server until the block ends; ready when its health says so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    began = time.monotonic()
    told = [part.format(port=port) for part in command]
    process = subprocess.Popen(
        [sys.executable, "-m", *told],
        cwd=HERE.parent,
        env={**os.environ, "KAM_STORE": str(store), "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield Server(process, port, path, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(20)


def rerun(server: Server) -> tuple[float, float]:
    """CPU seconds of the server and median seconds to the last message, per warm rerun."""
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as wire:  # type: ignore[list-item]
        waits: list[float] = []
        held: set[str] = set()
        for number in range(WARM + RERUNS):
            if number == WARM:
                before = server.cpu
            began = time.monotonic()
            asked = BackMsg()
            asked.rerun_script.page_name = server.path
            # A browser says which of the larger messages it still has.
            asked.rerun_script.cached_message_hashes.extend(held)
            wire.send(asked.SerializeToString())
            while True:
                said = ForwardMsg.FromString(wire.recv())  # type: ignore[arg-type]
                if said.metadata.cacheable:
                    held.add(said.hash)
                if said.WhichOneof("type") == "script_finished":
                    break
            waits.append(time.monotonic() - began)
    return (server.cpu - before) / RERUNS, statistics.median(waits[WARM:])


def visit(browser: Browser, server: Server, first: str, last: str) -> tuple[float, float, int, int]:
    """Median seconds to the headline and to the whole page; bytes of a first and of a return visit."""
    to_first, to_last, fresh, again = [], [], [], []
    for _ in range(VISITS):
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        with Relay(server.port) as relay:
            address = f"http://127.0.0.1:{relay.port}/{server.path}"
            seconds = _open(context, address, first, last)
            fresh.append(relay.passed)
            _open(context, address, first, last)
            again.append(relay.passed - fresh[-1])
        to_first.append(seconds[0])
        to_last.append(seconds[1])
        context.close()
    return statistics.median(to_first), statistics.median(to_last), max(fresh), max(again)


def _open(context: BrowserContext, address: str, first: str, last: str) -> tuple[float, float]:
    page = context.new_page()
    began = time.monotonic()
    page.goto(address)
    page.locator(first).first.wait_for()
    at_first = time.monotonic() - began
    page.locator(last).last.wait_for()
    at_last = time.monotonic() - began
    page.wait_for_timeout(1000)
    page.close()
    return at_first, at_last


class Relay(socketserver.ThreadingTCPServer):
    """A port that passes everything on to a server, and counts the bytes that come back."""

    daemon_threads = True

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.port: int = self.server_address[1]
        self.behind = behind
        self.passed = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Passing(socketserver.BaseRequestHandler):
    """One connection of a browser."""

    server: Relay

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.behind)) as behind, suppress(OSError):
            threading.Thread(target=self._back, args=(behind,), daemon=True).start()
            while asked := self.request.recv(1 << 16):
                behind.sendall(asked)

    def _back(self, behind: socket.socket) -> None:
        with suppress(OSError):
            while told := behind.recv(1 << 16):
                self.server.passed += len(told)
                self.request.sendall(told)
            self.request.shutdown(socket.SHUT_WR)


def main(path: str) -> None:
    """Print what a rerun and a visit of each page cost."""
    with tempfile.TemporaryDirectory(prefix="kam-bench-") as folder:
        ours, theirs, blank = (Path(folder, name) for name in ("ours.duckdb", "theirs.duckdb", "blank.py"))
        for copy in (ours, theirs):
            shutil.copy(path, copy)
        blank.write_text(EMPTY, "utf-8")
        usual = ["streamlit", "run", "--server.headless=true", "--server.port={port}"]
        told = {}
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=_chromium(), args=FLAGS)
            for name, command, page, last in (
                ("empty page", [*usual, str(blank)], "", "h1"),
                ("ours", ["kam_metrics", "serve", "--port", "{port}", "--no-browser"], "portfolio", ".js-plotly-plot"),
                ("the usual way", [*usual, str(HERE / "usual_page.py")], "", ".js-plotly-plot"),
            ):
                with serving(command, theirs if name == "the usual way" else ours, page) as server:
                    told[name] = (server.seconds_to_start, visit(browser, server, "h1", last), rerun(server))
            browser.close()
    _print(told)


def _chromium() -> str:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))


def _print(told: dict[str, tuple[float, tuple[float, float, int, int], tuple[float, float]]]) -> None:
    _, empty_visit, (empty_cpu, _) = told["empty page"]
    for name, (start, (head, whole, fresh, again), (cpu, wait)) in told.items():
        print(f"{name}: up after {start:.1f} s")
        print(f"  warm rerun {cpu * 1000:.1f} ms CPU = {cpu / empty_cpu:.1f} empty pages; p50 {wait * 1000:.0f} ms")
        times = (head / empty_visit[0], whole / empty_visit[1])
        print(f"  headline {head:.2f} s = {times[0]:.2f} of an empty page, whole page {times[1]:.2f}")
        print(f"  first visit {fresh / 1e6:.2f} MB, return {again / 1e3:.0f} kB")
    print(f"the usual way costs {told['the usual way'][2][0] / told['ours'][2][0]:.1f} of our reruns")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "data/demo.duckdb")
