"""Settings of one installation: defaults, then `kam.toml`, then `KAM_*` in the environment."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from kam_metrics.errors import UsageError
from kam_metrics.scoring import Scoring, scoring

CONFIG_FILE = "kam.toml"
MEBIBYTE = 1 << 20


_PATTERNS = {int: r"\d+", Decimal: r"\d+(\.\d+)?", str: r".+"}


def _setting(default: Any, sentence: str, pattern: str | None = None) -> Any:
    return field(default=default, metadata={"sentence": sentence, "pattern": pattern or _PATTERNS[type(default)]})


@dataclass(frozen=True)
class Settings:
    """Every choice an installation may make; each has a default that works."""

    store: str = _setting("data/kam.duckdb", "The store file.")
    lang: str = _setting("nl", "Language of the app and the command line when nothing else says: nl or en.", "nl|en")
    capital_rate: Decimal = _setting(Decimal("0.09"), "Yearly cost of capital charged on what an account ties up.")
    supplier_days: int = _setting(
        0, "Days after which suppliers are paid; 0 leaves the credit they give out of the cash flow of an account."
    )
    staying_costs: str = _setting(
        "service, sales_effort, other_cost_to_serve",
        "Activities whose cost stays when an account leaves, separated by commas; other cost to serve ends with it.",
    )
    longest_terms: str = _setting(
        "NL 30, BE 60",
        "The longest payment term the law allows, in days by country of the customer: in the Netherlands that of a "
        "large buyer from a smaller supplier, in Belgium that of any buyer.",
        r"([A-Za-z]{2} \d+(, *|$))*",
    )
    on_schedule_band: Decimal = _setting(
        Decimal("0.10"), "A plan within this distance of its expected attainment is on schedule."
    )
    shelved_after_days: int = _setting(90, "Days without a change or a review after which a plan counts as shelved.")
    review_tolerance_days: int = _setting(5, "A review held within this many days of its due date is on time.")
    overdue_alarm: Decimal = _setting(
        Decimal("0.25"), "An account with a larger share of its receivables overdue asks for attention."
    )
    stale_after_days: int = _setting(45, "A source whose newest fact is older than this is called old.")
    fiscal_year_start: int = _setting(
        1, "The month in which the fiscal year begins; the year is named after the one it ends in.", "[1-9]|1[0-2]"
    )
    memory_limit: str = _setting("2GB", "The most memory the store may use.", r"\d+(\.\d+)? ?[KMGT]i?B")
    threads: int = _setting(2, "Processor threads the store may use.", r"[1-9]\d*")
    max_upload_mb: int = _setting(
        1024, "The largest file that may be dropped in the app or compared, in megabytes; `kam load` reads larger ones."
    )
    health: Scoring = field(default_factory=lambda: scoring({}))
    """How health is scored: a table of its own in `kam.toml`."""


def read_settings(env: Mapping[str, str], folder: Path = Path()) -> Settings:
    """The settings of this folder and environment; UsageError names the one that cannot be read."""
    config = folder / CONFIG_FILE
    told = config.read_bytes() if config.is_file() else b""
    return _settings(told, tuple((f.name, env.get(f"KAM_{f.name.upper()}")) for f in lines()))


@lru_cache(maxsize=8)
def _settings(config: bytes, env: tuple[tuple[str, str | None], ...]) -> Settings:
    """The same words come to the same settings: every click asks for them."""
    given = _configured(config)
    health = given.pop("health", {})
    if not isinstance(health, Mapping):
        raise UsageError("health_table", name="health")
    known = {f.name: f for f in lines()}
    if unknown := sorted(given.keys() - known.keys()):
        raise UsageError("unknown_setting", name=unknown[0])
    given |= {name: value for name, value in env if value is not None}
    typed: dict[str, Any] = {name: _typed(known[name], value) for name, value in given.items()}
    return Settings(**typed, health=scoring(health))


def lines() -> Sequence[Field[Any]]:
    """The settings that are one line of `kam.toml`, or one name in the environment."""
    return [one for one in fields(Settings) if one.metadata]


def _configured(config: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(config.decode("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("bad_config", name=CONFIG_FILE) from error


def _typed(setting: Field[Any], value: object) -> object:
    if not re.fullmatch(setting.metadata["pattern"], str(value)):
        raise UsageError("bad_setting", name=setting.name, value=value)
    to: type = type(setting.default)
    return to(str(value))
