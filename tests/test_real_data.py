"""Published data, loaded through their saved profiles and compared with what other programs computed from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from kam_metrics import extracts, metrics
from kam_metrics.extracts import Options
from kam_metrics.metrics.answer import Row
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Slice
from tests.extract_files import shared_file

RESELLERS = "adventureworks_reseller"
INVOICES = "ibm_accounts_receivable"


def filled(folder: Path, files: dict[str, str]) -> Store:
    """A store of these shared files, each read through its profile."""
    store = Store.at(folder / "kam.duckdb")
    for file, profile in files.items():
        judged = extracts.load(store, shared_file(file), Options(profile=profile), LOCAL_OWNER)
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


def test_reseller_whale_after_freight(resellers: Store) -> None:
    told = expected(RESELLERS)["whale_after_freight"]
    with resellers.read() as world:
        points = metrics.whale(world, Slice(date(2014, 12, 31)))
    peak = max(points, key=lambda point: point["cumulative"])
    losses = [point["contribution"] for point in points if point["contribution"] < 0]
    assert (len(points), points[-1]["cumulative"]) == (told["accounts"], Decimal(told["total"]))
    assert (peak["rank"], peak["cumulative"]) == (told["peak_at_account"], Decimal(told["peak"]))
    assert (len(losses), sum(losses)) == (told["loss_makers"], Decimal(told["loss_sum"]))


def test_reseller_margins_run_down_by_account(resellers: Store) -> None:
    told = expected(RESELLERS)["whale_gross"]
    margins = sorted(
        (row["gross_margin"] for row in figures(resellers, "gross_margin", by=("account_id",))), reverse=True
    )
    curve = list(accumulate(margins))
    assert (len(curve), curve[-1], max(curve)) == (told["accounts"], Decimal(told["total"]), Decimal(told["peak"]))
    assert curve.index(max(curve)) + 1 == told["peak_at_account"]
    assert curve[len(curve) // 5 - 1] == Decimal(told["cum_top20pct"])


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
    (month,) = figures(invoices, "collection_effectiveness", as_of=day, from_date=day.replace(day=1))
    assert month["collection_effectiveness"] * 100 == pytest.approx(float(told["cei_month"]), abs=1e-6)


def test_invoices_by_account_are_exact(invoices: Store) -> None:
    for told in expected(INVOICES)["snapshots"]:
        rows = figures(invoices, "receivables_open", by=("account_id",), as_of=date.fromisoformat(told["asof"]))
        largest = sorted(rows, key=lambda row: -row["receivables_open"])[:10]
        assert [(r["account_id"], r["receivables_open"]) for r in largest] == [
            (a, Decimal(m)) for a, m in told["top10_open"]
        ]


def test_cash_in_by_month_is_exact(invoices: Store) -> None:
    rows = figures(invoices, "collections", by=("month",))
    paid = {f"{row['month']:%Y-%m}": row["collections"] for row in rows if row["collections"]}
    assert paid == {month: Decimal(amount) for month, amount in expected(INVOICES)["cash_in_by_month"].items()}


def test_how_customers_pay_is_exact(invoices: Store) -> None:
    told = expected(INVOICES)
    (row,) = figures(invoices, "days_to_pay", "average_days_late")
    assert row["days_to_pay"] == pytest.approx(float(told["wavg_days_to_settle"]), abs=1e-9)
    assert row["average_days_late"] == pytest.approx(float(told["wavg_days_late"]), abs=1e-9)
