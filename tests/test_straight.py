"""A large ledger is stored while it is read; whatever stands in it, store and answer are as by the usual road."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from kam_metrics.errors import KamError
from kam_metrics.extracts import Options, close, load, staging, straight
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.judgement import Doubtful
from kam_metrics.extracts.memory import remember
from kam_metrics.extracts.straight import Straight
from kam_metrics.settings import Settings
from kam_metrics.store import EngineError, Stage
from kam_metrics.terms import LOCAL_OWNER
from tests.books import TWO_KAMS, Books
from tests.test_roads import Listened

HEADERS = ("Accountnummer", "Boekdatum", "Regelsoort", "Bedrag", "Boekstuk")
HEAD = ";".join(HEADERS)
TYPES = ("omzet", "korting", "kostprijs", "transport")
MANY = 80


def line(n: int, **said: str) -> str:
    """A plain line of January 2026, with what is said of it."""
    kind = TYPES[n % len(TYPES)]
    sign = "" if kind == "omzet" else "-"
    told = {
        "account": f"{'AB'[n % 2]}1", "day": f"{13 + n % 16:02}-01-2026", "type": kind,
        "amount": f"{sign}{1_000 + n},{n % 100:02}", "document": f"F{n // 4}",
    }  # fmt: skip
    return ";".join({**told, **said}.values())


def text(*more: str, end: str = "\n", tail: str = "\n", head: str = HEAD, many: int = MANY) -> str:
    """A ledger of many plain lines with others in their midst."""
    plain = [line(n) for n in range(many)]
    return end.join((head, *plain[: many * 3 // 4], *more, *plain[many * 3 // 4 :])) + tail


def wide(*more: str) -> str:
    lines = text(*more).splitlines()
    return (
        "\n".join([f"{lines[0]};Valuta", *(f"{one};EUR" if one.count(";") == 4 else one for one in lines[1:])]) + "\n"
    )


USUAL, STRAIGHT, UNPROBED = "usual", "straight", "unprobed"


@contextmanager
def road(name: str) -> Iterator[list[bool]]:
    """Every text goes this road as far as it can; tells of each whether it was stored straight."""
    kept: list[bool] = []
    keep = Straight.keep

    def noted(self: Straight, loaded: Any) -> None:
        keep(self, loaded)
        kept.append(self.number is not None and self._is_kept)

    with ExitStack() as patched:
        patched.enter_context(patch.multiple(staging, _PIECES=2, _PIECE=128))
        patched.enter_context(patch.multiple(straight, LEAST_LINES=10**9 if name == USUAL else 1, _TAIL=64))
        patched.enter_context(patch.object(Straight, "keep", noted))
        if name == UNPROBED:
            patched.enter_context(patch.object(Straight, "_looks_plain", lambda *_: True))
        yield kept


def everything(books: Books) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for the clock."""
    moments = {"change": " exclude (changed_at, hash)", "saved_profile": " exclude (saved_at)"}
    with books.store.stage() as stage:
        tables = [name for (name,) in stage.cursor.execute("select table_name from duckdb_tables()").fetchall()]
        return {
            name: stage.cursor.execute(f"select *{moments.get(name, '')} from {name} order by all").fetchall()
            for name in tables
        }


def nothing(books: Books) -> None:
    """Only the accounts are known."""


def before(content: str, **options: Any) -> Callable[[Books], None]:
    """Another file was loaded before."""

    def prepare(books: Books) -> None:
        assert put(books, content.encode(), **options).outcome == "accept"

    return prepare


def undone(books: Books) -> None:
    books.undo(put(books, text().encode()).load_id)


def closed(books: Books) -> None:
    close(books.store, date(2026, 1, 1), LOCAL_OWNER, who="Cor Boek", today=date(2026, 3, 1))


def kept_row(books: Books) -> None:
    """A profile knows where the headers of such a file stand."""
    remember(books.store, "grootboek", Options(kind="ledger", header_row=1), HEADERS, LOCAL_OWNER)


def put(books: Books, content: bytes, *, replacing: bool = False, seen: int | None = None, **options: Any) -> Any:
    path = books.folder / "grootboek.csv"
    path.write_bytes(content)
    return load(
        books.store, path, Options(**{"kind": "ledger", **options}), LOCAL_OWNER, replacing=replacing, seen=seen
    )


def went(name: str, content: bytes, prepare: Callable[[Books], None], **said: Any) -> tuple[Any, Any, bool]:
    """The answer, the store behind it, and whether the rows were stored straight."""
    with TemporaryDirectory() as folder:
        books = Books(Path(folder))
        books.load("accounts", *TWO_KAMS)
        prepare(books)
        try:
            with road(name) as kept:
                answer = put(books, content, **said)
        except KamError as error:
            answer = (type(error), error.key)
        found = everything(books)
        assert books.differences() == {}
        books.store.close()
        return answer, found, any(kept)


def agreed(
    content: str | bytes, prepare: Callable[[Books], None] = nothing, roads: tuple[str, ...] = (UNPROBED,), **said: Any
) -> list[str]:
    """By which roads a file was stored straight, all of which come to the same."""
    told = content.encode() if isinstance(content, str) else content
    answer, found, is_straight = went(USUAL, told, prepare, **said)
    assert not is_straight
    straightly = []
    for name in roads:
        other, stored, is_straight = went(name, told, prepare, **said)
        assert other == answer
        assert stored == found
        straightly += [name] if is_straight else []
    return straightly


BOTH = (STRAIGHT, UNPROBED)
PLAIN: Mapping[str, Any] = {
    "clean": text(),
    "without a newline at the end": text(tail=""),
    "carriage returns": text(end="\r\n", tail="\r\n"),
    "windows": text(line(1, document="Caf\u00e9"), line(2, amount="€ 5,00")).encode("cp1252"),
    "a minus behind the number": text(line(1, amount="5,00-"), line(3, amount="(7,10)"), line(2, amount="1.234,5")),
    "the same line twice": text(line(5), line(5)),
    "documents left out": text(*(line(n, document="") for n in range(5))),
    "spaces around": text(line(1, account=" A1 ", amount=" 5,00"), "\t" + line(2)),
    "days as others write them": text(line(1, day="2026-01-05"), line(1, day="5 jan 2026")),
    "a day far away": text(line(1, day="05-01-1999")),
    "letters that look alike": text(line(1, account="\u0410\u0031")),
    "a title above": "Grootboek 2026\n" + text(),
    "euros said": wide(),
    "a column that is not read": "".join(f"{one};x\n" for one in text().splitlines()),
}
ODD: Mapping[str, str] = {
    "a wrong day late": text(line(1, day="30-02-2026")),
    "a wrong amount": text(line(1, amount="1,23456")),
    "an unknown word": text(line(1, type="omzt")),
    "an unknown word that is known elsewhere": text(line(1, type="Omzet")),
    "no account": text(line(1, account="")),
    "a total": text("Totaal;;;1,00;"),
    "a field too many": text(line(1) + ";te veel"),
    "a field too few": text("A1;01-01-2026;omzet"),
    "a header again": text(HEAD),
    "a blank line": text(""),
    "blank lines at the end": text(tail="\n\n\n"),
    "a footer at the end": text(tail=f"\nAantal regels: {MANY};;;;\n"),
    "quoted cells": text('"A1";05-01-2026;omzet;"1,00";"F;1"'),
    "a line break in a cell": text('A1;05-01-2026;omzet;1,00;"F\n1"'),
    "a stray quote": text('A 5" x;05-01-2026;omzet;1,00;F1'),
    "a dot for the decimals": text(line(1, amount="12.34")),
    "two digits for the year": text(line(1, day="05-01-26")),
    "days with the month first": text(*(line(n, day=f"01-{13 + n}-2026") for n in range(9))),
    "dollars": text(line(1, amount="$ 5,00")),
    "currencies": wide(f"{line(1)};USD", f"{line(2)};GBP"),
    "no such currency": wide(f"{line(1)};EURO"),
    "a broken cell": text(line(1, document="#N/B")),
    "costs above nothing": text().replace(";-", ";"),
    "a column that says which way": "".join(
        f"{one};{'Debet/Credit' if one == HEAD else 'DC'[nth // 4 % 2]}\n"
        for nth, one in enumerate(text().replace(";-", ";").splitlines())
    ),
}  # fmt: skip


def added_up() -> str:
    """A total in the midst that agrees with the lines above it."""
    above = [line(n) for n in range(MANY)]
    amounts = (Decimal(one.split(";")[3].replace(",", ".")) for one in above)
    total = str(sum(amounts)).replace(".", ",")
    return "\n".join((HEAD, *above, f"Totaal;;;{total};", *(line(n) for n in range(MANY, MANY + 20)))) + "\n"


EARLIER = f"{HEAD}\nA1;15-12-2025;omzet;5,00;E1\n"
SAME = f"{HEAD}\n{line(1)}\nA1;15-01-2026;omzet;5,00;E1\n"
TURNED = text().replace(";-", ";")
TOTAL = {"EUR": sum((Decimal(one.split(";")[3].replace(",", ".")) for one in text().splitlines()[1:]), Decimal(0))}
ONTO: Mapping[str, tuple[Callable[[Books], None], Mapping[str, Any]]] = {
    "another month": (before(EARLIER), {}),
    "another month, replaced": (before(EARLIER), {"replacing": True}),
    "the control total": (nothing, {"control_totals": TOTAL}),
    "a source": (before(EARLIER, source="exact"), {"source": "sap"}),
    "as booked": (nothing, {"sign": "as_booked"}),
    "what is remembered": (before(EARLIER, decimal=",", date_order="dmy", source="exact"), {}),
    "the revision that was seen": (nothing, {"seen": 1}),
}  # fmt: skip
AGAINST: Mapping[str, tuple[Callable[[Books], None], Mapping[str, Any]]] = {
    "the same month": (before(SAME), {}),
    "the same month, replaced": (before(SAME), {"replacing": True}),
    "the same bytes": (before(text()), {}),
    "the same bytes, replaced": (before(text()), {"replacing": True}),
    "the same bytes, undone": (undone, {}),
    "a closed month": (closed, {}),
    "another control total": (nothing, {"control_totals": {"EUR": Decimal(1)}}),
    "another control total, and a profile": (kept_row, {"control_totals": {"EUR": Decimal(1)}}),
    "costs that turn": (nothing, {"sign": "negate_costs"}),
    "a sign that is remembered": (before(TURNED.replace("2026", "2025"), sign="negate_costs"), {}),
    "quarantine": (nothing, {"quarantine": True}),
    "a constant": (nothing, {"constants": {"company_code": "100"}}),
    "a revision that is no longer": (before(EARLIER), {"seen": 1}),
}


@pytest.mark.parametrize("content", PLAIN.values(), ids=PLAIN)
def test_a_plain_file_goes_straight_and_comes_to_the_same(content: str | bytes) -> None:
    assert agreed(content, roads=BOTH) == [*BOTH]


@pytest.mark.parametrize("content", [*ODD.values(), added_up()], ids=[*ODD, "a total that agrees"])
def test_an_odd_file_goes_the_usual_road_and_comes_to_the_same(content: str) -> None:
    assert agreed(content) == []


@pytest.mark.parametrize(("prepare", "said"), ONTO.values(), ids=ONTO)
def test_a_plain_file_goes_straight_onto_a_store_that_knows_nothing_of_its_months(
    prepare: Callable[[Books], None], said: Mapping[str, Any]
) -> None:
    assert agreed(text(), prepare, **said) == [UNPROBED]


@pytest.mark.parametrize(("prepare", "said"), AGAINST.values(), ids=AGAINST)
def test_a_file_that_must_be_compared_or_changed_goes_the_usual_road(
    prepare: Callable[[Books], None], said: Mapping[str, Any]
) -> None:
    assert agreed(text(), prepare, **said) == []


AMOUNT = st.integers(-999_999, 999_999).map(lambda n: f"{n // 100},{n % 100:02}")
WRITTEN = st.one_of(AMOUNT, AMOUNT.map(lambda a: f"{a.lstrip('-')}-"), AMOUNT.map(lambda a: f"€ {a}"))
ROW = st.builds(
    line, st.integers(0, 40), amount=WRITTEN, document=st.sampled_from(["", "F1", "x y"]),
    account=st.sampled_from(["A1", "B1", " A1", "Totaal A1"]),
)  # fmt: skip
ANY = st.one_of(
    ROW, st.sampled_from(["", ";;;;", "Totaal;;;7,00;", "---", HEAD, line(1, day="31-04-2026"), line(2, type="omzt")])
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ANY, max_size=6), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]))
def test_any_file_comes_to_the_same_by_either_road(more: list[str], end: str, encoding: str) -> None:
    agreed(text(*more, end=end, tail=end).encode(encoding))


ROWS = 300_000


@pytest.mark.parametrize("buffer", [1, staging._BUFFER])
def test_every_stored_row_has_the_number_of_its_line(books: Books, buffer: int) -> None:
    content = "\n".join((HEAD, *(line(n, document=f"F{n}") for n in range(ROWS)))) + "\n"
    with patch.multiple(straight, LEAST_LINES=1), patch.object(staging, "_BUFFER", buffer):
        assert put(books, content.encode()).outcome == "accept"
    with patch.object(Straight, "holds", lambda *_: False):
        assert books.rows("select count(*) as n from ledger_brief where document = 'F' || (line - 2)") == [{"n": ROWS}]


def steps(plan: Mapping[str, Any], wanted: str) -> list[str]:
    """The operators from the top of a plan down to one."""
    name = str(plan["name"]).strip()
    if name == wanted:
        return [name]
    below = (steps(child, wanted) for child in plan["children"])
    return next(([name, *found] for found in below if found), [])


def test_lines_are_numbered_as_they_are_read_and_lose_their_order_only_behind_that(books: Books) -> None:
    path = books.file(text().splitlines())
    with books.store.stage() as stage, road(STRAIGHT):
        listened = Listened(stage.cursor)
        way = Straight(books.store, Stage(listened, stage.spool), LOCAL_OWNER)  # type: ignore[arg-type]
        with suppress(Doubtful), way.tried():
            assert judge(Stage(listened, stage.spool), path, Options(kind="ledger"), (), way).outcome == "accept"
            (storing,) = (told for told in listened.told if str(told[0]).startswith("insert into ledger_brief"))
            ((_, told),) = stage.cursor.execute(f"explain (format json) {storing[0]}", *storing[1:]).fetchall()
    names = steps(json.loads(told)[0], "READ_CSV")
    assert names[0] == "INSERT"
    assert [name for name in names if "JOIN" in name or "WINDOW" in name] == ["HASH_JOIN", "STREAMING_WINDOW"]


def test_a_try_that_fails_leaves_nothing_takes_no_number_and_gives_its_room_back(books: Books) -> None:
    content = text(many=ROWS)
    with road(UNPROBED) as kept:
        good = put(books, content.encode())
    books.rows("select 1")
    size = sized(books)
    before = everything(books)
    later = content.replace("-01-2026", "-02-2026")
    with road(UNPROBED) as kept:
        for _ in range(3):
            assert put(books, f"{later}A1;30-02-2026;omzet;1,00;F1\n".encode()).outcome == "reject"
        assert everything(books) == before
        assert sized(books) < 2.5 * size
        assert put(books, later.encode()).load_id == good.load_id + 1
    assert kept == [True]
    assert sized(books) < 3 * size


def sized(books: Books) -> int:
    """Bytes of a store without anything left to write."""
    with books.store.stage() as stage:
        stage.cursor.execute("checkpoint")
    return books.store.path.stat().st_size


@pytest.mark.parametrize(
    "content", [ODD["blank lines at the end"], ODD["a footer at the end"], ODD["costs above nothing"]]
)
def test_what_a_sample_or_the_end_tells_is_not_even_tried(books: Books, content: str) -> None:
    with road(STRAIGHT), patch.object(straight, "_store", side_effect=AssertionError):
        put(books, content.encode())


def test_with_more_threads_the_usual_road_is_faster(tmp_path: Path) -> None:
    books = Books(tmp_path, Settings(threads=4))
    with road(STRAIGHT) as kept:
        assert put(books, text().encode()).outcome == "accept"
    assert kept == [False]


def test_rows_under_another_number_than_their_load_got_are_stored_anew(books: Books) -> None:
    with road(STRAIGHT) as kept, patch.object(straight, "_next_number", lambda _: 99):
        assert put(books, text().encode()).load_id == 3
    assert kept == [False, False]
    assert books.rows("select distinct batch_id from ledger_brief") == [{"batch_id": 3}]


def test_what_the_engine_cannot_do_is_no_doubt_about_the_file_and_leaves_nothing(books: Books) -> None:
    found = everything(books)
    with road(STRAIGHT), patch.object(straight, "brief_table", lambda _: "nowhere"), pytest.raises(EngineError):
        put(books, text().encode())
    assert everything(books) == found
    assert put(books, text().encode()).outcome == "accept"
