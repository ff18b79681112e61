"""Internal alignment computed a second time, from the same file (alignment.md 2.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, lgamma, pi, sqrt
from statistics import fmean, stdev, variance
from typing import Any

from tests.recompute import Company

Figures = dict[str, Any]
ELEMENTS = {
    "SV": "shared_values", "ST": "style", "SK": "skills", "SF": "staff", "SR": "strategy", "SU": "structure",
    "SY": "systems",
}  # fmt: skip
Round = tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """What one person answered about one element of one account in one round."""

    account: str
    round: Round
    element: str
    person: str
    function: str
    invited: int | None
    answers: Mapping[str, int]
    asked: frozenset[str]

    def mean(self, items: Iterable[str]) -> float | None:
        """Of the items answered, where that is half of them at least."""
        asked = self.asked & set(items)
        said = [self.answers[item] for item in asked if item in self.answers]
        return fmean(said) if said and len(said) * 2 >= len(asked) else None


def alignment(company: Company, when: date, by: Sequence[str]) -> dict[Any, Figures]:
    """Every figure per element, and per account where that is asked, of the newest round of each account."""
    found = [sheet for sheet in _sheets(company, when) if sheet.mean(sheet.asked) is not None]
    rounds = {
        account: sorted({s.round for s in found if s.account == account}) for account in {s.account for s in found}
    }
    cells: dict[Any, tuple[list[Sheet], list[Sheet]]] = defaultdict(lambda: ([], []))
    for sheet in found:
        held = rounds[sheet.account]
        called = {"account_id": sheet.account or None, "element": sheet.element}
        place = tuple(called[name] for name in by)
        if sheet.round in held[-2:]:
            cells[place if len(by) > 1 else place[0]][sheet.round != held[-1]].append(sheet)
    return {place: _of_cell(now, then) for place, (now, then) in cells.items() if now}


def _sheets(company: Company, when: date) -> Iterable[Sheet]:
    rows = [row for row in company.files["alignment"] if date.fromisoformat(row["round_date"]) <= when]
    asked: dict[Any, set[str]] = defaultdict(set)
    answers: dict[Any, dict[str, int]] = defaultdict(dict)
    for row in rows:
        about = (row["account_id"], (row["round_date"], row["round_id"]), ELEMENTS[row["item"][:2]])
        asked[about].add(row["item"])
        invited = int(row["invited"]) if row["invited"] else None
        said = answers[*about, row["respondent"], row["function"], invited]
        if row["value"]:
            said[row["item"]] = int(row["value"])
    for (*about, person, function, invited), said in answers.items():
        yield Sheet(*about, person, function, invited, said, frozenset(asked[tuple(about)]))


def _people(of: Sequence[Sheet], items: Iterable[str]) -> dict[str, float]:
    """The score of each person; who was asked about several accounts counts once."""
    told: dict[str, list[float]] = defaultdict(list)
    for sheet in of:
        if (mean := sheet.mean(items)) is not None:
            told[sheet.person].append(mean)
    return {person: fmean(means) for person, means in told.items()}


def _functions(of: Sequence[Sheet], items: Iterable[str]) -> list[list[float]]:
    names = sorted({sheet.function for sheet in of})
    groups = [list(_people([s for s in of if s.function == name], items).values()) for name in names]
    return [group for group in groups if group]


def _items(of: Sequence[Sheet]) -> set[str]:
    return {item for sheet in of for item in sheet.asked}


def _columns(of: Sequence[Sheet]) -> list[list[float]]:
    """Per item what each person answered."""
    found = []
    for item in sorted(_items(of)):
        people = {sheet.person for sheet in of if item in sheet.answers}
        said = [fmean(s.answers[item] for s in of if s.person == person and item in s.answers) for person in people]
        found += [said] if len(said) > 1 else []
    return found


def _of_cell(now: Sequence[Sheet], then: Sequence[Sheet]) -> Figures:
    items = _items(now)
    scores, functions, columns = list(_people(now, items).values()), _functions(now, items), _columns(now)
    if len(scores) < 2:
        return {"element_n": len(scores)}
    spread = fmean(variance(column) for column in columns) / 2
    agreed = len(columns) * (1 - spread)
    score, half = fmean(fmean(group) for group in functions), _half_width(scores, now)
    close = [agreement for column in columns if (agreement := _a_wg(column)) is not None]
    one, two = _icc(functions)
    return {
        "element_n": len(scores),
        "element_score": score,
        "element_ci_low": score - half,
        "element_ci_high": score + half,
        "agreement_ad": fmean(fmean(abs(x - fmean(column)) for x in column) for column in columns),
        "agreement_rwg": max(0.0, agreed / (agreed + spread)) if spread < 1 else 0.0,
        "agreement_awg": fmean(close) if close else None,
        "icc1": one,
        "icc2": two,
        "element_change": _change(now, then),
    }


def _half_width(scores: Sequence[float], of: Sequence[Sheet]) -> float:
    """Over the people invited from the functions that make up the score."""
    n = len(scores)
    invited = sum({(s.account, s.round, s.function): s.invited or 0 for s in of}.values())
    finite = sqrt((invited - n) / (invited - 1)) if invited > n else 0.0
    return students_t(n - 1) * stdev(scores) / sqrt(n) * finite


@lru_cache
def students_t(degrees: int) -> float:
    """The t within which 95 % lies, by Simpson's rule under the density and halving."""
    scale = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / sqrt(degrees * pi)

    def inside(t: float, steps: int = 2000) -> float:
        heights = [(1 + (t * i / steps) ** 2 / degrees) ** (-(degrees + 1) / 2) for i in range(steps + 1)]
        weighed = heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
        return 2 * scale * weighed * t / steps / 3

    low, high = 0.0, 64.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) < 0.95 else (low, middle)
    return low


def _a_wg(item: Sequence[float]) -> float | None:
    """Brown & Hauenstein on a scale of 1 to 5; none where the mean lies too near to an end."""
    n, mean = len(item), fmean(item)
    if mean < (n - 1 + 5) / n or mean > (5 * (n - 1) + 1) / n:
        return None
    most = (6 * mean - mean**2 - 5) * n / (n - 1)
    return 1 - 2 * variance(item) / most if most > 0 else None


def _icc(groups: Sequence[Sequence[float]]) -> tuple[float | None, float | None]:
    """One-way analysis of variance between functions."""
    everybody = [score for group in groups for score in group]
    if len(groups) < 2 or len(everybody) <= len(groups):
        return None, None
    grand = fmean(everybody)
    all_squares = sum((score - grand) ** 2 for score in everybody)
    within = sum((score - fmean(group)) ** 2 for group in groups for score in group)
    between = (all_squares - within) / (len(groups) - 1)
    within /= len(everybody) - len(groups)
    whole = between + (len(everybody) / len(groups) - 1) * within
    return (between - within) / whole if whole else None, (between - within) / between if between else None


def _change(now: Sequence[Sheet], then: Sequence[Sheet]) -> float | None:
    """On the items of both rounds: of the people of both, or of everybody where too few came back."""
    items = _items(now) & _items(then)
    scores, earlier = _people(now, items), _people(then, items)
    if min(len(scores), len(earlier)) < 4:
        return None
    both = scores.keys() & earlier.keys()
    left_out = {len(scores) - len(both), len(earlier) - len(both)}
    if len(both) >= 4 and not left_out & {1, 2, 3}:
        return fmean(scores[person] - earlier[person] for person in both)
    return fmean(map(fmean, _functions(now, items))) - fmean(map(fmean, _functions(then, items)))
