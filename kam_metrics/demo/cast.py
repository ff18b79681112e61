# ruff: noqa: E501 - one account a line reads as the table it is
"""Who plays in the invented company: its people, its key accounts, and the parts tail names are made of.

Every name is invented; towns are real, because a delivery goes somewhere.
"""

from __future__ import annotations

from typing import NamedTuple

DIRECTOR = "Annelies Goossens"
"""The sales director, who signs plans."""

KAMS = {
    "K01": "Sanne de Wit",
    "K02": "Jeroen Vermeulen",
    "K03": "Els Claeys",
    "K04": "Bram Hoekstra",
    "K05": "Lotte Peeters",
    "K06": "Youssef El Amrani",
}

SPONSORS = {
    "S01": "Marleen van Houten",
    "S02": "Filip De Backer",
    "S03": "Ruud Terpstra",
    "S04": "Ingrid Aerts",
    "S05": "Hendrik-Jan Mulder",
}

COLLEAGUES = {
    "operations": "Wouter Brands",
    "logistics": "Ilse Maes",
    "finance": "Karim Bouzid",
    "service": "Tineke Postma",
    "product": "Dries Lambrecht",
    "it": "Mirjam Kuiper",
    "hr": "Joke Vandamme",
    "management": "Marleen van Houten",
    "sales": "Thijs Verbeek",
}
"""One name per function outside key account management: they own objectives and milestones too."""


class KeyAccount(NamedTuple):
    """One key account as the sales director would introduce it."""

    name: str
    country: str
    city: str
    sector: str
    yearly: int
    """Sales at list price of the last twelve months, thousands in the account's currency."""
    growth: float
    style: str
    """How it buys: a key of `company.STYLES`."""
    payer: str
    """How it pays: a key of `payments.PAYERS`."""
    terms: int
    kam: str
    sponsor: str | None
    since: str
    reason: str
    parent: int | None = None
    """Row number of its group's head, 1-based."""


KEY_ACCOUNTS = (
    KeyAccount("Marktlust Supermarkten", "NL", "Zwolle", "retail", 11800, 0.05, "giant", "month_end", 60, "K01", "S01", "2014-03-18", "volume"),
    KeyAccount("Van Rossem Versgroep", "NL", "Barneveld", "voeding", 8300, 0.04, "solid", "prompt", 30, "K02", "S02", "2012-09-24", "volume"),
    KeyAccount("Delmoor Distributie", "BE", "Aalst", "horeca", 8900, 0.02, "giant", "late12", 45, "K03", "S04", "2015-01-19", "volume"),
    KeyAccount("Farmaleen", "BE", "Turnhout", "farma", 5300, 0.07, "jewel", "prompt", 30, "K04", "S03", "2016-05-26", "profit"),
    KeyAccount("Parcelwijs Fulfilment", "NL", "Tilburg", "e-commerce", 6100, 0.14, "rusher", "slow", 45, "K05", "S01", "2019-11-14", "volume"),
    KeyAccount("Holdinck Zeevoeding", "NL", "Urk", "voeding", 2600, 0.03, "jewel", "prompt", 30, "K02", "S05", "2013-06-13", "profit"),
    KeyAccount("Bouwring Materialen", "NL", "Apeldoorn", "bouw", 2900, -0.04, "solid", "late12", 45, "K06", "S03", "2017-02-22", "volume"),
    KeyAccount("Steverlinck Bouwstoffen", "BE", "Kortrijk", "bouw", 1900, 0.01, "solid", "month_end", 60, "K03", "S04", "2018-10-17", "access"),
    KeyAccount("Hoogvelde Automotive", "NL", "Helmond", "automotive", 2200, -0.09, "demanding", "quarter_end", 60, "K06", "S03", "2015-08-27", "reference"),
    KeyAccount("Zorggroep Liesveld", "NL", "Dordrecht", "zorg", 1400, 0.03, "jewel", "prompt", 30, "K04", "S05", "2018-04-16", "strategic fit"),
    KeyAccount("Inkoopcoöperatie Vierkracht", "NL", "Amersfoort", "horeca", 2700, 0.06, "demanding", "month_end", 30, "K01", "S02", "2016-11-23", "access"),
    KeyAccount("Bakkerijen De Korenhove", "BE", "Lokeren", "voeding", 2100, 0.05, "jewel", "prompt", 30, "K03", "S04", "2014-10-29", "profit"),
    KeyAccount("Kempendal Zuivel", "BE", "Geel", "voeding", 1750, 0.02, "solid", "late12", 30, "K05", "S02", "2019-03-21", "profit"),
    KeyAccount("Brouwerij Ter Wilgen", "BE", "Diksmuide", "horeca", 1150, 0.08, "solid", "month_end", 30, "K03", "S04", "2020-06-18", "innovation"),
    KeyAccount("Florabelle Tuinretail", "NL", "Aalsmeer", "tuin", 1600, 0.01, "demanding", "late12", 45, "K06", None, "2019-01-28", "volume"),
    KeyAccount("Scheldemonde Chemie", "NL", "Terneuzen", "chemie", 1350, 0.00, "jewel", "prompt", 45, "K04", "S03", "2017-09-13", "profit"),
    KeyAccount("Van Rossem Convenience", "NL", "Wageningen", "voeding", 1500, 0.11, "solid", "prompt", 30, "K02", "S02", "2018-02-15", "volume", 2),
    KeyAccount("Van Rossem België", "BE", "Hasselt", "voeding", 980, 0.09, "solid", "prompt", 30, "K02", "S02", "2021-03-22", "strategic fit", 2),
    KeyAccount("Weidevoort Vleeswaren", "NL", "Boxtel", "voeding", 1250, -0.13, "demanding", "disputing", 30, "K05", "S05", "2016-01-20", "volume"),
    KeyAccount("Thornbeck Fine Foods", "GB", "Leeds", "voeding", 940, 0.10, "solid", "late12", 45, "K01", "S01", "2021-09-16", "access"),
    KeyAccount("Alpwert Handel", "CH", "Basel", "retail", 820, 0.06, "jewel", "prompt", 30, "K04", "S05", "2022-01-24", "innovation"),
    KeyAccount("Lindenau Feinkost", "DE", "Krefeld", "voeding", 1050, 0.12, "solid", "factored", 30, "K05", "S01", "2020-02-19", "reference"),
    KeyAccount("Maison Trévières", "FR", "Lille", "retail", 760, 0.03, "demanding", "slow", 60, "K06", "S04", "2021-05-17", "learning"),
    KeyAccount("Hotelgroep Zilverduin", "NL", "Zandvoort", "horeca", 890, 0.04, "jewel", "prompt", 14, "K01", "S02", "2019-06-27", "innovation"),
)  # fmt: skip
"""The 24 key accounts, largest and best known first."""

TRADES = (
    ("Slagerij", "voeding"), ("Bakkerij", "voeding"), ("Kaasmakerij", "voeding"), ("Traiteur", "voeding"),
    ("Vishandel", "voeding"), ("Groentehandel", "voeding"), ("Vleesgroothandel", "voeding"), ("Zuivelhoeve", "voeding"),
    ("Versmarkt", "retail"), ("Drogisterij", "retail"), ("Delicatessen", "retail"), ("Woonwinkel", "retail"),
    ("Brasserie", "horeca"), ("Strandpaviljoen", "horeca"), ("Feestzaal", "horeca"), ("Horecagroothandel", "horeca"),
    ("Hotel", "horeca"), ("Cateringbedrijf", "horeca"),
    ("Bouwbedrijf", "bouw"), ("Aannemersbedrijf", "bouw"), ("Dakwerken", "bouw"), ("Bouwmarkt", "bouw"),
    ("Schildersbedrijf", "bouw"), ("Tegelhandel", "bouw"),
    ("Carrosseriebedrijf", "automotive"), ("Autotechniek", "automotive"), ("Bandenservice", "automotive"),
    ("Woonzorgcentrum", "zorg"), ("Apotheek", "farma"), ("Dierenkliniek", "zorg"), ("Laboratorium", "farma"),
    ("Tuincentrum", "tuin"), ("Boomkwekerij", "tuin"), ("Hoveniersbedrijf", "tuin"),
    ("Webwinkel", "e-commerce"), ("Postorderbedrijf", "e-commerce"),
    ("Lakfabriek", "chemie"), ("Kunststofverwerking", "chemie"),
)  # fmt: skip
"""What a small account does, and its sector."""

SURNAMES = (
    "Van den Broeck", "Hermans", "Dijkstra", "Jacobs", "De Smet", "Willemsen", "Verhaegen", "Postma", "Claes",
    "Brouwer", "Wouters", "Hendriks", "De Clercq", "Scholten", "Martens", "Van Leeuwen", "Coppens", "Kuipers",
    "Goethals", "Van der Meer", "Baert", "Zijlstra", "Lemmens", "Bosman", "De Wilde", "Huisman", "Stevens",
    "Van Dam", "Michiels", "Groeneveld", "Desmedt", "Veenstra", "Aerts", "Van Vliet", "Segers", "Kramer",
    "Pauwels", "Wiersma", "Moens", "Driessen", "Van Acker", "Bouwman", "Thijs", "Roelofs", "Lambrechts",
    "Ter Horst", "Maertens", "Kok", "Verbruggen", "Nijhuis", "Declerck", "Vos", "Cools", "Meijerink",
    "Van Hecke", "Sijbrandij", "Geerts", "Tiemersma", "Bogaerts",
)  # fmt: skip

TOWNS = (
    ("Utrecht", "NL"), ("Gent", "BE"), ("Zwolle", "NL"), ("Breda", "NL"), ("Mechelen", "BE"), ("Amersfoort", "NL"),
    ("Leuven", "BE"), ("Nijmegen", "NL"), ("Brugge", "BE"), ("Haarlem", "NL"), ("Deventer", "NL"), ("Roeselare", "BE"),
    ("Enschede", "NL"), ("Leeuwarden", "NL"), ("Sint-Niklaas", "BE"), ("Den Bosch", "NL"), ("Goes", "NL"),
    ("Genk", "BE"), ("Alkmaar", "NL"), ("Venlo", "NL"), ("Oudenaarde", "BE"), ("Gouda", "NL"), ("Assen", "NL"),
    ("Turnhout", "BE"), ("Roermond", "NL"), ("Hoorn", "NL"), ("Dendermonde", "BE"), ("Ede", "NL"), ("Tielt", "BE"),
    ("Emmen", "NL"), ("Harelbeke", "BE"),
)  # fmt: skip
