"""Two key account managers, one account each, with every kind of fact; one account must never reach the other KAM."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from kam_metrics import words
from kam_metrics.metrics import MEASURES, measure
from kam_metrics.store import Store
from kam_metrics.terms import ITEM_CODES, Slice
from tests.pages_world import TODAY, load

AALST = {
    "account_id": "A1", "account_name": "Aalst Karton", "segment": "key", "kam_id": "an", "kam_name": "An Peeters",
    "sponsor_name": "Els Maes", "key_since": "2024-01-01", "reason": "Groeit mee.", "country": "BE",
}  # fmt: skip
CANARY = {
    "account_id": "KANARIE-9", "account_name": "Kanariepiet Zangzaad", "segment": "key", "kam_id": "bo",
    "kam_name": "Bo Wouters", "sponsor_name": "Sponsor Geelvink", "key_since": "2023-05-05", "country": "NL",
    "reason": "Zingt in de mijn.", "sector": "Volierebouw",
}  # fmt: skip
PLAN = "VOGELPLAN-7"
UNMAPPED = "NIEMANDSNUMMER"
SECRET = (
    "kanarie", "zangzaad", "geelvink", "voliere", "zingt in de mijn", "vogelplan", "zaadvoorraad", "kooi open",
    "mag uit de kooi", "ontluisd", "piepdoel", "niemandsnummer", "tjilpfactuur", "zaadmix", "fluitles",
)  # fmt: skip
"""Words that stand nowhere but in the canary's facts, and in what belongs to nobody."""
_MONTHS = ("2025-09", "2025-12", "2026-03", "2026-06", "2026-09", "2026-10")


def plant(store: Path) -> Path:
    """Fill a store with both accounts."""
    load(store, "accounts", AALST, CANARY)
    load(store, "customer_map", {"customer_no": UNMAPPED, "account_id": "A1", "valid_from": "2040-01-01"})
    load(store, "sales_lines", *_sales("A1", Decimal("20000.10")), *_sales("KANARIE-9", Decimal("123456.78")),
         {"invoice_no": "tjilpfactuur", "line_no": 1, "customer_no": UNMAPPED, "account_id": "",
          "invoice_date": "2026-10-05", "net_amount": "777777.77", "cogs_amount": "333333.33"})  # fmt: skip
    load(store, "ledger", *_ledger("A1", Decimal("310.25")), *_ledger("KANARIE-9", Decimal("98765.43")))
    load(store, "receivables", _open("A1", Decimal("4100.50")), _open("KANARIE-9", Decimal("654321.09")))
    load(store, "budget", *_budget("A1", Decimal(21000)), *_budget("KANARIE-9", Decimal("135797.53")))
    load(store, "cost_drivers", _visits("A1", 3), {**_visits("KANARIE-9", 41), "activity": "fluitles"})
    load(store, "cost_rates", _rate("visits"), _rate("fluitles"))
    _plans(store)
    load(store, "alignment", *(row for account in ("A1", "KANARIE-9") for row in _answers(account)))
    return store


def _sales(account: str, amount: Decimal) -> list[Mapping[str, object]]:
    article = "karton" if account == "A1" else "zaadmix"
    return [
        {"invoice_no": f"{account}-{month}", "line_no": 1, "customer_no": "", "account_id": account,
         "invoice_date": f"{month}-05", "net_amount": amount + number, "cogs_amount": amount / 2, "product": article}
        for number, month in enumerate(_MONTHS)
    ]  # fmt: skip


def _ledger(account: str, amount: Decimal) -> list[Mapping[str, object]]:
    return [
        {"account_id": account, "posting_date": f"{month}-15", "line_type": "freight", "amount": -amount,
         "document": f"{account}-{month}"}
        for month in _MONTHS
    ]  # fmt: skip


def _open(account: str, amount: Decimal) -> Mapping[str, object]:
    return {
        "account_id": account, "doc_no": f"{account}-doc", "doc_type": "INV", "invoice_date": "2026-08-01",
        "due_date": "2026-08-31", "amount": amount, "open_amount": amount, "snapshot_date": "2026-11-20",
    }  # fmt: skip


def _budget(account: str, amount: Decimal) -> list[Mapping[str, object]]:
    lines = (("gross_sales", amount), ("cogs", -amount / 2), ("freight", -amount / 100))
    return [
        {"account_id": account, "month": month, "line_type": line, "amount": value, "scenario": "budget"}
        for month in _MONTHS
        for line, value in lines
    ]


def _visits(account: str, quantity: int) -> Mapping[str, object]:
    return {"account_id": account, "month": "2026-10", "activity": "visits", "quantity": quantity}


def _rate(activity: str) -> Mapping[str, object]:
    return {"activity": activity, "unit": "visit", "eur_per_unit": "86.421", "valid_from": "2024-01-01"}


def _plans(store: Path) -> None:
    both = (("A1", "PLAN-1", "Kartonplan", "Doosdoel"), ("KANARIE-9", PLAN, "Zaadvoorraad", "Piepdoel"))
    load(store, "plans", *(
        {"plan_id": plan, "account_id": account, "start_date": "2026-10-01", "title": title, "status": "signed",
         "signed_by": "Els", "signed_on": "2026-10-02"} for account, plan, title, _ in both
    ))  # fmt: skip
    load(store, "objectives", *(
        {"objective_id": f"{plan}-O", "plan_id": plan, "title": goal, "kind": "sales", "unit": "EUR", "direction": "up",
         "baseline": 0, "target_90": 864209, "weight": 1, "owner": "An"} for _, plan, _, goal in both
    ))  # fmt: skip
    load(store, "measurements", *(
        {"objective_id": f"{plan}-O", "date": "2026-10-30", "value": value}
        for (_, plan, *_), value in zip(both, (7, 432198), strict=True)
    ))  # fmt: skip
    load(store, "milestones", *(
        {"milestone_id": f"{plan}-M", "plan_id": plan, "title": title, "baseline_date": "2026-10-20", "owner": "An",
         "planned_date": "2026-11-01"} for (_, plan, *_), title in zip(both, ("Proefdoos", "Kooi open"), strict=True)
    ))  # fmt: skip
    load(store, "reviews", *(
        {"review_id": f"{plan}-R", "account_id": account, "plan_id": plan, "kind": "30d", "due_date": "2026-10-31",
         "held_date": "2026-10-31", "decisions": decided, "next_steps": "Ontluisd" if plan == PLAN else "Door"}
        for (account, plan, *_), decided in zip(both, ("Volgende doos.", "Mag uit de kooi."), strict=True)
    ))  # fmt: skip


def _answers(account: str) -> list[Mapping[str, object]]:
    return [
        {"round_id": round_id, "round_date": day, "respondent": f"p{person}",
         "function": ("sales", "logistics")[person % 2],
         "item": f"{code}{item}", "account_id": account, "invited": 12,
         "value": 1 + (person + item + len(account) + len(round_id)) % 5}
        for round_id, day in (("R1", "2026-04-01"), ("R2x", "2026-10-01"))
        for person in range(10)
        for code in ITEM_CODES
        for item in (1, 2)
    ]  # fmt: skip


def told_only_to_others(store: Path) -> re.Pattern[bytes]:
    """What An may never read: the canary's words and amounts, those of both accounts together, and nobody's money."""
    own, others = _amounts(store, "an"), _amounts(store, "bo") | _amounts(store, None)
    told = {form for amount in others - own for form in _forms(amount)} - {
        form for amount in own for form in _forms(amount)
    }
    figures = "|".join(re.escape(form) for form in sorted(told))
    alone = rf"(?<![0-9.,])(?<!{_OF_A_HASH})(?:{figures})(?![0-9a-f])"
    return re.compile(f"{'|'.join(SECRET)}|{alone}".encode(), re.IGNORECASE)


_OF_A_HASH = r"(?<!\\u)[0-9a-f]{3}[a-f]"
"""What stands before digits inside the number of a file or button, and is not an escaped euro sign."""


def _amounts(store: Path, kam_id: str | None) -> set[Decimal]:
    keys = [key for key, told in MEASURES.items() if told.unit == "EUR"]
    found: set[Decimal] = set()
    with Store.at(store).read() as world:
        for first in (None, date(2025, 12, 1), date(2026, 10, 1)):
            for by in ((), ("month",)):
                rows = measure(world, Slice(TODAY, first, kam_id=kam_id), *keys, by=by).rows
                found |= {abs(row[key]) for row in rows for key in keys if row.get(key)}
    return {amount for amount in found if amount >= 1000}


def _forms(amount: Decimal) -> set[str]:
    """Every way an amount may be written, with or without cents."""
    plain = {f"{amount:.2f}", f"{amount:.0f}", f"{int(amount)}", repr(float(amount))}
    written = {words.number(lang, amount, decimals) for lang in words.LANGUAGES for decimals in (0, 2)}
    return plain | written | {words.thousands(lang, amount) for lang in words.LANGUAGES}
