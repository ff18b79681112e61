"""Profit computed a second time: plain Python over extract files, written from the handbook and knowing no SQL.

measures.md 3.1 and extracts.md ("Sales lines", "Customers", money booked) say what to do; exact throughout.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

Record = dict[str, str]
NET = {"gross_sales", "discount", "price_difference", "credit_note", "rebate"}
ACTIVITIES = {"freight", "service", "sales_effort", "marketing", "other_cost_to_serve", "bad_debt"}
EURO_DAYS = Decimal(365)


def read(path: Path) -> list[Record]:
    """The records of an English extract under our own column names."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        names = [name.lower().replace(" ", "_") for name in next(rows)]
        return [dict(zip(names, row, strict=True)) for row in rows]


def money(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def month_of(when: date) -> date:
    return when.replace(day=1)


def month_end(when: date) -> date:
    return when.replace(day=monthrange(when.year, when.month)[1])


def quarter_of(line: Line) -> str:
    return f"{line.counted.year}-Q{(line.counted.month + 2) // 3}"


@dataclass(frozen=True)
class Line:
    """One booked amount, signed as its effect on profit."""

    account: str | None
    reference: str
    when: date
    line_type: str
    amount: Decimal
    currency: str
    origin: str
    is_costed: bool = True
    activity: str | None = None
    product: str | None = None
    category: str | None = None
    invoiced: date | None = None
    """When the invoice was made that a credit note names."""
    belongs_to: date | None = None
    """The month that the posting itself names."""
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def counted(self) -> date:
        """The day on which it counts: a credit note in the month of its invoice, as near to its own day as can be."""
        if self.belongs_to is not None:
            return min(max(self.when, self.belongs_to), month_end(self.belongs_to))
        if self.invoiced is None or month_of(self.invoiced) >= month_of(self.when):
            return self.when
        return month_end(self.invoiced)

    @property
    def booked(self) -> date:
        """The day on which it counts when a credit note does not follow its invoice."""
        return self.when if self.origin == "sales_lines" else self.counted

    @property
    def cell(self) -> tuple[str, date, str]:
        return self.reference if self.account is None else self.account, month_of(self.when), self.line_type


By = str | Callable[[Line], Any]


class Company:
    """Everything the files of one company say."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = {kind: read(path) for kind, path in files.items()}
        self.accounts = {row["account_id"]: row for row in self.files["accounts"]}
        self._customers = {
            (row["company_code"], row["customer_no"]): row["account_id"] for row in self.files["customer_map"]
        }
        self._rates = self._by_day("fx_rates", "currency", "date")
        self._tariffs = {
            name: self._by_day("cost_rates", "activity", "valid_from", name) for name in ("eur_per_unit", "low", "high")
        }
        self.booked = self._booked()
        self.lines = [*self.booked, *self._driven(), *self._charged()]

    def _by_day(
        self, kind: str, name: str, since: str, told: str = "eur_per_unit"
    ) -> dict[str, list[tuple[date, Decimal]]]:
        found: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        for row in self.files[kind]:
            found[row[name]].append((date.fromisoformat(row[since]), Decimal(row[told])))
        return {key: sorted(rates) for key, rates in found.items()}

    def account_of(self, row: Record) -> str | None:
        """The account of a record: its own, else its customer's; None when no master knows it."""
        if row.get("account_id"):
            found = row["account_id"]
        else:
            number = row["customer_no"]
            found = self._customers.get((row["company_code"], number), self._customers.get(("", number), number))
        return found if found in self.accounts else None

    def group_of(self, account: str) -> str:
        seen = [account]
        while parent := self.accounts.get(seen[-1], {}).get("parent_id"):
            seen.append(parent)
        return seen[-1]

    def rate(self, currency: str, when: date) -> Decimal | None:
        """Euros for one unit: the last rate on or before the day."""
        return Decimal(1) if currency == "EUR" else _last(self._rates.get(currency, []), when)

    def _booked(self) -> list[Line]:
        self._invoices: dict[tuple[str, str], date] = {}
        for row in self.files["sales_lines"]:
            if row["doc_type"] != "CRN":
                self._invoices.setdefault((row["company_code"], row["doc_no"]), date.fromisoformat(row["invoice_date"]))
        invoiced = [line for row in self.files["sales_lines"] for line in self._of_invoice(row)]
        held = {line.cell for line in invoiced}
        posted = [
            Line(
                self.account_of(row), row["account_id"], date.fromisoformat(row["posting_date"]), row["line_type"],
                Decimal(row["amount"]), row["currency"] or "EUR", "ledger",
                activity=row["line_type"] if row["line_type"] in ACTIVITIES else None,
                belongs_to=date.fromisoformat(f"{row['for_month']}-01") if row["for_month"] else None,
            )
            for row in self.files["ledger"]
        ]  # fmt: skip
        return [*invoiced, *(line for line in posted if line.cell not in held)]

    def _of_invoice(self, row: Record) -> Iterable[Line]:
        listed, net = money(row["list_amount"]), Decimal(row["net_amount"])
        discount, cost, freight = money(row["discount_amount"]), money(row["cogs_amount"]), money(row["freight_amount"])
        amounts: dict[str, Decimal | None] = {}
        if row["doc_type"] == "CRN":
            amounts["credit_note"] = net
        else:
            amounts["gross_sales"] = net + (discount or 0) if listed is None else listed
            amounts["discount"] = None if discount is None else -discount
            amounts["price_difference"] = None if listed is None else net - (listed - (discount or 0))
        amounts |= {"cogs": None if cost is None else -cost, "freight": None if freight is None else -freight}
        for line_type, amount in amounts.items():
            if amount is not None:
                when, activity = date.fromisoformat(row["invoice_date"]), line_type if line_type in ACTIVITIES else None
                named = (
                    self._invoices.get((row["company_code"], row["ref_doc_no"])) if row["doc_type"] == "CRN" else None
                )
                yield Line(
                    self.account_of(row), row["customer_no"], when, line_type, amount, row["currency"] or "EUR",
                    "sales_lines", cost is not None, activity, row["product"] or None, row["product_category"] or None,
                    named,
                )  # fmt: skip

    def _driven(self) -> Iterable[Line]:
        posted = {(line.account or line.reference, month_of(line.when), line.activity) for line in self.booked}
        for row in self.files["cost_drivers"]:
            when = date.fromisoformat(f"{row['month']}-01")
            if (row["account_id"], when, row["activity"]) not in posted:
                tariffs = [_last(of[row["activity"]], when) for of in self._tariffs.values()]
                amount, low, high = (-Decimal(row["quantity"]) * tariff for tariff in tariffs if tariff is not None)
                account = self.account_of(row)
                yield Line(
                    account,
                    row["account_id"],
                    when,
                    "driven",
                    amount,
                    "EUR",
                    "cost_drivers",
                    activity=row["activity"],
                    low=low,
                    high=high,
                )

    def _charged(self) -> Iterable[Line]:
        """9 % a year over receivables, stock and prepayments at each month end, told for the whole month."""
        posted = {(line.account, month_of(line.when)) for line in self.booked if line.line_type == "capital_charge"}
        for (account, end), balance in self._tied_up().items():
            if (account, month_of(end)) not in posted:
                with localcontext(prec=60):
                    charge = -balance * end.day * Decimal("0.09") / EURO_DAYS
                yield Line(account, "", end, "capital_charge", charge, "EUR", "capital")

    def _tied_up(self) -> dict[tuple[str | None, date], Decimal]:
        known = [day(row[name]) for row in self.files["receivables"] for name in ("invoice_date", "cleared_date")]
        known += [day(row["month_end"]) for row in self.files["account_balances"]]
        last = max(when for when in known if when)
        found: dict[tuple[str | None, date], Decimal] = defaultdict(Decimal)
        for row in self.files["receivables"]:
            invoiced, cleared = date.fromisoformat(row["invoice_date"]), day(row["cleared_date"])
            end = month_end(invoiced)
            while end <= last and (cleared is None or cleared > end):
                rate = self.rate(row["currency"], end)
                assert rate is not None
                found[self.account_of(row), end] += Decimal(row["amount"]) * rate
                end = month_end(end + timedelta(days=1))
        for row in self.files["account_balances"]:
            sign = {"stock": 1, "prepayment": -1}.get(row["item"], 0)
            end = date.fromisoformat(row["month_end"])
            rate = self.rate(row["currency"] or "EUR", end)
            assert rate is not None
            if sign and end <= last:
                found[self.account_of(row), end] += sign * Decimal(row["amount"]) * rate
        return found

    def euros(self, line: Line) -> Decimal:
        rate = self.rate(line.currency, line.when)
        assert rate is not None
        return line.amount * rate

    def groupings(self) -> dict[str, Callable[[Line], Any]]:
        """What each dimension calls a line."""

        def of_account(name: str) -> Callable[[Line], Any]:
            return lambda line: None if line.account is None else self.accounts[line.account][name] or None

        return {
            "account_id": lambda line: line.account,
            "account_name": of_account("account_name"),
            "kam_id": of_account("kam_id"),
            "segment": of_account("segment"),
            "country": of_account("country"),
            "group_id": lambda line: None if line.account is None else self.group_of(line.account),
            "month": lambda line: month_of(line.counted),
            "quarter": quarter_of,
            "year": lambda line: line.counted.year,
            "fiscal_quarter": quarter_of,
            "fiscal_year": lambda line: line.counted.year,
            "line_type": lambda line: line.line_type,
            "activity": lambda line: line.activity,
            "product": lambda line: line.product,
            "product_category": lambda line: line.category,
            "currency": lambda line: line.currency,
        }

    def profit(
        self, first: date, last: date, by: By | None, known_until: date = date.max, is_posted: bool = False
    ) -> dict[Any, dict[str, Decimal | None]]:
        """Every figure of the waterfall per value of a dimension, or per what a line belongs to (None: in all).

        Posted: a credit note counts on its own day, and not with its invoice.
        """
        of = by if callable(by) else self.groupings()[by] if by else lambda _: None
        parts: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for line in self.lines:
            if first <= (line.booked if is_posted else line.counted) <= last and line.when <= known_until:
                amount = line.amount if by == "currency" else self.euros(line)
                part = parts[of(line)]
                part[line.line_type] += amount
                if line.line_type in {*ACTIVITIES, "driven"}:
                    part["served low"] += amount if line.low is None else line.low
                    part["served high"] += amount if line.high is None else line.high
                if line.line_type in NET:
                    part["known" if line.is_costed else "unknown"] += amount
                    part["costed"] += line.is_costed
                    part["uncosted"] += not line.is_costed
        return {key: _figures(part) for key, part in parts.items()}


def _figures(part: Mapping[str, Decimal]) -> dict[str, Decimal | None]:
    def total(names: Iterable[str]) -> Decimal:
        return sum((part.get(name, Decimal(0)) for name in names), Decimal(0))

    known, served = total(["known"]), total([*ACTIVITIES, "driven"])
    margin = known + total(["cogs"])
    figures = {
        "gross_sales": total(["gross_sales"]),
        "discounts": -total(["discount"]),
        "price_difference": total(["price_difference"]),
        "credit_notes": -total(["credit_note"]),
        "rebates": -total(["rebate"]),
        "net_sales": total(NET),
        "margin_unknown": total(["unknown"]),
        "cogs": -total(["cogs"]),
        "cost_to_serve": -served,
        "cost_to_serve_low": -total(["served low"]),
        "cost_to_serve_high": -total(["served high"]),
        "capital_charge": -total(["capital_charge"]),
    }
    has_margin = not (part.get("uncosted") and not part.get("costed"))
    margins = {
        "gross_margin": margin,
        "contribution": margin + served,
        "contribution_low": margin + total(["served high"]),
        "contribution_high": margin + total(["served low"]),
        "economic_profit": margin + served + total(["capital_charge"]),
        "gross_margin_pct": margin / known if known > 0 else None,
        "contribution_pct": (margin + served) / known if known > 0 else None,
    }
    return {**figures, **{key: value if has_margin else None for key, value in margins.items()}}


def _last(rates: list[tuple[date, Decimal]], when: date) -> Decimal | None:
    at = bisect_right([since for since, _ in rates], when)
    return rates[at - 1][1] if at else None
