"""Rules that hold for a whole file: what is only warned about, text that stays text, and messages."""

from __future__ import annotations

import json

import pytest

from kam_metrics.extracts import Options, check
from kam_metrics.terms import LOCAL_OWNER
from tests.books import Books
from tests.extract_files import LEDGER, accepted, judged, refused, warned

ROW = "A1;31-01-2026;omzet;100,00\n"
SALES = "account_id;doc_no;doc_type;invoice_date;net_amount;cogs_amount\n"
NASTY = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "'; drop table ledger; --",
    "{line} $1 %s",
    "../../etc/passwd",
]


def test_codes_in_look_alike_letters_are_named() -> None:
    assert "«А1»" in warned(LEDGER + ROW + "А1;31-01-2026;omzet;1,00\n")
    assert "«１２»" in warned(LEDGER + ROW + "１２;31-01-2026;omzet;1,00\n")
    assert warned(LEDGER + ROW + "Café;31-01-2026;omzet;1,00\n") == ""


def test_a_day_far_from_all_others_is_named() -> None:
    assert "2062-01-31" in warned(LEDGER + ROW + "A2;31-01-2026;omzet;1,00\nA3;31-01-2062;omzet;1,00\n")


def test_a_cost_against_the_sign_of_its_line_is_named() -> None:
    assert "line 2" in warned(SALES + "A;C1;CRN;31-01-2026;-10,00;6,00\n")
    assert warned(SALES + "A;C1;CRN;31-01-2026;-10,00;-6,00\nA;F1;INV;31-01-2026;10,00;6,00\n") == ""


def test_a_discount_against_the_sign_of_its_line_is_named() -> None:
    listed = "account_id;doc_no;invoice_date;list_amount;discount_amount;net_amount\n"
    assert "line 2" in warned(listed + "A;F1;31-01-2026;100,00;-10,00;90,00\n")
    assert warned(listed + "A;F1;31-01-2026;100,00;10,00;90,00\nA;F2;31-01-2026;-50,00;-5,00;-45,00\n") == ""


@pytest.mark.parametrize(("amount", "is_odd"), [("221,00", True), ("-1,00", True), ("121,00", False), ("0,00", False)])
def test_an_item_that_is_open_for_more_than_its_amount_is_named(amount: str, is_odd: bool) -> None:
    items = "customer_no;doc_no;invoice_date;amount;open_amount;snapshot_date\n"
    assert ("line 2" in warned(items + f"C1;F1;15-01-2026;121,00;{amount};31-03-2026\n")) is is_odd


def test_one_document_that_says_the_same_twice_is_named() -> None:
    line = "A;F1;31-01-2026;28-02-2026;10,00\n"
    content = "account_id;doc_no;invoice_date;due_date;amount\n" + line * 2
    assert "Lines that equal an earlier one and count: 1" in warned(content, kind="receivables")


@pytest.mark.parametrize("text", NASTY)
def test_text_that_looks_like_code_is_kept_to_the_letter(text: str) -> None:
    rows = accepted(f'account_id;account_name\nA1;"{text}"\n')
    assert rows[0]["account_name"] == text


@pytest.mark.parametrize("text", NASTY)
def test_text_that_looks_like_code_is_only_text_in_a_message(text: str) -> None:
    judgement, _ = judged(f'{LEDGER}A1;31-01-2026;"{text}";1\n', name=f"../{text}.csv")
    told = json.dumps(judgement.payload("en"))
    assert judgement.lines == (2,)
    assert "upload" not in told
    assert "Traceback" not in told


def test_a_report_of_many_errors_stays_short_and_knows_them_all() -> None:
    judgement, _ = judged(LEDGER + f"A1;31-01-2026;omzet;{'x' * 5000}\n" * 3000)
    assert (len(judgement.problems), judgement.problem_count, len(judgement.lines)) == (100, 3000, 3000)
    assert all(len(str(problem.payload("nl")["message"])) < 400 for problem in judgement.problems)


def test_one_wrong_row_refuses_the_file_and_quarantine_is_a_word_of_its_own(books: Books) -> None:
    lines = ("account_id,posting_date,line_type,amount", "A1,2026-01-15,gross_sales,5.00", "A1,2026-02-30,cogs,-1.00")
    assert books.try_load("ledger", *lines).outcome == "reject"
    assert books.figure("net_sales") is None
    assert books.try_load("ledger", *lines, quarantine=True).quarantined == 1
    assert books.figure("net_sales") == 5


def test_the_same_bytes_from_another_source_are_named_as_such(books: Books) -> None:
    lines = ("account_id,posting_date,line_type,amount", "A1,2026-01-15,gross_sales,5.00")
    first = books.load("ledger", *lines, source="exact")
    later = books.try_load("ledger", *lines)
    assert any(f"load {first}" in warning.say("en") for warning in later.warnings)


def test_a_check_of_a_hostile_file_leaves_the_store_as_it_was(books: Books) -> None:
    path = books.folder / "hostile.csv"
    before = books.store.revision
    for content in (
        b"\x00\x01",
        b"PK\x03\x04",
        b"\x1f\x8b",
        LEDGER.encode() + b'"',
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ):
        path.write_bytes(content)
        assert check(books.store, path, Options(), LOCAL_OWNER).outcome == "reject"
    assert books.store.revision == before


def test_every_kind_refuses_what_it_cannot_read_by_line_and_rule() -> None:
    rates = (
        "currency;date;eur_per_unit\nUSD;2026-01-31;0,91\nGBP;2026-02-30;1,15\nQQQ;2026-01-31;1,1\nCHF;2026-01-31;0\n"
    )
    assert refused(rates) == [(3, "date"), (4, "currency"), (5, "range")]
    answers = "round_id;round_date;respondent;function;item;value\nR;2026-01-31;t1;Sales;SV1;6\n"
    assert refused(answers) == [(2, "range")]
    drivers = "account_id;month;activity;quantity\nA;2026-01-15;bezoek;2\nA;2026-13;bezoek;1\n"
    assert refused(drivers) == [(2, "month"), (3, "month")]
