"""What counts for health: the weights of this installation, or those that somebody kept instead.

They hold for every day that is looked at, so that what moved is never the yardstick. Anchors and limits are those of
the installation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kam_metrics.scoring import Scoring, Weights
from kam_metrics.store import World

_KEPT = """
    select w.*, c.who, c.changed_at
    from weighing w
    join change c using (change_id)
    order by change_id
"""


@dataclass(frozen=True)
class Weighing:
    """One version of the weights: in whose name, why and when it was kept."""

    scoring: Scoring
    change_id: int
    person: str
    reason: str | None
    who: str
    at: datetime


def weighings(world: World) -> Sequence[Weighing]:
    """Every version that was kept, oldest first."""
    return world.once("weighings", lambda: _weighings(world))


def scoring_now(world: World) -> Scoring:
    """By what health is scored: the version kept last, or what the installation says."""
    kept = weighings(world)
    return kept[-1].scoring if kept else own_scoring(world)


def own_scoring(world: World) -> Scoring:
    """What the installation says, whatever was kept over it."""
    own: Scoring = world.constant("health")
    return own


def _weighings(world: World) -> Sequence[Weighing]:
    own = own_scoring(world)
    return [
        Weighing(
            own.weighed(told, f"{own.version}.{number}") if (told := _read(row["told"])) else own,
            *(row[name] for name in ("change_id", "person", "reason", "who", "changed_at")),
        )
        for number, row in enumerate(world.rows(_KEPT), start=1)
    ]


def kept_as(weights: Weights, own: Scoring) -> str:
    """Weights as they are kept: all of them, or none where they are what the installation says."""
    told = {} if weights == own.weights else {name: str(weight) for name, weight in weights.items()}
    return json.dumps(told, sort_keys=True)


def _read(told: str) -> Weights:
    return {name: Decimal(weight) for name, weight in json.loads(told).items()}
