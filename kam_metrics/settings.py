"""Settings of one installation: defaults, then `kam.toml`, then `KAM_*` in the environment."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from kam_metrics.errors import UsageError

CONFIG_FILE = "kam.toml"


def _setting(default: Any, sentence: str) -> Any:
    return field(default=default, metadata={"sentence": sentence})


@dataclass(frozen=True)
class Settings:
    """Every choice an installation may make; each has a default that works."""

    store: str = _setting("data/kam.duckdb", "The store file.")
    lang: str = _setting("nl", "Language of the app and the command line when nothing else says: nl or en.")
    capital_rate: Decimal = _setting(Decimal("0.09"), "Yearly cost of capital charged on what an account ties up.")
    on_schedule_band: Decimal = _setting(
        Decimal("0.10"), "A plan within this distance of its expected attainment is on schedule."
    )
    shelved_after_days: int = _setting(90, "Days without a change or a review after which a plan counts as shelved.")
    review_tolerance_days: int = _setting(5, "A review held within this many days of its due date is on time.")
    overdue_alarm: Decimal = _setting(
        Decimal("0.25"), "An account with a larger share of its receivables overdue asks for attention."
    )
    stale_after_days: int = _setting(45, "A source whose newest fact is older than this is called old.")
    memory_limit: str = _setting("2GB", "The most memory the store may use.")
    threads: int = _setting(2, "Processor threads the store may use.")
    max_upload_mb: int = _setting(2048, "The largest file that may be read, in megabytes.")


def read_settings(env: Mapping[str, str], folder: Path = Path()) -> Settings:
    """The settings of this folder and environment; UsageError names the one that cannot be read."""
    given: dict[str, Any] = {}
    config = folder / CONFIG_FILE
    if config.is_file():
        given |= tomllib.loads(config.read_text("utf-8"))
    known = {f.name: f for f in fields(Settings)}
    if unknown := sorted(given.keys() - known.keys()):
        raise UsageError("unknown_setting", name=unknown[0])
    given |= {name: env[key] for name in known if (key := f"KAM_{name.upper()}") in env}
    typed: dict[str, Any] = {name: _typed(name, value, type(known[name].default)) for name, value in given.items()}
    return Settings(**typed)


def _typed(name: str, value: object, to: type) -> object:
    try:
        return to(str(value))
    except (ValueError, InvalidOperation) as error:
        raise UsageError("bad_setting", name=name, value=value) from error
