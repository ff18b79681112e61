"""Judgements, loads and checks as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kam_metrics.cli.text import table
from kam_metrics.metrics.reconcile import Check
from kam_metrics.words import money, number, say


def judgement(lang: str, told: Mapping[str, Any]) -> str:
    """What was found in a file, and what became of it."""
    inner = [f"  {line}" for line in (*_contents(lang, told), *told["warnings"], *_choices(lang, told["question"]))]
    said = told["message"] if told["file"] in told["message"] else f"{told['file']}: {told['message']}"
    return "\n".join([said, *inner, *_problems(lang, told)])


def _contents(lang: str, told: Mapping[str, Any]) -> Iterator[str]:
    if told["difference"]:
        yield say(lang, "cli.rows", rows=told["rows"], **told["difference"])
    if skipped := _listed(told["skipped"]):
        yield say(lang, "cli.skipped", skipped=skipped)
    if told["total_by_currency"]:
        yield say(lang, "cli.totals", totals=_totals(lang, told["total_by_currency"]))
    if told["min_date"]:
        first, last = (date.fromisoformat(told[key]) for key in ("min_date", "max_date"))
        yield say(lang, "cli.dates", first=first, last=last)
    if read_as := _listed(told["read_as"]):
        yield say(lang, "cli.read_as", read_as=read_as)


def _choices(lang: str, question: Mapping[str, Any] | None) -> Iterator[str]:
    if question:
        yield say(lang, "cli.options_are", options=" ".join(question["options"]))
        yield say(lang, "cli.evidence", evidence=" ".join(question["evidence"]))


def _problems(lang: str, told: Mapping[str, Any]) -> Iterator[str]:
    problems = told["problems"]
    if problems:
        yield table(
            [say(lang, f"column.{name}") for name in ("line", "column", "value", "problem")],
            [[str(p["line"] or ""), p["column"] or "", p["value"] or "", p["message"]] for p in problems],
            frozenset({0}),
        )
    if told["problem_count"] > len(problems):
        yield say(lang, "cli.problems_more", count=told["problem_count"], shown=len(problems))


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


def checks(lang: str, told: Sequence[Check]) -> str:
    """The checks of a store as a table, every difference they found, and what they come to."""
    head = [say(lang, "column.check"), say(lang, "column.result")]
    rows = [[say(lang, f"check_name.{one.name}"), say(lang, "cli.ok" if one.ok else "cli.wrong")] for one in told]
    found = [
        "\n".join([f"{say(lang, f'check.{one.name}')}:", *(f"  {difference}" for difference in one.differences)])
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


def _listed(values: Mapping[str, Any]) -> str:
    flat = {name: value for name, value in values.items() if value and not isinstance(value, Mapping)}
    return ", ".join(f"{name} {value}" for name, value in flat.items())
