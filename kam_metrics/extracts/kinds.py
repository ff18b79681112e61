"""Every extract we accept, declared. A new kind is one entry here and one table in sql/tables.sql."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from kam_metrics.extracts import choices

ColumnType = Literal[
    "id", "text", "date", "month", "money", "rate", "number", "share", "integer", "flag", "choice", "currency"
]
"""id and text stay text; money has 4 decimals, rate 8, number 8, share lies in 0..1; all exact."""


@dataclass(frozen=True)
class Column:
    """One column of an extract: our name, what its cells may hold, and the headers we know it by."""

    name: str
    type: ColumnType
    headers: tuple[str, ...] = ()
    """Dutch and English aliases, compared without case, spaces, underscores and accents."""
    required: bool = False
    """The header must be there and no cell may be empty."""
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)
    """For `choice`: every accepted word and the value it stands for."""
    loose: tuple[str, ...] = ()
    """Headers that stand for this column only when no surer header does: a name as often as a number."""
    at_least: Decimal | None = None
    at_most: Decimal | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of extract: its grain, its columns, and what replacing it covers."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that identify a row; empty when a row is identified by its whole content."""
    scope: tuple[str, ...] = ()
    """What `--replace` covers; a date column stands for its month. Empty: a master, absent keys stay."""
    money: str | None = None
    """The column that is summed in totals."""
    one_of: tuple[str, ...] = ()
    """At least one of these columns must be there, and filled on every row."""
    position: str | None = None
    """A key column that is the row's position within its document where the file does not say."""
    brief: tuple[str, ...] = ()
    """Columns of a row that says no more than these: it stands in a narrower table of its own."""

    def column(self, name: str) -> Column:
        """The column of this name; KeyError when the kind has none."""
        return {c.name: c for c in self.columns}[name]

    @property
    def is_master(self) -> bool:
        """Whether loading only adds and changes, so that a row that repeats itself says nothing new."""
        return bool(self.key) and not self.scope

    @property
    def whole(self) -> str:
        """The relation of its stored rows in which each says everything, with its scope."""
        return f"whole_{self.name}" if self.brief else self.name

    @property
    def dated(self) -> str | None:
        """The column that says when a row happened."""
        return next((c.name for c in self.columns if c.required and c.type in ("date", "month")), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Our column names in the order of the table."""
        return tuple(c.name for c in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that must be in the file."""
        return tuple(c.name for c in self.columns if c.required)


def plain(header: str) -> str:
    """A header without case, accents and everything that is no letter or digit, so aliases compare."""
    decomposed = unicodedata.normalize("NFKD", header.casefold())
    return "".join(c for c in decomposed if c.isalnum())


_ACCOUNT = Column(
    "account_id",
    "id",
    ("account code", "account number", "accountnummer", "accountcode", "klantcode", "klant id"),
    loose=("account",),
)
_ACCOUNT_REQUIRED = Column(_ACCOUNT.name, "id", _ACCOUNT.headers, required=True, loose=_ACCOUNT.loose)
_CUSTOMER = Column(
    "customer_no",
    "id",
    (
        "customer no", "customer number", "debtor no", "debtor number", "klantnr", "klantnummer", "debiteurnr",
        "debiteurnummer", "debnr", "relatiecode", "relatienr", "relatienummer", "kunnr", "contact id",
    ),
    loose=("customer", "debtor", "klant", "debiteur", "relatie"),
)  # fmt: skip
_CURRENCY = Column(
    "currency", "currency", ("valuta", "munt", "muntcode", "valutacode", "currency code", "ccy", "waers")
)
_COMPANY = Column(
    "company_code", "id", ("company", "bedrijf", "bedrijfsnummer", "administratie", "vennootschap", "bukrs")
)
_SOURCE = Column("source_system", "id", ("source", "bron", "bronsysteem", "systeem", "erp"))
_MONTH = Column("month", "month", ("maand", "periode", "period"), required=True)
_LINE_TYPE = Column(
    "line_type",
    "choice",
    ("type", "regelsoort", "regeltype", "soort", "boekingssoort", "posting type"),
    required=True,
    choices=choices.LINE_TYPE,
)
_PLAN_REQUIRED = Column("plan_id", "id", ("plan", "plannummer", "plan nr"), required=True)
_ACTIVITY = Column("activity", "id", ("activiteit", "kostendrijver", "driver"), required=True)
_OWNER = Column("owner", "text", ("eigenaar", "verantwoordelijke", "responsible"))
_WEIGHT = Column("weight", "number", ("gewicht", "weging"), at_least=Decimal(0))
_DOC_TYPE = ("document type", "soort", "documentsoort", "boekstuksoort", "factuursoort", "type", "blart")

ACCOUNTS = Kind(
    "accounts",
    (
        Column(
            "account_id", "id",
            (*_ACCOUNT.headers, "customer no", "customer number", "klantnr", "klantnummer", "debiteurnummer"),
            required=True, loose=_ACCOUNT.loose,
        ),
        Column(
            "account_name", "text", ("klantnaam", "accountnaam", "customer name"), required=True,
            loose=("name", "naam", "klant"),
        ),
        Column("parent_id", "id", ("parent", "moeder", "moederbedrijf", "groep", "concern", "group")),
        Column("country", "id", ("land", "landcode", "country code")),
        Column("sector", "text", ("branche", "bedrijfstak", "industry")),
        Column("segment", "choice", ("tier", "klantsegment", "klasse"), choices=choices.SEGMENT),
        Column("kam_id", "id", ("kam", "kam code", "accountmanager code", "kamnummer")),
        Column("kam_name", "text", ("kam naam", "accountmanager", "key account manager", "account manager")),
        Column("sponsor_id", "id", ("sponsor code", "sponsornummer")),
        Column("sponsor_name", "text", ("sponsor", "sponsor naam", "executive sponsor", "directiesponsor")),
        Column("key_since", "date", ("key account sinds", "sinds", "since")),
        Column("reason", "text", ("reden", "waarom", "why")),
        Column(
            "payment_terms_days", "integer",
            ("betaaltermijn", "betalingstermijn", "betaaltermijn dagen", "payment terms", "terms days"),
            at_least=Decimal(0),
        ),
        Column("intercompany", "flag", ("is intercompany", "concernrelatie"), choices=choices.FLAG),
    ),
    key=("account_id",),
)  # fmt: skip

CUSTOMER_MAP = Kind(
    "customer_map",
    (
        Column(_CUSTOMER.name, "id", _CUSTOMER.headers, required=True, loose=_CUSTOMER.loose),
        _ACCOUNT_REQUIRED,
        _SOURCE,
        _COMPANY,
        Column("valid_from", "date", ("geldig vanaf", "vanaf", "ingangsdatum", "from")),
    ),
    key=("source_system", "company_code", "customer_no", "valid_from"),
)

SUCCESSIONS = Kind(
    "successions",
    (
        Column(
            "account_id", "id", ("old account", "old number", "oud account", "oud accountnummer", "oud nummer"),
            required=True,
        ),
        Column(
            "successor_id", "id",
            (
                "successor", "new account", "new number", "opvolger", "nieuw account", "nieuw accountnummer",
                "nieuw nummer",
            ),
            required=True,
        ),
        Column("valid_from", "month", ("geldig vanaf", "vanaf", "ingangsmaand", "from")),
    ),
    key=("account_id", "valid_from"),
)  # fmt: skip

LEDGER = Kind(
    "ledger",
    (
        _ACCOUNT,
        _CUSTOMER,
        Column("posting_date", "date", ("date", "datum", "boekdatum", "boekingsdatum", "budat"), required=True),
        _LINE_TYPE,
        Column("amount", "money", ("bedrag", "bedrag eur", "waarde", "value"), required=True),
        _CURRENCY,
        Column("document", "id", ("doc", "document no", "boekstuk", "boekstuknummer", "stuknummer", "doc no")),
        Column("product", "id", ("artikel", "artikelnummer", "item")),
        _COMPANY,
        Column("for_month", "month", ("hoort bij maand", "betreft maand", "bonusmaand", "concerns month")),
    ),
    key=(),
    scope=("company_code", "posting_date"),
    money="amount",
    one_of=("account_id", "customer_no"),
    brief=("account_id", "posting_date", "line_type", "amount", "document"),
)

SALES_LINES = Kind(
    "sales_lines",
    (
        _ACCOUNT,
        _CUSTOMER,
        Column(
            "doc_no", "id",
            ("document no", "invoice no", "invoice number", "factuur", "factuurnr", "factuurnummer", "document"),
            required=True,
        ),
        Column("line_no", "id", ("line", "line number", "regel", "regelnr", "regelnummer", "positie")),
        Column("doc_type", "choice", _DOC_TYPE, choices=choices.SALES_DOC_TYPE),
        Column(
            "ref_doc_no", "id",
            ("reference", "original invoice", "referentie", "oorspronkelijke factuur", "ref factuurnummer"),
        ),
        Column("invoice_date", "date", ("date", "factuurdatum", "datum"), required=True),
        Column("product", "id", ("product code", "artikel", "artikelnummer", "artikelcode", "item no", "item")),
        Column("product_category", "text", ("category", "productgroep", "artikelgroep", "productcategorie")),
        Column(
            "value_added_service", "flag",
            ("vas", "service", "dienst", "toegevoegde waarde dienst", "dienst met toegevoegde waarde"),
            choices=choices.FLAG,
        ),
        Column("quantity", "number", ("qty", "aantal", "hoeveelheid")),
        Column("list_amount", "money", ("list", "gross amount", "brutobedrag", "lijstbedrag", "bruto")),
        Column("discount_amount", "money", ("discount", "korting", "kortingsbedrag")),
        Column(
            "net_amount", "money",
            ("net", "amount", "amount excl vat", "nettobedrag", "netto", "bedrag", "bedrag excl btw"),
            required=True,
        ),
        Column("vat_amount", "money", ("vat", "tax amount", "btw", "btw bedrag", "btwbedrag")),
        Column("cogs_amount", "money", ("cogs", "cost", "kostprijs", "kostprijs verkopen", "kostprijsbedrag")),
        Column("freight_amount", "money", ("freight", "vracht", "vrachtkosten", "transport", "transportkosten")),
        _CURRENCY,
        Column("order_no", "id", ("order", "order number", "ordernummer", "ordernr", "bestelling")),
        _COMPANY,
        _SOURCE,
    ),
    key=("source_system", "company_code", "doc_no", "line_no"),
    position="line_no",
    scope=("source_system", "company_code", "invoice_date"),
    money="net_amount",
    one_of=("account_id", "customer_no"),
)  # fmt: skip

RECEIVABLES = Kind(
    "receivables",
    (
        _ACCOUNT,
        _CUSTOMER,
        Column(
            "doc_no", "id",
            (
                "document no", "invoice no", "invoice number", "factuur", "factuurnr", "factuurnummer", "boekstuk",
                "belnr",
            ),
            required=True,
        ),
        Column("item_no", "id", ("item", "post", "postnummer", "buzei")),
        Column("doc_type", "choice", _DOC_TYPE, choices=choices.RECEIVABLE_DOC_TYPE),
        Column(
            "invoice_date", "date", ("date", "document date", "factuurdatum", "datum", "bldat"), required=True
        ),
        Column("due_date", "date", ("due", "vervaldatum", "vervaldag", "netdt")),
        Column(
            "amount", "money",
            ("invoice amount", "amount incl vat", "bedrag", "factuurbedrag", "bedrag incl btw"),
            required=True,
        ),
        Column(
            "open_amount", "money",
            ("open", "outstanding", "outstanding amount", "openstaand", "openstaand bedrag", "saldo"),
        ),
        Column(
            "cleared_date", "date",
            ("cleared", "paid date", "payment date", "settled date", "betaaldatum", "afletterdatum", "vereffend op",
             "augdt"),
        ),
        Column("disputed", "flag", ("dispute", "betwist", "in geschil"), choices=choices.FLAG),
        Column("factored", "flag", ("factoring", "gefactord", "gefactored", "verpand"), choices=choices.FLAG),
        _CURRENCY,
        Column("snapshot_date", "date", ("snapshot", "peildatum", "stand per", "as of")),
        _COMPANY,
    ),
    key=("company_code", "doc_no", "item_no", "snapshot_date"),
    position="item_no",
    scope=("company_code", "snapshot_date", "invoice_date"),
    money="amount",
    one_of=("account_id", "customer_no"),
)  # fmt: skip

COST_DRIVERS = Kind(
    "cost_drivers",
    (
        _ACCOUNT_REQUIRED,
        _MONTH,
        _ACTIVITY,
        Column("quantity", "number", ("qty", "aantal", "hoeveelheid"), required=True),
    ),
    key=("account_id", "month", "activity"),
    scope=("month",),
)

COST_RATES = Kind(
    "cost_rates",
    (
        _ACTIVITY,
        Column("unit", "text", ("eenheid",)),
        Column("eur_per_unit", "rate", ("rate", "tarief", "eur per eenheid", "tarief eur"), required=True),
        Column("low", "rate", ("laag", "tarief laag", "low rate")),
        Column("high", "rate", ("hoog", "tarief hoog", "high rate")),
        Column("valid_from", "date", ("geldig vanaf", "vanaf", "ingangsdatum", "from"), required=True),
    ),
    key=("activity", "valid_from"),
)

BUDGET = Kind(
    "budget",
    (
        _ACCOUNT_REQUIRED,
        _MONTH,
        _LINE_TYPE,
        Column("amount", "money", ("bedrag", "begroot", "budget", "bedrag eur"), required=True),
        Column("scenario", "choice", ("versie", "version"), choices=choices.SCENARIO),
    ),
    key=("account_id", "month", "line_type", "scenario"),
    scope=("scenario", "month"),
    money="amount",
)

ACCOUNT_BALANCES = Kind(
    "account_balances",
    (
        _ACCOUNT_REQUIRED,
        Column("month_end", "date", ("maandeinde", "ultimo", "per", "stand per"), required=True),
        Column("item", "choice", ("post", "soort", "balanspost"), required=True, choices=choices.BALANCE_ITEM),
        Column("amount", "money", ("bedrag", "saldo", "balance"), required=True),
        _CURRENCY,
    ),
    key=("account_id", "month_end", "item"),
    scope=("month_end",),
    money="amount",
)

PLANS = Kind(
    "plans",
    (
        _PLAN_REQUIRED,
        _ACCOUNT_REQUIRED,
        Column("start_date", "date", ("start", "startdatum", "dag 0"), required=True),
        Column("title", "text", ("titel", "naam")),
        Column("status", "choice", ("stand",), choices=choices.PLAN_STATUS),
        Column("signed_by", "text", ("afgetekend door", "getekend door", "goedgekeurd door")),
        Column("signed_on", "date", ("afgetekend op", "getekend op", "goedgekeurd op")),
        Column("joint", "flag", ("gezamenlijk", "samen met klant"), choices=choices.FLAG),
        Column("customer_ack_on", "date", ("klant akkoord op", "bevestigd door klant op")),
        Column("culture", "text", ("cultuur", "klantcultuur")),
        Column("customer_goals", "text", ("klantdoelen", "doelstellingen klant")),
        Column("visibility", "choice", ("zichtbaarheid",), choices=choices.VISIBILITY),
    ),
    key=("plan_id",),
)

OBJECTIVES = Kind(
    "objectives",
    (
        Column("objective_id", "id", ("objective", "doel id", "doel", "doelnummer"), required=True),
        _PLAN_REQUIRED,
        Column("title", "text", ("titel", "omschrijving", "doelstelling"), required=True),
        Column("kind", "choice", ("soort", "type"), required=True, choices=choices.OBJECTIVE_KIND),
        Column("sales_component", "choice", ("verkoopcomponent", "component"), choices=choices.SALES_COMPONENT),
        Column("unit", "text", ("eenheid",)),
        Column("direction", "choice", ("richting",), choices=choices.DIRECTION),
        Column("baseline", "number", ("nulmeting", "uitgangswaarde", "start"), required=True),
        Column("target_30", "number", ("doel 30", "fasedoel 30", "target day 30")),
        Column("target_60", "number", ("doel 60", "fasedoel 60", "target day 60")),
        Column("target_90", "number", ("doel 90", "fasedoel 90", "target day 90"), required=True),
        _WEIGHT,
        _OWNER,
        Column("mirror_of", "id", ("spiegel van", "spiegeldoel")),
    ),
    key=("objective_id",),
    scope=("plan_id",),
)

MEASUREMENTS = Kind(
    "measurements",
    (
        Column("objective_id", "id", ("objective", "doel id", "doel", "doelnummer"), required=True),
        Column("date", "date", ("datum", "meetdatum", "measured on"), required=True),
        Column("value", "number", ("waarde", "stand", "meting", "actual"), required=True),
        Column("source", "text", ("bron",)),
    ),
    key=("objective_id", "date"),
    scope=("objective_id", "date"),
)

MILESTONES = Kind(
    "milestones",
    (
        Column("milestone_id", "id", ("milestone", "mijlpaal id", "mijlpaal", "mijlpaalnummer"), required=True),
        _PLAN_REQUIRED,
        Column("title", "text", ("titel", "omschrijving"), required=True),
        Column("objective_id", "id", ("objective", "doel id", "doel", "doelnummer")),
        _OWNER,
        Column("owner_side", "choice", ("kant", "zijde"), choices=choices.SIDE),
        Column("owner_function", "text", ("functie", "afdeling")),
        Column("baseline_date", "date", ("basisdatum", "oorspronkelijke datum", "baseline"), required=True),
        Column("planned_date", "date", ("geplande datum", "gepland", "planned")),
        Column("done_date", "date", ("gereed op", "gereed", "afgerond op", "done")),
        _WEIGHT,
    ),
    key=("milestone_id",),
    scope=("plan_id",),
)

REVIEWS = Kind(
    "reviews",
    (
        Column("review_id", "id", ("review", "voortgangsgesprek", "gespreknummer"), required=True),
        _ACCOUNT_REQUIRED,
        Column(_PLAN_REQUIRED.name, "id", _PLAN_REQUIRED.headers),
        Column("kind", "choice", ("soort", "type"), required=True, choices=choices.REVIEW_KIND),
        Column("due_date", "date", ("due", "gepland op", "te houden op"), required=True),
        Column("held_date", "date", ("held", "gehouden op")),
        Column("decisions", "text", ("besluiten", "beslissingen")),
        Column("next_steps", "text", ("vervolg", "volgende stappen", "acties")),
    ),
    key=("review_id",),
)

ALIGNMENT = Kind(
    "alignment",
    (
        Column("round_id", "id", ("round", "ronde", "meetronde"), required=True),
        Column("round_date", "date", ("rondedatum", "datum", "date"), required=True),
        Column("respondent", "id", ("respondent token", "deelnemer", "token"), required=True),
        Column("function", "id", ("functie", "afdeling", "department"), required=True),
        Column("item", "choice", ("vraag", "question", "element"), required=True, choices=choices.SURVEY_ITEM),
        Column("value", "integer", ("waarde", "antwoord", "answer", "score"), at_least=Decimal(1), at_most=Decimal(5)),
        _ACCOUNT,
        Column("invited", "integer", ("uitgenodigd", "genodigd"), at_least=Decimal(1)),
    ),
    key=("round_id", "respondent", "account_id", "item"),
    scope=("round_id",),
)

FX_RATES = Kind(
    "fx_rates",
    (
        Column("currency", "currency", _CURRENCY.headers, required=True),
        Column("date", "date", ("datum", "koersdatum"), required=True),
        Column(
            "eur_per_unit",
            "rate",
            ("rate", "koers", "eur per eenheid", "wisselkoers"),
            required=True,
            at_least=Decimal("0.00000001"),
        ),
    ),
    key=("currency", "date"),
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        ACCOUNTS,
        CUSTOMER_MAP,
        SUCCESSIONS,
        LEDGER,
        SALES_LINES,
        RECEIVABLES,
        COST_DRIVERS,
        COST_RATES,
        BUDGET,
        ACCOUNT_BALANCES,
        PLANS,
        OBJECTIVES,
        MEASUREMENTS,
        MILESTONES,
        REVIEWS,
        ALIGNMENT,
        FX_RATES,
    )
}
"""In the order in which a set of files is best loaded."""
