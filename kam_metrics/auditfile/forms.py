"""How each form of audit file calls things: element by element, what it says to the reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from kam_metrics.auditfile.file import Control, LedgerAccount
from kam_metrics.auditfile.reading import Line, Reading, amount, day, name_of, required, texts, wrong

Take = Callable[[Reading, Any], None]
_OPENING_JOURNAL = "O"
_SIDES = {"D": 1, "C": -1}


def _nothing(reading: Reading, element: Any) -> None:
    """It may be large, and is forgotten."""


def _xaf_header(reading: Reading, element: Any) -> None:
    said = texts(element)
    reading.currency = said.get("curCode") or reading.currency
    reading.period = day(element, said, "startDate"), day(element, said, "endDate")


def _xaf_company(reading: Reading, element: Any) -> None:
    reading.companies.append(str(element.findtext("{*}companyName") or "").strip())


def _xaf_ledger_account(reading: Reading, element: Any) -> None:
    said = texts(element)
    number = required(element, said, "accID")
    code = said.get("RGScode") or said.get("leadReference") or said.get("leadCode") or _concept(element)
    reading.ledger[number] = LedgerAccount(number, said.get("accDesc", ""), code)


def _concept(element: Any) -> str:
    """XAF 3.2 tells the reference code behind a taxonomy."""
    return str(element.findtext("{*}taxonomy/{*}entryPoint/{*}conceptRef") or "").strip()


def _xaf_opening(reading: Reading, element: Any) -> None:
    said = texts(element)
    reading.opening[required(element, said, "accID")] += _signed(element, said)


def _xaf_line(reading: Reading, element: Any) -> None:
    said = texts(element)
    reading.count += 1
    reading.add(Line(required(element, said, "accID"), said.get("custSupID") or None, _signed(element, said)))


def _signed(element: Any, said: dict[str, str]) -> Decimal:
    side = said.get("amntTp", "")
    if side not in _SIDES:
        raise wrong(element, "amntTp", side)
    return amount(element, said, "amnt") * _SIDES[side]


def _xaf_transaction(reading: Reading, element: Any) -> None:
    said = texts(element)
    period = said.get("periodNumber", "")
    is_period_0 = bool(period) and not period.strip("0")
    is_opening = is_period_0 or texts(element.getparent()).get("jrnTp") == _OPENING_JOURNAL
    reading.close(day(element, said, "trDt"), is_opening=is_opening)


def _xaf_control(reading: Reading, element: Any) -> None:
    reading.said = _control(element, "linesCount", "totalDebit", "totalCredit")


def _xaf_subledger_line(reading: Reading, element: Any) -> None:
    reading.has_due_dates = reading.has_due_dates or bool(texts(element).get("invDueDt"))


def _control(element: Any, count: str, debit: str, credit: str) -> Control:
    said = texts(element)
    told = [amount(element, said, name) if said.get(name) else None for name in (count, debit, credit)]
    return Control(None if told[0] is None else int(told[0]), told[1], told[2])


def _saft_header(reading: Reading, element: Any) -> None:
    said = texts(element)
    reading.currency = said.get("DefaultCurrencyCode") or reading.currency
    for company in element.findall("{*}Company"):
        reading.companies.append(str(company.findtext("{*}Name") or "").strip())


def _saft_ledger_account(reading: Reading, element: Any) -> None:
    if name_of(element.getparent()) == "GeneralLedgerAccounts":
        said = texts(element)
        number = required(element, said, "AccountID")
        reading.ledger[number] = LedgerAccount(number, said.get("AccountDescription", ""))


def _saft_line(reading: Reading, element: Any) -> None:
    if name_of(element.getparent()) != "Transaction":
        return
    said = texts(element)
    sides = [child for child in element if name_of(child) in ("DebitAmount", "CreditAmount")]
    if len(sides) != 1:
        raise wrong(element, "DebitAmount", "")
    size = amount(sides[0], texts(sides[0]), "Amount")
    booked = size if name_of(sides[0]) == "DebitAmount" else -size
    reading.add(Line(required(element, said, "AccountID"), said.get("CustomerID") or None, booked))


def _saft_transaction(reading: Reading, element: Any) -> None:
    if name_of(element.getparent()) != "Journal":
        return
    said = texts(element)
    reading.count += 1
    name = "GLPostingDate" if said.get("GLPostingDate") else "TransactionDate"
    reading.close(day(element, said, name), is_opening=False)


def _saft_control(reading: Reading, element: Any) -> None:
    reading.said = _control(element, "NumberOfEntries", "TotalDebit", "TotalCredit")


XAF: Mapping[str, Take] = {
    "header": _xaf_header,
    "company": _xaf_company,
    "ledgerAccount": _xaf_ledger_account,
    "customerSupplier": _nothing,
    "obLine": _xaf_opening,
    "obSbLine": _xaf_subledger_line,
    "trLine": _xaf_line,
    "transaction": _xaf_transaction,
    "journal": _nothing,
    "sbLine": _xaf_subledger_line,
    "transactions": _xaf_control,
}
SAFT: Mapping[str, Take] = {
    "Header": _saft_header,
    "Account": _saft_ledger_account,
    "Customer": _nothing,
    "Supplier": _nothing,
    "Product": _nothing,
    "Line": _saft_line,
    "Transaction": _saft_transaction,
    "Journal": _nothing,
    "GeneralLedgerEntries": _saft_control,
    "Invoice": _nothing,
    "Payment": _nothing,
}
FORMS: Mapping[str, Mapping[str, Take]] = {"auditfile": XAF, "AuditFile": SAFT}
"""Per root element, what each element says; each is forgotten when it ends."""
