"""A column that says which amounts go the other way is never passed over when no amount has a sign."""

from __future__ import annotations

import pytest

from tests.extract_files import accepted, asked, refused


def items(header: str, *cells: str, amounts: tuple[str, ...] = ("1.210,50", "800,25")) -> str:
    """Receivables with one more column."""
    head = f"Klantnr;Factuurnr;Factuurdatum;Bedrag;{header}\n"
    rows = zip(amounts, cells, strict=True)
    return head + "".join(f"7;F{n};1{n}-01-2026;{amount};{cell}\n" for n, (amount, cell) in enumerate(rows, 4))


SIDES = [
    ("D/C", "D", "C"), ("S/H", "S", "H"), ("SHKZG", "S", "H"), ("Debet/Credit", "Debet", "Credit"),
    ("Af Bij", "Bij", "Af"), ("+/-", "+", "-"), ("Teken", "D", "C"), ("Dr/Cr", "DR", "CR"),
    ("Richting", "Verkoop", "Inkoop"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "one", "other"), SIDES)
def test_unsigned_amounts_beside_a_column_of_sides_are_refused(header: str, one: str, other: str) -> None:
    assert refused(items(header, one, other), kind="receivables") == [(None, "opposite")]


@pytest.mark.parametrize(("header", "one", "other"), SIDES)
def test_signed_amounts_and_amounts_of_one_side_are_read(header: str, one: str, other: str) -> None:
    assert len(accepted(items(header, one, other, amounts=("1.210,50", "-800,25")), kind="receivables")) == 2
    assert len(accepted(items(header, one, one), kind="receivables")) == 2


@pytest.mark.parametrize(("header", "one", "other"), [("Klasse", "C", "D"), ("Status", "O", "C"), ("D/C", "D", "x")])
def test_letters_say_nothing_below_another_header_or_among_others(header: str, one: str, other: str) -> None:
    assert len(accepted(items(header, one, other), kind="receivables")) == 2


def test_sides_that_follow_the_type_of_a_line_leave_the_question_about_its_sign() -> None:
    head = "Klantnr;Boekdatum;Regelsoort;Bedrag;D/C\n"
    content = head + "A1;31-01-2026;omzet;100,00;C\nA1;31-01-2026;kostprijs;60,00;D\n"
    assert asked(content) == "sign"
    assert [row["amount"] for row in accepted(content, sign="negate_costs")] == [100, -60]
    assert refused(content + "A1;31-01-2026;omzet;10,00;D\n", sign="negate_costs") == [(None, "opposite")]
