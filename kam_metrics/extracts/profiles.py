"""Saved answers for files that come again: which columns mean what, and how numbers and dates are written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path

from kam_metrics.errors import UsageError
from kam_metrics.extracts import memory
from kam_metrics.extracts.memory import Saved
from kam_metrics.extracts.options import Options
from kam_metrics.store import Store

_FOLDER = Path(__file__).with_name("profiles")
_SAID = ("kind", "encoding", "delimiter", "decimal", "date_order", "sheet", "sign", "source")


def names(store: Store | None = None) -> tuple[str, ...]:
    """The profiles that come with the product, and those that a store keeps."""
    kept: list[str] = []
    if store:
        with store.read() as world:
            kept = [one.name for one in memory.saved(world)]
    return tuple(sorted({*_shipped(), *kept}))


def profile(name: str, kept: Sequence[Saved] = ()) -> Options:
    """The options kept under a name, or else declared by a profile of the product."""
    answers = {one.name: one.answers for one in kept}
    if name in answers:
        return answers[name]
    known = (*answers, *_shipped())
    if name not in known:
        near = get_close_matches(name, known, 1, 0.5) or known
        raise UsageError("bad_option", option="profile", value=name, options=", ".join(near))
    return _declared(name)


def _shipped() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


def _declared(name: str) -> Options:
    declared = tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
    said = {key: str(declared[key]) for key in _SAID if key in declared}
    return replace(
        Options(),
        **said,  # type: ignore[arg-type]
        mapping=_texts(declared, "map"),
        constants=_texts(declared, "constants"),
        same=_texts(declared, "same"),
        ignore=frozenset(str(header) for header in declared.get("ignore", ())),
    )


def _texts(declared: Mapping[str, object], table: str) -> dict[str, str]:
    found = declared.get(table, {})
    return {str(key): str(text) for key, text in found.items()} if isinstance(found, dict) else {}


def applied(options: Options, kept: Sequence[Saved] = ()) -> Options:
    """The options with their profile filled in; what was said for this file goes before the profile."""
    if options.profile is None:
        return options
    base = profile(options.profile, kept)
    said = {f.name: getattr(options, f.name) for f in fields(Options) if getattr(options, f.name)}
    merged = {**base.mapping, **options.mapping}
    return replace(base, **{**said, "mapping": merged})
