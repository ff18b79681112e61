"""What key account managers of this company plan: objectives, milestones and what is said in reviews."""

from __future__ import annotations

from typing import NamedTuple


class Goal(NamedTuple):
    """A kind of objective: the range its baseline comes from and how far 90 days should bring it."""

    title: str
    kind: str
    component: str | None
    unit: str
    low: float
    high: float
    gain: float
    """Added to the baseline by day 90."""
    owner: str
    """Function of the owner; kam is the account's own manager."""
    relative: bool = False
    """True: the gain is a share of the baseline."""
    fact: str | None = None
    """What the books say about the account (`objectives.reality`): the range is a share of that."""


GOALS = (
    Goal("demo_goal.contacts_purchasing", "sales", "new_contacts", "count", 1, 3, 5, "kam"),
    Goal("demo_goal.contacts_plants", "sales", "new_contacts", "count", 2, 5, 6, "kam"),
    Goal("demo_goal.contacts_quality", "sales", "new_contacts", "count", 0, 2, 4, "product"),
    Goal("demo_goal.spend_core", "sales", "spend", "EUR", 0.85, 1.05, 0.09, "kam", True, "quarter_sales"),
    Goal("demo_goal.spend_contract", "sales", "spend", "EUR", 0.55, 0.75, 0.12, "kam", True, "quarter_sales"),
    Goal("demo_goal.add_labels", "sales", "additional_products", "count", 0, 1, 4, "sales"),
    Goal("demo_goal.add_mono", "sales", "additional_products", "count", 0, 2, 3, "product"),
    Goal("demo_goal.add_hygiene", "sales", "additional_products", "count", 1, 2, 5, "sales"),
    Goal("demo_goal.vas_stock", "sales", "value_added_services", "count", 0, 2, 3, "logistics"),
    Goal("demo_goal.vas_maintenance", "sales", "value_added_services", "count", 2, 5, 6, "service"),
    Goal("demo_goal.vas_advice", "sales", "value_added_services", "count", 0, 3, 8, "product"),
    Goal("demo_goal.rush_orders", "business", None, "count", 0.9, 1.1, -0.3, "logistics", True, "rush_orders"),
    Goal("demo_goal.days_late", "business", None, "days", 0.9, 1.1, -0.4, "finance", True, "days_late"),
    Goal("demo_goal.returns", "business", None, "count", 0.9, 1.1, -0.35, "operations", True, "returns"),
    Goal("demo_goal.contribution", "business", None, "pct", 0.95, 1.05, 2.5, "kam", False, "contribution"),
    Goal("demo_goal.forecast", "business", None, "pct", 58.0, 70.0, 12.0, "operations"),
    Goal("demo_goal.otif", "internal", None, "pct", 88.0, 93.0, 4.5, "operations"),
    Goal("demo_goal.handover", "internal", None, "score", 2.4, 3.1, 0.9, "operations"),
    Goal("demo_goal.complaint_days", "internal", None, "days", 9, 16, -6, "service"),
    Goal("demo_goal.functions_in_plan", "internal", None, "count", 1, 2, 4, "management"),
    Goal("demo_goal.board_contact", "relation", None, "score", 1.0, 1.5, 2.0, "kam"),
    Goal("demo_goal.satisfaction", "relation", None, "score", 7.6, 8.3, 0.0, "service"),
    Goal("demo_goal.sponsor_talks", "relation", None, "count", 0, 1, 3, "management"),
    Goal("demo_goal.contact_coverage", "relation", None, "pct", 40.0, 55.0, 20.0, "kam"),
)

MIRROR = Goal("demo_goal.mirror_delivery", "business", None, "pct", 90.0, 94.0, 4.0, "customer")
"""The customer's own objective for us, in plans that were made together."""


class Step(NamedTuple):
    """A kind of milestone and who usually takes it."""

    title: str
    side: str
    function: str


STEPS = (
    Step("demo_step.volumes_analysed", "own", "finance"),
    Step("demo_step.proposal_presented", "own", "kam"),
    Step("demo_step.trial_run", "own", "operations"),
    Step("demo_step.trial_approved", "customer", "operations"),
    Step("demo_step.price_agreed", "own", "kam"),
    Step("demo_step.artwork_released", "customer", "marketing"),
    Step("demo_step.stock_parameters", "own", "logistics"),
    Step("demo_step.forecast_shared", "customer", "purchasing"),
    Step("demo_step.order_cutoff", "own", "logistics"),
    Step("demo_step.sponsor_introduced", "own", "management"),
    Step("demo_step.service_scheduled", "own", "service"),
    Step("demo_step.edi_live", "own", "it"),
    Step("demo_step.edi_tested", "customer", "it"),
    Step("demo_step.payment_agreed", "own", "finance"),
    Step("demo_step.quality_audit", "customer", "quality"),
    Step("demo_step.line_visit", "own", "product"),
    Step("demo_step.complaint_routine", "own", "service"),
    Step("demo_step.evaluation_board", "own", "kam"),
)

DECISIONS = (
    "demo_review.decided_cutoff",
    "demo_review.decided_price",
    "demo_review.decided_trial",
    "demo_review.decided_sponsor",
    "demo_review.decided_stock",
    "demo_review.decided_rush_fee",
    "demo_review.decided_payment",
    "demo_review.decided_target_kept",
    "demo_review.decided_service",
    "demo_review.decided_labels",
)

NEXT_STEPS = (
    "demo_review.next_figures",
    "demo_review.next_visit",
    "demo_review.next_planning",
    "demo_review.next_finance",
    "demo_review.next_quality",
    "demo_review.next_sponsor",
    "demo_review.next_forecast",
    "demo_review.next_contract",
    "demo_review.next_complaints",
    "demo_review.next_samples",
)

CULTURE = {
    "voeding": "demo_culture.food",
    "retail": "demo_culture.retail",
    "e-commerce": "demo_culture.retail",
    "farma": "demo_culture.pharma",
    "zorg": "demo_culture.care",
    "horeca": "demo_culture.hospitality",
    "bouw": "demo_culture.building",
    "automotive": "demo_culture.industry",
    "chemie": "demo_culture.industry",
    "tuin": "demo_culture.retail",
}

CUSTOMER_GOALS = {
    "voeding": "demo_aim.less_plastic",
    "retail": "demo_aim.shelf",
    "e-commerce": "demo_aim.speed",
    "farma": "demo_aim.validation",
    "zorg": "demo_aim.staff_time",
    "horeca": "demo_aim.season",
    "bouw": "demo_aim.site",
    "automotive": "demo_aim.lines",
    "chemie": "demo_aim.lines",
    "tuin": "demo_aim.season",
}
