"""Workbooks, packed files and Parquet that are not what they seem: refused in bounds, or read exactly."""

from __future__ import annotations

import gzip
import io
import re
import resource
import struct
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
import xlsxwriter

from tests.extract_files import LEDGER, accepted, asked, judged, refused, warned

HEAD = ["account_id", "posting_date", "line_type", "amount"]
DAY = date(2026, 1, 31)
SHEET = "xl/worksheets/sheet1.xml"
FIVE = b'<c r="D2"><v>5.5</v></c>'
Fill = Callable[[Any, Any], None]


def nothing(book: Any, sheet: Any) -> None:
    """Leave the sheet as it is."""


def workbook(*rows: Iterable[Any], head: Iterable[Any] = HEAD, fill: Fill = nothing, **options: Any) -> bytes:
    """A workbook of one sheet, and what `fill` does to it."""
    buffer = io.BytesIO()
    chosen = {"in_memory": True, "default_date_format": "dd-mm-yyyy", **options}
    with xlsxwriter.Workbook(buffer, chosen) as book:
        sheet = book.add_worksheet("A")
        for line, cells in enumerate([head, *rows]):
            sheet.write_row(line, 0, cells)
        fill(book, sheet)
    return buffer.getvalue()


def patched(change: Callable[[bytes], bytes], member: str = SHEET, content: bytes | None = None) -> bytes:
    """A workbook of one row whose archive holds another text for one member."""
    out = io.BytesIO()
    given = content or workbook(["A", DAY, "omzet", 5.5])
    with zipfile.ZipFile(io.BytesIO(given)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return out.getvalue()


def replaced(cell: bytes) -> bytes:
    """A workbook with this cell for its amount."""
    return patched(lambda xml: xml.replace(FIVE, cell))


def prefixed(xml: bytes) -> bytes:
    """The same XML with a namespace prefix, as some exporters write it."""
    return re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml).replace(b'xmlns="', b'xmlns:x="')


@pytest.mark.parametrize("shown", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?"])
def test_every_cell_that_shows_an_error_is_named(shown: str) -> None:
    def fill(_: Any, sheet: Any) -> None:
        for row in (2, 3):
            sheet.write_formula(row, 3, "=1/0", None, shown)

    judgement, _ = judged(workbook(*[["A", DAY, "omzet", 1]] * 3, fill=fill))
    told = [(problem.line, problem.column, problem.rule, problem.value) for problem in judgement.problems]
    assert told == [(3, "amount", "broken_cell", shown), (4, "amount", "broken_cell", shown)]


@pytest.mark.parametrize(
    "cell",
    [
        b"<c t='e' r='D2'><v>#N/A</v></c>", b'<c s="1" t="e" r="D2"><f>1/0</f><v>#N/A</v></c>',
        b'<c r="D2"><f>A1</f></c>', b'<c r="D2"><f>A1</f><v/></c>', b'<c r="D2"><f>A1</f><v></v></c>',
        b'<c r="D2"><f t="shared" si="0"/></c>',
    ],
)  # fmt: skip
def test_an_error_or_a_formula_never_computed_is_found_however_it_is_written(cell: bytes) -> None:
    assert refused(replaced(cell)) == [(2, "broken_cell")]
    assert refused(patched(prefixed, content=replaced(cell))) == [(2, "broken_cell")]


def test_an_error_in_an_optional_column_is_not_an_empty_cell() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, 4, "=x", None, "#N/A")

    for column in ("currency", "document", "product"):
        content = workbook(["A", DAY, "omzet", 1], head=[*HEAD, column], fill=fill)
        assert refused(content) == [(2, "broken_cell")]
    assert len(accepted(workbook(["A", DAY, "omzet", 1], head=[*HEAD, "notes"], fill=fill))) == 1


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell() -> None:
    content = workbook(["A", DAY, "omzet", 1, "D1"], head=[*HEAD, "document"])
    empty = b'<c r="E2" t="str"><f>""</f><v></v></c>'
    rows = accepted(patched(lambda xml: re.sub(rb'<c r="E2".*?</c>', empty, xml), content=content))
    assert rows[0]["document"] is None


def test_a_sheet_with_a_namespace_prefix_reads_the_same() -> None:
    assert accepted(patched(prefixed)) == accepted(patched(bytes))


def test_text_among_numbers_is_refused_and_never_sets_the_style() -> None:
    content = workbook(["A", DAY, "omzet", 1.234], ["A", DAY, "omzet", "2,5"], ["A", DAY, "omzet", "12,75"])
    assert refused(content) == [(3, "text_number"), (4, "text_number")]
    judgement, rows = judged(content, quarantine=True)
    assert (judgement.quarantined, [row["amount"] for row in rows]) == (2, [Decimal("1.234")])


@pytest.mark.parametrize(
    "text", ["EUR 1.234", "€\u00a01.234", "\u22121.234", "1.234\u00a0EUR", "1.234\u202f€", "EUR 1,234"]
)
def test_text_among_numbers_is_refused_whatever_stands_beside_its_digits(text: str) -> None:
    assert refused(workbook(["A", DAY, "omzet", 5.5], ["A", DAY, "omzet", text])) == [(3, "text_number")]


def test_text_dates_among_real_dates_are_refused() -> None:
    content = workbook(["A", date(2026, 3, 4), "omzet", 1], ["A", "13-04-2026", "omzet", 2])
    assert refused(content) == [(3, "text_day")]
    assert len(accepted(workbook(["A", date(2026, 3, 4), "omzet", 1], ["A", "2026-04-13", "omzet", 2]))) == 2
    assert asked(workbook(["A", "03-04-2026", "omzet", 1])) == "date_order"


def test_a_code_that_the_sheet_made_a_date_or_broke_is_refused() -> None:
    assert refused(workbook([date(2026, 2, 1), DAY, "omzet", 1])) == [(2, "day_code")]
    assert refused(workbook([1234567890123456789, DAY, "omzet", 1])) == [(2, "mangled")]
    assert refused(workbook(["1,23E+12", DAY, "omzet", 1])) == [(2, "mangled")]
    assert accepted(workbook([123456789012345, DAY, "omzet", 1]))[0]["account_id"] == "123456789012345"


def test_a_code_that_the_sheet_made_yes_or_no_is_refused() -> None:
    assert refused(workbook([True, DAY, "omzet", 1])) == [(2, "flag_code")]


def test_two_values_for_one_cell_are_never_read_as_one() -> None:
    twice = replaced(FIVE + FIVE.replace(b"5.5", b"99"))
    assert refused(twice) == [(None, "double_cell")]
    rows = workbook(["A", DAY, "omzet", 5.5], ["B", DAY, "omzet", 6.5])
    renumbered = patched(lambda xml: re.sub(rb'r="([A-D]?)3"', rb'r="\g<1>2"', xml), content=rows)
    assert refused(renumbered) == [(None, "double_cell")]


@pytest.mark.parametrize("name", ["x € 1.000", "Omzet USD", "TEUR"])
def test_the_name_of_a_sheet_is_a_title_too(name: str) -> None:
    book = patched(lambda xml: xml.replace(b'name="A"', f'name="{name}"'.encode()), "xl/workbook.xml")
    assert refused(book) == [(None, "sheet_name")]


def test_a_code_keeps_the_leading_zeros_that_its_format_shows() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 0, 123, book.add_format({"num_format": "0000000000"}))

    assert accepted(workbook(["", DAY, "omzet", 5], fill=fill))[0]["account_id"] == "0000000123"


def formatted(form: str, amount: float = 5.5, **more: str) -> bytes:
    """A workbook of one amount in this format, with its currency where that is told."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 3, amount, book.add_format({"num_format": form}))

    return workbook(["A", DAY, "omzet", None, *more.values()], head=[*HEAD, *more], fill=fill)


@pytest.mark.parametrize(
    ("form", "number", "code"),
    [
        ("0000\\.000\\.000", 403170701, "0403.170.701"),
        ('0000"."000"."000', 403170701, "0403.170.701"),
        ("00-00000000", 612345678, "06-12345678"),
        ('"K"0000', 7, "K0007"),
        ("000-0000", 123456789, "12345-6789"),
        ("00", 7, "07"),
    ],
)
def test_a_code_keeps_the_marks_that_its_format_shows(form: str, number: int, code: str) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 0, number, book.add_format({"num_format": form}))

    assert accepted(workbook(["", DAY, "omzet", 5], fill=fill))[0]["account_id"] == code


def test_a_unit_behind_an_amount_is_no_mark_of_a_code() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 3, 5.5, book.add_format({"num_format": '00" uur"'}))

    assert accepted(workbook(["A1", DAY, "omzet", 5], fill=fill))[0]["amount"] == Decimal("5.5")


@pytest.mark.parametrize(
    "form", ["[$$-409]#,##0.00", "[$USD] 0.00", '"£"#,##0.00', '0.00 "USD"', "[$CHF-807] 0.00", "\\$0"]
)
def test_a_currency_that_only_the_format_shows_is_never_booked_as_another(form: str) -> None:
    assert refused(formatted(form)) == [(2, "foreign")]


@pytest.mark.parametrize(
    "form", ['_ "€" * #,##0.00_ ;_ "€" * -#,##0.00_ ', "[$€-413] #,##0.00;[Red][$€-413] -#,##0.00"]
)
@pytest.mark.parametrize("amount", [5.5, -1234.5])
def test_a_currency_that_the_format_shows_may_be_that_of_the_row(form: str, amount: float) -> None:
    assert accepted(formatted(form, amount))[0]["amount"] == Decimal(str(amount))
    assert refused(formatted(form, amount, currency="USD")) == [(2, "foreign")]
    assert accepted(formatted("[$$-409]#,##0.00", amount, currency="USD"))[0]["amount"] == Decimal(str(amount))


def test_a_currency_of_whoever_looks_is_no_currency_of_the_amount() -> None:
    declared = formatted("[$$-409]0.00")
    built_in = patched(lambda xml: re.sub(b'"16[45]"', b'"44"', xml), "xl/styles.xml", declared)
    assert refused(declared) == [(2, "foreign")]
    assert accepted(built_in)[0]["amount"] == Decimal("5.5")


@pytest.mark.parametrize("form", ['"€" 0', "0%"])
def test_a_code_or_day_that_is_shown_as_money_is_refused(form: str) -> None:
    def fill(book: Any, sheet: Any) -> None:
        for place, number in enumerate((7, 46053)):
            sheet.write_number(1, place, number, book.add_format({"num_format": form}))

    assert refused(workbook([None, None, "omzet", 1], fill=fill)) == [(2, "money_code"), (2, "money_code")]


@pytest.mark.parametrize("form", ["0%", "0.0%", "0.00%;[Red]-0.00%"])
def test_an_amount_that_is_shown_as_a_percentage_is_no_amount(form: str) -> None:
    judgement, _ = judged(formatted(form, 0.07))
    assert [(problem.rule, problem.value) for problem in judgement.problems] == [("number", "7%")]


@pytest.mark.parametrize("form", ["#,##0.00", '0.00" kg"', '0 "pct"', "[Red]0.00", "_$0.00", "General"])
def test_what_a_format_shows_otherwise_changes_nothing(form: str) -> None:
    assert accepted(formatted(form))[0]["amount"] == Decimal("5.5")


def test_hidden_rows_and_columns_are_read_and_counted() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})

    content = workbook(*[["A", DAY, "omzet", amount] for amount in (1, 2, 3)], fill=fill)
    assert len(accepted(content)) == 3
    assert "hidden rows (1) and hidden columns (1)" in warned(content)


def test_a_hidden_sheet_with_data_is_a_sheet_with_data() -> None:
    def fill(book: Any, _: Any) -> None:
        other = book.add_worksheet("H")
        other.write_row(0, 0, HEAD)
        other.hide()

    assert asked(workbook(["A", DAY, "omzet", 1], fill=fill)) == "sheet"


def test_cells_merged_over_rows_have_no_value_below_the_first() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.merge_range(1, 4, 3, 4, "USD")

    content = workbook(*[["A", DAY, "omzet", 1]] * 3, head=[*HEAD, "currency"], fill=fill)
    assert refused(content) == [(3, "merged_cell"), (4, "merged_cell")]


def test_a_merged_title_above_the_header_is_a_title() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 1, 3, "Grootboek")
        sheet.write_row(2, 0, HEAD)

    assert accepted(workbook([], [], ["A", DAY, "omzet", 1], head=[], fill=fill))[0]["line"] == 4


def test_days_are_counted_from_the_day_the_workbook_says() -> None:
    assert accepted(workbook(["A", DAY, "omzet", 1], date_1904=True))[0]["posting_date"] == DAY
    assert accepted(workbook(["A", 46053, "omzet", 1]))[0]["posting_date"] == DAY
    quoted = patched(lambda xml: xml.replace(b"<workbookPr", b"<workbookPr date1904='1'"), "xl/workbook.xml")
    assert accepted(quoted)[0]["posting_date"] == date(2030, 2, 1)


def test_a_time_of_day_or_half_a_day_is_an_error() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 1, 46053.5, book.add_format({"num_format": "dd-mm-yyyy hh:mm"}))

    assert refused(workbook(["A", None, "omzet", 1], fill=fill)) == [(2, "time")]
    assert refused(workbook(["A", 46053.5, "omzet", 1])) == [(2, "date")]


@pytest.mark.parametrize(
    ("value", "rule"),
    [(b"NaN", "number"), (b"1e999", "number"), (b"1E+20", "number"), (b"abc", "number"), (b"1e-7", "decimals")],
)
def test_a_stored_value_that_is_no_amount_is_an_error(value: bytes, rule: str) -> None:
    assert (2, rule) in refused(replaced(b'<c r="D2"><v>' + value + b"</v></c>"))


DOCTYPE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
SHARED = "xl/sharedStrings.xml"


def declaring(tag: bytes) -> Callable[[bytes], bytes]:
    """A change that puts a declaration of entities before a tag."""
    return lambda xml: xml.replace(tag, DOCTYPE + tag)


def inline(size: int) -> bytes:
    """A cell with a text of this size."""
    return b'<c r="D2" t="inlineStr"><is><t>' + b"x" * size + b"</t></is></c>"


def shared(size: int) -> bytes:
    """A workbook that shares a text of this size."""
    return patched(lambda xml: xml.replace(b"</sst>", b"<si><t>" + b"y" * size + b"</t></si></sst>"), SHARED)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (patched(declaring(b"<worksheet")), "entities"),
        (patched(declaring(b"<sst"), SHARED), "entities"),
        (patched(declaring(b"<workbook "), "xl/workbook.xml"), "entities"),
        (patched(lambda xml: xml[: len(xml) // 2]), "truncated"),
        (patched(lambda _: b"", "xl/workbook.xml"), "truncated"),
        (patched(lambda _: b"", "xl/_rels/workbook.xml.rels"), "truncated"),
        (patched(lambda xml: re.sub(rb't="s"><v>\d', b't="s"><v>99', xml)), "truncated"),
        (replaced(b'<c r="KKK2"><v>1</v></c>'), "too_many_columns"),
        (replaced(b'<c r="AZ1048576"><v>1</v></c>'), "file_too_large"),
        (replaced(inline(200_000)), "cell_too_large"),
        (replaced(inline(40 << 20)), "file_too_large"),
        (shared(80 << 20), "file_too_large"),
    ],
)
def test_a_hostile_workbook_gets_one_clear_refusal(content: bytes, rule: str) -> None:
    assert [found for _, found in refused(content)] == [rule]


def test_a_member_that_lies_about_its_size_is_refused_before_it_is_believed() -> None:
    content = patched(
        lambda x: x.replace(b"</sst>", b"<si><t>" + b"y" * 5_000_000 + b"</t></si></sst>"), "xl/sharedStrings.xml"
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHARED).file_size
    lying = content.replace(struct.pack("<I", size), struct.pack("<I", 100))
    assert refused(lying) == [(None, "truncated")]


def tar(text: str) -> bytes:
    """A tarball of one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("x.csv")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


ROWS = LEDGER + "A1;31-01-2026;omzet;1,00\n"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (tar(ROWS), "binary"),
        (gzip.compress(gzip.compress(ROWS.encode())), "packed_twice"),
        (gzip.compress(ROWS.encode()) + b"garbage", "truncated"),
        (gzip.compress(ROWS.encode())[:-8] + b"\0" * 8, "truncated"),
        (gzip.compress(b""), "empty"),
        (b"\x1f\x8b", "truncated"),
        (b"PK\x03\x04", "truncated"),
        (b"PAR1", "truncated"),
        (b"PAR1" + b"\xff" * 100 + b"PAR1", "truncated"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 100, "binary"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html><table>", "no_header"),
        ("\ufeff  <HTML><table>".encode(), "html"),
        ("<html><table>".encode("utf-16"), "html"),
        (ROWS.encode("utf-32"), "binary"),
    ],
)  # fmt: skip
def test_what_is_not_what_its_name_says_gets_one_clear_refusal(content: bytes, rule: str) -> None:
    assert refused(content, name="../../x.xls") == [(None, rule)]


def test_a_packed_workbook_is_a_workbook() -> None:
    assert len(accepted(gzip.compress(workbook(["A", DAY, "omzet", 1])))) == 1


def parquet(tmp_path: Path, columns: str) -> bytes:
    """A Parquet file of one row."""
    file = tmp_path / "x.parquet"
    duckdb.sql(f"select {columns}").write_parquet(str(file))
    return file.read_bytes()


FACT = "'A1' as account_id, date '2026-01-31' as posting_date, 'omzet' as line_type"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (f"{FACT}, 1.5::decimal(38, 10) as amount", "1.5"),
        (f"{FACT}, 1234.56::double as amount", "1234.56"),
        (f"{FACT}, 7::bigint as amount", "7"),
        (f"{FACT}, '1.234,56' as amount", "1234.56"),
    ],
)
def test_parquet_numbers_are_exact(tmp_path: Path, columns: str, expected: str) -> None:
    assert accepted(parquet(tmp_path, columns))[0]["amount"] == Decimal(expected)


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        (f"{FACT}, 'nan'::double as amount", "required"),
        (f"{FACT}, 'inf'::double as amount", "number"),
        (f"{FACT}, 1e300::double as amount", "number"),
        (f"{FACT}, 1::double as amount, 1e17::double as document", "mangled"),
        (f"{FACT}, 20000001.25::float as amount", "single_float"),
        (f"{FACT}, 1 as amount, ['D1'] as document", "nested"),
        (f"{FACT}, 1 as amount, true as document", "typed_code"),
        (f"{FACT}, 1 as amount, date '2026-01-31' as document", "typed_code"),
        (f"{FACT}, 1 as amount, {{'a': 1}} as currency", "nested"),
        ("'A1' as account_id, timestamp '2026-01-31 10:00' as posting_date, 'omzet' as line_type, 1 as amount", "time"),
    ],
)
def test_parquet_that_cannot_be_exact_is_refused(tmp_path: Path, columns: str, rule: str) -> None:
    assert rule in [found for _, found in refused(parquet(tmp_path, columns))]


def test_parquet_columns_of_one_name_are_as_doubtful_as_two_headers(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    cells = [pyarrow.array([cell]) for cell in ("A1", date(2026, 1, 31), "omzet", 1.5, 2.5)]
    table = pyarrow.table(cells, ["account_id", "posting_date", "line_type", "amount", "amount"])
    pyarrow.parquet.write_table(table, file)
    assert refused(file.read_bytes()) == [(None, "double_header")]


def test_a_small_parquet_file_of_very_many_rows_is_refused_in_time(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    duckdb.sql(f"select {FACT}, 1 as amount from range(15_000_000)").write_parquet(str(file), compression="zstd")
    started = time.process_time()
    assert refused(file.read_bytes()) == [(None, "file_too_large")]
    assert time.process_time() - started < 5


@pytest.mark.slow
def test_hostile_files_are_refused_in_seconds_and_little_memory() -> None:
    sheet = patched(lambda x: x.replace(b"</sheetData>", b'<row r="3"><c r="A3"/></row>' * 300_000 + b"</sheetData>"))
    bombs = [gzip.compress(b"0" * (100 << 20), 1), gzip.compress(b"0;1\n" * (25 << 20), 1), sheet]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for content in bombs:
        started = time.process_time()
        judged(content)
        assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000
