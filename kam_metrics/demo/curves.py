"""What an account would buy per month: level, trend, season, events and its own temper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kam_metrics.demo.chance import around, stream
from kam_metrics.demo.company import Account
from kam_metrics.demo.days import MONTHS

SEASONS = {
    "voeding": (0.95, 0.92, 0.98, 0.99, 1.00, 1.01, 0.97, 0.95, 1.00, 1.03, 1.07, 1.14),
    "retail": (0.84, 0.81, 0.90, 0.95, 0.97, 0.98, 0.93, 0.92, 1.00, 1.08, 1.30, 1.38),
    "e-commerce": (0.88, 0.79, 0.85, 0.88, 0.92, 0.92, 0.90, 0.88, 0.97, 1.08, 1.50, 1.52),
    "farma": (1.02, 1.00, 1.01, 0.99, 0.99, 0.99, 0.98, 0.98, 1.00, 1.01, 1.01, 1.02),
    "horeca": (0.70, 0.75, 0.88, 1.02, 1.15, 1.25, 1.32, 1.28, 1.08, 0.92, 0.78, 0.92),
    "bouw": (0.86, 0.96, 1.11, 1.13, 1.12, 1.12, 0.80, 0.68, 1.13, 1.15, 1.09, 0.80),
    "automotive": (1.02, 1.02, 1.09, 1.02, 1.02, 1.05, 0.80, 0.70, 1.09, 1.10, 1.08, 0.86),
    "zorg": (1.05, 1.02, 1.02, 0.99, 0.98, 0.97, 0.93, 0.94, 1.00, 1.02, 1.03, 1.05),
    "tuin": (0.58, 0.85, 1.45, 1.68, 1.60, 1.20, 0.85, 0.74, 0.85, 0.80, 0.65, 0.72),
    "chemie": (1.00, 1.00, 1.05, 1.01, 1.00, 1.03, 0.92, 0.90, 1.05, 1.04, 1.02, 0.93),
}
"""Month index per sector: Christmas in the shops, the building holidays, terraces in summer, gardens in spring."""


@dataclass(frozen=True)
class Curve:
    """Sales at list price per month, in the account's currency."""

    expected: tuple[float, ...]
    """Level, trend and season: what a planner would have written down."""
    demand: tuple[float, ...]
    """What the account wanted in the end."""


def curve(account: Account, seed: int, months: list[date]) -> Curve:
    """The account's 36 months, from its own stream."""
    rng = stream(seed, account.account_id, "curve")
    temper = [around(rng, 1.0, 0.05) for _ in range(12)]
    depth = rng.uniform(0.75, 1.25)
    noise = 0.05 if account.is_key else 0.2
    expected, demand, drift = [], [], 0.0
    for number, month in enumerate(months):
        plain = _level(account, number) * SEASONS[account.sector][month.month - 1] ** depth
        drift = 0.6 * drift + rng.gauss(0, noise)
        expected.append(plain)
        demand.append(plain * temper[month.month - 1] * max(0.2, 1 + drift) * _happenings(account, number))
    return Curve(tuple(expected), tuple(demand))


def _level(account: Account, number: int) -> float:
    """Last year's level, walked back along the trend."""
    return float(account.yearly / 12 * (1 + account.growth) ** ((number - MONTHS + 6) / 12))


def _happenings(account: Account, number: int) -> float:
    """Share of the demand that is left, or added, by what happened so far."""
    if account.last_month is not None and number > account.last_month:
        return 0.0
    share = 1.0
    for event in account.events:
        if event.kind != "price_round" and number >= event.month:
            share *= event.size if event.kind == "new_contract" else 1 - (1 - event.size) * 0.4
    return share
