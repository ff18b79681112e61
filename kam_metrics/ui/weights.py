"""What counts for health: the weights that hold, what others would do to every key account, and who kept which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import streamlit as st

from kam_metrics import metrics, words
from kam_metrics.deciding import LONGEST_NAME, LONGEST_NOTE, weigh
from kam_metrics.matrix.listing import Cell, Heading, Tone
from kam_metrics.metrics import Health, Weighing
from kam_metrics.metrics.answer import Row
from kam_metrics.scoring import Scoring, VitalScoring, Weights, within
from kam_metrics.terms import Vital
from kam_metrics.ui import vitals
from kam_metrics.ui.answers import ask
from kam_metrics.ui.here import current, page_link, say, to
from kam_metrics.ui.one_load import moment
from kam_metrics.ui.show import caption, empty, facts, headline, listing, say_after_rerun, section, standing

NOW, OWN = "now", "own"
"""In the address: the weights that hold, and those of this installation."""


def tell(asked: str) -> None:
    """The weights that hold, and who kept which; the director may try others and keep them."""
    world = current().world
    now, kept = metrics.scoring_now(world), metrics.weighings(world)
    heaviest = max(now.vitals, key=lambda one: one.weight)
    headline(say("headline.weights", vital=_name(heaviest.vital), share=_share(heaviest, now)))
    standing()
    st.markdown(say("weights.holds", version=now.version))
    facts({f"{_name(one.vital)} · {_number(one.weight)} ({_share(one, now)})": _made_of(one) for one in now.vitals})
    caption("weights.about")
    if current().principal.may_weigh:
        section("section.other_weights")
        _try(asked, _begin(asked, now, kept), now)
    if kept:
        section("section.weighings")
        _versions(kept, metrics.own_scoring(world))


def _name(vital: Vital) -> str:
    return say(f"vital.{vital}")


def _number(weight: Decimal) -> str:
    return words.number(current().lang, weight, 0 if weight == weight.to_integral_value() else 2)


def _share(one: VitalScoring, among: Scoring) -> str:
    total = sum(other.weight for other in among.vitals)
    return words.share(current().lang, float(one.weight / total), 0)


def _made_of(one: VitalScoring) -> str:
    return " · ".join(f"{say(f'vital_short.{sign.name}')} {_number(sign.weight)}" for sign in one.indicators)


def _begin(asked: str, now: Scoring, kept: Sequence[Weighing]) -> Scoring:
    """With which weights the trial begins."""
    versions = {str(one.change_id): one.scoring for one in kept}
    versions |= {NOW: now, OWN: metrics.own_scoring(current().world)}
    if asked not in versions:
        st.warning(say("weights.no_such_version"))
    return versions.get(asked, now)


def _try(asked: str, start: Scoring, now: Scoring) -> None:
    """Other weights, what they would do, and the way to keep them."""
    wanted = start.weighed(_fields(asked, start), start.version)
    if wanted.weightless:
        st.error(say("error.weightless", name=_label(wanted.weightless)))
        return
    if wanted.weights == now.weights:
        caption("weights.same")
        return
    _effect(wanted)
    _keep(wanted.weights)


def _fields(asked: str, start: Scoring) -> Weights:
    given: dict[str, Decimal] = {}
    with st.container(horizontal=True):
        for vital in Vital:
            given[vital] = _field(asked, vital, start)
    with st.expander(say("weights.within")):
        for one in start.vitals:
            st.markdown(f"**{_name(one.vital)}**")
            with st.container(horizontal=True):
                for sign in one.indicators:
                    name = within(one.vital, sign.name)
                    given[name] = _field(asked, name, start)
    return given


def _field(asked: str, name: str, start: Scoring) -> Decimal:
    value, key = float(start.weights[name]), f"weight {asked} {name}"
    told = st.number_input(_label(name), 0.0, None, value, step=1.0, format="%g", key=key, width=160)
    return Decimal(str(told))


@dataclass(frozen=True)
class _Effect:
    """What other weights do to one account, as it is shown: in tenths."""

    account: Row
    then: Decimal | None
    now: Decimal | None

    @property
    def moved(self) -> Decimal | None:
        return None if self.then is None or self.now is None else self.now - self.then


def _effect(wanted: Scoring) -> None:
    """What these weights would do to every key account, who moves most first."""
    healths = vitals.by_account()
    found = [
        _Effect(account, _tenths(health), _tenths(replace(health, scoring=wanted)))
        for account in ask(metrics.key_accounts)
        if (health := healths.get(account["account_id"]))
    ]
    if not found:
        empty("empty.accounts")
        return
    moves = [one.moved for one in found if one.moved is not None]
    up, down = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
    st.markdown(say("weights.effect", up=up, down=down, same=len(moves) - up - down))
    found.sort(key=lambda one: (-abs(one.moved or Decimal(0)), one.account["account_name"]))
    listing(
        [
            Heading(say("heading.account")),
            *(Heading(say(f"weights.{name}"), is_number=True) for name in ("health_now", "health_then", "difference")),
        ],
        [(to("account", account=one.account["account_id"]), _cells(one)) for one in found],
        title=say("section.other_weights"),
        key="other-weights",
    )


def _tenths(health: Health) -> Decimal | None:
    return None if health.whole is None else metrics.tenths(health.whole)


def _cells(one: _Effect) -> Sequence[Cell]:
    tone: Tone = "" if not one.moved else "good" if one.moved > 0 else "bad"
    moved = words.unknown(current().lang) if one.moved is None else vitals.signed(one.moved)
    return (
        Cell(one.account["account_name"]),
        _score(one.then),
        _score(one.now),
        replace(_score(one.moved), text=moved, tone=tone),
    )


def _score(value: Decimal | None) -> Cell:
    order = None if value is None else float(value)
    return Cell(words.number(current().lang, value, 1), order=order, value=value, unit="score")


def _keep(weights: Weights) -> None:
    run = current()
    with st.form("weigh", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kept_name = st.session_state.get("person", "")
            person = st.text_input(say("ui.decide_person"), kept_name, max_chars=LONGEST_NAME, width=280)
            reason = st.text_input(say("weights.reason"), max_chars=LONGEST_NOTE, width=420)
        pressed = st.form_submit_button(say("weights.keep"), type="primary")
    if pressed:
        st.session_state["person"] = person
        weigh(run.store, weights, run.principal, person=person, reason=reason)
        say_after_rerun(say("weights.kept"))


def _versions(kept: Sequence[Weighing], own: Scoring) -> None:
    """Who kept which weights when, the newest first; a row begins a trial with them."""
    before = [own, *(one.scoring for one in kept)]
    listing(
        [Heading(say(f"weights.column_{name}")) for name in ("version", "what", "person", "reason", "when")],
        [
            (to("portfolio", weights=str(one.change_id)), (
                Cell(one.scoring.version),
                Cell(_changes(earlier, one.scoring)),
                Cell(one.person),
                Cell(one.reason or ""),
                Cell(moment(one.at), order=one.at.isoformat()),
            ))
            for earlier, one in reversed(list(zip(before, kept, strict=False)))
        ],
        title=say("section.weighings"),
        key="weighings",
    )  # fmt: skip
    page_link("portfolio", say("weights.to_own", version=own.version), weights=OWN)


def _changes(then: Scoring, now: Scoring) -> str:
    """What weighs otherwise than in the version before."""
    parts = (
        f"{_label(name)} {_number(then.weights[name])} → {_number(weight)}"
        for name, weight in now.weights.items()
        if weight != then.weights[name]
    )
    return " · ".join(parts)


def _label(name: str) -> str:
    """Of a vital, of a figure within one, or of health as a whole."""
    vital, _, figure = name.partition(".")
    if figure:
        return say(f"vital_short.{figure}")
    return _name(Vital(vital)) if vital in set(Vital) else say("measure.health")
