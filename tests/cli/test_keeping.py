"""Months are closed and reopened from a terminal."""

from __future__ import annotations

from tests.cli.typed import ANALYST, BOARD, Kam, Write

LATE = "account_id;posting_date;line_type;amount\nA1;2026-01-16;gross_sales;7,00\n"


def test_a_closed_month_refuses_a_file_until_it_is_reopened(filled: Kam, write: Write) -> None:
    assert filled("close", "2026-01", "--json").told == {"month": "2026-01", "revision": 3}
    ran = filled("load", write("late.csv", LATE), "--json")
    assert ran.code == 1
    assert [one["rule"] for one in ran.told["files"][0]["problems"]] == ["closed_month"]
    assert filled("undo", "2").err.startswith("Closed: 2026-01. Nothing dated there changes")
    assert filled("reopen", "2026-01", "--who", "Mieke Mulder").out.startswith("2026-01 is open again")
    assert filled("load", "late.csv").code == 0


def test_who_closed_and_reopened_is_listed(filled: Kam) -> None:
    assert filled("closings").out == "No month was ever closed.\n"
    filled("close", "2026-01")
    filled("reopen", "2026-01", "--who", "Mieke Mulder")
    first, second = filled("closings", "--json").told["closings"]
    assert (first["month"], first["act"], first["name"], first["who"]) == ("2026-01", "close", "local", "local")
    assert (second["act"], second["name"]) == ("reopen", "Mieke Mulder")
    assert "Mieke Mulder" in filled("closings").out


def test_a_month_must_be_a_month_and_reopening_needs_a_name(filled: Kam) -> None:
    assert filled("close", "maart").err == "“maart” is no month like 2026-03.\n"
    filled("close", "2026-01", env=ANALYST)
    assert filled("reopen", "2026-01").err == "Fill in the name of who does this.\n"
    assert filled("reopen", "2026-01", "--who", "X", env=BOARD).code == 1
