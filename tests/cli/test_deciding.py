"""Decisions are listed, assigned and marked done from a terminal."""

from __future__ import annotations

import pytest

from tests.cli.typed import AN, ANALYST, BOARD, Kam, Write

LOSING = """account_id;posting_date;line_type;amount
A1;2026-03-15;gross_sales;1.000,00
A1;2026-03-15;cogs;-9.000,00
A1;2026-03-15;service;-100,00
B1;2026-03-15;gross_sales;1.000,00
B1;2026-03-15;cogs;-2.500,00
"""
SEEN = ("--as-of", "2026-04-20")


@pytest.fixture
def losing(filled: Kam, write: Write) -> Kam:
    """Both accounts cost money."""
    assert filled("load", write("losing.csv", LOSING), "--date-order", "ymd").code == 0
    return filled


def test_decisions_are_listed_with_their_money_and_their_owner(losing: Kam) -> None:
    first, second = losing("decisions", *SEEN, "--json").told["decisions"]
    assert (first["decision_id"], first["money"], first["since"]) == ("loss:A1", "6299.50", "2026-03-31")
    assert (first["told"][:11], first["owner_shown"], first["owner"]) == ("Costs money", "Sales director", None)
    assert second["decision_id"] == "loss:B1"
    shown = losing("decisions", *SEEN).out
    assert "€6,299.50" in shown
    assert "20 d" in shown
    assert losing("decisions", "--as-of", "2026-01-31").out == "Nothing asks for a decision.\n"


def test_a_decision_is_dealt_with_and_opened_again(losing: Kam) -> None:
    given = ("--assign", "Els Smit", "--due", "2026-06-01", "--note", "Prijs omhoog")
    told = losing("decide", "loss:A1", *given, *SEEN, "--json", env=BOARD).told
    assert told["owner"] == "Els Smit"
    assert told["revision"] > 0
    row = losing("decisions", *SEEN, "--account", "A1", "--json").told["decisions"][0]
    assert (row["owner"], row["due"], row["note"]) == ("Els Smit", "2026-06-01", "Prijs omhoog")
    assert losing("decide", "loss:A1", "--done", "--who", "Els Smit", *SEEN).out.startswith(
        "Decision loss:A1 is updated"
    )
    assert "loss:A1" not in losing("decisions", *SEEN).out
    assert "done" in losing("decisions", *SEEN, "--all").out
    assert losing("decide", "loss:A1", "--reopen", *SEEN).code == 0
    row = losing("decisions", *SEEN, "--account", "A1", "--json").told["decisions"][0]
    assert (row["is_done"], row["owner"]) == (False, "Els Smit")
    assert losing("reconcile", "--json").told["ok"] is True


def test_what_may_not_or_cannot_be_decided_is_refused(losing: Kam) -> None:
    assert losing("decide", "loss:A1", "--done", *SEEN, env=ANALYST).code == 1
    refused = losing("decide", "loss:B1", "--done", *SEEN, env=AN)
    assert (refused.code, refused.err) == (1, "There is no decision loss:B1, or it is not yours.\n")
    assert "loss:B1" not in losing("decisions", *SEEN, env=AN).out
    assert losing("decide", "loss:A1", "--done", "--reopen", *SEEN).code == 2
    assert losing("decide", "loss:A1", *SEEN).err == "That changes nothing about decision loss:A1.\n"
    assert losing("decide", "--done").code == 2
