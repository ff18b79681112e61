"""What a file may hold and is named all the same: codes, signs, days and rates that are more often slips than facts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extract_files import LEDGER, accepted, judged, refused, warned

ITEMS = "Klantnr;Factuurnr;Soort;Factuurdatum;Vervaldatum;Bedrag\n"
RATES = "Valuta;Datum;{}\n"


@pytest.mark.parametrize("codes", [("a001", "A001"), ("007", "7"), ("A 1", "A\u00a01"), ("Caf\u00e9", "Cafe\u0301")])
def test_codes_that_differ_only_in_their_writing_are_named(codes: tuple[str, str]) -> None:
    content = "account_id;account_name\n" + "".join(f"{code};Jansen\n" for code in codes)
    assert " / ".join(codes).replace("\u00a0", " ") in warned(content, kind="accounts").replace("\u00a0", " ")
    assert [row["account_id"] for row in accepted(content, kind="accounts")] == list(codes)


def test_codes_that_differ_in_more_are_no_twins() -> None:
    assert "capitals" not in warned("account_id;account_name\nA1;Jansen\nA10;Jansen\nA01;Jansen\n", kind="accounts")


def test_sales_that_are_all_negative_are_named_and_turned_on_request() -> None:
    content = LEDGER + "A1;31-01-2026;omzet;-100,00\nA1;31-01-2026;omzet;-50,00\n"
    assert "All sales or invoices are negative: 2" in warned(content)
    assert [row["amount"] for row in accepted(content, sign="negate_all")] == [100, 50]
    assert "negative" not in warned(content + "A1;31-01-2026;omzet;1,00\n")


def test_turning_every_line_turns_what_is_open_too() -> None:
    head = "Klantnr;Factuurnr;Factuurdatum;Bedrag;Openstaand;Peildatum\n"
    (row,) = accepted(f"{head}7;F1;31-01-2026;-5,50;-2,50;28-02-2026\n", sign="negate_all", date_order="dmy")
    assert (row["amount"], row["open_amount"]) == (Decimal("5.5"), Decimal("2.5"))


def test_payments_that_are_all_positive_are_named() -> None:
    content = ITEMS + "7;F1;factuur;31-01-2026;;5,50\n7;B1;betaling;31-01-2026;;5,50\n"
    assert "All payments are positive" in warned(content)
    assert "payments" not in warned(content + "7;B2;betaling;31-01-2026;;-1,50\n")


def test_an_item_due_many_years_from_its_invoice_is_named() -> None:
    assert "2126-02-13" in warned(ITEMS + "7;F1;factuur;31-01-2026;13-02-2126;5,50\n")


@pytest.mark.parametrize("text", ["01-01-2026", "15-01-2026", "28-02-2024"])
def test_a_balance_within_a_month_is_named(text: str) -> None:
    head = "account_id;month_end;item;amount\nA1;31-12-2025;voorraad;1,50\n"
    assert "stands on line 3" in warned(f"{head}A1;{text};voorraad;2,50\n")
    assert not warned(f"{head}A1;29-02-2024;voorraad;2,50\n")


def test_the_direction_of_rates_is_named_where_their_header_leaves_it_open() -> None:
    row = "USD;31-01-2026;1,083\nUSD;28-02-2026;1,0910\n"
    assert "one USD is 1.083 euro" in warned(RATES.format("Koers") + row)
    assert "per unit" not in warned(RATES.format("EUR per eenheid") + row)


def test_a_rate_that_jumps_within_a_month_is_named() -> None:
    row = "USD;13-01-2026;0,9234\nUSD;14-01-2026;{}\n"
    assert "stands on line 3" in warned(RATES.format("eur_per_unit") + row.format("1,0830"))
    assert not warned(RATES.format("eur_per_unit") + row.format("0,9190"))


@pytest.mark.parametrize(("currency", "rate"), [("JPY", "162,34"), ("JPY", "0,6100"), ("SEK", "11,2500")])
def test_a_rate_beyond_what_a_unit_was_ever_worth_is_an_error(currency: str, rate: str) -> None:
    assert refused(RATES.format("eur_per_unit") + f"{currency};31-01-2026;{rate}\n") == [(2, "rate_of")]


@pytest.mark.parametrize("mark", ["^", "~", "\u00a6"])
def test_a_header_between_other_marks_is_answered_by_the_marks_that_separate(mark: str) -> None:
    judgement, _ = judged(LEDGER.replace(";", mark) + f"A1{mark}31-01-2026{mark}omzet{mark}5\n")
    assert [problem.rule for problem in judgement.problems] == ["no_header"]
    assert all("|" in judgement.sentence(language) for language in ("nl", "en"))
