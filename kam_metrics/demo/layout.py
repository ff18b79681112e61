"""How each extract looks: its files, its columns, and what Dutch systems call them."""

from __future__ import annotations

from typing import NamedTuple


class Layout(NamedTuple):
    """One kind of extract: file names per language, encoding of the Dutch file, Dutch header per column."""

    nl: str
    en: str
    encoding: str
    columns: dict[str, str]


ANSI, UTF8 = "cp1252", "utf-8-sig"
"""Old ERP exports are Windows-1252; what was saved from Excel is UTF-8 with a byte order mark."""

LAYOUTS = {
    "accounts": Layout(
        "klanten.csv",
        "accounts.csv",
        ANSI,
        {
            "account_id": "Accountnummer",
            "account_name": "Accountnaam",
            "parent_id": "Moederbedrijf",
            "country": "Land",
            "sector": "Branche",
            "segment": "Klantsegment",
            "kam_id": "KAM code",
            "kam_name": "Accountmanager",
            "sponsor_id": "Sponsor code",
            "sponsor_name": "Directiesponsor",
            "key_since": "Key account sinds",
            "reason": "Reden",
            "payment_terms_days": "Betaaltermijn dagen",
            "intercompany": "Intercompany",
        },
    ),
    "customer_map": Layout(
        "klantkoppeling.csv",
        "customer_map.csv",
        UTF8,
        {
            "customer_no": "Debiteurnummer",
            "account_id": "Accountnummer",
            "company_code": "Administratie",
        },
    ),
    "fx_rates": Layout(
        "wisselkoersen.csv",
        "fx_rates.csv",
        UTF8,
        {"currency": "Valuta", "date": "Koersdatum", "eur_per_unit": "Koers"},
    ),
    "cost_rates": Layout(
        "kostentarieven.csv",
        "cost_rates.csv",
        UTF8,
        {
            "activity": "Activiteit",
            "unit": "Eenheid",
            "eur_per_unit": "Tarief",
            "low": "Tarief laag",
            "high": "Tarief hoog",
            "valid_from": "Geldig vanaf",
        },
    ),
    "sales_lines": Layout(
        "omzetregels.csv",
        "sales_lines.csv",
        ANSI,
        {
            "customer_no": "Debiteurnummer",
            "doc_no": "Factuurnummer",
            "line_no": "Regelnr",
            "doc_type": "Documentsoort",
            "ref_doc_no": "Oorspronkelijke factuur",
            "invoice_date": "Factuurdatum",
            "product": "Artikel",
            "product_category": "Artikelgroep",
            "value_added_service": "Dienst",
            "quantity": "Aantal",
            "list_amount": "Brutobedrag",
            "discount_amount": "Korting",
            "net_amount": "Nettobedrag",
            "vat_amount": "BTW",
            "cogs_amount": "Kostprijs",
            "freight_amount": "Vrachtkosten",
            "currency": "Valuta",
            "order_no": "Ordernummer",
            "company_code": "Administratie",
        },
    ),
    "ledger": Layout(
        "grootboek.csv",
        "ledger.csv",
        ANSI,
        {
            "account_id": "Accountnummer",
            "posting_date": "Boekdatum",
            "line_type": "Regelsoort",
            "amount": "Bedrag",
            "currency": "Valuta",
            "document": "Boekstuknummer",
            "company_code": "Administratie",
            "for_month": "Hoort bij maand",
        },
    ),
    "receivables": Layout(
        "debiteurenposten.csv",
        "receivables.csv",
        ANSI,
        {
            "customer_no": "Debiteurnummer",
            "doc_no": "Factuurnummer",
            "doc_type": "Documentsoort",
            "invoice_date": "Factuurdatum",
            "due_date": "Vervaldatum",
            "amount": "Bedrag incl. btw",
            "cleared_date": "Betaaldatum",
            "disputed": "Betwist",
            "factored": "Factoring",
            "currency": "Valuta",
            "company_code": "Administratie",
        },
    ),
    "cost_drivers": Layout(
        "kostendrijvers.csv",
        "cost_drivers.csv",
        UTF8,
        {"account_id": "Accountnummer", "month": "Maand", "activity": "Activiteit", "quantity": "Aantal"},
    ),
    "budget": Layout(
        "budget.csv",
        "budget.csv",
        UTF8,
        {
            "account_id": "Accountnummer",
            "month": "Maand",
            "line_type": "Regelsoort",
            "amount": "Begroot",
            "scenario": "Versie",
        },
    ),
    "account_balances": Layout(
        "balansposten.csv",
        "account_balances.csv",
        UTF8,
        {
            "account_id": "Accountnummer",
            "month_end": "Ultimo",
            "item": "Balanspost",
            "amount": "Bedrag",
            "currency": "Valuta",
        },
    ),
    "plans": Layout(
        "plannen.csv",
        "plans.csv",
        UTF8,
        {
            "plan_id": "Plannummer",
            "account_id": "Accountnummer",
            "start_date": "Startdatum",
            "title": "Titel",
            "status": "Stand",
            "signed_by": "Afgetekend door",
            "signed_on": "Afgetekend op",
            "joint": "Gezamenlijk",
            "customer_ack_on": "Klant akkoord op",
            "culture": "Klantcultuur",
            "customer_goals": "Klantdoelen",
            "visibility": "Zichtbaarheid",
        },
    ),
    "objectives": Layout(
        "doelen.csv",
        "objectives.csv",
        UTF8,
        {
            "objective_id": "Doelnummer",
            "plan_id": "Plannummer",
            "title": "Doelstelling",
            "kind": "Soort",
            "sales_component": "Verkoopcomponent",
            "unit": "Eenheid",
            "direction": "Richting",
            "baseline": "Nulmeting",
            "target_30": "Fasedoel 30",
            "target_60": "Fasedoel 60",
            "target_90": "Doel 90",
            "weight": "Gewicht",
            "owner": "Eigenaar",
            "mirror_of": "Spiegel van",
        },
    ),
    "measurements": Layout(
        "metingen.csv",
        "measurements.csv",
        UTF8,
        {"objective_id": "Doelnummer", "date": "Meetdatum", "value": "Waarde", "source": "Bron"},
    ),
    "milestones": Layout(
        "mijlpalen.csv",
        "milestones.csv",
        UTF8,
        {
            "milestone_id": "Mijlpaalnummer",
            "plan_id": "Plannummer",
            "title": "Omschrijving",
            "objective_id": "Doelnummer",
            "owner": "Eigenaar",
            "owner_side": "Kant",
            "owner_function": "Functie",
            "baseline_date": "Oorspronkelijke datum",
            "planned_date": "Geplande datum",
            "done_date": "Gereed op",
            "weight": "Gewicht",
        },
    ),
    "reviews": Layout(
        "reviews.csv",
        "reviews.csv",
        UTF8,
        {
            "review_id": "Gespreknummer",
            "account_id": "Accountnummer",
            "plan_id": "Plannummer",
            "kind": "Soort",
            "due_date": "Te houden op",
            "held_date": "Gehouden op",
            "decisions": "Besluiten",
            "next_steps": "Vervolg",
        },
    ),
    "alignment": Layout(
        "afstemming.csv",
        "alignment.csv",
        UTF8,
        {
            "round_id": "Meetronde",
            "round_date": "Rondedatum",
            "respondent": "Deelnemer",
            "function": "Functie",
            "item": "Vraag",
            "value": "Antwoord",
            "account_id": "Accountnummer",
            "invited": "Uitgenodigd",
        },
    ),
}
"""In the order in which the files are loaded: masters first, then money, plans and answers."""
