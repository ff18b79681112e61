"""`kam serve` starts the app, with something to see, and stops it when told to."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kam_metrics import cli
from kam_metrics.cli import serving
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER

ROOT = Path(__file__).parents[2]


class FakeApp:
    """Stands in for the app's process: notes how it was started and ends at once."""

    def __init__(self, argv: list[str], cwd: Path, env: dict[str, str]) -> None:
        self.argv, self.cwd, self.env = argv, cwd, env
        started.append(self)

    def poll(self) -> int | None:
        return None

    def wait(self) -> int:
        return 0

    def terminate(self) -> None:
        """Already gone."""


started: list[FakeApp] = []


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """No app and no browser; the demo is only noted."""
    started.clear()
    noted: list[str] = []
    monkeypatch.setattr(serving.subprocess, "Popen", FakeApp)
    monkeypatch.setattr(serving.webbrowser, "open", noted.append)
    monkeypatch.setattr(serving, "_starts", lambda port, app: True)
    monkeypatch.setattr(serving, "fill", lambda store, *args, **kwargs: noted.append(store.path.name))
    return noted


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def serve(folder: Path, *argv: str, **env: str) -> tuple[int, str]:
    err = io.StringIO()
    told = ("serve", "--port", str(free_port()), "--lang", "en", *argv)
    return cli.run(told, env, folder, io.StringIO(), err), err.getvalue()


def test_the_first_start_makes_the_demo_and_says_so(tmp_path: Path, fake: list[str]) -> None:
    code, err = serve(tmp_path)
    assert (code, fake) == (0, ["demo.duckdb"])
    assert err.startswith("No data yet: making the demo company first")
    assert not any(path.is_relative_to(tmp_path) for path in Store._open)


def test_a_store_with_data_needs_no_demo(tmp_path: Path, fake: list[str]) -> None:
    store = Store.at(tmp_path / "kam.duckdb")
    with store.stage() as stage, store.change(stage, LOCAL_OWNER) as change:
        change.run(
            "insert into batch (batch_id, kind, file_name, sha256, read_as, row_count) "
            "values (1, 'ledger', 'a.csv', '', '', 0)"
        )
        change.note(1, "load")
    store.close()
    assert serve(tmp_path, "--store", "kam.duckdb")[0] == 0
    assert fake == []


def test_the_largest_upload_is_that_of_the_setting(tmp_path: Path) -> None:
    serve(tmp_path, KAM_MAX_UPLOAD_MB="50")
    assert started[0].argv[started[0].argv.index("--server.maxUploadSize") + 1] == "50"


def test_a_demo_that_is_there_is_not_made_again(tmp_path: Path, fake: list[str]) -> None:
    Store.at(tmp_path / "data" / "demo.duckdb").close()
    serve(tmp_path)
    assert fake == []


def test_an_empty_store_alone_brings_the_demo(tmp_path: Path, fake: list[str]) -> None:
    Store.at(tmp_path / "data" / "kam.duckdb").close()
    serve(tmp_path)
    assert fake == ["demo.duckdb"]


def test_a_first_start_that_is_stopped_halfway_leaves_no_half_demo(
    tmp_path: Path, fake: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    noting = serving.fill

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serving, "fill", stopped)
    with pytest.raises(KeyboardInterrupt):
        serve(tmp_path)
    assert not (tmp_path / "data" / "demo.duckdb").exists()
    monkeypatch.setattr(serving, "fill", noting)
    serve(tmp_path)
    assert fake == ["demo.duckdb"]
    assert {path.name for path in (tmp_path / "data").iterdir() if "demo" in path.name} == {"demo.duckdb"}


def test_a_reader_who_may_not_load_makes_no_demo(tmp_path: Path, fake: list[str]) -> None:
    serve(tmp_path, KAM_ROLE="kam", KAM_ID="an")
    assert fake == []
    assert started[0].env["KAM_ROLE"] == "kam"


def test_the_app_answers_to_this_machine_only(tmp_path: Path) -> None:
    serve(tmp_path, "--store", "own.duckdb")
    (app,) = started
    assert app.argv[app.argv.index("--server.address") + 1] == "127.0.0.1"
    assert (app.cwd, app.env["KAM_STORE"]) == (ROOT, str(tmp_path / "own.duckdb"))


@pytest.mark.parametrize(
    ("argv", "env", "opens"),
    [
        ([], {"DISPLAY": ":0"}, True),
        (["--no-browser"], {"DISPLAY": ":0"}, False),
        ([], {"DISPLAY": ":0", "CI": "true"}, False),
        ([], {}, sys.platform != "linux"),
    ],
)
def test_a_browser_opens_where_somebody_sits(
    tmp_path: Path, fake: list[str], argv: list[str], env: dict[str, str], opens: bool
) -> None:
    serve(tmp_path, *argv, **env)
    assert any(note.startswith("http://127.0.0.1:") for note in fake) is opens


def test_control_c_is_the_usual_way_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(app: FakeApp) -> int:
        monkeypatch.setattr(FakeApp, "wait", lambda app: -signal.SIGINT)
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeApp, "wait", interrupted)
    assert serve(tmp_path)[0] == 0


def test_an_app_that_fails_is_not_said_to_have_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeApp, "wait", lambda app: 1)
    code, err = serve(tmp_path)
    assert code == 3
    assert err.endswith("The app ended by itself; the lines above say why.\n")


def test_a_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        err = io.StringIO()
        code = cli.run(["serve", "--port", port, "--lang", "en"], {}, tmp_path, io.StringIO(), err)
    assert (code, err.getvalue()) == (
        2,
        f"Port {port} is in use by another program; choose another with --port.\n",
    )


def test_without_the_apps_files_nothing_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "APP", tmp_path / "app.py")
    code, err = serve(tmp_path)
    assert (code, err) == (2, "The app's files are not here; start it from the project's folder.\n")


@pytest.mark.slow
def test_the_real_app_starts_answers_commands_and_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    Store.at(tmp_path / "data" / "demo.duckdb").close()
    port = free_port()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "KAM_STORE": "data/kam.duckdb"}
    kam: dict[str, Any] = {"cwd": tmp_path, "env": env, "text": True}
    app = subprocess.Popen([sys.executable, "-m", "kam_metrics", "serve", "--port", str(port), "--no-browser"], **kam)
    try:
        assert healthy(port, app)
        assert (tmp_path / "data" / "kam.duckdb.token").exists()
        loads = subprocess.run([sys.executable, "-m", "kam_metrics", "loads", "--json"], **kam, capture_output=True)
        assert (loads.returncode, loads.stdout) == (0, '{"loads": []}\n'), loads.stderr
    finally:
        app.send_signal(signal.SIGTERM)
        code = app.wait(30)
    assert code == 0
    assert not (tmp_path / "data" / "kam.duckdb.token").exists()


def healthy(port: int, app: subprocess.Popen[str]) -> bool:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return True
        except OSError:
            assert app.poll() is None
            time.sleep(0.1)
    return False
