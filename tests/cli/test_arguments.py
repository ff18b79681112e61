"""What is typed is read as it is meant, or refused in one sentence of the reader's language."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics import cli, words
from kam_metrics.cli import arguments
from kam_metrics.cli.commands import COMMANDS
from kam_metrics.errors import UsageError
from tests.cli.typed import Kam


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


def test_the_terminal_gets_utf_8_and_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["kam", "--lang", "en", "measur"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "“measur”" in capsys.readouterr().err


def test_control_c_ends_a_command_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run", interrupted)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    typed = f"set -o pipefail; {sys.executable} -m kam_metrics measures --json | head -c 1"
    done = subprocess.run(["bash", "-c", typed], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "{", "")
