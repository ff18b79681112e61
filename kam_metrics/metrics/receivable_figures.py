"""How each figure of receivables follows from one row of receivables.sql, or why it cannot be known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.spine import Unknown, Value

_ZERO = Decimal(0)
Figure = Callable[[Row], Value]


def moved(row: Row) -> Value:
    """How much more stands open at the end of the period than before it."""
    if row["lacks_opening"]:
        return Unknown("no_opening_balance")
    return _no_rate(row["unrated_stock"]) or (row["open_after"] or _ZERO) - (row["open_before"] or _ZERO)


def on_account(row: Row) -> Value:
    """How much more was paid that is not yet matched with an invoice, at the end of the period than before it."""
    if row["lacks_opening"]:
        return Unknown("no_opening_balance")
    return _no_rate(row["unrated_stock"]) or (row["paid_before"] or _ZERO) - (row["paid_after"] or _ZERO)


def _no_rate(*unrated: str | None) -> Unknown | None:
    """A currency without a rate makes a figure unknown, never smaller."""
    missing = sorted(currency for currency in unrated if currency)
    return Unknown(f"no_rate:{missing[0]}") if missing else None


def _amount(column: str, unrated: str = "unrated_stock") -> Figure:
    def value(row: Row) -> Value:
        return _no_rate(row[unrated]) or row[column] or _ZERO

    return value


def collections(row: Row) -> Value:
    """What was settled in the period, payments left out."""
    if not row["knows_clearing"]:
        return Unknown("no_clearing_dates")
    return _amount("collections", "unrated_cleared")(row)


def _overdue_pct(row: Row) -> Value:
    if no_rate := _no_rate(row["unrated_stock"]):
        return no_rate
    if not row["open"]:
        return Unknown("nothing_open")
    return Unknown("net_credit") if row["open"] < 0 else float((row["overdue"] or _ZERO) / row["open"])


def _obstacle(row: Row) -> Unknown | None:
    """Why days of sales cannot be told for this row, if they cannot."""
    if not row["has_behaviour"]:
        return Unknown("factored" if row["has_factored"] else "intercompany")
    if no_rate := _no_rate(row["unrated_stock"], row["unrated_sales"]):
        return no_rate
    return Unknown("net_credit") if (row["behaviour_open"] or 0) < 0 else None


def _count_back(row: Row) -> Value:
    if obstacle := _obstacle(row):
        return obstacle
    if not row["behaviour_open"]:
        return 0.0 if (row["sales"] or 0) > 0 else Unknown("no_sales")
    if row["sales"] is None:
        return Unknown("no_sales")
    days: float | None = row["count_back_days"]
    return Unknown("beyond_known_sales") if days is None else days


def _days_of_90(balance: Callable[[Row], Decimal]) -> Figure:
    def value(row: Row) -> Value:
        if obstacle := _obstacle(row):
            return obstacle
        if (row["sales_90"] or 0) <= 0:
            return Unknown("no_sales")
        return float(balance(row) / row["sales_90"] * 90)

    return value


def _open(row: Row) -> Decimal:
    return row["behaviour_open"] or _ZERO


def _not_due(row: Row) -> Decimal:
    return row["behaviour_not_due"] or _ZERO


def _collection_effectiveness(row: Row) -> Value:
    obstacle = _obstacle(row)
    if obstacle and obstacle.why != "net_credit":
        return obstacle
    if row["lacks_opening"]:
        return Unknown("no_opening_balance")
    to_collect = (row["opening"] or _ZERO) + (row["period_sales"] or _ZERO)
    could = to_collect - (row["closing_not_due"] or _ZERO)
    return float((to_collect - (row["closing"] or _ZERO)) / could) if could > 0 else Unknown("nothing_to_collect")


def _days_of_cleared(days: str, weight: str) -> Figure:
    def value(row: Row) -> Value:
        if not row["knows_clearing"]:
            return Unknown("no_clearing_dates")
        if no_rate := _no_rate(row["unrated_cleared"]):
            return no_rate
        return float(row[days] / row[weight]) if row[weight] else Unknown("nothing_cleared")

    return value


VALUES: Mapping[str, Figure] = {
    "receivables_open": _amount("open"),
    "receivables_not_due": _amount("not_due"),
    "overdue": _amount("overdue"),
    "overdue_pct": _overdue_pct,
    "receivables_disputed": _amount("disputed"),
    "credit_sales": _amount("period_flow", "unrated_period"),
    "days_sales_outstanding": _count_back,
    "dso_simple_90": _days_of_90(_open),
    "best_possible_dso": _days_of_90(_not_due),
    "average_days_delinquent": _days_of_90(lambda row: _open(row) - _not_due(row)),
    "average_days_late": _days_of_cleared("late_days", "paid_with_due"),
    "days_to_pay": _days_of_cleared("paid_days", "paid"),
    "collection_effectiveness": _collection_effectiveness,
    "collections": collections,
}
