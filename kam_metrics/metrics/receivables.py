"""Receivables and payment behaviour per account, day-exact for any as-of date (measures.md 3.3).

What is open. History: invoiced on or before the day and not cleared on or before it. Snapshots: the newest on or
before the day, per company and source, which then replaces history; `open_amount` if given, else the amount.
Amounts (open, overdue, collections) hold every item, so they equal the extract's own totals. Figures about
behaviour (the days, collection effectiveness) leave out factored items and intercompany accounts, whose payment
says nothing.
Whoever pays carries the receivables: where payer and sold-to are two accounts, the payer's invoices and balance make
its days, and the sold-to has none; their group shows both.
Unapplied credits (credit notes, payments and other negative items still open) are part of `receivables_open` and
their own ageing bucket; they are netted into no other bucket. Sales are invoices and credit notes by invoice
date, incl. VAT, from the same file. Foreign currency: balances at the rate of the day they are taken, flows at
the rate of the as-of date; sales that a balance is divided by, at the rate of that balance.

- Count-back: whole months' sales are taken off the balance, newest first; the last month counts for its part;
  the current month is as long as its days so far (the balance-sheet method; needs no assumption about seasons).
- dso_simple_90 = balance / sales of the last 90 days x 90; best_possible_dso the same with what is not due;
  average_days_delinquent = the difference (creditguru.com, CRF).
- collection_effectiveness = (opening + sales - closing) / (opening + sales - closing not due), sales of the
  period.
- days_to_pay and average_days_late: cleared invoices, weighted by amount; an early payment is 0 days late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from kam_metrics.metrics.answer import Better, Measure, Row, Unit, added_up
from kam_metrics.metrics.receivable_figures import VALUES, Figure, collections, moved, on_account
from kam_metrics.metrics.spine import ACCOUNT_DIMENSIONS, TIME_DIMENSIONS, Moment, Unknown, Value, spine, told
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

_DIMENSIONS = (*ACCOUNT_DIMENSIONS, *TIME_DIMENSIONS, "currency")
_ZERO = Decimal(0)
_FIRST_FACT = """
    select min(least(r.invoice_date, r.snapshot_date)) as day from receivable_span r
    join seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id) a
        on a.account_id is not distinct from r.account_id
"""
_LOADED = """
    select exists (from receivable_span where coalesce(snapshot_date, invoice_date) <= $as_of)
       and exists (from seen_account($kam_scope, $kam_id, $account_id, only_group := $group_id)) as is_loaded
"""


def receivables(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Receivables, ageing and payment behaviour by account, period, currency or ageing bucket."""
    return _figures(world, seen, {key: VALUES[key] for key in keys}, by)


def receivables_in_all(world: World, seen: Slice, keys: Sequence[str]) -> Row:
    """The figures of all accounts together, added up from what is asked of each; not days, which do not add up."""
    rows = _rows(world, seen, ["account_id"], spine(seen, (), None))
    if not rows:
        return receivables(world, seen, keys, ())[0]
    whole = added_up([{name: value for name, value in row.items() if name not in _OF_ONE} for row in rows])
    return told({}, {key: VALUES[key](whole) for key in keys})


_OF_ONE = frozenset({"moment", "account", "currency", "ageing", "count_back_days"})
"""What a row tells that is no sum."""


def movements(world: World, seen: Slice, by: Sequence[str]) -> list[Row]:
    """Per period how much more stands open at its end than before it (`moved`), and what came in.

    Money came in as `collections`, what was settled, and `on_account`, what more was paid than matched with invoices.
    """
    values = {"moved": moved, "on_account": on_account, "collections": collections}
    # Once they are asked for with their sales anyway; month by month these would cost more than all the rest.
    return _figures(world, seen, values, by, with_sales=not set(by) & set(TIME_DIMENSIONS))


def receivables_at(
    world: World,
    seen: Slice,
    moments: Sequence[Moment],
    keys: Sequence[str],
    by: Sequence[str],
    accounts: Sequence[str] | None = None,
) -> list[tuple[int, Row]]:
    """The same figures at moments of one's own, perhaps of a few accounts: the number of the moment, and its row."""
    values = {key: VALUES[key] for key in keys}
    rows = _rows(world, seen, by, moments, accounts)
    return [(row["moment"], _told(row, moments[row["moment"]], values, by)) for row in rows]


def _figures(
    world: World, seen: Slice, values: Mapping[str, Figure], by: Sequence[str], *, with_sales: bool = True
) -> list[Row]:
    moments = spine(seen, by, first_fact(world, seen) if set(by) & set(TIME_DIMENSIONS) else None)
    rows = _rows(world, seen, by, moments, with_sales=with_sales)
    if not rows and not by:
        return [told({}, {key: _without_items(world, seen, key) for key in values})]
    return [_told(row, moments[row["moment"]], values, by) for row in rows]


def first_fact(world: World, seen: Slice) -> date | None:
    """The day from which receivables of this reader's accounts are known."""
    day: date | None = world.one(_FIRST_FACT, seen.params())["day"]
    return day


def is_loaded(world: World, seen: Slice) -> bool:
    """Whether receivables were loaded at all for a reader who sees any account."""
    return bool(world.one(_LOADED, seen.params())["is_loaded"])


def _rows(
    world: World,
    seen: Slice,
    by: Sequence[str],
    moments: Sequence[Moment],
    accounts: Sequence[str] | None = None,
    *,
    with_sales: bool = True,
) -> list[Row]:
    rows = world.rows(
        read_sql(__file__, "receivables"),
        {
            **seen.params(),
            "by": [name for name in by if name != "ageing_bucket"],
            "accounts": accounts,
            "with_sales": with_sales,
            "moments": list(range(len(moments))),
            "days": [m.day for m in moments],
            "first_days": [m.first_day for m in moments],
            "last_days": [m.last_day for m in moments],
        },
    )
    return [{**row, **aged} for row in rows for aged in row["ageing"] or ()] if "ageing_bucket" in by else rows


def _told(row: Row, moment: Moment, values: Mapping[str, Figure], by: Sequence[str]) -> Row:
    everywhere = {**row["account"], **moment.labels, "currency": row["currency"]}
    everywhere["ageing_bucket"] = row.get("ageing_bucket")
    return told({name: everywhere[name] for name in by}, {key: figure(row) for key, figure in values.items()})


def _without_items(world: World, seen: Slice, key: str) -> Value:
    """Nothing open is 0 only where receivables were loaded; there are no days without items."""
    if not is_loaded(world, seen):
        return Unknown("no_receivables")
    return _ZERO if key in _AMOUNTS else Unknown("no_sales" if key in _SALES_BASED else "nothing_open")


_AMOUNTS = frozenset(
    {
        "receivables_open",
        "receivables_not_due",
        "receivables_disputed",
        "overdue",
        "credit_sales",
        "collections",
    }
)
_SALES_BASED = frozenset({"days_sales_outstanding", "dso_simple_90", "best_possible_dso", "average_days_delinquent"})


SOURCE = "Credit Research Foundation (DSO, collection effectiveness)"


def _declared(unit: Unit, better: Better, formula: str, *more_dimensions: str) -> Measure:
    return Measure("receivables", unit, better, formula, SOURCE, frozenset((*_DIMENSIONS, *more_dimensions)))


MEASURES = {
    "receivables_open": _declared("EUR", "lower", "sum of open items, unapplied credits included", "ageing_bucket"),
    "receivables_not_due": _declared("EUR", "neither", "open items due on or after the as-of date"),
    "overdue": _declared("EUR", "lower", "open items due before the as-of date"),
    "overdue_pct": _declared("share", "lower", "overdue / receivables_open"),
    "receivables_disputed": _declared("EUR", "lower", "open items that the customer disputes"),
    "credit_sales": _declared(
        "EUR", "neither", "invoices and credit notes of the period incl. VAT; factored and intercompany left out"
    ),
    "days_sales_outstanding": _declared(
        "days", "lower", "days of sales, newest months first, that add up to the balance (count-back)"
    ),
    "dso_simple_90": _declared("days", "lower", "balance / sales of the last 90 days × 90"),
    "best_possible_dso": _declared("days", "lower", "balance not due / sales of the last 90 days × 90"),
    "average_days_delinquent": _declared("days", "lower", "dso_simple_90 − best_possible_dso"),
    "average_days_late": _declared("days", "lower", "Σ amount × max(0, cleared − due) / Σ amount, cleared invoices"),
    "days_to_pay": _declared("days", "lower", "Σ amount × (cleared − invoiced) / Σ amount, cleared invoices"),
    "collection_effectiveness": _declared(
        "share", "higher", "(opening + sales − closing) / (opening + sales − closing not due), sales of the period"
    ),
    "collections": _declared("EUR", "higher", "sum of what was cleared in the period, payments left out"),
}
