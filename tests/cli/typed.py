"""What the tests of the command line type, and two extracts small enough to add up by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
"""Types a command."""
Write = Callable[[str, str], str]
"""Writes a file of this name and text beside the store."""
