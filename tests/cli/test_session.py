"""Every command obeys KAM_ROLE and KAM_ID, opens the store it is told to, and leaves the app's store to the app."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kam_metrics import cli, handoff
from kam_metrics.store import Store
from tests.cli.typed import ACCOUNTS, AN, ANALYST, BOARD, LEDGER, Kam, Write

NARROWED = [AN, BOARD, {"KAM_ROLE": "director"}, {"KAM_ID": "an"}]


@pytest.mark.parametrize("env", NARROWED)
@pytest.mark.parametrize(
    "typed", ["loads", "undo 1", "redo 1", "reconcile", "check ledger.csv", "load ledger.csv", "watch .", "demo"]
)
def test_only_an_analyst_sees_or_changes_what_was_loaded(filled: Kam, env: dict[str, str], typed: str) -> None:
    ran = filled(*typed.split(), env=env)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Your role may not do this: only an analyst changes or checks the data.\n"


def test_an_analyst_loads_under_their_own_name(kam: Kam, write: Write) -> None:
    assert kam("load", write("accounts.csv", ACCOUNTS), env={**ANALYST, "KAM_ID": "ans"}).code == 0
    assert kam("loads", "--json").told["loads"][0]["loaded_by"] == "ans"


@pytest.mark.parametrize("env", [AN, {"KAM_ID": "an"}])
def test_a_kam_sees_their_own_accounts_and_nothing_of_another(filled: Kam, env: dict[str, str]) -> None:
    ran = filled("measure", "net_sales", "--by", "account_id", "--as-of", "2026-03-31", "--json", env=env)
    assert [row["account_id"] for row in ran.told["rows"]] == ["A1"]
    other = filled("measure", "net_sales", "--account", "B1", "--as-of", "2026-03-31", "--json", env=env)
    assert [row["net_sales"] for row in other.told["rows"]] in ([], [None], ["0.00"])


def test_a_kam_without_a_name_sees_nothing(filled: Kam) -> None:
    ran = filled("measure", "net_sales", "--by", "account_id", "--json", env={"KAM_ROLE": "kam"})
    assert ran.told["rows"] == []


@pytest.mark.parametrize("role", ["", "boss", "KAM;board"])
def test_an_unknown_role_is_wrong_usage_never_every_role(filled: Kam, role: str) -> None:
    ran = filled("measure", "net_sales", "--json", env={"KAM_ROLE": role})
    assert (ran.code, ran.told["error"]) == (2, "unknown_role")


def test_the_board_measures_every_account(filled: Kam) -> None:
    ran = filled("measure", "net_sales", "--by", "account_id", "--as-of", "2026-03-31", "--json", env=BOARD)
    assert [row["account_id"] for row in ran.told["rows"]] == ["A1", "B1"]


def test_a_file_that_is_no_store_is_said_to_be_none(kam: Kam, write: Write) -> None:
    ran = kam("loads", "--store", write("notes.txt", "not a database at all"), "--json")
    assert (ran.code, ran.told["error"]) == (3, "store_foreign")


def test_the_store_is_the_one_asked_for_then_the_one_of_the_environment(kam: Kam, tmp_path: Path) -> None:
    kam("loads", "--store", "a.duckdb", env={"KAM_STORE": "b.duckdb"})
    kam("loads", env={"KAM_STORE": "b.duckdb"})
    kam("loads")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.duckdb")) == [
        "a.duckdb",
        "b.duckdb",
        "data/kam.duckdb",
    ]


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Starts another Python that does something in the folder, says so, and holds on until the test is over."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", f"{code}\nprint('ready', flush=True)\nimport sys\nsys.stdin.read()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    yield start
    for process in started:
        process.communicate(timeout=20)


HOLD = "from kam_metrics.store import Store; Store.at({store!r})"
SERVE = """
import socket, threading, uvicorn
from pathlib import Path
from starlette.applications import Starlette
from kam_metrics import cli, handoff
from kam_metrics.store import Store
store = Path({store!r})
Store.at(store)
listener = socket.create_server(("127.0.0.1", 0))
app = Starlette(routes=[handoff.route(cli.answer)])
server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", ws="none"))
threading.Thread(target=server.run, kwargs=dict(sockets=[listener]), daemon=True).start()
held = handoff.announced(store, listener.getsockname()[1])
held.__enter__()
"""


def test_a_store_that_another_program_holds_is_busy(
    kam: Kam, other_process: Callable[[str], None], tmp_path: Path
) -> None:
    other_process(HOLD.format(store=str(tmp_path / "kam.duckdb")))
    ran = kam("loads", "--store", "kam.duckdb", "--json")
    assert (ran.code, ran.told["error"]) == (3, "store_busy")


def test_while_the_app_runs_it_carries_the_command_out(
    kam: Kam, other_process: Callable[[str], None], write: Write, tmp_path: Path
) -> None:
    other_process(SERVE.format(store=str(tmp_path / "data" / "kam.duckdb")))
    write("accounts.csv", ACCOUNTS)
    write("ledger.csv", LEDGER)
    assert kam("load", "accounts.csv", "ledger.csv", "--date-order", "ymd").code == 0
    told = kam("measure", "net_sales", "--by", "account_id", "--as-of", "2026-03-31", "--json", env=AN).told
    assert [row["account_id"] for row in told["rows"]] == ["A1"]
    assert (kam("loads", env=AN).code, kam("undo", "9").code) == (1, 1)
    assert kam("loads", "--lang", "nl").out.startswith("Lading")
    (tmp_path / "inbox").mkdir()
    write("inbox/accounts.csv", ACCOUNTS)
    assert kam("watch", "inbox", "--settle", "0", "--json").told["files"][0]["moved_to"] == "loaded/accounts.csv"
    assert not any(path.is_relative_to(tmp_path) for path in Store._open)


def test_the_app_carries_out_a_command_as_if_typed_there(tmp_path: Path) -> None:
    reply = cli.answer(handoff.Command(("measures", "--json"), {}, str(tmp_path)))
    assert (reply.exit_code, reply.stderr) == (0, "")
    assert json.loads(reply.stdout)["measures"]
