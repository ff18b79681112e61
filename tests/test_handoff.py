"""The running app answers for the store it owns, to whoever can read its token and to nobody else."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from kam_metrics import handoff
from kam_metrics.errors import StoreUnreachable
from kam_metrics.handoff import Command, Reply

COMMAND = Command(("loads", "--json"), {"KAM_ROLE": "analyst"}, "/somewhere")
DEAD = 2**22 + 1


@dataclass
class App:
    """An app on a free port that notes every command it is handed."""

    port: int
    taken: list[Command] = field(default_factory=list)

    def answer(self, command: Command) -> Reply:
        self.taken.append(command)
        return Reply(1, "out\n", "err\n")


@pytest.fixture
def app() -> Iterator[App]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        app = App(listener.getsockname()[1])
        starlette = Starlette(routes=[handoff.route(app.answer)])
        server = uvicorn.Server(uvicorn.Config(starlette, log_level="critical", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield app
        server.should_exit = True
        thread.join()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "kam.duckdb"


def leave_token(store: Path, port: int, *, pid: int | None = None, token: str | None = None) -> None:
    """As another process that lives would: the one that started this test."""
    told = {"port": port, "token": token or handoff._TOKEN, "pid": pid or os.getppid()}
    handoff.token_file(store).write_text(json.dumps(told), "utf-8")


def test_a_command_reaches_the_running_app_and_its_answer_comes_back_whole(app: App, store: Path) -> None:
    leave_token(store, app.port)
    assert handoff.ask(store, COMMAND) == Reply(1, "out\n", "err\n")
    assert app.taken == [COMMAND]


def test_the_token_is_readable_by_its_owner_alone_and_gone_afterwards(store: Path) -> None:
    with handoff.announced(store, 8501):
        path = handoff.token_file(store)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert json.loads(path.read_text("utf-8"))["port"] == 8501
    assert list(store.parent.iterdir()) == []


def test_an_app_that_stops_leaves_the_token_of_its_successor_alone(store: Path) -> None:
    with handoff.announced(store, 8501):
        leave_token(store, 8502)
    assert handoff.token_file(store).exists()


def test_announcing_replaces_what_a_killed_app_left(store: Path) -> None:
    leave_token(store, 1, pid=DEAD)
    with handoff.announced(store, 8501):
        assert json.loads(handoff.token_file(store).read_text("utf-8"))["port"] == 8501


def test_a_process_never_asks_itself(app: App, store: Path) -> None:
    with handoff.announced(store, app.port):
        assert handoff.ask(store, COMMAND) is None
    assert app.taken == []


def test_without_a_token_nobody_is_asked(store: Path) -> None:
    assert handoff.ask(store, COMMAND) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"port": "x", "token": "t", "pid": 1}', '{"port": 1}'])
def test_a_token_that_cannot_be_read_counts_as_none(store: Path, text: str) -> None:
    handoff.token_file(store).write_text(text, "utf-8")
    assert handoff.ask(store, COMMAND) is None


def test_the_token_of_a_dead_process_is_stale(app: App, store: Path) -> None:
    leave_token(store, app.port, pid=DEAD)
    assert handoff.ask(store, COMMAND) is None
    assert app.taken == []


def test_a_token_to_a_port_where_nobody_listens_is_stale(store: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    leave_token(store, port)
    assert handoff.ask(store, COMMAND) is None


def test_a_token_of_an_earlier_app_on_the_same_port_is_stale(app: App, store: Path) -> None:
    leave_token(store, app.port, token="yesterday's")
    assert handoff.ask(store, COMMAND) is None
    assert app.taken == []


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs file owners")
def test_a_token_planted_by_somebody_else_is_not_trusted(
    app: App, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_token(store, app.port)
    monkeypatch.setattr(handoff.os, "getuid", lambda: store.parent.stat().st_uid + 1)
    assert handoff.ask(store, COMMAND) is None


def test_an_app_that_dies_halfway_is_said_to_have_done_so(store: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        leave_token(store, listener.getsockname()[1])
        hang_up = threading.Thread(target=lambda: listener.accept()[0].close())
        hang_up.start()
        with pytest.raises(StoreUnreachable, match="handoff_broken"):
            handoff.ask(store, COMMAND)
        hang_up.join()


def call(app: App, method: str, body: bytes, token: bytes) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", app.port, timeout=10)
    connection.request(method, handoff.ADDRESS, body, {handoff.HEADER: token})
    response = connection.getresponse()
    told = response.status, response.read()
    connection.close()
    return told


@pytest.mark.parametrize("token", [b"", b"guess", "gökün".encode()])
def test_without_the_token_nothing_runs(app: App, token: bytes) -> None:
    assert call(app, "POST", b'{"argv": ["loads"], "env": {}, "folder": "/"}', token) == (403, b"")
    assert app.taken == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"argv=loads",
        b"[]",
        b"{}",
        b'{"argv": "loads", "env": {}, "folder": "/"}',
        b'{"argv": [1], "env": {}, "folder": "/"}',
        b'{"argv": [], "env": {"A": 1}, "folder": "/"}',
        b'{"argv": [], "env": [], "folder": "/"}',
        b" " * (handoff.LARGEST + 1),
    ],
)
def test_only_a_well_formed_command_of_bounded_size_runs(app: App, body: bytes) -> None:
    assert call(app, "POST", body, handoff._TOKEN.encode()) == (400, b"")
    assert app.taken == []


def test_a_browser_cannot_ask_by_following_a_link(app: App) -> None:
    assert call(app, "GET", b"", handoff._TOKEN.encode())[0] == 405
