"""What each product did to net sales: the effects of growth (measures.md 3.6) told per product, to the cent.

Price, new and lost are a product's own. The volume effect of a customer is spread over what the customer bought in both
periods by last year's amounts, for it says that everything grew alike; what a product grew more or less is its mix.
Invoices only: credit notes, rebates and what has no product stand in a row of their own, so that the rows always add up
to the growth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.effects import cells, is_alike, repriced
from kam_metrics.metrics.growth import PARTS, compared, growth
from kam_metrics.metrics.profit import profit
from kam_metrics.metrics.spine import Unknown
from kam_metrics.store import World
from kam_metrics.terms import Slice

SUMMED = ("net_sales", "net_sales_before", "gross_margin", *PARTS, "net_sales_growth")
"""Every amount of a row; `gross_margin` is of the lines that have a cost price, None where none has."""
_ZERO = Decimal(0)


def products(world: World, seen: Slice) -> list[Row] | Unknown:
    """One row per product, the largest first; then what belongs to none (`product` None), and the total."""
    now, base = compared(seen)
    (told,) = growth(world, now, ["net_sales_growth", *PARTS], ())
    if why := told.get("why.net_sales_growth") or told.get("why.price_effect"):
        return Unknown(why)
    bought = cells(world, now, base, ())
    rows: list[Row] = [{"product": name, **_summed(of)} for name, of in _by_product(bought)]
    rows.sort(key=lambda row: (-max(row["net_sales"], row["net_sales_before"]), row["product"]))
    total = {"product": None, **{key: told[key] for key in ("net_sales_growth", *PARTS)}, **_totals(world, now, base)}
    return [*rows, {"product": None, **less(total, rows)}, total]


def less(total: Mapping[str, Decimal | None], rows: Sequence[Row]) -> dict[str, Decimal | None]:
    """What is left of a row when others are taken away; unknown where the whole is."""
    left: dict[str, Decimal | None] = {}
    for key in SUMMED:
        whole = total[key]
        left[key] = None if whole is None else whole - sum((row[key] or _ZERO for row in rows), _ZERO)
    return left


def _totals(world: World, now: Slice, base: Slice) -> dict[str, Decimal | None]:
    (sold,) = profit(world, now, ["net_sales", "gross_margin"], ())
    (before,) = profit(world, base, ["net_sales"], ())
    return {
        "net_sales": sold["net_sales"],
        "net_sales_before": before["net_sales"] or _ZERO,
        "gross_margin": sold["gross_margin"],
    }


def _by_product(bought: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The cells of each product with their effects; a cell that cannot be counted has none."""
    counted = sorted((cell for cell in bought if cell["product"]), key=lambda cell: str(cell["customer"]))
    told: list[Row] = []
    for _, of_customer in groupby(counted, key=lambda cell: cell["customer"]):
        told += _of_customer(list(of_customer))
    told.sort(key=lambda cell: str(cell["product"]))
    for product, of_product in groupby(told, key=lambda cell: str(cell["product"])):
        yield product, list(of_product)


def _of_customer(bought: Sequence[Row]) -> list[Row]:
    """Every cell of a customer with its effects; their volume effects add up to the customer's, to the last digit."""
    alike = [cell for cell in bought if cell["is_counted"] and is_alike(cell)]
    quantity, base_quantity = (sum((cell[name] for cell in alike), _ZERO) for name in ("quantity", "base_quantity"))
    so_far, told = _ZERO, []
    for cell in bought:
        effects = dict.fromkeys(PARTS, _ZERO)
        change = cell["amount"] - cell["base_amount"]
        if cell["is_counted"] and is_alike(cell):
            upto = [{"quantity": quantity, "base_quantity": base_quantity, "base_amount": so_far + more}
                    for more in (_ZERO, cell["base_amount"])]  # fmt: skip
            so_far += cell["base_amount"]
            grown = repriced(cell) - cell["base_amount"]
            volume = repriced(upto[1]) - repriced(upto[0]) - cell["base_amount"]
            effects |= {"price_effect": change - grown, "volume_effect": volume, "mix_effect": grown - volume}
        else:
            effects[_alone(cell)] = change
        told.append({**cell, **effects})
    return told


def _alone(cell: Row) -> str:
    """Which effect a product has whose price cannot be set beside that of a year earlier."""
    if not cell["is_counted"] or (cell["was_sold"] and cell["is_sold"]):
        return "other_effect"
    return "lost_products_effect" if cell["was_sold"] else "new_products_effect"


def _summed(of_product: Sequence[Row]) -> dict[str, Decimal | None]:
    amount, before, costed, cogs = (
        sum((cell[name] for cell in of_product), _ZERO) for name in ("amount", "base_amount", "costed", "cogs")
    )
    effects = {key: sum((cell[key] for cell in of_product), _ZERO) for key in PARTS}
    margin = costed - cogs if costed or cogs else None
    return {"net_sales": amount, "net_sales_before": before, "gross_margin": margin, **effects,
            "net_sales_growth": amount - before}  # fmt: skip
