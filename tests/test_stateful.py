"""Loads, replacements, undos, redos and closed months in any order leave what a simple model in Python says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kam_metrics.errors import KamError
from kam_metrics.extracts import close, reopen
from kam_metrics.terms import LOCAL_OWNER
from tests.books import Books

HEADER = "account_id,posting_date,line_type,amount,product"
MONTHS = (1, 2)
Row = tuple[int, int]
"""Month and amount: rows of one month are what one replacement covers."""
PRODUCTS = {3: "P1"}
"""Amounts whose rows say more than others, and so stand in another table."""
ROWS = st.lists(st.tuples(st.sampled_from(MONTHS), st.integers(1, 3)), min_size=1, max_size=5)


class Model:
    """What counts: the fold of the live loads in the order in which they came."""

    def __init__(self) -> None:
        self.loads: list[tuple[int, Counter[Row], bool]] = []
        self.dead: set[int] = set()

    def counting(self, loads: Sequence[tuple[int, Counter[Row], bool]] | None = None) -> Counter[Row]:
        """The rows that count, each as often as the live load that holds it most often."""
        found: Counter[Row] = Counter()
        for load_id, rows, is_replacing in self.loads if loads is None else loads:
            if load_id in self.dead:
                continue
            if is_replacing:
                covered = {month for month, _ in rows}
                found = Counter({row: count for row, count in found.items() if row[0] not in covered})
            found |= rows
        return found

    def totals(self) -> dict[int, int]:
        """Sum per month."""
        sums: dict[int, int] = {}
        for (month, amount), count in self.counting().items():
            sums[month] = sums.get(month, 0) + amount * count
        return sums


class Ledgers(RuleBasedStateMachine):
    """One store and one model that are told the same."""

    @initialize()
    def open(self) -> None:
        self.folder = TemporaryDirectory()
        self.books = Books(Path(self.folder.name))
        self.model, self.closed = Model(), set[int]()
        self.names = 0

    def teardown(self) -> None:
        if hasattr(self, "books"):
            self.books.store.close()
            self.folder.cleanup()

    def changed_by(self, change: Any) -> set[int]:
        """The months whose rows a change of the model would alter; the model is left as it was."""
        before, loads, dead = self.model.counting(), list(self.model.loads), set(self.model.dead)
        change()
        after = self.model.counting()
        self.model.loads, self.model.dead = loads, dead
        return {row[0] for row in (before - after) + (after - before)}

    @rule(rows=ROWS, is_replacing=st.booleans())
    def load(self, rows: list[Row], is_replacing: bool) -> None:
        # a remark nobody reads makes the bytes new, so that the same rows may come again
        self.names += 1
        lines = [
            f"A1,2026-0{month}-15,gross_sales,{amount}.00,{PRODUCTS.get(amount, '')},{self.names}"
            for month, amount in rows
        ]
        loaded = (-1, Counter(rows), is_replacing)
        touched = self.changed_by(lambda: self.model.loads.append(loaded))
        found = self.books.try_load("ledger", f"{HEADER},remark", *lines, replacing=is_replacing)
        if touched & self.closed:
            assert (found.outcome, found.load_id) == ("reject", None)
            return
        assert found.outcome == "accept", found.payload("en")
        assert found.load_id is not None
        self.model.loads.append((found.load_id, Counter(rows), is_replacing))

    @precondition(lambda self: self.model.loads)
    @rule(chosen=st.randoms(use_true_random=False))
    def turn(self, chosen: Any) -> None:
        load_id = chosen.choice([load_id for load_id, *_ in self.model.loads])
        is_dead = load_id in self.model.dead
        touched = self.changed_by(lambda: self.model.dead.symmetric_difference_update({load_id}))
        try:
            (self.books.redo if is_dead else self.books.undo)(load_id)
        except KamError:
            assert touched & self.closed
            return
        assert not touched & self.closed
        self.model.dead.symmetric_difference_update({load_id})

    @precondition(lambda self: self.model.loads)
    @rule(month=st.sampled_from(MONTHS))
    def close_or_reopen(self, month: int) -> None:
        day = date(2026, month, 1)
        if month in self.closed:
            reopen(self.books.store, day, LOCAL_OWNER, who="Cor Boek")
        else:
            close(self.books.store, day, LOCAL_OWNER, who="Cor Boek", today=date(2026, 6, 1))
        self.closed ^= {month}

    @invariant()
    def figures_are_those_of_the_model(self) -> None:
        if hasattr(self, "books"):
            found = {month.month: sales for month, sales in self.books.figures("net_sales", "month").items()}
            assert found == {month: Decimal(total) for month, total in self.model.totals().items()}


LedgersTest = Ledgers.TestCase
LedgersTest.settings = settings(
    max_examples=5, stateful_step_count=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
