"""What changed since a reader last looked, in at most five sentences, each saying no more than its figures do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kam_metrics import words
from kam_metrics.metrics import Changed
from kam_metrics.metrics.changed import MOVING, Move
from kam_metrics.words import say

MOST = 5
"""As many sentences as anybody reads."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the page that shows more."""

    text: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)


def sentences(lang: str, told: Changed) -> list[Sentence]:
    """What came, what people did, and then the accounts that moved most; one sentence when nothing changed."""
    first = list(_happened(lang, told))
    found = [*first, *list(_moved(lang, told))[: MOST - len(first)]]
    return found or [Sentence(say(lang, "news.nothing"), "portfolio")]


def _happened(lang: str, told: Changed) -> Iterator[Sentence]:
    came = {row["load_id"]: row["what"] for row in told.loads}
    if came:
        count = sum(what != "undo" for what in came.values())
        undone = len(came) - count
        yield Sentence(say(lang, _key("news.loads", count, undone), count=count, undone=undone), "data")
    if told.new or told.solved:
        counts = {"new": len(told.new), "solved": len(told.solved)}
        key = _key("news.decisions", len(told.new), len(told.solved))
        yield Sentence(say(lang, key, **counts), "portfolio", {"decisions": "all"})
    if told.weighing:
        version, person = told.weighing.scoring.version, told.weighing.person
        yield Sentence(say(lang, "news.weights", version=version, person=person), "portfolio", {"weights": "now"})
    if told.reviews:
        names = sorted({row["account_name"] or words.unknown(lang) for row in told.reviews})
        shown = ", ".join(names[:3])
        key = "news.reviews" if len(names) <= 3 else "news.reviews_more"
        yield Sentence(say(lang, key, count=len(told.reviews), accounts=shown, more=len(names) - 3), "plan")


def _key(key: str, first: int, second: int) -> str:
    """Which of two things there are: both, or only one of them."""
    if first and second:
        return f"{key}_both"
    return f"{key}_first" if first else f"{key}_second"


def _moved(lang: str, told: Changed) -> Iterator[Sentence]:
    for name in MOVING:
        move = told.moves.get(name)
        if move and _shown(lang, name, move.then) != _shown(lang, name, move.now):
            yield Sentence(_move(lang, name, move), "account", {"account": move.account_id})
    if told.plans:
        row = told.plans[0]
        states = {when: say(lang, f"state.{row[when] or 'none'}") for when in ("then", "now")}
        key = "news.plan" if len(told.plans) == 1 else "news.plans"
        text = say(lang, key, account=row["account_name"], more=len(told.plans) - 1, **states)
        yield Sentence(text, "account" if len(told.plans) == 1 else "plan", _of(row["account_id"], len(told.plans)))


def _of(account_id: str, count: int) -> Mapping[str, str]:
    return {"account": account_id} if count == 1 else {}


def _move(lang: str, name: str, move: Move) -> str:
    rose = "rose" if move.now > move.then else "fell"
    shown = {"then": _shown(lang, name, move.then), "now": _shown(lang, name, move.now)}
    return say(lang, f"news.{name}_{rose}", account=move.account_name, **shown)


def _shown(lang: str, name: str, value: Decimal) -> str:
    return words.number(lang, value, 1) if name == "health" else words.money(lang, value, decimals=0)
