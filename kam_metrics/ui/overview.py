"""What the Portfolio page shows, made of the figures of this reader's slice."""

from __future__ import annotations

from collections.abc import Sequence

from kam_metrics import figures, metrics, telling
from kam_metrics.figures import Drawing, Look
from kam_metrics.matrix import MatrixRow, Phase, Score, Whole, account_matrix, table
from kam_metrics.matrix.tiles import Tile
from kam_metrics.metrics import Health
from kam_metrics.metrics.answer import Row
from kam_metrics.store import World
from kam_metrics.terms import PHASES, Against, Element, Slice
from kam_metrics.ui import needed, unknown, vitals
from kam_metrics.ui.answers import ask, comparable, measure
from kam_metrics.ui.here import Way, current, goto, say, to
from kam_metrics.ui.show import chart, tile_of


def rows() -> Sequence[Row]:
    """The key accounts of this reader, with everything the matrix shows."""
    return ask(metrics.account_rows, *comparable())


def title() -> str:
    """What the portfolio earns, and how many key accounts cost money."""
    return telling.portfolio(current().lang, measure("net_sales", "contribution").only, rows())


def plan_tile() -> tuple[Way, Tile]:
    """How many of the key accounts have a live plan on schedule."""
    value, live = telling.on_schedule(current().lang, rows())
    why = say("unknown.no_plans") if live is None else ""
    return to("plan"), tile_of("plan_attainment", "plan", value, live, why=why, label=say("ui.on_schedule"))


def alignment_tile() -> tuple[Way, Tile]:
    """How many of the seven elements moved demonstrably since the round before; no level is good or bad."""
    elements = ask(metrics.element_rows, ())
    value, mean = telling.moved(current().lang, elements)
    why = "" if elements else say("empty.alignment")
    shown = tile_of("element_change", "alignment", value, mean, why=why, label=say("ui.alignment_moved"))
    return to("alignment"), shown


def matrix() -> None:
    """The account matrix; a click leads to the account."""
    run = current()
    asked = account_matrix(ask(_matrix, run.lang, run.against))
    if asked is not None:
        goto("account", account=asked)


def _matrix(_world: World, seen: Slice, lang: str, against: Against) -> str:
    """What a reader of this slice sees in the matrix, in this language, beside last year or the plan."""
    health, asked = vitals.by_account(), needed.by_account()
    shown = [_matrix_row(row, health.get(row["account_id"]), asked.get(row["account_id"], ())) for row in rows()]
    return table(shown, lang=lang, caption=telling.period(lang, seen), against=against)


def _matrix_row(row: Row, health: Health | None, asked: Sequence[str]) -> MatrixRow:
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
        _whole(health),
        asked,
    )


def _whole(health: Health | None) -> Whole | None:
    if health is None:
        return None
    score = None if health.whole is None else float(health.whole)
    return Whole(score, float(health.coverage), [one.vital for one in health.red])


def _score(told: Row) -> Score:
    change = told["element_change"] if told["is_change_proven"] else None
    return Score(told["element_score"], told["element_n"] or 0, change)


def whale_chart() -> None:
    """Who earns the contribution and who costs it."""
    chart(ask(_whale_drawn, current().look), key="whale")
    unknown.left_out_of_the_curve()


def _whale_drawn(world: World, seen: Slice, look: Look) -> Drawing:
    return figures.whale_curve(metrics.whale(world, seen), look)
