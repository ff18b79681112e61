"""What Dutch systems call the values of closed lists."""

from __future__ import annotations

DUTCH_WORDS = {
    "segment": {"key": "key account", "candidate": "kandidaat", "tail": "staart", "left": "vertrokken"},
    "reason": {
        "profit": "winst",
        "reference": "referentie",
        "access": "toegang tot de markt",
        "strategic fit": "past bij de strategie",
        "innovation": "innovatie",
        "learning": "leren",
    },
    "line_type": {
        "gross_sales": "omzet",
        "discount": "korting",
        "rebate": "bonus",
        "credit_note": "creditnota",
        "cogs": "kostprijs",
        "freight": "transport",
        "service": "servicekosten",
        "sales_effort": "verkoopkosten",
        "marketing": "marketingbijdrage",
        "other_cost_to_serve": "overige bedieningskosten",
        "bad_debt": "oninbaar",
    },
    "doc_type": {"INV": "factuur", "CRN": "creditnota", "PAY": "betaling"},
    "scenario": {"budget": "begroting", "forecast": "prognose"},
    "item": {"stock": "voorraad", "prepayment": "vooruitbetaling", "write_off": "afboeking"},
    "status": {"draft": "concept", "submitted": "ingediend", "signed": "afgetekend", "closed": "afgesloten"},
    "kind": {
        "sales": "verkoop",
        "business": "zakelijk",
        "internal": "intern",
        "relation": "relatie",
        "30d": "30 dagen",
        "quarter": "kwartaal",
        "annual": "jaargesprek",
        "strat_day": "strat-dag",
        "kickoff": "kick-off",
    },
    "sales_component": {
        "new_contacts": "nieuwe contacten",
        "spend": "hogere uitgaven",
        "additional_products": "aanvullende producten",
        "value_added_services": "diensten met toegevoegde waarde",
    },
    "direction": {"up": "omhoog", "down": "omlaag", "keep": "behouden"},
    "owner_side": {"own": "eigen", "customer": "klant"},
    "visibility": {"all": "iedereen", "owner": "alleen eigenaar"},
}
"""Words that the Dutch files use for the values of a closed list."""
