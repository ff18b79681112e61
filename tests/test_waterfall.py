"""The waterfall adds up whatever was booked, and the whale curve shows who earns it (measures.md 3.1, 3.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kam_metrics.metrics import waterfall, whale
from kam_metrics.metrics.answer import Row
from kam_metrics.terms import Slice
from tests.books import AS_OF, Books, small_company
from tests.test_profit import DRIVERS, GOLDEN, RATES

LEDGER = "account_id,posting_date,line_type,amount"
WHALE = (400, 250, 150, 80, 40, 10, -5, -25, -60, -140)


def steps(books: Books, **seen: object) -> list[Row]:
    with books.store.read() as world:
        return waterfall(world, Slice(AS_OF, **seen))  # type: ignore[arg-type]


def adds_up(rows: list[Row]) -> bool:
    """Every total is the sum of the steps before it; a waterfall may break off, never skip."""
    so_far, is_first = Decimal(0), True
    for row in rows:
        if row["total"] and not is_first:
            if row["amount"] != so_far:
                return False
        else:
            so_far += row["amount"]
        is_first = False
    return True


def test_the_golden_waterfall_has_the_worked_out_steps(books: Books) -> None:
    books.load("ledger", LEDGER, *GOLDEN)
    books.load("cost_rates", "activity,eur_per_unit,valid_from", *(f"{a},{r},2025-01-01" for a, r in RATES.items()))
    lines = (f"A1,2026-03,{activity},{quantity}" for activity, quantity in DRIVERS.items())
    books.load("cost_drivers", "account_id,month,activity,quantity", *lines)
    rows = steps(books)
    assert [(row["key"], row["amount"]) for row in rows] == [
        ("gross_sales", 1_000_000),
        ("discounts", -60_000),
        ("credit_notes", -15_000),
        ("rebates", -40_000),
        ("net_sales", 885_000),
        ("cogs", -560_000),
        ("gross_margin", 325_000),
        ("kam_hours", -38_000),
        ("service_hours", -18_000),
        ("deliveries", -7_700),
        ("orders", -4_200),
        ("lines", -3_600),
        ("returns", -960),
        ("contribution", 252_540),
    ]
    assert adds_up(rows)


def test_the_golden_waterfall_goes_on_to_economic_profit(books: Books) -> None:
    books.load("ledger", LEDGER, *GOLDEN, "A1,2026-03-31,service,-72460", "A1,2026-12-31,capital_charge,-21600")
    assert [(row["key"], row["amount"], row["total"]) for row in steps(books)[-3:]] == [
        ("contribution", 252_540, True),
        ("capital_charge", -21_600, False),
        ("economic_profit", 230_940, True),
    ]
    assert adds_up(steps(books))


def test_cost_that_belongs_to_no_account_is_a_bar_of_its_own(books: Books) -> None:
    books.load("ledger", LEDGER, *GOLDEN, "A1,2026-03-31,service,-5", "B1,2026-03-31,service,-6")
    books.load("ledger", LEDGER, "OVERHEAD,2026-03-31,service,-7", "OVERHEAD,2026-03-31,marketing,-8")
    rows = {row["key"]: row["amount"] for row in steps(books)}
    assert (rows["service"], rows["unallocated"], "marketing" in rows) == (-11, -15, False)
    assert adds_up(steps(books))
    parts = [steps(books, account_id=account)[-1]["amount"] for account in ("A1", "B1")]
    assert sum(parts) + rows["unallocated"] == rows["contribution"]
    assert "unallocated" not in {row["key"] for row in steps(books, kam_scope="an")}


def test_a_group_is_its_parent_with_every_account_under_it(books: Books) -> None:
    books.load("accounts", "account_id,account_name,parent_id", "B1,Breda,A1", replacing=True)
    books.load("ledger", LEDGER, "A1,2026-03-31,gross_sales,5", "B1,2026-03-31,gross_sales,6")
    books.load("ledger", LEDGER, "A2,2026-03-31,gross_sales,7", "X9,2026-03-31,gross_sales,8")
    assert steps(books, group_id="A1")[0]["amount"] == 11
    assert steps(books, group_id="A2")[0]["amount"] == 7
    assert books.figures("net_sales", "group_id")["A1"] == 11


def test_a_seventh_activity_goes_into_the_rest(books: Books) -> None:
    books.load("ledger", LEDGER, *GOLDEN, "A1,2026-03-31,marketing,-1", "A1,2026-03-31,bad_debt,-2")
    books.load("cost_rates", "activity,eur_per_unit,valid_from", *(f"{a},{r},2025-01-01" for a, r in RATES.items()))
    lines = (f"A1,2026-03,{activity},{quantity}" for activity, quantity in DRIVERS.items())
    books.load("cost_drivers", "account_id,month,activity,quantity", *lines)
    rows = steps(books)
    assert [row["amount"] for row in rows if row["key"] == "other_activities"] == [-3]
    assert adds_up(rows)


def test_a_line_without_cost_price_is_a_bar_of_its_own(books: Books) -> None:
    header = "account_id,doc_no,line_no,invoice_date,net_amount,cogs_amount"
    books.load("sales_lines", header, "A1,F1,1,2026-01-20,1000,600", "A1,F1,2,2026-01-21,250,")
    books.load("ledger", LEDGER, "A1,2026-01-31,service,-50")
    rows = steps(books)
    assert ("margin_unknown", -250) in [(row["key"], row["amount"]) for row in rows]
    assert rows[-1] == {"key": "contribution", "amount": 350, "total": True}
    assert adds_up(rows)


def test_what_is_unknown_ends_the_waterfall(books: Books) -> None:
    books.load("ledger", LEDGER, "A1,2026-01-15,gross_sales,100")
    assert [row["key"] for row in steps(books)] == ["gross_sales", "net_sales", "margin_unknown"]


def test_an_empty_store_has_no_waterfall_and_no_whale(empty: Books) -> None:
    assert steps(empty) == []
    with empty.store.read() as world:
        assert whale(world, Slice(AS_OF)) == []


TYPES = ["gross_sales", "discount", "rebate", "credit_note", "cogs", "freight", "service", "bad_debt", "capital_charge"]
POSTINGS = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", "B1", "X9"]),
        st.sampled_from(["2026-01-15", "2026-02-20"]),
        st.sampled_from(TYPES),
        st.decimals(-1000, 1000, places=4),
    ),
    min_size=1,
    max_size=12,
)
INVOICES = st.lists(
    st.tuples(
        st.sampled_from(["A1", "B1", "X9"]),
        st.none() | st.decimals(0, 500, places=2),
        st.none() | st.decimals(0, 50, places=2),
        st.decimals(0, 500, places=2),
        st.none() | st.decimals(0, 300, places=2),
    ),
    max_size=6,
)


@settings(max_examples=10, deadline=None)
@given(postings=POSTINGS, invoices=INVOICES)
def test_the_waterfall_adds_up_and_accounts_are_the_whole_whatever_was_booked(
    postings: list[tuple[object, ...]], invoices: list[tuple[object, ...]]
) -> None:
    with small_company() as books:
        _holds(books, postings, invoices)


def _holds(books: Books, postings: list[tuple[object, ...]], invoices: list[tuple[object, ...]]) -> None:
    loads = [books.load("ledger", LEDGER, *(",".join(map(str, row)) for row in postings), sign="as_booked")]
    if invoices:
        header = "doc_no,invoice_date,line_no,account_id,list_amount,discount_amount,net_amount,cogs_amount"
        lines = [
            ",".join([f"F{n}", "2026-01-20", "1", *("" if cell is None else str(cell) for cell in row)])
            for n, row in enumerate(invoices)
        ]
        loads.append(books.load("sales_lines", header, *lines))
    for seen in ({}, {"account_id": "A1"}, {"to_date": date(2026, 1, 31)}, {"from_date": date(2026, 1, 18)}):
        assert adds_up(steps(books, **seen))
    whole = books.figure("net_sales")
    for name in ("account_id", "kam_id", "segment", "country", "month", "line_type", "currency", "product"):
        assert sum(part or 0 for part in books.figures("net_sales", name).values()) == (whole or 0)
    assert books.differences().keys() <= {"ledger_and_sales_lines"}
    for load_id in reversed(loads):
        books.undo(load_id)
    assert not books.figure("net_sales")


# The whale


def test_the_golden_whale_peaks_and_destroys_as_worked_out(empty: Books) -> None:
    empty.load("accounts", "account_id,account_name", *(f"W{n},Whale {n}" for n in range(10)))
    lines = [
        f"W{n},2026-01-15,{posted}"
        for n, contribution in enumerate(WHALE)
        for posted in ("gross_sales,1000", f"cogs,{contribution - 990}", "service,-10")
    ]
    empty.load("ledger", LEDGER, *lines)
    with empty.store.read() as world:
        points = whale(world, Slice(AS_OF))
    assert [point["contribution"] for point in points] == list(WHALE)
    assert [point["rank"] for point in points] == list(range(1, 11))
    assert all(point["low"] == point["high"] == point["cumulative"] for point in points)
    total, peak = points[-1]["cumulative"], max(point["cumulative"] for point in points)
    assert (total, peak) == (700, 930)
    assert [round(share / total, 3) for share in (peak, peak - total, points[1]["cumulative"])] == [
        Decimal("1.329"),
        Decimal("0.329"),
        Decimal("0.929"),
    ]


def test_the_whale_has_a_band_from_the_low_and_the_high_rates(books: Books) -> None:
    books.load(
        "ledger", LEDGER, *(f"{a},2026-03-15,{what}" for a in ("A1", "B1") for what in ("gross_sales,100", "cogs,-1"))
    )
    books.load("cost_rates", "activity,eur_per_unit,low,high,valid_from", "visits,50,40,65,2025-01-01")
    books.load("cost_drivers", "account_id,month,activity,quantity", "A1,2026-03,visits,1", "B1,2026-03,visits,2")
    with books.store.read() as world:
        points = whale(world, Slice(AS_OF))
    assert [(row["low"], row["cumulative"], row["high"]) for row in points] == [(34, 49, 59), (3, 48, 78)]
