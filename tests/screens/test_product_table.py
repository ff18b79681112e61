"""The products on the Profit & cash page: rows that add up, the largest one by one, each leading to its lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kam_metrics import words
from kam_metrics.metrics import products
from kam_metrics.metrics.spine import Unknown
from kam_metrics.periods import beginning
from kam_metrics.store import Store
from kam_metrics.terms import Slice
from kam_metrics.ui.products import MOST_PRODUCTS
from kam_metrics.words import LANGUAGES, say
from tests.pages_world import TODAY, Reader, reading

Small = Callable[[str], Path]
YEAR = Slice(TODAY, beginning("12m", TODAY))


def rows_of(reader: Reader, lang: str) -> list[dict[str, list[dict[str, str]]]]:
    (table,) = [one for one in reader.tables() if one["caption"] == say(lang, "products.title")]
    rows: list[dict[str, list[dict[str, str]]]] = table["rows"]
    return rows


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_largest_products_stand_one_by_one_and_the_total_is_the_growth(small_demo: Small, lang: str) -> None:
    with Store.at(small_demo(lang)).read() as world:
        told = products(world, YEAR)
    assert not isinstance(told, Unknown)
    *each, _, total = told
    with reading(small_demo(lang), {"lang": lang, "as_of": TODAY.isoformat()}) as reader:
        rows = rows_of(reader.open("profit"), lang)
        assert reader.errors == []
        names = [row["cells"][0]["text"] for row in rows]
        assert names[:3] == [row["product"] for row in each[:3]]
        assert names[-2:] == [say(lang, "products.rest"), say(lang, "products.total")]
        assert (say(lang, "products.others", count=len(each) - MOST_PRODUCTS) in names) is (len(each) > MOST_PRODUCTS)
        assert rows[-1]["cells"][-1]["title"] == words.money(lang, total["net_sales_growth"])
        for place in (0, -1):
            reader.follow(str(rows[place]["id"]))
            assert reader.errors == []
            assert (names[0] in reader.title) is (place == 0)
            assert (say(lang, "drill.no_such_step") in reader.texts) is False
            reader.open("profit")


def test_the_lines_of_a_product_are_of_that_product_alone(small_demo: Small) -> None:
    with reading(small_demo("en"), {"lang": "en", "as_of": TODAY.isoformat()}) as reader:
        first = rows_of(reader.open("profit"), "en")[0]
        product = first["cells"][0]["text"]
        tables = reader.follow(str(first["id"])).tables()
        (lines,) = [table for table in tables if table["caption"] == say("en", "drill.the_lines")]
        assert {row["cells"][4]["text"] for row in lines["rows"]} == {product}
        (accounts,) = [table for table in tables if table["caption"] == say("en", "drill.by_account")]
        way = next(row["id"] for row in accounts["rows"] if "account=" in row["id"])
        assert product in reader.follow(way).title


def test_more_products_than_are_listed_stand_together(small_demo: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kam_metrics.ui.products.MOST_PRODUCTS", 3)
    with reading(small_demo("en"), {"lang": "en", "as_of": TODAY.isoformat()}) as reader:
        names = [row["cells"][0]["text"] for row in rows_of(reader.open("profit"), "en")]
    assert len(names) == 3 + 3
    assert names[3].startswith("Other products (")
