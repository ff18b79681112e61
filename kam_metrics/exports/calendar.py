"""Reviews and milestones still to come, as a file that any calendar reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from kam_metrics import metrics
from kam_metrics.exports.pack import Asked
from kam_metrics.words import say

if TYPE_CHECKING:
    from icalendar import Event


def calendar(asked: Asked, made_on: date) -> bytes:
    """One whole-day event per review not yet held and per milestone not yet reached; read again, none comes twice."""
    # Imported when it is used: nobody who only looks at pages waits for it.
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//KAM Metrics//board//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", say(asked.lang, "export.calendar_name"))
    for event in (*_reviews(asked, made_on), *_milestones(asked, made_on)):
        made.add_component(event)
    return bytes(made.to_ical())


def _reviews(asked: Asked, made_on: date) -> Iterator[Event]:
    for row in metrics.review_rows(asked.world, asked.seen):
        if row["held_date"] is None:
            kind = say(asked.lang, f"review_kind.{row['kind']}")
            what = say(asked.lang, "export.review", kind=kind, account=row["account_name"] or "")
            yield _event(f"review-{row['review_id']}", row["due_date"], what, row["next_steps"], made_on)


def _milestones(asked: Asked, made_on: date) -> Iterator[Event]:
    for row in metrics.milestone_rows(asked.world, asked.seen):
        if not row["is_done"]:
            what = say(asked.lang, "export.milestone", title=row["title"], account=row["account_name"] or "")
            when = row["planned_date"] or row["baseline_date"]
            yield _event(f"milestone-{row['milestone_id']}", when, what, row["owner"], made_on)


def _event(uid: str, when: date, what: str, about: str | None, made_on: date) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{uid}@kam-metrics")
    event.add("dtstamp", datetime.combine(made_on, time(), UTC))
    event.add("dtstart", when)
    event.add("dtend", when + timedelta(days=1))
    event.add("summary", what)
    event.add("transp", "TRANSPARENT")
    if about:
        event.add("description", about)
    return event
