"""Each profile reads a file made after its system, with all that such files hold beside their rows."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kam_metrics.extracts import profiles
from kam_metrics.extracts.kinds import KINDS
from tests.extract_files import asked, judged

AS_OF = date(2026, 3, 31)
SAP_HEAD = "|  |BUKRS|KUNNR     |BELNR     |BUZEI|BLART|BLDAT     |NETDT     |AUGDT     |DMSHB       |WAERS|\n"
SAP_RULE = "-" * 96 + "\n"
SAP = (
    "31.03.2026                    Debiteuren: afzonderlijke posten                      Pagina 1\n\n"
    + SAP_RULE + SAP_HEAD + SAP_RULE
    + "|  |NL01 |0000100234|1800000001|001  |RV   |15.01.2026|14.02.2026|20.02.2026|   1.234,56 |EUR  |\n"
    + "|  |NL01 |0000100234|1800000002|001  |DG   |20.01.2026|          |          |     234,56-|USD  |\n"
    + SAP_RULE + "|* |     |0000100234|          |     |     |          |          |          |   1.000,00 |     |\n"
    + SAP_RULE + "31.03.2026                    Debiteuren: afzonderlijke posten                      Pagina 1\n"
    + SAP_RULE + SAP_HEAD + SAP_RULE
    + "|  |BE01 |0000200001|1800000001|001  |DR   |01.03.2026|31.03.2026|          |     500,00 |EUR  |\n"
    + "|  |BE01 |0000200001|1400000007|001  |DZ   |05.03.2026|          |          |     100,00-|EUR  |\n"
    + "|* |     |0000200001|          |     |     |          |          |          |     400,00 |     |\n"
    + "|**|     |          |          |     |     |          |          |          |   1.400,00 |     |\n" + SAP_RULE
)  # fmt: skip
SAP_SALES = (
    "BUKRS;VBELN;POSNR;FKART;FKDAT;KUNAG;KUNRG;MATNR;FKIMG;NETWR;WAVWR;WAERK;AUBEL\n"
    "NL01;0090000001;000010;F2;15.01.2026;0000100234;0000100999;000000000000004711;10;1.000,00;600,00;EUR;0000005001\n"
    "NL01;0090000001;000020;F2;15.01.2026;0000100234;0000100999;SRV-01;1;250,50;0,00;EUR;0000005001\n"
    "NL01;0090000002;000010;G2;20.01.2026;0000100234;0000100999;000000000000004711;1;100,00;60,00;EUR;\n"
    "Resultaat;;;;;;;;;1.350,50;660,00;;\n"
)
EXACT = (
    "sep=,\nAccountCode,AccountName,InvoiceNumber,InvoiceDate,DueDate,AmountDC,OutstandingDC,Type\n"
    '           100234,"Bakkerij Jansen, Zn",26001,15-01-2026,14-02-2026,"1.210,00","605,00",Factuur\n'
    '           100999,Café De Kroon,26002,20-01-2026,19-02-2026,"-121,00","-121,00",Creditnota\n'
    'Totaal,,,,,"1.089,00","484,00",\n'
)
AFAS = (
    "Openstaande posten;;;;;;\nAdministratie: 01;;;;;;\n"
    "Debiteurnummer;Naam;Factuurnummer;Factuurdatum;Vervaldatum;Bedrag;Openstaand\n"
    "0010023;Jansen Café;2026-001;15-01-2026;14-02-2026;€ 1.210,00;€ 1.210,00\n"
    "0010023;Jansen Café;2026-002;20-01-2026;;€ -121,00;€ -121,00\n"
    "Subtotaal;;;;;€ 1.089,00;€ 1.089,00\n0010044;Peeters;2026-003;01-02-2026;03-03-2026;€ 100,00;€ 50,00\n"
    "Totaal;;;;;€ 1.189,00;€ 1.139,00\nAantal regels: 3;;;;;;\n"
)
CENTRAL = (
    "Entry_No,Customer_No,Posting_Date,Due_Date,Document_Date,Document_Type,Document_No,Open,Currency_Code,Amount,"
    "Amount_LCY,Remaining_Amt_LCY\n"
    "1001,10000,2026-01-15,2026-02-14,2026-01-15,Invoice,PS-INV103001,true,USD,1100.00,1000.00,1000.00\n"
    "1002,10000,2026-01-20,2026-01-20,2026-01-20,Credit Memo,PS-CR104001,true,,-100.00,-100.00,-100.00\n"
    "1003,01905899,2026-02-01,2026-02-01,2026-02-01,Payment,PAY-1,false,,-250.25,-250.25,0.00\n"
)
NAV = (
    "Debiteuren - Openstaande posten;;;;;;;\nDebnr.;Naam;Factuurnr;Factuurdatum;Vervaldatum;Bedrag;Betaald;Saldo\n"
    "D0012;Bakker;VF26-001;15-01-26;14-02-26;1.210,00;605,00;605,00\n"
    "D0013;Ménage;VF26-002;20-01-26;19-02-26;121,00-;0,00;121,00-\n;;;;;1.089,00;605,00;484,00\n"
)
SNELSTART = (
    "\ufeffRelatienr;Relatie;Boekstuk;Boekdatum;Vervaldatum;Bedrag;Saldo;Dagboek\n"
    "000017;Jansen;2026001;01-02-2026;03-03-2026;1210,00;1210,00;Verkoop\n"
    "000018;Peeters;2026002;02-02-2026;04-03-2026;-60,50;-60,50;Verkoop\n"
)
BOEKHOUDEN = (
    "Relatiecode;Relatie;Factuurnummer;Factuurdatum;Vervaldatum;Bedrag;Openstaand;Soort\n"
    "JAN01;Jansen;F0001;01-08-2026;31-08-2026;1210,00;1210,00;Factuur\n"
    "NA;N.A. Bouw;F0002;02-08-2026;01-09-2026;-10,00;-10,00;Creditnota\n"
)
EXACT_LINES = (
    "InvoiceID,InvoiceNumber,InvoiceDate,AccountCode,InvoiceToName,Type,LineNumber,ItemCode,ItemDescription,Quantity,"
    "UnitPrice,Currency,AmountFC,AmountFCExclVat,AmountDiscount,SalesOrderNumber,AmountDC,VATAmountDC\n"
    "a1,26001,15-01-2026,           100234,Jansen,8020,1,00042,Schroef,10,100,USD,1100,1375,25,5001,1000,0\n"
    'a1,26001,15-01-2026,           100234,Jansen,8020,2,SRV,"Jaar, SRV",1,250.5,USD,275,1375,25,5001,250.50,52.61\n'
    "a2,26002,20-01-2026,           100999,De Kroon,8021,1,00042,Schroef,-1,100,EUR,-100,-100,0,,-100.00,-21.00\n"
)
AFAS_LINES = (
    "Factuurregels;;;;;;\nNummer debiteur;Naam;Factuurnummer;Factuurdatum;Itemcode;Aantal eenheden;Bedrag excl. btw\n"
    "0010023;Jansen Café;2026-001;15-01-2026;000815;10,00;€ 1.000,00\n"
    "0010023;Jansen Café;2026-001;15-01-2026;SRV;1,00;€ 250,50\n"
    "0010044;Peeters;2026-002;20-01-2026;000815;-1,00;€ -100,00\nTotaal;;;;;;€ 1.150,50\n"
)
CENTRAL_HEAD = (
    "Document No.,Line No.,Posting Date,Sell-to Customer No.,Bill-to Customer No.,Type,No.,Description,Quantity,"
    "Unit Price,Unit Cost (LCY),Currency Code,Line Discount Amount,Amount\n"
)
CENTRAL_LINES = CENTRAL_HEAD + (
    "PS-INV103001,10000,2026-01-15,01905899,10000,Item,1896-S,ATHENS Desk,2,649.40,506.60,,100.00,1198.80\n"
    "PS-INV103001,20000,2026-01-15,01905899,10000,G/L Account,6710,Freight,1,50.00,0.00,,0.00,50.00\n"
    "PS-INV103001,30000,2026-01-15,01905899,10000, ,,Thank you,0,0.00,0.00,,0.00,0.00\n"
)
CENTRAL_CREDIT = CENTRAL_HEAD + (
    "PS-CR104001,10000,2026-01-20,01905899,10000,Item,1896-S,ATHENS Desk,1,649.40,506.60,,0.00,649.40\n"
    "PS-CR104001,20000,2026-01-20,01905899,10000,G/L Account,6710,Freight,1,50.00,0.00,,0.00,50.00\n"
)
NAV_LINES_HEAD = (
    "Documentnr.;Regelnr.;Boekingsdatum;Orderklantnr.;Factuurklantnr.;Soort;Nr.;Omschrijving;Aantal;Bedrag\n"
)
NAV_LINES = NAV_LINES_HEAD + (
    "VF26-001;10000;15-01-26;D0012;D0012;Artikel;007-A;Bureau;2;1.298,80\n"
    "VF26-002;10000;16-01-26;D0013;D0012;Artikel;007-A;Ménage;1;649,40\n;;;;;;;;3;1.948,20\n"
)
NAV_CREDIT = NAV_LINES_HEAD + "VC26-001;10000;20-01-26;D0012;D0012;Artikel;007-A;Bureau café;1;649,40\n"
NL = "Klantnr;Factuurnr;Factuurdatum;Vervaldatum;Bedrag\n007;F1;03-04-2026;03-05-2026;1.234\n"
NL_SALES = "Klantnr;Factuurnr;Regel;Factuurdatum;Nettobedrag\n007;F1;1;03-04-2026;1.234\n"
EN = "Customer No,Invoice No,Invoice Date,Due Date,Amount\n007,F1,2026-04-03,2026-05-03,1.234\n"
EN_SALES = "Customer No,Invoice No,Line,Invoice Date,Net\n007,F1,1,2026-04-03,1.234\n"

FILES: dict[str, tuple[bytes, int, str, set[str]]] = {
    "sap-fbl5n": (SAP.encode("cp1252"), 4, "1400", {"0000100234", "0000200001"}),
    "sap-sales-lines": (SAP_SALES.encode("utf-16"), 3, "1150.50", {"0000100234"}),
    "exact-online": (EXACT.encode("cp1252"), 2, "1089", {"100234", "100999"}),
    "afas": (AFAS.encode("cp1252"), 3, "1189", {"0010023", "0010044"}),
    "business-central": (CENTRAL.encode(), 3, "649.75", {"10000", "01905899"}),
    "nav-nl": (NAV.encode("cp1252"), 2, "1089", {"D0012", "D0013"}),
    "snelstart": (SNELSTART.encode(), 2, "1149.50", {"000017", "000018"}),
    "e-boekhouden": (BOEKHOUDEN.encode(), 2, "1200", {"JAN01", "NA"}),
    "exact-online-sales-lines": (EXACT_LINES.encode(), 3, "1150.50", {"100234", "100999"}),
    "afas-sales-lines": (AFAS_LINES.encode("cp1252"), 3, "1150.50", {"0010023", "0010044"}),
    "business-central-sales-lines": (CENTRAL_LINES.encode(), 3, "1248.80", {"01905899"}),
    "business-central-credit-lines": (CENTRAL_CREDIT.encode(), 2, "-699.40", {"01905899"}),
    "nav-nl-sales-lines": (NAV_LINES.encode("cp1252"), 2, "1948.20", {"D0012", "D0013"}),
    "nav-nl-credit-lines": (NAV_CREDIT.encode("cp1252"), 1, "-649.40", {"D0012"}),
    "generic-nl": (NL.encode(), 1, "1234", {"007"}),
    "generic-nl-sales": (NL_SALES.encode(), 1, "1234", {"007"}),
    "generic-en": (EN.encode(), 1, "1.234", {"007"}),
    "generic-en-sales": (EN_SALES.encode(), 1, "1.234", {"007"}),
}
"""Profile to a file of its system, its rows, its sum in EUR and its customers."""
PUBLISHED = {"adventureworks-reseller-sales", "adventureworks-resellers", "ibm-customers", "ibm-receivables"}


def read(name: str, content: bytes, **options: Any) -> list[dict[str, Any]]:
    """What a profile reads from a file that it must accept."""
    judgement, rows = judged(content, profile=name, as_of=AS_OF, **options)
    assert judgement.outcome == "accept", judgement.payload("en")
    return rows


@pytest.mark.parametrize("name", FILES)
def test_a_profile_reads_the_file_of_its_system(name: str) -> None:
    content, count, total, customers = FILES[name]
    rows = read(name, content)
    money = KINDS[str(profiles.profile(name).kind)].money
    assert len(rows) == count
    assert sum(row[money] for row in rows) == Decimal(total)
    assert {row["customer_no"] for row in rows} == customers
    assert {row["currency"] for row in rows} == {"EUR"}


@pytest.mark.parametrize("name", FILES)
def test_a_spoiled_total_line_or_amount_is_refused_under_a_profile_too(name: str) -> None:
    content, *_ = FILES[name]
    encoding = (
        "utf-16" if content[:2] == b"\xff\xfe" else "cp1252" if b"\x80" in content or name == "nav-nl" else "utf-8"
    )
    text = content.decode(encoding, "replace")
    spoiled = re.sub(r"\d([.,]\d\d\D*)$", r"x\1", text.rstrip("\n")) if re.search(r"[.,]\d\d\D*$", text) else text + "x"
    judgement, _ = judged(spoiled.encode("utf-8"), profile=name, as_of=AS_OF)
    assert judgement.outcome == "reject", judgement.payload("en")


def test_credit_notes_of_sap_turn_negative_with_their_cost() -> None:
    credit = read("sap-sales-lines", FILES["sap-sales-lines"][0])[2]
    assert (credit["doc_type"], credit["net_amount"], credit["cogs_amount"]) == ("CRN", -100, -60)


def test_credit_memo_lines_of_business_central_turn_negative_with_their_quantity() -> None:
    credit = read("business-central-credit-lines", FILES["business-central-credit-lines"][0])[0]
    assert (credit["doc_type"], credit["net_amount"], credit["quantity"]) == ("CRN", Decimal("-649.40"), -1)


def test_an_invoice_line_of_business_central_keeps_the_currency_of_its_invoice() -> None:
    content = CENTRAL_LINES.replace("506.60,,", "506.60,USD,").encode()
    assert [row["currency"] for row in read("business-central-sales-lines", content)] == ["USD", "EUR", "EUR"]


def test_a_line_of_exact_online_counts_its_own_amount_and_not_that_of_its_invoice() -> None:
    lines = read("exact-online-sales-lines", FILES["exact-online-sales-lines"][0])
    assert [(row["doc_type"], row["net_amount"], row["product"]) for row in lines] == [
        ("INV", 1000, "00042"), ("INV", Decimal("250.50"), "SRV"), ("CRN", -100, "00042"),
    ]  # fmt: skip


def test_open_items_of_a_profile_ask_for_their_day() -> None:
    assert asked(FILES["snelstart"][0], profile="snelstart") == "snapshot_date"


def test_every_profile_is_in_the_docs_and_has_a_file_that_proves_it() -> None:
    told = set(re.findall(r"^\| `([a-z0-9-]+)` \| \w+ \|", Path("docs/profiles.md").read_text("utf-8"), re.M))
    assert told == set(profiles.names()) == set(FILES) | PUBLISHED
