"""Published data, loaded through their saved profiles and compared with what other programs computed from them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from kam_metrics import extracts, metrics
from kam_metrics.extracts import Options
from kam_metrics.extracts.profiles import profile
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.concentration import of_amounts
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Scenario, Slice
from tests.books import Books
from tests.extract_files import shared_file, vectors

RESELLERS = "adventureworks_reseller"
INVOICES = "ibm_accounts_receivable"


def filled(folder: Path, files: dict[str, str]) -> Store:
    """A store of these shared files, each read through its profile."""
    store = Store.at(folder / "kam.duckdb")
    for file, name in files.items():
        judged = extracts.load(store, shared_file(file), Options(profile=name), LOCAL_OWNER)
        assert judged.outcome == "accept", judged.sentence("en")
    return store


def expected(folder: str) -> dict[str, Any]:
    """What was computed beside us, with plain Python and two other databases."""
    return dict(json.loads(shared_file(f"{folder}/expected.json").read_text("utf-8")))


def figures(store: Store, *keys: str, by: tuple[str, ...] = (), **seen: Any) -> list[Row]:
    """Figures up to the end of the data, unless said otherwise."""
    with store.read() as world:
        return list(metrics.measure(world, Slice(**{"as_of": date(2014, 12, 31), **seen}), *keys, by=by).rows)


@pytest.fixture(scope="module")
def resellers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = filled(
        tmp_path_factory.mktemp("resellers"),
        {
            f"{RESELLERS}/DimReseller.csv": "adventureworks-resellers",
            f"{RESELLERS}/FactResellerSales.csv.gz": "adventureworks-reseller-sales",
        },
    )
    yield store
    store.close()


@pytest.fixture(scope="module")
def invoices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = f"{INVOICES}/WA_Fn-UseC_-Accounts-Receivable.csv"
    folder = tmp_path_factory.mktemp("invoices")
    store = filled(folder, {file: "ibm-receivables"})
    assert extracts.load(store, shared_file(file), Options(profile="ibm-customers"), LOCAL_OWNER).rows == 100
    yield store
    store.close()


def test_reseller_totals_are_exact(resellers: Store) -> None:
    told = expected(RESELLERS)
    (row,) = figures(resellers, "gross_sales", "discounts", "net_sales", "cogs", "gross_margin", "gross_margin_pct")
    assert row["net_sales"] == Decimal(told["sales"])
    assert row["cogs"] == Decimal(told["cogs"])
    assert row["gross_sales"] == Decimal(told["extended"])
    assert row["discounts"] == Decimal(told["discount"])
    assert row["gross_margin"] == Decimal(told["gross_profit"])
    assert row["gross_margin_pct"] * 100 == pytest.approx(float(told["gross_margin_pct"]), abs=5e-5)


def test_reseller_contribution_is_margin_after_freight(resellers: Store) -> None:
    told = expected(RESELLERS)
    (row,) = figures(resellers, "cost_to_serve", "contribution")
    assert (row["cost_to_serve"], row["contribution"]) == (Decimal(told["freight"]), Decimal(told["net_after_freight"]))


def test_reseller_lines_hold_their_vat_and_follow_from_list_price_and_discount(resellers: Store) -> None:
    told = expected(RESELLERS)
    with resellers.read() as world:
        row = world.one("""
            select sum(vat_amount) as tax, count(*) filter (
                abs(list_amount - discount_amount - net_amount) >= 0.005
            ) as rows_where_extended_minus_discount_ne_sales
            from sold_line
        """)
    assert {key: str(value) for key, value in row.items()} == {key: str(told[key]) for key in row}
    (rounding,) = figures(resellers, "price_difference")
    sales, extended, discount = (Decimal(told[key]) for key in ("sales", "extended", "discount"))
    assert rounding["price_difference"] == sales - (extended - discount)


def test_reseller_months_are_exact(resellers: Store) -> None:
    rows = figures(resellers, "net_sales", "cogs", "cost_to_serve", by=("month",))
    months = {f"{row['month']:%Y-%m}": [row["net_sales"], row["cogs"], row["cost_to_serve"]] for row in rows}
    assert months == {
        month: [Decimal(amount) for amount in amounts] for month, amounts in expected(RESELLERS)["by_month"].items()
    }


def test_reseller_accounts_are_counted_and_ranked(resellers: Store) -> None:
    told = expected(RESELLERS)
    rows = figures(resellers, "net_sales", "gross_margin", by=("account_id",))
    assert len(rows) == told["accounts"]
    largest = sorted(rows, key=lambda row: -row["net_sales"])[:10]
    assert [(r["account_id"], r["net_sales"], r["gross_margin"]) for r in largest] == [
        (account, Decimal(sales), Decimal(margin)) for account, sales, margin in told["top10_by_sales"]
    ]
    by_margin = sorted(rows, key=lambda row: row["gross_margin"])
    for shown, name in ((by_margin[:5], "bottom5_gross"), (by_margin[:-6:-1], "top5_gross")):
        assert [(r["account_id"], r["gross_margin"]) for r in shown] == [(a, Decimal(m)) for a, m in told[name]]
    with resellers.read() as world:
        assert world.one("select count(*) as n from account")["n"] == told["account_master"]
        lines = world.one(
            "select count(*) as n, count(distinct doc_no) as docs, sum(quantity) as pieces from sales_line"
        )
    assert (lines["n"], lines["docs"], lines["pieces"]) == (told["rows"], told["orders"], told["qty"])


def test_the_ten_largest_resellers_hold_a_tenth_of_sales(resellers: Store) -> None:
    (row,) = figures(resellers, "cr10")
    assert row["cr10"] == pytest.approx(float(expected(RESELLERS)["top10_share"]), abs=5e-9)


def curve(amounts: list[Decimal]) -> dict[str, Decimal]:
    """A whale curve by its landmarks, as expected.json names them."""
    sums, total = list(accumulate(amounts)), sum(amounts, Decimal(0))
    losses = [amount for amount in amounts if amount < 0]
    return {
        "accounts": Decimal(len(sums)),
        "total": total,
        "peak": max(sums),
        "peak_at_account": Decimal(sums.index(max(sums)) + 1),
        "loss_makers": Decimal(len(losses)),
        "loss_sum": sum(losses, Decimal(0)),
        "profit_sum": total - sum(losses, Decimal(0)),
        "peak_over_total": (max(sums) / total).quantize(Decimal("0.0001")),
        **{f"cum_top{share}pct": sums[len(sums) * share // 100 - 1] for share in (10, 20, 40)},
    }


def landmarks(name: str) -> dict[str, Decimal]:
    return {key: Decimal(told) for key, told in expected(RESELLERS)[name].items()}


def test_reseller_whale_after_freight(resellers: Store) -> None:
    with resellers.read() as world:
        points = metrics.whale(world, Slice(date(2014, 12, 31)))
    told = landmarks("whale_after_freight")
    assert curve([point["contribution"] for point in points]) == told
    assert [point["cumulative"] for point in points] == list(accumulate(point["contribution"] for point in points))
    (row,) = figures(resellers, "value_destroyed", "whale_peak_pct")
    assert (row["value_destroyed"], row["whale_peak_pct"]) == (told["peak"] - told["total"], None)


def test_reseller_margins_run_down_by_account(resellers: Store) -> None:
    margins = [row["gross_margin"] for row in figures(resellers, "gross_margin", by=("account_id",))]
    told = landmarks("whale_gross")
    assert curve(sorted(margins, reverse=True)) == told
    (published,) = (vector["expected"] for vector in vectors("whale_curve"))
    assert of_amounts("value_destroyed", margins) == -told["loss_sum"] == -Decimal(str(published["loss_sum"]))
    assert of_amounts("whale_peak_pct", margins) == pytest.approx(published["peak_over_total_pct"] / 100, abs=5e-5)
    assert {key: float(told[key]) for key in told.keys() & published} == {
        key: published[key] for key in told.keys() & published
    }


@pytest.fixture(scope="module")
def sellers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """The same lines by who sold them, and what each of them was to sell per quarter."""
    books, told = Books(tmp_path_factory.mktemp("sellers")), expected(RESELLERS)
    books.load("accounts", "account_id,account_name", *(f"{seller},Seller {seller}" for seller in told["kam"]))
    by_profile = profile("adventureworks-reseller-sales")
    mapping = {**by_profile.mapping, "EmployeeKey": "account_id"}
    del mapping["ResellerKey"]
    ignored = (by_profile.ignore | {"ResellerKey"}) - {"EmployeeKey"}
    options = replace(by_profile, mapping=mapping, ignore=ignored)
    judged = extracts.load(books.store, shared_file(f"{RESELLERS}/FactResellerSales.csv.gz"), options, LOCAL_OWNER)
    assert judged.outcome == "accept", judged.sentence("en")
    with shared_file(f"{RESELLERS}/FactSalesQuota.csv").open(encoding="utf-8", newline="") as file:
        quotas = [
            f"{row['EmployeeKey']},{row['Date'][:7]},gross_sales,{row['SalesAmountQuota']}"
            for row in csv.DictReader(file)
        ]
    books.load("budget", "account_id,month,line_type,amount", *quotas)
    yield books
    books.store.close()


def test_who_sold_what_is_exact(sellers: Books) -> None:
    told = expected(RESELLERS)
    rows = sellers.ask("net_sales", "gross_margin", "cost_to_serve", by=("account_id",)).rows
    assert len(rows) == told["kams"]
    assert {row["account_id"]: [row["net_sales"], row["gross_margin"], row["cost_to_serve"]] for row in rows} == {
        seller: [Decimal(of[key]) for key in ("sales", "gross", "freight")] for seller, of in told["kam"].items()
    }


def test_quotas_stand_beside_sales_and_never_in_them(sellers: Books) -> None:
    told, year = expected(RESELLERS), {"from_date": date(2012, 1, 1), "to_date": date(2012, 12, 31)}
    sold, quota = (
        sellers.figures("net_sales", "account_id", "quarter", scenario=scenario, **year)
        for scenario in (Scenario.ACTUAL, Scenario.BUDGET)
    )
    for name, (planned, made, share) in told["quota_2012"].items():
        place = (name[:-2], f"2012-{name[-2:]}")
        assert (quota[place], sold.get(place, 0)) == (Decimal(planned), Decimal(made)), place
        assert float(made) / float(planned) == pytest.approx(float(share), abs=1e-6)
    assert len(quota) == len(told["quota_2012"])
    assert sellers.figure("net_sales", scenario=Scenario.BUDGET) == Decimal(told["quota_total"])
    assert sellers.figure("net_sales") == Decimal(told["sales"])


def test_resellers_reconcile(resellers: Store) -> None:
    with resellers.read() as world:
        assert all(check.ok for check in metrics.reconcile(world))


@pytest.mark.parametrize("number", range(4))
def test_invoice_snapshots_are_exact(invoices: Store, number: int) -> None:
    snapshots = expected(INVOICES)["snapshots"]
    told = snapshots[number]
    day = date.fromisoformat(told["asof"])
    (row,) = figures(
        invoices, "receivables_open", "overdue", "receivables_not_due", "days_sales_outstanding", "dso_simple_90",
        "best_possible_dso", "average_days_delinquent", as_of=day,
    )  # fmt: skip
    assert row["receivables_open"] == Decimal(told["balance"])
    assert row["receivables_not_due"] == Decimal(told["buckets"]["not_due"])
    assert row["overdue"] == Decimal(told["balance"]) - Decimal(told["buckets"]["not_due"])
    assert row["days_sales_outstanding"] == pytest.approx(float(told["dso_countback"]), abs=1e-6)
    assert row["dso_simple_90"] == pytest.approx(float(told["dso_90d"]), abs=1e-6)
    assert row["best_possible_dso"] == pytest.approx(float(told["best_possible_dso_90d"]), abs=1e-6)
    assert row["average_days_delinquent"] == pytest.approx(float(told["add_90d"]), abs=1e-6)
    buckets = {r["ageing_bucket"]: r["receivables_open"] for r in figures(
        invoices, "receivables_open", by=("ageing_bucket",), as_of=day)}  # fmt: skip
    assert {k: buckets.get(k.replace("90+", ">90"), Decimal(0)) for k in told["buckets"]} == {
        k: Decimal(v) for k, v in told["buckets"].items()
    }
    first = day.replace(day=1)
    (month,) = figures(invoices, "collection_effectiveness", "credit_sales", as_of=day, from_date=first)
    assert month["collection_effectiveness"] * 100 == pytest.approx(float(told["cei_month"]), abs=1e-6)
    assert month["credit_sales"] == Decimal(told["month_sales"])
    (before,) = figures(invoices, "receivables_open", as_of=first - timedelta(days=1))
    assert before["receivables_open"] == Decimal(told["month_begin_balance"])
    (quarter,) = figures(invoices, "credit_sales", as_of=day, from_date=day - timedelta(days=89))
    assert quarter["credit_sales"] == Decimal(told["sales_90d"])


@pytest.mark.parametrize("number", range(4))
def test_the_invoices_behind_a_snapshot_are_counted(invoices: Store, number: int) -> None:
    told = expected(INVOICES)["snapshots"][number]
    day = date.fromisoformat(told["asof"])
    with invoices.read() as world:
        sql = "select count(*) as n from receivable where invoice_date <= $day and cleared_date > $day"
        assert world.one(sql, {"day": day})["n"] == told["open_invoices"]
    months = figures(invoices, "credit_sales", by=("month",), as_of=day)
    sold = {f"{row['month']:%Y-%m}": row["credit_sales"] for row in months}
    assert all(sold[month] == Decimal(sales) for month, sales, _ in told["countback_steps"])
    days = sum(Decimal(taken) for _, _, taken in told["countback_steps"])
    assert float(days) == pytest.approx(float(told["dso_countback"]), abs=1e-6)


def test_invoices_by_account_are_exact(invoices: Store) -> None:
    for told in expected(INVOICES)["snapshots"]:
        rows = figures(invoices, "receivables_open", by=("account_id",), as_of=date.fromisoformat(told["asof"]))
        largest = sorted(rows, key=lambda row: -row["receivables_open"])[:10]
        assert [(r["account_id"], r["receivables_open"]) for r in largest] == [
            (a, Decimal(m)) for a, m in told["top10_open"]
        ]
        share = sum(row["receivables_open"] for row in largest) / Decimal(told["balance"])
        assert float(share) == pytest.approx(float(told["top10_open_share"]), abs=5e-9)


def test_what_was_invoiced_is_exact(invoices: Store) -> None:
    told = expected(INVOICES)
    months = figures(invoices, "credit_sales", by=("month",))
    assert {f"{row['month']:%Y-%m}": row["credit_sales"] for row in months if row["credit_sales"]} == {
        month: Decimal(amount) for month, amount in told["invoiced_by_month"].items()
    }
    rows = sorted(figures(invoices, "credit_sales", by=("account_id",)), key=lambda row: -row["credit_sales"])
    total = sum(row["credit_sales"] for row in rows)
    assert (len(rows), total) == (told["customers"], Decimal(told["total"]))
    assert [(r["account_id"], r["credit_sales"]) for r in rows[:10]] == [
        (account, Decimal(amount)) for account, amount in told["top10_by_invoiced"]
    ]
    share = sum(row["credit_sales"] for row in rows[:10]) / total
    assert float(share) == pytest.approx(float(told["top10_share"]), abs=5e-9)


def test_no_invoice_was_lost_joined_or_renumbered(invoices: Store) -> None:
    told = expected(INVOICES)
    with invoices.read() as world:
        row = world.one("""
            select count(*) as rows, count(distinct doc_no) as unique_invoices, min(invoice_date) as first,
                count(*) filter (doc_no like '0%') as invoices_with_leading_zero, max(invoice_date) as last,
                max(cleared_date) as last_settled, count(*) filter (disputed) as disputed,
                count(*) filter (due_date = invoice_date + 30) as check_due_is_invoice_plus_30,
                avg(greatest(0, cleared_date - due_date)) as avg_days_late_all,
                avg(cleared_date - invoice_date) as avg_days_to_settle,
                count(*) filter (cleared_date > due_date) / count(*) as late_share
            from receivable
        """)
    assert {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()} == {
        key: pytest.approx(told[key], rel=1e-12) if isinstance(told[key], float) else told[key] for key in row
    }


def test_the_days_that_the_file_itself_states_are_those_between_its_dates(invoices: Store) -> None:
    told = expected(INVOICES)
    with shared_file(f"{INVOICES}/WA_Fn-UseC_-Accounts-Receivable.csv").open(encoding="utf-8", newline="") as file:
        stated = {
            row["invoiceNumber"]: (int(row["DaysToSettle"]), int(row["DaysLate"])) for row in csv.DictReader(file)
        }
    with invoices.read() as world:
        items = world.rows("select doc_no, invoice_date, due_date, cleared_date from receivable")
    days = {
        row["doc_no"]: (
            (row["cleared_date"] - row["invoice_date"]).days,
            max(0, (row["cleared_date"] - row["due_date"]).days),
        )
        for row in items
    }
    assert days == stated
    assert len(stated) == told["check_dts"] == told["check_late"]


def test_cash_in_by_month_is_exact(invoices: Store) -> None:
    rows = figures(invoices, "collections", by=("month",))
    paid = {f"{row['month']:%Y-%m}": row["collections"] for row in rows if row["collections"]}
    assert paid == {month: Decimal(amount) for month, amount in expected(INVOICES)["cash_in_by_month"].items()}


def test_how_customers_pay_is_exact(invoices: Store) -> None:
    told = expected(INVOICES)
    (row,) = figures(invoices, "days_to_pay", "average_days_late")
    assert row["days_to_pay"] == pytest.approx(float(told["wavg_days_to_settle"]), abs=1e-9)
    assert row["average_days_late"] == pytest.approx(float(told["wavg_days_late"]), abs=1e-9)


UNCOMPARED = {"counts": "empty in every snapshot", "_method": "how the figures were computed"}


@pytest.mark.parametrize("folder", [RESELLERS, INVOICES])
def test_everything_that_is_expected_is_compared_or_named(folder: str) -> None:
    told = expected(folder)
    names = {*told, *(name for snapshot in told.get("snapshots", []) for name in snapshot)}
    compared = Path(__file__).read_text("utf-8").split("UNCOMPARED")[0]
    assert {name for name in names if name not in UNCOMPARED and name not in compared} == set()
    assert not any(snapshot["counts"] for snapshot in told.get("snapshots", []))
