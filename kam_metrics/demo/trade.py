"""Invoices and credit notes of one account, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from random import Random
from typing import NamedTuple

from kam_metrics.demo.chance import around, stream, whole
from kam_metrics.demo.company import Account
from kam_metrics.demo.curves import Curve
from kam_metrics.demo.days import share_elapsed, working_days
from kam_metrics.demo.products import Assortment, Product, price

LINES_PER_INVOICE = 4
COST_DRIFT = {2022: 1.035, 2023: 1.02}
"""Years in which purchase prices rose faster than the list price."""


class Line(NamedTuple):
    """One invoice line; amounts in cents of the account's currency."""

    customer_no: str
    doc_no: str
    line_no: int
    doc_type: str
    ref_doc_no: str | None
    day: date
    product: Product
    quantity: int | None
    gross: int
    discount: int
    net: int
    vat: int
    cogs: int | None
    freight: int
    order_no: str


class Invoice(NamedTuple):
    """The head that the lines of one invoice share."""

    customer_no: str
    doc_no: str
    day: date
    order_no: str


def line_weight(demand: float) -> float:
    """Lines that a month's demand takes: large accounts order more lines, and larger ones."""
    return float(0.7 * (demand / 1000) ** 0.75)


def line_counts(traders: Sequence[Trader], lines: int | None) -> list[list[int]]:
    """Lines per account and month; with `lines` exactly so many in all, else each account by itself."""
    if lines is None:
        return [trader.natural_counts() for trader in traders]
    weights = [trader.weights for trader in traders]
    scale = lines / sum(map(sum, weights))
    counts, reached = [], 0.0
    for row in weights:
        marks = [round(reached * scale)]
        for weight in row:
            reached += weight
            marks.append(round(reached * scale))
        counts.append([after - before for before, after in pairwise(marks)])
    return counts


@dataclass
class Trader:
    """An account while its story is told: its curve, its products and what it bought lately."""

    account: Account
    curve: Curve
    assortment: Assortment
    seed: int
    months: list[date]
    as_of: date

    def __post_init__(self) -> None:
        self.recent: list[Line] = []
        elapsed = [share_elapsed(month, self.as_of) for month in self.months]
        self.demand = [wanted * share for wanted, share in zip(self.curve.demand, elapsed, strict=True)]
        self.weights = [line_weight(wanted) for wanted in self.demand]

    def natural_counts(self) -> list[int]:
        """Lines per month when nobody asked for a total."""
        rng = stream(self.seed, self.account.account_id, "lines")
        return [whole(rng, weight) for weight in self.weights]

    def month_lines(self, number: int, count: int, scale: float) -> list[Line]:
        """This month's `count` lines, by day; credit notes look back at most one month."""
        if not count:
            return []
        rng = stream(self.seed, self.account.account_id, "trade", number)
        notes = min(whole(rng, count * self.account.style.credit), count - (not self.recent))
        value = self.demand[number] / (self.weights[number] * scale)
        invoiced = self._invoiced(rng, number, count - notes, value)
        credited = self._credited(rng, number, notes, [*self.recent, *invoiced])
        self.recent = invoiced or self.recent
        return sorted([*invoiced, *credited], key=lambda line: (line.day, line.doc_no, line.line_no))

    def _invoiced(self, rng: Random, number: int, count: int, value: float) -> list[Line]:
        if not count:
            return []
        raw = [rng.lognormvariate(0, 0.55) for _ in range(count)]
        share = value * count / sum(raw)
        products, weights = self.assortment.at(number)
        lines: list[Line] = []
        for head, size in self._heads(rng, number, count):
            for line_no in range(1, size + 1):
                amount = raw[len(lines)] * share
                product = _affordable(rng.choices(products, weights)[0], products, amount, head.day)
                lines.append(self._line(rng, head, line_no, product, number, amount))
        return lines

    def _heads(self, rng: Random, number: int, count: int) -> list[tuple[Invoice, int]]:
        """The month's invoices with the number of their lines."""
        days = working_days(self.months[number], self.as_of)
        total = -(-count // LINES_PER_INVOICE)
        cuts = [count * k // total for k in range(total + 1)]
        chosen = sorted(rng.choice(days) for _ in range(total))
        return [(self._head(rng, "VF", number, k, day), cuts[k + 1] - cuts[k]) for k, day in enumerate(chosen)]

    def _head(self, rng: Random, prefix: str, number: int, k: int, day: date) -> Invoice:
        customers = self.account.customers
        customer = rng.choices(customers, range(len(customers) + 1, 1, -1))[0]
        doc_no = f"{prefix}{self.months[number]:%y%m}{self.account.index:05d}{k + 1:03d}"
        return Invoice(customer, doc_no, day, f"45{rng.randrange(10**8):08d}")

    def _line(self, rng: Random, head: Invoice, line_no: int, product: Product, number: int, amount: float) -> Line:
        unit = price(product, head.day)
        quantity = max(1, round(amount * 100 / unit))
        gross = quantity * unit
        discount = gross * self._per_mille(rng, product, number) // 1000
        net = gross - discount
        cost = gross * product.cost * COST_DRIFT.get(head.day.year, 1.0)
        freight = 0 if product.is_service else round(around(rng, net * self.account.style.freight, 0.2))
        return Line(
            customer_no=head.customer_no,
            doc_no=head.doc_no,
            line_no=line_no,
            doc_type="INV",
            ref_doc_no=None,
            day=head.day,
            product=product,
            quantity=quantity,
            gross=gross,
            discount=discount,
            net=net,
            vat=_vat(net, self.account.vat),
            cogs=None if rng.random() < 0.002 else round(around(rng, cost, 0.02)),
            freight=freight,
            order_no=head.order_no,
        )

    def _per_mille(self, rng: Random, product: Product, number: int) -> int:
        """The discount in steps of half a percent: agreed, shifted by price rounds, negotiated a little."""
        agreed = self.account.style.discount * (0.5 if product.is_service else 1.0)
        rounds = sum(e.size for e in self.account.events if e.kind == "price_round" and number >= e.month)
        return max(0, 5 * round((agreed + rounds + rng.gauss(0, 0.008)) * 200))

    def _credited(self, rng: Random, number: int, count: int, originals: list[Line]) -> list[Line]:
        days = working_days(self.months[number], self.as_of)
        lines = []
        chosen = rng.sample(originals, count) if count <= len(originals) else rng.choices(originals, k=count)
        for k, original in enumerate(chosen):
            day = rng.choice([day for day in days if day >= original.day] or days[-1:])
            head = self._head(rng, "CN", number, k, day)
            make = _returned if rng.random() < 0.55 and (original.quantity or 0) > 1 else _corrected
            lines.append(make(rng, head, original, self.account.vat))
        return lines


def _affordable(chosen: Product, products: list[Product], amount: float, day: date) -> Product:
    """The chosen product, or the cheapest when the line is too small for it."""
    if price(chosen, day) <= amount * 140:
        return chosen
    return min(products, key=lambda product: product.price)


def _vat(net: int, percent: int) -> int:
    """VAT on a line, half a cent away from zero."""
    tax = (abs(net) * percent + 50) // 100
    return tax if net >= 0 else -tax


def _returned(rng: Random, head: Invoice, original: Line, vat: int) -> Line:
    """Goods come back: part of the line, with its cost."""
    bought = original.quantity or 1
    back = max(1, min(bought, round(bought * rng.uniform(0.3, 1.0))))
    gross, discount = -(original.gross * back // bought), -(original.discount * back // bought)
    net = gross - discount
    return original._replace(
        doc_no=head.doc_no,
        line_no=1,
        doc_type="CRN",
        ref_doc_no=original.doc_no,
        day=head.day,
        quantity=-back,
        gross=gross,
        discount=discount,
        net=net,
        vat=_vat(net, vat),
        cogs=None if original.cogs is None else -(original.cogs * back // bought),
        freight=0,
    )


def _corrected(rng: Random, head: Invoice, original: Line, vat: int) -> Line:
    """A price put right: money only; one in eight comes without a reference."""
    net = -max(1, round(original.net * rng.uniform(0.2, 0.75)))
    return original._replace(
        doc_no=head.doc_no,
        line_no=1,
        doc_type="CRN",
        ref_doc_no=None if rng.random() < 0.125 else original.doc_no,
        day=head.day,
        quantity=None,
        gross=net,
        discount=0,
        net=net,
        vat=_vat(net, vat),
        cogs=0,
        freight=0,
    )
