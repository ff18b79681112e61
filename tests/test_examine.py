"""What an analyst sees of a file before it is loaded: rows, headers, differences, totals; and who loaded meanwhile."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kam_metrics.extracts import Examination, LoadedMeanwhile, Options, events_since, examine, load
from kam_metrics.terms import LOCAL_OWNER
from tests.books import Books

HEAD = "Klantnr;Boekdatum;Regelsoort;Bedrag;Boekstk;Kleur"
LINES = (
    HEAD,
    "A1;15-01-2026;omzet;1.250,00;D1;rood",
    "B1;20-02-2026;omzet;300,50;D2;groen",
    "A1;21-02-2026;vracht;-20,00;D3;",
)


def examined(books: Books, *lines: str, replacing: bool = False, **options: Any) -> Examination:
    return examine(books.store, books.file(lines), Options(**options), LOCAL_OWNER, replacing=replacing)


def test_a_row_is_shown_as_it_stands_and_as_it_was_read(books: Books) -> None:
    found = examined(books, "Grootboek januari;;;;;", *LINES)
    assert [row.line for row in found.rows] == [3, 4, 5]
    assert found.rows[0].raw == ("A1", "15-01-2026", "omzet", "1.250,00", "D1", "rood")
    typed = found.rows[0].typed
    assert (typed["customer_no"], typed["line_type"], typed["amount"]) == ("A1", "gross_sales", Decimal("1250.0000"))
    assert found.judgement.headers == tuple(HEAD.split(";"))


def test_of_a_long_file_the_first_and_the_last_rows_are_shown(books: Books) -> None:
    rows = [f"A1;15-01-2026;omzet;{number},50;D{number};" for number in range(100, 200)]
    found = examined(books, HEAD, *rows)
    assert [row.line for row in found.rows] == [*range(2, 12), *range(92, 102)]


def test_a_total_and_a_wrong_row_are_marked(books: Books) -> None:
    found = examined(books, *LINES[:3], "A1;21-02-2026;vracht;-20,0x;D3;", "Totaal;;;1.550,50;;")
    rows = {row.line: row for row in found.rows}
    assert rows[4].rules == ("number",)
    assert rows[5].is_skipped
    assert not rows[2].is_skipped
    assert found.rules == {"number": 1}


def test_every_header_says_what_it_stands_for_and_how_sure_that_is(books: Books) -> None:
    found = examined(books, *LINES, mapping={"Kleur": "product"})
    told = {head.theirs: (head.ours, head.sure) for head in found.heads}
    assert told == {
        "Klantnr": ("customer_no", "known"),
        "Boekdatum": ("posting_date", "known"),
        "Regelsoort": ("line_type", "known"),
        "Bedrag": ("amount", "known"),
        "Boekstk": (None, "guess"),
        "Kleur": ("product", "said"),
    }
    assert found.heads[4].guess == "document"
    assert found.heads[5].examples == ("rood", "groen")
    assert found.missing == ()


def test_a_missing_column_is_named_beside_the_headers_that_are_there(books: Books) -> None:
    found = examined(books, *(line.replace("Bedrag", "Waarde in euro") for line in LINES), kind="ledger")
    assert found.judgement.outcome == "reject"
    assert found.missing == ("amount",)
    assert {head.theirs: head.sure for head in found.heads}["Waarde in euro"] == "none"


def test_without_a_kind_the_headers_are_shown_and_nothing_is_guessed(books: Books) -> None:
    found = examined(books, "een;twee;drie", "1;2;3")
    assert found.judgement.outcome == "ask"
    assert [(head.theirs, head.ours, head.sure) for head in found.heads] == [
        ("een", None, "none"), ("twee", None, "none"), ("drie", None, "none"),
    ]  # fmt: skip
    assert [(row.line, row.raw, row.typed) for row in found.rows] == [(2, ("1", "2", "3"), {})]
    assert (found.missing, found.sheets) == ((), ())


def test_a_change_shows_the_old_and_the_new_value(books: Books) -> None:
    found = examined(books, "account_id,account_name,segment", "A1,Aalst,tail", "C1,Cuijk,key", kind="accounts")
    assert found.judgement.difference == {"new": 1, "changed": 1, "unchanged": 0, "disappearing": 0}
    (changed,) = found.changes.changed
    assert (changed.line, changed.key) == (2, {"account_id": "A1"})
    assert changed.values["segment"] == ("key", "tail")
    assert [row["account_id"] for row in found.changes.new] == ["C1"]


def test_totals_per_month_stand_beside_those_of_the_store_and_after_loading(books: Books) -> None:
    books.load("ledger", *LINES[:3], decimal=",", delimiter=";")
    more = (HEAD, LINES[2], LINES[3], "A1;15-03-2026;omzet;7,00;D4;")
    added = examined(books, *more)
    february = (date(2026, 2, 1), "EUR", Decimal("280.50"), Decimal("300.50"), Decimal("280.50"))
    march = (date(2026, 3, 1), "EUR", Decimal(7), Decimal(0), Decimal(7))
    assert [tuple(vars(total).values()) for total in added.changes.totals] == [february, march]
    assert added.judgement.difference == {"new": 2, "changed": 0, "unchanged": 1, "disappearing": 0}
    replaced = examined(books, HEAD, LINES[3], replacing=True)
    assert [row["amount"] for row in replaced.changes.disappearing] == [Decimal("300.50")]
    (total,) = replaced.changes.totals
    assert (total.in_store, total.after) == (Decimal("300.50"), Decimal(-20))


def test_a_file_that_is_known_changes_nothing_and_shows_nothing(books: Books) -> None:
    books.load("ledger", *LINES, decimal=",", delimiter=";")
    found = examined(books, *LINES, kind="ledger", decimal=",", delimiter=";")
    assert found.changes.totals == ()
    assert found.judgement.difference is not None
    assert found.judgement.difference["unchanged"] == 3


def test_who_loads_hears_what_was_loaded_after_they_looked(books: Books) -> None:
    seen = books.store.revision
    path = books.file(LINES)
    books.load("ledger", HEAD, "A1;15-03-2026;omzet;7,00;D4;", decimal=",", delimiter=";")
    with pytest.raises(LoadedMeanwhile):
        load(books.store, path, Options(), LOCAL_OWNER, seen=seen)
    with books.store.read() as world:
        (event,) = events_since(world, seen)
    assert (event.what, event.who, event.kind, event.file) == ("load", "local", "ledger", "extract-3.csv")
    loaded = load(books.store, path, Options(), LOCAL_OWNER, seen=books.store.revision)
    assert loaded.outcome == "accept"
