"""How accounts buy, and what serving them asks."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from kam_metrics.demo.chance import around


@dataclass(frozen=True)
class Style:
    """How an account buys and what serving it asks. Shares are of net sales unless said otherwise."""

    discount: float
    """Share of the list price."""
    rebate: float
    freight: float
    order_value: float
    """Euros per order."""
    drops: float
    """Deliveries per order."""
    rush: float
    """Rush orders per order."""
    returns: float
    """Returns per order."""
    visits: float
    """Visits per month."""
    complaint_hours: float
    """Hours per month."""
    service: float = 0.0
    effort: float = 0.0
    marketing: float = 0.0
    other: float = 0.0
    credit: float = 0.025
    """Credit lines per line."""


STYLES = {
    "giant": Style(0.295, 0.036, 0.058, 1850, 1.35, 0.34, 0.19, 9, 40, 0.015, 0.010, 0.024, 0.013, 0.048),
    "rusher": Style(0.280, 0.018, 0.074, 1250, 1.15, 0.38, 0.22, 6, 30, 0.008, 0.010, 0.008, 0.011, 0.046),
    "solid": Style(0.213, 0.018, 0.050, 1750, 1.05, 0.07, 0.05, 4, 8, 0.013, 0.015, 0.009, 0.005, 0.030),
    "demanding": Style(0.238, 0.022, 0.058, 1450, 1.20, 0.17, 0.10, 5, 17, 0.017, 0.017, 0.013, 0.010, 0.038),
    "jewel": Style(0.131, 0.012, 0.042, 2150, 1.00, 0.03, 0.02, 3, 4, 0.013, 0.015, 0.006, 0.003, 0.021),
}
"""The ways of key accounts: a giant has everything it asks for, a jewel asks for little."""


def small_style(rng: Random, yearly: float) -> Style:
    """Small orders, small discounts; who orders in dribs and drabs costs more than he brings."""
    size = min(1.0, yearly / 300_000)
    order_value = max(95.0, min(2_600.0, 480 * rng.lognormvariate(0, 0.85) * (0.7 + 1.2 * size)))
    return Style(
        discount=around(rng, 0.075 + 0.07 * size, 0.25),
        rebate=0.01 if yearly > 150_000 else 0.0,
        freight=around(rng, 0.085 - 0.03 * size, 0.2),
        order_value=order_value,
        drops=around(rng, 1.05, 0.05),
        rush=abs(rng.gauss(0.05, 0.05)),
        returns=abs(rng.gauss(0.04, 0.03)),
        visits=rng.choice((0.0, 0.1, 0.2, 0.35)) + size,
        complaint_hours=abs(rng.gauss(0.3, 0.4)),
        service=rng.choice((0.0, 0.0, 0.0, 0.02)),
        credit=abs(rng.gauss(0.026, 0.014)),
    )
