"""Keep the rollups true inside the transaction that changed something, touching no more than it must."""

from __future__ import annotations

from datetime import date

from kam_metrics.errors import SuccessionCircle
from kam_metrics.store import Change, read_sql

BOOKED = ("ledger", "sales_lines", "budget")
"""Kinds whose rows are postings."""
_OF_ACCOUNTS = ("accounts", "customer_map", "successions")
_VALUING = (*_OF_ACCOUNTS, "fx_rates", "cost_rates", "cost_drivers")
_OF_PRODUCTS = (*_OF_ACCOUNTS, "fx_rates", "sales_lines")
_OWED = ("receivables", *_OF_ACCOUNTS)
_TYING_UP = (*_OWED, "account_balances", "fx_rates")
_REBUILT = {
    "account_heir": ("successions",),
    "account": ("accounts", "successions"),
    "customer_account": (*BOOKED, *_OWED),
    "receivable_span": _OWED,
}
"""Rollups that are made anew as a whole, each after those it rests on, and the kinds that change them."""


def append_booking(change: Change, kind: str, batch_id: int) -> None:
    """Sum the postings of a new batch once, so that no page ever reads them again."""
    change.run(_sql("append_booking"), {"kind": kind, "batch_id": batch_id, "customers": None})
    if kind == "sales_lines":
        change.run(_sql("append_product_booking"), {"batch_id": batch_id, "customers": None})
        change.run(_sql("append_credited_invoice"), {"batch_id": batch_id})


def renew(change: Change, kind: str, batch_id: int) -> None:
    """Renew what a load, undo or redo of this batch touched."""
    if kind == "successions":
        _refuse_circle(change)
    if kind == "customer_map":
        _rebook_moved(change)
    for table, kinds in _REBUILT.items():
        if kind in kinds:
            _rebuild(change, table)
    if kind in (*_VALUING, *BOOKED):
        months = _months_of(change, batch_id) if kind in BOOKED else None
        _renew_months(change, months)
        if kind in _OF_PRODUCTS:
            _renew_of_months(change, "product_month", months)
    if kind in (*BOOKED, *_TYING_UP):
        _renew_capital(change)


def _refuse_circle(change: Change) -> None:
    """Accounts that follow each other in a circle would have figures that belong to nobody."""
    circle = change.run(
        "select path from succession_chain where list_contains(path, heir_id) order by len(path) limit 1"
    )
    if circle:
        raise SuccessionCircle(accounts=" → ".join(circle[0][0]))


def _rebuild(change: Change, table: str) -> None:
    change.run(f"delete from {table}")
    change.run(_sql(f"renew_{table}"))


def _renew_months(change: Change, months: list[date] | None) -> None:
    _renew_of_months(change, "sales_cover", months)
    change.run(
        "delete from account_month where origin <> 'capital' and ($months is null or list_contains($months, month))",
        {"months": months},
    )
    change.run(_sql("renew_account_month"), {"months": months})
    _renew_profit(change, months, is_capital=False)


def _renew_capital(change: Change) -> None:
    change.run("delete from account_month where origin = 'capital'")
    change.run(_sql("renew_capital"))
    _renew_profit(change, None, is_capital=True)


def _renew_profit(change: Change, months: list[date] | None, *, is_capital: bool) -> None:
    touched = {"months": months, "is_capital": is_capital}
    change.run(
        "delete from profit_month where (origin = 'capital') = $is_capital "
        "and ($months is null or list_contains($months, month))",
        touched,
    )
    change.run(_sql("renew_profit_month"), touched)


def _renew_of_months(change: Change, table: str, months: list[date] | None) -> None:
    change.run(f"delete from {table} where $months is null or list_contains($months, month)", {"months": months})
    change.run(_sql(f"renew_{table}"), {"months": months})


def _months_of(change: Change, batch_id: int) -> list[date]:
    """The months in which this batch booked, and those of credit notes that name an invoice it brought or replaced."""
    return [row[0] for row in change.run(_sql("months_of_batch"), {"batch_id": batch_id})]


def _rebook_moved(change: Change) -> None:
    """A customer who changes account inside a month is booked by day, and by month again when no longer so."""
    moved = [
        row[0]
        for row in change.run(
            "select customer_no from customer_link where day(valid_from) <> 1 "
            "union select customer_no from booking where currency = 'EUR' and day(booked_on) <> 1"
        )
    ]
    everything: dict[str, object] = {"kind": None, "batch_id": None, "customers": moved}
    for table in ("booking", "product_booking") if moved else ():
        change.run(f"delete from {table} where list_contains($customers, customer_no)", everything)
        change.run(_sql(f"append_{table}"), everything)


def _sql(name: str) -> str:
    return read_sql(__file__, f"sql/{name}")
