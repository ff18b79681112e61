"""What people decide and have seen: deal with a decision, say what counts for health, look at the Portfolio.

Figures make a decision and take it away; a person's act is kept beside it, appended, in the chain of the journal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kam_metrics.errors import KamError, NotAllowed
from kam_metrics.metrics import decisions
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.changed import standing
from kam_metrics.metrics.reconcile import DECIDED, WEIGHED, vouched
from kam_metrics.metrics.weighing import kept_as, own_scoring, scoring_now
from kam_metrics.scoring import Scoring, Weights
from kam_metrics.store import Store, World
from kam_metrics.terms import Principal, Slice

LONGEST_NAME, LONGEST_NOTE = 80, 300


@dataclass(frozen=True)
class Act:
    """All that holds of a decision once a person has acted."""

    owner: str | None = None
    due: date | None = None
    note: str | None = None
    is_done: bool = False

    @classmethod
    def of(cls, row: Row) -> Act:
        """What holds of it now."""
        return cls(row["owner"], row["due"], row["note"], row["is_done"])

    @property
    def tidy(self) -> Act:
        """Without spaces around, and nothing instead of an empty text."""
        owner, note = ((text or "").strip() or None for text in (self.owner, self.note))
        return Act(owner, self.due, note, self.is_done)


def found(world: World, decision_id: str, by: Principal, as_of: date) -> Row:
    """A decision that this reader may see and figures ask for, open or done; UnknownDecision otherwise."""
    seen = Slice(as_of, kam_scope=by.kam_scope)
    for row in decisions(world, seen, with_done=True):
        if row["decision_id"] == decision_id:
            return row
    raise KamError("unknown_decision", decision_id=decision_id)


def decide(store: Store, decision_id: str, act: Act, by: Principal, *, person: str, as_of: date) -> int:
    """Act upon a decision, on figures as of a day and in a person's name; the new revision."""
    if not by.may_decide:
        raise NotAllowed("may_not_decide")
    told, person = act.tidy, _person(person)
    _require_short([person, told.owner], told.note)
    with store.read() as world:
        if Act.of(found(world, decision_id, by, as_of)) == told:
            raise KamError("nothing_decided", decision_id=decision_id)
    row = {"decision_id": decision_id, "as_of": as_of, "person": person, **vars(told)}
    with store.stage() as stage, store.change(stage, by) as change:
        revision = change.note_act("decide", vouched(row, DECIDED))
        change.run(
            "insert into decision (change_id, decision_id, as_of, person, owner, due, note, is_done) "
            "values ($change_id, $decision_id, $as_of, $person, $owner, $due, $note, $is_done)",
            {**row, "change_id": revision},
        )
        return revision


def weigh(store: Store, weights: Weights, by: Principal, *, person: str, reason: str = "") -> int:
    """Keep what counts for health from now on, in a person's name; the new revision.

    What `weights` do not name weighs what it does now.
    """
    if not by.may_weigh:
        raise NotAllowed("may_not_weigh")
    person, why = _person(person), reason.strip() or None
    _require_short([person], why)
    with store.read() as world:
        own, now = own_scoring(world), scoring_now(world)
    wanted = now.weighed(weights, now.version)
    _require_weights(now, wanted, weights)
    row = {"person": person, "reason": why, "told": kept_as(wanted.weights, own)}
    with store.stage() as stage, store.change(stage, by) as change:
        revision = change.note_act("weigh", vouched(row, WEIGHED))
        change.run(
            "insert into weighing (change_id, person, reason, told) values ($change_id, $person, $reason, $told)",
            {**row, "change_id": revision},
        )
        return revision


def _require_weights(now: Scoring, wanted: Scoring, weights: Weights) -> None:
    for name, weight in weights.items():
        if name not in now.weights or not weight.is_finite() or weight < 0:
            raise KamError("bad_weight", name=name, weight=weight)
    if wanted.weightless:
        raise KamError("weightless", name=wanted.weightless)
    if wanted == now:
        raise KamError("nothing_weighed")


def _person(name: str) -> str:
    if not name.strip():
        raise KamError("act_without_name")
    return name.strip()


def _require_short(names: Sequence[str | None], note: str | None) -> None:
    if max(len(name or "") for name in names) > LONGEST_NAME or len(note or "") > LONGEST_NOTE:
        raise KamError("act_too_long", name_length=LONGEST_NAME, note_length=LONGEST_NOTE)


def look(store: Store, by: Principal, as_of: date) -> int:
    """Keep what stands on this reader's Portfolio now, as what they have seen; the new revision."""
    with store.read() as world:
        told = json.dumps(standing(world, Slice(as_of, kam_scope=by.kam_scope)), ensure_ascii=False)
    with store.stage() as stage, store.change(stage, by) as change:
        revision = change.note_act("look", by.reader)
        change.run(
            "insert into look (change_id, reader, as_of, told) values ($change_id, $reader, $as_of, $told)",
            {"change_id": revision, "reader": by.reader, "as_of": as_of, "told": told},
        )
        return revision
