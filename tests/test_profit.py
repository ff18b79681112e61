"""Profit per account: whose a posting is, what it is worth in euros, and every figure from gross sales on down."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kam_metrics.errors import UnknownDimension, UnknownMeasure, UsageError
from kam_metrics.metrics import MEASURES, worklist
from kam_metrics.settings import Settings
from kam_metrics.terms import Slice
from tests.books import Books

LEDGER = "account_id,posting_date,line_type,amount"
BY_CUSTOMER = "customer_no,posting_date,line_type,amount"
SALES = "account_id,doc_no,line_no,doc_type,invoice_date,list_amount,discount_amount,net_amount,cogs_amount"
GOLDEN = (
    "A1,2026-03-15,gross_sales,1000000",
    "A1,2026-03-15,discount,-60000",
    "A1,2026-03-20,rebate,-40000",
    "A1,2026-03-25,credit_note,-15000",
    "A1,2026-03-15,cogs,-560000",
)
DRIVERS = {"orders": 120, "lines": 900, "deliveries": 140, "returns": 12, "service_hours": 300, "kam_hours": 400}
RATES = {"orders": 35, "lines": 4, "deliveries": 55, "returns": 80, "service_hours": 60, "kam_hours": 95}


def month_ends(year: int) -> list[date]:
    """The last day of every month."""
    return [date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1) for month in range(1, 13)]


@pytest.fixture
def golden(books: Books) -> Books:
    """The account of measures.md 3.1."""
    books.load("ledger", LEDGER, *GOLDEN)
    books.load("cost_rates", "activity,eur_per_unit,valid_from", *(f"{a},{r},2025-01-01" for a, r in RATES.items()))
    books.load(
        "cost_drivers", "account_id,month,activity,quantity", *(f"A1,2026-03,{a},{q}" for a, q in DRIVERS.items())
    )
    books.load(
        "account_balances",
        "account_id,month_end,item,amount",
        *(f"A1,{day},stock,300000" for day in month_ends(2026)),
        *(f"A1,{day},prepayment,60000" for day in month_ends(2026)),
    )
    return books


def test_the_golden_account_has_the_worked_out_figures(golden: Books) -> None:
    figures = golden.ask("net_sales", "gross_margin", "cost_to_serve", "contribution", "economic_profit").only
    assert [figures[key] for key in ("net_sales", "gross_margin", "cost_to_serve", "contribution")] == [
        885_000,
        325_000,
        72_460,
        252_540,
    ]
    assert figures["economic_profit"] == pytest.approx(Decimal(230_940), abs=Decimal("1e-10"))
    shares = golden.ask("gross_margin_pct", "contribution_pct").only
    assert round(shares["gross_margin_pct"], 3) == 0.367
    assert round(shares["contribution_pct"], 3) == 0.285


def test_costs_are_shown_as_positive_magnitudes(golden: Books) -> None:
    shown = golden.ask("gross_sales", "discounts", "rebates", "credit_notes", "cogs").only
    assert [shown[key] for key in ("gross_sales", "discounts", "rebates", "credit_notes", "cogs")] == [
        1_000_000,
        60_000,
        40_000,
        15_000,
        560_000,
    ]


# Capital


def test_capital_is_charged_at_nine_percent_a_year(golden: Books) -> None:
    assert golden.figure("capital_charge") == pytest.approx(Decimal(21_600), abs=Decimal("1e-10"))


def test_capital_is_charged_per_day_of_the_month(golden: Books) -> None:
    charged = golden.figures("capital_charge", "month")
    assert round(charged[date(2026, 2, 1)], 8) == round(Decimal(240_000) * 28 * 9 / 36_500, 8)


def test_the_rate_of_capital_is_a_setting_that_holds_at_once(golden: Books) -> None:
    golden.store.close()
    again = Books(golden.folder, Settings(capital_rate=Decimal("0.18")))
    assert again.figure("capital_charge") == pytest.approx(Decimal(43_200), abs=Decimal("1e-10"))
    again.store.close()


def test_receivables_tie_up_capital_including_vat(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-01,gross_sales,1000", "A1,2026-01-01,cogs,-1", "A1,2026-01-01,service,-1")
    books.load(
        "receivables",
        "account_id,doc_no,invoice_date,amount,cleared_date",
        "A1,1,2026-01-01,36500,2026-02-10",
        "A1,2,2026-02-28,1,",
    )
    charged = books.figures("capital_charge", "month")
    assert charged[date(2026, 1, 1)] == Decimal(36_500) * 31 * 9 / 36_500
    assert round(charged[date(2026, 2, 1)], 10) == round(Decimal(28) * 9 / 36_500, 10)


LIST = "account_id,doc_no,invoice_date,amount,cleared_date,snapshot_date"


def test_what_a_list_calls_cleared_ties_nothing_up(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-01,gross_sales,1000", "A1,2026-01-01,cogs,-1", "A1,2026-01-01,service,-1")
    items = "A1,1,2026-01-01,36500,2026-01-20,2026-01-31", "A1,2,2026-01-02,100,,2026-01-31"
    books.load("receivables", LIST, *items)
    charged = books.figures("capital_charge", "month")
    assert round(charged[date(2026, 1, 1)], 10) == round(Decimal(3100) * 9 / 36_500, 10)


def test_what_a_history_and_a_list_both_hold_ties_up_capital_once(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-01,gross_sales,1000", "A1,2026-01-01,cogs,-1", "A1,2026-01-01,service,-1")
    books.load("receivables", LIST, "A1,1,2026-01-01,36500,,")
    books.load("receivables", LIST, "A1,1,2026-01-01,36500,,2026-01-31")
    books.load("receivables", LIST, "A1,1,2026-01-01,36500,,2026-02-28")
    charged = books.figures("capital_charge", "month")
    assert charged == {date(2026, 1, 1): 31 * 9, date(2026, 2, 1): 28 * 9}


def test_the_newest_balance_of_a_month_stands_for_all_of_it(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-01,gross_sales,1000", "A1,2026-01-01,cogs,-1", "A1,2026-01-01,service,-1")
    balances = "A1,2026-01-10,stock,100,EUR", "A1,2026-01-31,stock,36500,EUR", "A1,2026-02-15,stock,73000,EUR"
    books.load("account_balances", "account_id,month_end,item,amount,currency", *balances)
    charged = books.figures("capital_charge", "month")
    assert charged == {date(2026, 1, 1): 31 * 9, date(2026, 2, 1): 2 * 28 * 9}


def test_a_posted_capital_charge_replaces_the_computed_one_of_its_month(golden: Books) -> None:
    golden.load("ledger", LEDGER, "A1,2026-03-31,capital_charge,-1000")
    charged = golden.figures("capital_charge", "month")
    assert charged[date(2026, 3, 1)] == 1000
    assert round(charged[date(2026, 2, 1)], 2) == Decimal("1656.99")


def test_a_budgeted_capital_charge_replaces_no_actual_one(golden: Books) -> None:
    golden.load("budget", "account_id,month,line_type,amount", "A1,2026-03,capital_charge,-1")
    assert golden.figure("capital_charge") == pytest.approx(Decimal(21_600), abs=Decimal("1e-10"))


def test_capital_tied_up_after_the_as_of_date_is_not_charged(golden: Books) -> None:
    assert set(golden.figures("capital_charge", "month", as_of=date(2026, 2, 15))) == {date(2026, 1, 1)}


def test_capital_in_a_currency_without_a_rate_is_unknown_and_named(golden: Books) -> None:
    golden.load("receivables", "account_id,doc_no,invoice_date,amount,currency", "B1,1,2026-05-01,100,USD")
    answer = golden.ask("capital_charge", by=["account_id"])
    assert {row["account_id"]: answer.why(row).get("capital_charge") for row in answer.rows} == {
        "A1": None,
        "B1": "no_rate:USD",
    }


# Whose it is


def test_a_customer_number_is_resolved_by_source_and_company(books: Books) -> None:
    header = f"{BY_CUSTOMER},company_code"
    books.load(
        "customer_map",
        "customer_no,account_id,source_system,company_code",
        "7,A1,exact,",
        "7,B1,exact,BE",
        "7,A2,afas,",
    )
    books.load("ledger", header, "7,2026-01-15,gross_sales,1,NL", "7,2026-01-15,gross_sales,10,BE", source="exact")
    books.load("ledger", header, "7,2026-01-15,gross_sales,100,NL", source="afas")
    assert books.figures("net_sales", "account_id") == {"A1": 1, "B1": 10, "A2": 100}


def test_a_customer_may_change_account_inside_a_month(books: Books) -> None:
    books.load(
        "ledger", BY_CUSTOMER, "7,2026-01-15,gross_sales,1", "7,2026-01-16,gross_sales,10", "7,2026-02-01,cogs,-3"
    )
    books.load("customer_map", "customer_no,account_id,valid_from", "7,A1,", "7,B1,2026-01-16")
    assert books.figures("net_sales", "account_id") == {"A1": 1, "B1": 10}
    assert books.figures("cogs", "account_id") == {"A1": 0, "B1": 3}
    assert books.differences() == {}


def test_a_posting_that_comes_after_the_mapping_lands_on_its_day_too(books: Books) -> None:
    books.load("customer_map", "customer_no,account_id,valid_from", "7,A1,", "7,B1,2026-01-16")
    books.load("ledger", BY_CUSTOMER, "7,2026-01-15,gross_sales,1", "7,2026-01-16,gross_sales,10")
    assert books.figures("net_sales", "account_id") == {"A1": 1, "B1": 10}
    assert books.differences() == {}


def test_several_customers_may_be_one_account(books: Books) -> None:
    books.load("customer_map", "customer_no,account_id", "7,A1", "8,A1")
    books.load("ledger", BY_CUSTOMER, "7,2026-01-15,gross_sales,1", "8,2026-01-16,gross_sales,10")
    assert books.figures("net_sales", "account_id") == {"A1": 11}


def test_changing_the_mapping_moves_what_was_booked_and_undoing_it_moves_it_back(books: Books) -> None:
    books.load("ledger", BY_CUSTOMER, "7,2026-01-15,gross_sales,1")
    assert books.figures("net_sales", "account_id") == {None: 1}
    first = books.load("customer_map", "customer_no,account_id", "7,A1")
    assert books.figures("net_sales", "account_id") == {"A1": 1}
    second = books.load("customer_map", "customer_no,account_id", "7,B1", replacing=True)
    assert books.figures("net_sales", "account_id") == {"B1": 1}
    books.undo(second)
    assert books.figures("net_sales", "account_id") == {"A1": 1}
    books.undo(first)
    assert books.figures("net_sales", "account_id") == {None: 1}
    assert books.differences() == {}


def test_a_customer_number_that_is_an_account_needs_no_mapping(books: Books) -> None:
    books.load("ledger", BY_CUSTOMER, "B1,2026-01-15,gross_sales,1")
    assert books.figures("net_sales", "account_id") == {"B1": 1}


def test_what_nobody_knows_is_one_bar_with_all_its_money_and_on_the_worklist(books: Books) -> None:
    books.load(
        "ledger",
        f"account_id,{BY_CUSTOMER}",
        "A1,,2026-01-15,gross_sales,1",
        ",7,2026-01-15,gross_sales,10",
        "X9,,2026-02-15,gross_sales,100",
    )
    books.load("customer_map", "customer_no,account_id", "7,Z0")
    assert books.figures("net_sales", "account_id") == {"A1": 1, None: 110}
    with books.store.read() as world:
        told = worklist(world, Slice(date(2026, 12, 31)))
        assert [(row["unmapped_ref"], row["is_customer"], row["amount"], row["line_count"]) for row in told] == [
            ("X9", False, 100, 1),
            ("7", True, 10, 1),
        ]
        assert worklist(world, Slice(date(2026, 12, 31), kam_scope="an")) == []
    books.load("accounts", "account_id,account_name", "X9,Xanten", "Z0,Zwolle")
    assert books.figures("net_sales", "account_id") == {"A1": 1, "Z0": 10, "X9": 100}


# Which part of time


def test_a_period_that_breaks_a_month_equals_its_lines(books: Books) -> None:
    days = [
        date(2026, 1, 1),
        date(2026, 1, 15),
        date(2026, 1, 16),
        date(2026, 1, 31),
        date(2026, 2, 1),
        date(2026, 3, 31),
    ]
    books.load("ledger", LEDGER, *(f"A1,{day},gross_sales,{2**n}" for n, day in enumerate(days)))
    for first in days:
        for last in days:
            if first <= last:
                inside = sum(2**n for n, day in enumerate(days) if first <= day <= last)
                assert books.figure("net_sales", from_date=first, to_date=last) == inside


def test_an_as_of_date_inside_a_month_sees_nothing_after_it(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,1", "A1,2026-01-16,gross_sales,10")
    assert books.figure("net_sales", as_of=date(2026, 1, 15)) == 1
    assert books.figure("net_sales", as_of=date(2026, 1, 15), to_date=date(2026, 12, 31)) == 1


def test_months_quarters_and_years_are_written_as_agreed(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2025-12-15,gross_sales,1", "A1,2026-05-16,gross_sales,10")
    assert books.figures("net_sales", "month") == {date(2025, 12, 1): 1, date(2026, 5, 1): 10}
    assert books.figures("net_sales", "quarter") == {"2025-Q4": 1, "2026-Q2": 10}
    assert books.figures("net_sales", "year") == {2025: 1, 2026: 10}


# Sales lines beside the ledger


def test_sales_lines_beat_the_ledger_where_both_hold_a_line_type(books: Books) -> None:
    books.load(
        "ledger", LEDGER,
        "A1,2026-01-15,gross_sales,900", "A1,2026-01-15,cogs,-500", "A1,2026-01-15,rebate,-50",
        "A1,2026-02-15,gross_sales,80", "B1,2026-01-15,gross_sales,7",
    )  # fmt: skip
    books.load("sales_lines", SALES, "A1,F1,1,INV,2026-01-20,,,1000,600")
    assert books.figures("net_sales", "account_id", "month") == {
        ("A1", date(2026, 1, 1)): 950,
        ("A1", date(2026, 2, 1)): 80,
        ("B1", date(2026, 1, 1)): 7,
    }
    assert books.figure("cogs") == 600
    assert books.differences() == {
        "ledger_and_sales_lines": (
            "A1 2026-01 cogs: -500.0000 / -600.0000 EUR",
            "A1 2026-01 gross_sales: 900.0000 / 1000.0000 EUR",
        )
    }


def test_sales_lines_beat_the_ledger_for_an_unmapped_customer_too(books: Books) -> None:
    books.load("ledger", BY_CUSTOMER, "7,2026-01-15,gross_sales,900", "8,2026-01-15,gross_sales,5")
    books.load("sales_lines", "customer_no,doc_no,invoice_date,net_amount", "7,F1,2026-01-20,1000")
    assert books.figures("net_sales", "account_id") == {None: 1005}
    assert books.differences() == {"ledger_and_sales_lines": ("7 2026-01 gross_sales: 900.0000 / 1000.0000 EUR",)}


def test_sales_lines_beat_the_ledger_inside_a_broken_month_too(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-10,gross_sales,900")
    books.load("sales_lines", SALES, "A1,F1,1,INV,2026-01-20,,,1000,600")
    assert books.figures("net_sales", "account_id", to_date=date(2026, 1, 15)) == {}
    assert books.figure("net_sales", from_date=date(2026, 1, 16)) == 1000


def test_a_credit_note_goes_to_credit_notes_and_takes_back_its_cost(books: Books) -> None:
    books.load(
        "sales_lines", SALES, "A1,F1,1,INV,2026-01-20,1100,100,1000,600", "A1,C1,1,CRN,2026-02-02,-110,-10,-100,-60"
    )
    figures = books.ask("gross_sales", "discounts", "credit_notes", "net_sales", "cogs").only
    assert [figures[k] for k in ("gross_sales", "discounts", "credit_notes", "net_sales", "cogs")] == [
        1100,
        100,
        100,
        900,
        540,
    ]


def test_a_price_that_does_not_follow_from_list_and_discount_is_its_own_step(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,INV,2026-01-20,1100,100,990,600", "A1,F2,1,INV,2026-01-20,,5,95,60")
    figures = books.ask("gross_sales", "discounts", "price_difference", "net_sales").only
    assert [figures[k] for k in ("gross_sales", "discounts", "price_difference", "net_sales")] == [1200, 105, -10, 1085]


def test_a_line_without_a_cost_price_counts_in_sales_and_not_in_margin(books: Books) -> None:
    books.load(
        "sales_lines",
        SALES,
        "A1,F1,1,INV,2026-01-20,,,1000,600",
        "A1,F2,1,INV,2026-01-21,,,250,",
        "B1,F3,1,INV,2026-01-21,,,50,",
    )
    answer = books.ask("net_sales", "margin_unknown", "gross_margin", "gross_margin_pct")
    assert [answer.only[key] for key in answer.keys] == [1300, 300, 400, 0.4]
    assert answer.coverage["net_sales"] == 1
    assert answer.coverage["gross_margin"] == 0.5
    by_account = books.ask("gross_margin", by=["account_id"])
    assert [(row["gross_margin"], by_account.why(row).get("gross_margin")) for row in by_account.rows] == [
        (400, None),
        (None, "no_cogs"),
    ]


def test_the_ledgers_cost_stands_for_invoice_lines_without_one(books: Books) -> None:
    books.load("sales_lines", SALES, "A1,F1,1,INV,2026-01-20,,,1000,")
    books.load("ledger", LEDGER, "A1,2026-01-31,cogs,-600")
    assert books.figure("gross_margin") == 400
    assert books.figure("margin_unknown") == 0
    assert books.figures("gross_margin", "product") == {None: 400}
    assert books.differences() == {}


def test_sales_by_product_come_from_the_lines(books: Books) -> None:
    header = "account_id,doc_no,line_no,invoice_date,net_amount,cogs_amount,product,product_category"
    books.load(
        "sales_lines",
        header,
        "A1,F1,1,2026-01-20,100,60,P1,film",
        "A1,F1,2,2026-01-20,40,30,P2,film",
        "B1,F2,1,2026-01-20,7,3,P1,film",
    )
    assert books.figures("net_sales", "product") == {"P1": 107, "P2": 40}
    assert books.figures("gross_margin", "product_category") == {"film": 54}


# Currencies


def test_foreign_money_is_worth_its_last_rate_on_or_before_the_day(books: Books) -> None:
    header = f"{LEDGER},currency"
    books.load(
        "ledger",
        header,
        "A1,2026-01-15,gross_sales,10,USD",
        "A1,2026-01-16,gross_sales,20,USD",
        "A1,2026-02-20,gross_sales,40,USD",
    )
    answer = books.ask("net_sales")
    assert (answer.only["net_sales"], answer.why(answer.only)) == (None, {"net_sales": "no_rate:USD"})
    books.load(
        "fx_rates", "currency,date,eur_per_unit", "USD,2026-01-01,0.5", "USD,2026-01-16,0.25", "USD,2026-02-21,9"
    )
    assert books.figure("net_sales") == Decimal("20")
    assert books.figures("net_sales", "currency") == {"USD": 70}
    assert books.differences() == {}


def test_a_line_without_a_rate_makes_only_its_own_account_unknown(books: Books) -> None:
    header = f"{LEDGER},currency"
    books.load("ledger", header, "A1,2026-01-15,gross_sales,10,USD", "B1,2026-01-16,gross_sales,20,EUR")
    assert books.figures("net_sales", "account_id") == {"A1": None, "B1": 20}
    assert books.ask("net_sales").coverage["net_sales"] == 0.5


def test_many_small_amounts_in_a_foreign_currency_are_not_rounded_per_line(books: Books) -> None:
    books.load("fx_rates", "currency,date,eur_per_unit", "USD,2026-01-01,0.33333333")
    books.load("ledger", f"{LEDGER},currency", *(["A1,2026-01-15,gross_sales,0.0001,USD"] * 3))
    assert books.figure("net_sales") == Decimal("0.000099999999")


# Cost to serve


def test_an_activity_both_posted_and_driven_counts_as_posted_and_is_named(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,freight,-70")
    books.load("cost_rates", "activity,eur_per_unit,valid_from", "freight,10,2025-01-01", "visits,5,2025-01-01")
    books.load(
        "cost_drivers", "account_id,month,activity,quantity",
        "A1,2026-01,freight,3", "A1,2026-02,freight,4", "A1,2026-01,visits,1", "B1,2026-01,freight,2",
    )  # fmt: skip
    assert books.figures("cost_to_serve", "account_id") == {"A1": 115, "B1": 20}
    assert books.figures("cost_to_serve", "activity") == {"freight": 130, "visits": 5}
    assert len(books.differences()["posted_and_driven"]) == 1
    assert "A1 2026-01 freight" in books.differences()["posted_and_driven"][0]


def test_a_budgeted_activity_does_not_hide_what_was_driven(books: Books) -> None:
    books.load("cost_rates", "activity,eur_per_unit,valid_from", "freight,10,2025-01-01")
    books.load("cost_drivers", "account_id,month,activity,quantity", "A1,2026-01,freight,3")
    books.load("budget", "account_id,month,line_type,amount", "A1,2026-01,freight,-99")
    assert books.figure("cost_to_serve") == 30
    assert "posted_and_driven" not in books.differences()


def test_a_cost_rate_holds_from_its_day_and_a_missing_one_is_named(books: Books) -> None:
    books.load(
        "cost_drivers",
        "account_id,month,activity,quantity",
        "A1,2025-12,visits,3",
        "A1,2026-01,visits,1",
        "A1,2026-02,visits,1",
    )
    books.load("cost_rates", "activity,eur_per_unit,valid_from", "visits,10,2026-01-01", "visits,20,2026-01-02")
    answer = books.ask("cost_to_serve")
    assert answer.why(answer.only) == {"cost_to_serve": "no_cost_rate:visits"}
    assert books.figure("cost_to_serve", from_date=date(2026, 1, 1)) == 30


# Scenarios


def test_budget_and_forecast_are_never_added_to_actuals(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,1")
    books.load(
        "budget",
        "account_id,month,line_type,amount,scenario",
        "A1,2026-01,gross_sales,10,budget",
        "A1,2026-01,gross_sales,100,forecast",
    )
    assert [books.figure("net_sales", scenario=name) for name in ("actual", "budget", "forecast")] == [1, 10, 100]
    for dimension in sorted(MEASURES["net_sales"].dims):
        assert sum(books.figures("net_sales", dimension).values()) == 1


def test_a_budget_may_lie_after_the_as_of_date(books: Books) -> None:
    books.load("budget", "account_id,month,line_type,amount", "A1,2027-06,gross_sales,10")
    assert books.figure("net_sales", scenario="budget", to_date=date(2027, 12, 31)) == 10


# Groups


def test_accounts_roll_up_to_the_top_of_their_group(empty: Books) -> None:
    chain = [f"N{n},Name {n},N{n - 1}" for n in range(1, 16)]
    empty.load(
        "accounts",
        "account_id,account_name,parent_id",
        "N0,Top,",
        *chain,
        "S,Single,",
        "O,Orphan,GONE",
        "I,Own parent,I",
    )
    empty.load(
        "ledger",
        LEDGER,
        *(f"N{n},2026-01-15,gross_sales,1" for n in range(16)),
        "S,2026-01-15,gross_sales,3",
        "O,2026-01-15,gross_sales,5",
        "I,2026-01-15,gross_sales,7",
    )
    assert empty.figures("net_sales", "group_id") == {"N0": 16, "S": 3, "GONE": 5, "I": 7}


def test_accounts_that_are_each_others_parent_are_one_group(empty: Books) -> None:
    empty.load("accounts", "account_id,account_name,parent_id", "P,P,Q", "Q,Q,R", "R,R,P", "A,A,Q")
    empty.load("ledger", LEDGER, *(f"{name},2026-01-15,gross_sales,1" for name in "PQRA"))
    assert empty.figures("net_sales", "group_id") == {"P": 4}


# What cannot be asked, and what nobody knows


def test_an_unknown_measure_names_the_nearest(books: Books) -> None:
    with pytest.raises(UnknownMeasure) as refused:
        books.ask("net_sale")
    assert refused.value.values["nearest"] == "net_sales"


def test_a_dimension_that_makes_no_sense_is_refused(books: Books) -> None:
    with pytest.raises(UnknownDimension):
        books.ask("days_sales_outstanding", by=["product"])
    with pytest.raises(UsageError):
        books.ask("element_score")


def test_a_figure_is_unknown_and_not_zero_when_nothing_of_it_was_loaded(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,1")
    answer = books.ask("net_sales", "gross_margin", "contribution", "economic_profit")
    assert answer.only["net_sales"] == 1
    assert answer.why(answer.only) == {
        "gross_margin": "no_cogs",
        "contribution": "no_cogs",
        "economic_profit": "no_cogs",
    }
