"""An audit file is read exactly, in bounded time and memory, and what is not safe or not right is refused."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from kam_metrics.auditfile import AuditFile, Control, Numbers, most_credit, read_audit_file, suggested
from kam_metrics.errors import KamError, UsageError
from kam_metrics.words import explain
from tests.audit_files import Booked, invoice, xaf
from tests.extract_files import shared_file

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
BOOKED = (
    invoice("2026-01-15", "K1", "100.00", "21.00"),
    invoice("2026-02-15", "K2", "50.00"),
    Booked("2026-02-20", [("1300", "-121.00", "K1"), ("1300", "-50.00", "K2"), ("1100", "171.00", "")]),
)


def read(path: Path) -> AuditFile:
    return read_audit_file(path, 10_000_000)


def refused(path: Path, content: str | bytes) -> KamError:
    """The reason why a file with this content is not read."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    started = time.monotonic()
    with pytest.raises(KamError) as caught:
        read(path)
    assert time.monotonic() - started < 2
    return caught.value


@pytest.mark.parametrize("version", ["3.2", "4.0"])
def test_totals_are_kept_per_ledger_account_relation_and_month(tmp_path: Path, version: str) -> None:
    file = read(xaf(tmp_path, BOOKED, version))
    assert (file.form, file.company, file.currency) == (f"XAF {version}", "Voorbeeld & Zonen", "EUR")
    assert (file.first_day, file.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    assert file.totals == {
        ("1300", "K1", JANUARY): Decimal(121),
        ("8000", "K1", JANUARY): Decimal(-100),
        ("1500", "K1", JANUARY): Decimal(-21),
        ("1300", "K2", FEBRUARY): Decimal(0),
        ("8000", "K2", FEBRUARY): Decimal(-50),
        ("1300", "K1", FEBRUARY): Decimal(-121),
        ("1100", None, FEBRUARY): Decimal(171),
    }
    assert file.opening == {"1300": Decimal(500)}
    assert file.said == file.read == Control(8, Decimal(342), Decimal(342))
    assert not file.has_due_dates


def test_our_own_files_hold_to_the_published_schema(tmp_path: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared_file("xaf_schema/XmlAuditfileFinancieel3.2.xsd")))
    schema.assertValid(etree.parse(xaf(tmp_path, BOOKED, "3.2", due=True)))


def test_the_published_saft_example_is_read_to_its_own_totals() -> None:
    folder = shared_file("saft_norway_example")
    file = read(folder / "ExampleFile SAF-T Financial_888888888_20180228235959.xml")
    assert (file.form, file.currency, file.read.count) == ("SAF-T", "NOK", 53)
    assert file.said == file.read
    assert file.read.debit == Decimal("9487049.35")
    assert {relation for _, relation, _ in file.totals if relation} == {str(number) for number in range(1000, 1006)}
    assert (file.first_day, file.last_day) == (date(2017, 1, 1), date(2017, 4, 30))


@pytest.mark.parametrize("period", ["0", "00"])
def test_period_zero_carries_balances_over_and_is_no_movement(tmp_path: Path, period: str) -> None:
    carried = Booked("2026-01-01", [("1300", "70.00", "K1")], period)
    file = read(xaf(tmp_path, [carried, *BOOKED]))
    assert file.opening == {"1300": Decimal(570)}
    assert file.totals["1300", "K1", JANUARY] == 121


def test_a_journal_of_balances_is_no_movement(tmp_path: Path) -> None:
    path = xaf(tmp_path, BOOKED)
    path.write_text(path.read_text("utf-8").replace("<jrnTp>S", "<jrnTp>O"), "utf-8")
    with pytest.raises(KamError, match="auditfile_empty"):
        read(path)


def test_due_dates_are_noticed(tmp_path: Path) -> None:
    assert read(xaf(tmp_path, BOOKED, due=True)).has_due_dates


def test_a_negative_amount_keeps_its_sign_on_either_side(tmp_path: Path) -> None:
    path = xaf(tmp_path, BOOKED)
    path.write_text(path.read_text("utf-8").replace("<amnt>100.00", "<amnt>-100.00"), "utf-8")
    assert read(path).totals["8000", "K1", JANUARY] == 100


def test_the_reference_chart_says_which_accounts_are_meant(tmp_path: Path) -> None:
    for version in ("3.2", "4.0"):
        file = read(xaf(tmp_path, BOOKED, version))
        assert suggested(file, "revenue") == (Numbers("8000"), ())
        assert suggested(file, "receivables") == (Numbers("1300"), ())
    concept = "<taxonomy><taxoRef>x</taxoRef><entryPoint><entryPointRef>x</entryPointRef><conceptRef>WOmz</conceptRef>"
    path = xaf(tmp_path, BOOKED)
    lead = "<leadReference>WOmz</leadReference>"
    path.write_text(path.read_text("utf-8").replace(lead, f"{concept}</entryPoint></taxonomy>"), "utf-8")
    assert suggested(read(path), "revenue") == (Numbers("8000"), ())


def test_without_codes_only_ranges_that_the_file_uses_are_offered(tmp_path: Path) -> None:
    file = read(xaf(tmp_path, BOOKED, codes=False))
    assert suggested(file, "revenue") == (None, ("8000-8999",))
    assert suggested(file, "receivables") == (None, ("1300-1399",))
    assert most_credit(file) == ("8000 Omzet", "1500 Btw")


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("8000-8999", ["8000", "8999", "08500"], ["7999", "9000", "80000", "8x", "²"]),
        ("9100, 70*", ["9100", "70", "700123", "70.1"], ["9101", "71"]),
        ("OMZ.NL", ["OMZ.NL"], ["OMZ", "omz.nl"]),
    ],
)
def test_ledger_accounts_are_told_by_number(text: str, inside: list[str], outside: list[str]) -> None:
    numbers = Numbers(text)
    assert [one for one in inside if one not in numbers] == []
    assert [one for one in outside if one in numbers] == []


@pytest.mark.parametrize("text", ["", "8000-", "8*0", "a b", "8000;9000"])
def test_what_is_no_number_of_an_account_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="bad_ledger_numbers"):
        Numbers(text)


LAUGHS = (
    "<!DOCTYPE a [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)


@pytest.mark.parametrize(
    "prolog",
    [
        LAUGHS,
        "<!DOCTYPE auditfile SYSTEM 'http://127.0.0.1:9/x.dtd'>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE auditfile>",
    ],
)
@pytest.mark.parametrize("body", ["<header>&a11;&x;</header>", "<header a='&a11;'/>", ""])
def test_a_document_type_is_refused_before_anything_is_expanded(tmp_path: Path, prolog: str, body: str) -> None:
    reason = refused(tmp_path / "evil.xaf", f'<?xml version="1.0"?>{prolog}<auditfile>{body}</auditfile>')
    assert reason.key in {"auditfile_unsafe", "auditfile_none", "auditfile_broken"}
    if not body:
        assert reason.key == "auditfile_unsafe"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "auditfile_none"),
        (b"account_id;amount\n", "auditfile_none"),
        (b"\x00\x01\x02" * 1000, "auditfile_none"),
        (b"<html><body>login</body></html>", "auditfile_none"),
        (b"<html><transaction/></html>", "auditfile_none"),
        (b"<auditfile/>", "auditfile_empty"),
        (b"<auditfile><header>", "auditfile_broken"),
        (b"<auditfile>&nbsp;</auditfile>", "auditfile_broken"),
        (b"<auditfile>" + b"<a>" * 5000, "auditfile_broken"),
    ],
)
def test_what_is_no_whole_audit_file_is_refused(tmp_path: Path, content: bytes, key: str) -> None:
    assert refused(tmp_path / "x.xaf", content).key == key


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<amnt>100.00", "<amnt>100,00"),
        ("<amnt>100.00", "<amnt>1e3"),
        ("<amnt>100.00</amnt>", ""),
        ("<amntTp>C", "<amntTp>X"),
        ("<trDt>2026-01-15", "<trDt>15-01-2026"),
        ("<startDate>2026-01-01", "<startDate>"),
        ("<nr>1</nr><accID>1300</accID><docRef>", "<nr>1</nr><docRef>"),
        ("<totalDebit>342.00", "<totalDebit>many"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, right: str, wrong: str) -> None:
    path = xaf(tmp_path, BOOKED)
    text = path.read_text("utf-8")
    assert right in text
    reason = refused(path, text.replace(right, wrong))
    assert reason.key == "auditfile_value"
    assert int(str(reason.values["line"])) > 1


@pytest.mark.parametrize(
    "sides", ["", "<DebitAmount><Amount>1</Amount></DebitAmount><CreditAmount><Amount>1</Amount></CreditAmount>"]
)
def test_a_saft_line_has_one_side(tmp_path: Path, sides: str) -> None:
    line = f"<Line><AccountID>3000</AccountID>{sides}</Line>"
    assert refused(tmp_path / "x.xml", _saft(line)).key == "auditfile_value"


def test_lines_and_accounts_elsewhere_in_a_saft_file_are_no_postings(tmp_path: Path) -> None:
    line = "<Line><AccountID>3000</AccountID><CreditAmount><Amount>5</Amount></CreditAmount></Line>"
    elsewhere = (
        "<SourceDocuments><Invoice><Line><AccountID>1</AccountID></Line></Invoice><Transaction/></SourceDocuments>"
    )
    path = tmp_path / "x.xml"
    path.write_text(_saft(line).replace("</AuditFile>", f"<Account/>{elsewhere}</AuditFile>"), "utf-8")
    assert read(path).totals == {("3000", None, JANUARY): Decimal(-5)}


def _saft(line: str) -> str:
    return (
        "<AuditFile><Header/><GeneralLedgerEntries><Journal><Transaction>"
        f"<TransactionDate>2026-01-05</TransactionDate>{line}</Transaction></Journal></GeneralLedgerEntries></AuditFile>"
    )


def test_a_file_larger_than_the_setting_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(KamError, match="auditfile_too_large"):
        read_audit_file(xaf(tmp_path, BOOKED), 100)


def test_several_companies_in_one_file_are_named_and_never_added_together(tmp_path: Path) -> None:
    text = xaf(tmp_path, BOOKED).read_text("utf-8")
    company = text[text.index("<company>") : text.index("</auditfile>")]
    two = text.replace("</auditfile>", company.replace("Voorbeeld &amp; Zonen", "Tweede BV") + "</auditfile>")
    reason = refused(tmp_path / "two.xaf", two)
    assert (reason.key, reason.values["companies"]) == ("auditfile_companies", "Voorbeeld & Zonen, Tweede BV")
    assert "Tweede BV" in explain("nl", reason)


def test_a_saft_file_is_of_one_company(tmp_path: Path) -> None:
    line = "<Line><AccountID>3000</AccountID><CreditAmount><Amount>5</Amount></CreditAmount></Line>"
    one = "<Company><Name>Eerste AS</Name></Company>"
    (tmp_path / "one.xml").write_text(_saft(line).replace("<Header/>", f"<Header>{one}</Header>"), "utf-8")
    assert read(tmp_path / "one.xml").company == "Eerste AS"
    for headers in (f"<Header>{one}<Company/></Header>", f"<Header>{one}</Header>" * 2):
        assert refused(tmp_path / "x.xml", _saft(line).replace("<Header/>", headers)).key == "auditfile_companies"


def test_an_unknown_namespace_is_read_by_its_elements(tmp_path: Path) -> None:
    path = xaf(tmp_path, BOOKED)
    path.write_text(path.read_text("utf-8").replace(' xmlns="http://www.auditfiles.nl/XAF/3.2"', ""), "utf-8")
    assert (read(path).form, len(read(path).totals)) == ("XAF", 7)
