"""Pure functions from a world and a slice to exact rows."""

from kam_metrics.metrics.alignment_rows import element_rows, function_rows
from kam_metrics.metrics.answer import Answer, Measure
from kam_metrics.metrics.audit import Compared, audit_checks, compare, ledger_numbers, note_name
from kam_metrics.metrics.beside import compares
from kam_metrics.metrics.cash import cash_steps
from kam_metrics.metrics.changed import Changed, changed
from kam_metrics.metrics.company import (
    account,
    customer_lines,
    default_as_of,
    freshness,
    group_name,
    has_accounts,
    kam_names,
    newest_fact,
    quality,
    source_freshness,
    worklist,
)
from kam_metrics.metrics.decisions import decision_acts, decisions
from kam_metrics.metrics.drill import A_PAGE, Behind, behind, behind_by_account
from kam_metrics.metrics.forecast import Forecast, Inflow, forecast, past_weeks
from kam_metrics.metrics.health import Health, health_by_account
from kam_metrics.metrics.health_moved import in_tenths, tenths, why_moved
from kam_metrics.metrics.measures import DIMENSIONS, MEASURES, in_all, measure
from kam_metrics.metrics.pasts import key_health
from kam_metrics.metrics.plan_rows import milestone_rows, objective_rows, plan_overview, review_rows
from kam_metrics.metrics.portfolio import account_rows, by_account, key_accounts, matrix_rows
from kam_metrics.metrics.products import products
from kam_metrics.metrics.receipts import PARTS as RECEIPT_PARTS
from kam_metrics.metrics.receipts import by_period as receipts_by_period
from kam_metrics.metrics.receipts import is_unexplained, receipts
from kam_metrics.metrics.reconcile import reconcile
from kam_metrics.metrics.waterfall import waterfall, waterfalls, whale
from kam_metrics.metrics.weighing import Weighing, own_scoring, scoring_now, weighings

__all__ = [
    "A_PAGE",
    "DIMENSIONS",
    "MEASURES",
    "RECEIPT_PARTS",
    "Answer",
    "Behind",
    "Changed",
    "Compared",
    "Forecast",
    "Health",
    "Inflow",
    "Measure",
    "Weighing",
    "account",
    "account_rows",
    "audit_checks",
    "behind",
    "behind_by_account",
    "by_account",
    "cash_steps",
    "changed",
    "compare",
    "compares",
    "customer_lines",
    "decision_acts",
    "decisions",
    "default_as_of",
    "element_rows",
    "forecast",
    "freshness",
    "function_rows",
    "group_name",
    "has_accounts",
    "health_by_account",
    "in_all",
    "in_tenths",
    "is_unexplained",
    "kam_names",
    "key_accounts",
    "key_health",
    "ledger_numbers",
    "matrix_rows",
    "measure",
    "milestone_rows",
    "newest_fact",
    "note_name",
    "objective_rows",
    "own_scoring",
    "past_weeks",
    "plan_overview",
    "products",
    "quality",
    "receipts",
    "receipts_by_period",
    "reconcile",
    "review_rows",
    "scoring_now",
    "source_freshness",
    "tenths",
    "waterfall",
    "waterfalls",
    "weighings",
    "whale",
    "why_moved",
    "worklist",
]
