"""Every bar of the waterfall opens its lines: for whoever clicks, and for whoever takes the rows below it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kam_metrics import words
from kam_metrics.metrics import behind, waterfall
from kam_metrics.store import Store
from kam_metrics.terms import Slice
from kam_metrics.words import say
from tests.pages_world import TODAY, reading

DAY = TODAY.isoformat()
QUERY = {"lang": "en", "as_of": DAY, "period": "all"}


def bars_of(store: Path, **seen: str) -> dict[str, str]:
    """Every bar with its amount as it is written."""
    with Store.at(store).read() as world:
        steps = waterfall(world, Slice(date.fromisoformat(DAY), **seen))  # type: ignore[arg-type]
        assert all(behind(world, Slice(TODAY, **seen), step["key"]) for step in steps)  # type: ignore[arg-type]
    return {step["key"]: words.money("en", step["amount"]) for step in steps}


@pytest.mark.parametrize("page", ["portfolio", "profit"])
def test_every_bar_has_a_row_that_leads_to_lines_of_its_amount(canary_store: Path, page: str) -> None:
    bars = bars_of(canary_store)
    assert len(bars) > 5
    with reading(canary_store, QUERY) as reader:
        tables = reader.open(page).tables()
        (rows,) = [table["rows"] for table in tables if table.get("caption") == say("en", "drill.bars")]
        assert [row["id"] for row in rows] == [f"profit?step={key}" for key in bars]
        for row, amount in list(zip(rows, bars.values(), strict=True))[:3]:
            assert reader.follow(row["id"]).title.endswith(amount)
            assert not reader.errors


def test_the_lines_of_a_bar_lead_to_their_load_or_to_their_account(canary_store: Path) -> None:
    for env, leads_to in (({}, "data?"), ({"KAM_ROLE": "board"}, "account?")):
        with reading(canary_store, QUERY, **env) as reader:
            tables = reader.open("profit", step="net_sales").tables()
            (rows,) = [table["rows"] for table in tables if table.get("caption") == say("en", "drill.the_lines")]
            assert rows
            assert all(row["id"].startswith(leads_to) for row in rows)


def test_a_bar_that_is_none_says_so(canary_store: Path) -> None:
    with reading(canary_store, QUERY) as reader:
        page = reader.open("profit", step="nonsense", part="²")
        assert say("en", "drill.no_such_step") in page.texts
        assert not page.errors


def test_where_credit_notes_count_is_said_and_kept_in_the_address(canary_store: Path) -> None:
    with reading(canary_store, {**QUERY, "credit_notes": "posting"}) as reader:
        assert any(say("en", "drill.notes_posting") in text for text in reader.open("profit").texts)
    with reading(canary_store, QUERY) as reader:
        assert any(say("en", "drill.notes_invoice") in text for text in reader.open("profit").texts)


def test_a_group_is_looked_at_as_one_with_its_accounts_below(canary_store: Path) -> None:
    with Store.at(canary_store).read() as world:
        group = world.rows("select group_id, group_name from account where group_id is not null limit 1")[0]
    with reading(canary_store, QUERY) as reader:
        page = reader.open("profit", group=group["group_id"])
        assert page.title.startswith(say("en", "drill.group", name=group["group_name"]))
        assert any(table.get("caption", "").startswith("Group ") for table in page.tables())
        assert not page.errors
