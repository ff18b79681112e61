"""Rows that look like something else: no data may pass as a title, total or footer, and none of those as data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extract_files import LEDGER, accepted, asked, judged, refused

ROW = "A1;31-01-2026;omzet;100,00\n"
ACCOUNTS = "account_id;account_name\nA1;Acme\n"
VALUTA = "Klantnr;Boekdatum;Regelsoort;Bedrag;Valuta\n"


def booked(content: str) -> list[tuple[int, Decimal]]:
    """Line and amount of what would be loaded."""
    return [(row["line"], row["amount"]) for row in accepted(content)]


def skipped(content: str) -> dict[str, int]:
    """What was recognised as no data."""
    judgement, _ = judged(content)
    assert judgement.outcome == "accept", judgement.payload("en")
    return {what: count for what, count in judgement.skipped.items() if count}


@pytest.mark.parametrize("above", [ROW, "A1;2026-01-31;omzet;-5\n", "titel;;;\n" + ROW, "A1;3 mrt 2026;omzet;€ 5,00\n"])
def test_rows_above_the_header_are_never_dropped_as_titles(above: str) -> None:
    content = above + LEDGER + ROW
    assert refused(content) == [(above.count("\n"), "above_header")]
    assert len(accepted(content, header_row=above.count("\n") + 1)) == 1


@pytest.mark.parametrize(
    "title", ["Grootboek;2026;januari;", "Van;01-01-2026;tot;31-01-2026", "Firma;Demo BV;Jaar;boek"]
)
def test_titles_above_the_header_may_hold_dates_and_numbers(title: str) -> None:
    assert skipped(f"{title}\n{LEDGER}{ROW}") == {"title": 1}


SCALED = (
    "Bedragen x € 1.000", "(bedragen x EUR 1.000)", "Bedragen in duizenden euro's", "Amounts in thousands", "× 1000",
    "in € 1.000", "EUR in millions", "€ 000", "in k€", "kEUR", "Bedragen in mln", "Omzet (000)", "EUR 000's",
    "TEUR", "(K EUR)", "(EUR mln)", "Omzet EUR mn", "montants en milliers d'euros", "Beträge in Tausend Euro",
    "Bedragen in centen", "bedragen in eurocent",
)  # fmt: skip


@pytest.mark.parametrize("title", SCALED)
def test_amounts_in_thousands_are_never_read_as_they_stand(title: str) -> None:
    assert refused(f"Grootboek\n{title}\n{LEDGER}{ROW}") == [(2, "scaled")]
    content = "Klantnr;Boekdatum;Regelsoort;Bedrag (x 1.000)\n" + ROW
    assert refused(content, mapping={"Bedrag (x 1.000)": "amount"}) == [(1, "scaled")]


@pytest.mark.parametrize(
    "title",
    [
        "Alle bedragen in USD", "Valuta: GBP", "Ledger 2026 (CHF)", "currency = JPY", "Bedragen in $", "Omzet 2026 USD",
        "Bedragen in Amerikaanse dollars", "Amounts in US dollars", "in Britse ponden", "montants en francs suisses",
    ],
)  # fmt: skip
def test_a_currency_that_only_a_title_tells_is_never_booked_as_the_euro(title: str) -> None:
    assert refused(f"{title}\n{LEDGER}{ROW}") == [(1, "untold_currency")]
    assert len(accepted(f"{title}\n{VALUTA}A1;31-01-2026;omzet;1,00;USD\n")) == 1
    assert len(accepted(f"{title}\n{LEDGER}{ROW}", constants={"currency": "USD"})) == 1


@pytest.mark.parametrize(
    "title",
    [
        "Filter: bedrag > € 1.000", "Administratie 1000", "Max 1000 regels", "Valuta: EUR", "Bedragen in hele euro's",
        "Omzet in 2026 (ABC)", "Klanten in de top 1000", "Periode 1 t/m 12 (P12)", "Regel 1 van 12.000",
        "Bedragen in EUR, koers USD 1,08", "Prijzen exclusief btw", "Grootboek TOP",
        "Bedragen excl. BTW, met incl. BTW apart",
    ],
)  # fmt: skip
def test_a_title_may_name_numbers_and_codes(title: str) -> None:
    assert skipped(f"{title}\n{LEDGER}{ROW}") == {"title": 1}


@pytest.mark.parametrize(
    "title", ["Bedragen inclusief BTW", "bedragen incl. 21% btw", "Amounts incl. VAT", "Omzet TVAC"]
)
def test_amounts_with_vat_are_no_sales(title: str) -> None:
    assert refused(f"{title}\n{LEDGER}{ROW}") == [(1, "with_vat")]
    head = "Klantnr;Factuurnr;Factuurdatum;Bedrag\n"
    assert len(accepted(f"{title}\n{head}7;F1;31-01-2026;1,50\n", kind="receivables")) == 1
    other = title.replace("inclusief", "zonder").replace("incl.", "excl.").replace("TVAC", "HTVA")
    assert refused(f"{other}\n{head}7;F1;31-01-2026;1,50\n", kind="receivables") == [(1, "without_vat")]


def test_amounts_in_thousands_by_the_footer_are_never_read_as_they_stand() -> None:
    assert refused(f"{LEDGER}{ROW}Bron: SAP, bedragen x € 1.000\n") == [(3, "scaled")]


def test_a_title_about_thousands_says_nothing_of_accounts() -> None:
    assert len(accepted("Klanten met omzet x € 1.000\n" + ACCOUNTS)) == 1


def test_a_master_above_its_header_is_not_dropped() -> None:
    assert refused("B1;Beta\naccount_id;account_name\nA1;Acme\n") == [(1, "above_header")]


@pytest.mark.parametrize(
    "row",
    [
        "Total Energies;31-02-2026;omzet;100,00",
        "Totaal Bouw BV;31-01-2026;omzt;100,00",
        "Print Service;31-02-2026;omzet;100,00",
        "Print Service;;omzet;100,00",
        "Print op maat;;omzet;5x",
        "Bron BV;31-01-2026;omzet;5x",
        "Bron: BV;31-02-2026;omzet;100,00",
        "Source;31-01-2026;;100,00",
        "Einde BV;31-02-2026;omzet;1,00",
        "Page;31-02-2026;omzet;1,00",
        "Saldo BV;31-02-2026;omzet;100,00",
        "1 items;31-02-2026;omzet;100,00",
    ],
)
def test_a_wrong_row_whose_name_reads_like_a_total_or_a_footer_is_still_wrong(row: str) -> None:
    assert {line for line, _ in refused(LEDGER + ROW + row + "\n")} == {3}


@pytest.mark.parametrize("name", ["Total Energies", "Totaal Bouw BV", "Page 5", "Resultaat Advies", "Print Service"])
def test_an_account_may_be_called_anything(name: str) -> None:
    assert booked(f"{LEDGER}{ROW}{name};31-01-2026;omzet;100,00\n") == [(2, 100), (3, 100)]


@pytest.mark.parametrize(
    "label",
    ["Totaal", "TOTAL:", "Sub-totaal", "Subtotaal klant A1", "Totaal A1", "Totaal klant A1", "Total 0001", "Result",
     "Resultaat", "Overall Result", "*", "**", "Som", "Grand Total", "Eindtotaal", "Totaal generaal"],
)  # fmt: skip
@pytest.mark.parametrize("rest", [";;;", ";31-01-2026;omzet;"])
def test_a_total_is_never_booked_and_believed_only_if_it_adds_up(label: str, rest: str) -> None:
    right, wrong = (f"{LEDGER}{ROW}{ROW}{label}{rest}{amount}\n" for amount in ("200,00", "200,01"))
    assert (booked(right), skipped(right)) == ([(2, 100), (3, 100)], {"total": 1})
    assert refused(wrong) == [(4, "total")]


def test_subtotals_stars_and_results_may_stand_in_layers() -> None:
    content = f"{LEDGER}{ROW}{ROW}*;;;200,00\n{ROW}*;;;100,00\n**;;;300,00\nOverall Result;;;300,00\n"
    assert skipped(content) == {"total": 4}
    running = f"{LEDGER}{ROW}Totaal;;;100,00\n{ROW}Totaal;;;200,00\n"
    assert skipped(running) == {"total": 2}


@pytest.mark.parametrize("total", ["Totaal;;;100,00\n" + ROW, ROW + "Totaal;;;200,00\n" + ROW])
def test_a_total_above_its_rows_is_an_error(total: str) -> None:
    assert [rule for _, rule in refused(LEDGER + total)] == ["total"]


def test_a_total_beyond_ten_thousand_million_is_a_total() -> None:
    row = "A1;31-01-2026;omzet;12.000.000.000,00\n"
    assert skipped(LEDGER + row + "Totaal;;;12.000.000.000,00\n") == {"total": 1}
    assert refused(LEDGER + row + "Totaal;;;12.000.000.000,01\n") == [(3, "total")]


@pytest.mark.parametrize(
    "totals", ["Totaal EUR;;;100,00;\nTotaal USD;;;50,00;\n", "Totaal;;;100,00;EUR\n;;;50,00;USD\n"]
)
def test_a_total_of_one_currency_is_of_that_currency(totals: str) -> None:
    rows = "A;31-01-2026;omzet;100,00;EUR\nA;31-01-2026;omzet;50,00;USD\n"
    assert skipped(VALUTA + rows + totals) == {"total": 2}
    assert (5, "total") in refused(VALUTA + rows + totals.replace("50,00", "51,00").replace("\n;;;", "\nTotaal;;;"))


@pytest.mark.parametrize(
    "footer", ["Aantal regels: " + "9" * 5000, "Aantal regels: 2.000", "2 records", "Controletotaal 99"]
)
def test_a_footer_that_does_not_agree_is_an_error_however_long(footer: str) -> None:
    assert [line for line, _ in refused(LEDGER + ROW + footer + "\n")] == [3]


@pytest.mark.parametrize(
    "footer",
    ["Aantal regels: 1", "1 records", "Controletotaal;;;100,00", "Einde overzicht", "Bron: SAP", "-----;---;---;---",
     "Gegenereerd op 31-01-2026 12:00", "Pagina 1 van 1", "\x1a", "******"],
)  # fmt: skip
def test_a_footer_that_agrees_is_counted(footer: str) -> None:
    assert sum(skipped(LEDGER + ROW + footer + "\n").values()) == 1


def test_headers_totals_and_counts_are_no_accounts() -> None:
    assert len(accepted(ACCOUNTS + "account_id;account_name\nB1;Beta\n")) == 2
    assert len(accepted(ACCOUNTS + "Totaal;1\n")) == 1
    assert refused(ACCOUNTS + "Totaal;7\n") == [(3, "total")]
    assert len(accepted(ACCOUNTS + "Aantal regels: 1\n")) == 1


def test_a_header_on_a_later_page_may_use_another_of_our_names() -> None:
    assert len(accepted("account id;account name\nA1;Acme\nAccount_ID;ACCOUNT_NAME\nB1;Beta\n")) == 2
    assert len(accepted(ACCOUNTS + "Accountcode;Klantnaam\nB1;Beta\n")) == 2


@pytest.mark.parametrize("label", ["Aantal", "Aantal klanten", "Number of accounts:", "Count"])
def test_a_count_in_the_column_of_an_account_is_no_account(label: str) -> None:
    assert len(accepted(f"{ACCOUNTS}{label};1\n")) == 1
    assert refused(f"{ACCOUNTS}{label};7\n") == [(3, "total")]


def test_a_total_per_account_is_no_activity() -> None:
    drivers = "account_id;month;activity;quantity\nA1;2026-01;visit;3\nA1;2026-01;order;4\nA1;2026-01;Totaal;"
    assert len(accepted(drivers + "7\n")) == 2
    assert refused(drivers + "8\n") == [(4, "total")]


def test_a_later_header_in_another_order_is_an_error() -> None:
    assert refused(ACCOUNTS + "account_name;account_id\nBeta;B1\n") == [(3, "label")]
    assert (3, "date") in refused(LEDGER + ROW + "Klantnr;Regelsoort;Boekdatum;Bedrag\n")


def test_what_a_delimiter_inside_a_name_cuts_off_is_an_error() -> None:
    assert refused("account_id;account_name;\nA1;Acme; Inc\n") == [(2, "fields")]
    assert refused("account_id;account_name\nA1;Acme; Inc\n") == [(2, "fields")]
    assert len(accepted("account_id;account_name;\nA1;Acme;\nA2;Beta;;\n")) == 2


def test_two_conventions_in_one_column_are_never_guessed_under_quarantine() -> None:
    amounts = "".join(f"A1;31-01-2026;omzet;{text}\n" for text in ("1.234,56", "2.345,67", "12.50", "1.234"))
    assert refused(LEDGER + amounts) == [(4, "number")]
    assert asked(LEDGER + amounts, quarantine=True) == "decimal"
    days = "".join(f"A1;{text};omzet;1\n" for text in ("13/04/2026", "14/04/2026", "04/15/2026", "03/04/2026"))
    assert refused(LEDGER + days) == [(4, "date")]
    assert asked(LEDGER + days, quarantine=True) == "date_order"


def test_a_column_without_a_header_is_named_among_those_that_are_not_read() -> None:
    judgement, _ = judged("account_id;;posting_date;line_type;amount;\nA1;x;2026-01-15;omzet;10,50;\n")
    (warning,) = judgement.warnings
    assert (warning.key, warning.values["columns"]) == ("extract_warning.ignored", "#2")


@pytest.mark.parametrize(
    "label",
    [
        "A1 Totaal", "Jansen BV Total", "Sous-total", "Total général", "Totaux", "Gesamtsumme", "Zwischensumme", "Tot.",
        "Transport", "Over te brengen", "Overgebracht", "Carried forward", "À reporter", "Übertrag", "Eindsaldo",
    ],
)  # fmt: skip
def test_totals_by_any_of_their_names_are_believed_only_if_they_add_up(label: str) -> None:
    assert skipped(f"{LEDGER}{ROW}{label};;;100,00\n{ROW}") == {"total": 1}
    assert (3, "total") in refused(f"{LEDGER}{ROW}{label};;;100,01\n{ROW}")


def test_transport_on_a_line_is_its_type_and_no_total() -> None:
    assert refused(f"{LEDGER}{ROW}A1;;transport;5,00\n") == [(3, "required")]


def test_the_titles_of_a_page_return_on_the_next_with_another_number() -> None:
    title = "24-11-2026 08:15;Lijst;blad {};\n"
    content = title.format(1) + LEDGER + ROW + title.format(2) + LEDGER + ROW
    assert skipped(content) == {"title": 2, "repeated_header": 1}


def test_a_grand_total_that_is_wrong_behind_a_subtotal_says_what_all_lines_add_up_to() -> None:
    judgement, _ = judged(f"{LEDGER}{ROW}Subtotaal;;;100,00\nEindtotaal;;;600,00\n")
    assert [(problem.line, problem.detail) for problem in judgement.problems] == [(4, "100.00")]


def test_quotation_marks_that_swallow_a_row_are_refused() -> None:
    head = "Naam;Klantnr;Boekdatum;Regelsoort;Bedrag\n"
    row = "{};A1;31-01-2026;omzet;5,00\n"
    assert refused(head + row.format("Jansen") + row.format('"De Boer') + row.format('Zn"')) == [(3, "swallowed")]
    assert len(accepted(head + row.format('"Jansen;\nZn; en Co"'))) == 1
