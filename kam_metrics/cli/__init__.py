"""The command line: everything the app can load, undo, check and show, for scripts and for the app's own hand-off."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from kam_metrics import handoff, words
from kam_metrics.cli import arguments, manual
from kam_metrics.cli.arguments import Request
from kam_metrics.cli.commands import COMMANDS
from kam_metrics.cli.session import Outcome, Session
from kam_metrics.errors import KamError, NotAllowed, UsageError
from kam_metrics.reader import narrowed
from kam_metrics.settings import Settings, read_settings
from kam_metrics.terms import LOCAL_OWNER

__all__ = ["answer", "main", "run"]


@dataclass(frozen=True)
class Voice:
    """Where and how a run speaks: its streams, its language, and whether scripts listen."""

    stdout: TextIO
    stderr: TextIO
    lang: str
    is_json: bool

    def give(self, outcome: Outcome) -> int:
        """The answer of a command that was carried out."""
        told = _json(outcome.payload) if self.is_json else outcome.text(self.lang)
        self.stdout.write(told.rstrip("\n") + "\n")
        return outcome.exit_code

    def fail(self, error: KamError) -> int:
        """One clear sentence why it was not."""
        sentence = words.explain(self.lang, error)
        if self.is_json:
            self.stdout.write(_json({"error": error.key, "message": sentence}) + "\n")
        else:
            self.stderr.write(sentence + "\n")
        return error.exit_code


def main() -> None:
    """Run what was typed in a terminal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        code = run(sys.argv[1:], os.environ, Path.cwd(), sys.stdout, sys.stderr)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # The reader, `head` perhaps, had enough; Python would complain while closing the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def run(argv: Sequence[str], env: Mapping[str, str], folder: Path, stdout: TextIO, stderr: TextIO) -> int:
    """Carry out one command as if typed in this folder, and return its exit code."""
    voice = Voice(stdout, stderr, _spoken(argv, Settings.lang), "--json" in argv)
    try:
        settings = read_settings(env, folder)
        voice = replace(voice, lang=_spoken(argv, settings.lang))
        return _carry_out(arguments.read(argv), argv, env, folder, settings, voice)
    except KamError as error:
        return voice.fail(error)


def answer(command: handoff.Command) -> handoff.Reply:
    """Carry out a command that another process handed over."""
    stdout, stderr = io.StringIO(), io.StringIO()
    code = run(command.argv, command.env, Path(command.folder), stdout, stderr)
    return handoff.Reply(code, stdout.getvalue(), stderr.getvalue())


def _carry_out(
    request: Request, argv: Sequence[str], env: Mapping[str, str], folder: Path, settings: Settings, voice: Voice
) -> int:
    if request["help"]:
        page = manual.page(voice.lang, request.command) if request.command else manual.overview(voice.lang)
        return voice.give(Outcome({"help": page}, lambda _: page))
    if not request.command:
        raise UsageError("no_command")
    today = datetime.now().astimezone().date()
    session = Session(request, settings, narrowed(env) or LOCAL_OWNER, folder, env, today, voice.lang, voice.stderr)
    command = COMMANDS[request.command]
    if command.needs_analyst and not session.principal.may_load:
        raise NotAllowed
    reply = handoff.ask(session.store_path, _packed(argv, env, folder)) if command.uses_store else None
    if reply is None:
        return voice.give(command.carry_out(session))
    voice.stdout.write(reply.stdout)
    voice.stderr.write(reply.stderr)
    return reply.exit_code


def _packed(argv: Sequence[str], env: Mapping[str, str], folder: Path) -> handoff.Command:
    ours = {name: value for name, value in env.items() if name.startswith("KAM_")}
    return handoff.Command(tuple(argv), ours, str(folder.resolve()))


def _spoken(argv: Sequence[str], usual: str) -> str:
    """The language to speak in, also about a request that cannot be read."""
    asked = [value for option, value in pairwise(argv) if option == "--lang"]
    asked += [option.partition("=")[2] for option in argv if option.startswith("--lang=")]
    return next((lang for lang in (*asked[-1:], usual) if lang in words.LANGUAGES), Settings.lang)


def _json(payload: Mapping[str, object]) -> str:
    return json.dumps(payload, ensure_ascii=False)
