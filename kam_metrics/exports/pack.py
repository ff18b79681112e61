"""Everything a board pack tells, asked once for all accounts together: the same figures as the pages'."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kam_metrics import metrics, telling
from kam_metrics.metrics import Health
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.beside import beside
from kam_metrics.settings import Settings
from kam_metrics.store import World
from kam_metrics.terms import Against, Slice
from kam_metrics.words import say

TILES = ("net_sales", "contribution", "collections", "overdue_pct")
ACCOUNT_TILES = (
    "net_sales", "contribution", "contribution_pct", "receivables_open", "overdue_pct", "days_sales_outstanding",
)  # fmt: skip
PAYING = ("days_sales_outstanding", "days_to_pay", "average_days_late", "collections")

OF_ACCOUNTS = tuple(dict.fromkeys((*ACCOUNT_TILES, *PAYING, "overdue")))


@dataclass(frozen=True)
class Asked:
    """Who asks for an export: in which language, what they look at, and what it is compared with."""

    lang: str
    world: World
    seen: Slice
    against: Against
    settings: Settings
    is_demo: bool = False
    """Whether the company is invented."""

    @property
    def now(self) -> Slice:
        """The part of the period that can be compared."""
        return beside(self.seen, self.against)[0]

    @property
    def then(self) -> Slice:
        """What it is compared with."""
        return beside(self.seen, self.against)[1]


@dataclass(frozen=True)
class Compared:
    """Figures of one account or of all, as they are, as they can be compared, and what they are compared with."""

    figures: Row
    now: Row
    then: Row

    def change(self, asked: Asked, key: str) -> tuple[str | None, bool | None]:
        """The change of a measure in words, and whether it is good."""
        return telling.change(asked.lang, key, self.now.get(key), self.then.get(key), asked.against)


@dataclass(frozen=True)
class AccountPart:
    """What the pack tells of one account."""

    row: Row
    compared: Compared
    steps: Sequence[Row]
    ageing: Sequence[Row]
    milestones: Sequence[Row]
    decisions: Sequence[Row]
    health: Health | None

    @property
    def plan(self) -> Row | None:
        """Its plan; None when none has started."""
        plan: Row | None = self.row["plan"]
        return plan if plan and plan["plan_id"] else None


@dataclass(frozen=True)
class Pack:
    """Portfolio, accounts, and what needs a decision."""

    asked: Asked
    about: str
    """Which day, which period, whose accounts, and how fresh."""
    total: Compared
    steps: Sequence[Row]
    whale: Sequence[Row]
    elements: Sequence[Row]
    decisions: Sequence[Row]
    accounts: Sequence[AccountPart]

    @property
    def rows(self) -> list[Row]:
        """The key accounts as the matrix shows them."""
        return [part.row for part in self.accounts]


def gather(asked: Asked) -> Pack:
    """Ask every metric of the pack once, by account."""
    world, seen = asked.world, asked.seen
    decisions = metrics.decisions(world, seen)
    return Pack(
        asked,
        _about(asked),
        _compared(asked, TILES, _in_all)[None],
        metrics.waterfall(world, seen),
        metrics.whale(world, seen),
        metrics.element_rows(world, seen, ()),
        decisions,
        _accounts(asked, _grouped(decisions, "account_id")),
    )


def _about(asked: Asked) -> str:
    lang = asked.lang
    parts = [say(lang, "ui.as_of", day=asked.seen.as_of, period=telling.period(lang, asked.seen))]
    kam_id = asked.seen.kam_id or asked.seen.kam_scope
    if kam_id:
        parts.append(f"KAM {metrics.kam_names(asked.world).get(kam_id, kam_id)}")
    newest = metrics.newest_fact(asked.world)
    if newest:
        days = (asked.seen.as_of - newest).days
        parts.append(
            say(lang, "ui.stale" if days > asked.settings.stale_after_days else "ui.fresh", day=newest, days=days)
        )
    parts.append(say(lang, "export.weights", version=metrics.scoring_now(asked.world).version))
    if asked.is_demo:
        parts.append(say(lang, "ui.demo_title"))
    return " · ".join(parts)


def _accounts(asked: Asked, decisions: Mapping[str | None, Sequence[Row]]) -> list[AccountPart]:
    world, seen = asked.world, asked.seen
    compared = _compared(asked, OF_ACCOUNTS, metrics.by_account)
    key_accounts = [account["account_id"] for account in metrics.key_accounts(world, seen)]
    steps = metrics.waterfalls(world, seen, key_accounts)
    ageing = _grouped(
        metrics.measure(world, seen, "receivables_open", by=["account_id", "ageing_bucket"]).rows, "account_id"
    )
    milestones = _grouped(metrics.milestone_rows(world, seen), "plan_id")
    own, now, then = ({one: getattr(c, name) for one, c in compared.items()} for name in ("figures", "now", "then"))
    rows = metrics.matrix_rows(world, seen, own, now, then)
    health = metrics.key_health(world, seen)
    nothing = Compared({}, {}, {})
    return [
        AccountPart(
            row,
            compared.get(row["account_id"], nothing),
            steps.get(row["account_id"], []),
            ageing.get(row["account_id"], []),
            milestones.get(row["plan"]["plan_id"], []) if row["plan"] else [],
            decisions.get(row["account_id"], []),
            health.get(row["account_id"]),
        )
        for row in rows
    ]


Figures = Mapping[str | None, Row]


def _in_all(world: World, seen: Slice, *keys: str) -> Figures:
    return {None: metrics.in_all(world, seen, *keys)}


def _compared(asked: Asked, keys: Sequence[str], figures: Callable[..., Figures]) -> dict[str | None, Compared]:
    own = figures(asked.world, asked.seen, *keys)
    comparable = [key for key in keys if metrics.compares(asked.world, asked.then, key)]
    then = figures(asked.world, asked.then, *comparable)
    now = own if asked.now == asked.seen else figures(asked.world, asked.now, *keys)
    everyone = dict.fromkeys((*own, *now, *then))
    return {one: Compared(own.get(one, {}), now.get(one, {}), then.get(one, {})) for one in everyone}


def _grouped(rows: Sequence[Row], key: str) -> dict[str | None, list[Row]]:
    found: dict[str | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found
