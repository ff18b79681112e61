"""The drop zone, and what the analyst said about each file in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from kam_metrics.extracts import Options
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import say_after_rerun


@dataclass(frozen=True)
class Upload:
    """A file somebody dropped: where it lies, under which name, and a key for its controls."""

    path: Path
    name: str
    key: str

    @property
    def said(self) -> Mapping[str, Any]:
        """The answers given for this file so far."""
        told: Mapping[str, Any] = st.session_state.get(f"said-{self.key}", {})
        return told

    @property
    def form(self) -> str:
        """A key for forms that changes with every answer, so that they show what is true now."""
        return f"{self.key}-{st.session_state.get(f'answers-{self.key}', 0)}"

    @property
    def is_replacing(self) -> bool:
        """Whether what is there for the months of the file goes."""
        return bool(st.session_state.get(f"replace-{self.key}", False))

    @property
    def options(self) -> Options:
        """How the file is to be read."""
        return Options(name=self.name, **self.said)

    def tell(self, **answers: Any) -> None:
        """Keep answers, forget those that are None, and read the file again."""
        said = {**self.said, **answers}
        st.session_state[f"said-{self.key}"] = {name: value for name, value in said.items() if value is not None}
        st.session_state[f"answers-{self.key}"] = st.session_state.get(f"answers-{self.key}", 0) + 1
        st.rerun()


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


def finish(done: Sequence[Upload], told: str) -> None:
    """Say it beside the files that are left; when none is, the drop zone is empty again."""
    st.session_state["done"].update(upload.key for upload in done)
    if {file.file_id for file in st.session_state[_zone()]} <= st.session_state["done"]:
        st.session_state["drops"] = st.session_state.get("drops", 0) + 1
    say_after_rerun(told)
