"""The page of one account as plain texts and places; what is unknown says why, and which file would tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kam_metrics import agenda, telling, words
from kam_metrics.exports import marks
from kam_metrics.exports.pack import ACCOUNT_TILES, PAYING, AccountPart, Asked, Compared
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import AGEING, PHASES, Element
from kam_metrics.words import say

Printed = dict[str, Any]
AGES = dict(zip(AGEING, ("hollow", "good", "late1", "late2", "late3", "late4", "hollow"), strict=True))
"""How each age of open items is drawn."""
MOST_MILESTONES = 5
PHASE_SIGNS = {"done": "✓", "behind": "▼", "open": "", "unknown": "?"}


def account_page(asked: Asked, part: AccountPart) -> Printed:
    """Everything that stands on the page of an account."""
    lang, row = asked.lang, part.row
    title = telling.account(lang, row["account_name"], row["contribution"])
    return {
        "id": row["account_id"],
        "title": title,
        "about": telling.standing(lang, row, part.plan),
        "decisions": [f"{agenda.told(lang, one)} {agenda.asked(lang, one)}" for one in part.decisions],
        "tiles": [tile(asked, part.compared, key) for key in ACCOUNT_TILES],
        "profit": steps(lang, part.steps, part.compared.figures),
        "cash": _cash(lang, part),
        "plan": _plan(lang, part),
        "elements": _elements(lang, part),
    }


def tile(asked: Asked, compared: Compared, key: str) -> Printed:
    """A measure with what it is compared with."""
    change, is_good = compared.change(asked, key)
    return {
        "label": say(asked.lang, f"measure.{key}"),
        "value": telling.amount(asked.lang, key, compared.figures.get(key)),
        "change": change or say(asked.lang, "ui.nothing_to_compare"),
        "tone": {True: "good", False: "bad", None: ""}[is_good],
    }


def steps(lang: str, waterfall: Sequence[Row], figures: Row) -> Printed:
    """A waterfall from gross sales as far as it is known, and why it goes no further."""
    places = marks.floating(waterfall)
    rows = [
        {
            "label": telling.step(lang, step["key"]),
            "amount": words.money(lang, step["amount"]),
            "from": place,
            "width": width,
            "kind": kind,
        }
        for step, (place, width, kind) in zip(waterfall, places, strict=True)
    ]
    return {"rows": rows, "note": _unknown(lang, figures) or ("" if rows else say(lang, "empty.sales"))}


def _unknown(lang: str, figures: Row) -> str:
    """Why the contribution is unknown."""
    reason = _missing(lang, figures, ["contribution"])
    return f"{say(lang, 'measure.contribution')}: {reason}" if reason else ""


def _cash(lang: str, part: AccountPart) -> Printed:
    figures = part.compared.figures
    if figures.get("receivables_open") is None:
        return {"paying": [], "ageing": [], "note": say(lang, "empty.receivables")}
    open_by = {row["ageing_bucket"]: row["receivables_open"] for row in part.ageing}
    known = {bucket: open_by[bucket] for bucket in AGES if open_by.get(bucket) is not None}
    scale = marks.Scale(list(known.values()))
    ageing = []
    for bucket, amount in known.items():
        place, width = scale.bar(amount * 0, amount)
        label, shown = say(lang, f"figures.ageing.{bucket}"), words.money(lang, amount)
        ageing.append({"label": label, "amount": shown, "from": place, "width": width, "kind": AGES[bucket]})
    paying = [(say(lang, f"measure.{key}"), telling.amount(lang, key, figures.get(key))) for key in PAYING]
    return {"paying": paying, "ageing": ageing, "note": _missing(lang, figures, PAYING)}


def _missing(lang: str, figures: Row, keys: Sequence[str]) -> str:
    """Why these figures are unknown, each reason once."""
    reasons = dict.fromkeys(reason for key in keys if (reason := figures.get(f"why.{key}")))
    return " ".join(words.why(lang, reason) for reason in reasons)


def _plan(lang: str, part: AccountPart) -> Printed:
    plan = part.plan
    if plan is None:
        return {"state": "", "note": say(lang, "empty.plan_of_account")}
    states = [(phase, plan["phases"][phase]) for phase in PHASES]
    phases = [
        {"day": phase, "at": phase / PHASES[-1], "kind": state,
         "label": f"{PHASE_SIGNS[state]} {say(lang, f'figures.phase.{state}')}".strip()}
        for phase, state in states
    ]  # fmt: skip
    told = "; ".join(f"{phase} {say(lang, f'figures.phase.{state}')}" for phase, state in states)
    number = plan["day_number"]
    return {
        "state": say(lang, f"state.{plan['state']}"),
        "about": f"{telling.plan_day(lang, plan)} · {telling.signature(lang, plan)}",
        "pace": telling.pace(lang, plan),
        "phases": phases,
        "today": min(max(number / PHASES[-1], 0), 1),
        "today_label": say(lang, "figures.phase.today", day=number),
        "alt": say(lang, "figures.phase.alt", day=number, phases=told),
        "milestones": _milestones(lang, part),
        "count": _milestone_count(lang, plan),
        "note": "",
    }


def _milestone_count(lang: str, plan: Row) -> str:
    done, total = plan["milestones_done"], plan["milestones_total"]
    return say(lang, "export.milestones", done=done, total=total, late=plan["milestones_late"])


def _milestones(lang: str, part: AccountPart) -> list[list[str]]:
    """The open ones, late ones first, then by date."""
    still = [row for row in part.milestones if not row["is_done"]]
    still.sort(key=lambda row: (not row["is_late"], row["planned_date"] or row["baseline_date"]))
    return [
        [
            row["title"],
            row["owner"] or words.unknown(lang),
            words.day(lang, row["planned_date"] or row["baseline_date"]),
            say(lang, f"milestone_state.{'late' if row['is_late'] else 'open'}"),
        ]
        for row in still[:MOST_MILESTONES]
    ]


def _elements(lang: str, part: AccountPart) -> Printed:
    found = part.row["elements"]
    if not found:
        return {"rows": [], "note": say(lang, "empty.alignment")}
    return {"rows": [_element(lang, found[one]) for one in Element if one in found], "note": say(lang, "ui.no_target")}


def _element(lang: str, row: Row) -> Printed:
    score = row["element_score"]
    told = {"name": say(lang, f"matrix.{row['element']}"), "verdict": telling.verdict(lang, row)}
    if score is None:
        return told | {"score": words.unknown(lang), "n": "", "change": "", "at": None}
    before = None if row["element_change"] is None else score - row["element_change"]
    return told | {
        "score": words.number(lang, score, 2),
        "n": words.number(lang, row["element_n"]),
        "change": telling.element_change(lang, row),
        "at": marks.level(score),
        "low": None if row["ci_low"] is None else max(marks.level(row["ci_low"]), 0.0),
        "high": None if row["ci_high"] is None else min(marks.level(row["ci_high"]), 1.0),
        "before": None if before is None else marks.level(before),
    }
