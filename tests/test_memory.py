"""Answers that were given once are remembered for files with the same headers, and never make a wrong reading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kam_metrics.errors import KamError, UsageError
from kam_metrics.extracts import Judgement, Options, check, load, loads, memory, profiles
from kam_metrics.extracts.memory import forget, held, recalled, remember
from kam_metrics.store import Store
from kam_metrics.terms import LOCAL_OWNER, Principal, Role
from tests.books import Books

HEAD = "Debiteur;Boekdatum;Soort;Waarde in EUR"
HEADERS = HEAD.split(";")
ANSWERS: dict[str, Any] = {
    "kind": "ledger",
    "decimal": ",",
    "date_order": "dmy",
    "mapping": {"Waarde in EUR": "amount"},
    "source": "exact",
}


def known_for(store: Store, headers: Sequence[str], said: Options | None = None) -> Options | None:
    """What is remembered for files with these headers, if one set of answers fits."""
    with store.stage() as stage:
        answers, new = recalled(held(stage), headers, said or Options())
    return answers if new else None


def file(books: Books, *rows: str, name: str = "omzet 2026-01.csv", head: str = HEAD) -> Path:
    path = books.folder / name
    path.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return path


def loaded(books: Books, path: Path, **answers: Any) -> Judgement:
    return load(books.store, path, Options(**answers), LOCAL_OWNER)


@pytest.fixture
def known(books: Books) -> Books:
    """A store that was told once how to read a file."""
    assert loaded(books, file(books, "A1;03-04-2026;omzet;1.234"), **ANSWERS).outcome == "accept"
    return books


def test_the_next_file_with_the_same_headers_needs_no_answer_and_says_so(known: Books) -> None:
    told = loaded(known, file(known, "B1;05-06-2026;omzet;2.500", name="omzet 2026-02.csv"))
    assert (told.outcome, told.kind, told.remembered) == ("accept", "ledger", "omzet")
    assert known.figure("net_sales") == 3734
    (warning,) = [one.say("en") for one in told.warnings if "Read as last time" in one.say("en")]
    for answer in ("“omzet”", "--decimal ,", "--date-order dmy", "--map Waarde in EUR=amount", "--source exact"):
        assert answer in warning
    newest = loads(known.store)[-1]
    assert (newest.profile, newest.file) == ("omzet", "omzet 2026-02.csv")


def test_headers_are_the_same_in_any_order_case_and_spacing(known: Books) -> None:
    path = file(known, "2.500;omzet;05-06-2026;B1", head="WAARDE IN EUR;soort;Boek datum;debiteur")
    assert loaded(known, path).remembered == "omzet"


def test_other_headers_remember_nothing(known: Books) -> None:
    path = file(known, "B1;05-06-2026;omzet;2.500;x", head=f"{HEAD};Kenmerk")
    told = loaded(known, path)
    assert (told.outcome, told.remembered) == ("ask", None)


def test_what_is_said_now_goes_before_what_is_remembered(known: Books) -> None:
    told = loaded(known, file(known, "B1;05-06-2026;omzet;2.500"), decimal=".")
    assert told.outcome == "accept"
    assert known.figure("net_sales") == pytest.approx(1236.5)


@pytest.mark.parametrize(
    ("row", "about", "said"),
    [
        ("B1;05-06-2026;omzet;1,234.56", "decimal", "had the decimal mark «,» until now"),
        ("B1;06-25-2026;omzet;2.500", "date_order", "had their dates as «dmy» until now"),
    ],
)
def test_values_that_contradict_what_is_remembered_are_asked_about(
    known: Books, row: str, about: str, said: str
) -> None:
    told = loaded(known, file(known, row))
    assert (told.outcome, told.question and told.question.about) == ("ask", about)
    assert said in told.sentence("en")
    assert known.figure("net_sales") == 1234


def test_a_wrong_value_under_a_remembered_mark_is_an_error_on_its_line(known: Books) -> None:
    told = loaded(known, file(known, "B1;05-06-2026;omzet;2.500", "B1;05-06-2026;omzet;3,5", "B1;05-06-2026;omzet;2.5"))
    assert (told.outcome, [(one.line, one.rule) for one in told.problems]) == ("reject", [(4, "number")])
    told = loaded(known, file(known, "B1;31-06-2026;omzet;2.500"))
    assert (told.outcome, [(one.line, one.rule) for one in told.problems]) == ("reject", [(2, "date")])


COSTS = "account_id,posting_date,line_type,amount"


def test_signs_are_turned_again_only_where_the_file_gives_the_same_reason(books: Books) -> None:
    books.load("ledger", COSTS, "A1,2026-01-15,cogs,60.00", sign="negate_costs")
    path = books.file([COSTS, "A1,2026-02-15,cogs,70.00"])
    assert loaded(books, path).outcome == "accept"
    assert books.figure("cogs") == 130
    mixed = loaded(books, books.file([COSTS, "A1,2026-03-15,cogs,70.00", "A1,2026-03-16,cogs,-5.00"]))
    assert (mixed.outcome, mixed.question and mixed.question.about) == ("ask", "sign")
    assert "not all costs or credit notes are positive" in mixed.sentence("en")
    assert books.figure("cogs") == 130


def test_a_sign_left_as_booked_stays_so(books: Books) -> None:
    books.load("ledger", COSTS, "A1,2026-01-15,cogs,60.00", sign="as_booked")
    assert loaded(books, books.file([COSTS, "A1,2026-02-15,cogs,-70.00"])).outcome == "accept"
    assert books.figure("cogs") == 10


def test_a_file_whose_headers_hide_is_opened_as_it_was_before(books: Books) -> None:
    head = "Debiteur,Datum,Bedrag;Soort;Klant"
    path = file(books, "A1,2026-01-15,5.50", head=head)
    asked = check(books.store, path, Options(), LOCAL_OWNER)
    assert (asked.outcome, asked.question and asked.question.about) == ("ask", "delimiter")
    answers = Options(
        kind="ledger", delimiter=",", mapping={"Bedrag;Soort;Klant": "amount"}, constants={"line_type": "gross_sales"}
    )
    remember(books.store, "raar", answers, head.split(","), LOCAL_OWNER)
    told = check(books.store, path, Options(), LOCAL_OWNER)
    assert (told.outcome, told.read_as.delimiter, told.remembered) == ("accept", ",", "raar")
    other = file(books, "A1,2026-01-15,5.50", head="Debiteur,Datum,Bedrag;Soort;Relatie")
    assert check(books.store, other, Options(), LOCAL_OWNER).outcome == "ask"


def test_two_profiles_that_fit_are_none(known: Books) -> None:
    remember(known.store, "anders", Options(kind="ledger", source="sap", decimal="."), HEADERS, LOCAL_OWNER)
    assert known_for(known.store, HEADERS) is None
    only = known_for(known.store, HEADERS, Options(source="sap"))
    assert only is not None
    assert only.decimal == "."
    assert known_for(known.store, HEADERS, Options(kind="budget")) is None


def test_a_profile_is_kept_by_name_found_by_name_and_forgotten(known: Books) -> None:
    remember(known.store, "Exact omzet", Options(**ANSWERS), HEADERS, LOCAL_OWNER)
    forget(known.store, "omzet", LOCAL_OWNER)
    assert "Exact omzet" in profiles.names(known.store)
    assert "omzet" not in profiles.names(known.store)
    assert "ibm-receivables" in profiles.names()
    told = loaded(known, file(known, "B1;05-06-2026;omzet;2.500;x", head=f"{HEAD};Kenmerk"), profile="Exact omzet")
    assert told.outcome == "accept"
    forget(known.store, "Exact omzet", LOCAL_OWNER)
    with pytest.raises(UsageError):
        loaded(known, file(known, "B1;05-06-2026;omzet;2.500"), profile="Exact omzet")
    acts = [row["what"] for row in known.rows("select what from change order by change_id")]
    assert acts == ["load", "load", "remember", "forget", "load", "forget"]
    assert known.differences() == {}


def test_a_file_loaded_with_a_profile_of_the_product_is_remembered_by_its_headers(books: Books) -> None:
    row = "ResellerKey,ResellerName,BusinessType"
    books.load("accounts", row, "C1,Charleroi,Shop", profile="adventureworks-resellers")
    answers = known_for(books.store, row.split(","))
    assert answers is not None
    assert answers.mapping["ResellerName"] == "account_name"


def test_the_same_answers_are_kept_once_and_other_answers_replace_them(known: Books) -> None:
    def kept() -> list[str]:
        return [row["name"] for row in known.rows("select name from saved_profile where name like 'omzet%'")]

    loaded(known, file(known, "B1;05-06-2026;omzet;7,00"), **ANSWERS)
    assert kept() == ["omzet"]
    loaded(known, file(known, "B1;2026-06-05;omzet;8,00"), **{**ANSWERS, "date_order": "ymd"})
    assert kept() == ["omzet", "omzet"]
    path = file(known, "B1;05-06-2026;omzet;9,00", head="Debiteur;Boekdatum;Soort;Waarde")
    loaded(known, path, kind="ledger", mapping={"Waarde": "amount"}, date_order="dmy")
    assert kept() == ["omzet", "omzet", "omzet 2"]


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\nb"])
def test_a_profile_has_a_name_that_can_be_read(books: Books, name: str) -> None:
    with pytest.raises(KamError, match="profile_name"):
        remember(books.store, name, Options(kind="ledger"), HEADERS, LOCAL_OWNER)


def test_only_an_analyst_keeps_and_forgets(known: Books) -> None:
    board = Principal("x", frozenset({Role.BOARD}))
    with pytest.raises(KamError, match="not_allowed"):
        remember(known.store, "x", Options(), HEADERS, board)
    with pytest.raises(KamError, match="not_allowed"):
        forget(known.store, "omzet", board)
    with pytest.raises(KamError, match="unknown_profile"):
        forget(known.store, "bestaat niet", LOCAL_OWNER)
    with known.store.read() as world:
        assert [one.name for one in memory.saved(world) if one.source == "exact"] == ["omzet"]


def test_a_name_of_ones_own_stands_before_the_automatic_one(known: Books) -> None:
    remember(known.store, "Exact", Options(**{**ANSWERS, "decimal": "."}), HEADERS, LOCAL_OWNER)
    assert loaded(known, file(known, "B1;05-06-2026;omzet;2.500")).remembered == "Exact"
    assert known.figure("net_sales") == pytest.approx(1236.5)
