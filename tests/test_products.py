"""What each product did to net sales: worked out by hand, and adding up to the growth whatever was invoiced."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kam_metrics.metrics import products
from kam_metrics.metrics.answer import Row
from kam_metrics.metrics.effects import EFFECTS
from kam_metrics.metrics.growth import PARTS
from kam_metrics.metrics.products import SUMMED
from kam_metrics.metrics.spine import Unknown
from kam_metrics.terms import Slice
from tests.books import Books, small_company
from tests.test_growth import LINES, STARTED, YEAR, invoice

COSTED = f"{LINES},cogs_amount"


def told(books: Books, **seen: Any) -> list[Row]:
    with books.store.read() as world:
        found = products(world, Slice(**{**YEAR, **seen}))
    assert not isinstance(found, Unknown)
    return found


def nonzero(row: Row) -> Mapping[str, Any]:
    return {key: row[key] for key in PARTS if row[key]}


def test_every_product_is_worked_out_by_hand(books: Books) -> None:
    books.load(
        "sales_lines", COSTED, f"{STARTED},",
        "A1,1,INV,2025-03-01,Bolt,100,1000.00,600", "A1,2,INV,2025-04-01,Nut,300,600.00,300",
        "A1,3,INV,2025-05-01,Gone,5,250.00,", "A1,4,INV,2026-03-01,Bolt,120,1320.00,700",
        "A1,5,INV,2026-04-01,Nut,200,380.00,", "A1,6,INV,2026-05-01,New,2,70.00,90",
        "A1,7,CRN,2026-06-01,Bolt,-1,-11.00,-6", "A1,8,INV,2026-07-01,,,40.00,10",
    )  # fmt: skip
    rows = told(books, account_id="A1")
    assert [row["product"] for row in rows] == ["Bolt", "Nut", "Gone", "New", None, None]
    bolt, nut, gone, new, rest, total = rows
    # the customer bought 320 pieces after 400: everything at four fifths is volume, the rest of the change is mix
    assert nonzero(bolt) == {"price_effect": 120, "volume_effect": -200, "mix_effect": 400}
    assert nonzero(nut) == {"price_effect": -20, "volume_effect": -120, "mix_effect": -80}
    assert (nonzero(gone), nonzero(new)) == ({"lost_products_effect": -250}, {"new_products_effect": 70})
    assert nonzero(rest) == {"other_effect": 40 - 11}
    assert [row["gross_margin"] for row in rows] == [620, None, None, -20, -5 + 30, 625]
    assert [row["net_sales"] for row in rows] == [1320, 380, 0, 70, 29, 1799]
    assert [row["net_sales_before"] for row in rows] == [1000, 600, 250, 0, 0, 1850]
    assert total["net_sales_growth"] == 1799 - 1850


def test_without_a_year_before_or_without_products_the_reason_is_told(books: Books) -> None:
    books.load("sales_lines", LINES, "A1,1,INV,2026-03-01,Bolt,1,10.00")
    with books.store.read() as world:
        assert products(world, Slice(**YEAR)) == Unknown("no_year_before")
    books.load("sales_lines", LINES, STARTED)
    with books.store.read() as world:
        assert products(world, Slice(**YEAR, account_id="B1")) == Unknown("no_bookings")


@settings(max_examples=12, deadline=None)
@given(lines=st.lists(invoice, min_size=1, max_size=25))
def test_the_rows_add_up_to_the_growth_whatever_was_invoiced(lines: list[tuple[Any, ...]]) -> None:
    with small_company() as books:
        rows = [
            f"{a},{n},{t},{y}-03-0{n % 9 + 1},{p},{'' if q is None else q},{-abs(m) if t == 'CRN' else m},{m / 2}"
            for n, (a, t, y, p, q, m) in enumerate(lines, 1)
        ]
        books.load("sales_lines", COSTED, f"{STARTED},", *rows)
        *each, rest, total = told(books)
        whole = books.ask("net_sales_growth", *PARTS, "net_sales", "gross_margin", **YEAR).only
        books.store.close()
    assert {key: total[key] for key in whole if key in SUMMED} == {key: whole[key] for key in whole if key in SUMMED}
    for key in SUMMED:
        assert sum(row[key] or Decimal(0) for row in (*each, rest)) == (total[key] or 0)
    assert [rest[key] for key in EFFECTS] == [0] * len(EFFECTS)
    for row in (*each, rest, total):
        assert sum(row[key] for key in PARTS) == row["net_sales_growth"] == row["net_sales"] - row["net_sales_before"]
