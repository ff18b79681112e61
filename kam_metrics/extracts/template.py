"""Empty files to fill in, one per kind of extract, and what belongs in each of their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kam_metrics.extracts.kinds import Column, Kind
from kam_metrics.extracts.mending import guarded
from kam_metrics.extracts.workbook import EXPLANATION
from kam_metrics.words import has, say

if TYPE_CHECKING:
    import xlsxwriter

DICTIONARY = ("column", "required", "holds", "allowed", "example", "about")
DELIMITER = {"nl": ";", "en": ","}
ROOM = 2000
"""Rows of a template whose cells have their form set beforehand."""
_TEXT = frozenset({"id", "text", "choice", "flag", "currency"})
_DAY = date(2026, 1, 31)
_EXAMPLES: Mapping[str, object] = {
    "account_id": "0001042", "account_name": "Aalst NV", "parent_id": "0001000", "country": "BE", "sector": "Retail",
    "kam_id": "an", "kam_name": "An Peeters", "sponsor_id": "bo", "sponsor_name": "Bo de Wit", "reason": "Marge",
    "payment_terms_days": 30, "customer_no": "10042", "source_system": "exact", "company_code": "01",
    "amount": Decimal("1250.50"), "currency": "EUR", "document": "VK2026-0012", "product": "P-100",
    "doc_no": "F2026-0012", "line_no": "1", "ref_doc_no": "F2026-0007", "product_category": "Diensten",
    "quantity": Decimal(12), "list_amount": Decimal("1300.50"), "discount_amount": Decimal("50.00"),
    "net_amount": Decimal("1250.50"), "vat_amount": Decimal("262.61"), "cogs_amount": Decimal("800.25"),
    "freight_amount": Decimal("12.50"), "order_no": "O-77", "item_no": "1", "open_amount": Decimal("250.50"),
    "activity": "visits", "unit": "visit", "eur_per_unit": Decimal("145.50"), "low": Decimal("120.25"),
    "high": Decimal("170.75"), "plan_id": "P1", "title": "Titel", "signed_by": "Bo de Wit", "culture": "Formeel",
    "customer_goals": "Kortere levertijd", "objective_id": "D1", "baseline": Decimal("10.5"),
    "target_30": Decimal("12.5"), "target_60": Decimal("14.5"), "target_90": Decimal("16.5"), "weight": Decimal("1.5"),
    "owner": "An Peeters", "mirror_of": "D2", "value": Decimal("12.5"), "source": "CRM", "milestone_id": "M1",
    "owner_function": "sales", "review_id": "R1", "decisions": "Akkoord", "next_steps": "Contract",
    "round_id": "2026-1", "respondent": "a1b2", "function": "sales", "invited": 12,
    "alignment.value": 4, "successor_id": "0001043",
    "due_date": date(2026, 3, 31), "done_date": date(2026, 2, 28), "cleared_date": None,
}  # fmt: skip


@dataclass(frozen=True)
class Described:
    """A column as the one who fills it in should know it."""

    header: str
    required: str
    holds: str
    allowed: str
    example: str
    about: str
    type: str
    value: object

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of the explanation."""
        return tuple(getattr(self, "header" if name == "column" else name) for name in DICTIONARY)


def described(kind: Kind, lang: str) -> list[Described]:
    """Every column of a kind, in order."""
    return [_described(kind, column, lang) for column in kind.columns]


def template_csv(kind: Kind, lang: str) -> bytes:
    """An empty file that opens in a spreadsheet of this language."""
    return _csv(lang, [[column.header for column in described(kind, lang)]])


def explanation_csv(kind: Kind, lang: str) -> bytes:
    """What belongs in each column."""
    head = [say(lang, f"template.{name}") for name in DICTIONARY]
    return _csv(lang, [head, *([guarded(cell) for cell in column.cells] for column in described(kind, lang))])


def template_xlsx(kind: Kind, lang: str) -> bytes:
    """An empty workbook whose cells have the right form and offer the right words; a second sheet explains."""
    # Imported when it is used: nobody who only looks at pages waits for it.
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        columns = described(kind, lang)
        _fill(book, columns, say(lang, f"kind.{kind.name}"))
        _explain(book, columns, lang)
    return buffer.getvalue()


def written(value: object, lang: str) -> str:
    """A value as somebody of this language types it."""
    match value:
        case date():
            return f"{value:%d-%m-%Y}" if lang == "nl" else value.isoformat()
        case Decimal():
            return str(value).replace(".", "," if lang == "nl" else ".")
        case None:
            return ""
        case _:
            return str(value)


def _described(kind: Kind, column: Column, lang: str) -> Described:
    value = _example(kind, column, lang)
    one_of = kind.one_of if column.name in kind.one_of else ()
    names = ", ".join(_said("template_header", kind, kind.column(name), lang) for name in one_of)
    required = "one_of" if one_of else "yes" if column.required else "no"
    return Described(
        _said("template_header", kind, column, lang),
        say(lang, f"template.{required}", **({"columns": names} if one_of else {})),
        say(lang, f"column_type.{column.type}"),
        ", ".join(dict.fromkeys(column.choices.values())),
        written(value, lang),
        _said("template_about", kind, column, lang),
        column.type,
        value,
    )


def _said(group: str, kind: Kind, column: Column, lang: str) -> str:
    own = f"{group}.{kind.name}__{column.name}"
    return say(lang, own if has(lang, own) else f"{group}.{column.name}")


def _example(kind: Kind, column: Column, lang: str) -> object:
    for name in (f"{kind.name}.{column.name}", column.name):
        if name in _EXAMPLES:
            return _EXAMPLES[name]
    if column.type in ("date", "month"):
        return _DAY.replace(day=1) if column.type == "month" else _DAY
    return next(iter(column.choices), "")


def _csv(lang: str, rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=DELIMITER[lang], lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _fill(book: xlsxwriter.Workbook, columns: list[Described], name: str) -> None:
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "num_format": "@"})
    forms = {form: book.add_format({"num_format": form}) for form in ("@", "yyyy-mm-dd", "#,##0.00##", "0")}
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, max(12, len(column.header) + 2), forms[_form(column.type)])
        sheet.write_string(0, at, column.header, bold)
        allowed = column.allowed.split(", ")
        if column.allowed and len(column.allowed) <= 255:
            sheet.data_validation(1, at, ROOM, at, {"validate": "list", "source": allowed, "error_type": "warning"})


def _form(kind: str) -> str:
    if kind in _TEXT:
        return "@"
    return {"date": "yyyy-mm-dd", "month": "yyyy-mm-dd", "integer": "0"}.get(kind, "#,##0.00##")


def _explain(book: xlsxwriter.Workbook, columns: list[Described], lang: str) -> None:
    sheet = book.add_worksheet(EXPLANATION[lang])
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for at, name in enumerate(DICTIONARY):
        sheet.set_column(at, at, 60 if name == "about" else 24)
        sheet.write_string(0, at, say(lang, f"template.{name}"), bold)
    for line, cells in enumerate((column.cells for column in columns), 1):
        for at, cell in enumerate(cells):
            sheet.write_string(line, at, cell, wrapped)
