"""What an account brings in as money, told in two ways (measures.md 3.4).

The indirect form begins with profit: contribution less what the account ties up more than before. The direct form
begins with money: what came in without its VAT, less what was paid for the account. Costs and rebates count as paid
when booked, but for the balances that say otherwise: bad debt is no money paid where the balance of what was written
off grew by it. Both end on the same amount where the receivables hold just the sales that were booked; what differs
shows invoices that only one of both knows, sales without a cost price, or rates of exchange that moved.
"""

from __future__ import annotations

from collections.abc import Sequence

from kam_metrics.metrics.answer import Measure, Row
from kam_metrics.metrics.cash_parts import BALANCES, DIRECT, INDIRECT, Amount, Parts, cash_parts, total
from kam_metrics.metrics.spine import ACCOUNT_DIMENSIONS, TIME_DIMENSIONS, Unknown, Value, told
from kam_metrics.store import World
from kam_metrics.terms import Slice

_DIMENSIONS = frozenset({*ACCOUNT_DIMENSIONS, *TIME_DIMENSIONS})
FORMS = {"operating_cash_flow_direct": DIRECT, "operating_cash_flow": INDIRECT}


def cash(world: World, seen: Slice, keys: Sequence[str], by: Sequence[str]) -> list[Row]:
    """Cash flow per group and period; unknown as soon as one of its parts is."""
    rows = []
    for place, parts in cash_parts(world, seen, by).items():
        values: dict[str, Value] = {key: total(parts, of) for key, of in FORMS.items()}
        values["cash_conversion"] = _conversion(total(parts, INDIRECT), parts["contribution"])
        rows.append(told(dict(zip(by, place, strict=True)), {key: values[key] for key in keys}))
    return rows


def cash_steps(world: World, seen: Slice) -> dict[str, list[Row]]:
    """Each form as steps that add up: rows `key`, `amount`, `total`; no steps where the form is unknown."""
    (parts,) = cash_parts(world, seen, ()).values()
    return {key: _steps(key, parts, of) for key, of in FORMS.items()}


def _steps(key: str, parts: Parts, of: Sequence[str]) -> list[Row]:
    whole = total(parts, of)
    if isinstance(whole, Unknown):
        return []
    shown = [part for part in of if parts[part] or part not in BALANCES]
    steps: list[Row] = [{"key": part, "amount": parts[part], "total": part == of[0]} for part in shown]
    return [*steps, {"key": key, "amount": whole, "total": True}]


def _conversion(flow: Amount, contribution: Amount) -> Value:
    if isinstance(flow, Unknown) or isinstance(contribution, Unknown):
        return flow
    return float(flow / contribution) if contribution > 0 else Unknown("no_contribution")


_SOURCE = "cash flow per account after Kaplan & Cooper; IAS 7 (direct and indirect form)"
_BALANCED = "− growth of stock + growth of prepayments, rebates owed, write-offs and supplier credit (estimate)"
MEASURES = {
    "operating_cash_flow": Measure(
        "cash",
        "EUR",
        "higher",
        f"contribution − growth of receivables without VAT {_BALANCED}",
        _SOURCE,
        _DIMENSIONS,
    ),
    "operating_cash_flow_direct": Measure(
        "cash",
        "EUR",
        "higher",
        f"receipts without their VAT − rebates − cogs − cost_to_serve {_BALANCED}",
        _SOURCE,
        _DIMENSIONS,
    ),
    "cash_conversion": Measure(
        "cash", "share", "higher", "operating_cash_flow / contribution, where that is positive", _SOURCE, _DIMENSIONS
    ),
}
