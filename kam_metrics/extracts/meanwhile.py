"""Two analysts at once: who sees a difference and then loads must hear what was loaded in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kam_metrics.errors import KamError
from kam_metrics.store import Change, World


class LoadedMeanwhile(KamError):
    """Somebody changed the store after the difference was shown."""

    key = "loaded_meanwhile"


_SINCE = "c.change_id > $seen and c.what not in ('decide', 'look', 'weigh')"
"""What people decide, weigh or have seen changes no row, so a difference stays what it was."""


@dataclass(frozen=True)
class Event:
    """An act upon the store: what, who, when, and the file it is about."""

    what: str
    who: str
    at: datetime
    file: str | None
    kind: str | None
    about: str | None
    """In whose name a month was closed, or which profile was kept."""


def require_unchanged(change: Change, seen: int | None) -> None:
    """LoadedMeanwhile unless the store still is what the analyst saw."""
    if seen is not None and change.run(f"select 1 from change c where {_SINCE} limit 1", {"seen": seen}):
        raise LoadedMeanwhile


def events_since(world: World, seen: int) -> list[Event]:
    """What was done to the store after a revision, oldest first."""
    rows = world.rows(
        "select c.what, c.who, c.changed_at as at, b.file_name as file, b.kind, c.about from change c "
        f"left join batch b using (batch_id) where {_SINCE} order by c.change_id",
        {"seen": seen},
    )
    return [Event(**row) for row in rows]
