"""A file is read as it stands where every line is a row, and with care where not: both must come to the same."""

from dataclasses import replace
from unittest.mock import patch

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from kam_metrics.extracts import regular, source, staging, style
from kam_metrics.extracts.dialect import layout
from kam_metrics.extracts.judge import judge
from kam_metrics.extracts.judgement import Refused
from kam_metrics.extracts.kinds import KINDS
from kam_metrics.extracts.options import Options
from kam_metrics.extracts.source import spool
from kam_metrics.extracts.template import described, template_csv
from kam_metrics.store import Stage
from tests.extract_files import judged, new_stage, typed_rows

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.text(st.sampled_from("ab é1,.;\"' \t|-€\u00a0\n"), max_size=6)
DELIMITERS = st.sampled_from([";", ",", "\t", "|"])


def text(stage):
    return stage.cursor.execute("from staged_text where fields > 0 order by line").fetchall()


def line_by_line():
    """No line is taken as it stands."""
    return patch.object(regular._Form, "holds", lambda form, line: False)


def cell(value, delimiter, *, is_quoted):
    if is_quoted or delimiter in value or '"' in value or "\n" in value:
        return '"' + value.replace('"', '""') + '"'
    return value


@SLOW
@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=6), DELIMITERS, st.booleans())
def test_every_road_stages_the_same_text(rows, delimiter, is_quoted):
    lines = [["account_id", "account_name", "sector"], *rows]
    content = "".join(delimiter.join(cell(c, delimiter, is_quoted=is_quoted) for c in line) + "\n" for line in lines)
    with new_stage() as stage:
        path = stage.spool / "x.csv"
        path.write_text(content, encoding="utf-8", newline="")
        spooled = spool(path, stage.spool)
        laid_out = layout(spooled.file, Options(kind="accounts", delimiter=delimiter))
        staged = staging.stage_text(stage, spooled, laid_out)
        is_fast = staging.is_whole(stage, staged, is_typed=False)
        fast = text(stage)
        staging.stage_regular(stage, spooled, laid_out)
        mixed = text(stage)
        with line_by_line():
            staging.stage_regular(stage, spooled, laid_out)
        careful = text(stage)
    assert mixed == careful
    assert not is_fast or fast == careful
    if '"' not in content:
        assert is_fast or any(not any(row) for row in rows)


AMOUNT = st.integers(-999_999, 999_999).map(lambda n: f"{n // 100},{n % 100:02}")
ROW = st.tuples(
    st.sampled_from(["A1", "000123", "Acme BV", '="001"', "\u00a0K7 ", 'x "y"', "p;q", "regel\neen"]),
    st.dates().map(lambda d: f"{1 + d.day % 28:02}-{d.month:02}-2026"),
    st.sampled_from(["omzet", "transport", "Omzet ", "kostprijs"]),
    st.one_of(
        AMOUNT,
        AMOUNT.map(lambda a: f"€ {a}"),
        AMOUNT.map(lambda a: a.lstrip("-") + "-"),
        st.integers(-9_999, 9_999).map(lambda n: f"{n},-"),
    ),
)
ODD = st.sampled_from(
    ["", "A1;31-01-2026", "A1;31-01-2026;omzet;1,00;te veel", ";;;", "   ", "Totaal;;;7,00", "Aantal regels: 2", "---",
     "Klantnr;Boekdatum;Regelsoort;Bedrag", "A1;30-02-2026;omzet;1,00", "A1;31-01-2026;omzt;1,00",
     "A1;31-01-2026;omzet;1,23456", "A1;31-01-2026;omzet;", 'A1;31-01-2026;omzet;"1,00', 'A 5" x;31-01-2026;omzet;1,0'],
)  # fmt: skip


@st.composite
def files(draw):
    """A ledger as people send it: any encoding and line ending, a title or none, good and odd lines in any order."""
    rows = draw(st.lists(ROW, min_size=1, max_size=8))
    lines = [";".join(cell(c, ";", is_quoted=draw(st.booleans())) for c in row) for row in rows]
    for odd in draw(st.lists(ODD, max_size=3)):
        lines.insert(draw(st.integers(0, len(lines))), odd)
    lines = [
        *draw(st.sampled_from([[], ["Grootboek 2026", ""], ["sep=;"]])),
        "Klantnr;Boekdatum;Regelsoort;Bedrag",
        *lines,
    ]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    content = end.join(lines) + draw(st.sampled_from(["", end, end * 3]))
    return content.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"])))


def told(content):
    judgement, rows = judged(content, kind="ledger", date_order="dmy")
    return judgement.payload("en"), rows


@SLOW
@given(files(), st.integers(1, 64))
def test_a_file_comes_to_the_same_by_every_road(content, size):
    usual = told(content)
    with line_by_line(), patch.object(staging, "is_whole", lambda *_, **__: False):
        assert told(content) == usual
    with patch.multiple(staging, _PIECES=2, _PIECE=size):
        assert told(content) == usual


NUMBERS = st.lists(st.text("0123456789.,-+e_ ", min_size=1, max_size=6), min_size=5, max_size=20)


@SLOW
@given(NUMBERS, st.sampled_from([",", "."]), st.integers(0, 9))
def test_how_many_decimals_are_looked_for_first_changes_no_number(numbers, mark, scale):
    lines = [f"A1;31-01-2026;omzet;{number}" for number in (*numbers, f"1{mark}5", f"-12{mark}34")]
    content = "\n".join(["Klantnr;Boekdatum;Regelsoort;Bedrag", *lines]).encode()
    usual = judged(content, kind="ledger", decimal=mark)
    with patch.object(style, "_scales", lambda *_: {"amount": scale}):
        judgement, rows = judged(content, kind="ledger", decimal=mark)
    assert (judgement.payload("en"), rows) == (usual[0].payload("en"), usual[1])


def test_a_number_that_reads_well_with_the_other_mark_is_none():
    lines = [f"A1;31-01-2026;omzet;{number}" for number in ("1,00", "2,50", "12.34", "3,00")]
    judgement, _ = judged("\n".join(["Klantnr;Boekdatum;Regelsoort;Bedrag", *lines]).encode(), kind="ledger")
    assert [(problem.line, problem.rule) for problem in judgement.problems] == [(4, "number")]


@pytest.mark.parametrize("code", ['="001"', '"=""001"""', '=" 001"'])
def test_a_code_kept_as_text_is_the_same_code_by_every_road(code):
    content = f"Klantnr;Boekdatum;Regelsoort;Bedrag\n{code};31-01-2026;omzet;10,-\n".encode()
    usual = told(content)
    assert [(row["customer_no"], row["amount"]) for row in usual[1]] == [("001", 10)]
    with line_by_line(), patch.object(staging, "is_whole", lambda *_, **__: False):
        assert told(content) == usual


@pytest.mark.parametrize("last", ["1.234", "0.55", "1,5", "5,-"])
def test_what_a_sample_leaves_open_is_decided_by_the_last_line(last):
    content = (
        "account_id;posting_date;line_type;amount\n" + "A;2026-01-31;omzet;5\n" * 500 + f"A;2026-01-31;omzet;{last}\n"
    )
    usual = told(content)
    with patch.multiple(staging, _PIECES=1, _PIECE=64):
        assert told(content) == usual


@pytest.mark.parametrize("last", ["01-02-2026", "13-02-2026", "02-13-2026", "1-2-26", "2026-02-01"])
def test_days_that_a_sample_leaves_open_are_decided_by_the_last_line(last):
    content = "account_id;posting_date;line_type;amount\n" + "A;01-01-2026;omzet;5\n" * 500 + f"A;{last};omzet;5\n"
    usual = judged(content)
    with patch.multiple(staging, _PIECES=1, _PIECE=64):
        assert judged(content) == usual


@pytest.mark.parametrize("header", ["Bedrag", "Bedrag ($)"])
def test_rows_read_by_several_threads_keep_their_lines(header):
    lines = [f"A{i % 7};2026-01-{1 + i % 28:02};omzet;{i},25;USD;F{i}" for i in range(100_000)]
    content = "\n".join([f"account_id;posting_date;line_type;{header};currency;document", *lines]) + "\n"
    with new_stage() as stage, patch.multiple(staging, _BUFFER=1):
        stage.cursor.execute("set threads = 4")
        path = stage.spool / "grootboek.csv"
        path.write_text(content)
        judgement = judge(stage, path, Options(kind="ledger", mapping={header: "amount"}, decimal=","))
        rows = typed_rows(stage, judgement)
    assert judgement.outcome == "accept"
    assert [(row["line"], row["document"]) for row in rows] == [(i + 2, f"F{i}") for i in range(100_000)]


class Listened:
    """A cursor that remembers what was asked of it."""

    def __init__(self, cursor):
        self.cursor = cursor
        self.told = []

    def execute(self, sql, *values):
        self.told.append((sql, *values))
        return self.cursor.execute(sql, *values)

    def __getattr__(self, name):
        return getattr(self.cursor, name)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_rows_of_every_kind_are_typed_without_a_join_which_would_turn_them_out_of_their_order(kind):
    examples = ";".join(str(column.example) for column in described(kind, "nl"))
    with new_stage() as stage:
        path = stage.spool / "x.csv"
        path.write_bytes(template_csv(kind, "nl") + examples.encode())
        cursor = Listened(stage.cursor)
        assert judge(Stage(cursor, stage.spool), path, Options(kind=kind.name)).outcome == "accept"
        (typing,) = (told for told in cursor.told if f"temp table {staging.VALUES} as" in told[0])
        ((_, plan),) = stage.cursor.execute(f"explain {typing[0]}", *typing[1:]).fetchall()
    assert "Read Csv" in plan
    assert "Join" not in plan


def test_wrong_lines_are_read_again_and_the_others_are_not_kept_meanwhile():
    with new_stage() as stage:
        path = stage.spool / "x.csv"
        path.write_text("account_id;posting_date;line_type;amount\nA1;31-02-2026;omzet;1,00\n")
        cursor = Listened(stage.cursor)
        assert judge(Stage(cursor, stage.spool), path, Options(kind="ledger")).lines == (2,)
        (reading,) = (told[0] for told in cursor.told if f"temp table {style.FAULTY} as" in told[0])
        ((_, plan),) = stage.cursor.execute(f"explain {reading.split(' as ', 1)[1]}").fetchall()
    assert "Join Type: MARK" in plan


MANY = "a;b\n" * 5000


@pytest.mark.parametrize(
    "content", [MANY, MANY + "c;d\r\n", MANY + "c;d", MANY + "é \u00a0;d\n", "a\t;b\n", "a\x07;b\n", 'a; "b"\n']
)
def test_a_text_is_spooled_alike_whether_it_is_copied_or_written(content, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(content.encode())
    for name in ("copied", "written"):
        (tmp_path / name).mkdir()
    copied = spool(path, tmp_path / "copied")
    with patch.object(source, "_copied_text", lambda *_: None):
        written = spool(path, tmp_path / "written")
    assert copied.file.read_bytes() == written.file.read_bytes()
    assert replace(copied, file=written.file) == written


def test_a_text_too_large_to_read_is_not_even_copied(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(MANY)
    with patch.object(source, "_MOST_BYTES", 100), pytest.raises(Refused) as refused:
        spool(path, tmp_path)
    assert refused.value.problem.rule == "file_too_large"
    assert list(tmp_path.iterdir()) == [path]
