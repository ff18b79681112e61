"""Whatever a metric calls unknown, the words can explain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kam_metrics import metrics, words

_FOLDER = Path(metrics.__file__).parent


def reasons() -> Iterator[str]:
    """Every literal reason given to Unknown in the metrics."""
    for module in _FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Unknown":
                columns = {id(c.slice) for c in ast.walk(node) if isinstance(c, ast.Subscript)}
                constants = (c for c in ast.walk(node.args[0]) if isinstance(c, ast.Constant) and id(c) not in columns)
                yield from (str(constant.value) for constant in constants)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_reason_has_words(language):
    keys = {f"why.{reason.partition(':')[0]}" for reason in reasons()}
    assert keys
    assert {key for key in keys if not words.has(language, key)} == set()
