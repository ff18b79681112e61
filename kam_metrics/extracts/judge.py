"""Judge a file: from bytes to typed rows, problems, or a question. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from kam_metrics.extracts import profiles, rules
from kam_metrics.extracts.check import FAULT, TYPED, Sheet, note_faults
from kam_metrics.extracts.constants import exact_constants
from kam_metrics.extracts.dialect import Layout, layout
from kam_metrics.extracts.judgement import (
    Asked,
    Judgement,
    Message,
    Problem,
    ReadAs,
    Refused,
    shortened,
)
from kam_metrics.extracts.learn import read_rows
from kam_metrics.extracts.match import Match, ignored, matched
from kam_metrics.extracts.memory import Recalled, Saved, attempts, fingerprint, recalled
from kam_metrics.extracts.mending import restored
from kam_metrics.extracts.opposites import require_signed
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.recall import require_same_sign, require_same_style
from kam_metrics.extracts.remarks import remarks
from kam_metrics.extracts.rows import Skips, require_titles, skips
from kam_metrics.extracts.source import Source, sha256, spool
from kam_metrics.extracts.staging import TEXT, Staged, stage_text
from kam_metrics.extracts.straight import Straight
from kam_metrics.extracts.style import DATED, NUMERIC, Style
from kam_metrics.extracts.titles import require_plain_amounts
from kam_metrics.extracts.verdict import control_problems, fault_count, problems, set_aside, totals
from kam_metrics.extracts.workbook import stage_parquet, stage_workbook
from kam_metrics.store import Stage

_CODED = frozenset({"id"})
_UNREAD = {"typed_code": _CODED}
"""Rules about the type of a column in the file, to the types of ours that it does not fit; others fit none."""


@dataclass
class _Progress:
    """What is known so far, so that an answer given half-way says as much as it can."""

    kind: str | None = None
    read_as: ReadAs = field(default_factory=ReadAs)
    warnings: list[Message] = field(default_factory=list)
    skipped: Mapping[str, int] = field(default_factory=dict)
    rows: int = 0
    headers: tuple[str, ...] = ()
    recalled: Recalled | None = None
    read_with: Options = field(default_factory=Options)
    kept: Sequence[Saved] = ()
    straight: Straight | None = None


def judge(
    stage: Stage,
    path: Path,
    options: Options | None = None,
    kept: Sequence[Saved] = (),
    straight: Straight | None = None,
) -> Judgement:
    """Read and judge a file; the typed rows stand in `Judgement.table` while the stage lives."""
    asked = profiles.applied(options or Options(), kept)
    first = _read(stage, path, asked, kept, straight)
    if first.outcome == "accept" or (first.headers and first.outcome == "ask"):
        return first
    for one, again in attempts(kept, first.question.about if first.question else "", asked):
        found = _read(stage, path, again, kept, straight)
        if found.headers and fingerprint(found.headers) == one.fingerprint:
            return found
    return first


def _read(stage: Stage, path: Path, asked: Options, kept: Sequence[Saved], straight: Straight | None) -> Judgement:
    progress = _Progress(kind=asked.kind, read_with=asked, kept=kept, straight=straight)
    base = Judgement("reject", file_name(asked.name or path.name), "")
    try:
        source = spool(path, stage.spool, asked.encoding)
        base = replace(base, sha256=source.sha256)
        return _judged(stage, source, progress, base)
    except Refused as refused:
        return _with(base, path, progress, problems=(refused.problem,), problem_count=1, lines=_line(refused.problem))
    except Asked as question:
        return _with(base, path, progress, outcome="ask", question=question.question)


def _line(problem: Problem) -> tuple[int, ...]:
    return () if problem.line is None else (problem.line,)


def _with(base: Judgement, path: Path, progress: _Progress, **found: Any) -> Judgement:
    known = {
        "sha256": base.sha256 or (sha256(path) if path.is_file() else ""),
        "kind": progress.kind,
        "read_as": progress.read_as,
        "warnings": tuple(progress.warnings),
        "skipped": progress.skipped,
        "rows": progress.rows,
        "headers": progress.headers,
        "remembered": progress.recalled and progress.recalled.name,
        "read_with": progress.read_with,
    }
    return replace(base, **{**known, **found})


def file_name(name: str) -> str:
    """The last part of a name, whatever path or control characters came with it."""
    return shortened(PurePosixPath(name.replace("\\", "/")).name) or "extract"


def _judged(stage: Stage, source: Source, progress: _Progress, base: Judgement) -> Judgement:
    laid_out, staged = _staged(stage, source, progress.read_with, progress)
    _recall(laid_out, progress)
    options = progress.read_with
    found = matched(laid_out.headers, options)
    options = replace(options, constants=exact_constants(stage, found, options))
    _note_match(found, laid_out, options, progress)
    if options.header_row is None:
        require_titles(found, laid_out)
    require_plain_amounts(found, laid_out, options, progress.read_as.sheet or "")
    for place in found.places:
        if (rule := staged.unreadable.get(place.index)) and place.column.type in _UNREAD.get(rule, {place.column.type}):
            raise Refused(rule, column=place.header, detail=place.header)
    staged, decided, this = read_rows(stage, source, laid_out, found, staged, options, progress.straight)
    if progress.recalled:
        require_same_style(stage, found.places, staged, options, progress.recalled)
    progress.read_as = _with_style(progress.read_as, found, decided)
    skipped = skips(stage, this, laid_out)
    progress.skipped = _counted(skipped, staged, laid_out)
    note_faults(stage, this, skipped.lines)
    _note_doubts(stage, this, staged, skipped)
    progress.rows = _data_rows(stage, skipped)
    if not fault_count(stage):
        require_signed(stage, this, laid_out.headers, options)
    return _weighed(stage, this, options, skipped, progress, base)


def _staged(stage: Stage, source: Source, options: Options, progress: _Progress) -> tuple[Layout, Staged]:
    if source.form == "workbook":
        laid_out, staged, name = stage_workbook(stage, source, options)
        progress.read_as = ReadAs(sheet=name, header_row=laid_out.header.line)
        if any(staged.hidden):
            progress.warnings.append(
                Message("extract_warning.hidden", dict(zip(("rows", "columns"), staged.hidden, strict=True)))
            )
        return laid_out, staged
    if source.form == "parquet":
        laid_out, staged = stage_parquet(stage, source, options)
        progress.read_as = ReadAs(header_row=1)
        return laid_out, staged
    laid_out = layout(source.file, options)
    _recall(laid_out, progress)
    source = restored(source, laid_out.headers, laid_out.delimiter, laid_out.header.line)
    progress.read_as = ReadAs(source.encoding, laid_out.delimiter, header_row=laid_out.header.line)
    if source.has_wrapped:
        progress.warnings.append(Message("extract_warning.wrapped", {}))
    matched(laid_out.headers, progress.read_with)
    return laid_out, stage_text(stage, source, laid_out)


def _recall(laid_out: Layout, progress: _Progress) -> None:
    """Fill in what was remembered for a file with these headers, and say so."""
    if progress.headers:
        return
    progress.headers = laid_out.headers
    progress.read_with, progress.recalled = recalled(progress.kept, laid_out.headers, progress.read_with)
    if progress.recalled:
        progress.kind = progress.read_with.kind
        progress.warnings.append(progress.recalled.warning)


def _note_match(found: Match, laid_out: Layout, options: Options, progress: _Progress) -> None:
    progress.kind = found.kind.name
    columns = {place.header: place.name for place in found.places}
    progress.read_as = replace(progress.read_as, columns=columns)
    if rest := ignored(laid_out.headers, found, options):
        shown = ", ".join(shortened(name) for name in rest[:20])
        progress.warnings.append(Message("extract_warning.ignored", {"count": len(rest), "columns": shown}))


def _with_style(read_as: ReadAs, found: Match, decided: Style) -> ReadAs:
    """The style of the columns that matter most: the money and the day."""
    marks, orders = decided.decimals, decided.orders
    mark = marks.get(found.kind.money or "") or next(iter(marks.values()), None)
    order = orders.get(found.kind.dated or "") or next(iter(orders.values()), None)
    return replace(read_as, decimal=mark, date_order=order)


def _counted(skipped: Skips, staged: Staged, laid_out: Layout) -> dict[str, int]:
    counts = skipped.counts
    counts["blank"] += staged.blank
    for record in laid_out.above:
        counts["blank" if record.is_blank else "title"] += 1
    return dict(counts)


def _data_rows(stage: Stage, skipped: Skips) -> int:
    (rows,) = stage.cursor.execute(f"select count(*) from {TYPED}").fetchone() or (0,)
    if rows == len(skipped.lines):
        raise Refused("no_rows")
    return int(rows) - len(skipped.lines)


_DOUBTED = {
    "text_number": NUMERIC, "text_day": DATED, "day_code": _CODED, "flag_code": _CODED, "money_code": _CODED | DATED,
}  # fmt: skip


def _note_doubts(stage: Stage, this: Sheet, staged: Staged, skipped: Skips) -> None:
    """A cell of a workbook that is not what it shows is doubtful, whatever it says; that goes before other faults."""
    types = {place.index: place.column.type for place in this.places}
    rows = [
        (line, index, rule)
        for rule, places in staged.doubts.items()
        for index, lines in places.items()
        if index in types and types[index] in _DOUBTED.get(rule, types.values())
        for line in lines
        if line not in skipped.lines
    ]
    if rows:
        stage.cursor.execute("create or replace temp table staged_doubt (line bigint, place integer, rule varchar)")
        stage.cursor.executemany("insert into staged_doubt values (?, ?, ?)", rows)
        stage.cursor.execute(f"delete from {FAULT} where (line, place) in (select line, place from staged_doubt)")
        stage.cursor.execute(
            f"insert into {FAULT} select line, place, rule, '' from staged_doubt semi join {TEXT} using (line)"
        )


def _weighed(
    stage: Stage, this: Sheet, options: Options, skipped: Skips, progress: _Progress, base: Judgement
) -> Judgement:
    if not fault_count(stage) or options.quarantine:
        if progress.recalled:
            require_same_sign(stage, this, options, progress.recalled)
        rules.ask_about_meaning(stage, this, options)
    rules.shape(stage, this, options)
    rules.note_rules(stage, this, options)
    rules.finish(stage, this)
    sums = totals(stage, this)
    whole = [*skipped.problems, *control_problems(sums, options)]
    count = fault_count(stage)
    left = set_aside(stage, this) if options.quarantine and count and not whole else 0
    is_fit = not whole and (not count or (left and sums["rows"]))
    known = {**sums, "kind": this.kind.name, "source_system": options.source}
    if not is_fit:
        known |= problems(stage, this, whole)
        known["rows"] = progress.rows
        return _with(base, Path(), progress, **known)
    progress.warnings.extend((*rules.warnings(stage, this), *remarks(stage, this)))
    if left:
        known |= problems(stage, this, whole)
    return _with(base, Path(), progress, outcome="accept", table=rules.ROWS, quarantined=left, **known)
