"""Whose figures are whose: customer numbers mapped to accounts, and accounts that follow each other up.

Both are loads like any other: journalled, undone and redone; the ledger is never touched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kam_metrics.errors import KamError
from kam_metrics.extracts.difference import compare, stage_incoming
from kam_metrics.extracts.earlier import Reading
from kam_metrics.extracts.history import may_load
from kam_metrics.extracts.judgement import Judgement
from kam_metrics.extracts.kinds import CUSTOMER_MAP, SUCCESSIONS, Kind
from kam_metrics.extracts.load import book
from kam_metrics.store import Change, Store
from kam_metrics.terms import Principal


@dataclass(frozen=True, order=True)
class Customer:
    """A customer number, where it is one's: two systems or companies may give the same number to different ones."""

    number: str
    source: str | None = None
    company: str | None = None


def map_customers(
    store: Store, customers: Sequence[Customer], account_id: str, by: Principal, *, valid_from: date | None = None
) -> int:
    """Map customers to one account, all at once; the number of the load that holds them."""
    if not customers:
        raise KamError("nothing_to_map")
    rows = [
        {
            "customer_no": customer.number,
            "account_id": account_id,
            "source_system": customer.source,
            "company_code": customer.company,
            "valid_from": valid_from,
        }
        for customer in dict.fromkeys(customers)
    ]
    return _booked(store, CUSTOMER_MAP, rows, account_id, by)


def succeed(store: Store, account_id: str, successor_id: str, by: Principal, *, since: date | None = None) -> int:
    """Give an account's figures to another: all of them, or from a month on; the number of the load that says so."""
    if account_id == successor_id:
        raise KamError("same_account")
    month = since and since.replace(day=1)
    rows = [{"account_id": account_id, "successor_id": successor_id, "valid_from": month}]
    return _booked(store, SUCCESSIONS, rows, successor_id, by)


def _booked(store: Store, kind: Kind, rows: Sequence[Mapping[str, object]], account_id: str, by: Principal) -> int:
    may_load(by)
    with store.stage() as stage, store.change(stage, by) as change:
        if not change.run("select 1 from account where account_id = $account_id", {"account_id": account_id}):
            raise KamError("unknown_account", account_id=account_id)
        _stage_rows(change, kind, rows)
        told = json.dumps(rows, default=str, sort_keys=True)
        name = " ".join(str(value) for value in rows[0].values() if value is not None)
        judgement = Judgement(
            "accept", name, hashlib.sha256(told.encode()).hexdigest(), kind=kind.name, table="said", rows=len(rows)
        )
        stage_incoming(change, judgement, kind)
        difference = compare(change, kind.name, replace=True)
        if difference.is_none:
            raise KamError("mapped_already")
        return book(change, judgement, difference, Reading(kind, "{}", None, is_replacing=True)).load_id or 0


def _stage_rows(change: Change, kind: Kind, rows: Sequence[Mapping[str, object]]) -> None:
    columns = ", ".join(f"null::{'date' if name == 'valid_from' else 'text'} as {name}" for name in kind.names)
    change.run(f"create or replace temp table said as select 0::bigint as line, {columns} limit 0")
    values = ", ".join(f"${name}" for name in ("line", *kind.names))
    for line, row in enumerate(rows, 1):
        change.run(f"insert into said values ({values})", {"line": line, **row})
