"""The tables of the board pack: the rows that pages show, each figure with its unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from kam_metrics import agenda, telling
from kam_metrics.exports.pack import ACCOUNT_TILES, PAYING, AccountPart, Asked, Pack
from kam_metrics.exports.sheet import Entry, Sheet, count, day, euro, figure, share, text
from kam_metrics.metrics import Health, tenths
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import AGEING, PHASES, Element
from kam_metrics.words import month as month_name
from kam_metrics.words import say

ACCOUNT_FIGURES = tuple(dict.fromkeys(ACCOUNT_TILES + PAYING))
MONTHS = 12


def portfolio(pack: Pack) -> Sheet:
    """The account matrix, its twelve months as figures and as a line."""
    asked = pack.asked
    names = [
        *_said(asked.lang, "heading.account", "heading.kam", "measure.health", "export.red",
               "measure.net_sales", "measure.contribution",
               f"against.{asked.against}", f"matrix.delta_{asked.against}", "matrix.trend"),
        *_last_months(asked),
        *_said(asked.lang, "measure.overdue", "measure.overdue_pct", "heading.plan"),
        *(f"{say(asked.lang, 'heading.day')} {phase}" for phase in PHASES),
        *_said(asked.lang, *(f"matrix.{element}" for element in Element), "matrix.warnings"),
    ]  # fmt: skip
    line = names.index(say(asked.lang, "matrix.trend"))
    rows = [_matrix_row(asked, part) for part in pack.accounts]
    return Sheet(say(asked.lang, "page.portfolio"), names, rows, {line: (line + 1, line + MONTHS)})


def _last_months(asked: Asked) -> list[str]:
    number = asked.seen.as_of.year * 12 + asked.seen.as_of.month - 1
    months = [divmod(at, 12) for at in range(number - MONTHS + 1, number + 1)]
    return [month_name(asked.lang, asked.seen.as_of.replace(year=y, month=m + 1, day=1)) for y, m in months]


def _matrix_row(asked: Asked, part: AccountPart) -> Sequence[Entry]:
    row, lang = part.row, asked.lang
    now, then = row["compared"], row["reference"]
    states = [part.plan["phases"][phase] for phase in PHASES] if part.plan else [None] * len(PHASES)
    return [
        text(row["account_name"]),
        text(row["kam_name"]),
        *_health(lang, part.health),
        *(figure(key, row[key]) for key in ("net_sales", "contribution")),
        euro(then),
        euro(None if now is None or then is None else now - then),
        text(None),
        *(euro(amount) for amount in row["months"]),
        *(figure(key, row[key]) for key in ("overdue", "overdue_pct")),
        text(say(lang, f"state.{row['plan']['state']}") if row["plan"] else None),
        *(text(state and say(lang, f"figures.phase.{state}")) for state in states),
        *(Entry(row["elements"].get(element, {}).get("element_score"), "score") for element in Element),
        text(" ".join(agenda.told(lang, one) for one in part.decisions)),
    ]


def _health(lang: str, health: Health | None) -> Sequence[Entry]:
    """The score to a tenth, and the vitals in the red."""
    if health is None:
        return [figure("health", None), text(None)]
    score = None if health.whole is None else float(tenths(health.whole))
    return [figure("health", score), text(", ".join(say(lang, f"vital.{one.vital}") for one in health.red) or None)]


def accounts(pack: Pack) -> Sheet:
    """What each account earns and how it pays."""
    lang = pack.asked.lang
    names = _said(lang, "heading.account", "heading.kam", *(f"measure.{key}" for key in ACCOUNT_FIGURES))
    rows = [
        [
            text(part.row["account_name"]),
            text(part.row["kam_name"]),
            *(figure(key, part.compared.figures.get(key)) for key in ACCOUNT_FIGURES),
        ]
        for part in pack.accounts
    ]
    return Sheet(say(lang, "section.by_account"), names, rows)


def decisions(pack: Pack) -> Sheet:
    """What needs a decision: whose it is, how much money it is about, and since when."""
    lang = pack.asked.lang
    rows = [
        [
            text(agenda.about(lang, row)),
            text(agenda.told(lang, row)),
            text(agenda.asked(lang, row)),
            euro(row["money"]),
            text(say(lang, f"stake.{row['stake']}")) if row["stake"] else text(None),
            text(agenda.owner(lang, row)),
            day(row["since"]),
            Entry(row["age_days"], "days"),
            day(row["due"]),
            text(row["note"]),
        ]
        for row in pack.decisions
    ]
    names = _said(
        lang, "decision_column.account", "decision_column.what", "decision_column.decision", "decision_column.money",
        "export.stake", "decision_column.owner", "decision_column.age", "heading.days", "decision_column.due",
        "export.note",
    )  # fmt: skip
    return Sheet(say(lang, "export.decisions"), names, rows)


def waterfall(pack: Pack) -> Sheet:
    """From gross sales to contribution, of all accounts together and of each."""
    lang = pack.asked.lang
    everyone = [(say(lang, "export.together"), pack.steps)]
    each = [(part.row["account_name"], part.steps) for part in pack.accounts]
    rows = [
        [
            text(name),
            text(telling.step(lang, step["key"])),
            text(say(lang, "export.sum" if step["total"] else "export.step")),
            euro(step["amount"]),
        ]
        for name, steps in (*everyone, *each)
        for step in steps
    ]
    names = _said(lang, "heading.account", "export.step", "ui.kind", "heading.amount")
    return Sheet(say(lang, "export.waterfall"), names, rows)


def whale(pack: Pack) -> Sheet:
    """Who earns the contribution, from the most to the least profitable account."""
    lang = pack.asked.lang
    rows = [
        [
            count(point["rank"]),
            text(point["account_name"] or say(lang, "ui.unmapped")),
            euro(point["contribution"]),
            euro(point["cumulative"]),
        ]
        for point in pack.whale
    ]
    names = _said(lang, "export.rank", "heading.account", "measure.contribution", "export.cumulative")
    return Sheet(say(lang, "export.whale"), names, rows)


def receivables(pack: Pack) -> Sheet:
    """What is open per account, by how long it is overdue."""
    lang = pack.asked.lang
    rows = []
    for part in pack.accounts:
        aged: Mapping[str, Decimal | None] = {row["ageing_bucket"]: row["receivables_open"] for row in part.ageing}
        total = part.compared.figures.get("receivables_open")
        rows.append([text(part.row["account_name"]), euro(total), *(euro(aged.get(age)) for age in AGEING)])
    names = _said(lang, "heading.account", "measure.receivables_open", *(f"figures.ageing.{age}" for age in AGEING))
    return Sheet(say(lang, "section.ageing"), names, rows)


def plans(pack: Pack) -> Sheet:
    """Where each account's plan stands."""
    lang = pack.asked.lang
    rows = [[text(part.row["account_name"]), text(part.row["kam_name"]), *_plan(lang, part)] for part in pack.accounts]
    keys = ("account", "kam", "plan", "state", "day", "attainment", "expected", "forecast", "milestones", "done",
            "late", "next_review")  # fmt: skip
    return Sheet(say(lang, "section.plans"), _said(lang, *(f"heading.{key}" for key in keys)), rows)


def _plan(lang: str, part: AccountPart) -> Sequence[Entry]:
    plan: Row = part.plan or {}
    return [
        text(plan.get("title") or plan.get("plan_id")),
        text(say(lang, f"state.{plan.get('state', 'none')}")),
        count(plan.get("day_number")),
        *(share(plan.get(name)) for name in ("attainment", "expected", "forecast")),
        *(count(plan.get(f"milestones_{name}")) for name in ("total", "done", "late")),
        day(plan.get("next_review")),
    ]


def milestones(pack: Pack) -> Sheet:
    """Every milestone of the accounts' plans."""
    lang = pack.asked.lang
    rows = [
        [
            text(part.row["account_name"]),
            text(row["title"]),
            text(row["owner"]),
            *(day(row[name]) for name in ("baseline_date", "planned_date", "done_date")),
            Entry(row["slip_days"], "days"),
            text(say(lang, f"milestone_state.{'done' if row['is_done'] else 'late' if row['is_late'] else 'open'}")),
        ]
        for part in pack.accounts
        for row in part.milestones
    ]
    keys = ("account", "milestone", "owner", "baseline_date", "planned", "done", "slip", "state")
    return Sheet(say(lang, "section.milestones"), _said(lang, *(f"heading.{key}" for key in keys)), rows)


def elements(pack: Pack) -> Sheet:
    """The seven elements of each account: level, people, interval and change; no target."""
    lang = pack.asked.lang
    rows = [
        [
            text(part.row["account_name"]),
            text(say(lang, f"matrix.{element}")),
            Entry(row["element_score"], "score"),
            count(row["element_n"]),
            *(Entry(row[name], "score") for name in ("ci_low", "ci_high", "element_change")),
            text(telling.verdict(lang, row)),
        ]
        for part in pack.accounts
        for element in Element
        if (row := part.row["elements"].get(element))
    ]
    names = _said(
        lang, "heading.account", "heading.element", "measure.element_score", "heading.answers",
        "measure.element_ci_low", "measure.element_ci_high", "measure.element_change", "heading.verdict",
    )  # fmt: skip
    return Sheet(say(lang, "section.elements"), names, rows)


BOARD_PACK: Sequence[Callable[[Pack], Sheet]] = (
    portfolio, accounts, decisions, waterfall, whale, receivables, plans, milestones, elements,
)  # fmt: skip
"""The tables of the board pack, in their order."""


def _said(lang: str, *keys: str) -> list[str]:
    return [say(lang, key) for key in keys]
