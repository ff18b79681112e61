"""What the supplier sells: packaging, hygiene and the services around them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kam_metrics.demo.chance import around, stream
from kam_metrics.demo.company import Account

BASE_YEAR = 2020


class Product(NamedTuple):
    """One article: list price in cents per unit in the base year, and its cost as a share of that."""

    code: str
    name: str
    category: str
    price: int
    cost: float
    is_service: bool = False

    @property
    def label(self) -> str:
        """As it stands on the invoice."""
        return f"{self.code} {self.name}"


FILM, CARDBOARD, TRAYS = "Folie en film", "Golfkarton", "Trays en bakken"
LABELS, HYGIENE, SERVICES = "Etiketten en linten", "Hygiëne en reiniging", "Diensten"

PRODUCTS = (
    Product("FO-1040", "Stretchfolie 500 mm", FILM, 4_150, 0.60),
    Product("FO-1075", "Krimpfolie 750 mm", FILM, 6_890, 0.58),
    Product("FO-1120", "Topfilm peelbaar 420 mm", FILM, 11_240, 0.52),
    Product("FO-1166", "Vacuümzak 200 x 300", FILM, 8_460, 0.55),
    Product("FO-1190", "Mono-PE barrièrefilm", FILM, 14_980, 0.50),
    Product("KT-2010", "Omdoos A-golf 400 x 300", CARDBOARD, 3_720, 0.64),
    Product("KT-2035", "Vouwdoos bedrukt", CARDBOARD, 5_480, 0.57),
    Product("KT-2060", "Palletdoos exportkwaliteit", CARDBOARD, 12_650, 0.61),
    Product("KT-2088", "Verzenddoos e-commerce", CARDBOARD, 2_960, 0.63),
    Product("KT-2112", "Displaydoos winkelklaar", CARDBOARD, 7_340, 0.54),
    Product("TR-3005", "Saladebak rPET 500 ml", TRAYS, 5_920, 0.56),
    Product("TR-3018", "Vleestray karton 1/4", TRAYS, 6_310, 0.55),
    Product("TR-3042", "Maaltijdschaal CPET", TRAYS, 9_170, 0.53),
    Product("TR-3077", "Soepbeker met deksel", TRAYS, 4_480, 0.57),
    Product("TR-3090", "Kweekpot gerecycled 13 cm", TRAYS, 3_350, 0.59),
    Product("ET-4008", "Etiket thermisch 100 x 150", LABELS, 2_740, 0.49),
    Product("ET-4031", "Linerless etiket", LABELS, 6_680, 0.46),
    Product("ET-4055", "Bedrukte tape", LABELS, 3_890, 0.51),
    Product("ET-4070", "Verzegellint geneesmiddel", LABELS, 8_120, 0.43),
    Product("HY-5012", "Handschoen nitril maat L", HYGIENE, 3_160, 0.62),
    Product("HY-5029", "Reinigingsconcentraat 10 l", HYGIENE, 5_750, 0.54),
    Product("HY-5046", "Wegwerpkleding cleanroom", HYGIENE, 9_840, 0.52),
    Product("HY-5063", "Papierrol midi 6 stuks", HYGIENE, 2_480, 0.63),
    Product("DI-9010", "Voorraadbeheer op locatie", SERVICES, 42_500, 0.38, True),
    Product("DI-9024", "Onderhoud sealmachine", SERVICES, 31_000, 0.44, True),
    Product("DI-9037", "Verpakkingsadvies per dag", SERVICES, 96_000, 0.41, True),
)

FAVOURITES = {
    "voeding": (FILM, TRAYS),
    "retail": (CARDBOARD, TRAYS),
    "e-commerce": (CARDBOARD, LABELS),
    "farma": (LABELS, HYGIENE),
    "horeca": (TRAYS, HYGIENE),
    "bouw": (FILM, CARDBOARD),
    "automotive": (CARDBOARD, FILM),
    "zorg": (HYGIENE, LABELS),
    "tuin": (TRAYS, LABELS),
    "chemie": (LABELS, CARDBOARD),
}
"""What a sector buys most of."""

RISES = {2021: 0.021, 2022: 0.064, 2023: 0.058, 2024: 0.024, 2025: 0.029}
"""What the list price did on 1 January; 2.6 % in other years."""


def price(product: Product, day: date) -> int:
    """List price in cents on this day."""
    amount = float(product.price)
    for year in range(BASE_YEAR + 1, day.year + 1):
        amount *= 1 + RISES.get(year, 0.026)
    return round(amount)


class Assortment(NamedTuple):
    """What one account buys: products, how much of each, and the months in which that changes."""

    products: tuple[Product, ...]
    weights: tuple[float, ...]
    first_month: tuple[int, ...]
    last_month: tuple[int, ...]

    def at(self, month: int) -> tuple[list[Product], list[float]]:
        """Products on sale in this month, with their weights."""
        rows = [(product, weight) for product, weight, first, last in zip(*self, strict=True) if first <= month <= last]
        return [row[0] for row in rows], [row[1] for row in rows]


def assortment(account: Account, seed: int) -> Assortment:
    """The account's own products: a new contract adds some, a lost line takes some away."""
    rng = stream(seed, account.account_id, "products")
    liked = FAVOURITES[account.sector]
    wanted = [product for product in PRODUCTS if product.category in liked or rng.random() < 0.35]
    products = rng.sample(wanted, min(len(wanted), rng.randint(9, 14) if account.is_key else rng.randint(2, 5)))
    weights = [around(rng, 3.0 if p.category in liked else 1.0, 0.3) * (0.5 if p.is_service else 1) for p in products]
    first, last = [0] * len(products), [99] * len(products)
    for position, event in enumerate(account.events, start=1):
        if event.kind == "new_contract":
            first[-position] = event.month
        elif event.kind == "lost_line":
            last[-position] = event.month - 1
    return Assortment(tuple(products), tuple(weights), tuple(first), tuple(last))
