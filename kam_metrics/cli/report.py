"""Judgements, loads and checks as a person reads them in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kam_metrics.cli.text import figure, table
from kam_metrics.metrics.reconcile import Check
from kam_metrics.words import money, number, say

TAB = "\t"


def judgement(lang: str, told: Mapping[str, Any]) -> str:
    """What was found in a file, and what became of it."""
    inner = [f"  {line}" for line in (*_contents(lang, told), *told["warnings"], *_answers(lang, told["question"]))]
    said = told["message"] if told["file"] in told["message"] else f"{told['file']}: {told['message']}"
    return "\n".join([said, *inner, *_problems(lang, told)])


def _contents(lang: str, told: Mapping[str, Any]) -> Iterator[str]:
    if told["load_id"]:
        yield say(lang, "cli.loaded", load_id=str(told["load_id"]))
    if told["difference"]:
        yield say(lang, "cli.rows", rows=told["rows"], **told["difference"])
    skipped = [
        f"{say(lang, f'skipped.{name}')} ({number(lang, count)})" for name, count in told["skipped"].items() if count
    ]
    if skipped:
        yield say(lang, "cli.skipped", skipped=", ".join(skipped))
    if told["total_by_currency"]:
        yield say(lang, "cli.totals", totals=_totals(lang, told["total_by_currency"]))
    if told["min_date"]:
        first, last = (date.fromisoformat(told[key]) for key in ("min_date", "max_date"))
        yield say(lang, "cli.dates", first=first, last=last)
    if read_as := {name: value for name, value in told["read_as"].items() if value and name != "columns"}:
        yield say(lang, "cli.read_as", read_as=" ".join(_option(name, value) for name, value in read_as.items()))


def _answers(lang: str, question: Mapping[str, Any] | None) -> Iterator[str]:
    """What to type to answer the question."""
    if question and question["options"]:
        about = {"snapshot_date": "as_of"}.get(question["about"], question["about"])
        typed = [f"kam {answer}" if about == "redo" else _option(about, answer) for answer in question["options"]]
        yield say(lang, "cli.answers", answers=" | ".join(typed))


def _option(field: str, value: object) -> str:
    """An option as it is typed in a shell."""
    return f"--{field.replace('_', '-')} {'tab' if value == TAB else shlex.quote(str(value))}"


def _problems(lang: str, told: Mapping[str, Any]) -> Iterator[str]:
    on_lines = [problem for problem in told["problems"] if problem["line"]]
    if on_lines:
        yield table(
            [say(lang, f"column.{name}") for name in ("line", "column", "value", "problem")],
            [[str(p["line"]), p["column"] or "", p["value"] or "", p["message"]] for p in on_lines],
            frozenset({0}),
        )
    if told["problem_count"] > len(told["problems"]):
        yield say(lang, "cli.problems_more", count=told["problem_count"], shown=len(told["problems"]))


def loads(lang: str, told: Sequence[Mapping[str, Any]]) -> str:
    """The history of loads as a table."""
    if not told:
        return say(lang, "cli.no_loads")
    names = ("load", "kind", "file", "rows", "totals", "loaded_at", "loaded_by", "state")
    rows = [
        [
            str(one["load_id"]),
            one["kind"],
            one["file"],
            number(lang, one["rows"]),
            _totals(lang, one["total_by_currency"]),
            str(one["loaded_at"]),
            one["loaded_by"],
            say(lang, "cli.live" if one["live"] else "cli.is_undone"),
        ]
        for one in told
    ]
    return table([say(lang, f"column.{name}") for name in names], rows, frozenset({0, 3, 4}))


def quality(lang: str, told: Sequence[Mapping[str, Any]]) -> str:
    """Per source and kind the share of lines that lack nothing, and how many lack what; unknown is no zero."""
    if not told:
        return say(lang, "empty.quality")
    counted = ("lines", "flawless", "left_out", "unmapped", "no_cost", "no_due", "warnings")
    units = {"flawless": "share"}
    rows = [
        [one["source"] or "", one["kind"], *(figure(lang, units.get(name, "count"), one[name]) for name in counted)]
        for one in told
    ]
    head = [say(lang, f"column.{name}") for name in ("source", "kind", *counted)]
    return table(head, rows, frozenset(range(2, len(head))))


def checks(lang: str, told: Sequence[Check]) -> str:
    """The checks of a store as a table, every difference they found, and what they come to."""
    head = [say(lang, "column.check"), say(lang, "column.result")]
    rows = [[say(lang, f"check_name.{one.name}"), say(lang, "cli.ok" if one.ok else "cli.wrong")] for one in told]
    found = [
        "\n".join([f"{say(lang, f'check_name.{one.name}')}:", *(f"  {difference}" for difference in one.differences)])
        for one in told
        if one.differences
    ]
    wrong = sum(not one.ok for one in told)
    verdict = say(lang, "cli.not_well", count=wrong) if wrong else say(lang, "cli.all_well", count=len(told))
    return "\n\n".join([table(head, rows), *found, verdict])


def demo(lang: str, told: Mapping[str, Any]) -> str:
    """What the demo company consists of."""
    names = ("load", "kind", "file", "rows")
    rows = [[str(one["load_id"]), one["kind"], one["file"], number(lang, one["rows"])] for one in told["files"]]
    made = say(lang, "cli.demo_made", store=told["store"], folder=told["folder"])
    return "\n\n".join((table([say(lang, f"column.{name}") for name in names], rows, frozenset({0, 3})), made))


def _totals(lang: str, totals: Mapping[str, str]) -> str:
    return ", ".join(money(lang, Decimal(amount), currency) for currency, amount in totals.items())


def closings(lang: str, told: Sequence[Mapping[str, str]]) -> str:
    """Who closed and reopened which month."""
    if not told:
        return say(lang, "cli.no_closings")
    rows = [[one["month"], say(lang, f"cli.act_{one['act']}"), one["name"], one["who"], one["at"]] for one in told]
    return table([say(lang, f"column.{name}") for name in ("month", "act", "in_name", "loaded_by", "at")], rows)


def profiles(lang: str, told: Sequence[Mapping[str, Any]]) -> str:
    """The answers that are kept, by name."""
    if not told:
        return say(lang, "empty.profiles")
    rows = [[one["name"], one["kind"], one["source"] or "", " ".join(one["answers"]), one["saved_by"]] for one in told]
    return table([say(lang, f"column.{name}") for name in ("name", "kind", "source", "answers", "loaded_by")], rows)
