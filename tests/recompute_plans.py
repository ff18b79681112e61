"""Plans and alignment computed a second time, from the same files (measures.md 3.7, alignment.md 2.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from statistics import fmean, median, stdev, variance
from typing import Any

from tests.recompute import Company, Record, day

Figures = dict[str, Any]
ZERO = Decimal(0)


def _target(row: Record, at: Decimal) -> Decimal:
    points = [(Decimal(0), Decimal(row["baseline"]))]
    points += [(Decimal(n), Decimal(row[f"target_{n}"])) for n in (30, 60, 90) if row[f"target_{n}"]]
    at = min(max(at, Decimal(0)), Decimal(90))
    for (low_day, low), (high_day, high) in pairwise(points):
        if at <= high_day:
            return low + (high - low) * (at - low_day) / (high_day - low_day)
    return points[-1][1]


def _attained(row: Record, value: Decimal, phase: int) -> Decimal:
    base, last, aim = Decimal(row["baseline"]), Decimal(row["target_90"]), row["direction"]
    target = _target(row, Decimal(phase))
    down = aim == "down" or (aim not in ("up", "down") and last < base)
    is_kept = aim == "keep" or last == base or (last < base) != down
    if is_kept or target == base:
        return Decimal(value <= target if down else value >= target)
    return min(Decimal(1), max(Decimal(0), (value - base) / (target - base)))


def plans(company: Company, when: date, by: str) -> dict[Any, Figures]:
    """Attainment and milestones per plan, or per account: of the plan that started last."""
    started = [p for p in company.files["plans"] if date.fromisoformat(p["start_date"]) <= when]
    newest = {p["account_id"]: p for p in sorted(started, key=lambda p: (p["start_date"], p["plan_id"]))}
    chosen = started if by == "plan_id" else list(newest.values())
    return {p[by]: _of_plan(company, p, when) for p in chosen}


def _of_plan(company: Company, plan: Record, when: date) -> Figures:
    start = date.fromisoformat(plan["start_date"])
    goals = [o for o in company.files["objectives"] if o["plan_id"] == plan["plan_id"]]
    stones = [m for m in company.files["milestones"] if m["plan_id"] == plan["plan_id"]]
    values = {o["objective_id"]: _measured(company, o["objective_id"], when) for o in goals}
    known = [(o, v) for o in goals if (v := values[o["objective_id"]]) is not None]

    today = Decimal((when - start).days)
    return {
        "plan_attainment": _mean_of([(o, _attained(o, v, 90)) for o, v in known]),
        "expected_attainment": _mean_of([(o, _expected(o, today)) for o in ([o for o, _ in known] or goals)]),
        "phase_attainment": {n: _mean_of([(o, _attained(o, v, n)) for o, v in known]) for n in (30, 60, 90)},
        **(_of_milestones(stones, start, when) if stones else {}),
    }


def _mean_of(shares: Sequence[tuple[Record, Decimal]]) -> Decimal | None:
    total = sum((Decimal(o["weight"] or 1) for o, _ in shares), ZERO)
    return sum((Decimal(o["weight"] or 1) * share for o, share in shares), ZERO) / total if total else None


def _expected(row: Record, today: Decimal) -> Decimal:
    base, last, aim = Decimal(row["baseline"]), Decimal(row["target_90"]), row["direction"]
    is_kept = aim == "keep" or last == base or (last < base) != (aim == "down" or (aim != "up" and last < base))
    return Decimal(1) if is_kept else _attained(row, _target(row, today), 90)


def _measured(company: Company, objective: str, when: date) -> Decimal | None:
    told = [
        (m["date"], Decimal(m["value"]))
        for m in company.files["measurements"]
        if m["objective_id"] == objective and date.fromisoformat(m["date"]) <= when
    ]
    return max(told)[1] if told else None


def _of_milestones(stones: Sequence[Record], start: date, when: date) -> Figures:
    done = [m for m in stones if (d := day(m["done_date"])) and d <= when]
    late = [m for m in stones if m not in done and date.fromisoformat(m["baseline_date"]) < when]
    slips = []
    for stone in stones:
        planned = date.fromisoformat(stone["baseline_date"])
        if stone in done:
            slips.append((date.fromisoformat(stone["done_date"]) - planned).days)
        elif stone in late:
            slips.append((when - planned).days)
        elif stone["planned_date"]:
            slips.append((date.fromisoformat(stone["planned_date"]) - planned).days)
    return {
        "milestones_done": len(done),
        "milestones_open": len(stones) - len(done),
        "milestones_late": len(late),
        "milestone_slip_days": fmean(slips) if slips else None,
        "milestone_slip_median": median(slips) if slips else None,
        "schedule_performance": _schedule(stones, done, start, when),
    }


def _schedule(stones: Sequence[Record], done: Sequence[Record], start: date, when: date) -> float | None:
    """Earned schedule over time passed; the clock stops when everything is done."""
    end = max(date.fromisoformat(m["done_date"]) for m in done) if len(done) == len(stones) else when
    passed = (end - start).days
    if passed <= 0:
        return None
    earned = sum(float(m["weight"] or 1) for m in done)
    at, planned = 0.0, 0.0
    for stone in sorted(stones, key=lambda m: m["baseline_date"]):
        until = max(0, (date.fromisoformat(stone["baseline_date"]) - start).days)
        weight = float(stone["weight"] or 1)
        if earned <= planned:
            break
        if earned < planned + weight:
            at += (until - at) * (earned - planned) / weight
            break
        at, planned = float(until), planned + weight
    return at / passed


def reviews(company: Company, when: date) -> dict[Any, Figures]:
    """30-day reviews held on time per account, and days since the newest review of any kind."""
    found: dict[Any, Figures] = {}
    for account in {r["account_id"] for r in company.files["reviews"]}:
        own = [r for r in company.files["reviews"] if r["account_id"] == account]
        due = [(date.fromisoformat(r["due_date"]), day(r["held_date"])) for r in own if r["kind"] == "30d"]
        due = [(d, h) for d, h in due if d + timedelta(days=5) < when and (when - d).days < 365]
        held = [d for r in own if (d := day(r["held_date"])) and d <= when]
        found[account] = {
            "review_adherence": sum(h is not None and abs((h - d).days) <= 5 for d, h in due) / len(due)
            if due
            else None,
            "days_since_review": (when - max(held)).days if held else None,
        }
    return found


# Alignment

ELEMENTS = {
    "SV": "shared_values", "ST": "style", "SK": "skills", "SF": "staff", "SR": "strategy", "SU": "structure",
    "SY": "systems",
}  # fmt: skip


def alignment(company: Company, when: date) -> dict[tuple[str | None, str], Figures]:
    """Score, people and agreement per account and element, newest round."""
    rows = [r for r in company.files["alignment"] if date.fromisoformat(r["round_date"]) <= when]
    newest: dict[str, tuple[str, str]] = {}
    for row in rows:
        newest[row["account_id"]] = max(newest.get(row["account_id"], ("", "")), (row["round_date"], row["round_id"]))
    cells: dict[tuple[str | None, str], list[Record]] = defaultdict(list)
    for row in rows:
        if (row["round_date"], row["round_id"]) == newest[row["account_id"]]:
            cells[row["account_id"] or None, ELEMENTS[row["item"][:2]]].append(row)
    return {key: _of_cell(cell) for key, cell in cells.items()}


def _of_cell(cell: Sequence[Record]) -> Figures:
    asked = {row["item"] for row in cell}
    answers: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in cell:
        if row["value"]:
            answers[row["function"], row["respondent"]][row["item"]] = int(row["value"])
    known = {who: said for who, said in answers.items() if len(said) * 2 >= len(asked)}
    functions: dict[str, list[float]] = defaultdict(list)
    for (function, _), said in known.items():
        functions[function].append(fmean(said.values()))
    scores = [score for of_function in functions.values() for score in of_function]
    columns = [[said[item] for said in known.values() if item in said] for item in sorted(asked)]
    columns = [column for column in columns if len(column) > 1]
    if len(scores) < 2:
        return {"element_n": len(scores)}
    spread = fmean(variance(column) for column in columns) / 2
    agreed = len(columns) * (1 - spread)
    return {
        "element_n": len(scores),
        "element_score": fmean(fmean(of_function) for of_function in functions.values()),
        "agreement_ad": fmean(fmean(abs(x - fmean(column)) for x in column) for column in columns),
        "agreement_rwg": max(0.0, agreed / (agreed + spread)) if spread < 1 else 0.0,
        "half_width / t": _half_width(scores, [row for row in cell if row["function"] in functions]),
    }


def _half_width(scores: Sequence[float], cell: Sequence[Record]) -> float:
    """Over the people invited from the functions that make up the score."""
    n = len(scores)
    invited = sum({row["function"]: int(row["invited"]) for row in cell}.values())
    return stdev(scores) / sqrt(n) * (sqrt((invited - n) / (invited - 1)) if invited > n else 0.0)
