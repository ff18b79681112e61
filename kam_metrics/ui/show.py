"""What a page is made of: a headline, tiles, charts and tables, each with its unit, its date and its definition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from kam_metrics import figures, metrics, telling, words
from kam_metrics.figures import Drawing
from kam_metrics.matrix.listing import Cell, Heading, ListingWords
from kam_metrics.matrix.listing import listing as linked_table
from kam_metrics.matrix.tiles import Tile, Tone, tile_row
from kam_metrics.metrics import MEASURES, Answer, newest_fact, source_freshness
from kam_metrics.store import World
from kam_metrics.terms import Against, Slice
from kam_metrics.ui import saving
from kam_metrics.ui.answers import ask, comparable, measure, of_company
from kam_metrics.ui.here import Way, allowed, current, goto, link, page_link, say, to

MOST_SOURCES = 4
"""How many sources a page names, the oldest first."""


def headline(text: str) -> None:
    """The message of the page, made from its figures."""
    st.title(text, anchor=False)


def standing() -> None:
    """On which date the page stands, over which period, and how fresh its sources are."""
    run = current()
    newest = of_company(run.store, run.world, newest_fact)
    parts = [say("ui.as_of", day=run.seen.as_of, period=say_period())]
    if run.seen.kam_id or run.seen.kam_scope:
        parts.append(f"KAM {kam_name(run.seen.kam_id or run.seen.kam_scope)}")
    if newest:
        days = (run.seen.as_of - newest).days
        parts.append(say("ui.stale" if days > run.settings.stale_after_days else "ui.fresh", day=newest, days=days))
    st.caption(" · ".join([*parts, *_sources()]))
    if run.store.damaged:
        st.error(say("audit.damaged", count=len(run.store.damaged)))


def _sources() -> list[str]:
    """How new the newest fact of each source is, oldest first; one source alone is told already."""
    run = current()
    rows = of_company(run.store, run.world, source_freshness)
    if len(rows) < 2:
        return []
    shown = []
    for row in rows[:MOST_SOURCES]:
        days = (run.seen.as_of - row["newest"]).days
        key = "ui.source_stale" if days > run.settings.stale_after_days else "ui.source_fresh"
        shown.append(say(key, source=row["source"] or say("ui.no_source"), day=row["newest"], days=days))
    return shown


def say_period() -> str:
    """Which days the figures are about."""
    return telling.period(current().lang, current().seen)


def kam_name(kam_id: str | None) -> str:
    """What a key account manager is called."""
    run = current()
    return of_company(run.store, run.world, metrics.kam_names).get(kam_id or "", kam_id or words.unknown(run.lang))


def section(key: str, **values: object) -> None:
    """A heading inside a page."""
    st.header(say(key, **values), anchor=False)


def caption(key: str, **values: object) -> None:
    """Small print: unit, period, source."""
    st.caption(say(key, **values))


def empty(key: str, *, leads_to: str = "data") -> None:
    """Nothing to show: which file would fill it, and where to load it."""
    with st.container(border=True):
        st.markdown(f":material/info: {say(key)}")
        page_link(leads_to, say("ui.load_a_file"))


def meaning(key: str) -> tuple[str, str, str]:
    """What a measure means: its name, its formula with the unit, and the source of that."""
    source = say("ui.source_of_formula", source=MEASURES[key].source)
    return say(f"measure.{key}"), say(f"formula.{key}"), source


def definition(key: str) -> str:
    """The same as one text."""
    name, *rest = meaning(key)
    return "\n\n".join((f"**{name}**", *rest))


def tile(key: str, *, leads_to: str = "account") -> tuple[Way, Tile]:
    """A measure of this reader's slice beside last year or the plan."""
    run = current()
    return to(leads_to, sort=key), ask(_tile, run.lang, run.against, key, leads_to)


def _tile(_world: World, _seen: Slice, lang: str, against: Against, key: str, leads_to: str) -> Tile:
    answer = measure(key)
    now, then = comparable()
    other = measure(key, seen=then) if ask(metrics.compares, key, seen=then) else None
    mine = answer if now == current().seen else measure(key, seen=now)
    change, is_good = telling.change(lang, key, mine.only[key], other.only[key], against) if other else (None, None)
    why = words.why(lang, reason) if (reason := answer.why(answer.only).get(key)) else ""
    full, more = amount(key, answer.only[key], in_full=True), _rests_on(key, answer)
    shown = amount(key, answer.only[key])
    return tile_of(key, leads_to, shown, change, is_good, why=why, full=full, more=more)


def _rests_on(key: str, answer: Answer) -> Sequence[str]:
    """How many lines a figure rests on and for which share of them it is known, and the convention that holds now."""
    told = []
    if key in answer.lines:
        told.append(say("ui.line_count", count=answer.lines[key]))
    if 0 < answer.coverage[key] < 1:
        told.append(say("ui.known_for", share=words.share(current().lang, answer.coverage[key])))
    if MEASURES[key].family == "profit":
        told.append(say(f"drill.notes_{current().seen.credit_notes}"))
    return told


def tile_of(
    key: str, leads_to: str, value: str, change: str | None, is_good: bool | None = None, *,
    why: str = "", full: str = "", label: str | None = None, more: Sequence[str] = (),
) -> Tile:  # fmt: skip
    """The tile of a measure; of an unknown one it says why."""
    beside = why or change or say("ui.nothing_to_compare")
    tone: Tone = "muted" if why or is_good is None else "good" if is_good else "bad"
    name, *about = meaning(key)
    shown = label or name
    return Tile(shown, value, full, beside, tone, (shown, *about, *more), say(f"ui.see_{leads_to}"), say("ui.meaning"))


def amount(key: str, value: object, *, in_full: bool = False) -> str:
    """A figure of a measure, as its unit is written in the reader's language."""
    return telling.amount(current().lang, key, value, in_full=in_full)


def tiles(shown: Sequence[tuple[Way, Tile]]) -> None:
    """Tiles side by side; on a phone, under each other. A tile leads to its page, for who may open it."""
    ways = {link(way): way for way, _ in shown if allowed(way.page)}
    asked = tile_row([(link(way) if allowed(way.page) else "", tile) for way, tile in shown], key="tiles")
    if asked in ways:
        goto(ways[asked].page, **ways[asked].query)


def function_name(name: str) -> str:
    """A function of the own or the customer's organisation; one we have no word for stands as it was written."""
    key = f"function.{name.casefold()}"
    return say(key) if words.has(current().lang, key) else name


def rule_name(rule: str) -> str:
    """What a row breaks, in a few words."""
    key = f"rule.{rule}"
    return say(key if words.has(current().lang, key) else "rule.other")


def chart(drawing: Drawing, *, key: str) -> None:
    """A figure, with a sentence for who cannot see it."""
    st.plotly_chart(
        drawing.figure, key=key, theme=None, config=figures.config(current().lang), alt=drawing.alt, width="stretch"
    )


def chosen_point(drawing: Drawing, *, key: str) -> int | None:
    """A figure whose parts can be chosen; which of them was, counted from nought."""
    picked = st.plotly_chart(
        drawing.figure, key=key, theme=None, config=figures.config(current().lang), alt=drawing.alt, width="stretch",
        on_select="rerun", selection_mode="points",
    )  # fmt: skip
    points = picked["selection"]["points"]
    return int(points[0]["point_index"]) if points else None


def listing(headings: Sequence[Heading], rows: Sequence[tuple[Way, Sequence[Cell]]], *, title: str, key: str) -> None:
    """A table each row of which leads to a page."""
    ways = {way.address: way for way, _ in rows}
    shown = [(way.address, cells) for way, cells in rows]
    asked = linked_table(headings, shown, caption=title, words=table_words(), key=key)
    saving.table(title, headings, [cells for _, cells in rows], key)
    if asked in ways:
        goto(ways[asked].page, **ways[asked].query)


def table_words() -> ListingWords:
    """The few words that a table itself speaks, in the reader's language."""
    return ListingWords(say("ui.search"), say("ui.open"), say("ui.nothing_found"))


_MARKUP = re.compile(r"([\\`*_\[\]<>$~|:#])")


def literal(text: str) -> str:
    """A text of somebody else's among our words, so that no sign in it is taken for markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


class Quoted(str):
    """What stands in a file or in a store, and so in no language."""


def facts(told: Mapping[str, str | Sequence[str]]) -> None:
    """What is known of one thing: names and values under each other, whatever characters they hold."""
    parts = (f"<dt>{_escaped(name)}</dt><dd>{_escaped(value)}</dd>" for name, value in told.items() if value)
    st.html(f'<dl class="facts">{"".join(parts)}</dl>')


def _escaped(text: str | Sequence[str]) -> str:
    if not isinstance(text, str):
        return "".join(_escaped(part) for part in text)
    return f"<code>{escape(text)}</code>" if isinstance(text, Quoted) else escape(text)


def say_after_rerun(told: str) -> None:
    """Remember what an act did, and show the page anew with its outcome."""
    st.session_state.setdefault("told", []).append(told)
    st.rerun()


def tell_what_happened() -> None:
    """What the last act did."""
    for told in st.session_state.pop("told", []):
        st.success(told)
