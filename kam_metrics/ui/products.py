"""What each product did to net sales: one sentence, and a table whose rows add up to the growth."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kam_metrics import metrics, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.products import SUMMED, less
from kam_metrics.metrics.spine import Unknown
from kam_metrics.ui.answers import ask
from kam_metrics.ui.cells import money_cell
from kam_metrics.ui.here import Way, current, say, to, whose
from kam_metrics.ui.show import listing, literal

MOST_PRODUCTS = 50
"""Products that are listed one by one: a table is sent whole on every click."""
_LIKE = {"net_sales_before": "net_sales"}
"""Which measure an amount is written like, where it is none itself."""


def table() -> None:
    """The largest products one by one, the others together, what has no product, and the total."""
    told: list[Row] | Unknown = ask(metrics.products)
    if isinstance(told, Unknown):
        st.markdown(words.why(current().lang, told.why))
        return
    *products, rest, total = told
    shown, others = products[:MOST_PRODUCTS], products[MOST_PRODUCTS:]
    st.markdown(_headline(products))
    rows = [(_way(row["product"]), _cells(str(row["product"]), row)) for row in shown]
    if others:
        together = less(total, [*shown, rest])
        rows.append((_way(None), _cells(say("products.others", count=len(others)), together)))
    rows.append((_way(None), _cells(say("products.rest"), rest)))
    rows.append((_way(None), _cells(say("products.total"), total)))
    with st.expander(say("products.by_product", count=len(products))):
        st.caption(say("products.about"))
        listing(_headings(), rows, title=say("products.title"), key="products")


def _headline(products: Sequence[Row]) -> str:
    """The products that grew and shrank most."""
    grown = max(products, key=lambda row: row["net_sales_growth"])
    shrunk = min(products, key=lambda row: row["net_sales_growth"])
    told = [
        say(f"products.{how}", product=literal(row["product"]), amount=_short(row))
        for how, row, is_so in (
            ("most", grown, grown["net_sales_growth"] > 0),
            ("least", shrunk, shrunk["net_sales_growth"] < 0),
        )
        if is_so
    ]
    return " · ".join(told) or say("products.same")


def _short(row: Row) -> str:
    return words.thousands(current().lang, abs(row["net_sales_growth"]))


def _headings() -> Sequence[Heading]:
    named = [Heading(say("products.before" if key in _LIKE else f"measure.{key}"), True, _help(key)) for key in SUMMED]
    return [Heading(say("heading.product")), *named]


def _help(key: str) -> str:
    return say("products.before_about") if key in _LIKE else say(f"formula.{key}")


def _cells(name: str, row: Row) -> Sequence[Cell]:
    return (Cell(name), *(money_cell(_LIKE.get(key, key), row[key]) for key in SUMMED))


def _way(product: str | None) -> Way:
    """To the lines of the product, or to those of all net sales."""
    return to("profit", step="net_sales", **whose(product=product))
