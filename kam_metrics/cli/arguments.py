"""What may be typed: every option and command declared once, for reading, for `--help` and for the reference."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, NoReturn, get_args

from kam_metrics.errors import UsageError
from kam_metrics.extracts.options import SIGNS
from kam_metrics.terms import Against, CreditNotes, Scenario


def day(text: str) -> date:
    """A calendar date as 2026-03-31."""
    return date.fromisoformat(text)


def number(text: str) -> int:
    """A whole number."""
    return int(text)


def count(text: str) -> int:
    """A whole number above zero."""
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def names(text: str) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def header(text: str) -> tuple[str, str]:
    """A header of theirs and the column of ours it stands for, as THEIRS=ours."""
    theirs, equals, ours = text.rpartition("=")
    if not (equals and theirs.strip() and ours.strip()):
        raise ValueError(text)
    return theirs.strip(), ours.strip()


def total(text: str) -> tuple[str, Decimal]:
    """A currency, EUR when left out, and the amount a file must add up to."""
    currency, _, amount = text.rpartition("=")
    try:
        exact = Decimal(amount)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not exact.is_finite():
        raise ValueError(text)
    return currency.strip().upper() or "EUR", exact


def delimiter(text: str) -> str:
    """What stands between columns; a tab may be spelled."""
    return "\t" if text in {"tab", r"\t"} else text


@dataclass(frozen=True)
class Option:
    """One option; without a value it is a switch."""

    name: str
    value: str = ""
    read: Callable[[str], object] = str
    choices: tuple[str, ...] = ()
    repeatable: bool = False

    @property
    def field(self) -> str:
        """The name under which its value is found."""
        return self.name.removeprefix("--").replace("-", "_")

    @property
    def usage(self) -> str:
        """How it is typed."""
        value = "|".join(self.choices) or self.value
        return f"{self.name} {value}" if value else self.name


@dataclass(frozen=True)
class Shape:
    """What one command takes: its operand, how many of it, and its options."""

    options: tuple[Option, ...] = ()
    operand: str = ""
    many: bool = False

    def usage(self, command: str) -> str:
        """How it is typed."""
        operand = f" {self.operand}{'…' if self.many else ''}" if self.operand else ""
        return f"kam {command}{operand}" + "".join(f" [{option.usage}]" for option in self.options)


@dataclass(frozen=True)
class Request:
    """What was typed, read and checked."""

    command: str
    operands: tuple[str, ...]
    options: Mapping[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.options.get(field)


EVERYWHERE = (
    Option("--store", "PATH"),
    Option("--lang", choices=("nl", "en")),
    Option("--json"),
    Option("--help"),
)
READING = (
    Option("--kind", "KIND"),
    Option("--profile", "NAME"),
    Option("--encoding", "NAME"),
    Option("--delimiter", "MARK", delimiter),
    Option("--decimal", choices=(".", ",")),
    Option("--date-order", choices=("dmy", "mdy", "ymd")),
    Option("--sheet", "NAME"),
    Option("--header-row", "N", count),
    Option("--map", "THEIRS=OURS", header, repeatable=True),
    Option("--source", "NAME"),
    Option("--name", "NAME"),
    Option("--as-of", "DATE", day),
    Option("--sign", choices=SIGNS),
    Option("--control-total", "[EUR=]AMOUNT", total, repeatable=True),
    Option("--replace"),
    Option("--quarantine"),
)
OF_ONE_FILE = frozenset({"--name", "--control-total"})
"""Options that say something about one file, and so nothing about a folder."""
OF_A_MEASURE = (
    Option("--by", "DIMENSION,…", names, repeatable=True),
    Option("--from", "DATE", day),
    Option("--to", "DATE", day),
    Option("--as-of", "DATE", day),
    Option("--account", "ACCOUNT"),
    Option("--kam", "KAM"),
)
"""What a figure is asked of, and by what it is shown."""
SHAPES: Mapping[str, Shape] = {
    "demo": Shape((Option("--accounts", "N", count), Option("--lines", "N", count), Option("--seed", "N", number))),
    "check": Shape(READING, "FILE"),
    "load": Shape((*READING, Option("--save-as", "NAME")), "FILE", many=True),
    "watch": Shape(
        (*(one for one in READING if one.name not in OF_ONE_FILE), Option("--settle", "SECONDS", number)), "FOLDER"
    ),
    "loads": Shape(),
    "undo": Shape((Option("--dry-run"),), "LOAD"),
    "redo": Shape((Option("--dry-run"),), "LOAD"),
    "close": Shape((Option("--who", "PERSON"),), "MONTH"),
    "reopen": Shape((Option("--who", "PERSON"),), "MONTH"),
    "closings": Shape(),
    "map": Shape(
        (Option("--from", "DATE", day), Option("--source", "NAME"), Option("--company", "NAME")), "CUSTOMER_NO ACCOUNT"
    ),
    "succeed": Shape((Option("--from", "DATE", day),), "ACCOUNT SUCCESSOR"),
    "profiles": Shape(),
    "forget": Shape((), "NAME"),
    "measure": Shape(
        (
            *OF_A_MEASURE,
            Option("--scenario", choices=tuple(Scenario)),
            Option("--credit-notes", choices=tuple(CreditNotes)),
        ),
        "KEY",
        many=True,
    ),
    "decisions": Shape(
        (Option("--as-of", "DATE", day), Option("--account", "ACCOUNT"), Option("--kam", "KAM"), Option("--all"))
    ),
    "decide": Shape(
        (
            Option("--assign", "PERSON"),
            Option("--due", "DATE", day),
            Option("--note", "TEXT"),
            Option("--done"),
            Option("--reopen"),
            Option("--who", "PERSON"),
            Option("--as-of", "DATE", day),
        ),
        "DECISION",
    ),
    "export": Shape(
        (Option("--out", "FILE"), *OF_A_MEASURE, Option("--against", choices=get_args(Against))),
        "WHAT",
    ),
    "template": Shape((Option("--out", "FILE"),), "KIND"),
    "measures": Shape(),
    "quality": Shape(),
    "reconcile": Shape(
        (
            Option("--xaf", "FILE"),
            Option("--revenue", "NUMBERS"),
            Option("--receivables", "NUMBERS"),
            Option("--source", "NAME"),
        )
    ),
    "serve": Shape((Option("--port", "N", count), Option("--no-browser"))),
}
"""Every command, in the order of a first day with it."""


def read(argv: Sequence[str]) -> Request:
    """The request typed, options before or after the command; a `UsageError` names what is wrong with it."""
    words, typed = _split(argv)
    if not words:
        return Request("", (), typed)
    command, *operands = words
    shape = SHAPES.get(command)
    if shape is None:
        raise UsageError("unknown_command", name=command, nearest=nearest(command, SHAPES))
    if not typed.get("help"):
        _check_operands(command, shape, operands)
    known = {option.field: option for option in (*EVERYWHERE, *shape.options)}
    for field in typed:
        if field not in known:
            raise UsageError("option_elsewhere", option=_ALL[field].name, command=command)
    return Request(command, tuple(operands), {field: _value(known[field], raw) for field, raw in typed.items()})


def nearest(name: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """The known name most like this one."""
    return (get_close_matches(name, list(known), n=1, cutoff=0) or [""])[0]


_ALL = {option.field: option for shape in SHAPES.values() for option in (*EVERYWHERE, *shape.options)}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError("usage", message=message)


def _split(argv: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    parser = _Parser("kam", add_help=False, allow_abbrev=False, exit_on_error=False)
    for field, option in _ALL.items():
        action = "append" if option.repeatable else "store" if option.usage != option.name else "store_true"
        parser.add_argument(option.name, dest=field, action=action, default=argparse.SUPPRESS)
    parser.add_argument("words", nargs="*")
    try:
        typed, strange = parser.parse_known_intermixed_args(argv)
    except argparse.ArgumentError as error:
        name = (error.argument_name or "").split("/")[0]
        wants = (
            "option_needs_value"
            if _ALL[name.removeprefix("--").replace("-", "_")].usage != name
            else "option_is_switch"
        )
        raise UsageError(wants, option=name) from error
    if strange:
        name = strange[0].partition("=")[0]
        raise UsageError("unknown_option", name=name, nearest=nearest(name, [o.name for o in _ALL.values()]))
    return typed.words, {field: value for field, value in vars(typed).items() if field != "words"}


def _check_operands(command: str, shape: Shape, operands: Sequence[str]) -> None:
    wanted = shape.operand.split()
    if len(operands) < len(wanted):
        raise UsageError("operand_missing", command=command, operand=wanted[len(operands)])
    allowed = len(operands) if shape.many else len(wanted)
    if len(operands) > allowed:
        raise UsageError("operand_extra", command=command, value=operands[allowed])


def _value(option: Option, raw: Any) -> Any:
    if option.repeatable:
        return tuple(_one(option, text) for text in raw)
    return raw if raw is True else _one(option, raw)


def _one(option: Option, text: str) -> object:
    if option.choices and text not in option.choices:
        raise UsageError("option_choice", option=option.name, value=text, choices=", ".join(option.choices))
    try:
        return option.read(text)
    except ValueError as error:
        raise UsageError(f"option_{option.read.__name__}", option=option.name, value=text) from error
