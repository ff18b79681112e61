"""Small extracts for the tests, and a stage to judge them on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest

from kam_metrics import store
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.judgement import Judgement
from kam_metrics.extracts.options import Options
from kam_metrics.store import Stage, read_sql

LEDGER = "Klantnr;Boekdatum;Regelsoort;Bedrag\n"


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """What a store defines for the reading of files, without a store."""
    engine = duckdb.connect()
    engine.execute("set threads = 1")
    for name in ("clean", "numbers", "days"):
        engine.execute(read_sql(store.__file__, f"sql/{name}"))
    return engine


@contextmanager
def new_stage() -> Iterator[Stage]:
    """A stage of its own, without a store."""
    with TemporaryDirectory() as folder, _engine().cursor() as cursor:
        yield Stage(cursor, Path(folder))


def judged(content: str | bytes, name: str = "extract.csv", **options: Any) -> tuple[Judgement, list[dict[str, Any]]]:
    """The judgement of a file with this content, and its typed rows."""
    with new_stage() as stage:
        path = stage.spool / "upload"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        judgement = judge(stage, path, Options(**{"name": name, **options}))
        return judgement, typed_rows(stage, judgement)


def typed_rows(stage: Stage, judgement: Judgement) -> list[dict[str, Any]]:
    """What would be loaded, by line."""
    if judgement.table is None:
        return []
    done = stage.cursor.execute(f"from {judgement.table} order by line")
    names = [column[0] for column in done.description]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def shared_file(name: str) -> Path:
    """A file of the published data sets, which lie outside this project."""
    beside = Path(__file__).parents[2] / "shared"
    path = Path(os.environ.get("KAM_SHARED", beside)) / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set KAM_SHARED to the folder that holds data/{name}")
    return path


def accepted(content: str | bytes, **options: Any) -> list[dict[str, Any]]:
    """The typed rows of a file that must be accepted."""
    judgement, rows = judged(content, **options)
    assert judgement.outcome == "accept", judgement.payload("en")
    return rows


def refused(content: str | bytes, **options: Any) -> list[tuple[int | None, str]]:
    """Line and rule of everything that is wrong in a file that must be refused, with a message in both languages."""
    judgement, rows = judged(content, **options)
    assert (judgement.outcome, rows) == ("reject", []), judgement.payload("en")
    for problem in judgement.problems:
        for language in ("nl", "en"):
            message = str(problem.payload(language)["message"])
            assert problem.line is None or str(problem.line) in message
    return [(problem.line, problem.rule) for problem in judgement.problems]


def asked(content: str | bytes, **options: Any) -> str:
    """What a file that must be asked about leaves open."""
    judgement, rows = judged(content, **options)
    assert (judgement.outcome, rows) == ("ask", []), judgement.payload("en")
    assert judgement.question is not None
    assert judgement.sentence("nl")
    return judgement.question.about


def warned(content: str | bytes, **options: Any) -> str:
    """All warnings about a file that must be accepted, in one text."""
    judgement, _ = judged(content, **options)
    assert judgement.outcome == "accept", judgement.payload("en")
    return "\n".join(warning.say("en") for warning in judgement.warnings)


def vectors(*ids: str) -> list[dict[str, Any]]:
    """Published examples of formulas, all of them or those of some."""
    told = json.loads(shared_file("formula_vectors/formula_test_vectors.json").read_text("utf-8"))["vectors"]
    return [vector for vector in told if not ids or vector["id"] in ids]
