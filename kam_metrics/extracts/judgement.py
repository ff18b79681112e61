"""What we think of a file: accepted, refused or asked about, with everything that a reader needs to act on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from kam_metrics import words
from kam_metrics.extracts.options import Options

Outcome = Literal["accept", "reject", "ask"]
SKIPPED = ("title", "total", "blank", "repeated_header", "footer")
FIRST_PROBLEMS = 100
_LONGEST = 100


@dataclass(frozen=True)
class Message:
    """A sentence in no language yet: a key into the words and the values of its blanks."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """The sentence in a language."""
        return words.say(language, self.key, **self.values)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what stands there, and which rule it breaks."""

    rule: str
    line: int | None = None
    column: str | None = None
    header: str | None = None
    value: str | None = None
    detail: str = ""

    def payload(self, language: str) -> dict[str, object]:
        """As `check --json` answers it."""
        value = None if self.value is None else shortened(self.value)
        blanks = {
            "line": "" if self.line is None else str(self.line),
            "column": self.header or self.column or "",
            "value": value or "",
            "detail": self.detail,
        }
        message = words.say(language, f"extract_problem.{self.rule}", **blanks)
        return {"line": self.line, "column": self.column, "value": value, "rule": self.rule, "message": message}


@dataclass(frozen=True)
class Question:
    """Something the file leaves open, the answers it allows, and what made us doubt."""

    about: str
    options: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    key: str = ""
    """The sentence that asks it, where it is not the one of `about`."""

    def payload(self) -> dict[str, object]:
        """As `check --json` answers it."""
        evidence = [shortened(text) for text in self.evidence]
        return {"about": self.about, "options": list(self.options), "evidence": evidence}


@dataclass(frozen=True)
class ReadAs:
    """How the bytes were read; the same options read them the same way again."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    date_order: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """The whole answer to `check`; `table` names the typed rows while the stage lives."""

    outcome: Outcome
    file: str
    sha256: str
    kind: str | None = None
    table: str | None = None
    rows: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    total_by_currency: Mapping[str, Decimal] = field(default_factory=dict)
    total_by_account: Mapping[str, Decimal] = field(default_factory=dict)
    min_date: date | None = None
    max_date: date | None = None
    read_as: ReadAs = field(default_factory=ReadAs)
    problems: tuple[Problem, ...] = ()
    """The first hundred; `problem_count` and `lines` know them all."""
    problem_count: int = 0
    lines: tuple[int, ...] = ()
    question: Question | None = None
    warnings: tuple[Message, ...] = ()
    source_system: str | None = None
    quarantined: int = 0
    """Rows left out on the analyst's word, in `staged_quarantine`."""
    load_id: int | None = None
    difference: Mapping[str, int] | None = None
    headers: tuple[str, ...] = ()
    """As the file spells them, once they were found."""
    remembered: str | None = None
    """The profile whose answers were used because this file has its headers."""
    read_with: Options = field(default_factory=Options)
    """Every answer it was read with: said, of a profile, or remembered."""

    @property
    def message(self) -> Message:
        """The outcome in one sentence."""
        if self.question:
            asked = self.question.key or self.question.about
            return Message(f"extract_question.{asked}", {"evidence": _listed(self.question.evidence)})
        if self.outcome == "accept":
            key = "accept_part" if self.quarantined else "accept"
            return Message(f"extract_outcome.{key}", {"rows": self.rows, "left": self.quarantined, "file": self.file})
        if self.problem_count == 1 and self.problems[0].line is None:
            return Message("extract_outcome.reject_file", {"file": self.file})
        return Message("extract_outcome.reject", {"count": self.problem_count, "file": self.file})

    def sentence(self, language: str) -> str:
        """The outcome in one sentence of a language; a refusal of the whole file says why."""
        said = self.message.say(language)
        if self.message.key == "extract_outcome.reject_file":
            return f"{said} {self.problems[0].payload(language)['message']}"
        return said

    def payload(self, language: str = "nl") -> dict[str, object]:
        """The object of `check --json`."""
        return {
            "outcome": self.outcome,
            "kind": self.kind,
            "file": self.file,
            "sha256": self.sha256,
            "load_id": self.load_id,
            "rows": self.rows,
            "skipped": {name: self.skipped.get(name, 0) for name in SKIPPED},
            "total_by_currency": _exact(self.total_by_currency),
            "total_by_account": _exact(self.total_by_account),
            "min_date": self.min_date and self.min_date.isoformat(),
            "max_date": self.max_date and self.max_date.isoformat(),
            "read_as": {**vars(self.read_as), "columns": dict(self.read_as.columns)},
            "difference": self.difference and dict(self.difference),
            "problems": [problem.payload(language) for problem in self.problems],
            "problem_count": self.problem_count,
            "lines": list(self.lines),
            "question": self.question and self.question.payload(),
            "warnings": [warning.say(language) for warning in self.warnings],
            "message": self.sentence(language),
        }


class Refused(Exception):
    """The file as a whole cannot be accepted; ends the judging wherever it stands."""

    def __init__(
        self,
        rule: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        detail: object = "",
    ) -> None:
        self.problem = Problem(rule, line, column, value=value, detail=shortened(str(detail)))
        super().__init__(rule)


class Asked(Exception):
    """The file leaves something open; ends the judging wherever it stands."""

    def __init__(
        self, about: str, options: tuple[str, ...] = (), evidence: tuple[str, ...] = (), key: str = ""
    ) -> None:
        self.question = Question(about, options, evidence, key)
        super().__init__(about)


class Doubtful(Exception):
    """What was stored while it was read must be read again and explained; ends the judging wherever it stands."""


def shortened(text: str) -> str:
    """A text that fits a message, whatever it holds."""
    shown = "".join(char if char.isprintable() else " " for char in text[: _LONGEST + 1])
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"


def _listed(texts: tuple[str, ...]) -> str:
    return ", ".join(f"«{shortened(text)}»" for text in texts[:5])


def plain_decimal(amount: Decimal) -> str:
    """Exact decimals without trailing zeros beyond the cent: 639.25, 0.00, 1.2345."""
    cents = amount.quantize(Decimal("0.01")) if amount == round(amount, 2) else amount.normalize()
    return format(cents, "f")


def _exact(totals: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: plain_decimal(total) for name, total in totals.items()}
