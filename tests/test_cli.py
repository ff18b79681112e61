"""The command line: the same figures as the pages, the same words in two languages, and exit codes scripts rely on."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kam_metrics import cli, handoff, words
from kam_metrics.cli import arguments
from kam_metrics.cli.commands import COMMANDS
from kam_metrics.errors import UsageError
from kam_metrics.store import Store

ACCOUNTS = "account_id;account_name;kam_id\nA1;Aalst NV;an\nB1;Breda BV;bo\n"
LEDGER = """account_id;posting_date;line_type;amount
A1;2026-01-15;gross_sales;1.000,00
A1;2026-02-15;gross_sales;2.000,50
A1;2026-02-15;cogs;-1.200,00
B1;2026-01-20;gross_sales;500,25
"""
WRONG = "account_id;posting_date;line_type;amount\nA1;2026-01-15;gross_sales;12,3,4\n"
ANALYST, BOARD = {"KAM_ROLE": "analyst"}, {"KAM_ROLE": "board"}
AN = {"KAM_ROLE": "kam", "KAM_ID": "an"}


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.out)
        return told


Kam = Callable[..., Ran]


@pytest.fixture
def kam(tmp_path: Path) -> Iterator[Kam]:
    """Types a command in a folder of its own, in English."""

    def type_(*argv: str, env: Mapping[str, str] | None = None) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        code = cli.run(argv, {"KAM_LANG": "en", **(env or {})}, tmp_path, out, err)
        return Ran(code, out.getvalue(), err.getvalue())

    yield type_
    for store in list(Store._open.values()):
        if store.path.is_relative_to(tmp_path):
            store.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, "utf-8")
        return name

    return write


@pytest.fixture
def filled(kam: Kam, write: Callable[[str, str], str]) -> Kam:
    """A store with two accounts of two KAMs, and a few postings."""
    write("accounts.csv", ACCOUNTS)
    write("ledger.csv", LEDGER)
    assert kam("load", "accounts.csv", "ledger.csv", "--date-order", "ymd").code == 0
    return kam


def test_every_command_is_declared_carried_out_and_said_in_every_language() -> None:
    assert set(arguments.SHAPES) == set(COMMANDS)
    options = {option.field for shape in arguments.SHAPES.values() for option in shape.options}
    options |= {option.field for option in arguments.EVERYWHERE}
    for lang in words.LANGUAGES:
        assert all(words.has(lang, f"command.{name}") for name in COMMANDS)
        assert {name for name in options if not words.has(lang, f"option.{name}")} == set()


@pytest.mark.parametrize(
    "argv",
    [
        ["--json", "--kind", "ledger", "load", "a.csv", "b.csv"],
        ["load", "a.csv", "b.csv", "--kind=ledger", "--json"],
        ["load", "a.csv", "--json", "b.csv", "--kind", "ledger"],
    ],
)
def test_options_stand_before_or_after_the_command(argv: list[str]) -> None:
    request = arguments.read(argv)
    assert (request.command, request.operands) == ("load", ("a.csv", "b.csv"))
    assert (request["kind"], request["json"], request["replace"]) == ("ledger", True, None)


def test_option_values_are_read_as_what_they_are() -> None:
    request = arguments.read(
        [
            *("load", "f", "--map", "Klant=nr=customer_no", "--delimiter", "tab", "--header-row", "3"),
            *("--control-total", "-12.50", "--control-total", "usd=3"),
        ]
    )
    assert request["control_total"] == (("EUR", Decimal("-12.50")), ("USD", Decimal(3)))
    assert request["map"] == (("Klant=nr", "customer_no"),)
    assert (request["delimiter"], request["header_row"]) == ("\t", 3)


@pytest.mark.parametrize(
    ("argv", "key"),
    [
        (["laod", "f"], "unknown_command"),
        (["load", "f", "--knd", "ledger"], "unknown_option"),
        (["load", "f", "--jso"], "unknown_option"),
        (["load", "f", "--kind"], "option_needs_value"),
        (["load", "f", "--json=yes"], "option_is_switch"),
        (["loads", "--port", "1"], "option_elsewhere"),
        (["load"], "operand_missing"),
        (["check", "a", "b"], "operand_extra"),
        (["loads", "x"], "operand_extra"),
        (["load", "f", "--decimal", ";"], "option_choice"),
        (["measure", "net_sales", "--scenario", "all"], "option_choice"),
        (["measure", "net_sales", "--from", "31-03-2026"], "option_day"),
        (["check", "f", "--header-row", "0"], "option_count"),
        (["demo", "--seed", "x"], "option_number"),
        (["check", "f", "--map", "Klantnr"], "option_header"),
        (["check", "f", "--control-total", "EUR=NaN"], "option_total"),
        (["check", "f", "--control-total", "about 3"], "option_total"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage_and_named(argv: list[str], key: str) -> None:
    with pytest.raises(UsageError) as caught:
        arguments.read(argv)
    assert caught.value.key == key
    for lang in words.LANGUAGES:
        assert words.explain(lang, caught.value)


def test_wrong_usage_is_one_sentence_that_names_the_nearest(kam: Kam) -> None:
    ran = kam("measur", "net_sales")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "There is no command “measur”. Did you mean measure? `kam --help` lists them all.\n"


def test_wrong_usage_for_scripts_is_an_object(kam: Kam) -> None:
    ran = kam("measure", "net_sale", "--json")
    assert ran.code == 2
    assert ran.told == {
        "error": "unknown_measure",
        "message": "There is no measure “net_sale”. Did you mean net_sales?",
    }


def test_no_command_at_all_is_wrong_usage(kam: Kam) -> None:
    assert kam().code == 2


def test_help_is_given_in_the_language_asked_for(kam: Kam) -> None:
    assert "Gebruik: kam load FILE…" in kam("load", "--help", "--lang", "nl").out
    assert "Usage: kam load FILE…" in kam("--help", "load", "--lang=en").out
    overview = kam("--help")
    assert overview.code == 0
    assert all(name in overview.out for name in COMMANDS)


def test_an_unknown_language_is_refused_in_the_usual_one(kam: Kam) -> None:
    ran = kam("loads", "--lang", "fr")
    assert (ran.code, ran.err) == (2, "--lang cannot be “fr”; choose from: nl, en.\n")


def test_a_file_is_checked_without_being_loaded(kam: Kam, write: Callable[[str, str], str]) -> None:
    ran = kam("check", write("q1.csv", LEDGER), "--json")
    assert ran.code == 0
    told = ran.told
    assert (told["outcome"], told["kind"], told["file"], told["rows"]) == ("accept", "ledger", "q1.csv", 4)
    assert told["load_id"] is None
    assert Decimal(told["total_by_currency"]["EUR"]) == Decimal("2300.75")
    assert told["difference"] == {"new": 4, "changed": 0, "unchanged": 0, "disappearing": 0}
    assert kam("loads", "--json").told == {"loads": []}


def test_files_are_loaded_each_on_its_own(kam: Kam, write: Callable[[str, str], str]) -> None:
    ran = kam("load", write("bad.csv", WRONG), write("accounts.csv", ACCOUNTS), "--json")
    assert ran.code == 1
    first, second = ran.told["files"]
    assert (first["outcome"], first["lines"], first["load_id"]) == ("reject", [2], None)
    assert (second["outcome"], second["kind"]) == ("accept", "accounts")
    assert [one["file"] for one in kam("loads", "--json").told["loads"]] == ["accounts.csv"]


def test_a_refused_file_shows_its_wrong_lines_to_a_person(kam: Kam, write: Callable[[str, str], str]) -> None:
    ran = kam("load", write("bad.csv", WRONG))
    assert ran.code == 1
    assert "12,3,4" in ran.out
    assert ran.out.startswith("bad.csv was refused")


def test_a_file_that_is_not_there_stops_the_command_before_it_begins(
    kam: Kam, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    ran = kam("load", write("accounts.csv", ACCOUNTS), "nowhere.csv")
    assert (ran.code, ran.err) == (2, "There is no file nowhere.csv.\n")
    assert not (tmp_path / "data").exists()


def test_an_option_of_reading_reaches_the_reader(kam: Kam, write: Callable[[str, str], str]) -> None:
    ambiguous = "account_id;posting_date;line_type;amount\nA1;2026-01-15;gross_sales;1.234\n"
    asked = kam("check", write("a.csv", ambiguous), "--json")
    assert (asked.code, asked.told["question"]["about"]) == (1, "decimal")
    told = kam("check", "a.csv", "--decimal", ",", "--json").told
    assert Decimal(told["total_by_currency"]["EUR"]) == 1234


def test_a_load_is_undone_and_redone(filled: Kam) -> None:
    def sales() -> str | None:
        row = filled("measure", "net_sales", "--json").told["rows"][0]
        value: str | None = row["net_sales"]
        return value

    before = sales()
    assert before == "3500.75"
    undone = filled("undo", "2", "--json")
    assert undone.told == {"load_id": 2, "revision": 3}
    assert sales() is None
    assert filled("loads", "--json").told["loads"][1]["live"] is False
    assert filled("redo", "2", "--json").told == {"load_id": 2, "revision": 4}
    assert sales() == before


@pytest.mark.parametrize(("argv", "code"), [(["undo", "9"], 1), (["redo", "1"], 1), (["undo", "last"], 2)])
def test_only_a_load_that_can_be_turned_is_turned(filled: Kam, argv: list[str], code: int) -> None:
    ran = filled(*argv)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.count("\n") == 1


def test_loads_are_listed_for_people_and_for_scripts(filled: Kam) -> None:
    first, second = filled("loads", "--json").told["loads"]
    assert (first["load_id"], first["kind"], first["rows"], first["live"]) == (1, "accounts", 2, True)
    assert (second["loaded_by"], len(second["sha256"])) == ("local", 64)
    assert "ledger.csv" in filled("loads").out
    assert "€2,300.75" in filled("loads").out


def test_figures_are_exact_for_scripts(filled: Kam) -> None:
    told = filled(
        "measure", "net_sales", "gross_margin_pct", "--by", "account_id,month", "--as-of", "2026-03-31", "--json"
    )
    assert told.told["as_of"] == "2026-03-31"
    assert (told.told["from"], told.told["to"], told.told["scenario"]) == (None, None, "actual")
    assert told.told["unit"] == {"net_sales": "EUR", "gross_margin_pct": "share"}
    rows = told.told["rows"]
    assert [(row["account_id"], row["month"], Decimal(row["net_sales"])) for row in rows] == [
        ("A1", "2026-01-01", Decimal("1000")),
        ("A1", "2026-02-01", Decimal("2000.50")),
        ("B1", "2026-01-01", Decimal("500.25")),
    ]
    assert all(isinstance(row["why"], dict) for row in rows)


def test_figures_are_rounded_and_written_in_the_language_for_people(filled: Kam) -> None:
    shown = filled("measure", "net_sales", "--by", "account_id", "--as-of", "2026-03-31", "--lang", "nl").out
    assert shown.startswith("Peildatum 31 mrt 2026\n")
    assert "3.000,50" in shown
    assert "500,25" in shown


def test_bounds_are_inclusive(filled: Kam) -> None:
    told = filled(
        "measure", "net_sales", "--from", "2026-01-15", "--to", "2026-01-31", "--as-of", "2026-03-31", "--json"
    ).told
    assert (told["from"], told["to"]) == ("2026-01-15", "2026-01-31")
    assert Decimal(told["rows"][0]["net_sales"]) == Decimal("1500.25")


def test_a_period_that_ends_before_it_begins_is_wrong_usage(filled: Kam) -> None:
    assert filled("measure", "net_sales", "--from", "2026-02-01", "--to", "2026-01-01").code == 2


def test_an_empty_store_answers_one_row_that_says_why(kam: Kam) -> None:
    (row,) = kam("measure", "net_sales", "--json").told["rows"]
    assert row["net_sales"] is None
    assert row["why"]["net_sales"]
    shown = kam("measure", "net_sales").out
    assert "–" in shown
    assert "Why a figure is missing" in shown


def test_an_unknown_kam_gives_no_rows_never_all(filled: Kam) -> None:
    assert filled("measure", "net_sales", "--by", "account_id", "--kam", "nobody", "--json").told["rows"] == []
    assert "No rows." in filled("measure", "net_sales", "--by", "account_id", "--kam", "nobody").out


def test_every_measure_is_listed_with_what_it_is(kam: Kam, tmp_path: Path) -> None:
    told = kam("measures", "--json").told["measures"]
    sales = next(one for one in told if one["key"] == "net_sales")
    assert set(sales) == {"key", "unit", "formula", "source", "dimensions"}
    assert "account_id" in sales["dimensions"]
    assert "net_sales" in kam("measures").out
    assert not (tmp_path / "data").exists()


def test_a_store_that_adds_up_says_so(filled: Kam) -> None:
    ran = filled("reconcile", "--json")
    assert (ran.code, ran.told["ok"]) == (0, True)
    assert set(ran.told["checks"][0]) == {"name", "ok", "detail"}
    assert "no difference" in filled("reconcile").out


NARROWED = [AN, BOARD, {"KAM_ROLE": "director"}, {"KAM_ID": "an"}]


@pytest.mark.parametrize("env", NARROWED)
@pytest.mark.parametrize(
    "typed", ["loads", "undo 1", "redo 1", "reconcile", "check ledger.csv", "load ledger.csv", "demo"]
)
def test_only_an_analyst_sees_or_changes_what_was_loaded(filled: Kam, env: dict[str, str], typed: str) -> None:
    ran = filled(*typed.split(), env=env)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Your role may not do this: only an analyst changes or checks the data.\n"


def test_an_analyst_loads_under_their_own_name(kam: Kam, write: Callable[[str, str], str]) -> None:
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


def test_a_file_that_is_no_store_is_said_to_be_none(kam: Kam, write: Callable[[str, str], str]) -> None:
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
    kam: Kam, other_process: Callable[[str], None], write: Callable[[str, str], str], tmp_path: Path
) -> None:
    other_process(SERVE.format(store=str(tmp_path / "data" / "kam.duckdb")))
    write("accounts.csv", ACCOUNTS)
    write("ledger.csv", LEDGER)
    assert kam("load", "accounts.csv", "ledger.csv", "--date-order", "ymd").code == 0
    told = kam("measure", "net_sales", "--by", "account_id", "--as-of", "2026-03-31", "--json", env=AN).told
    assert [row["account_id"] for row in told["rows"]] == ["A1"]
    assert (kam("loads", env=AN).code, kam("undo", "9").code) == (1, 1)
    assert kam("loads", "--lang", "nl").out.startswith("Lading")
    assert not Store._open


def test_the_app_carries_out_a_command_as_if_typed_there(tmp_path: Path) -> None:
    reply = cli.answer(handoff.Command(("measures", "--json"), {}, str(tmp_path)))
    assert (reply.exit_code, reply.stderr) == (0, "")
    assert json.loads(reply.stdout)["measures"]


def test_the_demo_never_joins_somebodys_figures(filled: Kam) -> None:
    ran = filled("demo", "--store", "data/kam.duckdb", "--json")
    assert (ran.code, ran.told["error"]) == (1, "demo_mix")
