"""Tables that need no board pack: every account, every month, any measure; and for the analyst what was loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kam_metrics import metrics, telling, words
from kam_metrics.exports.pack import Asked
from kam_metrics.exports.sheet import Entry, Sheet, count, day, euro, figure, month, text
from kam_metrics.extracts.history import loads_of
from kam_metrics.words import say

LISTED = (
    "net_sales",
    "gross_margin_pct",
    "contribution",
    "contribution_pct",
    "operating_cash_flow",
    "cash_conversion",
    "receivables_open",
    "overdue",
    "overdue_pct",
    "days_sales_outstanding",
    "collections",
)
"""What the list of all accounts tells of each."""
MONTHLY = ("net_sales", "contribution", "operating_cash_flow", "collections", "receivables_open")
MONTHS = 12


def accounts(asked: Asked) -> Sheet:
    """Every account, the largest first; what belongs to none last."""
    lang, by = asked.lang, ("account_id", "account_name", "kam_id")
    rows = list(metrics.measure(asked.world, asked.seen, *LISTED, by=by).rows)
    rows.sort(key=lambda row: (row["account_id"] is None, row["net_sales"] is None, -(row["net_sales"] or 0)))
    kams = metrics.kam_names(asked.world)
    return Sheet(
        say(lang, "section.all_accounts"),
        [say(lang, f"heading.{key}") for key in ("account", "kam")] + _named(lang, LISTED),
        [
            [
                text(row["account_name"] or say(lang, "ui.unmapped")),
                text(kams.get(row["kam_id"], row["kam_id"])),
                *(figure(key, row[key]) for key in LISTED),
            ]
            for row in rows
        ],
    )


def months(asked: Asked) -> Sheet:
    """The last twelve months, the newest first."""
    number = asked.seen.as_of.year * 12 + asked.seen.as_of.month - MONTHS
    year = replace(asked.seen, from_date=date(number // 12, number % 12 + 1, 1), to_date=None)
    rows = metrics.measure(asked.world, year, *MONTHLY, by=["month"]).rows
    return Sheet(
        say(asked.lang, "section.by_month"),
        [say(asked.lang, "heading.month"), *_named(asked.lang, MONTHLY)],
        [[month(row["month"]), *(figure(key, row[key]) for key in MONTHLY)] for row in reversed(rows)],
    )


def measured(asked: Asked, keys: Sequence[str], by: Sequence[str]) -> Sheet:
    """Any measures by any dimensions, as `kam measure` tells them."""
    answer = metrics.measure(asked.world, asked.seen, *keys, by=by)
    return Sheet(
        say(asked.lang, f"measure.{keys[0]}"),
        [*(say(asked.lang, f"dimension.{name}") for name in by), *_named(asked.lang, keys)],
        [[*(_label(row[name]) for name in by), *(figure(key, row[key]) for key in keys)] for row in answer.rows],
    )


def worklist(asked: Asked) -> Sheet:
    """Customer numbers that belong to no account, with their money."""
    lang = asked.lang
    rows = [
        [
            text(telling.customer(row)),
            text(say(lang, f"kind.{row['origin']}")),
            euro(row["amount"], row["currency"]),
            count(row["line_count"]),
            day(row["first_day"]),
            day(row["last_day"]),
        ]
        for row in metrics.worklist(asked.world, asked.seen)
    ]
    keys = ("heading.customer", "ui.kind", "heading.amount", "heading.rows", "heading.first", "heading.last")
    return Sheet(say(lang, "section.worklist"), [say(lang, key) for key in keys], rows)


def loads(asked: Asked) -> Sheet:
    """What was loaded, the newest first."""
    lang = asked.lang
    rows = [
        [
            count(load.load_id),
            text(load.file),
            text(say(lang, f"kind.{load.kind}")),
            count(load.rows),
            text(" · ".join(words.money(lang, total, code) for code, total in load.total_by_currency.items())),
            text(load.loaded_by),
            text(f"{load.loaded_at.isoformat(timespec='seconds')}Z"),
            text(say(lang, "ui.done" if load.is_live else "ui.not_done")),
        ]
        for load in reversed(loads_of(asked.world))
    ]
    keys = ("load", "file", "kind", "rows", "total", "who", "when", "counts")
    return Sheet(say(lang, "section.history"), [say(lang, f"heading.{key}") for key in keys], rows)


def _named(lang: str, keys: Sequence[str]) -> list[str]:
    return [say(lang, f"measure.{key}") for key in keys]


def _label(value: Any) -> Entry:
    """One value of a dimension: a month, a year, a name or a number that is a name."""
    return month(value) if isinstance(value, date) else text(value)
