"""Store a large file while it is read: its rows are typed into their table and judged as they stand there.

That costs less than typing, judging and then storing them, and is for files about which nothing is doubtful. It
explains nothing: at the first doubt everything is rolled back, and the file goes the usual road.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

from kam_metrics.errors import KamError
from kam_metrics.extracts import rules
from kam_metrics.extracts.cells import sql_type_of
from kam_metrics.extracts.check import TYPED, Sheet, typed
from kam_metrics.extracts.dialect import Layout
from kam_metrics.extracts.judgement import Asked, Doubtful, Judgement
from kam_metrics.extracts.kinds import Kind
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.source import Source
from kam_metrics.extracts.staging import SAMPLE, TEXT, Staged, cells_of
from kam_metrics.extracts.storing import brief_table, into, said_briefly, says_more
from kam_metrics.store import Change, EngineError, Stage, Store
from kam_metrics.terms import Principal

LEAST_LINES = 1_000_000
"""Of half a million lines nothing is gained, of a million six percent, of ten sixteen."""
_MOST_THREADS = 2
"""Lines are numbered by one thread; the usual road has work for all, so with more of them it takes less time."""
_TAIL = 1 << 14
_PROBE = "staged_probe"
_DOUBT = "doubtful row"


class Straight:
    """One try at storing rows while they are read, in a change that stays open until they are judged."""

    def __init__(self, store: Store, stage: Stage, by: Principal, *, is_ruled_out: bool = False) -> None:
        self._store, self._stage, self._by = store, stage, by
        self._is_ruled_out = is_ruled_out
        self._is_kept = False
        self._held = ExitStack()
        self._change: Change | None = None
        self.number: int | None = None
        """Of the load whose rows stand in the store, before anything else of it does."""

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Rows that are stored inside and not kept are rolled back, and Doubtful, whatever else was to be said."""
        try:
            with self._held:
                yield
                if self.number is not None and not self._is_kept:
                    raise Doubtful
        except KamError as told:
            if self.number is None:
                raise
            raise Doubtful from told

    def changing(self) -> AbstractContextManager[Change]:
        """The change in which the rows stand, or else a new one."""
        return nullcontext(self._change) if self._change else self._store.change(self._stage, self._by)

    def keep(self, loaded: Judgement) -> None:
        """Keep the rows, if it is them that were loaded."""
        self._is_kept = loaded.outcome == "accept" and loaded.load_id == self.number

    def holds(self, this: Sheet, source: Source, layout: Layout, staged: Staged, options: Options) -> bool:
        """Store every row and let it be asked as a typed one; False leaves the rows to the usual road."""
        if self._change:
            raise Doubtful
        if self._is_ruled_out or not self._suits(this, source, staged, options):
            return False
        if not self._looks_plain(this, source, layout, options):
            return False
        self._is_ruled_out = True
        try:
            with ExitStack() as opened:
                change = opened.enter_context(self._store.change(self._stage, self._by))
                number = _next_number(change)
                _store(change, this, number, staged)
                self._held.enter_context(opened.pop_all())
        except Doubtful:
            return False
        self._change, self.number = change, number
        _define(self._stage, this.kind, number)
        return True

    def _suits(self, this: Sheet, source: Source, staged: Staged, options: Options) -> bool:
        """Whether such a file may go straight, whatever stands in it."""
        (is_apt,) = self._stage.cursor.execute(
            "select current_setting('threads') <= $threads and not exists(from batch where sha256 = $sha256)",
            {"threads": _MOST_THREADS, "sha256": source.sha256},
        ).fetchone() or (False,)
        is_large = staged.has_sample and (staged.unproven or 0) >= LEAST_LINES
        is_as_it_stands = options.sign in (None, "as_booked") and not options.quarantine
        is_brief = {place.name for place in this.places} <= {*this.kind.brief, "currency"}
        is_bare = not this.constants and not this.same and not source.has_quotes
        return bool(is_apt and is_large and is_as_it_stands and is_brief and is_bare)

    def _looks_plain(self, this: Sheet, source: Source, layout: Layout, options: Options) -> bool:
        """Whether a sample and the last lines, where totals stand, hold nothing that another road must explain."""
        tail, lines = _write_tail(source, self._stage.spool)
        last = cells_of(source, layout, tail, 0)
        rows = f"(select 0 as line, * exclude (line) from {SAMPLE} union all select 1, * from ({last}))"
        cursor = self._stage.cursor
        cursor.execute(
            f"create or replace temp table {_PROBE} as {typed(this, rows, ('line', *this.kind.names))}", this.words
        )
        cursor.execute(f"create or replace temp view {TYPED} as from {_PROBE}")
        is_plain = f"sum(line) = {lines} and not bool_or({_is_odd(this.kind)})"
        (is_fit,) = cursor.execute(f"select {is_plain} {said_briefly(TYPED)}").fetchone() or (False,)
        try:
            rules.ask_about_meaning(self._stage, this, options)
        except Asked:
            return False
        return bool(is_fit)


def _write_tail(source: Source, folder: Path) -> tuple[Path, int]:
    """The last lines of a file, and how many."""
    file = folder / "tail.txt"
    with source.file.open("rb") as text:
        text.seek(-min(_TAIL, source.file.stat().st_size), 2)
        text.readline()
        lines = text.readlines()
    file.write_bytes(b"".join(lines))
    return file, len(lines)


def _next_number(change: Change) -> int:
    """The number that the next load gets: asked and not taken, so that a try leaves no gap."""
    ((number,),) = change.run(
        "select coalesce(last_value, 0) + 1 from duckdb_sequences() where sequence_name = 'batch_seq'"
    )
    return int(number)


def _is_odd(kind: Kind) -> str:
    """SQL of whether a typed row has a fault, or says more than the narrower table of its kind."""
    return f"faults <> 0 or {says_more(kind, kind.names)}"


def _store(change: Change, this: Sheet, number: int, staged: Staged) -> None:
    """Type every row into the store, each with its line; Doubtful at the first odd one, or when a line is no row."""
    kind = this.kind
    line = f"case when {_is_odd(kind)} then error('{_DOUBT}') else line end as line"
    rows = said_briefly(f"({typed(this, TEXT, ('line', *kind.names))})")
    rows = f"select {', '.join((line, *kind.brief))} {rows}"
    told = {**this.words, "batch_id": number}
    try:
        ((stored,),) = change.cursor.execute(into(brief_table(kind), kind.brief, rows), told).fetchall()
    except EngineError as error:
        if _DOUBT in str(error):
            raise Doubtful from error
        raise
    if stored != staged.unproven:
        raise Doubtful


def _define(stage: Stage, kind: Kind, number: int) -> None:
    """Make the stored rows known as the typed ones, with what they leave unsaid."""
    unsaid = {column.name: f"null::{sql_type_of(column)}" for column in kind.columns if column.name not in kind.brief}
    unsaid |= {"currency": "'EUR'"}
    columns = ", ".join(f"{unsaid[name]} as {name}" if name in unsaid else name for name in kind.names)
    stage.cursor.execute(
        f"create or replace temp view {TYPED} as "
        f"select line, 0::bigint as faults, {columns} from {brief_table(kind)} where batch_id = {number}"
    )
