import gzip
import io
import zipfile
from datetime import date
from decimal import Decimal

import duckdb
import pytest
import xlsxwriter

from kam_metrics.errors import KamError, UsageError
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.options import Options
from tests.extract_files import LEDGER, judged, new_stage

DUTCH = LEDGER + "000123;31-01-2026;omzet;1.234,56\n000123;01-02-2026;transport;-50,00\n"


def rule(content, **options):
    judgement, _ = judged(content, **options)
    assert judgement.outcome == "reject", judgement.payload("en")
    return judgement.problems[0].rule


def question(content, **options):
    judgement, _ = judged(content, **options)
    assert judgement.outcome == "ask", judgement.payload("en")
    return judgement.question


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_ending_reads_alike(encoding, newline):
    content = LEDGER + "Café €;31-01-2026;omzet;€ 1.234,56\n"
    judgement, rows = judged(content.replace("\n", newline).encode(encoding))
    assert judgement.outcome == "accept", judgement.payload("en")
    assert (rows[0]["line"], rows[0]["customer_no"], rows[0]["amount"]) == (2, "Café €", Decimal("1234.56"))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    content = f"account_id{delimiter}posting_date{delimiter}line_type{delimiter}amount\n" + delimiter.join(
        ["A1", "2026-01-31", "revenue", "12.50\n"]
    )
    judgement, rows = judged(content)
    assert judgement.read_as.delimiter == delimiter
    assert rows[0]["amount"] == Decimal("12.50")


def test_an_excel_sep_line_says_the_delimiter_and_counts_as_a_line():
    judgement, rows = judged("sep=|\n" + DUTCH.replace(";", "|"))
    assert judgement.read_as.header_row == 2
    assert [row["line"] for row in rows] == [3, 4]


def test_a_dutch_ledger_is_read_as_dutch():
    judgement, rows = judged(DUTCH)
    said = judgement.read_as
    assert (judgement.kind, said.decimal, said.date_order, said.encoding) == ("ledger", ",", "dmy", "utf-8")
    assert rows[0]["customer_no"] == "000123"
    assert rows[1]["posting_date"] == date(2026, 2, 1)
    assert judgement.payload("nl")["total_by_currency"] == {"EUR": "1184.56"}
    assert judgement.payload("nl")["total_by_account"] == {"000123|EUR": "1184.56"}


def test_an_english_ledger_is_read_as_english():
    content = 'account,date,type,amount\nA1,01/31/2026,revenue,"1,234.56"\nA1,02/01/2026,freight,(50.00)\n'
    judgement, rows = judged(content)
    assert (judgement.read_as.decimal, judgement.read_as.date_order) == (".", "mdy")
    assert [row["amount"] for row in rows] == [Decimal("1234.56"), Decimal("-50")]


def test_lines_are_those_of_an_editor_also_behind_quoted_line_breaks():
    content = 'account_id,account_name\nA1,"Acme\nBV"\n\nA2,Beta\n'
    judgement, rows = judged(content)
    assert [(row["line"], row["account_name"]) for row in rows] == [(2, "Acme\nBV"), (5, "Beta")]
    assert judgement.skipped["blank"] == 1


def test_unknown_columns_are_named_and_ignored():
    judgement, _ = judged("account_id,account_name,kleur\nA1,Acme,rood\n")
    assert "kleur" in judgement.warnings[0].say("nl")


def test_a_mapped_header_goes_before_an_alias():
    judgement, rows = judged("account_id,account_name,firma\nA1,kort,Acme BV\n", mapping={"Firma": "account_name"})
    assert rows[0]["account_name"] == "Acme BV"
    assert judgement.read_as.columns == {"account_id": "account_id", "firma": "account_name"}


def test_two_headers_for_one_column_are_asked_about():
    asked = question("klantnr;debiteurnr;datum;soort;bedrag\n1;2;31-01-2026;omzet;1,00\n", kind="ledger")
    assert asked.about == "map"
    assert asked.options == ("klantnr=customer_no", "debiteurnr=customer_no")


def test_a_name_beside_a_number_is_no_clash():
    _, rows = judged("Relatiecode;Relatie;Datum;Soort;Bedrag\n1;Acme;31-01-2026;omzet;1,00\n", kind="ledger")
    assert rows[0]["customer_no"] == "1"


def test_headers_that_fit_two_kinds_are_asked_about():
    asked = question("Klantnr;Factuurnr;Factuurdatum;Bedrag\n1;F1;31-01-2026;1,00\n")
    assert (asked.about, set(asked.options)) == ("kind", {"sales_lines", "receivables"})


def test_headers_that_fit_no_kind_are_asked_about():
    assert question("foo,bar\n1,2\n").about == "kind"


def test_a_missing_column_is_named():
    judgement, _ = judged("account_id,posting_date,amount\nA1,2026-01-01,1\n", kind="ledger")
    assert "line_type" in judgement.sentence("en")


def test_two_sheets_with_data_are_asked_about():
    content = workbook({"A": [["account_id", "account_name"], ["1", "x"]], "B": [["y"]]})
    assert question(content).options == ("A", "B")
    assert judged(content, sheet="A")[0].outcome == "accept"
    assert rule(content, sheet="C") == "no_such_sheet"


def test_a_file_in_two_encodings_is_asked_about():
    assert question(LEDGER.encode() + "Café;".encode() + "é;1;1\n".encode("cp1252")).about == "encoding"
    assert question(LEDGER.encode() + "Café;1;1;1\n".encode("cp850")).about == "encoding"
    assert question(LEDGER.encode() + b"M\x81ller;1;1;1\n").about == "encoding"


def test_a_packed_file_reads_like_the_file_in_it():
    packed, rows = judged(gzip.compress(DUTCH.encode()), "q1.csv.gz")
    plain, same = judged(DUTCH)
    assert rows == same
    assert packed.sha256 != plain.sha256


def workbook(sheets, **options):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd-mm-yyyy", **options}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write(row, column, cell)
    return buffer.getvalue()


HEAD = ["account_id", "posting_date", "line_type", "amount"]


def test_a_workbook_is_read_as_the_numbers_it_shows():
    content = workbook(
        {
            "Blad1": [
                ["Omzet 2026"],
                [],
                HEAD,
                ["0012", date(2026, 1, 31), "omzet", 0.1 + 0.2],
                [7, 46054, "omzet", 1.234],
            ]
        }
    )
    judgement, rows = judged(content, "q1.xlsx")
    assert judgement.outcome == "accept", judgement.payload("en")
    assert [(r["line"], r["account_id"], r["amount"]) for r in rows] == [
        (4, "0012", Decimal("0.3")),
        (5, "7", Decimal("1.234")),
    ]
    assert rows[1]["posting_date"] == date(2026, 2, 1)
    assert (judgement.skipped["title"], judgement.read_as.sheet) == (1, "Blad1")


def test_a_workbook_counts_days_from_1904_when_it_says_so():
    content = workbook({"A": [HEAD, ["1", 44592, "omzet", 1.5]]}, date_1904=True)
    assert judged(content)[1][0]["posting_date"] == date(2026, 2, 1)


def test_text_among_the_numbers_of_a_workbook_is_refused_by_its_row():
    content = workbook({"A": [HEAD, ["1", "2026-01-31", "omzet", 5.5], ["1", "2026-01-31", "omzet", "1.234"]]})
    judgement, _ = judged(content)
    assert [(p.line, p.rule) for p in judgement.problems] == [(3, "text_number")]


def test_a_cell_that_shows_an_error_is_refused():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["1", "2026-01-31", "omzet"])
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    assert rule(buffer.getvalue()) == "broken_cell"


def test_parquet_is_read_by_its_types(tmp_path):
    file = tmp_path / "x.parquet"
    duckdb.sql(
        "select '007' as account_id, date '2026-01-31' as posting_date, 'omzet' as line_type, "
        "1.234::double as amount, timestamp '2026-01-31' as other"
    ).write_parquet(str(file))
    judgement, rows = judged(file.read_bytes(), "x.parquet")
    assert judgement.outcome == "accept", judgement.payload("en")
    assert (rows[0]["line"], rows[0]["account_id"], rows[0]["amount"]) == (2, "007", Decimal("1.234"))
    assert rule(file.read_bytes()[:-20], name="x.parquet") == "truncated"


def bomb():
    return gzip.compress(b"0000000\n" * (10 << 20))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (LEDGER, "no_rows"),
        (b"\x00\x01\x02\x03" * 100, "binary"),
        (b"%PDF-1.7 ...", "binary"),
        (b"<!DOCTYPE html><html><body><table>", "html"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook", "old_workbook"),
        (workbook({"A": [HEAD]})[:2000], "truncated"),
        (gzip.compress(DUTCH.encode())[:-12], "truncated"),
        (gzip.compress(gzip.compress(b"a;b\n")), "packed_twice"),
        (bomb(), "file_too_large"),
        (";".join(f"k{i}" for i in range(10_000)) + "\n1;2\n", "too_many_columns"),
        (LEDGER + '1;"open;omzet;1\n', "quote"),
        (LEDGER + f"1;31-01-2026;omzet;{'9' * 200_000}\n", "cell_too_large"),
        (LEDGER + "1" * (3 << 20), "long_line"),
        (DUTCH + "1;31-01-2026;om\0zet;1\n", "binary"),
        ("hello\nworld\n", "no_header"),
    ],
)
def test_a_file_that_is_no_extract_gets_one_clear_refusal(content, expected):
    judgement, _ = judged(content, "../../x.xls")
    assert [problem.rule for problem in judgement.problems] == [expected]
    assert judgement.file == "x.xls"
    assert judgement.outcome == "reject"
    assert all(judgement.sentence(language) for language in ("nl", "en"))


def test_a_zip_that_is_no_workbook_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", DUTCH)
    assert rule(buffer.getvalue()) == "not_a_workbook"


def test_a_sheet_with_a_far_cell_is_refused_before_it_fills_the_memory():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write(1_048_575, 900, "x")
    assert rule(buffer.getvalue()) == "file_too_large"


def test_wrong_use_is_told_with_the_nearest_word():
    with pytest.raises(UsageError, match="ledger"):
        Options(kind="ledgr")
    with pytest.raises(UsageError, match="posting_date"):
        judged(DUTCH, kind="ledger", mapping={"x": "postingdate"})
    with pytest.raises(UsageError, match="ibm-receivables"):
        judged(DUTCH, profile="ibm-receivable")
    for wrong in ({"encoding": "rot13"}, {"decimal": ";"}, {"header_row": 0}, {"delimiter": "x"}):
        with pytest.raises(UsageError):
            Options(**wrong)
    with new_stage() as stage, pytest.raises(KamError, match="no_such_file"):
        judge(stage, stage.spool / "nowhere.csv", Options())


def test_what_was_said_beforehand_is_obeyed():
    content = "titel\n" + DUTCH
    judgement, rows = judged(
        content, header_row=2, delimiter=";", encoding="windows-1252", date_order="dmy", decimal=","
    )
    assert (judgement.outcome, len(rows), judgement.read_as.encoding) == ("accept", 2, "windows-1252")
    assert rule(content, header_row=40) == "header_row"
    assert rule("é;b\n".encode("cp1252"), encoding="utf-8") == "encoding"
