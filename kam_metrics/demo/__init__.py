"""An invented Dutch-Belgian supplier of packaging, written as the extracts its systems would give.

The Dutch and the English files hold the same facts. Only free text differs: titles, decisions and the like are
Dutch in the Dutch files and English in the English ones. Names of people, towns, sectors and articles stay Dutch.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from pathlib import Path

from kam_metrics.demo import company
from kam_metrics.demo.layout import LAYOUTS
from kam_metrics.demo.masters import account_row, customer_rows
from kam_metrics.demo.milestones import milestone_rows
from kam_metrics.demo.money import write_money
from kam_metrics.demo.objectives import measurement_rows, objective_row, objectives
from kam_metrics.demo.plans import plan_row, plans
from kam_metrics.demo.reviews import account_reviews, plan_reviews
from kam_metrics.demo.survey import answer_rows, panels
from kam_metrics.demo.write import Extracts

SEED = 2026
ACCOUNTS = 424

LOAD_ORDER = tuple(LAYOUTS)
"""Kinds in the order in which `write_extracts` lists their files."""


def write_extracts(
    folder: Path, *, as_of: date, seed: int = SEED, accounts: int = ACCOUNTS, lines: int | None = None
) -> dict[str, list[Path]]:
    """Writes `nl/` and `en/` under the folder, one file per kind of `LOAD_ORDER`, with nothing after `as_of`."""
    known = company.accounts(seed, accounts)
    with Extracts(folder) as extracts:
        extracts.add("accounts", map(account_row, known))
        extracts.add("customer_map", chain.from_iterable(map(customer_rows, known)))
        write_money(extracts, known, seed, as_of, lines)
        for account in known[: company.KEY_COUNT]:
            _write_plans(extracts, account, seed, as_of)
        for panel in panels(known, seed):
            extracts.add("alignment", answer_rows(panel, as_of))
    return extracts.paths


def kind_of(path: Path) -> str:
    """The kind of a file that `write_extracts` wrote; KeyError for any other file."""
    return {name: kind for kind, layout in LAYOUTS.items() for name in (layout.nl, layout.en)}[path.name]


def _write_plans(extracts: Extracts, account: company.Account, seed: int, as_of: date) -> None:
    """The plans of a key account with everything that hangs on them."""
    for plan in plans(account, seed, as_of):
        goals = objectives(plan)
        extracts.add("plans", [plan_row(plan)])
        extracts.add("objectives", map(objective_row, goals))
        extracts.add("measurements", chain.from_iterable(map(measurement_rows, goals)))
        extracts.add("milestones", milestone_rows(plan, goals))
        extracts.add("reviews", plan_reviews(plan))
    extracts.add("reviews", account_reviews(account, seed, as_of))
