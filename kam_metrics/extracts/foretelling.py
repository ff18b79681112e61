"""What undoing or redoing a load would do, in sentences that page and command line share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kam_metrics import words
from kam_metrics.extracts.consequence import Consequence
from kam_metrics.terms import Scenario
from kam_metrics.words import say

FIRST = 5
"""How many account-months are named."""


def consequences(lang: str, told: Consequence) -> Sequence[str]:
    """Everything to know before a load is undone or redone."""
    if told.refusal:
        return (say(lang, "foretold.not_now", why=words.explain(lang, told.refusal)),)
    return (*_figures(lang, told), *_loads(lang, told))


def _figures(lang: str, told: Consequence) -> Iterator[str]:
    if not told.moved:
        yield say(lang, "foretold.no_figures")
    else:
        yield say(lang, "foretold.moved", accounts=told.accounts, months=told.months)
    for scenario in Scenario:
        sales, result = told.total("net_sales", scenario), told.total("result", scenario)
        if sales or result:
            yield say(lang, f"foretold.{scenario}", net_sales=_change(lang, sales), result=_change(lang, result))
    for one in told.moved[:FIRST]:
        yield say(
            lang, "foretold.account_month", account=one.account or words.unknown(lang),
            month=words.month(lang, one.month), result=_change(lang, one.result),
        )  # fmt: skip
    if told.rows:
        yield say(lang, "foretold.more_rows" if told.rows > 0 else "foretold.fewer_rows", rows=abs(told.rows))


def _loads(lang: str, told: Consequence) -> Iterator[str]:
    for name in ("holders", "replaced", "later"):
        if found := getattr(told, name):
            key = f"replaced_{told.act}" if name == "replaced" else name
            yield say(lang, f"foretold.{key}", loads=", ".join(str(load_id) for load_id in found))


def _change(lang: str, amount: Decimal) -> str:
    shown = words.money(lang, amount)
    return f"+{shown}" if amount > 0 else shown
