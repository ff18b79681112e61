"""The board pack as plain texts and places: what it says is decided here, how it stands on paper in the template."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kam_metrics import agenda, telling, words
from kam_metrics.exports import marks
from kam_metrics.exports.pack import TILES, AccountPart, Asked, Pack
from kam_metrics.exports.printed_account import Printed, account_page, steps, tile
from kam_metrics.metrics import Health
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import PHASES, Element
from kam_metrics.words import say

MOST_DECISIONS = 40
MOST_ACCOUNTS = 120
"""How many accounts a pack on paper holds; the workbook holds them all."""
SIGNS = {"done": "●", "behind": "▼", "open": "○", "unknown": "?"}
"""How the matrix shows the state of a phase."""
HEADINGS = ("account", "health", "contribution", "bullet", "delta", "trend", "overdue", "phases")


def printed(pack: Pack) -> Printed:
    """Everything that stands in the pack, in its order."""
    lang = pack.asked.lang
    parts = _chosen(pack.accounts)
    return {
        "lang": lang,
        "title": say(lang, "export.board_pack"),
        "about": pack.about,
        "words": _words(lang),
        "portfolio": _portfolio(pack, parts),
        "profit": steps(lang, pack.steps, pack.total.figures),
        "whale": _whale(lang, pack.whale),
        "decisions": _decisions(lang, pack.decisions),
        "accounts": [account_page(pack.asked, part) for part in parts],
    }


def _words(lang: str) -> Printed:
    """The headings that the template places."""
    keys = {
        "waterfall": "section.waterfall",
        "whale": "section.whale",
        "decisions": "export.decisions",
        "cash": "section.cash",
        "plan": "section.plan",
        "elements": "section.elements",
        "step": "export.step",
        "amount": "heading.amount",
        "age": "export.age",
        "milestone": "heading.milestone",
        "owner": "heading.owner",
        "planned": "heading.planned",
        "state": "heading.state",
        "element": "heading.element",
        "score": "measure.element_score",
        "n": "heading.answers",
        "change": "measure.element_change",
        "verdict": "heading.verdict",
        "about": "decision_column.account",
        "what": "decision_column.what",
        "money": "decision_column.money",
        "owned": "decision_column.owner",
        "since": "decision_column.age",
        "due": "decision_column.due",
        "axis": "figures.whale.axis",
        "page": "export.page",
    }
    return {name: say(lang, key) for name, key in keys.items()}


def _chosen(parts: Sequence[AccountPart]) -> Sequence[AccountPart]:
    """Of very many accounts those that contribute most, and those that contribute least."""
    half = MOST_ACCOUNTS // 2
    return parts if len(parts) <= MOST_ACCOUNTS else [*parts[:half], *parts[-half:]]


def _portfolio(pack: Pack, parts: Sequence[AccountPart]) -> Printed:
    asked, lang = pack.asked, pack.asked.lang
    scale = marks.Scale([part.row[name] for part in parts for name in ("compared", "reference")])
    return {
        "title": telling.portfolio(lang, pack.total.figures, pack.rows),
        "tiles": [
            *(tile(asked, pack.total, key) for key in TILES),
            _plain_tile(lang, "on_schedule", *telling.on_schedule(lang, pack.rows)),
            _plain_tile(lang, "alignment_moved", *telling.moved(lang, pack.elements)),
        ],
        "headings": _headings(asked),
        "zero": scale.zero,
        "rows": [_matrix_row(asked, part, scale) for part in parts],
        "legend": say(lang, "matrix.legend"),
        "note": _note(lang, pack, parts),
    }


def _plain_tile(lang: str, key: str, value: str, change: str | None) -> Printed:
    return {"label": say(lang, f"ui.{key}"), "value": value, "change": change or "", "tone": ""}


def _note(lang: str, pack: Pack, parts: Sequence[AccountPart]) -> str:
    if pack.total.figures["net_sales"] is None:
        return say(lang, "empty.sales")
    if not parts:
        return say(lang, "empty.yours" if pack.asked.seen.kam_scope else "empty.accounts")
    if len(parts) < len(pack.accounts):
        return say(lang, "export.most_accounts", shown=len(parts) // 2, count=len(pack.accounts))
    return ""


def _headings(asked: Asked) -> Printed:
    lang = asked.lang
    own = {f"{name}_{asked.against}" if name in ("bullet", "delta") else name for name in HEADINGS}
    told = {key.removesuffix(f"_{asked.against}"): say(lang, f"matrix.{key}") for key in own}
    told["alignment"] = say(lang, "matrix.alignment")
    return told | {"elements": [say(lang, f"matrix.{element}") for element in Element]}


def _matrix_row(asked: Asked, part: AccountPart, scale: marks.Scale) -> Printed:
    lang, row = asked.lang, part.row
    value, reference = row["compared"], row["reference"]
    place, width = (None, 0.0) if value is None else scale.bar(Decimal(0), value)
    states = [part.plan["phases"][phase] for phase in PHASES] if part.plan else []
    return {
        "id": row["account_id"],
        "name": row["account_name"],
        "health": _health(lang, part.health),
        "contribution": _thousands(lang, row["contribution"]),
        "is_loss": row["contribution"] is not None and row["contribution"] < 0,
        "delta": _delta(lang, value, reference),
        "from": place,
        "width": width,
        "tick": None if reference is None else scale.place(reference),
        "trend": marks.trend(row["months"]),
        "trend_alt": _trend_alt(lang, row["months"]),
        "overdue": _thousands(lang, row["overdue"]),
        "phases": " ".join(SIGNS[state] for state in states) or words.unknown(lang),
        "elements": [_score(lang, row["elements"].get(element)) for element in Element],
    }


def _health(lang: str, health: Health | None) -> Printed:
    """The score, marked when a vital is in the red whatever the whole."""
    score = health.whole if health else None
    shown = words.number(lang, None if score is None else float(score))
    is_red = bool(health and health.red)
    return {"text": f"▼ {shown}" if is_red else shown, "tone": "bad" if is_red else ""}


def _thousands(lang: str, amount: Decimal | None) -> str:
    return words.number(lang, None if amount is None else amount / 1000)


def _delta(lang: str, value: Decimal | None, reference: Decimal | None) -> Printed:
    if value is None or reference is None:
        return {"text": words.unknown(lang), "tone": ""}
    change = value - reference
    sign, tone = ("▲ ", "good") if change > 0 else ("▼ ", "bad") if change < 0 else ("", "")
    return {"text": f"{sign}{_thousands(lang, abs(change))}", "tone": tone}


def _trend_alt(lang: str, months: Sequence[Decimal | None]) -> str:
    known = [amount for amount in months if amount is not None]
    if not known:
        return ""
    return say(lang, "matrix.trend_full", first=words.money(lang, known[0]), last=words.money(lang, known[-1]))


def _score(lang: str, told: Row | None) -> dict[str, Any]:
    if told is None or told["element_score"] is None:
        return {"text": words.unknown(lang), "shade": 0}
    change = told["element_change"] if told["is_change_proven"] else 0
    arrow = "▲" if change > 0 else "▼" if change < 0 else ""
    shown = words.number(lang, told["element_score"], 1)
    return {"text": f"{arrow}{shown}", "shade": marks.level(told["element_score"])}


def _whale(lang: str, points: Sequence[Row]) -> Printed | None:
    if not points:
        return None
    peak, tail = telling.peak_and_tail(lang, points)
    alt = say(lang, "figures.whale.alt", accounts=len(points), peak=peak, tail=tail)
    return marks.whale(points) | {"peak_label": peak, "tail_label": tail, "alt": alt}


def _decisions(lang: str, rows: Sequence[Row]) -> Printed:
    """What needs a decision, most money first."""
    shown = [
        {
            "id": row["account_id"] or "",
            "name": agenda.about(lang, row),
            "what": agenda.told(lang, row),
            "asked": agenda.asked(lang, row),
            "money": words.money(lang, row["money"]),
            "owner": agenda.owner(lang, row),
            "age": agenda.age(lang, row),
            "due": words.day(lang, row["due"]),
        }
        for row in rows[:MOST_DECISIONS]
    ]
    if not shown:
        return {"rows": [], "note": say(lang, "empty.decisions")}
    more = len(rows) - len(shown)
    return {"rows": shown, "note": say(lang, "export.more_decisions", count=more) if more else ""}
