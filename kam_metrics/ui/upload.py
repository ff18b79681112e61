"""What the Data page does with files: read, answer what is open, see what changes, load, undo and redo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from kam_metrics import extracts, metrics, words
from kam_metrics.extracts import KINDS, Judgement, Options, profiles
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.store import World
from kam_metrics.terms import Principal, Slice
from kam_metrics.ui.answers import ask, measure
from kam_metrics.ui.here import current, say, to
from kam_metrics.ui.show import amount, listing, say_after_rerun

AUTOMATIC = "auto"


@dataclass(frozen=True)
class Upload:
    """A file somebody dropped: where it lies, under which name, and a key for its controls."""

    path: Path
    name: str
    key: str


def uploads() -> Sequence[Upload]:
    """The files in the drop zone that are still to be loaded, each written aside once."""
    dropped = st.file_uploader(say("ui.steps"), accept_multiple_files=True, key=_zone())
    done = st.session_state.setdefault("done", set())
    return [_kept(file) for file in dropped or () if file.file_id not in done]


def _zone() -> str:
    return f"drop-{st.session_state.get('drops', 0)}"


def _kept(file: Any) -> Upload:
    content = file.getbuffer()
    path = current().store.spool / f"upload-{hashlib.sha256(content).hexdigest()}"
    if not path.exists():
        path.write_bytes(content)
    return Upload(path, file.name, file.file_id)


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
    kinds = {AUTOMATIC: say("ui.kind_auto"), **{name: say(f"kind.{name}") for name in KINDS}}
    kind = left.selectbox(say("ui.kind"), list(kinds), key=f"kind-{upload.key}", format_func=kinds.__getitem__)
    known = {AUTOMATIC: say("ui.profile_none"), **{name: name for name in profiles.names()}}
    named = known.__getitem__
    profile = right.selectbox(say("ui.profile"), list(known), key=f"profile-{upload.key}", format_func=named)
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
    if question.about == "redo":
        _offer_redo(upload, int(question.options[0].removeprefix("redo ")))
        return
    with st.form(f"question-{upload.key}-{question.about}", border=False):
        answer: object
        if question.options:
            told = {option: _option(question.about, option) for option in question.options}
            answer = st.radio(say("ui.answer"), list(told), format_func=told.__getitem__)
        else:
            answer = st.date_input(say("ui.answer"), value=current().today)
        if st.form_submit_button(say("ui.answer")):
            st.session_state.setdefault(f"answers-{upload.key}", {})[question.about] = answer
            st.rerun()


def _offer_redo(upload: Upload, load_id: int) -> None:
    """The very file was loaded and undone: putting that load back is all there is to do."""
    if st.button(say("ui.redo"), key=f"redo-{upload.key}"):
        extracts.redo(current().store, load_id, current().principal)
        _finish(upload, say("ui.redone", load_id=load_id))


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
            (to("data", kind=judgement.kind or ""), (
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
    known = [warning for warning in loaded.warnings if warning.key == "extract_warning.same_bytes"]
    told = known[0].say(run.lang) if known else say("ui.loaded", file=upload.name, load_id=loaded.load_id)
    if before != after:
        told += " " + say(
            "ui.figures_before_after", before=amount("net_sales", before), after=amount("net_sales", after)
        )
    _finish(upload, told)


def _finish(upload: Upload, told: str) -> None:
    """Say it beside the files that are left; when none is, the drop zone is empty again."""
    st.session_state["done"].add(upload.key)
    if {file.file_id for file in st.session_state[_zone()]} <= st.session_state["done"]:
        st.session_state["drops"] = st.session_state.get("drops", 0) + 1
    say_after_rerun(told)
