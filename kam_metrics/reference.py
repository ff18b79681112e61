"""The reference pages, made from the code, so that they cannot say anything else than it does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from kam_metrics.cli.arguments import EVERYWHERE, SHAPES, Option
from kam_metrics.exports import EXPORTS
from kam_metrics.extracts import KINDS, Column, Kind
from kam_metrics.metrics import DIMENSIONS, MEASURES
from kam_metrics.scoring import scoring
from kam_metrics.settings import lines
from kam_metrics.words import LANGUAGES, say

FOLDER = Path(__file__).parents[1] / "docs" / "reference"


def measures() -> str:
    """Every measure and dimension."""
    rows = [
        (
            f"`{key}`",
            *(say(lang, f"measure.{key}") for lang in LANGUAGES),
            one.unit,
            one.formula,
            one.source,
            ", ".join(f"`{name}`" for name in DIMENSIONS if name in one.dims),
        )
        for key, one in MEASURES.items()
    ]
    dimensions = [(f"`{name}`", *(say(lang, f"dimension.{name}") for lang in LANGUAGES)) for name in DIMENSIONS]
    return _page(
        "Measures",
        "Every figure of the app and of `kam measure`. EUR is exact; shares lie between 0 and 1; unknown is empty, "
        "with its reason.",
        _table(("key", "Nederlands", "English", "unit", "formula", "source", "dimensions"), rows),
        "## Dimensions",
        _table(("dimension", "Nederlands", "English"), dimensions),
    )


def extracts() -> str:
    """Every kind of extract with its columns."""
    return _page(
        "Extracts",
        "Headers may be our names or any alias, compared without case, spaces, underscores and accents, in any order. "
        "**Bold** columns must be in the file and filled on every row.",
        *(part for kind in KINDS.values() for part in _kind(kind)),
    )


def settings() -> str:
    """Every setting."""
    rows = [
        (f"`{one.name}`", f"`KAM_{one.name.upper()}`", f"`{one.default}`", one.metadata["sentence"]) for one in lines()
    ]
    return _page(
        "Settings",
        "Each has a default that works. `kam.toml` in the folder where the app or the command starts may say "
        "otherwise, and the environment has the last word.",
        _table(("setting", "environment", "default", "what it is"), rows),
        *_health(),
    )


def _health() -> Iterator[str]:
    """How health is scored unless an installation says otherwise."""
    how = scoring({})
    yield "## Health"
    yield (
        "`[health]` in `kam.toml` may say any of this otherwise, under a `version` of its own, for instance "
        "`[health.cash]` with `weight = 30` or `overdue_pct = { anchors = [[0, 100], [0.30, 0]] }`. Shipped: version "
        f"`{how.version}`, `fewest_coverage = {how.fewest_coverage}`, `red_below = {how.red_below}`. Between two "
        "anchors (a figure and its points) lies a straight line. Weights that the director keeps in the app go before "
        "those of `kam.toml`."
    )
    rows = [
        (
            f"`{one.vital}.{sign.name}`",
            say("en", f"vital_figure.{sign.name}"),
            f"{one.weight} × {sign.weight} / {sum(other.weight for other in one.indicators)}",
            ", ".join(f"{figure} → {points}" for figure, points in sign.anchors),
        )
        for one in how.vitals
        for sign in one.indicators
    ]
    yield _table(("figure", "what it is", "weight", "anchors"), rows)
    yield _table(
        ("activity", "as called in cost drivers"),
        [(f"`{name}`", ", ".join(f"`{one}`" for one in called)) for name, called in how.activities],
    )


def command_line() -> str:
    """Every command and option."""
    return _page(
        "Command line",
        "`python -m kam_metrics COMMAND`, or `kam COMMAND` once installed. Options may stand before or after the "
        "command. While the app runs, it carries the command out on the store it owns: same output, same exit codes.",
        "With `--json` one JSON object is printed and nothing else; asides go to stderr. Exit codes: 0 done · "
        "1 refused, asked, or something is wrong with the data · 2 wrong usage, a taken port included · 3 the store "
        'is busy, damaged or unreachable. A failure without a report prints `{"error": "…", "message": "…"}`.',
        "The command acts as the local owner, who has every role, unless `KAM_ROLE` and `KAM_ID` narrow it. `KAM_ID` "
        "alone narrows to that key account manager. Only an analyst may do more than measure, list decisions and "
        "serve; a director may close and reopen months too, and everyone but the analyst may act upon decisions "
        "they see.",
        "## With every command",
        _options(EVERYWHERE),
        *(part for name in SHAPES for part in _command(name)),
    )


def exports() -> str:
    """Everything that can be exported."""
    rows = [
        (f"`{name}`", ", ".join(one.writers), *(say(lang, f"export_about.{name}") for lang in LANGUAGES))
        for name, one in EXPORTS.items()
    ]
    return _page(
        "Exports",
        "What `kam export WHAT --out FILE` writes; the ending of the file says in which format. Instead of a name, "
        "WHAT may be measures between commas, with `--by` dimensions. Figures are those of the pages, of the accounts "
        "that the reader may see.",
        _table(("name", "formats", "Nederlands", "English"), rows),
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "measures.md": measures,
    "extracts.md": extracts,
    "settings.md": settings,
    "exports.md": exports,
    "command-line.md": command_line,
}
"""File and what writes it."""


def stale() -> list[str]:
    """The committed pages that differ from what the code says now."""
    return [
        name
        for name, write in PAGES.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text("utf-8") != write()
    ]


def main(argv: Sequence[str]) -> int:
    """Write the pages anew; with --check only say which are stale."""
    if "--check" in argv:
        sys.stderr.write("".join(f"docs/reference/{name} is stale: run `make docs`\n" for name in stale()))
        return 1 if stale() else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), "utf-8")
    return 0


def _kind(kind: Kind) -> Iterator[str]:
    yield f"## `{kind.name}`"
    yield f"Dutch: {say('nl', f'kind.{kind.name}')}. English: {say('en', f'kind.{kind.name}')}."
    key = ", ".join(f"`{name}`" for name in kind.key)
    yield f"A row is identified by {key}." if key else "A row has no key: it is identified by its whole content."
    if kind.one_of:
        yield f"At least one of {', '.join(f'`{name}`' for name in kind.one_of)}, filled on every row."
    yield _table(("column", "holds", "also known as"), [_column(column) for column in kind.columns])


def _column(column: Column) -> tuple[str, str, str]:
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    return name, _choices(column) or column.type, ", ".join(column.headers)


def _choices(column: Column) -> str:
    """Every value a cell may stand for, with the words that stand for it."""
    words = {
        value: [word for word, of in column.choices.items() if of == value and word != value]
        for value in dict.fromkeys(column.choices.values())
    }
    return "; ".join(f"`{value}` ({', '.join(known)})" if known else f"`{value}`" for value, known in words.items())


def _command(name: str) -> Iterator[str]:
    shape = SHAPES[name]
    yield f"## `{name}`"
    yield say("en", f"command.{name}")
    yield f"```\n{shape.usage(name)}\n```"
    if shape.options:
        yield _options(shape.options)


def _options(options: Sequence[Option]) -> str:
    return _table(("option", "what it does"), [(f"`{o.usage}`", say("en", f"option.{o.field}")) for o in options])


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", "<!-- Made by `make docs`; do not edit. -->", *parts)) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
