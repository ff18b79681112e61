"""The pages behind `--help`, made from what is declared."""

from __future__ import annotations

from collections.abc import Sequence

from kam_metrics.cli.arguments import EVERYWHERE, SHAPES, Option
from kam_metrics.words import say


def overview(lang: str) -> str:
    """Every command in one line each, and what the exit codes mean."""
    return "\n\n".join(
        (
            say(lang, "cli.help"),
            say(lang, "cli.usage", usage="kam COMMAND [--option …]"),
            _listed(say(lang, "cli.commands"), [(name, say(lang, f"command.{name}")) for name in SHAPES]),
            _options(lang, "cli.options_everywhere", EVERYWHERE),
            say(lang, "cli.exit_codes"),
            say(lang, "cli.more"),
        )
    )


def page(lang: str, command: str) -> str:
    """How one command is used."""
    shape = SHAPES[command]
    parts = [say(lang, f"command.{command}"), say(lang, "cli.usage", usage=shape.usage(command))]
    if shape.options:
        parts.append(_options(lang, "cli.options", shape.options))
    return "\n\n".join([*parts, _options(lang, "cli.options_everywhere", EVERYWHERE)])


def _options(lang: str, title: str, options: Sequence[Option]) -> str:
    return _listed(say(lang, title), [(option.usage, say(lang, f"option.{option.field}")) for option in options])


def _listed(title: str, entries: Sequence[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in entries)
    return "\n".join([f"{title}:", *(f"  {name.ljust(width)}  {sentence}" for name, sentence in entries)])
