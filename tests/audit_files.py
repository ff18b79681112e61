"""Audit files of an invented bookkeeping, in every form we read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

NAMESPACES = {
    "3.2": "http://www.auditfiles.nl/XAF/3.2",
    "4.0": "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0",
}
LEDGER = (("1300", "Debiteuren", "B", "BVorDeb"), ("1500", "Btw", "B", "BSchBep"), ("8000", "Omzet", "P", "WOmz"))


@dataclass(frozen=True)
class Booked:
    """One transaction: its day, and per line the ledger account, the amount (debit positive) and the relation."""

    day: str
    lines: Sequence[tuple[str, str, str]]
    period: str = ""


def invoice(day: str, relation: str, net: str, vat: str = "0.00") -> Booked:
    """A sales invoice as it is usually booked: only the debtor's line names the relation."""
    gross = Decimal(net) + Decimal(vat)
    lines = [("1300", f"{gross}", relation), ("8000", f"{-Decimal(net)}", "")]
    return Booked(day, [*lines, ("1500", f"{-Decimal(vat)}", "")] if Decimal(vat) else lines)


def xaf(folder: Path, booked: Iterable[Booked], version: str = "3.2", *, codes: bool = True, due: bool = False) -> Path:
    """An XAF file of the year 2026 whose control totals are right."""
    booked = list(booked)
    lines = [Decimal(amount) for one in booked for _, amount, _ in one.lines]
    debit, credit = sum(one for one in lines if one > 0), -sum(one for one in lines if one < 0)
    path = folder / f"{version}.xaf"
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<auditfile xmlns="{NAMESPACES[version]}">\n'
        "<header><fiscalYear>2026</fiscalYear><startDate>2026-01-01</startDate><endDate>2026-12-31</endDate>"
        "<curCode>EUR</curCode><dateCreated>2027-01-05</dateCreated>"
        "<softwareDesc>Boekhouder</softwareDesc><softwareVersion>1</softwareVersion></header>\n"
        "<company><companyName>Voorbeeld &amp; Zonen</companyName>"
        "<taxRegistrationCountry>NL</taxRegistrationCountry><taxRegIdent>001234567B01</taxRegIdent>\n"
        f"{_relations(booked)}<generalLedger>{_accounts(version, codes)}</generalLedger>\n"
        f"{_opening(version)}<transactions><linesCount>{len(lines)}</linesCount>"
        f"<totalDebit>{debit:.2f}</totalDebit><totalCredit>{credit:.2f}</totalCredit>\n"
        "<journal><jrnID>V</jrnID><desc>Verkoop</desc><jrnTp>S</jrnTp>\n"
        f"{''.join(_transaction(number, one) for number, one in enumerate(booked, 1))}</journal>\n"
        f"{_subledger() if due else ''}</transactions></company></auditfile>\n",
        "utf-8",
    )
    return path


def _relations(booked: Iterable[Booked]) -> str:
    names = sorted({relation for one in booked for _, _, relation in one.lines if relation})
    told = "".join(
        f"<customerSupplier><custSupID>{name}</custSupID><custSupName>{name}</custSupName></customerSupplier>"
        for name in names
    )
    return f"<customersSuppliers>{told}</customersSuppliers>\n"


def _accounts(version: str, codes: bool) -> str:
    tag = "RGScode" if version == "4.0" else "leadReference"
    return "".join(
        f"<ledgerAccount><accID>{number}</accID><accDesc>{name}</accDesc><accTp>{kind}</accTp>"
        f"{f'<{tag}>{code}</{tag}>' if codes else ''}</ledgerAccount>"
        for number, name, kind, code in LEDGER
    )


def _opening(version: str) -> str:
    date = "<opBalDate>2026-01-01</opBalDate>" if version == "3.2" else ""
    line = "<obLine><nr>1</nr><accID>1300</accID><amnt>500.00</amnt><amntTp>D</amntTp></obLine>"
    return (
        f"<openingBalance>{date}<linesCount>1</linesCount><totalDebit>500.00</totalDebit>"
        f"<totalCredit>0.00</totalCredit>{line}</openingBalance>\n"
    )


def _transaction(number: int, booked: Booked) -> str:
    lines = "".join(_line(at, booked.day, *line) for at, line in enumerate(booked.lines, 1))
    period = booked.period or booked.day[5:7]
    return (
        f"<transaction><nr>{number}</nr><desc>Factuur</desc><periodNumber>{period}</periodNumber>"
        f"<trDt>{booked.day}</trDt>{lines}</transaction>\n"
    )


def _line(at: int, day: str, account: str, amount: str, relation: str) -> str:
    size, side = abs(Decimal(amount)), "C" if Decimal(amount) < 0 else "D"
    told = f"<custSupID>{relation}</custSupID>" if relation else ""
    return (
        f"<trLine><nr>{at}</nr><accID>{account}</accID><docRef>F{at}</docRef><effDate>{day}</effDate>"
        f"<amnt>{size:.2f}</amnt><amntTp>{side}</amntTp>{told}</trLine>"
    )


def _subledger() -> str:
    line = (
        "<sbLine><nr>1</nr><jrnID>V</jrnID><trNr>1</trNr><trLineNr>1</trLineNr><amnt>121.00</amnt><amntTp>D</amntTp>"
        "<invDueDt>2026-02-14</invDueDt></sbLine>"
    )
    return (
        "<subledgers><subledger><sbType>CS</sbType><linesCount>1</linesCount><totalDebit>121.00</totalDebit>"
        f"<totalCredit>0.00</totalCredit>{line}</subledger></subledgers>"
    )
