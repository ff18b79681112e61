"""What the Data page does with files: read, answer what is open, see what changes, load, undo and redo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from kam_metrics import extracts, metrics, words
from kam_metrics.extracts import KINDS, Judgement, Load, Options, profiles
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics.answer import Row
from kam_metrics.store import World
from kam_metrics.terms import Principal, Slice
from kam_metrics.ui.answers import ask, measure
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import amount, listing

AUTOMATIC = "auto"


@dataclass(frozen=True)
class Upload:
    """A file somebody dropped: where it lies, under which name, and a key for its controls."""

    path: Path
    name: str
    key: str


def uploads() -> Sequence[Upload]:
    """The files in the drop zone, each written aside once."""
    dropped = st.file_uploader(
        say("ui.steps"), accept_multiple_files=True, key=f"drop-{st.session_state.get('drops', 0)}"
    )
    return [_kept(file) for file in dropped or ()]


def _kept(file: Any) -> Upload:
    content = file.getbuffer()
    key = hashlib.sha256(content).hexdigest()[:16]
    path = current().store.spool / f"upload-{key}"
    if not path.exists():
        path.write_bytes(content)
    return Upload(path, file.name, key)


def walk_through(upload: Upload) -> None:
    """One file from reading to loading, with nothing to answer when nothing is open."""
    with st.container(border=True, key=f"file-{upload.key}"):
        st.subheader(upload.name, anchor=False)
        options = _options(upload)
        replacing = st.checkbox(say("ui.replace"), key=f"replace-{upload.key}", help=say("ui.replace_help"))
        with st.spinner(say("ui.checking")):
            judgement = _checked(upload, options, replacing=replacing)
        _tell(judgement)
        if judgement.outcome == "accept" and st.button(say("ui.load_button"), key=f"load-{upload.key}", type="primary"):
            _load(upload, options, replacing=replacing)


def _options(upload: Upload) -> Options:
    """Kind and profile, and the answers given so far."""
    left, right = st.columns(2)
    kind = left.selectbox(
        say("ui.kind"), (AUTOMATIC, *KINDS), key=f"kind-{upload.key}",
        format_func=lambda name: say("ui.kind_auto") if name == AUTOMATIC else say(f"kind.{name}"),
    )  # fmt: skip
    profile = right.selectbox(
        say("ui.profile"), (AUTOMATIC, *profiles.names()), key=f"profile-{upload.key}",
        format_func=lambda name: say("ui.profile_none") if name == AUTOMATIC else name,
    )  # fmt: skip
    options = Options(
        kind=None if kind == AUTOMATIC else kind,
        profile=None if profile == AUTOMATIC else profile,
        name=upload.name,
    )
    return _answered(options, st.session_state.get(f"answers-{upload.key}", {}))


def _answered(options: Options, answers: Mapping[str, Any]) -> Options:
    for about, answer in answers.items():
        if about == "map":
            theirs, _, ours = str(answer).partition("=")
            options = replace(options, mapping={**options.mapping, theirs: ours})
        else:
            options = replace(options, **{"as_of" if about == "snapshot_date" else about: answer})
    return options


def _checked(upload: Upload, options: Options, *, replacing: bool) -> Judgement:
    """The judgement of a file with its difference; made again only when file, options or store change."""
    judged = ask(_judged, upload.path, options, current().principal, replacing)
    if judged.question:
        _put(upload, judged)
    return judged


def _judged(world: World, seen: Slice, path: Path, options: Options, by: Principal, replacing: bool) -> Judgement:
    return extracts.check(current().store, path, options, by, replacing=replacing)


def _put(upload: Upload, judgement: Judgement) -> None:
    """Put the open question to the analyst."""
    question, lang = judgement.question, current().lang
    if question is None:
        return
    st.warning(judgement.sentence(lang))
    with st.form(f"question-{upload.key}-{question.about}", border=False):
        answer: object
        if question.options:
            answer = st.radio(
                say("ui.answer"), question.options, format_func=lambda option: _option(question.about, option)
            )
        else:
            answer = st.date_input(say("ui.answer"), value=date.today())  # noqa: DTZ011 - a first guess to be changed
        if st.form_submit_button(say("ui.answer")):
            st.session_state.setdefault(f"answers-{upload.key}", {})[question.about] = answer
            st.rerun()


def _option(about: str, option: str) -> str:
    lang = current().lang
    for key in (f"kind.{option}", f"answer.{about}_{option}"):
        if words.has(lang, key):
            return say(key)
    return option


def _tell(judgement: Judgement) -> None:
    """What was read, what is wrong, and what loading would change."""
    lang = current().lang
    if judgement.outcome == "ask":
        return
    if judgement.outcome == "reject":
        st.error(judgement.sentence(lang))
        _problems(judgement)
        return
    st.success(judgement.sentence(lang))
    st.caption(_read_as(judgement))
    for warning in judgement.warnings:
        st.caption(f"⚠ {warning.say(lang)}")
    if judgement.difference:
        st.markdown(say("ui.difference", **judgement.difference))
    totals = [words.money(lang, total, currency) for currency, total in judgement.total_by_currency.items()]
    if totals:
        st.caption(f"{say('heading.total')}: {' · '.join(totals)}")


def _read_as(judgement: Judgement) -> str:
    read, none = judgement.read_as, words.unknown(current().lang)
    return say(
        "ui.read_as",
        kind=say(f"kind.{judgement.kind}"),
        rows=judgement.rows,
        encoding=read.encoding or none,
        delimiter=read.delimiter or none,
        decimal=read.decimal or none,
        order=read.date_order or none,
    )


def _problems(judgement: Judgement) -> None:
    lang = current().lang
    if judgement.problem_count > len(judgement.problems):
        st.caption(say("ui.problems_more", shown=len(judgement.problems), count=judgement.problem_count))
    listing(
        [Heading(say("heading.line"), is_number=True), Heading(say("heading.column")), Heading(say("heading.value")),
         Heading(say("heading.problem"))],
        [
            ("", (
                Cell(words.number(lang, problem.line), order=problem.line),
                Cell(problem.header or problem.column or ""),
                Cell(problem.value or ""),
                Cell(str(problem.payload(lang)["message"])),
            ))
            for problem in judgement.problems
        ],
        title=say("heading.problem"),
        key=f"problems-{judgement.sha256[:8]}",
    )  # fmt: skip


def _load(upload: Upload, options: Options, *, replacing: bool) -> None:
    """Load the file, and say which figure moved."""
    run = current()
    before = measure("net_sales").only["net_sales"]
    with st.spinner(say("ui.loading")):
        loaded = extracts.load(run.store, upload.path, options, run.principal, replacing=replacing)
    if loaded.outcome != "accept":
        _tell(loaded)
        return
    with run.store.read() as world:
        after = metrics.measure(world, run.seen, "net_sales").only["net_sales"]
    told = say("ui.loaded", file=upload.name, load_id=loaded.load_id)
    if before != after:
        told += " " + say(
            "ui.figures_before_after", before=amount("net_sales", before), after=amount("net_sales", after)
        )
    _remember(told)


def _remember(told: str) -> None:
    """Say it after the rerun, with an empty drop zone."""
    st.session_state.setdefault("told", []).append(told)
    st.session_state["drops"] = st.session_state.get("drops", 0) + 1
    st.rerun()


def tell_what_happened() -> None:
    """What the last act did."""
    for told in st.session_state.pop("told", []):
        st.success(told)


def history() -> None:
    """Every load, newest first, each of which can be undone and redone."""
    loads = extracts.loads(current().store)
    _turn(loads)
    lang = current().lang
    number = ("heading.rows", "heading.total")
    listing(
        [
            Heading(say("heading.load"), is_number=True),
            Heading(say("heading.file")),
            Heading(say("ui.kind")),
            *(Heading(say(key), is_number=True) for key in number),
            *(Heading(say(f"heading.{key}")) for key in ("who", "when", "counts")),
        ],
        [("", _load_cells(load, lang)) for load in reversed(loads)],
        title=say("section.history"),
        key="history",
    )


def _load_cells(load: Load, lang: str) -> Sequence[Cell]:
    totals = " · ".join(words.money(lang, total, currency) for currency, total in load.total_by_currency.items())
    return (
        Cell(words.number(lang, load.load_id), order=load.load_id),
        Cell(load.file, load.sha256),
        Cell(say(f"kind.{load.kind}")),
        Cell(words.number(lang, load.rows), order=load.rows),
        Cell(totals or words.unknown(lang)),
        Cell(load.loaded_by),
        Cell(f"{words.day(lang, load.loaded_at.date())} {load.loaded_at:%H:%M} UTC", order=load.loaded_at.isoformat()),
        Cell(say("ui.done" if load.is_live else "ui.not_done"), tone="" if load.is_live else "muted"),
    )


def _turn(loads: Sequence[Load]) -> None:
    """Choose a load to undo, or one to redo."""
    by_id = {load.load_id: load for load in reversed(loads)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("ui.choose_load"),
            list(by_id),
            format_func=lambda load_id: f"{load_id} · {by_id[load_id].file}",
            key="turn",
        )
        if chosen is None:
            return
        act = "undo" if by_id[chosen].is_live else "redo"
        if st.button(say(f"ui.{act}"), key=act):
            turn = extracts.undo if act == "undo" else extracts.redo
            turn(current().store, chosen, current().principal)
            _remember(say("ui.undone" if act == "undo" else "ui.redone", load_id=chosen))


def worklist() -> None:
    """Customer numbers that belong to no account, with their money."""
    rows: Sequence[Row] = ask(metrics.worklist)
    if not rows:
        st.caption(say("empty.worklist"))
        return
    lang = current().lang
    listing(
        [Heading(say("heading.customer")), Heading(say("ui.kind")), Heading(say("measure.net_sales"), is_number=True),
         Heading(say("heading.rows"), is_number=True), Heading(say("heading.first")), Heading(say("heading.last"))],
        [
            ("", (
                Cell(row["unmapped_ref"]),
                Cell(say(f"kind.{row['origin']}")),
                Cell(words.money(lang, row["net_sales"], row["currency"]), order=float(row["net_sales"] or 0)),
                Cell(words.number(lang, row["line_count"]), order=row["line_count"]),
                Cell(words.day(lang, row["first_day"])),
                Cell(words.day(lang, row["last_day"])),
            ))
            for row in rows
        ],
        title=say("section.worklist"),
        key="worklist",
    )  # fmt: skip


def freshness() -> None:
    """Per kind of extract what was loaded, and how new its newest fact is; kinds that are missing stand there too."""
    lang = current().lang
    held = {row["kind"]: row for row in metrics.freshness(current().world)}
    listing(
        [
            Heading(say("ui.kind")),
            *(Heading(say(f"heading.{key}"), is_number=True) for key in ("loads", "rows")),
            Heading(say("heading.newest")),
        ],
        [
            ("", (
                Cell(say(f"kind.{kind}"), tone="" if kind in held else "muted"),
                Cell(words.number(lang, held.get(kind, {}).get("loads"))),
                Cell(words.number(lang, held.get(kind, {}).get("row_count"))),
                Cell(words.day(lang, held.get(kind, {}).get("newest"))),
            ))
            for kind in KINDS
        ],
        title=say("section.freshness"),
        key="freshness",
    )  # fmt: skip


def title() -> str:
    """How many files count, and up to which day."""
    held = metrics.freshness(current().world)
    newest = max((row["newest"] for row in held if row["newest"]), default=None)
    if not held or newest is None:
        return say("headline.data_empty")
    return say("headline.data", loads=sum(row["loads"] for row in held), day=newest)


def checks() -> None:
    """Whether the store adds up, when somebody asks."""
    if not st.button(say("ui.run_checks"), key="run-checks"):
        return
    found = metrics.reconcile(current().world)
    for one in found:
        mark = "✓" if one.ok else "▼"
        st.markdown(f"{mark} **{say(f'check_name.{one.name}')}** {' · '.join(one.differences[:10])}")
    if all(one.ok for one in found):
        st.success(say("ui.all_ok", count=len(found)))
