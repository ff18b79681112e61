"""Saved answers for files that come again: which columns mean what, and how numbers and dates are written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path

from kam_metrics.errors import UsageError
from kam_metrics.extracts.options import Options

_FOLDER = Path(__file__).with_name("profiles")
_DECLARED = ("kind", "encoding", "delimiter", "decimal", "date_order", "sheet", "sign", "source")


def names() -> tuple[str, ...]:
    """The profiles that there are."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


def profile(name: str) -> Options:
    """The options that a profile declares; it can say nothing else."""
    if name not in names():
        near = get_close_matches(name, names(), 1, 0.5) or names()
        raise UsageError("bad_option", option="profile", value=name, options=", ".join(near))
    declared = tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
    said = {key: str(declared[key]) for key in _DECLARED if key in declared}
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


def applied(options: Options) -> Options:
    """The options with their profile filled in; what was said for this file goes before the profile."""
    if options.profile is None:
        return options
    base = profile(options.profile)
    said = {f.name: getattr(options, f.name) for f in fields(Options) if getattr(options, f.name)}
    merged = {**base.mapping, **options.mapping}
    return replace(base, **{**said, "mapping": merged})
