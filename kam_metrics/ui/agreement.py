"""What the Alignment page shows: seven elements with their spread and change; never a target."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kam_metrics import figures, metrics, telling, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import Element, Slice
from kam_metrics.ui.answers import ask, drawn
from kam_metrics.ui.cells import count_cell, score_cell, share_cell
from kam_metrics.ui.here import current, say, to
from kam_metrics.ui.show import chart, empty, function_name, listing


def elements(seen: Slice | None = None) -> Sequence[Row]:
    """The seven elements over all accounts this reader looks at."""
    return ask(metrics.element_rows, (), seen=seen)


def title() -> str:
    """Which element people agree on most strongly, and which least."""
    known = [row for row in elements() if row["element_score"] is not None]
    if not known:
        return say("headline.alignment_empty")
    known.sort(key=lambda row: row["element_score"])
    return say("headline.alignment", best=_name(known[-1]).lower(), worst=_name(known[0]).lower())


def _name(row: Row) -> str:
    return say(f"matrix.{row['element']}")


def _of(seen: Slice) -> dict[str, str]:
    """The account in the address of a row's page, where the table is about one."""
    return {"account": seen.account_id} if seen.account_id else {}


def element_chart(seen: Slice, key: str) -> None:
    """Scores with their confidence interval, number of people and score of the round before."""
    rows = [
        {
            "label": _name(row),
            "score": row["element_score"],
            "low": row["ci_low"],
            "high": row["ci_high"],
            "n": row["element_n"] or 0,
            "previous": None if row["element_change"] is None else row["element_score"] - row["element_change"],
        }
        for row in elements(seen)
    ]
    if not rows:
        empty("empty.alignment")
    elif all(row["score"] is None for row in rows):
        st.info(words.why(current().lang, "too_few_people"))
    else:
        chart(drawn(figures.dot_dispersion, rows), key=key)


def element_table(seen: Slice) -> None:
    """Level, people, spread and change per element, with the smallest change that could have been shown."""
    lang = current().lang
    listing(
        [
            Heading(say("heading.element")),
            *(
                Heading(say(key), is_number=True)
                for key in ("measure.element_score", "heading.answers", "heading.response", "measure.agreement_ad")
            ),
            Heading(say("measure.element_change"), is_number=True),
            Heading(say("heading.smallest_change"), is_number=True),
            Heading(say("heading.verdict")),
        ],
        [
            (
                to("alignment", **_of(seen), element=row["element"]),
                (
                    Cell(_name(row)),
                    score_cell(row["element_score"]),
                    count_cell(row["element_n"]),
                    share_cell(row["response"]),
                    score_cell(row["agreement_ad"]),
                    _change(row),
                    score_cell(row["smallest_change"]),
                    Cell(telling.verdict(lang, row)),
                ),
            )
            for row in elements(seen)
        ],
        title=say("section.elements"),
        key="element-table",
    )


def _change(row: Row) -> Cell:
    return Cell(telling.element_change(current().lang, row), value=row["element_change"], unit="score")


def account_table() -> None:
    """Each account's score per element; a row leads to the account."""
    found: dict[tuple[str | None, str | None], dict[str, Row]] = {}
    for row in ask(metrics.element_rows):
        found.setdefault((row["account_id"], row["account_name"]), {})[row["element"]] = row
    listing(
        [
            Heading(say("heading.account")),
            *(Heading(say(f"matrix.{element}"), is_number=True) for element in Element),
        ],
        [
            (
                to("account", account=account_id),
                (Cell(name or account_id), *(_account_cell(told.get(element)) for element in Element)),
            )
            for (account_id, name), told in found.items()
            if account_id is not None
        ],
        title=say("section.by_account"),
        key="alignment-accounts",
    )
    of_nobody = found.get((None, None))
    if of_nobody:
        cells = ((element, _account_cell(of_nobody.get(element))) for element in Element)
        scores = " · ".join(f"{say(f'matrix.{element}')} {cell.text}" for element, cell in cells)
        st.caption(f"{say('ui.about_no_account')} {scores}")


def _account_cell(row: Row | None) -> Cell:
    if row is None or row["element_score"] is None:
        return Cell(words.unknown(current().lang), words.why(current().lang, "too_few_people"))
    arrow = ("▲ " if row["element_change"] > 0 else "▼ ") if row["is_change_proven"] else ""
    full, score = say("ui.people", n=row["element_n"]), row["element_score"]
    return Cell(f"{arrow}{words.number(current().lang, score, 1)}", full, score, value=score, unit="score")


def account_cells(row: Row) -> tuple[Cell, Cell, Cell]:
    """An account with its score on one element, and how that changed."""
    return (
        Cell(row["account_name"] or row["account_id"]),
        _account_cell(row),
        _change(row),
    )


def function_table() -> None:
    """How each function sees the elements; a group of fewer than four people is not shown."""
    found: dict[str, dict[str, Row]] = {}
    for row in ask(metrics.function_rows):
        found.setdefault(row["function"], {})[row["element"]] = row
    listing(
        [
            Heading(say("heading.function")),
            *(Heading(say(f"matrix.{element}"), is_number=True) for element in Element),
        ],
        [
            (
                to("alignment", function=name),
                (
                    Cell(function_name(name)),
                    *(_account_cell(told.get(element)) for element in Element),
                ),
            )
            for name, told in found.items()
        ],
        title=say("section.functions"),
        key="alignment-functions",
    )
