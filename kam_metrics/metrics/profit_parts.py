"""What a figure of profit is made of: sums of booked lines, by the lines of the profit statement that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from kam_metrics.metrics.answer import Row

NET = ("gross_sales", "discount", "price_difference", "credit_note", "rebate")
"""Line types that make up net sales."""
COST_TO_SERVE = ("freight", "service", "sales_effort", "marketing", "other_cost_to_serve", "bad_debt", "driven")


@dataclass(frozen=True)
class Part:
    """A sum of booked lines of some types; `known` keeps only net sales whose cost price is known (or not)."""

    types: tuple[str, ...]
    sign: int = 1
    known: bool | None = None
    rates: Literal["", "_low", "_high"] = ""
    """At which rates of activities: the ones that hold, the low or the high ones."""

    @property
    def terms(self) -> list[tuple[str, int]]:
        """The lines of the profit statement that it adds up, each with its sign."""
        if self.known is False:
            return [("uncosted", self.sign)]
        added = [(f"{name}{self.rates}", self.sign) for name in _statement_lines(self.types)]
        return [*added, ("uncosted", -self.sign)] if self.known else added


def _statement_lines(types: Iterable[str]) -> list[str]:
    """Types as lines of the profit statement, where all of net sales and all cost to serve are one."""
    of_net = {"net"} if {*NET} <= {*types} else set()
    single = {"served" if name in COST_TO_SERVE else name for name in types if not (of_net and name in NET)}
    return sorted(of_net | single)


@dataclass(frozen=True)
class Profit:
    """A figure of the waterfall: parts added up, perhaps as a share of other parts."""

    parts: tuple[Part, ...]
    over: tuple[Part, ...] = ()
    needs: tuple[str, ...] = ("gross_sales",)
    """Line types that must have been loaded at all; without them the figure is unknown, not zero."""

    @property
    def types(self) -> list[str]:
        """The line types it is made of."""
        return [name for part in self.parts for name in part.types]

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the profit statement that its own are part of."""
        return _statement_lines(self.types)

    @cached_property
    def counts(self) -> Mapping[str, list[str]]:
        """The columns that tell of those lines how many they are, how many have euros, and what the others miss."""
        return {what: [f"{name}_{what}" for name in self.lines] for what in ("lines", "priced", "unpriced")}

    @cached_property
    def sums(self) -> frozenset[str]:
        """Everything that is added up or taken off for it."""
        return frozenset(name for name, _ in (*self._terms, *self._share_terms))

    @cached_property
    def _terms(self) -> list[tuple[str, int]]:
        return [term for part in self.parts for term in part.terms]

    @cached_property
    def _share_terms(self) -> list[tuple[str, int]]:
        return [term for part in self.over for term in part.terms]

    def amount(self, row: Row) -> Decimal:
        """The figure of a row of lines; of a share what is divided."""
        return _sum(row, self._terms)

    def share_of(self, row: Row) -> Decimal | None:
        """What a share is of; None for an amount."""
        return _sum(row, self._share_terms) if self.over else None

    @cached_property
    def needs_cost(self) -> bool:
        """Whether only net sales with a cost price count."""
        return any(part.known is True for part in self.parts)


def _sum(row: Row, terms: Iterable[tuple[str, int]]) -> Decimal:
    return sum((row[name] if sign > 0 else -row[name] for name, sign in terms), Decimal(0))
