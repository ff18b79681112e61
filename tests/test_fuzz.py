"""A minute of mutated files: accepted, refused or asked about; what is accepted, a second reader reads too."""

from __future__ import annotations

import gzip
import random
import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.judgement import Judgement
from kam_metrics.extracts.options import Options
from tests.extract_files import judged, new_stage, typed_rows
from tests.second_reader import facts
from tests.test_hostile_workbooks import DAY, workbook
from tests.test_profiles import FILES

SECONDS = 60
DUTCH = (
    "Grootboek 2026\n\nKlantnr;Boekdatum;Regelsoort;Bedrag;Valuta;Boekstuk\n000123;31-01-2026;omzet;1.234,56;EUR;D1\n"
    "A2;01-02-2026;transport;50,00-;;D2\nCafé;28-02-2026;omzet;€ 5,00;EUR;D3\nTotaal;;;1.189,56;;\nAantal regels: 3\n"
)
ENGLISH = (
    'sep=,\naccount,date,type,amount\nA1,01/31/2026,revenue,"1,234.56"\n"A, 2",2026-02-01,freight,(50.00)\n'
    "A3,02/03/2026,cogs,-1.5\n"
)
PLAIN = "Klantnr;Boekdatum;Regelsoort;Bedrag\n" + "".join(
    f"A{n};{n + 10}-01-2026;omzet;{n}.{n}34,5{n}\nA{n};0{n}-02-2026;transport;-{n},25\n" for n in range(1, 5)
)
POINTS = PLAIN.replace(".", "").replace(";", "|").replace(",", ".")
LEDGERS = [
    PLAIN.encode(),
    PLAIN.encode("cp1252"),
    PLAIN.encode("utf-16"),
    POINTS.encode(),
    ENGLISH.encode(),
    DUTCH.encode(),
]
OTHERS = [
    DUTCH.encode("cp1252"), DUTCH.encode("utf-16"), gzip.compress(ENGLISH.encode()),
    workbook(["A", DAY, "omzet", 5.5], ["B", DAY, "kostprijs", -2]), b"account_id;account_name\nA1;Acme\nA2;Beta\n",
    *(FILES[name][0] for name in ("sap-fbl5n", "exact-online", "e-boekhouden")),
]  # fmt: skip
TOKENS = [
    token.encode()
    for token in (
        ";", ",", "\t", "|", '"', '""', "\n", "\r", "\n\n", "-", "(", ")", "CR", "€", "$", "1.234", "1,5", "0.55",
        "12.34,5", "1E5", "1,23E+12", "31-02-2026", "03/04/2026", "15-mrt-26", "2026-01-31", "2026-01-31 10:00",
        "Totaal", "Subtotaal;;;", "Result", "*", "Pagina 2", "Aantal regels: 4", "Controletotaal 1", "NA", "\u00a0",
        "\u200b", "é", "Ã©", "omzet", "kostprijs", "Bedrag", "Klantnr", "sep=;\n", "A1;31-01-2026;omzet;7,00\n",
    )
] + [b"\x00", b"\x80", b"\xff", b"\xa4", b"\x1a", b"\xef\xbb\xbf", b"\xff\xfe"]  # fmt: skip
Change = Callable[[random.Random, bytes], bytes]


def insert(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(TOKENS) + content[at:]


def overwrite(chance: random.Random, content: bytes) -> bytes:
    at, token = chance.randrange(len(content) + 1), chance.choice(TOKENS)
    return content[:at] + token + content[at + len(token) :]


def cut(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.randint(1, 12) :]


def flip(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def shuffle(chance: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def digits(chance: random.Random, content: bytes) -> bytes:
    numbers = list(re.finditer(rb"\d[\d.,]*", content))
    if not numbers:
        return content
    one = chance.choice(numbers)
    text = chance.choice(
        [b"1.234", b"1.234,56", b"12.5", b"-1", b"1,234.56", b"0", b"99999999999999,9999", b"1.2345678"]
    )
    return content[: one.start()] + text + content[one.end() :]


CHANGES: list[Change] = [insert, insert, overwrite, cut, flip, shuffle, digits]


def mutants(seed: int) -> Iterator[tuple[bytes, Callable[[bytes], None]]]:
    """Mutated files without end, and how to say that one is worth mutating further."""
    chance, corpus = random.Random(seed), LEDGERS * 4 + OTHERS
    while True:
        content = chance.choice(corpus)
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            content = chance.choice(CHANGES)(chance, content)
        yield content, corpus.append


def trait(judgement: Judgement) -> object:
    """What kind of answer this is: a mutant that gets a new kind leads somewhere."""
    said = judgement.read_as
    return (
        judgement.outcome, judgement.kind, said.encoding, said.delimiter, said.decimal, said.date_order,
        said.header_row, judgement.question and judgement.question.about,
        frozenset(one.rule for one in judgement.problems),
        frozenset(what for what, count in judgement.skipped.items() if count), min(judgement.rows, 4),
    )  # fmt: skip


def require_second_reading(content: bytes, judgement: Judgement, rows: list[dict[str, object]]) -> None:
    """What was accepted as a ledger of text is what the second reader finds, row by row and in sum."""
    first = {(row["line"], row["account_id"] or row["customer_no"], row["posting_date"], row["amount"]) for row in rows}
    second = {(fact.line, fact.who, fact.day, fact.amount) for fact in facts(content, judgement)}
    totals = {fact for fact in second - first if judgement.skipped.get("total")}
    assert second - totals == first, content
    assert len(totals) <= judgement.skipped.get("total", 0), content
    assert sum((amount for *_, amount in first), Decimal(0)) == sum(judgement.total_by_currency.values()), content


def is_ledger_of_text(judgement: Judgement) -> bool:
    """Whether the second reader can read what was accepted."""
    return judgement.outcome == "accept" and judgement.kind == "ledger" and judgement.read_as.delimiter is not None


@pytest.mark.slow
def test_a_minute_of_mutated_files_is_read_right_or_not_at_all(tmp_path: Path) -> None:
    seen: set[object] = set()
    ends, read, agreed = time.monotonic() + SECONDS, 0, 0
    upload = tmp_path / "upload"
    with new_stage() as stage:
        for content, keep in mutants(20260331):
            upload.write_bytes(content)
            judgement = judge(stage, upload, Options(name="x.csv"))
            assert judgement.outcome in ("accept", "reject", "ask")
            assert judgement.payload("nl"), content
            if is_ledger_of_text(judgement) and not content.startswith(b"\x1f\x8b"):
                require_second_reading(content, judgement, typed_rows(stage, judgement))
                agreed += 1
            if judgement.outcome != "reject" and trait(judgement) not in seen:
                seen.add(trait(judgement))
                keep(content)
            read += 1
            if time.monotonic() > ends:
                break
    assert read > 20
    assert agreed > 0


@pytest.mark.parametrize("content", [DUTCH.encode(), DUTCH.encode("cp1252"), DUTCH.encode("utf-16"), ENGLISH.encode()])
def test_the_second_reader_reads_the_files_that_mutants_come_from(content: bytes) -> None:
    judgement, rows = judged(content)
    assert is_ledger_of_text(judgement), judgement.payload("en")
    assert len(rows) == 3
    require_second_reading(content, judgement, rows)
