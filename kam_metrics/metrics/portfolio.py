"""The join nobody else makes: profit, cash, plan and alignment of every key account on one as-of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kam_metrics.metrics.alignment_rows import element_rows
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.beside import compares
from kam_metrics.metrics.measures import measure
from kam_metrics.metrics.plan_rows import plan_overview
from kam_metrics.metrics.profit import profit
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

MONTHS_SHOWN = 12


def key_accounts(world: World, seen: Slice) -> list[Row]:
    """The key accounts this reader may see; every account as long as none was named key."""
    return world.rows(read_sql(__file__, "key_accounts"), seen.params())


def account_rows(world: World, seen: Slice, now: Slice, then: Slice) -> list[Row]:
    """One row per key account, the largest contribution first; `now` and `then` are what is compared."""
    own = by_account(world, seen, "contribution", "net_sales", "overdue", "overdue_pct")
    compared = own if now == seen else by_account(world, now, "contribution")
    other = by_account(world, then, "contribution") if compares(world, then, "contribution") else {}
    return matrix_rows(world, seen, own, compared, other)


OfAccounts = Mapping[str | None, Mapping[str, Any]]


def matrix_rows(world: World, seen: Slice, own: OfAccounts, now: OfAccounts, then: OfAccounts) -> list[Row]:
    """The same rows, of figures by account that are known already."""
    plans = {row["account_id"]: row for row in plan_overview(world, seen)}
    elements = _elements(world, seen)
    accounts = key_accounts(world, seen)
    months = _months(world, seen, [account["account_id"] for account in accounts])
    rows = []
    for account in accounts:
        account_id = account["account_id"]
        row: Row = {
            **account,
            **{
                key: own.get(account_id, {}).get(key) for key in ("contribution", "net_sales", "overdue", "overdue_pct")
            },
            "compared": now.get(account_id, {}).get("contribution"),
            "reference": then.get(account_id, {}).get("contribution"),
            "months": [months.get((account_id, month)) for month in _last_months(seen.as_of)],
            "plan": plans.get(account_id),
            "elements": elements.get(account_id, {}),
        }
        rows.append(row)
    rows.sort(key=lambda row: (row["contribution"] is None, -(row["contribution"] or 0), row["account_name"]))
    return rows


def by_account(world: World, seen: Slice, *keys: str) -> dict[str | None, Row]:
    """Figures by account number; under None the money that belongs to nobody."""
    return {row["account_id"]: row for row in measure(world, seen, *keys, by=["account_id"]).rows}


def _months(world: World, seen: Slice, accounts: Sequence[str]) -> dict[tuple[str | None, date], Any]:
    year = replace(seen, from_date=_last_months(seen.as_of)[0], to_date=None)
    rows = profit(world, year, ["contribution"], ["account_id", "month"], accounts)
    return {(row["account_id"], row["month"]): row["contribution"] for row in rows}


def _last_months(day: date) -> Sequence[date]:
    """The first days of the last twelve months, oldest first."""
    numbers = range(day.year * 12 + day.month - MONTHS_SHOWN, day.year * 12 + day.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _elements(world: World, seen: Slice) -> dict[str | None, dict[str, Row]]:
    found: dict[str | None, dict[str, Row]] = {}
    for row in element_rows(world, seen, ("account_id",)):
        found.setdefault(row["account_id"], {})[row["element"]] = row
    return found
