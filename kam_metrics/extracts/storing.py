"""Where the rows of a kind stand in the store, and how they get there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kam_metrics.extracts.difference import SHADOWED
from kam_metrics.extracts.kinds import Kind
from kam_metrics.store import Change


def append_rows(change: Change, kind: Kind, batch_id: int) -> None:
    """Append the incoming rows, each where it fits."""
    for table, columns, rows in _tables(kind):
        change.run(into(table, columns, rows), {"batch_id": batch_id})


def into(table: str, columns: Sequence[str], rows: str) -> str:
    """SQL that stores rows. They keep their lines and need no order, and after a join they have none.

    Kept, it is written twice: pieces of the file leave row groups half full, and all of them are put together again.
    """
    stored = ", ".join(("line", *columns))
    return (
        f"insert into {table} (batch_id, {stored}) select $batch_id, {stored} from ({rows}) "
        "join (select 1 as one from meta where name = 'schema_version') on sign(line) = one"
    )


def _tables(kind: Kind) -> Iterator[tuple[str, Sequence[str], str]]:
    """The tables of a kind, each with its columns and the rows that go there."""
    columns = (*(["shadow"] if kind.name in SHADOWED else []), *kind.names)
    if not kind.brief:
        yield kind.name, ("scope", *columns), "from incoming"
        return
    rows = said_briefly("incoming")
    is_long = says_more(kind, columns)
    yield brief_table(kind), kind.brief, f"{rows} where not ({is_long})"
    yield kind.name, columns, f"{rows} where {is_long}"


def brief_table(kind: Kind) -> str:
    """The narrower table of a kind."""
    return f"{kind.name}_brief"


def said_briefly(rows: str) -> str:
    """SQL of rows that leave unsaid what most would say: no currency is euro."""
    return f"from (select * replace (nullif(currency, 'EUR') as currency) from {rows})"


def says_more(kind: Kind, columns: Iterable[str]) -> str:
    """SQL of whether a row says more than its narrower table has columns for."""
    return " or ".join(f"{name} is not null" for name in columns if name not in kind.brief)
