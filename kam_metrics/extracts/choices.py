"""The closed lists of words that extracts may use, in Dutch and English, and what each stands for."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import list_currencies

from kam_metrics.terms import ITEM_CODES, Element

CURRENCIES: frozenset[str] = frozenset(list_currencies())
"""The codes of ISO 4217, also those that are history by now."""


def _words(**aliases: tuple[str, ...]) -> Mapping[str, str]:
    """Every alias, and the value itself, to the value."""
    return {word: value for value, words in aliases.items() for word in (value, *words)}


LINE_TYPE = _words(
    gross_sales=("revenue", "omzet", "bruto-omzet", "brutoverkoop", "sales"),
    discount=("korting", "kortingen", "discounts"),
    rebate=("bonus", "rebates", "jaarbonus", "omzetbonus"),
    credit_note=("credit", "creditnota", "credit notes"),
    cogs=("kostprijs", "kostprijs verkopen", "cost of goods"),
    freight=("transport", "vracht", "transportkosten"),
    service=("servicekosten",),
    sales_effort=("verkoopinspanning", "verkoopkosten"),
    marketing=("marketingbijdrage", "wkz"),
    other_cost_to_serve=("overige bedieningskosten",),
    bad_debt=("oninbaar", "dubieuze debiteuren", "afboeking"),
    capital_charge=("vermogenskosten", "kapitaalkosten"),
)
SEGMENT = _words(
    key=("key account", "sleutelklant", "topklant"),
    candidate=("kandidaat",),
    tail=("staart", "lange staart", "overig"),
    left=("vertrokken", "gestopt"),
)
FLAG = _words(
    true=("yes", "ja", "j", "y", "1", "waar", "x"),
    false=("no", "nee", "n", "0", "onwaar"),
)
SALES_DOC_TYPE = _words(
    INV=("invoice", "factuur", "verkoopfactuur", "f2", "8020", "8023"),
    CRN=("credit note", "credit memo", "creditnota", "creditfactuur", "g2", "re", "8021", "8024"),
    DBN=("debit note", "debetnota", "l2"),
)
RECEIVABLE_DOC_TYPE = _words(
    INV=("invoice", "factuur", "verkoopfactuur", "finance charge memo", "rentefactuur", "rv", "dr"),
    CRN=("credit note", "credit memo", "creditnota", "creditfactuur", "dg"),
    PAY=("payment", "betaling", "ontvangst", "refund", "terugbetaling", "dz"),
    ADJ=("adjustment", "correctie", "memoriaal", "ab"),
)
SCENARIO = _words(budget=("begroting", "plan"), forecast=("prognose", "verwachting"))
BALANCE_ITEM = _words(
    stock=("voorraad", "klantvoorraad"),
    prepayment=("vooruitbetaling", "vooruitbetaald"),
    write_off=("afboeking", "afgeboekt"),
    rebate_owed=("te betalen bonus", "nog te betalen bonus", "bonusverplichting"),
)
PLAN_STATUS = _words(
    draft=("concept",),
    submitted=("ingediend",),
    signed=("afgetekend", "getekend", "goedgekeurd"),
    closed=("gesloten", "afgesloten"),
)
VISIBILITY = _words(all=("iedereen", "alle"), owner=("eigenaar", "alleen eigenaar"))
OBJECTIVE_KIND = _words(
    sales=("verkoop",), business=("bedrijf", "zakelijk"), internal=("intern",), relation=("relatie",)
)
SALES_COMPONENT = _words(
    new_contacts=("nieuwe contacten",),
    spend=("uitgaven", "hogere uitgaven"),
    additional_products=("aanvullende producten",),
    value_added_services=("diensten met toegevoegde waarde", "toegevoegde waarde"),
)
DIRECTION = _words(up=("omhoog", "hoger"), down=("omlaag", "lager"), keep=("behouden", "gelijk"))
SIDE = _words(own=("eigen", "leverancier"), customer=("klant",))
REVIEW_KIND = {
    **_words(
        quarter=("kwartaal",),
        annual=("jaarlijks", "jaar", "jaargesprek"),
        strat_day=("strat-dag", "strat day", "strat for nat"),
        kickoff=("kick-off",),
    ),
    **dict.fromkeys(("30d", "30 dagen", "30-dagen", "30 days", "maandelijks"), "30d"),
}
_ELEMENT_WORDS = _words(
    shared_values=("gedeelde waarden",),
    style=("stijl",),
    skills=("vaardigheden",),
    staff=("personeel", "mensen"),
    strategy=("strategie",),
    structure=("structuur",),
    systems=("systemen",),
)
SURVEY_ITEM = {
    **{f"{code}{number}": f"{code}{number}" for code in ITEM_CODES for number in range(1, 5)},
    **_ELEMENT_WORDS,
    **{str(element): str(element) for element in Element},
}
