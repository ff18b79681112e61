"""The pages without a browser: a reader who opens them, and everything that was sent to this reader."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl

import pytest
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.elements.lib.mutable_popover_container import PopoverContainer
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

from kam_metrics import extracts, main
from kam_metrics.demo.fill import fill
from kam_metrics.extracts import Options
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Role
from kam_metrics.ui.here import OF_ONE_PAGE

ROOT = Path(main.__file__).parent.parent
PAGES = ("portfolio", "account", "profit", "plan", "alignment", "data")
ROLES = ("owner", *Role)
TODAY = date(2026, 11, 20)
"""The last day the invented worlds know of."""
PATIENCE = 60
SHOWN = frozenset(
    {"body", "label", "help", "options", "content", "placeholder", "page_name", "title", "alt", "caption"}
)
"""Fields of Streamlit's messages that a reader gets to read."""
TEXTS = frozenset(
    {"text", "hovertext", "title", "ticktext", "name", "label", "help", "caption", "search", "open"}
    | {"value", "beside", "about", "link"}
)
"""Fields of tables and charts that a reader gets to read."""


class Reader:
    """One session of the app: opens pages, and keeps every message that leaves for the browser."""

    unfolds = True
    """Whether this reader opens what is folded: menus, and tables behind a line."""

    def __init__(self, sent: list[list[ForwardMsg]], query: Mapping[str, str]) -> None:
        self._sent = sent
        """The messages of every run of the script since the last click: a click may run it twice."""
        self.app = AppTest.from_file(main.__file__, default_timeout=PATIENCE)
        self.app.query_params = dict(query)
        self.run()

    def run(self) -> Self:
        """What a click does: the script again, with nothing left of the messages before."""
        self._sent[:] = [[]]
        self.app.run()
        return self

    def open(self, page: str, **query: str) -> Self:
        """Go to a page; a query of its own replaces what the page before asked for."""
        self.app.query_params = {
            **{name: value for name, value in self.app.query_params.items() if name not in OF_ONE_PAGE},
            **query,
        }
        self.app.switch_page(str(ROOT / "pages" / f"{page}.py"))
        return self.run()

    def follow(self, address: str) -> Self:
        """Go where a row of a table leads."""
        page, _, query = address.partition("?")
        return self.open(page, **dict(parse_qsl(query)))

    @property
    def title(self) -> str:
        """The headline of the page."""
        return "".join(title.value for title in self.app.title)

    @property
    def errors(self) -> list[str]:
        """What went wrong, as the reader sees it."""
        return [*(box.value for box in self.app.error), *(found.message for found in self.app.exception)]

    @property
    def bytes(self) -> bytes:
        """Everything that was sent, escapes undone, so that a search finds what a reader could.

        Only the address is left out: it repeats what this reader asked for.
        """
        told = (message for run in self._sent for message in run if not message.HasField("page_info_changed"))
        return b"\n".join(map(_plain, told))

    @property
    def texts(self) -> set[str]:
        """Everything that now stands to be read on the page: words, tables and charts."""
        return {text for message in self._sent[-1] for text in _texts(message) if text.strip()}

    def elements(self, kind: str) -> list[Any]:
        """The messages of one kind of element, such as page_link or bidi_component."""
        deltas = (message.delta.new_element for message in self._sent[-1] if message.HasField("delta"))
        return [getattr(element, kind) for element in deltas if element.WhichOneof("type") == kind]

    def tables(self) -> list[dict[str, Any]]:
        """The tables on the page: the matrix and the listings."""
        return [told for told in self._parts() if isinstance(told, dict)]

    def tiles(self) -> list[dict[str, Any]]:
        """The numbers that the page begins with."""
        return [tile for told in self._parts() if isinstance(told, list) for tile in told]

    def _parts(self) -> list[Any]:
        return [json.loads(json.loads(part.json)) for part in self.elements("bidi_component")]


@contextmanager
def reading(
    store: Path, query: Mapping[str, str] | None = None, *, unfolds: bool = True, **env: str
) -> Iterator[Reader]:
    """A reader of this store, who unfolds whatever can be; `env` is what the installation has set."""
    sent: list[list[ForwardMsg]] = [[]]
    enqueue, clear = ForwardMsgQueue.enqueue, ForwardMsgQueue.clear

    def noted(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        sent[-1].append(message)
        enqueue(queue, message)

    def begun(queue: ForwardMsgQueue, **options: Any) -> None:
        sent.append([])
        clear(queue, **options)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("KAM_ROLE", "KAM_ID", "KAM_LANG"):
            patch.delenv(name, raising=False)
        for name, value in {"KAM_STORE": str(store), **env}.items():
            patch.setenv(name, value)
        patch.setattr(ForwardMsgQueue, "enqueue", noted)
        patch.setattr(ForwardMsgQueue, "clear", begun)
        patch.setattr(Reader, "unfolds", unfolds)
        for folded in (PopoverContainer, ExpanderContainer):
            patch.setattr(folded, "open", property(lambda _: Reader.unfolds, lambda _, __: None))
        yield Reader(sent, query or {})


def _plain(message: ForwardMsg) -> bytes:
    """The message as it is sent, and once more with the escapes of JSON undone."""
    raw = message.SerializeToString()
    return raw + re.sub(rb"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)).encode("utf-8", "replace"), raw)


def _texts(message: Any) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in ("json", "spec") and isinstance(value, str):
            told = json.loads(value)
            yield from _leaves(json.loads(told) if isinstance(told, str) else told)
        elif field.name == "figure":
            yield from _leaves(json.loads(value.spec))
        elif field.type == field.TYPE_STRING and field.name in SHOWN:
            yield from [value] if isinstance(value, str) else value
        elif field.type == field.TYPE_MESSAGE:
            inner = value.values() if isinstance(value, Mapping) else value if _is_many(value) else [value]
            for one in inner:
                if hasattr(one, "ListFields"):
                    yield from _texts(one)


def _is_many(value: object) -> bool:
    return hasattr(value, "__iter__") and not hasattr(value, "ListFields")


def _leaves(told: Any, name: str = "") -> Iterator[str]:
    if isinstance(told, str):
        if name in TEXTS:
            yield told
    elif isinstance(told, Mapping):
        for key, value in told.items():
            yield from _leaves(value, "text" if name in ("words", "warnings") else key)
    elif isinstance(told, Sequence):
        for value in told:
            yield from _leaves(value, "text" if name == "warnings" else name)


def load(store: Path, kind: str, *rows: Mapping[str, object]) -> None:
    """Load these rows through the door of every extract; they must be good."""
    path = store.with_name(f"{kind}.csv")
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    judgement = extracts.load(Store.at(store), path, Options(kind=kind, decimal=".", date_order="ymd"), LOCAL_OWNER)
    assert judgement.outcome == "accept", judgement.payload("en")


def demo(store: Path, *, accounts: int, lines: int | None = None, lang: str = "nl") -> Path:
    """The invented company in this store."""
    fill(Store.at(store), store.parent / "files", LOCAL_OWNER, as_of=TODAY, lang=lang, accounts=accounts, lines=lines)
    return store
