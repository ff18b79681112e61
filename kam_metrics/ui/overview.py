"""What the Portfolio page shows, made of the figures of this reader's slice."""

from __future__ import annotations

from collections.abc import Sequence

from kam_metrics import figures, metrics, telling
from kam_metrics.matrix import MatrixRow, Phase, Score, Whole, account_matrix
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import PHASES, Element
from kam_metrics.ui import needed, vitals
from kam_metrics.ui.answers import ask, comparable, measure
from kam_metrics.ui.here import current, goto, say
from kam_metrics.ui.show import Tile, chart, definition, say_period


def rows() -> Sequence[Row]:
    """The key accounts of this reader, with everything the matrix shows."""
    return ask(metrics.account_rows, *comparable())


def title() -> str:
    """What the portfolio earns, and how many key accounts cost money."""
    return telling.portfolio(current().lang, measure("net_sales", "contribution").only, rows())


def plan_tile() -> Tile:
    """How many of the key accounts have a live plan on schedule."""
    value, live = telling.on_schedule(current().lang, rows())
    return Tile(say("ui.on_schedule"), value, live, None, definition("plan_attainment"), "plan")


def alignment_tile() -> Tile:
    """How many of the seven elements moved demonstrably since the round before; no level is good or bad."""
    value, mean = telling.moved(current().lang, ask(metrics.element_rows, ()))
    return Tile(say("ui.alignment_moved"), value, mean, None, definition("element_change"), "alignment")


def matrix() -> None:
    """The account matrix; a click leads to the account."""
    run = current()
    asked = account_matrix(
        [_matrix_row(row) for row in rows()],
        lang=run.lang,
        caption=say_period(),
        against=run.against,
    )
    if asked is not None:
        goto("account", account=asked)


def _matrix_row(row: Row) -> MatrixRow:
    phases: Sequence[Phase] = ()
    if row["plan"] and row["plan"]["plan_id"]:
        phases = [row["plan"]["phases"][phase] for phase in PHASES]
    return MatrixRow(
        row["account_id"],
        row["account_name"],
        row["contribution"],
        row["compared"],
        row["reference"],
        row["months"],
        row["overdue"],
        phases,
        {Element(name): _score(told) for name, told in row["elements"].items()},
        _whole(row["account_id"]),
        needed.sentences(row["account_id"]),
    )


def _whole(account_id: str) -> Whole | None:
    health = vitals.by_account().get(account_id)
    if health is None:
        return None
    score = None if health.whole is None else float(health.whole)
    return Whole(score, float(health.coverage), [one.vital for one in health.red])


def _score(told: Row) -> Score:
    change = told["element_change"] if told["is_change_proven"] else None
    return Score(told["element_score"], told["element_n"] or 0, change)


def whale_chart() -> None:
    """Who earns the contribution and who costs it."""
    chart(figures.whale_curve(ask(metrics.whale), current().look), key="whale")
