"""Decisions needed: what figures ask of somebody, with the money it is about, whose it is, and since when.

A row is made from figures by a declared rule and disappears when the rule no longer holds. What a person said of it
stays with it as long as the rule holds without a break; marked done, it is out of sight until the rule holds anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.company import source_freshness
from kam_metrics.metrics.decision_rules import RULES, Held, Past, money_rules, plan_rules, red_rules
from kam_metrics.metrics.pasts import pasts
from kam_metrics.metrics.plan_facts import Facts, Limits, facts, limits
from kam_metrics.metrics.portfolio import key_accounts
from kam_metrics.store import World
from kam_metrics.terms import Slice

SHOWN = 10
"""How many decisions a board looks at first."""
_UNMAPPED = """
    select min(first_day) as first_day, sum(amount_eur) as net_sales, count(distinct unmapped_ref) as customers
    from account_month
    where account_id is null and unmapped_ref is not null and scenario = 'actual' and is_net_sales(line_type)
      and first_day <= $as_of
"""
_HAS_PLANS = "select exists (from plan) as has_plans"


def decisions(world: World, seen: Slice, *, with_done: bool = False) -> list[Row]:
    """Everything that asks this reader for a decision, most money first, then the oldest; done ones only when asked.

    `decision_id` is the rule and what it is about; `account_*`, `kam_*` and `sponsor_name` are of the account, if any.
    `owner` is who was named (None: whoever `owner_role` stands for), `since` when the rule began to hold (None: nobody
    knows; `is_since_before`: earlier still), `money` with `stake` what it is about.
    """
    acts = {row["decision_id"]: row for row in world.rows("select * from decided")}
    found = [_row(held, about, seen, acts) for held, about in (*_of_accounts(world, seen), *_of_company(world, seen))]
    rows = [row for row in found if with_done or not row["is_done"]]
    order = list(RULES)
    rows.sort(
        key=lambda row: (
            -(row["money"] or 0),
            row["since"] or date.max,
            order.index(row["rule"]),
            row["decision_id"],
        )
    )
    return rows


def decision_acts(world: World, decision_id: str) -> list[Row]:
    """Everything that people did about a decision, the newest first."""
    return world.rows(
        "select * from decision_act where decision_id = $decision_id order by act_id desc", {"decision_id": decision_id}
    )


About = Mapping[str, Any]


def _of_accounts(world: World, seen: Slice) -> Iterator[tuple[Held, About]]:
    of_account = pasts(world, seen)
    known, limit = facts(world, seen).counting(seen.as_of), limits(world)
    parts = known.grouped(["account_id"], ("plans", "objectives", "milestones", "reviews"))
    has_plans = world.one(_HAS_PLANS)["has_plans"]
    for account in key_accounts(world, seen):
        past = of_account[account["account_id"]]
        part = parts.get((account["account_id"],), Facts())
        for held in _of_account(world, account, past, part if has_plans else None, seen.as_of, limit):
            yield held, account


def _of_account(world: World, account: Row, past: Past, part: Facts | None, day: date, limit: Limits) -> Sequence[Held]:
    found = list(money_rules(past, Decimal(world.constant("overdue_alarm"))))
    if part is not None:
        found += plan_rules(part, day, limit, account["key_since"], past.now)
    return [*found, *red_rules(past, {held.rule for held in found})]


def _of_company(world: World, seen: Slice) -> Iterator[tuple[Held, About]]:
    """What is about no account: for readers who see the whole company."""
    if (seen.kam_scope, seen.kam_id, seen.account_id) != (None, None, None):
        return
    nobodys = world.one(_UNMAPPED, seen.params())
    if nobodys["customers"]:
        money = abs(nobodys["net_sales"]) if nobodys["net_sales"] else None
        first = nobodys["first_day"]
        yield (
            Held("unmapped", first, first - timedelta(days=1), money, "unmapped" if money else "nothing"),
            {"subject": "customers", "count": nobodys["customers"]},
        )
    stale_after = timedelta(days=world.constant("stale_after_days"))
    for row in source_freshness(world):
        if seen.as_of - row["newest"] > stale_after:
            since = row["newest"] + stale_after + timedelta(days=1)
            about = {"subject": row["source"], "newest": row["newest"]}
            yield Held("stale", since, since - timedelta(days=1), None, "nothing"), about


_OF_ACCOUNT = ("account_id", "account_name", "kam_id", "kam_name", "sponsor_name")


def _row(held: Held, about: About, seen: Slice, acts: Mapping[str, Row]) -> Row:
    subject = about.get("account_id") or about["subject"]
    decision_id = f"{held.rule}:{subject}"
    act = acts.get(decision_id)
    if act is not None and act["as_of"] <= held.clear_on:
        act = None
    return {
        "decision_id": decision_id,
        "rule": held.rule,
        "subject": subject,
        **{name: about.get(name) for name in _OF_ACCOUNT},
        "count": about.get("count"),
        "newest": about.get("newest"),
        "money": held.money,
        "stake": held.stake,
        "since": held.since,
        "is_since_before": held.clear_on == date.min,
        "age_days": (seen.as_of - held.since).days if held.since else None,
        "owner_role": RULES[held.rule],
        **{name: act and act[name] for name in ("owner", "due", "note")},
        "is_done": bool(act and act["is_done"]),
        "is_late": bool(act and act["due"] and act["due"] < seen.as_of and not act["is_done"]),
    }
