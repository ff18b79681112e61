"""The table of reading rules names tests that exist, and leaves no rule out."""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_hostile_rules import __file__ as beside

ROOT = Path(beside).parents[1]
ROWS = re.findall(
    r"^\| (\d+) \| .* \| `([\w/]+\.py)::(\w+)` \|$", (ROOT / "docs/reading-rules.md").read_text("utf-8"), re.M
)


def test_every_rule_is_in_the_table() -> None:
    assert {int(rule) for rule, *_ in ROWS} == set(range(1, 13))
    table = (ROOT / "docs/reading-rules.md").read_text("utf-8")
    assert len(ROWS) == len(re.findall(r"^\| \d+ \|", table, re.M))


def test_every_test_that_the_table_names_exists() -> None:
    missing = [
        f"{file}::{name}"
        for _, file, name in ROWS
        if not re.search(rf"^(def|class) {name}\b", (ROOT / "tests" / file).read_text("utf-8"), re.M)
    ]
    assert missing == []
