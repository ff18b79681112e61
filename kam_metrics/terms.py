"""The words of the trade as types. Standard library only; every other module may import this one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

PHASES = (30, 60, 90)
"""Day marks of a 90-30 plan: plan 90 days ahead, review every 30."""
AGEING = ("unapplied", "not_due", "1-30", "31-60", "61-90", ">90", "unknown")
"""Ages of what stands open, in days past due; credits that pay no invoice yet, and items without a due date, apart."""

BEGINNING = date(1, 1, 1)
"""Stands for "from the first fact on" in a slice without a first day."""


class Role(StrEnum):
    """Who a reader is in the key account programme."""

    BOARD = "board"
    DIRECTOR = "director"
    KAM = "kam"
    ANALYST = "analyst"

    @property
    def sees_all_accounts(self) -> bool:
        """A KAM sees the accounts in their name; everyone else sees the portfolio."""
        return self is not Role.KAM


Against = Literal["last_year", "plan"]
"""What figures are compared with."""


class Scenario(StrEnum):
    """What a booked figure is; the three are never added together."""

    ACTUAL = "actual"
    BUDGET = "budget"
    FORECAST = "forecast"


class CreditNotes(StrEnum):
    """The month in which a credit note counts: that of the invoice it names, or its own."""

    INVOICE = "invoice"
    POSTING = "posting"


class Element(StrEnum):
    """The seven elements of internal alignment (Ramstedt, Johansson & Weltman, 2019)."""

    SHARED_VALUES = "shared_values"
    STYLE = "style"
    SKILLS = "skills"
    STAFF = "staff"
    STRATEGY = "strategy"
    STRUCTURE = "structure"
    SYSTEMS = "systems"


class Vital(StrEnum):
    """The six signs by which the health of an account is told, in the order of its page."""

    PROFIT = "profit"
    CASH = "cash"
    GROWTH = "growth"
    PLAN = "plan"
    RELATIONSHIP = "relationship"
    SERVICE = "service"


ITEM_CODES = {
    "SV": Element.SHARED_VALUES,
    "ST": Element.STYLE,
    "SK": Element.SKILLS,
    "SF": Element.STAFF,
    "SR": Element.STRATEGY,
    "SU": Element.STRUCTURE,
    "SY": Element.SYSTEMS,
}
"""First two letters of a questionnaire item, and the element it asks about."""


class LineType(StrEnum):
    """What a posting is about, in the order of the profit waterfall."""

    GROSS_SALES = "gross_sales"
    DISCOUNT = "discount"
    PRICE_DIFFERENCE = "price_difference"
    CREDIT_NOTE = "credit_note"
    REBATE = "rebate"
    COGS = "cogs"
    FREIGHT = "freight"
    SERVICE = "service"
    SALES_EFFORT = "sales_effort"
    MARKETING = "marketing"
    OTHER_COST_TO_SERVE = "other_cost_to_serve"
    BAD_DEBT = "bad_debt"
    DRIVEN = "driven"
    CAPITAL_CHARGE = "capital_charge"


@dataclass(frozen=True)
class Principal:
    """Who asks: a name for the journal, the roles they hold, and whose accounts are theirs."""

    name: str
    roles: frozenset[Role]
    kam_id: str | None = None

    @property
    def kam_scope(self) -> str | None:
        """None sees every account; otherwise only the accounts of this KAM ("" sees nothing)."""
        if any(role.sees_all_accounts for role in self.roles):
            return None
        return self.kam_id or ""

    @property
    def reader(self) -> str:
        """What this reader is called where it is kept what they have seen: a role of their own each."""
        return "/".join([self.name, *sorted(self.roles), *([self.kam_id] if self.kam_id else [])])

    @property
    def may_load(self) -> bool:
        """Only an analyst changes what the store holds."""
        return Role.ANALYST in self.roles

    @property
    def may_decide(self) -> bool:
        """Who answers for accounts acts upon what they ask; an analyst reads along."""
        return bool(self.roles - {Role.ANALYST})

    @property
    def may_sign(self) -> bool:
        """Only the director of the programme signs plans off."""
        return Role.DIRECTOR in self.roles

    @property
    def may_weigh(self) -> bool:
        """Only the director of the programme says what counts for the health of an account."""
        return Role.DIRECTOR in self.roles

    @property
    def may_close(self) -> bool:
        """Who changes the figures and who answers for them close months and reopen them."""
        return self.may_load or self.may_sign


LOCAL_OWNER = Principal("local", frozenset(Role))
"""The person at the keyboard of a machine nobody else reaches: every role at once."""


@dataclass(frozen=True)
class Slice:
    """What a reader is looking at. Every metric takes one and filters by nothing else."""

    as_of: date
    from_date: date | None = None
    to_date: date | None = None
    kam_scope: str | None = None
    kam_id: str | None = None
    account_id: str | None = None
    group_id: str | None = None
    """A parent with every account under it."""
    scenario: Scenario = field(default=Scenario.ACTUAL)
    fiscal_start: int = 1
    """The month in which the fiscal year begins."""
    credit_notes: CreditNotes = field(default=CreditNotes.INVOICE)

    def __post_init__(self) -> None:
        if self.first_day > (self.to_date or self.as_of):
            raise ValueError(f"slice ends {self.to_date or self.as_of} before it begins {self.from_date}")

    @property
    def first_day(self) -> date:
        """First day of the period, inclusive."""
        return self.from_date or BEGINNING

    @property
    def last_day(self) -> date:
        """Last day of the period, inclusive; never after the as-of date for what has happened."""
        if self.scenario is not Scenario.ACTUAL:
            return self.to_date or self.as_of
        return min(self.to_date or self.as_of, self.as_of)

    @property
    def known_until(self) -> date:
        """What was booked later is not known yet, whenever it counts; a plan is known as a whole."""
        return self.as_of if self.scenario is Scenario.ACTUAL else date.max

    def params(self) -> dict[str, object]:
        """The values that SQL may bind."""
        return {
            "as_of": self.as_of,
            "from_date": self.first_day,
            "to_date": self.last_day,
            "kam_scope": self.kam_scope,
            "kam_id": self.kam_id,
            "account_id": self.account_id,
            "group_id": self.group_id,
            "scenario": str(self.scenario),
            "fiscal_start": self.fiscal_start,
            "credit_notes": str(self.credit_notes),
            "known_until": self.known_until,
        }
