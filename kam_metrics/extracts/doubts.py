"""Warnings about the lines of a file, kept with its load, so that a source can be judged by them later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kam_metrics.extracts.judgement import Message
from kam_metrics.store import Change

_COUNTED = {"line", "documents"}
"""What a warning names when it is about lines; others say how the file was read."""


def keep(change: Change, load_id: int, warnings: Iterable[Message]) -> None:
    """Note of a load how many lines each warning was about."""
    told: Counter[str] = Counter()
    for warning in warnings:
        if _COUNTED & warning.values.keys():
            told[warning.key.removeprefix("extract_warning.")] += int(str(warning.values["count"]))
    change.run(
        "insert into batch_warning values ($load_id, map($names::text[], $counts::bigint[]))",
        {"load_id": load_id, "names": list(told), "counts": list(told.values())},
    )
