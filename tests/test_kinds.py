from collections import Counter

import pytest

from kam_metrics.extracts.cells import sql_type_of
from kam_metrics.extracts.kinds import KINDS, plain
from kam_metrics.extracts.match import known_headers
from kam_metrics.store import Store
from tests.extract_files import judged, new_stage

KIND_NAMES = list(KINDS)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_a_header_stands_for_one_column_of_a_kind(name):
    headers = [
        plain(header)
        for column in KINDS[name].columns
        for header in {plain(h): h for h in (column.name, *column.headers, *column.loose)}.values()
    ]
    assert [header for header, count in Counter(headers).items() if count > 1] == []


@pytest.mark.parametrize("name", KIND_NAMES)
def test_keys_scopes_and_alternatives_are_columns(name):
    kind = KINDS[name]
    named = {*kind.key, *kind.scope, *kind.one_of, *filter(None, (kind.money, kind.position, kind.dated))}
    assert named <= set(kind.names)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_every_choice_accepts_its_own_value(name):
    for column in KINDS[name].columns:
        for word, value in column.choices.items():
            assert plain(word), f"{word} of {column.name}"
            assert plain(value) in {plain(known) for known in column.choices}


def test_the_store_knows_every_line_type(tmp_path):
    store = Store.at(tmp_path / "kam.duckdb")
    with store.read() as world:
        for table in ("ledger", "ledger_brief"):
            (row,) = world.rows(
                "select data_type from duckdb_columns() where table_name = $table and column_name = 'line_type'",
                {"table": table},
            )
            assert row["data_type"].lower() == sql_type_of(KINDS["ledger"].column("line_type")).lower()
    store.close()


@pytest.mark.parametrize("name", KIND_NAMES)
def test_our_own_headers_find_the_kind(name):
    judgement, _ = judged(",".join(KINDS[name].names) + "\n")
    assert judgement.kind == name
    assert [problem.rule for problem in judgement.problems] == ["no_rows"]


SAMPLES = {
    "id": "A1", "text": "Acme", "date": "2026-01-31", "month": "2026-01", "money": "12.50", "rate": "1.25",
    "number": "3.5", "share": "0.5", "integer": "4", "flag": "ja", "currency": "EUR",
}  # fmt: skip


@pytest.mark.parametrize("name", KIND_NAMES)
def test_every_kind_reads_a_full_row_into_its_own_types(name):
    kind = KINDS[name]
    cells = [next(iter(c.choices), "") if c.type == "choice" else SAMPLES[c.type] for c in kind.columns]
    content = ",".join(kind.names) + "\n" + ",".join(cells) + "\n"
    judgement, rows = judged(content, kind=name, sign="as_booked")
    assert judgement.outcome == "accept", judgement.payload("en")
    assert list(rows[0]) == ["line", *kind.names]
    assert None not in rows[0].values()


def test_headers_of_known_exports_are_known():
    with new_stage():
        assert {"klantnr", "factuurdatum", "kunnr", "debiteurnummer", "bedrag"} <= known_headers(None)
