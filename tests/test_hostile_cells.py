"""Cells that look like something else: numbers, days, codes and currencies in every dress."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kam_metrics.errors import UsageError
from kam_metrics.extracts.options import Options
from tests.extract_files import LEDGER, accepted, asked, judged, refused

ROW = "A1;31-01-2026;omzet;100,00\n"


def ids(*texts: str) -> str:
    """A ledger of these customer numbers."""
    return LEDGER + "".join(f"{text};31-01-2026;omzet;1,00\n" for text in texts)


@pytest.mark.parametrize("text", ["1,23E+12", "1.23457E+12", "1E+15", "-1E+12", "1,23e+12"])
def test_a_long_number_that_a_spreadsheet_broke_is_an_error(text: str) -> None:
    assert refused(ids("A1", text)) == [(3, "mangled")]


@pytest.mark.parametrize(
    "text", ["1E5", "12E4", "NA", "null", "None", "000123", "1e+5x", "-", "0", "='x", "TRUE", "nan"]
)
def test_a_code_stays_the_text_it_is(text: str) -> None:
    assert accepted(ids(text))[0]["customer_no"] == text


@pytest.mark.parametrize("wrapped", ['="001"', '"=""001"""', ' ="001" ', '=" 001"'])
def test_a_text_kept_from_a_spreadsheet_is_the_text_between_its_quotes(wrapped: str) -> None:
    judgement, _ = judged(LEDGER + f'{wrapped};="31-01-2026";="omzet";="100,00"\n')
    assert judgement.total_by_account == {"001|EUR": Decimal(100)}
    assert [warning.key for warning in judgement.warnings] == ["extract_warning.wrapped"]


@pytest.mark.parametrize("text", ['="00"1', '=001"', '="001', "=1+1", 'x="001"'])
def test_what_only_begins_like_a_kept_text_stays_the_text_it_is(text: str) -> None:
    assert accepted(ids('"' + text.replace('"', '""') + '"'))[0]["customer_no"] == text


@pytest.mark.parametrize(
    "text", ["A\u200b1", "A\u00ad1", "A\x011", "A\u202e1", "A\ufeff1", "A\x7f1", "A\x851", "A\ufffd1"]
)
def test_a_code_with_characters_nobody_sees_is_an_error(text: str) -> None:
    assert refused(ids("A1", text)) == [(3, "unseen")]


def test_a_code_with_a_line_break_is_an_error() -> None:
    assert refused(ids('"A\n1"')) == [(2, "unseen")]


@pytest.mark.parametrize("text", ["#N/A", "#N/B", "#NV", "#REF!", "#WAARDE!", "#DEEL/0!", "#NAAM?"])
def test_an_error_of_a_spreadsheet_is_no_code_and_no_name(text: str) -> None:
    assert refused(ids("A1", text)) == [(3, "broken_cell")]
    assert refused(f"account_id;account_name\nA1;{text}\n") == [(2, "broken_cell")]


@pytest.mark.parametrize("text", ["#12", "#A1", "N/A", "#N", "#NVM", "A #REF!"])
def test_what_only_looks_like_an_error_stays_the_text_it_is(text: str) -> None:
    assert accepted(ids(text))[0]["customer_no"] == text


def test_an_activity_is_a_code_since_drivers_and_rates_meet_by_it() -> None:
    assert refused("account_id;month;activity;quantity\nA1;2026-01;vis\u200bit;1\n") == [(2, "unseen")]


def test_a_payment_term_is_never_negative() -> None:
    assert refused("account_id;account_name;payment_terms_days\nA1;Acme;-30\nA2;Beta;0\n") == [(2, "range")]


@pytest.mark.parametrize(
    "space",
    [" ", "\u00a0", "\u2003", "\u2009", "\u202f", "\u3000", "\ufeff", "\u200b", "\x0c", "\x0b", "\u2028", "\u205f"],
)
def test_outer_spaces_of_every_sort_are_no_part_of_a_cell(space: str) -> None:
    rows = accepted(LEDGER + f"{space}A1{space};{space}31-01-2026;omzet{space};{space}100,00{space}\n")
    assert (rows[0]["customer_no"], rows[0]["amount"]) == ("A1", 100)


@pytest.mark.parametrize("code", ["QQQ", "EURO", "€", "EU", "E U R", "ЕUR"])
def test_a_currency_is_a_code_that_exists(code: str) -> None:
    content = f"Klantnr;Boekdatum;Regelsoort;Bedrag;Valuta\nA1;31-01-2026;omzet;1,00;{code}\n"
    assert refused(content) == [(2, "currency")]


@pytest.mark.parametrize(
    ("header", "code"),
    [("Bedrag EUR", "USD"), ("Bedrag (€)", "USD"), ("Amount ($)", ""), ("Amount £", "EUR"), ("Amount ¥", "")],
)
def test_a_header_that_names_another_currency_than_the_row_is_an_error(header: str, code: str) -> None:
    content = f"Klantnr;Boekdatum;Regelsoort;{header};Valuta\nA1;31-01-2026;omzet;1,00;{code}\n"
    assert refused(content) == [(2, "foreign")]


@pytest.mark.parametrize("header", ["Bedrag USD", "USD bedrag", "Bedrag (USD)"])
def test_a_header_that_was_pointed_out_keeps_its_currency(header: str) -> None:
    content = f"Klantnr;Boekdatum;Regelsoort;{header}\nA1;31-01-2026;omzet;1,00\n"
    assert refused(content, mapping={header: "amount"}) == [(2, "foreign")]
    assert accepted(content, mapping={header: "amount"}, constants={"currency": "USD"})[0]["currency"] == "USD"


def test_a_header_that_names_the_currency_of_the_row_is_fine() -> None:
    for header, code in (("Bedrag EUR", ""), ("Bedrag €", "EUR"), ("Amount ($)", "USD"), ("Amount £", "GBP")):
        rows = accepted(f"Klantnr;Boekdatum;Regelsoort;{header};Valuta\nA1;31-01-2026;omzet;1,00;{code}\n")
        assert rows[0]["currency"] == (code or "EUR")


@pytest.mark.parametrize("text", ["15-mrt-26", "15 maart 26", "15/Mar/26", "15-03-26", "15.3.26"])
def test_a_two_digit_year_is_asked_about_and_read_once_said(text: str) -> None:
    content = LEDGER + f"A1;{text};omzet;1,00\n"
    assert asked(content) == "date_order"
    assert accepted(content, date_order="dmy")[0]["posting_date"] == date(2026, 3, 15)


@pytest.mark.parametrize("text", ["mrt-26", "maart '26", "Mar 26"])
def test_a_month_of_a_two_digit_year_is_asked_about_too(text: str) -> None:
    content = f"account_id;month;activity;quantity\nA;{text};bezoek;2\n"
    assert asked(content) == "date_order"
    assert accepted(content, date_order="dmy")[0]["month"] == date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    ["12%", "1E5", "1e-3", "٣,00", "５,00", "–5,00", "5,00 C", "5,00S", "(5,00)-", "€€5,00", "5\u3000000,00", "1.23,4",
     "12.34,5", "1,234.5,6", "0.123,45", "1 23,00", "1\t234,00", "5,00 CR CR", "- 5,00-", "٫5", "1·5", "1,", ",1"],
)  # fmt: skip
def test_what_is_no_well_written_amount_is_an_error_on_its_line(text: str) -> None:
    assert refused(LEDGER + ROW + f"A1;31-01-2026;omzet;{text}\n") == [(3, "number")]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("-0,00", "0"), ("1 234,56-", "-1234.56"), ("1.234.567,891", "1234567.891"), ("5,00 EUR CR", "-5"), ("+5", "5"),
     ("5\u2009000,00", "5000"), ("1.234,5600000", "1234.56"), ("99.999.999.999.999,9999", "99999999999999.9999")],
)  # fmt: skip
def test_odd_but_well_written_amounts_are_exact(text: str, amount: str) -> None:
    assert accepted(LEDGER + ROW + f"A1;31-01-2026;omzet;{text}\n")[1]["amount"] == Decimal(amount)


@pytest.mark.parametrize("text", ["10,-", "10,--", "€ 10,-", "10,–", "10,- EUR"])
def test_a_round_amount_in_dutch_writing_needs_no_answer_about_the_decimal_mark(text: str) -> None:
    thousands = "A1;31-01-2026;omzet;1.250\n"
    rows = accepted(LEDGER + thousands + f"A1;31-01-2026;omzet;{text}\n")
    assert [row["amount"] for row in rows] == [1250, 10]


def test_a_total_in_dutch_round_writing_is_the_sum_above_it() -> None:
    rows = "A1;31-01-2026;omzet;1.250,-\nA1;31-01-2026;omzet;10,--\n"
    for total in ("Totaal;;;1.260,-", "Totaal 1.260,-;;;"):
        assert [row["amount"] for row in accepted(LEDGER + rows + total + "\n")] == [1250, 10]
        assert refused(LEDGER + rows + total.replace("1.260", "1.270") + "\n") == [(4, "total")]


def test_one_late_fraction_decides_for_all() -> None:
    thousands = "".join("A1;31-01-2026;omzet;1.234\n" for _ in range(50))
    assert asked(LEDGER + thousands) == "decimal"
    assert {row["amount"] for row in accepted(LEDGER + thousands + "A1;31-01-2026;omzet;0.55\n")} == {
        Decimal("1.234"),
        Decimal("0.55"),
    }


@pytest.mark.parametrize(
    "text",
    ["31-02-2026", "29-02-2025", "31-04-2026", "2026-02-30", "32-01-2026", "31-13-2026", "31-01-0026", "31-01-2262",
     "2026-1-1x", "1 foo 2026", "31 -01-2026", "46053", "0", "31-01-20266", "٣١-٠١-٢٠٢٦", "3l-01-2026"],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_an_error_on_its_line(text: str) -> None:
    assert refused(LEDGER + ROW + f"A1;{text};omzet;1,00\n") == [(3, "date")]


@pytest.mark.parametrize(
    "text", ["31-01-2026 14:05", "2026-01-31T23:59:59Z", "2026-01-31 00:00:01", "31-01-2026 00:01"]
)
def test_any_time_but_midnight_is_an_error(text: str) -> None:
    assert refused(LEDGER + ROW + f"A1;{text};omzet;1,00\n") == [(3, "time")]


@pytest.mark.parametrize("word", ["оmzet", "omzt", "kostprjs", "x"])
def test_an_unknown_line_type_is_an_error_with_the_nearest_name(word: str) -> None:
    judgement, _ = judged(LEDGER + ROW + f"A1;31-01-2026;{word};1,00\n")
    assert [(problem.line, problem.rule) for problem in judgement.problems] == [(3, "choice")]
    assert judgement.problems[0].detail


def test_a_header_in_look_alike_letters_is_not_the_header() -> None:
    assert asked(LEDGER.replace("Bedrag", "Веdrag") + ROW) == "kind"
    assert refused(LEDGER.replace("Bedrag", "Веdrag") + ROW, kind="ledger") == [(None, "missing_column")]


@pytest.mark.parametrize("encoding", ["idna", "punycode", "unicode_escape", "utf-7", "rot13", "base64", "undefined"])
def test_what_is_no_encoding_of_files_is_wrong_usage(encoding: str) -> None:
    with pytest.raises(UsageError):
        Options(encoding=encoding)


def test_a_code_page_that_windows_1252_would_read_silently_is_asked_about() -> None:
    assert asked(ids("Café", "Žižka").encode("mac-roman", "replace")) == "encoding"
    assert asked((LEDGER + "A1;31-01-2026;omzet;€ 5,00\n").encode("iso-8859-15")) == "encoding"
    assert accepted(ids("Café €").encode("cp1252"))[0]["customer_no"] == "Café €"


@pytest.mark.parametrize("text", ["€", "œuvre", "Škoda", "één", "‘s", "Åsa™"])
def test_one_byte_of_windows_1252_does_not_make_a_muddle_of_utf_8(text: str) -> None:
    assert asked(ids(text).encode() + "Café;31-01-2026;omzet;1,00\n".encode("cp1252")) == "encoding"


@pytest.mark.parametrize("text", ["ANDRÉ’S", "À «Liège»", "Ångström", "Äpfel", "Zoë™", "Geïntegreerd…"])
def test_ordinary_text_in_windows_1252_is_no_muddle(text: str) -> None:
    assert accepted(ids(text, "Café").encode("cp1252"))[0]["customer_no"] == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_half_a_character_at_the_end_is_a_damaged_file(encoding: str) -> None:
    assert refused(ids("A1").encode(encoding)[:-1]) == [(None, "truncated")]
    assert refused(ids("A1"), encoding="utf-16") == [(None, "encoding")]


@pytest.mark.parametrize("text", ['""""', "″", "〃", "„", "”"])
def test_a_mark_that_repeats_the_line_above_is_no_code(text: str) -> None:
    assert refused(ids("A1", text)) == [(3, "ditto")]


@pytest.mark.parametrize("text", ["01-01-1900", "1900-01-01", "1900-01-01 00:00:00"])
def test_the_day_that_systems_write_where_there_is_none_is_no_day(text: str) -> None:
    head = "Klantnr;Factuurnr;Factuurdatum;Betaaldatum;Bedrag\n"
    assert refused(f"{head}7;F1;31-01-2026;{text};1,50\n") == [(2, "date")]
    (row,) = accepted(f"Klantnr;Accountnummer;Geldig vanaf\n7;A1;{text}\n", kind="customer_map", date_order="dmy")
    assert row["valid_from"] == date(1900, 1, 1)


@pytest.mark.parametrize("text", ["$ 5,50", "USD 5,50", "5,50 £"])
def test_a_number_in_another_currency_is_no_number_of_euros(text: str) -> None:
    head = "Doel;Plan;Titel;Soort;Nulmeting;Doel 90\n"
    assert refused(f"{head}O1;P1;t;verkoop;1,50;2,50\nO2;P1;t;verkoop;{text};2,50\n") == [(3, "foreign")]
    assert len(accepted(f"{head}O1;P1;t;verkoop;€ 1,50;2,50\n")) == 1


def test_a_weight_is_never_negative() -> None:
    head = "Doel;Plan;Titel;Soort;Nulmeting;Doel 90;Gewicht\n"
    assert refused(f"{head}O1;P1;t;verkoop;1,50;2,50;-1\n") == [(2, "range")]


@pytest.mark.parametrize(("amount", "odd", "shown"), [("1,50", "1.5", "1.234,56"), ("1.50", "1,5", "1,234.56")])
def test_a_badly_written_number_is_answered_in_the_writing_of_its_column(amount: str, odd: str, shown: str) -> None:
    judgement, _ = judged(
        f"{LEDGER}A1;31-01-2026;omzet;{amount}\nA1;31-01-2026;omzet;{amount}\nA1;31-01-2026;omzet;{odd}\n"
    )
    assert shown in str(judgement.problems[0].payload("nl")["message"])
