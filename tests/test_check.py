import json
from datetime import date, timedelta
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from kam_metrics import words
from kam_metrics.extracts.check import _TOTAL_WORD
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.kinds import KINDS
from kam_metrics.extracts.options import Options
from tests.extract_files import LEDGER, judged, new_stage, shared_file, typed_rows

ENGLISH = "account_id\tposting_date\tline_type\tamount\n"


def amounts(*texts, **options):
    """What amounts become, each on a line of its own."""
    rows = "".join(f"A1\t2026-01-31\tomzet\t{text}\n" for text in texts)
    return judged(ENGLISH + rows, **options)


def days(*texts, **options):
    """What dates become, each on a line of its own."""
    return judged(
        "account_id\tposting_date\tline_type\tamount\n" + "".join(f"A\t{t}\tomzet\t1\n" for t in texts), **options
    )


def faults(judgement):
    return [(problem.line, problem.column, problem.rule) for problem in judgement.problems]


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("1.234,56", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1 234,56", ",", "1234.56"),
        ("1\u00a0234\u202f567,5", ",", "1234567.5"),
        ("1'234.56", ".", "1234.56"),
        ("1’234.56", ".", "1234.56"),
        ("1.234,56-", ",", "-1234.56"),
        ("(1.234,56)", ",", "-1234.56"),
        ("€ 1.234,56", ",", "1234.56"),
        ("€ -1.234,56", ",", "-1234.56"),
        ("-€ 1.234,56", ",", "-1234.56"),
        ("−5,00", ",", "-5"),
        ("+5,00", ",", "5"),
        ("EUR 5,00", ",", "5"),
        ("5,00 €", ",", "5"),
        ("1234.56 CR", ".", "-1234.56"),
        ("1234.56 DR", ".", "1234.56"),
        ("1234", ".", "1234"),
        ("0,1234", ",", "0.1234"),
        ("0.123400", ".", "0.1234"),
        ("\u00a05,00 ", ",", "5"),
        ("10,-", ",", "10"),
        ("10,--", ",", "10"),
        ("€ 1.250,-", ",", "1250"),
        ("-10,–", ",", "-10"),
        ("(1 250,- EUR)", ",", "-1250"),
    ],
)
def test_a_well_written_amount_is_read_exactly(text, mark, amount):
    judgement, rows = amounts(text, decimal=mark)
    assert judgement.outcome == "accept", judgement.payload("en")
    assert rows[0]["amount"] == Decimal(amount)


@pytest.mark.parametrize("mark", [",", "."])
@pytest.mark.parametrize(
    "text",
    [
        "12.34,5", "12,3,4", ".5", ",5", "5.", "1e3", "1_000", "１２", "1.23.456", "12 34,56", "--5", "(5", "5)",
        "(-5)", "10,-5", "10,---", "10,- -", "10-,", "10.-", "1.25,-", "10,-,-",

        "5- CR", "abc", "-", "1.234.56", "0.123.456", "1 2", "½", "0x10", "5,00 %", "NaN", "inf", "1.2345,6,7",
    ],
)  # fmt: skip
def test_a_badly_written_amount_is_an_error_under_either_mark(text, mark):
    judgement, _ = amounts(text, "1,00" if mark == "," else "1.00", decimal=mark)
    assert faults(judgement) == [(2, "amount", "number")]
    assert judgement.lines == (2,)


def test_a_fraction_under_a_thousands_dot_is_an_error():
    judgement, _ = amounts("1.234,56", "2.234,56", "1.23")
    assert faults(judgement) == [(4, "amount", "number")]


def test_a_fifth_decimal_is_an_error_and_never_rounded():
    judgement, _ = amounts("1.23456", "1.2345")
    assert faults(judgement) == [(2, "amount", "decimals")]


def test_an_amount_that_does_not_fit_is_an_error():
    judgement, _ = amounts("123456789012345.00", "99999999999999.9999")
    assert faults(judgement) == [(2, "amount", "too_large")]


def test_the_decimal_mark_is_decided_from_all_values_of_a_column():
    _, rows = amounts("1.234", "2.345", "1,5")
    assert [row["amount"] for row in rows] == [Decimal(1234), Decimal(2345), Decimal("1.5")]


@pytest.mark.parametrize("text", ["1.234", "1,234", "-1.234", "€ 1.234"])
def test_amounts_that_read_either_way_are_asked_about(text):
    judgement, _ = amounts(text, "5")
    assert judgement.payload("nl")["question"] == {"about": "decimal", "options": [".", ","], "evidence": [text]}
    assert judgement.outcome == "ask"


def test_the_answer_about_the_decimal_mark_is_taken():
    assert amounts("1.234", decimal=",")[1][0]["amount"] == Decimal(1234)
    assert amounts("1.234", decimal=".")[1][0]["amount"] == Decimal("1.234")


def test_columns_may_differ_in_their_decimal_mark():
    content = "account_id;doc_no;invoice_date;quantity;net_amount\nA;1;2026-01-31;1.5;1.234,56\n"
    row = judged(content)[1][0]
    assert (row["quantity"], row["net_amount"]) == (Decimal("1.5"), Decimal("1234.56"))


def test_a_foreign_sign_is_never_booked_as_another_currency():
    head = "account_id;posting_date;line_type;amount;currency\n"
    judgement, _ = judged(
        head + "A;2026-01-31;omzet;$ 5,00;\nA;2026-01-31;omzet;£ 5,00;GBP\nA;2026-01-31;omzet;$ 5,00;USD\n"
    )
    assert faults(judgement) == [(2, "amount", "foreign")]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("31-01-2026", None, date(2026, 1, 31)),
        ("31/1/2026", None, date(2026, 1, 31)),
        ("31.01.2026", None, date(2026, 1, 31)),
        ("01/31/2026", None, date(2026, 1, 31)),
        ("2026-01-31", None, date(2026, 1, 31)),
        ("2026/1/31", None, date(2026, 1, 31)),
        ("20260131", None, date(2026, 1, 31)),
        ("3 maart 2026", None, date(2026, 3, 3)),
        ("03-mrt-2026", None, date(2026, 3, 3)),
        ("3 Oct. 2026", None, date(2026, 10, 3)),
        ("March 3, 2026", None, date(2026, 3, 3)),
        ("31-01-2026 00:00:00", None, date(2026, 1, 31)),
        ("2026-01-31T00:00:00", None, date(2026, 1, 31)),
        ("01-01-2026", None, date(2026, 1, 1)),
        ("03/04/2026", "dmy", date(2026, 4, 3)),
        ("03/04/2026", "mdy", date(2026, 3, 4)),
        ("03-04-26", "dmy", date(2026, 4, 3)),
    ],
)
def test_a_date_is_read_as_it_is_written(text, order, day):
    judgement, rows = days(text, date_order=order)
    assert judgement.outcome == "accept", judgement.payload("en")
    assert rows[0]["posting_date"] == day


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("30-02-2026", "date"), ("2026-13-01", "date"), ("31-01/2026", "date"), ("20261301", "date"),
        ("31-01-0026", "date"),
        ("00-00-0000", "date"), ("3 maa 2026", "date"), ("46054", "date"), ("gisteren", "date"),
        ("31-01-2026 14:05", "time"), ("2026-01-31T23:59:59", "time"), ("2026-01", "date"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_day_is_an_error(text, rule):
    judgement, _ = days(text, "31-01-2026")
    assert faults(judgement) == [(2, "posting_date", rule)]


def test_dates_that_read_either_way_are_asked_about():
    judgement, _ = days("03/04/2026", "05/06/2026")
    asked = judgement.question
    assert (asked.about, asked.options, asked.evidence) == ("date_order", ("dmy", "mdy"), ("03/04/2026", "05/06/2026"))


def test_one_day_beyond_the_twelfth_decides_for_the_whole_column():
    assert days("03/04/2026", "13/04/2026")[1][0]["posting_date"] == date(2026, 4, 3)
    assert days("03/04/2026", "04/13/2026")[1][0]["posting_date"] == date(2026, 3, 4)


def test_a_two_digit_year_is_asked_about():
    assert days("31-01-26")[0].question.about == "date_order"


@pytest.mark.parametrize(
    "text",
    ["2026-03", "2026-03-01", "01-03-2026", "3/1/2026", "202603", "03-2026", "maart 2026", "mrt-2026", "March 2026"],
)
def test_a_month_is_read_as_its_first_day(text):
    judgement, rows = judged(f"account_id;month;activity;quantity\nA;{text};bezoek;2\n")
    assert judgement.outcome == "accept", judgement.payload("en")
    assert rows[0]["month"] == date(2026, 3, 1)


def test_a_day_within_a_month_is_no_month():
    judgement, _ = judged("account_id;month;activity;quantity\nA;2026-03-15;bezoek;2\n")
    assert faults(judgement) == [(2, "month", "month")]


MONEY = st.decimals(Decimal("-99999999.9999"), Decimal("99999999.9999"), places=4, allow_nan=False)


def written(amount, locale):
    groups, mark = {"nl": (".", ","), "en": (",", "."), "ch": ("’", "."), "be": ("\u202f", ",")}[locale]
    shown = f"{amount:,.4f}"
    return shown.replace(",", "#").replace(".", mark).replace("#", groups)


@settings(max_examples=25, deadline=None)
@given(st.lists(MONEY, min_size=1, max_size=20), st.sampled_from(["nl", "en", "ch", "be"]))
def test_an_amount_written_any_way_is_read_back(values, locale):
    judgement, rows = amounts(*(written(value, locale) for value in values))
    assert judgement.outcome == "accept", judgement.payload("en")
    assert [row["amount"] for row in rows] == values


DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
DUTCH_MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(["%d-%m-%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "named"])
)
def test_a_date_written_any_way_is_read_back(values, form):
    values = [*values, date(2026, 1, 31)]
    texts = [f"{v.day} {DUTCH_MONTHS[v.month - 1]} {v.year}" if form == "named" else v.strftime(form) for v in values]
    judgement, rows = days(*texts)
    assert judgement.outcome == "accept", judgement.payload("en")
    assert [row["posting_date"] for row in rows] == values


def test_required_cells_may_not_be_empty():
    judgement, _ = judged(LEDGER + "1;31-01-2026;omzet;\n;31-01-2026;omzet;1,00\n1; ;omzet;1,00\n")
    assert faults(judgement) == [
        (2, "amount", "required"),
        (3, "customer_no", "one_of"),
        (4, "posting_date", "required"),
    ]


def test_an_unknown_word_is_an_error_with_the_nearest_known_one():
    judgement, _ = judged(LEDGER + "1;31-01-2026;transprot;-1,00\n")
    assert "freight" in judgement.payload("nl")["problems"][0]["message"]


def test_words_compare_without_case_accents_and_spaces():
    assert judged(LEDGER + "1;31-01-2026; BRUTO omzet ;1,00\n")[1][0]["line_type"] == "gross_sales"


def test_ids_stay_as_they_are():
    content = "account_id;account_name;parent_id\n000123;NA;NULL\n"
    row = judged(content)[1][0]
    assert (row["account_id"], row["account_name"], row["parent_id"]) == ("000123", "NA", "NULL")


def test_an_empty_currency_is_the_euro_and_codes_are_upper_case():
    head = "account_id;posting_date;line_type;amount;currency\n"
    judgement, rows = judged(head + "A;2026-01-31;omzet;1;\nA;2026-01-31;omzet;2;usd\n")
    assert [row["currency"] for row in rows] == ["EUR", "USD"]
    assert judgement.payload("nl")["total_by_currency"] == {"EUR": "1.00", "USD": "2.00"}
    assert faults(judged(head + "A;2026-01-31;omzet;1;EURO\n")[0]) == [(2, "currency", "currency")]


def test_a_row_with_another_number_of_fields_is_an_error():
    judgement, _ = judged(
        LEDGER + "1;31-01-2026;omzet;1,00\n1;31-01\n1;31-01-2026;omzet;1,00;9\n1;31-01-2026;omzet;1,00;\n"
    )
    assert faults(judgement) == [(3, None, "fields"), (4, None, "fields")]


def test_titles_totals_blank_lines_repeated_headers_and_footers_are_counted_and_never_booked():
    content = (
        "Grootboek 2026;;;\n;;;\n" + LEDGER + "A;31-01-2026;omzet;100,00\nB;31-01-2026;omzet;50,50\n"
        "Subtotaal;;;150,50\n;;;\nPagina 2;;;\n" + LEDGER + "C;31-01-2026;omzet;49,50\n;;;49,50\n"
        "Totaal;;;200,00\nAantal regels: 3;;;\nEinde overzicht\n"
    )
    judgement, rows = judged(content)
    assert judgement.outcome == "accept", judgement.payload("en")
    assert dict(judgement.skipped) == {"title": 2, "blank": 2, "total": 3, "repeated_header": 1, "footer": 2}
    assert [row["line"] for row in rows] == [4, 5, 10]
    assert judgement.payload("nl")["total_by_currency"] == {"EUR": "200.00"}


@pytest.mark.parametrize(
    ("footer", "rule"),
    [
        ("Totaal;;;151,00", "total"),
        ("Totaal;31-01-2026;omzet;151,00", "total"),
        ("Totaal 151,00", "total"),
        ("Controletotaal;;;151,00", "total"),
        ("Aantal regels: 4", "footer_count"),
        ("151 records", "footer_count"),
        (";;;151,00", "one_of"),
        ("Piet", "fields"),
    ],
)
def test_a_total_or_footer_that_does_not_agree_is_an_error(footer, rule):
    judgement, _ = judged(LEDGER + "A;31-01-2026;omzet;100,00\nB;31-01-2026;omzet;50,50\n" + footer + "\n")
    assert (judgement.outcome, judgement.lines) == ("reject", (4,))
    assert judgement.problems[0].rule == rule


def test_a_total_that_agrees_is_skipped_even_if_it_looks_like_a_row():
    judgement, rows = judged(LEDGER + "A;31-01-2026;omzet;100,00\nTotaal;31-01-2026;omzet;100,00\n")
    assert (len(rows), judgement.skipped["total"]) == (1, 1)


@given(st.from_regex(_TOTAL_WORD, fullmatch=True))
def test_no_word_for_a_total_has_a_digit_second(word):
    assert word[1:2] not in set("0123456789")


def test_a_wrong_row_above_a_total_is_the_only_line_named():
    judgement, _ = judged(LEDGER + "A;31-01-2026;omzet;100,00\nB;31-01-2026;omzet;5x\nTotaal;;;150,50\n")
    assert judgement.lines == (3,)


def test_costs_that_are_all_positive_are_asked_about_and_turned_on_request():
    content = LEDGER + "A;31-01-2026;omzet;100,00\nA;31-01-2026;transport;5,00\nA;31-01-2026;kostprijs;60,00\n"
    asked = judged(content)[0].question
    assert (asked.about, asked.options) == ("sign", ("negate_costs", "negate_all", "as_booked"))
    assert [r["amount"] for r in judged(content, sign="negate_costs")[1]] == [100, -5, -60]
    assert [r["amount"] for r in judged(content, sign="negate_all")[1]] == [-100, -5, -60]
    assert [r["amount"] for r in judged(content, sign="as_booked")[1]] == [100, 5, 60]


SALES = "account_id;doc_no;doc_type;invoice_date;net_amount;cogs_amount\n"


def test_credit_notes_that_are_all_positive_are_asked_about_and_turned_on_request():
    content = SALES + "A;F1;INV;31-01-2026;100,00;60,00\nA;C1;CRN;31-01-2026;10,00;6,00\n"
    assert judged(content)[0].question.options == ("negate_credits", "as_booked")
    rows = judged(content, sign="negate_credits")[1]
    assert [(r["net_amount"], r["cogs_amount"]) for r in rows] == [(100, 60), (-10, -6)]


def test_one_positive_credit_note_among_negative_ones_is_an_error():
    judgement, _ = judged(SALES + "A;C1;CRN;31-01-2026;10,00;6,00\nA;C2;CRN;31-01-2026;-10,00;-6,00\n")
    assert faults(judgement) == [(2, "net_amount", "credit_sign")]


def test_a_missing_line_number_is_the_position_in_the_document():
    _, rows = judged(SALES + "A;F1;INV;31-01-2026;1,00;1\nA;F2;INV;31-01-2026;2,00;1\nA;F1;INV;31-01-2026;3,00;1\n")
    assert [(r["doc_no"], r["line_no"]) for r in rows] == [("F1", "1"), ("F2", "1"), ("F1", "2")]


def test_rows_of_one_key_are_errors_that_name_each_other():
    content = "currency;date;eur_per_unit\nUSD;2026-01-31;0.91\nGBP;2026-01-31;1.15\nUSD;2026-01-31;0.92\n"
    judgement, _ = judged(content)
    assert [(p.line, p.rule, p.detail) for p in judgement.problems] == [(2, "duplicate", "4"), (4, "duplicate", "2")]


def test_equal_rows_of_a_master_are_one_and_differing_ones_an_error():
    head = "account_id;account_name\n"
    judgement, rows = judged(head + "A;Acme\nA;Acme\nB;Beta\n")
    assert (judgement.rows, len(rows), len(judgement.warnings)) == (2, 2, 1)
    assert judged(head + "A;Acme\nA;Acme BV\n")[0].lines == (2, 3)


def test_equal_ledger_lines_are_kept_and_named():
    judgement, rows = judged(LEDGER + "A;31-01-2026;omzet;1,00\n" * 3)
    assert len(rows) == 3
    assert "2" in judgement.warnings[0].say("nl")


def test_a_whole_file_of_open_amounts_needs_a_day():
    content = "account_id;doc_no;invoice_date;amount;open_amount\nA;F1;31-01-2026;10,00;5,00\n"
    assert judged(content)[0].question.about == "snapshot_date"
    assert judged(content, as_of=date(2026, 2, 28))[1][0]["snapshot_date"] == date(2026, 2, 28)


def test_a_due_date_before_the_invoice_is_a_warning():
    content = "account_id;doc_no;invoice_date;due_date;amount\nA;F1;31-01-2026;30-01-2026;10,00\n"
    assert len(judged(content, kind="receivables")[0].warnings) == 1


def test_answers_lie_between_one_and_five():
    head = "round_id;round_date;respondent;function;item;value\n"
    content = head + "R;2026-01-31;t1;Sales;SV1;6\nR;2026-01-31;t2;Sales;style;\nR;2026-01-31;t3;Sales;SV1;2.5\n"
    assert faults(judged(content)[0]) == [(2, "value", "range"), (4, "value", "integer")]


def test_a_control_total_that_does_not_match_refuses_the_file():
    content = LEDGER + "A;31-01-2026;omzet;100,00\n"
    assert judged(content, control_totals={"EUR": Decimal(100)})[0].outcome == "accept"
    judgement, _ = judged(content, control_totals={"EUR": Decimal(101)})
    assert [p.rule for p in judgement.problems] == ["control_total"]


def test_quarantine_keeps_the_wrong_rows_apart_as_they_stand():
    content = LEDGER + "A;31-01-2026;omzet;100,00\nB;31-02-2026;omzet;5x\n"
    with new_stage() as stage:
        path = stage.spool / "x.csv"
        path.write_text(content)
        judgement = judge(stage, path, Options(quarantine=True))
        assert (judgement.outcome, judgement.rows, judgement.quarantined) == ("accept", 1, 1)
        assert [row["line"] for row in typed_rows(stage, judgement)] == [2]
        assert stage.cursor.execute("from staged_quarantine").fetchall() == [
            (3, "B;31-02-2026;omzet;5x", "date, number")
        ]


def test_a_file_without_one_good_row_is_refused_in_quarantine_too():
    assert judged(LEDGER + "B;31-02-2026;omzet;5x\n", quarantine=True)[0].outcome == "reject"


def test_every_wrong_line_is_known_and_the_first_hundred_are_told():
    judgement, _ = judged(LEDGER + "A;31-01-2026;omzet;x\n" * 150)
    assert (judgement.problem_count, len(judgement.problems), judgement.lines) == (150, 100, tuple(range(2, 152)))


def test_the_answer_is_one_json_object_with_every_field_of_the_contract():
    payload = judged(LEDGER + "A;31-01-2026;omzet;12,3,4\n")[0].payload("en")
    assert set(payload) == {
        "outcome", "kind", "file", "sha256", "load_id", "rows", "skipped", "total_by_currency", "total_by_account",
        "min_date", "max_date", "read_as", "difference", "problems", "problem_count", "lines", "question", "warnings",
        "message",
    }  # fmt: skip
    assert set(payload["problems"][0]) == {"line", "column", "value", "rule", "message"}
    assert json.loads(json.dumps(payload))["problems"][0]["value"] == "12,3,4"


def test_every_rule_has_words_in_every_language():
    assert {key for key in words.words("nl") if key.startswith("extract_")} == {
        key for key in words.words("en") if key.startswith("extract_")
    }


def test_text_is_only_ever_text():
    nasty = "'; drop table x; -- {line} $1"
    judgement, _ = judged(LEDGER + f"{nasty};31-01-2026;{nasty};{nasty}\n".replace("; ", " ").replace(";--", "--"))
    assert judgement.outcome == "reject"
    assert judgement.sentence("nl")


def test_a_profile_fills_in_what_was_not_said():
    content = "customerID,invoiceNumber,InvoiceDate,InvoiceAmount\n1,007,3/4/2026,1.5\n"
    row = judged(content, profile="ibm-receivables")[1][0]
    assert (row["doc_no"], row["doc_type"], row["invoice_date"]) == ("007", "INV", date(2026, 3, 4))
    assert judged(content, profile="ibm-receivables", date_order="dmy")[1][0]["invoice_date"] == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("profile", "file", "expected"),
    [
        ("adventureworks-reseller-sales", "adventureworks_reseller/FactResellerSales.csv.gz", (60_855, "sales")),
        ("adventureworks-resellers", "adventureworks_reseller/DimReseller.csv", (701, None)),
        ("ibm-receivables", "ibm_accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv", (2_466, "total")),
        ("ibm-customers", "ibm_accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv", (100, None)),
    ],
)
def test_published_files_load_with_their_published_totals(profile, file, expected):
    path = shared_file(file)
    published = json.loads((path.parent / "expected.json").read_text())
    with new_stage() as stage:
        judgement = judge(stage, path, Options(profile=profile))
    assert (judgement.outcome, judgement.rows, judgement.warnings[:0]) == ("accept", expected[0], ())
    if expected[1]:
        assert judgement.total_by_currency == {"EUR": Decimal(published[expected[1]])}


def test_every_published_column_adds_up():
    path = shared_file("adventureworks_reseller/FactResellerSales.csv.gz")
    published = json.loads((path.parent / "expected.json").read_text())
    with new_stage() as stage:
        table = judge(stage, path, Options(profile="adventureworks-reseller-sales")).table
        sums = stage.cursor.execute(
            "select sum(cogs_amount), sum(freight_amount), sum(list_amount), sum(discount_amount), sum(vat_amount), "
            f"sum(quantity) from {table}"
        ).fetchone()
    names = ("cogs", "freight", "extended", "discount", "tax", "qty")
    assert sums == tuple(Decimal(str(published[name])) for name in names)


def test_dates_between_months_never_drift():
    start = date(2025, 12, 25)
    values = [start + timedelta(days=n) for n in range(40)]
    assert [r["posting_date"] for r in days(*(v.strftime("%d/%m/%Y") for v in values))[1]] == values
    assert KINDS["ledger"].dated == "posting_date"
