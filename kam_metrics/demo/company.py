"""The invented supplier's accounts: who they are, and how each buys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from kam_metrics.demo import cast
from kam_metrics.demo.chance import stream
from kam_metrics.demo.styles import STYLES, Style, small_style

KEY_COUNT = len(cast.KEY_ACCOUNTS)

FIRST_INDEX = 2
"""Document series of the first account; the two strangers stand before it."""

CURRENCIES = {"GB": "GBP", "CH": "CHF"}
"""Countries that are not invoiced in euros."""


@dataclass(frozen=True)
class Event:
    """Something that happened to an account in a month, counted from the first one."""

    month: int
    kind: str
    """lost_line, new_contract or price_round."""
    size: float


@dataclass(frozen=True)
class Account:
    """One account: its master data, its numbers in the ledgers, and how it trades."""

    account_id: str
    name: str
    country: str
    city: str
    sector: str
    segment: str
    yearly: float
    growth: float
    style: Style
    payer: str
    terms: int
    customers: tuple[str, ...]
    index: int
    """Its place in the document numbers; the strangers stand before the first account."""
    parent_id: str | None = None
    kam: str | None = None
    sponsor: str | None = None
    key_since: date | None = None
    reason: str | None = None
    events: tuple[Event, ...] = ()
    last_month: int | None = None
    """Month in which it bought for the last time, if it left."""
    is_mapped: bool = True
    """False: its customer number is in no master, as happens."""

    @property
    def is_key(self) -> bool:
        """One of the key accounts."""
        return self.segment == "key"

    @property
    def company_code(self) -> str:
        """The entity that invoices: Gent serves Belgium and France, Utrecht the rest."""
        return "BE01" if self.country in {"BE", "FR"} else "NL01"

    @property
    def currency(self) -> str:
        """What it is invoiced in."""
        return CURRENCIES.get(self.country, "EUR")

    @property
    def vat(self) -> int:
        """Percentage: domestic 21, nothing across the border."""
        return 21 if self.country in {"NL", "BE"} else 0


def accounts(seed: int, count: int) -> list[Account]:
    """The first `count` accounts: the key accounts, then the tail."""
    keys = [_key(seed, index) for index in range(min(count, KEY_COUNT))]
    return keys + [_tail(seed, index) for index in range(KEY_COUNT, count)]


def strangers(seed: int) -> list[Account]:
    """Two customer numbers that sales uses and no master knows, for the mapping worklist."""
    return [_stranger(seed, number) for number in (1, 2)]


def _key(seed: int, index: int) -> Account:
    row = cast.KEY_ACCOUNTS[index]
    rng = stream(seed, "account", index)
    plants = max(2, min(6, round(row.yearly / 1500) + 1))
    return Account(
        account_id=_key_id(index),
        name=row.name,
        country=row.country,
        city=row.city,
        sector=row.sector,
        segment="key",
        yearly=row.yearly * 1000.0,
        growth=row.growth,
        style=STYLES[row.style],
        payer=row.payer,
        terms=row.terms,
        customers=tuple(_customer_no(index, plant) for plant in range(plants)),
        index=index + FIRST_INDEX,
        parent_id=_key_id(row.parent - 1) if row.parent else None,
        kam=row.kam,
        sponsor=row.sponsor,
        key_since=date.fromisoformat(row.since),
        reason=row.reason,
        events=_events(rng, row.growth),
    )


def _key_id(index: int) -> str:
    return f"A{1001 + index}"


def _customer_no(index: int, plant: int) -> str:
    """ERP numbers: ten digits with leading zeros, handed out long before anyone spoke of accounts."""
    return f"{100_000 + index * 7 + plant:010d}"


def _events(rng: Random, growth: float) -> tuple[Event, ...]:
    """Two or three things that a key account manager would tell about these three years."""
    kinds = ["lost_line", "price_round"] if growth < 0.02 else ["new_contract", "price_round"]
    if rng.random() < 0.3:
        kinds.append("lost_line")
    sizes = {"lost_line": (0.45, 0.85), "new_contract": (1.06, 1.22), "price_round": (-0.015, 0.02)}
    return tuple(Event(rng.randint(5, 31), kind, rng.uniform(*sizes[kind])) for kind in kinds)


def _tail(seed: int, index: int) -> Account:
    rng = stream(seed, "account", index)
    name, city, country, sector = _tail_name(index)
    yearly = min(460_000.0, max(3_500.0, 30_000 * rng.lognormvariate(0, 1.05)))
    segment, last_month = _tail_segment(rng, yearly)
    return Account(
        account_id=f"A{2000 + index - KEY_COUNT + 1}",
        name=name,
        country=country,
        city=city,
        sector=sector,
        segment=segment,
        yearly=yearly,
        growth=rng.gauss(0.02, 0.12),
        style=small_style(rng, yearly),
        payer=rng.choices(("prompt", "late12", "month_end", "slow"), (55, 22, 13, 10))[0],
        terms=rng.choices((14, 30, 45), (25, 60, 15))[0],
        customers=(_customer_no(index, 0),),
        index=index + FIRST_INDEX,
        parent_id=_key_id(10) if sector == "horeca" and rng.random() < 0.15 else None,
        kam=rng.choice(list(cast.KAMS)) if segment == "candidate" else None,
        last_month=last_month,
    )


def _tail_name(index: int) -> tuple[str, str, str, str]:
    """Name, town, country and sector, all different as long as there are combinations."""
    trade, sector = cast.TRADES[(index * 7) % len(cast.TRADES)]
    surname = cast.SURNAMES[(index * 17) % len(cast.SURNAMES)]
    town, country = cast.TOWNS[(index * 3) % len(cast.TOWNS)]
    series = index // (len(cast.TRADES) * len(cast.SURNAMES) * len(cast.TOWNS))
    return f"{trade} {surname} {town}" + (f" {series + 1}" if series else ""), town, country, sector


def _tail_segment(rng: Random, yearly: float) -> tuple[str, int | None]:
    """The largest of the tail are candidates; a few accounts have left."""
    if rng.random() < 0.03:
        return "left", rng.randint(8, 30)
    return ("candidate" if yearly > 240_000 else "tail"), None


def _stranger(seed: int, number: int) -> Account:
    rng = stream(seed, "stranger", number)
    return Account(
        account_id=f"?{number}",
        name="",
        country="NL",
        city="Utrecht",
        sector="voeding",
        segment="tail",
        yearly=rng.uniform(14_000, 26_000),
        growth=0.0,
        style=small_style(rng, 20_000),
        payer="prompt",
        terms=30,
        customers=(f"{990_400 + number * 13:010d}",),
        index=number - 1,
        is_mapped=False,
    )
