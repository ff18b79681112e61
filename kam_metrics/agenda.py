"""How decisions are told in words: what figures say, what is asked, of whom, and for how long."""

from __future__ import annotations

from kam_metrics import words
from kam_metrics.metrics.answer import Row
from kam_metrics.words import say

_RED = "red_"


def told(lang: str, row: Row) -> str:
    """What the figures say."""
    if row["rule"].startswith(_RED):
        return say(lang, "decision.red", vital=say(lang, f"vital.{row['rule'].removeprefix(_RED)}"))
    source = row["subject"] or say(lang, "ui.no_source")
    amount = words.thousands(lang, row["money"])
    return say(lang, f"decision.{row['rule']}", amount=amount, count=row["count"], source=source, newest=row["newest"])


def subject(lang: str, row: Row) -> str:
    """What it is about, in a word."""
    return say(lang, f"decision_rule.{row['rule']}")


def asked(lang: str, row: Row) -> str:
    """What has to be decided."""
    return say(lang, f"asked.{row['rule']}")


def about(lang: str, row: Row) -> str:
    """The account it is about, or what else."""
    return str(row["account_name"] or say(lang, "decision.company"))


def owner(lang: str, row: Row) -> str:
    """Who was named; else whoever the rule asks, by name where that is known."""
    if row["owner"]:
        return str(row["owner"])
    by_name = {"kam": row["kam_name"], "sponsor": row["sponsor_name"]}.get(row["owner_role"])
    return str(by_name or say(lang, f"owner.{row['owner_role']}"))


def money(lang: str, row: Row) -> str:
    """The money it is about, in full, and what that money is."""
    if row["money"] is None:
        return say(lang, "stake.nothing")
    return f"{words.money(lang, row['money'])}: {say(lang, 'stake.' + row['stake'])}"


def since(lang: str, row: Row) -> str:
    """The day since when it is asked."""
    if row["since"] is None:
        return words.unknown(lang)
    return say(lang, "decision.since_before" if row["is_since_before"] else "decision.since", day=row["since"])


def age(lang: str, row: Row) -> str:
    """For how many days it is asked."""
    if row["age_days"] is None:
        return words.unknown(lang)
    return say(lang, "decision.days_more" if row["is_since_before"] else "decision.days", days=row["age_days"])
