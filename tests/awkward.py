"""Companies whose books lack something or run the wrong way; beside the awkward account stands an ordinary one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.pages_world import load

Fact = Mapping[str, object]
AALST = {"account_id": "A1", "account_name": "Aalst", "segment": "key", "kam_id": "an", "kam_name": "An Peeters"}
BREDA = {"account_id": "B1", "account_name": "Breda", "segment": "key", "kam_id": "an", "kam_name": "An Peeters"}
"""The awkward one, where one of them is."""


def _line(account: str, number: str, day: str, net: str, **more: object) -> Fact:
    return {"account_id": account, "invoice_no": number, "line_no": 1, "invoice_date": day, "net_amount": net, **more}


def _open(number: str, day: str, amount: str, **more: object) -> Fact:
    return {
        "doc_no": number, "doc_type": "INV", "invoice_date": day, "due_date": f"{day[:8]}28", "amount": amount,
        "open_amount": amount, "snapshot_date": "2026-03-31", **more,
    }  # fmt: skip


def _freight(account: str, amount: str, day: str = "2026-02-15") -> Fact:
    return {"account_id": account, "posting_date": day, "line_type": "freight", "amount": amount}


def _aalst(**more: object) -> list[Fact]:
    """An ordinary account: 1,000 sold at a cost of 600, and the year before 800 at 500."""
    return [
        _line("A1", "F1", "2025-02-10", "800.00", cogs_amount="500.00", doc_type="INV", **more),
        _line("A1", "F2", "2026-02-10", "1000.00", cogs_amount="600.00", doc_type="INV", **more),
    ]


def without_sales(store: Path) -> None:
    """Breda is a key account that never bought anything."""
    load(store, "accounts", AALST, BREDA)
    load(store, "sales_lines", *_aalst())
    load(store, "ledger", _freight("A1", "-50.00"))
    load(store, "receivables", _open("F2", "2026-02-10", "1210.00", account_id="A1"))


def negative_totals(store: Path) -> None:
    """Breda sent more back than it bought, and that costs more than all others earn."""
    load(store, "accounts", AALST, BREDA)
    load(
        store, "sales_lines", *_aalst(),
        _line("B1", "F3", "2025-02-11", "900.00", cogs_amount="300.00", doc_type="INV"),
        _line("B1", "F4", "2026-02-11", "200.00", cogs_amount="100.00", doc_type="INV"),
        _line("B1", "C1", "2026-03-11", "-5000.00", cogs_amount="-2000.00", doc_type="CRN"),
    )  # fmt: skip
    load(store, "ledger", _freight("A1", "-50.00"), _freight("B1", "-60.00"))
    load(store, "receivables", _open("F2", "2026-02-10", "1210.00", account_id="A1"),
         _open("C1", "2026-03-11", "-6050.00", account_id="B1", doc_type="CRN"))  # fmt: skip


def credit_notes_only(store: Path) -> None:
    """In March nobody was invoiced anything; credit notes of unknown invoices came back."""
    load(store, "accounts", AALST, BREDA)
    load(
        store, "sales_lines", *_aalst(),
        _line("A1", "F0", "2025-03-10", "700.00", cogs_amount="400.00", doc_type="INV"),
        _line("A1", "C1", "2026-03-11", "-120.00", cogs_amount="-70.00", doc_type="CRN"),
    )  # fmt: skip
    load(store, "ledger", _freight("A1", "-50.00"))
    load(store, "receivables", _open("F2", "2026-02-10", "1210.00", account_id="A1"),
         _open("C1", "2026-03-11", "-145.20", account_id="A1", doc_type="CRN"))  # fmt: skip


def without_receivables(store: Path) -> None:
    """Everything is known but who pays when."""
    load(store, "accounts", AALST, BREDA)
    load(store, "sales_lines", *_aalst())
    load(store, "ledger", _freight("A1", "-50.00"))


def without_a_rate(store: Path) -> None:
    """Breda is invoiced in dollars too, and nobody says what a dollar is."""
    load(store, "accounts", AALST, BREDA)
    load(
        store, "sales_lines", *_aalst(currency="EUR"),
        _line("B1", "F3", "2026-02-11", "300.00", cogs_amount="100.00", doc_type="INV", currency="EUR"),
        _line("B1", "F4", "2026-02-12", "250.00", cogs_amount="100.00", doc_type="INV", currency="USD"),
    )  # fmt: skip
    load(store, "ledger", _freight("A1", "-50.00"))
    load(store, "receivables", _open("F2", "2026-02-10", "1210.00", account_id="A1", currency="EUR"),
         _open("F4", "2026-02-12", "250.00", account_id="B1", currency="USD"))  # fmt: skip


def two_payers(store: Path) -> None:
    """Breda buys on one number; two others pay for it, and nobody was told whose the second of them is."""
    load(store, "accounts", AALST, BREDA)
    load(store, "customer_map", {"customer_no": "100", "account_id": "B1"}, {"customer_no": "200", "account_id": "B1"})
    load(
        store, "sales_lines", *({**line, "customer_no": ""} for line in _aalst()),
        _line("", "F3", "2026-02-11", "1000.00", cogs_amount="400.00", doc_type="INV", customer_no="100"),
    )  # fmt: skip
    load(store, "ledger", _freight("A1", "-50.00"))
    load(store, "receivables", _open("F3", "2026-02-11", "726.00", account_id="", customer_no="200"),
         _open("F3b", "2026-02-11", "484.00", account_id="", customer_no="300"))  # fmt: skip


WORLDS: Mapping[str, Callable[[Path], None]] = {
    world.__name__: world
    for world in (without_sales, negative_totals, credit_notes_only, without_receivables, without_a_rate, two_payers)
}
