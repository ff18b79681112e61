"""Plans and alignment computed a second time, from the same files (measures.md 3.7, alignment.md 2.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, median, quantiles
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


def plans(company: Company, when: date, by: str | None) -> dict[Any, Figures]:
    """Attainment and milestones per plan, or per account or in all: of the plans that started last."""
    chosen = _started(company, when) if by == "plan_id" else newest(company, when)
    return {key: _of_plans(company, of, when) for key, of in parts(chosen, by).items()}


def _started(company: Company, when: date) -> list[Record]:
    return [p for p in company.files["plans"] if date.fromisoformat(p["start_date"]) <= when]


def newest(company: Company, when: date) -> list[Record]:
    """The plan of each account that started last."""
    in_order = sorted(_started(company, when), key=lambda plan: (plan["start_date"], plan["plan_id"]))
    return list({plan["account_id"]: plan for plan in in_order}.values())


def parts(rows: Sequence[Record], by: str | None) -> dict[Any, list[Record]]:
    """The rows by one of their columns, or all together."""
    found: dict[Any, list[Record]] = defaultdict(list)
    for row in rows:
        found[(row[by] or None) if by else None].append(row)
    return found


def _of_plans(company: Company, of: Sequence[Record], when: date) -> Figures:
    starts = {plan["plan_id"]: date.fromisoformat(plan["start_date"]) for plan in of}
    goals = [o for o in company.files["objectives"] if o["plan_id"] in starts]
    stones = [m for m in company.files["milestones"] if m["plan_id"] in starts]
    values = {o["objective_id"]: _measured(company, o["objective_id"], when) for o in goals}
    known = [(o, v) for o in goals if (v := values[o["objective_id"]]) is not None]

    def expected(row: Record) -> Decimal:
        return _expected(row, Decimal((when - starts[row["plan_id"]]).days))

    return {
        "plan_attainment": _mean_of([(o, _attained(o, v, 90)) for o, v in known]),
        "expected_attainment": _mean_of([(o, expected(o)) for o in ([o for o, _ in known] or goals)]),
        "phase_attainment": {n: _mean_of([(o, _attained(o, v, n)) for o, v in known]) for n in (30, 60, 90)},
        **(_of_milestones(stones, starts, when) if stones else {}),
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


def _of_milestones(stones: Sequence[Record], starts: dict[str, date], when: date) -> Figures:
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
        "milestone_slip_p90": _ninth_of_ten(sorted(slips)) if slips else None,
        "schedule_performance": _over(
            [
                _schedule(of, [m for m in of if m in done], starts[plan], when)
                for plan, of in parts(stones, "plan_id").items()
            ]
        ),
    }


def _ninth_of_ten(slips: Sequence[int]) -> Decimal:
    """The value nine in ten stay below, on the straight line between its neighbours (inclusive method)."""
    return Decimal(quantiles(slips, n=10, method="inclusive")[8]) if len(slips) > 1 else Decimal(slips[0])


def _over(told: Sequence[tuple[float, float] | None]) -> float | None:
    known = [pair for pair in told if pair]
    return sum(earned for earned, _ in known) / sum(passed for _, passed in known) if known else None


def _schedule(stones: Sequence[Record], done: Sequence[Record], start: date, when: date) -> tuple[float, float] | None:
    """Earned schedule, and the time passed; the clock stops when everything is done."""
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
    return at, passed


def reviews(company: Company, when: date, by: str | None = "account_id") -> dict[Any, Figures]:
    """30-day reviews held on time per account or in all, and days since the newest review of any kind."""
    return {key: _of_reviews(own, when) for key, own in parts(company.files["reviews"], by).items()}


def _of_reviews(own: Sequence[Record], when: date) -> Figures:
    due = [(date.fromisoformat(r["due_date"]), day(r["held_date"])) for r in own if r["kind"] == "30d"]
    due = [(d, h) for d, h in due if d + timedelta(days=5) < when and (when - d).days < 365]
    held = [d for r in own if (d := day(r["held_date"])) and d <= when]
    on_time = sum(h is not None and abs((h - d).days) <= 5 for d, h in due)
    return {
        "review_adherence": on_time / len(due) if due else None,
        "days_since_review": (when - max(held)).days if held else None,
    }
