"""Growth computed a second time, in plain Python over invoice lines, written from the handbook (measures.md 3.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.recompute import NET, Company, money, month_end, month_of

Line = tuple[Any, ...]
"""Customer, document type, year (2025 or 2026), product, quantity or None, net amount."""
Figures = dict[str, Any]
CENTS = Decimal("0.0001")
EFFECTS = ("price_effect", "volume_effect", "mix_effect", "new_products_effect", "lost_products_effect")
COMPONENTS = ("like_for_like_effect", "added_products_effect", "value_added_effect")


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


def components(lines: Iterable[Line]) -> dict[str, dict[str, Decimal]]:
    """Customer to the same lines by sales component; a line says last whether it is a service, or None."""
    cells: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line[1] != "CRN" and line[3]:
            cells[line[0], line[3]].append(line)
    told: dict[str, dict[str, Decimal]] = {}
    for (customer, _), sold in cells.items():
        if all(line[4] is not None for line in sold):
            _add_component(told.setdefault(customer, dict.fromkeys(COMPONENTS, Decimal(0))), sold)
    return told


def _add_component(told: dict[str, Decimal], sold: Sequence[Line]) -> None:
    then, now = ([line for line in sold if line[2] == year] for year in (2025, 2026))
    is_alike = all(sum(line[4] for line in of) > 0 for of in (then, now))
    name = "value_added_effect" if sold[0][6] else "like_for_like_effect" if is_alike else "added_products_effect"
    if is_alike or not then or (not now and sold[0][6]):
        told[name] = told[name] + sum(line[5] for line in now) - sum(line[5] for line in then)


def year_before(day: date) -> date:
    """The same day of the year before; the end of February for the end of February."""
    return month_end(day.replace(year=day.year - 1, day=1)) if day == month_end(day) else day.replace(year=day.year - 1)


def growth(company: Company, first: date, last: date, as_of: date, by: str | None) -> dict[Any, Figures]:
    """Every figure of growth per group of accounts, the days beside the same days a year earlier."""
    customers = {line.account or line.reference: line.account for line in company.booked}
    if year_before(first).replace(day=1) < min(
        month_of(line.counted) for line in company.booked if line.line_type in NET
    ):
        return {}
    sold = list(_net_sales(company, first, last, as_of))
    bought = list(_invoiced(company, first, last))
    of = _owners(company, by)
    groups: dict[Any, set[str]] = defaultdict(set)
    for customer in {line[0] for line in (*sold, *bought)}:
        groups[of(customers[customer])].add(customer)
    parts = [_per_customer(lines) for lines in (sold, bought)]
    return {
        place: _of_group(*([line for who in held for line in part[who]] for part in parts))
        for place, held in groups.items()
    }


def _per_customer(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line[0]].append(line)
    return found


def _owners(company: Company, by: str | None) -> Callable[[str | None], Any]:
    """What a dimension calls an account."""

    def of(account: str | None) -> Any:
        if account is None or by is None:
            return None
        if by in ("account_id", "group_id"):
            return account if by == "account_id" else company.group_of(account)
        return company.accounts[account][by] or None

    return of


def _net_sales(company: Company, first: date, last: date, as_of: date) -> Iterable[Line]:
    """What was sold in both periods, as it was known at their ends."""
    for year, start, end, known in ((2026, first, last, as_of), (2025, *map(year_before, (first, last, as_of)))):
        for line in company.booked:
            if line.line_type in NET and start <= line.counted <= end and line.when <= known:
                yield line.account or line.reference, "", year, "", None, company.euros(line)


def _invoiced(company: Company, first: date, last: date) -> Iterable[Line]:
    for row in company.files["sales_lines"]:
        when = date.fromisoformat(row["invoice_date"])
        for year, start, end in ((2026, first, last), (2025, year_before(first), year_before(last))):
            if start <= when <= end:
                rate = company.rate(row["currency"] or "EUR", when)
                assert rate is not None
                customer = company.account_of(row) or row["customer_no"]
                service = {"yes": True, "no": False}.get(row["value_added_service"])
                yield (
                    customer, row["doc_type"], year, row["product"], money(row["quantity"]),
                    Decimal(row["net_amount"]) * rate, service,
                )  # fmt: skip


def _of_group(sold: Sequence[Line], bought: Sequence[Line]) -> Figures:
    now, then = (sum((line[5] for line in sold if line[2] == year), Decimal(0)) for year in (2026, 2025))
    net, gross = retention(sold)
    told: Figures = {
        "net_sales_growth": now - then,
        "net_sales_growth_pct": (now - then) / then if then > 0 else None,
        "net_revenue_retention": net,
        "gross_revenue_retention": gross,
    }
    for names, left, found in (
        (EFFECTS, "other_effect", effects(bought)),
        (COMPONENTS, "lost_and_other_effect", components(bought)),
    ):
        known = [of for of in found.values() if any(amount is not None for amount in of.values())]
        parts = {name: sum((of.get(name) or Decimal(0) for of in known), Decimal(0)) for name in names}
        told |= parts if known else dict.fromkeys(names)
        told[left] = now - then - sum(parts.values()) if known else None
    return told


def volatility(company: Company, as_of: date, by: str | None) -> dict[Any, Figures]:
    """The spread of twelve whole months over their mean, with the known formula of n - 1."""
    last = as_of if as_of == month_end(as_of) else as_of.replace(day=1) - timedelta(days=1)
    first = (last + timedelta(days=1)).replace(year=(last + timedelta(days=1)).year - 1)
    of, months = _owners(company, by), defaultdict[Any, dict[date, Decimal]](lambda: defaultdict(Decimal))
    for line in company.booked:
        if line.line_type in NET and first <= line.counted <= last and line.when <= as_of:
            months[of(line.account)][month_of(line.counted)] += company.euros(line)
    return {place: {"net_sales_volatility": _spread(list(sold.values()))} for place, sold in months.items()}


def _spread(sold: Sequence[Decimal]) -> Decimal | None:
    mean = sum(sold, Decimal(0)) / 12
    squares = sum(((amount - mean) ** 2 for amount in sold), (12 - len(sold)) * mean**2)
    return (squares / 11).sqrt() / mean if mean > 0 else None


def concentration(company: Company, first: date, last: date, as_of: date, by: str | None) -> dict[Any, Figures]:
    """How much hangs on few customers, and what those who cost money take away."""
    of = company.groupings()[by] if by else lambda _: None
    found = company.profit(first, last, lambda line: (of(line), line.account or line.reference), as_of)
    groups: dict[Any, list[dict[str, Decimal | None]]] = defaultdict(list)
    for (place, _), figures in found.items():
        groups[place].append(figures)
    return {place: {**shares(customers), **_whale(customers)} for place, customers in groups.items()}


def shares(customers: Sequence[Mapping[str, Decimal | None]]) -> Figures:
    """How the sales of a group are spread over its customers."""
    sales = sorted((figures["net_sales"] or Decimal(0) for figures in customers), reverse=True)
    total = sum(sales)
    if sales[-1] < 0 or not total:
        return dict.fromkeys(("hhi", "effective_accounts", "cr1", "cr4", "cr10"))
    parts = [amount / total for amount in sales]
    squares = sum(part**2 for part in parts)
    most = {f"cr{count}": sum(parts[:count]) for count in (1, 4, 10)}
    return {"hhi": squares * 10_000, "effective_accounts": 1 / squares, **most}


def _whale(customers: Sequence[dict[str, Decimal | None]]) -> Figures:
    known = sorted((c for figures in customers if (c := figures["contribution"]) is not None), reverse=True)
    total = sum(known, Decimal(0))
    peak = max(sum(known[:count], Decimal(0)) for count in range(len(known) + 1))
    if not known:
        return dict.fromkeys(("whale_peak_pct", "value_destroyed"))
    return {"whale_peak_pct": peak / total if total > 0 else None, "value_destroyed": peak - total}
