"""The waterfall, each bar of which opens the lines behind it, and those lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from kam_metrics import figures, metrics, telling, words
from kam_metrics.figures import Drawing, Look
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.store import World
from kam_metrics.terms import Slice
from kam_metrics.ui import unknown
from kam_metrics.ui.answers import ask, measure
from kam_metrics.ui.cells import count_cell, currency_cell, day_cell, money_cell
from kam_metrics.ui.here import Way, allowed, current, goto, nobodys, page_link, say, to, whose
from kam_metrics.ui.show import caption, chosen_point, headline, listing, literal, section, standing

BAND = ("cost_to_serve", "cost_to_serve_low", "cost_to_serve_high")


def waterfall(key: str) -> None:
    """From gross sales to economic profit; a bar, or its row below, opens its lines."""
    steps, drawing, notes = ask(_drawn, current().look)
    if not steps:
        unknown.box("gross_sales")
        return
    point = chosen_point(drawing, key=key)
    if point is not None and point < len(steps):
        goto("profit", **_address(steps[point]["key"]))
    st.caption("  \n".join(notes))
    with st.expander(say("drill.bars"), key=f"{key}-rows", on_change="rerun") as rows:
        if rows.open:
            _bars(steps, key)


def _drawn(world: World, seen: Slice, look: Look) -> tuple[Sequence[Row], Drawing, Sequence[str]]:
    steps = [{**step, "label": telling.step(look.lang, step["key"])} for step in metrics.waterfall(world, seen)]
    return steps, figures.waterfall(steps, look), _notes()


def _notes() -> Sequence[str]:
    """What the bars do not say: the band of the activities, what is missing, and where credit notes count."""
    run, row = current(), measure(*BAND).only
    notes = []
    if row["cost_to_serve"] is not None and row["cost_to_serve_low"] != row["cost_to_serve_high"]:
        told, low, high = (words.thousands(run.lang, row[key]) for key in BAND)
        notes.append(say("drill.band", amount=told, low=low, high=high))
    answer = measure("gross_margin", "economic_profit")
    if answer.only["gross_margin"] is not None and answer.coverage["gross_margin"] < 1:
        notes.append(say("drill.coverage", share=words.share(run.lang, answer.coverage["gross_margin"])))
    if why := answer.why(answer.only).get("economic_profit"):
        notes.append(say("drill.no_profit_yet", why=words.why(run.lang, why)))
    return [*notes, say(f"drill.notes_{run.seen.credit_notes}")]


def _bars(steps: Sequence[Row], key: str) -> None:
    """Every bar as a row, for whoever has no mouse."""
    caption("drill.bars_about")
    listing(
        [Heading(say("heading.step")), Heading(say("heading.amount"), is_number=True)],
        [
            (
                to("profit", **_address(step["key"])),
                (Cell(step["label"]), currency_cell(step["amount"], "EUR")),
            )
            for step in steps
        ],
        title=say("drill.bars"),
        key=f"{key}-bars",
    )


def _address(step: str, **more: str) -> dict[str, str]:
    """The lines of a step, of whom the page is about."""
    return {"step": step, **whose(product=_product() if asked() else None), **more}


def asked() -> bool:
    """Whether the address asks for the lines behind a bar."""
    return "step" in st.query_params


def lines(name: str | None) -> None:
    """The lines behind the bar in the address: what they come to, whose they are, and one by one."""
    step, page = st.query_params["step"], _page()
    found = ask(metrics.behind, step, page, _product())
    page_link("profit", say("drill.back"), **{k: v for k, v in _address(step).items() if k not in ("step", "product")})
    if found is None:
        headline(telling.step(current().lang, step))
        st.warning(say("drill.no_such_step"))
        return
    parts = filter(None, (telling.step(current().lang, step), _product()))
    told = {"step": ", ".join(parts), "amount": words.money(current().lang, found.amount)}
    headline(say("drill.title_of", name=name, **told) if name else say("drill.title", **told))
    standing()
    if current().seen.account_id is None:
        _by_account(step)
    section("drill.the_lines")
    _paging(step, page, found)
    _lines(found.lines)


def _product() -> str | None:
    return st.query_params.get("product")


def _page() -> int:
    told = st.query_params.get("part", "1")
    return max(1, int(told)) if told.isascii() and told.isdigit() and len(told) < 8 else 1


def _paging(step: str, page: int, found: metrics.Behind) -> None:
    """Which of the lines are shown, and the way to the others."""
    if product := _product():
        caption("drill.of_product", product=literal(product), count=found.line_count)
    if found.line_count <= metrics.A_PAGE:
        if not product:
            caption("drill.lines", count=found.line_count)
        return
    first = (page - 1) * metrics.A_PAGE + 1
    caption("drill.lines_page", first=first, last=first + len(found.lines) - 1, count=found.line_count)
    if page > 1:
        page_link("profit", say("drill.newer"), **_address(step, part=str(page - 1)))
    if found.line_count > page * metrics.A_PAGE:
        page_link("profit", say("drill.older"), **_address(step, part=str(page + 1)))


def _by_account(step: str) -> None:
    """What each account has in the bar; a row leads to its lines."""
    rows = ask(metrics.behind_by_account, step, _product())
    section("drill.by_account")
    listing(
        [Heading(say("heading.account")), Heading(say("heading.lines_count"), is_number=True),
         Heading(say("heading.amount"), is_number=True)],
        [
            (
                _way_of(row, step),
                (
                    Cell(row["account_name"] or say("ui.unmapped"), tone="" if row["account_id"] else "muted"),
                    count_cell(row["line_count"]),
                    currency_cell(row["amount_eur"], "EUR"),
                ),
            )
            for row in rows
        ],
        title=say("drill.by_account"),
        key="drill-accounts",
    )  # fmt: skip


def _way_of(row: Row, step: str) -> Way:
    if row["account_id"]:
        return to("profit", **{**_address(step), "account": row["account_id"]})
    return nobodys()


def _lines(rows: Sequence[Row]) -> None:
    listing(
        [Heading(say("heading.document")), Heading(say("heading.day_of_posting")), Heading(say("heading.account")),
         Heading(say("heading.line_effect")), Heading(say("heading.product")),
         Heading(say("heading.units"), is_number=True), Heading(say("heading.amount"), is_number=True),
         Heading(say("heading.in_euros"), is_number=True)],
        [(_way(row), _cells(row)) for row in rows],
        title=say("drill.the_lines"),
        key="drill-lines",
    )  # fmt: skip


def _way(row: Row) -> Way:
    """To the load that a line came with; for a reader who loads nothing, to the account."""
    if allowed("data"):
        return to("data", load=str(row["batch_id"])) if row["batch_id"] else to("data", kind="receivables")
    return to("account", account=row["account_id"]) if row["account_id"] else nobodys()


def _cells(row: Row) -> tuple[Cell, ...]:
    lang, unknown = current().lang, words.unknown(current().lang)
    units, money = "", ""
    if row["quantity"] is not None:
        quantity = words.number(lang, row["quantity"], 2).rstrip("0").rstrip(",.")
        units = say("drill.per_unit", quantity=quantity, rate=words.money(lang, row["rate"]))
    elif row["amount"] is not None:
        money = words.money(lang, row["amount"], row["currency"])
    return (
        Cell(row["document"] or unknown),
        day_cell(row["day"]),
        Cell(row["account_name"] or row["unmapped_ref"] or unknown),
        Cell(telling.step(lang, row["activity"] or row["line_type"])),
        Cell(row["product"] or ""),
        Cell(units),
        Cell(money, order=float(row["amount"] or 0), value=row["amount"], unit=row["currency"] or "EUR"),
        currency_cell(row["amount_eur"], "EUR"),
    )


def of_group(group_id: str) -> tuple[Slice, str] | None:
    """A parent with every account under it, if this reader may see any of them."""
    narrowed = replace(current().seen, group_id=group_id)
    name = ask(metrics.group_name, seen=narrowed)
    return (narrowed, say("drill.group", name=name)) if name else None


def group_link(account: Row) -> None:
    """The way to the account's whole group, where that has more accounts than this one."""
    whole = replace(current().seen, group_id=account["group_id"])
    if len(measure("net_sales", by=["account_id"], seen=whole).rows) > 1:
        page_link("profit", say("drill.to_group"), group=account["group_id"])


def members(name: str | None) -> None:
    """The accounts of the group that the page is about; each leads to its own profit and cash."""
    if not current().seen.group_id:
        return
    keys = ("net_sales", "contribution", "economic_profit")
    section("drill.members")
    listing(
        [Heading(say("heading.account")), *(Heading(say(f"measure.{key}"), is_number=True) for key in keys)],
        [
            (
                to("profit", account=row["account_id"]),
                (Cell(row["account_name"]), *(money_cell(key, row[key]) for key in keys)),
            )
            for row in measure(*keys, by=["account_id", "account_name"]).rows
        ],
        title=name or "",
        key="group-members",
    )
