"""Rows that an analyst chose to leave out: listed, counted, and handed over as a file that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from kam_metrics.extracts.mending import guarded
from kam_metrics.store import World
from kam_metrics.words import say


@dataclass(frozen=True)
class LeftOut:
    """One row in quarantine, as it stands in its file."""

    load_id: int
    file: str
    kind: str
    line: int
    rules: tuple[str, ...]
    raw: str


def left_out(world: World) -> list[LeftOut]:
    """Every row in quarantine of a load that counts, newest load first."""
    rows = world.rows(
        "select q.batch_id, b.file_name, b.kind, q.line, q.problem, q.raw from quarantine q "
        "join batch b using (batch_id) semi join live_batch l using (batch_id) order by q.batch_id desc, q.line"
    )
    return [
        LeftOut(
            row["batch_id"], row["file_name"], row["kind"], row["line"], tuple(row["problem"].split(", ")),
            row["raw"] or "",
        )
        for row in rows
    ]  # fmt: skip


def quarantine_csv(rows: Sequence[LeftOut], lang: str) -> bytes:
    """The rows with their load, line and rules; a cell that would be a formula is made text."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";" if lang == "nl" else ",", lineterminator="\r\n")
    out.writerow(say(lang, f"column.{name}") for name in ("load", "file", "kind", "line", "problem", "raw"))
    for row in rows:
        rules = ", ".join(say(lang, f"rule.{rule}") for rule in row.rules)
        out.writerow([row.load_id, guarded(row.file), row.kind, row.line, rules, guarded(row.raw)])
    return text.getvalue().encode("utf-8-sig")
