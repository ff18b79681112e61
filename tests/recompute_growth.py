"""Growth computed a second time, in plain Python over invoice lines, written from the handbook (measures.md 3.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Line = tuple[Any, ...]
"""Customer, document type, year (2025 or 2026), product, quantity or None, net amount."""
CENTS = Decimal("0.0001")


def effects(lines: Iterable[Line]) -> dict[str, dict[str, Decimal | None]]:
    """Customer to the five effects of products; None where no product of theirs can be counted."""
    cells: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if line[1] != "CRN":
            cells[line[0]][line[3]].append(line)
    return {customer: _of_customer(products) for customer, products in cells.items()}


def _of_customer(products: dict[str, list[Line]]) -> dict[str, Decimal | None]:
    names = ("price_effect", "volume_effect", "mix_effect", "new_products_effect", "lost_products_effect")
    told: dict[str, Decimal] = dict.fromkeys(names, Decimal(0))
    then_and_now = []
    fit = {name: lines for name, lines in products.items() if name and all(line[4] is not None for line in lines)}
    if not fit:
        return dict.fromkeys(names)
    for lines in fit.values():
        quantity, amount = (
            {y: sum((x[i] for x in lines if x[2] == y), Decimal(0)) for y in (2025, 2026)} for i in (4, 5)
        )
        years = {line[2] for line in lines}
        if years == {2026}:
            told["new_products_effect"] += amount[2026]
        elif years == {2025}:
            told["lost_products_effect"] -= amount[2025]
        elif quantity[2025] > 0 and quantity[2026] > 0:
            then_and_now.append((quantity[2025], quantity[2026], amount[2025], amount[2026]))
    like_for_like = Decimal(0)
    for q0, q1, a0, a1 in then_and_now:
        repriced = (a0 * q1 / q0).quantize(CENTS, ROUND_HALF_UP)
        told["price_effect"] += a1 - repriced
        like_for_like += repriced - a0
    if then_and_now:
        q0, q1, a0, _ = (sum(column) for column in zip(*then_and_now, strict=True))
        told["volume_effect"] = Decimal(a0 * q1 / q0).quantize(CENTS, ROUND_HALF_UP) - a0
    told["mix_effect"] = like_for_like - told["volume_effect"]
    return dict(told)


def retention(lines: Iterable[Line]) -> tuple[float | None, float | None]:
    """Net and gross retention of the customers of 2025."""
    bought: dict[str, dict[int, Decimal]] = defaultdict(lambda: {2025: Decimal(0), 2026: Decimal(0)})
    for customer, _, year, _, _, amount in lines:
        bought[customer][year] += amount
    kept = [(years[2026], years[2025]) for years in bought.values() if years[2025] > 0]
    base = sum(was for _, was in kept)
    if not base:
        return None, None
    return float(sum(now for now, _ in kept) / base), float(sum(min(pair) for pair in kept) / base)
