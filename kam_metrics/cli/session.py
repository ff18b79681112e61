"""One run of the command line: who asks, for what, of which store; and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from kam_metrics import words
from kam_metrics.cli.arguments import Request
from kam_metrics.settings import Settings
from kam_metrics.store import Store
from kam_metrics.terms import Principal


@dataclass(frozen=True)
class Outcome:
    """What a command answers: one object for scripts, a text for people, and an exit code."""

    payload: Mapping[str, object]
    text: Callable[[str], str]
    exit_code: int = 0


@dataclass(frozen=True)
class Session:
    """Everything a command may look at."""

    request: Request
    settings: Settings
    principal: Principal
    folder: Path
    env: Mapping[str, str]
    today: date
    lang: str
    aside: TextIO
    """Where a person who waits is told something beside the answer."""

    @property
    def store_path(self) -> Path:
        """The store that was asked for."""
        return self.path(self.request["store"] or self.env.get("KAM_STORE") or self._usual_store)

    def store(self) -> Store:
        """The store, opened; what is wrong with it is told."""
        store = Store.at(self.store_path, self.settings)
        if store.damaged:
            self.tell("audit.damaged", count=len(store.damaged))
        return store

    def tell(self, key: str, **values: object) -> None:
        """A line for the person who waits."""
        self.aside.write(words.say(self.lang, key, **values) + "\n")
        self.aside.flush()

    def path(self, name: str) -> Path:
        """A path as seen from the folder where the command was typed."""
        return self.folder / Path(name).expanduser()

    def shown(self, path: Path) -> str:
        """A path as the one who typed would write it."""
        return str(path.relative_to(self.folder) if path.is_relative_to(self.folder) else path)

    @property
    def _usual_store(self) -> str:
        usual = Path(self.settings.store)
        return str(usual.with_name("demo.duckdb")) if self.request.command == "demo" else str(usual)
