"""What the Profit & cash page answers to "what if": a question in the address, a sentence and its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import streamlit as st

from kam_metrics import telling, words
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.spine import Unknown
from kam_metrics.metrics.what_if import (
    SPREAD,
    Book,
    Customer,
    Loss,
    book,
    lose,
    minimum_order,
    price,
    service,
    staying_cost,
    terms,
)
from kam_metrics.ui.answers import ask, measure
from kam_metrics.ui.cells import money_cell
from kam_metrics.ui.controls import choice, several, whole
from kam_metrics.ui.here import Way, current, nobodys, say, to
from kam_metrics.ui.show import facts, listing, literal

DEAREST = 10
"""Customers in the ranking of whom one could afford to lose least."""


def what_if() -> None:
    """One question at a time; the address holds the question and its numbers."""
    asked = choice(
        "what_if", tuple(QUESTIONS), "lose", say("what_if.question"), lambda name: say(f"what_if.{name}"),
        as_buttons=True, visibility="collapsed",
    )  # fmt: skip
    QUESTIONS[asked]()
    st.caption(say("what_if.about", staying=", ".join(_activity(name) for name in _staying())))


def _staying() -> tuple[str, ...]:
    """Activities whose cost stays when an account leaves."""
    return tuple(name.strip() for name in current().settings.staying_costs.split(",") if name.strip())


def _activity(name: str) -> str:
    return telling.step(current().lang, name)


def _money(amount: Decimal | None) -> str:
    return words.thousands(current().lang, amount)


def _change(amount: Decimal) -> str:
    return f"{'▲' if amount > 0 else '▼' if amount < 0 else '='} {_money(abs(amount))}"


def _tell(sentence: str, told: dict[str, str]) -> None:
    st.markdown(sentence)
    facts(told)


def _cannot(why: Unknown) -> None:
    st.markdown(words.why(current().lang, why.why))


def _lose() -> None:
    """Customers that leave: what goes with them, and whom one could afford to lose least."""
    seen = current().seen
    everybody = replace(seen, account_id=None, group_id=None)
    held: Book = ask(book, _staying(), seen=everybody)
    names = {one.account_id: one.name for one in held.dearest if one.account_id}
    if not names:
        answer = measure("contribution", seen=everybody)
        _cannot(Unknown(answer.why(answer.only).get("contribution", "no_facts")))
        return
    chosen = several(
        "lose", list(names), [seen.account_id] if seen.account_id in names else [], say("what_if.leave"),
        lambda account: names[account],
    )  # fmt: skip
    if chosen:
        _lost(lose(held, chosen), ", ".join(names[account] for account in chosen))
    if held.unknown:
        st.caption(say("what_if.left_out", count=held.unknown))
    _dearest(held)


def _lost(loss: Loss, names: str) -> None:
    key = "falls" if loss.profit > 0 else "rises"
    sentence = say(f"what_if.lose_{key}", names=literal(names), before=_money(loss.before), after=_money(loss.after))
    told = {
        say("measure.net_sales"): _change(-loss.net_sales),
        say("measure.contribution"): _change(-loss.profit),
        say("what_if.stays"): _money(loss.stays),
        say("what_if.released"): _money(loss.released),
    }
    if loss.profit > 0:
        told[say("what_if.replacement")] = _money(loss.replacement)
    for name in SPREAD:
        before, after = (_spread(name, value) for value in loss.spread[name])
        told[say(f"measure.{name}")] = f"{before} → {after}"
    _tell(sentence, told)


def _spread(key: str, value: float | None) -> str:
    lang = current().lang
    return words.number(lang, value, 0) if key == "hhi" else words.share(lang, value)


def _dearest(held: Book) -> None:
    """The ranking; each row leads to the account."""
    st.markdown(f"**{say('what_if.dearest')}**")
    heads = ("net_sales", "contribution")
    listing(
        [
            Heading(say("heading.account")),
            *(Heading(say(f"measure.{key}"), is_number=True) for key in heads),
            Heading(say("what_if.goes"), is_number=True),
            Heading(say("what_if.after"), is_number=True),
        ],
        [(_way(one), _cells(one, held.contribution)) for one in held.dearest[:DEAREST]],
        title=say("what_if.dearest"),
        key="dearest",
    )


def _way(one: Customer) -> Way:
    if one.account_id:
        return to("account", account=one.account_id)
    return nobodys()


def _cells(one: Customer, contribution: Decimal) -> Sequence[Cell]:
    return (
        Cell(one.name),
        money_cell("net_sales", one.net_sales),
        money_cell("contribution", one.contribution),
        money_cell("contribution", one.profit),
        money_cell("contribution", contribution - one.profit),
    )


def _terms() -> None:
    days = whole("days", -10, say("what_if.days"), low=-120, high=120)
    found = ask(terms, days)
    if isinstance(found, Unknown):
        _cannot(found)
        return
    key = "released" if found.released >= 0 else "tied_up"
    _tell(
        say(f"what_if.terms_{key}", days=abs(days), amount=_money(abs(found.released))),
        {say(f"what_if.{key}"): _money(abs(found.released)), say("what_if.yearly"): _change(found.yearly)},
    )


def _price() -> None:
    percent = whole("percent", 1, say("what_if.percent"), low=-50, high=50)
    answer = measure("net_sales", "margin_unknown", "contribution")
    found = price(answer.only, ask(staying_cost, _staying()), percent)
    if isinstance(found, Unknown):
        _cannot(found)
        return
    key = "price_higher" if percent >= 0 else "price_lower"
    share = words.share(current().lang, None if found.volume is None else abs(found.volume))
    _tell(
        say(f"what_if.{key}", percent=abs(percent), amount=_money(abs(found.extra)), volume=share),
        {
            say("measure.contribution"): f"{_change(found.extra)} → {_money(found.after)}",
            say(f"what_if.{key}_volume"): share,
        },
    )


def _order() -> None:
    minimum = whole("minimum", 1000, say("what_if.minimum"), low=1, high=1_000_000)
    found = ask(minimum_order, Decimal(minimum))
    if isinstance(found, Unknown):
        _cannot(found)
        return
    lang = current().lang
    _tell(
        say(
            "what_if.orders",
            small=found.small,
            orders=found.orders,
            minimum=words.money(lang, Decimal(minimum), decimals=0),
        ),
        {
            say("measure.net_sales"): _money(found.net_sales),
            say("measure.gross_margin"): _money(found.margin),
            say("what_if.handling", rate=words.money(lang, found.rate)): _money(found.handling),
            say("what_if.refused"): _change(found.refused),
            say("what_if.saved"): _change(found.saved),
            say("what_if.break_even"): words.money(lang, found.break_even, decimals=0),
        },
    )


def _service() -> None:
    known = [row["activity"] for row in measure("cost_to_serve", by=["activity"]).rows if row["cost_to_serve"]]
    if not known:
        _cannot(Unknown("no_cost_to_serve"))
        return
    activity = choice("activity", known, known[0], say("what_if.activity"), _activity)
    percent = whole("percent", 1, say("what_if.cost_percent"), low=-50, high=50)
    found = ask(service, activity, percent)
    if isinstance(found, Unknown):
        _cannot(found)
        return
    _tell(
        say("what_if.serve_more" if percent >= 0 else "what_if.serve_less", activity=_activity(activity),
            percent=abs(percent), amount=_money(abs(found.change))),
        {_activity(activity): _money(found.cost),
         say("measure.contribution"): f"{_change(found.change)} → {_money(found.after)}"},
    )  # fmt: skip


QUESTIONS: dict[str, Callable[[], None]] = {
    "lose": _lose, "terms": _terms, "price": _price, "order": _order, "service": _service,
}  # fmt: skip
