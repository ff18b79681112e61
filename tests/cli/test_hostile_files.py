"""Hostile files through the command line: every answer is one JSON object, and the others of a set are still tried."""

from __future__ import annotations

import pytest

from tests.cli.typed import LEDGER, WRONG, Kam, Write

ONE_MORE = LEDGER + "B1;2026-02-20;gross_sales;1,00\n"


def test_of_several_files_each_is_tried_in_order(kam: Kam, write: Write) -> None:
    names = [write("a.csv", LEDGER), write("b.csv", WRONG), write("c.csv", ONE_MORE)]
    ran = kam("load", *names, "--json")
    assert ran.code == 1
    told = ran.told["files"]
    assert [(one["file"], one["outcome"]) for one in told] == [
        ("a.csv", "accept"),
        ("b.csv", "reject"),
        ("c.csv", "accept"),
    ]
    assert told[2]["difference"] == {"new": 1, "changed": 0, "unchanged": 4, "disappearing": 0}


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", "reject"),
        ("<html><table>", "reject"),
        ("A1;2026-01-01;omzet;1,00\n" + LEDGER, "reject"),
        (LEDGER.replace("1.000,00", "1,23E+12"), "reject"),
        (LEDGER + 'B1;"2026', "reject"),
        (LEDGER + "Total Energies;2026-02-30;gross_sales;2.300,75\n", "reject"),
        (LEDGER.replace("2026-01-15", "15-01-26"), "ask"),
        ("a;b\n1;2\n", "ask"),
    ],
)
def test_a_hostile_file_gets_one_answer_without_insides(kam: Kam, write: Write, text: str, outcome: str) -> None:
    ran = kam("check", write("x.csv", text), "--json")
    assert (ran.code, ran.told["outcome"], ran.err) == (1, outcome, "")
    for inside in ("Traceback", "select ", "/tmp", "staged_"):  # noqa: S108 what must not be told
        assert inside not in ran.out
    assert ran.told["message"]
