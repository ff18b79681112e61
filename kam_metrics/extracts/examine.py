"""Everything an analyst is shown of a file before it is loaded, from one reading of it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from kam_metrics import words
from kam_metrics.extracts import memory
from kam_metrics.extracts.changes import Changes, changes
from kam_metrics.extracts.check import FAULT
from kam_metrics.extracts.heads import Head, heads, missing
from kam_metrics.extracts.history import may_load
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.judgement import Judgement, Problem
from kam_metrics.extracts.kinds import KINDS
from kam_metrics.extracts.load import checked
from kam_metrics.extracts.mending import as_lines, write_mended
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.preview import ReadRow, holds, preview
from kam_metrics.extracts.staging import TEXT
from kam_metrics.store import Stage, Store
from kam_metrics.terms import Principal


@dataclass(frozen=True)
class Examination:
    """The judgement of a file with all that explains it."""

    judgement: Judgement
    rows: Sequence[ReadRow] = ()
    heads: Sequence[Head] = ()
    missing: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    rules: Mapping[str, int] | None = None
    """How many cells or rows break which rule."""
    changes: Changes = Changes()


def examine(store: Store, path: Path, options: Options, by: Principal, *, replacing: bool = False) -> Examination:
    """Judge a file, and keep what the analyst wants to see of it."""
    may_load(by)
    with store.stage() as stage:
        judgement = checked(store, stage, path, options, by, replacing=replacing)
        rows = preview(stage, judgement)
        is_fit = judgement.outcome == "accept" and judgement.kind is not None
        return Examination(
            judgement,
            rows,
            heads(judgement, judgement.read_with, rows),
            missing(judgement, judgement.read_with),
            _sheets(stage),
            _rules(stage),
            changes(stage, KINDS[judgement.kind or ""], replacing=replacing) if is_fit else Changes(),
        )


def _sheets(stage: Stage) -> tuple[str, ...]:
    book = stage.spool / "extract.xlsx"
    if not book.exists():
        return ()
    try:
        return tuple(CalamineWorkbook.from_path(book).sheet_names)
    except CalamineError:
        return ()


def _rules(stage: Stage) -> dict[str, int]:
    if not holds(stage, FAULT):
        return {}
    rows = stage.cursor.execute(f"select rule, count(*) from {FAULT} group by 1 order by 2 desc, 1").fetchall()
    return dict(rows)


def mended(store: Store, path: Path, options: Options, by: Principal, language: str) -> bytes:
    """The file with a column that says what is wrong with each row, as CSV that opens in a spreadsheet."""
    may_load(by)
    with store.stage() as stage:
        judgement = judge(stage, path, options, memory.held(stage))
        text = stage.spool / "extract.txt"
        if not text.exists():
            _write_sheet(stage, judgement, text)
        out = io.StringIO(newline="")
        with text.open(encoding="utf-8", newline="\n", errors="surrogatepass") as source:
            write_mended(
                source,
                out,
                delimiter=judgement.read_as.delimiter or ";",
                header_line=judgement.read_as.header_row or 1,
                problems=_said(stage, judgement, language),
                header=words.say(language, "extract_mending.header"),
            )
        return out.getvalue().encode("utf-8-sig", "replace")


def _write_sheet(stage: Stage, judgement: Judgement, text: Path) -> None:
    with text.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(as_lines(_sheet_rows(stage, judgement)))


def _sheet_rows(stage: Stage, judgement: Judgement) -> Iterator[tuple[int, Sequence[str | None]]]:
    yield judgement.read_as.header_row or 1, judgement.headers
    rows = stage.cursor.execute(f"select * exclude (fields, surplus) from {TEXT} order by line").fetchall()
    yield from ((line, cells) for line, *cells in rows)


def _said(stage: Stage, judgement: Judgement, language: str) -> dict[int, str]:
    """Line to what is wrong with it, all of it."""
    headers = dict(enumerate(judgement.headers))
    values = " ".join(f"when {index} then c{index}" for index in headers)
    if not holds(stage, FAULT):
        return {}
    rows = stage.cursor.execute(
        f"select line, rule, place, detail, case place {values} end from {FAULT} join {TEXT} using (line) "
        "order by line, place, rule"
    ).fetchall()
    told: dict[int, list[str]] = {}
    for line, rule, place, detail, value in rows:
        problem = Problem(rule, line, header=headers.get(place), value=value, detail=detail or "")
        told.setdefault(line, []).append(str(problem.payload(language)["message"]))
    return {line: " ".join(said) for line, said in told.items()}
