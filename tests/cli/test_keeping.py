"""Months are closed and reopened from a terminal."""

from __future__ import annotations

from tests.cli.typed import ACCOUNTS, ANALYST, BOARD, Kam, Write

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


def test_answers_are_kept_under_a_name_used_listed_and_forgotten(kam: Kam, write: Write) -> None:
    write("accounts.csv", ACCOUNTS)
    kam("load", "accounts.csv")
    assert kam("profiles").out.startswith("No answers have been kept yet")
    doubtful = "account_id;posting_date;line_type;amount\nA1;2026-01-15;gross_sales;{}\n"
    write("a.csv", doubtful.format("1.234"))
    assert kam("load", "a.csv", "--decimal", ",", "--save-as", "Ledger of Exact").code == 0
    again = kam("load", write("b.csv", doubtful.format("2.500")), "--json").told["files"][0]
    assert (again["outcome"], again["total_by_currency"]) == ("accept", {"EUR": "2500.00"})
    assert "“Ledger of Exact”" in again["warnings"][0]
    newest = kam("loads", "--json").told["loads"][-1]
    assert newest["profile"] == "Ledger of Exact"
    assert newest["difference"] == {"new": 1, "changed": 0, "unchanged": 0, "disappearing": 0}
    told = kam("profiles", "--json").told["profiles"]
    assert [(one["name"], one["kind"], one["answers"]) for one in told] == [
        ("Ledger of Exact", "ledger", ["--kind ledger", "--decimal ,"]),
        ("a", "ledger", ["--kind ledger", "--decimal ,"]),
    ]
    assert "--decimal ," in kam("profiles").out
    assert kam("check", "b.csv", "--profile", "Ledger of Exact").code == 0
    for name in ("Ledger of Exact", "a"):
        assert kam("forget", name).out == f"The answers of “{name}” are no longer used.\n"
    assert kam("check", write("c.csv", doubtful.format("3.500")), "--json").told["outcome"] == "ask"
    assert kam("check", "c.csv", "--profile", "a").code == 2


def test_an_undo_is_foretold_without_being_done(filled: Kam) -> None:
    told = filled("undo", "2", "--dry-run", "--json").told
    assert (told["act"], told["refusal"], told["later"]) == ("undo", None, [])
    assert told["moved"][0] == {
        "account": "A1", "month": "2026-01", "scenario": "actual", "net_sales": "-1000.00", "result": "-1000.00"
    }  # fmt: skip
    shown = filled("undo", "2", "--dry-run").out
    assert "Figures move for 2 accounts in 2 months." in shown
    assert "Net sales −€3,500.75; result of everything booked −€2,300.75." in shown
    assert filled("loads", "--json").told["loads"][1]["live"] is True
    filled("close", "2026-01")
    ran = filled("undo", "2", "--dry-run")
    assert (ran.code, ran.out.startswith("Not possible now. Closed: 2026-01.")) == (1, True)


def test_a_customer_number_is_mapped_and_an_account_succeeded(filled: Kam, write: Write) -> None:
    write("k.csv", "customer_no;posting_date;line_type;amount\nK1;2026-03-15;gross_sales;7,00\n")
    filled("load", "k.csv")
    assert filled("map", "K1", "B1", "--from", "2026-01-01").out == "1 customer number now belongs to B1 (load 4).\n"
    told = filled("succeed", "A1", "B1", "--json").told
    assert told == {"load_id": 5, "account_id": "A1", "successor_id": "B1"}
    rows = filled("measure", "net_sales", "--by", "account_id", "--json").told["rows"]
    assert [(row["account_id"], row["net_sales"]) for row in rows] == [("B1", "3507.75")]
    assert filled("map", "K1").code == 2
    assert filled("map", "K1", "B1", "X").code == 2
    assert filled("map", "K1", "Z9").err == "There is no account Z9.\n"


def test_the_quality_of_each_source_is_told_with_what_lines_lack(filled: Kam, write: Write) -> None:
    write("k.csv", "customer_no;posting_date;line_type;amount\nK1;2026-03-15;gross_sales;7,00\n")
    filled("load", "k.csv", "--source", "sap")
    assert filled("quality", "--json").told["quality"] == [
        {"source": None, "kind": "ledger", "lines": 4, "left_out": 0, "unmapped": 0, "no_cost": 0, "no_due": 0,
         "flawless": 1.0, "warnings": 0, "unwarned_loads": 0},
        {"source": "sap", "kind": "ledger", "lines": 1, "left_out": 0, "unmapped": 1, "no_cost": 0, "no_due": 0,
         "flawless": 0.0, "warnings": 0, "unwarned_loads": 0},
    ]  # fmt: skip
    shown = filled("quality").out.splitlines()
    assert shown[0].split()[:3] == ["Source", "Kind", "Lines"]
    assert shown[3].split() == ["sap", "ledger", "1", "0.0%", "0", "1", "0", "0", "0"]


def test_a_store_without_loads_has_no_quality(kam: Kam) -> None:
    assert kam("quality", "--json").told == {"quality": []}
    assert kam("quality").out == "No line of money counts yet.\n"
