"""Tells the 36 months of money: sales lines, receivables, ledger, activities, balances, budget and rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kam_metrics.demo import budget, company, costs, payments
from kam_metrics.demo.company import Account
from kam_metrics.demo.curves import curve
from kam_metrics.demo.days import months as months_until
from kam_metrics.demo.products import assortment
from kam_metrics.demo.trade import Line, Trader, line_counts
from kam_metrics.demo.values import Cents, Month, Row
from kam_metrics.demo.write import Extracts


@dataclass
class Desk:
    """One account's trade, its books and its line counts, side by side while the months go by."""

    trader: Trader
    books: costs.Books
    counts: list[int]

    @property
    def account(self) -> Account:
        """Whose desk it is."""
        return self.trader.account


def write_money(extracts: Extracts, known: list[Account], seed: int, as_of: date, lines: int | None) -> None:
    """Writes every money extract, month by month so that memory holds one month of lines."""
    months = months_until(as_of)
    rates = costs.exchange(seed, months, as_of)
    extracts.add("fx_rates", _rate_rows(rates))
    extracts.add("cost_rates", _tariff_rows(costs.tariffs(months)))
    desks, scale = _desks([*known, *company.strangers(seed)], seed, months, as_of, lines)
    for number, month in enumerate(months):
        of_month = {currency: costs.rate_before(rates, currency, month) for currency in ("EUR", *rates)}
        _write_month(extracts, desks, number, of_month, scale)
    for desk in desks:
        rate = costs.rate_before(rates, desk.account.currency, months[-1])
        planned = budget.budget(desk.account, desk.trader.curve, months, as_of, rate)
        extracts.add("budget", _budget_rows(desk.account, planned))
        extracts.add("receivables", _item_rows(desk.account, payments.on_account(desk.account, seed, as_of)))


def _desks(
    accounts: list[Account], seed: int, months: list[date], as_of: date, lines: int | None
) -> tuple[list[Desk], float]:
    """A desk per account, and how many times more lines there are than this company would write by itself."""
    traders = [
        Trader(account, curve(account, seed, months), assortment(account, seed), seed, months, as_of)
        for account in accounts
    ]
    natural = sum(sum(trader.weights) for trader in traders)
    desks = [
        Desk(trader, costs.Books(trader.account, seed, as_of), counts)
        for trader, counts in zip(traders, line_counts(traders, lines), strict=True)
    ]
    return desks, 1.0 if lines is None else lines / natural


def _write_month(extracts: Extracts, desks: list[Desk], number: int, rates: dict[str, float], scale: float) -> None:
    """One month of every account; sales lines in the order of their documents."""
    sold: list[tuple[Line, Account]] = []
    for desk in desks:
        account, month = desk.account, desk.trader.months[number]
        lines = desk.trader.month_lines(number, desk.counts[number], scale)
        sold += [(line, account) for line in lines]
        items = payments.items(account, lines, desk.trader.seed, desk.trader.months, desk.trader.as_of)
        extracts.add("receivables", _item_rows(account, items))
        if account.is_mapped:
            rate = rates[account.currency]
            extracts.add("ledger", _posting_rows(account, desk.books.month(number, month, lines, rate)))
            extracts.add("cost_drivers", _driver_rows(desk, number, lines, rate))
            extracts.add("account_balances", _balance_rows(account, costs.balances(desk.books, number, month)))
    sold.sort(key=lambda pair: (pair[0].day, pair[0].doc_no, pair[0].line_no))
    extracts.add("sales_lines", (_line_row(line, account) for line, account in sold))


def _line_row(line: Line, account: Account) -> Row:
    return {
        "customer_no": line.customer_no,
        "doc_no": line.doc_no,
        "line_no": line.line_no,
        "doc_type": line.doc_type,
        "ref_doc_no": line.ref_doc_no,
        "invoice_date": line.day,
        "product": line.product.label,
        "product_category": line.product.category,
        "value_added_service": line.product.is_service,
        "quantity": line.quantity,
        "list_amount": Cents(line.gross),
        "discount_amount": Cents(line.discount),
        "net_amount": Cents(line.net),
        "vat_amount": Cents(line.vat),
        "cogs_amount": None if line.cogs is None else Cents(line.cogs),
        "freight_amount": Cents(line.freight),
        "currency": account.currency,
        "order_no": line.order_no,
        "company_code": account.company_code,
    }


def _item_rows(account: Account, items: Iterable[payments.Item]) -> Iterator[Row]:
    for item in items:
        yield {
            "customer_no": item.customer_no,
            "doc_no": item.doc_no,
            "doc_type": item.doc_type,
            "invoice_date": item.day,
            "due_date": item.due,
            "amount": Cents(item.amount),
            "cleared_date": item.cleared,
            "disputed": item.disputed,
            "factored": item.factored,
            "currency": account.currency,
            "company_code": account.company_code,
        }


def _posting_rows(account: Account, postings: Iterable[costs.Posting]) -> Iterator[Row]:
    for posting in postings:
        yield {
            "account_id": account.account_id,
            "posting_date": posting.day,
            "line_type": posting.line_type,
            "amount": Cents(posting.amount),
            "currency": posting.currency,
            "document": posting.document,
            "company_code": account.company_code,
            "for_month": posting.for_month and Month(posting.for_month.year, posting.for_month.month, 1),
        }


def _driver_rows(desk: Desk, number: int, lines: list[Line], rate: float) -> Iterator[Row]:
    """Activities follow what was invoiced; without an invoice nothing was done."""
    net = sum(line.net for line in lines) * rate
    month = desk.trader.months[number]
    counts = costs.drivers(desk.account, desk.trader.seed, number, net) if net > 0 else {}
    for activity, quantity in counts.items():
        yield {
            "account_id": desk.account.account_id,
            "month": Month(month.year, month.month, 1),
            "activity": activity,
            "quantity": quantity,
        }


def _balance_rows(account: Account, found: Iterable[costs.Balance]) -> Iterator[Row]:
    for balance in found:
        yield {
            "account_id": account.account_id,
            "month_end": balance.month_end,
            "item": balance.item,
            "amount": Cents(balance.amount),
            "currency": account.currency,
        }


def _budget_rows(account: Account, planned: Iterable[budget.Planned]) -> Iterator[Row]:
    for line in planned:
        yield {
            "account_id": account.account_id,
            "month": Month(line.month.year, line.month.month, 1),
            "line_type": line.line_type,
            "amount": Cents(line.amount),
            "scenario": line.scenario,
        }


def _rate_rows(rates: dict[str, dict[date, Decimal]]) -> Iterator[Row]:
    for currency, values in rates.items():
        for day, value in values.items():
            yield {"currency": currency, "date": day, "eur_per_unit": value}


def _tariff_rows(found: Iterable[costs.Tariff]) -> Iterator[Row]:
    for tariff in found:
        yield {
            "activity": tariff.activity,
            "unit": tariff.unit,
            "eur_per_unit": Cents(tariff.rate),
            "low": Cents(tariff.low),
            "high": Cents(tariff.high),
            "valid_from": tariff.valid_from,
        }
