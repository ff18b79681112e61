"""What products did to net sales: per customer and product, the period beside the same days a year earlier.

An effect is rounded once, to four decimals, per customer (volume) or product; the cents left over are price's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.spine import Unknown, days_of
from kam_metrics.store import World, read_sql
from kam_metrics.terms import Slice

EFFECTS = ("price_effect", "volume_effect", "mix_effect", "new_products_effect", "lost_products_effect")
"""What invoice lines explain; `other_effect` is what they do not."""
COMPONENTS = ("like_for_like_effect", "added_products_effect", "value_added_effect")
"""The same lines by the sales components of a key account plan."""
Place = tuple[object, ...]
Effects = Mapping[str, Decimal | Unknown]
_ZERO = Decimal(0)
_FOUR = Decimal("0.0001")


def cells(world: World, now: Slice, base: Slice, groups: Sequence[str]) -> list[Row]:
    """Per group, customer and product the quantity and net sales of both periods; credit notes left out."""
    return world.once(("growth cells", now, base, tuple(groups)), lambda: _cells(world, now, base, groups))


def _cells(world: World, now: Slice, base: Slice, groups: Sequence[str]) -> list[Row]:
    params = {**now.params(), "base_from": base.first_day, "base_to": base.last_day}
    broken = [row["month"] for row in world.rows(read_sql(__file__, "growth_edges"), params)]
    sql = read_sql(__file__, "growth").format(dims="".join(f"a.{name}, " for name in groups))
    return world.rows(sql, {**params, "broken": broken, **days_of(broken)})


def effects_of(world: World, now: Slice, base: Slice, groups: Sequence[str]) -> dict[Place, Effects | Unknown]:
    """Every effect per group."""
    found = sorted(cells(world, now, base, groups), key=lambda row: [str(row[n]) for n in (*groups, "customer")])
    return {
        place: _of_group(list(of_place))
        for place, of_place in groupby(found, key=lambda row: tuple(row[name] for name in groups))
    }


def is_alike(cell: Row) -> bool:
    """Whether its price and quantity then can be set beside those of now."""
    return bool(cell["quantity"] > 0 and cell["base_quantity"] > 0)


def repriced(cell: Mapping[str, Decimal]) -> Decimal:
    """Last year's amount at this year's quantity."""
    scaled = cell["base_amount"] * cell["quantity"] / cell["base_quantity"]
    return scaled.quantize(_FOUR, ROUND_HALF_UP)


def _of_group(found: Sequence[Row]) -> Effects | Unknown:
    """The effects of a group's customers added up."""
    if unrated := sorted(cell["unrated"] for cell in found if cell["unrated"]):
        return Unknown(f"no_rate:{unrated[0]}")
    counted = [cell for cell in found if cell["is_counted"]]
    if not counted:
        return Unknown("no_products")
    total = dict.fromkeys(EFFECTS, _ZERO)
    for _, of_customer in groupby(counted, key=lambda cell: cell["customer"]):
        for effect, amount in _of_customer(list(of_customer)).items():
            total[effect] += amount
    return {**total, **_components(counted)}


def _of_customer(bought: Sequence[Row]) -> Mapping[str, Decimal]:
    alike = [cell for cell in bought if is_alike(cell)]
    moved = sum((repriced(cell) - cell["base_amount"] for cell in alike), _ZERO)
    whole = {name: sum((cell[name] for cell in alike), _ZERO) for name in ("quantity", "base_quantity", "base_amount")}
    volume = repriced(whole) - whole["base_amount"] if alike else _ZERO
    return {
        "price_effect": _change(alike) - moved,
        "volume_effect": volume,
        "mix_effect": moved - volume,
        "new_products_effect": _change([cell for cell in bought if not cell["was_sold"]]),
        "lost_products_effect": _change([cell for cell in bought if not cell["is_sold"]]),
    }


def _components(counted: Sequence[Row]) -> Effects:
    goods = [cell for cell in counted if not cell["is_service"]]
    services = [cell for cell in counted if cell["is_service"] and _is_explained(cell)]
    is_told = any(cell["is_service"] is not None for cell in counted)
    return {
        "like_for_like_effect": _change([cell for cell in goods if is_alike(cell)]),
        "added_products_effect": _change([cell for cell in goods if not cell["was_sold"]]),
        "value_added_effect": _change(services) if is_told else Unknown("no_services"),
    }


def _is_explained(cell: Row) -> bool:
    return is_alike(cell) or not cell["was_sold"] or not cell["is_sold"]


def _change(of: Sequence[Row]) -> Decimal:
    return sum((cell["amount"] - cell["base_amount"] for cell in of), _ZERO)
