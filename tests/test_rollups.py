"""Rollups equal a recomputation after any sequence of loads, replacements, undos and redos (extracts.md rule 8)."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kam_metrics.errors import KamError
from kam_metrics.extracts import Judgement
from tests.books import TWO_KAMS, Books

Row = tuple[str, ...]
HEADERS = {
    "ledger": "account_id,posting_date,line_type,amount",
    "sales_lines": "doc_no,account_id,invoice_date,net_amount,line_no",
    "cost_drivers": "account_id,month,activity,quantity",
    "accounts": "account_id,account_name,kam_id",
}
ACCOUNTS = st.sampled_from(["A1", "B1"])
DAYS = st.sampled_from(["2026-01-15", "2026-01-20", "2026-02-10"])
AMOUNTS = st.sampled_from(["1.00", "20.00"])
LEDGER = st.lists(st.tuples(ACCOUNTS, DAYS, st.just("gross_sales"), AMOUNTS), min_size=1, max_size=4)
SALES = st.lists(
    st.tuples(st.sampled_from(["F1", "F2", "F3"]), ACCOUNTS, DAYS, AMOUNTS, st.just("1")),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[0],
)
DRIVERS = st.lists(
    st.tuples(ACCOUNTS, st.sampled_from(["2026-01", "2026-02"]), st.just("visits"), st.sampled_from(["1", "2"])),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[:3],
)
MASTERS = st.lists(
    st.tuples(ACCOUNTS, st.just("Name"), st.sampled_from(["an", "bo"])),
    min_size=1,
    max_size=2,
    unique_by=lambda r: r[0],
)


@dataclass
class Loaded:
    """One accepted load, as the model knows it."""

    load_id: int
    kind: str
    rows: Sequence[Row]
    is_replacing: bool
    is_live: bool = True


def month_of(kind: str, row: Row) -> str:
    """What a replacement covers."""
    return {"ledger": row[1], "sales_lines": row[2], "cost_drivers": row[1]}[kind][:7]


def ledger(loads: Sequence[Loaded]) -> Counter[Row]:
    """Lines with multiplicity: of overlapping loads the one that holds most of a line decides."""
    state: Counter[Row] = Counter()
    for load in loads:
        if load.is_replacing:
            covered = {month_of("ledger", row) for row in load.rows}
            state = Counter({row: n for row, n in state.items() if month_of("ledger", row) not in covered})
        state |= Counter(load.rows)
    return state


def invoices(loads: Sequence[Loaded]) -> set[Row]:
    """Invoice lines; one key may only be there twice for want of a check."""
    state: set[Row] = set()
    for load in loads:
        if load.is_replacing:
            covered = {month_of("sales_lines", row) for row in load.rows}
            state = {row for row in state if month_of("sales_lines", row) not in covered}
        state |= set(load.rows)
    return state


def drivers(loads: Sequence[Loaded]) -> dict[Row, str]:
    """Quantity per account, month and activity: the last one says."""
    state: dict[Row, str] = {}
    for load in loads:
        if load.is_replacing:
            covered = {month_of("cost_drivers", row) for row in load.rows}
            state = {key: value for key, value in state.items() if key[1] not in covered}
        state |= {row[:3]: row[3] for row in load.rows}
    return state


def masters(loads: Sequence[Loaded]) -> dict[str, str]:
    """KAM per account: masters add and change, and never go."""
    state = {row.split(",")[0]: row.split(",")[2] for row in TWO_KAMS[1:]}
    for load in loads:
        state |= {row[0]: row[2] for row in load.rows}
    return state


def is_twice(rows: set[Row]) -> bool:
    """Whether one invoice number counts with two contents."""
    return len({row[0] for row in rows}) < len(rows)


class LoadsInAnyOrder(RuleBasedStateMachine):
    """Loads, undos and redos in any order give the figures of the live loads, folded in the order of loading."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.books = Books(self.folder)
        self.books.load("accounts", *TWO_KAMS)
        self.books.load("cost_rates", "activity,eur_per_unit,valid_from", "visits,10,2025-01-01")
        self.loads: list[Loaded] = []

    def teardown(self) -> None:
        assert self.books.differences().keys() <= {"ledger_and_sales_lines"}
        self.books.store.close()
        shutil.rmtree(self.folder)

    def live(self, kind: str, *more: Loaded) -> list[Loaded]:
        return [load for load in (*self.loads, *more) if load.kind == kind and load.is_live]

    def offer(self, kind: str, rows: Sequence[Row], *, replacing: bool) -> Judgement:
        lines = [",".join(row) for row in rows]
        judgement = self.books.try_load(kind, HEADERS[kind], *lines, replacing=replacing)
        known = {load.load_id for load in self.loads}
        if judgement.outcome == "accept" and judgement.load_id not in known:
            assert judgement.load_id is not None
            self.loads.append(Loaded(judgement.load_id, kind, rows, replacing))
        return judgement

    @rule(rows=LEDGER, replacing=st.booleans())
    def load_ledger(self, rows: list[Row], replacing: bool) -> None:
        assert self.offer("ledger", rows, replacing=replacing).outcome in ("accept", "ask")

    @rule(rows=SALES, replacing=st.booleans())
    def load_invoices(self, rows: list[Row], replacing: bool) -> None:
        after = invoices(self.live("sales_lines", Loaded(0, "sales_lines", rows, replacing)))
        judgement = self.offer("sales_lines", rows, replacing=replacing)
        assert judgement.outcome == "ask" or (judgement.outcome == "reject") == is_twice(after)

    @rule(rows=DRIVERS, replacing=st.booleans())
    def load_drivers(self, rows: list[Row], replacing: bool) -> None:
        before = drivers(self.live("cost_drivers"))
        judgement = self.offer("cost_drivers", rows, replacing=replacing)
        is_changed = any(before.get(row[:3], row[3]) != row[3] for row in rows)
        if judgement.outcome == "reject":
            assert is_changed
            assert not replacing

    @rule(rows=MASTERS)
    def load_masters(self, rows: list[Row]) -> None:
        assert self.offer("accounts", rows, replacing=True).outcome in ("accept", "ask")

    @precondition(lambda self: self.loads)
    @rule(data=st.data())
    def turn(self, data: st.DataObject) -> None:
        load = data.draw(st.sampled_from(self.loads))
        load.is_live = not load.is_live
        is_refused = is_twice(invoices(self.live("sales_lines")))
        turn = self.books.redo if load.is_live else self.books.undo
        if is_refused:
            with pytest.raises(KamError, match="counts_twice"):
                turn(load.load_id)
            load.is_live = not load.is_live
        else:
            turn(load.load_id)

    @invariant()
    def figures_are_those_of_the_live_loads(self) -> None:
        sales: dict[tuple[str, date], Decimal] = {}
        for doc, account, day, amount, _ in invoices(self.live("sales_lines")):
            del doc
            sales[account, _month(day)] = sales.get((account, _month(day)), Decimal(0)) + Decimal(amount)
        posted: dict[tuple[str, date], Decimal] = {}
        for (account, day, _, amount), times in ledger(self.live("ledger")).items():
            posted[account, _month(day)] = posted.get((account, _month(day)), Decimal(0)) + Decimal(amount) * times
        found = self.books.figures("net_sales", "account_id", "month")
        assert {key: value for key, value in found.items() if value} == posted | sales
        quantities = self.books.rows("select account_id, month, activity, quantity from cost_driver")
        assert {
            (row["account_id"], f"{row['month']:%Y-%m}", row["activity"]): row["quantity"] for row in quantities
        } == {key: Decimal(value) for key, value in drivers(self.live("cost_drivers")).items()}

    @invariant()
    def kams_are_those_of_the_live_masters(self) -> None:
        told = self.books.rows("select account_id, kam_id from account")
        assert {row["account_id"]: row["kam_id"] for row in told} == masters(self.live("accounts"))


def _month(day: str) -> date:
    return date.fromisoformat(day).replace(day=1)


TestLoadsInAnyOrder = LoadsInAnyOrder.TestCase
TestLoadsInAnyOrder.settings = settings(
    max_examples=12, stateful_step_count=9, deadline=None, suppress_health_check=list(HealthCheck)
)
