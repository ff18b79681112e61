"""An audit file is compared from a terminal: asked what is not known, remembered what was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit_files import Booked, invoice, xaf
from tests.cli.typed import Kam

SAME = (
    invoice("2026-01-15", "A1", "1000.00"),
    invoice("2026-01-20", "B1", "500.25"),
    invoice("2026-02-15", "A1", "2000.50"),
)


def test_books_that_agree_say_so(filled: Kam, tmp_path: Path) -> None:
    path = xaf(tmp_path, SAME)
    ran = filled("reconcile", "--xaf", path.name, "--receivables", "1300-1399", "--json")
    told = ran.told
    assert {one["name"]: one["ok"] for one in told["checks"]} == {
        "audit_control": True,
        "audit_revenue": True,
        "audit_receivables": True,
        "audit_not_known": True,
    }
    assert (ran.code, told["ok"], told["audit"]["revenue"]) == (0, True, "8000")
    assert told["audit"]["rows"][0] == {
        "what": "revenue", "account_id": None, "month": "2026-01-01", "file": "1500.25", "store": "1500.25",
        "difference": "0.00", "state": "equal",
    }  # fmt: skip


def test_a_difference_is_named_and_the_exit_code_says_so(filled: Kam, tmp_path: Path) -> None:
    path = xaf(tmp_path, [*SAME[:2], invoice("2026-02-15", "A1", "1990.00")], codes=False)
    ran = filled("reconcile", "--xaf", str(path), "--revenue", "8000-8999")
    assert ran.code == 1
    assert "XAF 3.2 of Voorbeeld & Zonen, 1 Jan 2026 to 31 Dec 2026" in ran.out
    assert "A1 2026-02: 1990.00 / 2000.50 (-10.50) EUR" in ran.out
    assert "Receivables are not compared" in ran.out
    assert "the age of the items cannot be compared" in ran.out


def test_which_accounts_are_revenue_is_asked_once_and_remembered(filled: Kam, tmp_path: Path) -> None:
    name = xaf(tmp_path, SAME, "4.0", codes=False).name
    asked = filled("reconcile", "--xaf", name, "--json")
    assert (asked.code, asked.told) == (
        1,
        {
            "ok": False,
            "checks": [],
            "question": {"about": "revenue", "options": ["8000-8999"], "evidence": ["8000 Omzet"]},
        },
    )
    assert filled("reconcile", "--xaf", name).out.endswith("  8000 Omzet\nAnswer with: --revenue 8000-8999\n")
    assert filled("reconcile", "--xaf", name, "--revenue", "8000-8999").code == 0
    assert filled("reconcile", "--xaf", name).code == 0


def test_no_range_is_offered_that_the_file_does_not_use(filled: Kam, tmp_path: Path) -> None:
    odd = Booked("2026-01-15", [("1300", "5.00", "A1"), ("OMZ", "-5.00", "")])
    ran = filled("reconcile", "--xaf", xaf(tmp_path, [odd], codes=False).name, "--json")
    assert ran.told["question"] == {"about": "revenue", "options": [], "evidence": ["OMZ"]}


def test_due_dates_and_receivables_that_are_there_are_not_called_missing(filled: Kam, tmp_path: Path) -> None:
    ran = filled("reconcile", "--xaf", xaf(tmp_path, SAME, due=True).name)
    assert "Receivables are on ledger account 1300." in ran.out
    assert "cannot be compared:" not in ran.out


@pytest.mark.parametrize(
    ("name", "numbers", "code", "said"),
    [
        ("nowhere.xaf", "8000", 2, "no_such_file"),
        ("ledger.csv", "8000", 1, "auditfile_none"),
        ("3.2.xaf", "8-", 2, "bad_ledger_numbers"),
    ],
)
def test_what_cannot_be_compared_is_refused_plainly(
    filled: Kam, tmp_path: Path, name: str, numbers: str, code: int, said: str
) -> None:
    xaf(tmp_path, SAME)
    ran = filled("reconcile", "--xaf", name, "--revenue", numbers, "--json")
    assert (ran.code, ran.told["error"]) == (code, said)
