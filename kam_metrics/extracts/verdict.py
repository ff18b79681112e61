"""What a judgement says of the rows: their totals, their problems, and the wrong ones put aside."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kam_metrics.extracts import rules
from kam_metrics.extracts.check import FAULT, Sheet
from kam_metrics.extracts.judgement import FIRST_PROBLEMS, Problem, plain_decimal, shortened
from kam_metrics.extracts.match import Place
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.staging import TEXT
from kam_metrics.store import Stage

QUARANTINE = "staged_quarantine"
"""line, raw, problem: the rows that were left out on the analyst's word."""


def fault_count(stage: Stage) -> int:
    """How many faults stand."""
    (count,) = stage.cursor.execute(f"select count(*) from {FAULT}").fetchone() or (0,)
    return int(count)


def totals(stage: Stage, this: Sheet) -> dict[str, Any]:
    """Rows, sums and first and last day of the rows that are fit to load."""
    kind = this.kind
    dated = kind.dated or "null::date"
    account = "coalesce(account_id, customer_no)" if "customer_no" in kind.names else "account_id"
    currency = "currency" if "currency" in kind.names else "'EUR'"
    groups, amount = (f"{account}, {currency}", f"sum({kind.money})") if kind.money else ("null, null", "null")
    sums = stage.cursor.execute(
        f"select {groups}, {amount}, count(*), min({dated}), max({dated}) from {rules.ROWS} group by 1, 2 order by 1, 2"
    ).fetchall()
    found = {
        "rows": sum(rows for *_, rows, _, _ in sums),
        "min_date": min((first for *_, first, _ in sums if first), default=None),
        "max_date": max((last for *_, last in sums if last), default=None),
    }
    if not kind.money:
        return found
    by_currency: dict[str, Decimal] = {}
    for _, code, total, *_ in sums:
        by_currency[code] = by_currency.get(code, Decimal(0)) + total
    by_account = {f"{account}|{code}": total for account, code, total, *_ in sums}
    return {**found, "total_by_currency": by_currency, "total_by_account": by_account}


def control_problems(totals: Mapping[str, Any], options: Options) -> list[Problem]:
    """The sender's totals against ours."""
    found = totals.get("total_by_currency", {})
    return [
        Problem(
            "control_total", value=f"{plain_decimal(said)} {code}", detail=plain_decimal(found.get(code, Decimal(0)))
        )
        for code, said in options.control_totals.items()
        if said != found.get(code, Decimal(0))
    ]


def problems(stage: Stage, this: Sheet, whole: list[Problem]) -> dict[str, Any]:
    """The first problems in full, the number of all, and every wrong line."""
    places = {place.index: place for place in this.places}
    values = " ".join(f"when {index} then c{index}" for index in places)
    rows = stage.cursor.execute(
        f"select place, line, rule, detail, case place {values} end from {FAULT} join {TEXT} using (line) "
        f"order by line, place, rule limit {FIRST_PROBLEMS}"
    ).fetchall()
    first = [_problem(places.get(place), *rest) for place, *rest in rows]
    lines = {row[0] for row in stage.cursor.execute(f"select distinct line from {FAULT}").fetchall()}
    lines |= {problem.line for problem in whole if problem.line is not None}
    first = sorted((*first, *whole), key=lambda problem: problem.line or 0)[:FIRST_PROBLEMS]
    return {
        "problems": tuple(first), "problem_count": fault_count(stage) + len(whole), "lines": tuple(sorted(lines)),
    }  # fmt: skip


def _problem(place: Place | None, line: int, rule: str, detail: str | None, value: str | None) -> Problem:
    name, header = (place.name, place.header) if place else (None, None)
    return Problem(rule, line, name, header, value, shortened(detail or ""))


def set_aside(stage: Stage, this: Sheet) -> int:
    """Put the wrong rows aside as they stand in the file."""
    names = [row[0] for row in stage.cursor.execute(f"describe {TEXT}").fetchall()][3:]
    raw = "concat_ws(';', " + ", ".join(f"coalesce({name}, '')" for name in names) + ", surplus)"
    stage.cursor.execute(
        f"create or replace temp table {QUARANTINE} as select line, {raw} as raw, "
        f"string_agg(distinct rule, ', ' order by rule) as problem from {FAULT} join {TEXT} using (line) "
        "group by all order by line"
    )
    (count,) = stage.cursor.execute(f"select count(*) from {QUARANTINE}").fetchone() or (0,)
    return int(count)
