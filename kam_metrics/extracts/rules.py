"""What must hold between rows: signs, keys, snapshots; and the view of rows that are fit to load."""

from __future__ import annotations

from collections.abc import Iterator

from kam_metrics.extracts.check import FAULT, TYPED, Sheet
from kam_metrics.extracts.judgement import Asked, Message
from kam_metrics.extracts.kinds import Kind
from kam_metrics.extracts.options import Options
from kam_metrics.store import Stage

ROWS = "staged_rows"
"""line and the kind's columns: the rows that are fit to load."""
_NOT_BOOKED_AS_COST = "('gross_sales')"
_CREDITED = ("quantity", "list_amount", "discount_amount", "net_amount", "vat_amount", "cogs_amount", "freight_amount")
_WORTH = {
    "JPY": "0.02", "HUF": "0.02", "KRW": "0.01", "CZK": "0.1", "INR": "0.1", "THB": "0.1", "SEK": "0.3", "NOK": "0.3",
    "DKK": "0.3", "CNY": "0.3", "HKD": "0.3", "MXN": "0.3", "PLN": "0.5", "ZAR": "0.5", "RON": "0.5",
}  # fmt: skip
"""So many euros no unit of these was ever worth: a rate beyond is one per hundred, or of units per euro."""
_IN_ORDER = (("invoice_date", "due_date"), ("invoice_date", "cleared_date"))


def shape(stage: Stage, this: Sheet, options: Options) -> None:
    """Make the view of good rows, in the signs and with the positions that the store wants."""
    names = {name: name for name in this.kind.names}
    names |= _signed(this.kind, options)
    if options.as_of and _has_open_amounts(stage, this):
        names["snapshot_date"] = f"coalesce(snapshot_date, date '{options.as_of.isoformat()}')"
    columns = ", ".join(f"{text} as {name}" if text != name else name for name, text in names.items())
    is_data = "faults = 0 and line not in (from staged_skip)" if _has_bad_rows(stage) else "true"
    stage.cursor.execute("drop view if exists staged_rows")
    stage.cursor.execute(
        f"create or replace temp view staged_good as select line, {columns} from {TYPED} where {is_data}"
    )
    if this.kind.position and _lacks_position(stage, this.kind):
        _number(stage, this.kind)
    else:
        stage.cursor.execute("create or replace temp view staged_whole as from staged_good")


def _has_bad_rows(stage: Stage) -> bool:
    row = stage.cursor.execute(f"select exists(from {TYPED} where faults <> 0) or exists(from staged_skip)").fetchone()
    return bool(row and row[0])


def _signed(kind: Kind, options: Options) -> dict[str, str]:
    if options.sign == "negate_all" and kind.money:
        return {name: f"(-{name})" for name in (kind.money, "open_amount") if name in kind.names}
    if options.sign == "negate_costs" and "line_type" in kind.names:
        return {"amount": f"case when line_type in {_NOT_BOOKED_AS_COST} then amount else -amount end"}
    if options.sign == "negate_credits" and "doc_type" in kind.names:
        credited = [name for name in (*_CREDITED, "amount", "open_amount") if name in kind.names]
        return {name: f"case when doc_type = 'CRN' then -abs({name}) else {name} end" for name in credited}
    return {}


def _lacks_position(stage: Stage, kind: Kind) -> bool:
    row = stage.cursor.execute(f"select exists(from staged_good where {kind.position} is null)").fetchone()
    return bool(row and row[0])


def _number(stage: Stage, kind: Kind) -> None:
    document = ", ".join(name for name in kind.key if name != kind.position)
    columns = ", ".join(
        f"coalesce({name}, (row_number() over (partition by {document} order by line))::varchar) as {name}"
        if name == kind.position
        else name
        for name in kind.names
    )
    stage.cursor.execute(
        f"create or replace temp table staged_numbered as select line, {columns} from staged_good order by line"
    )
    stage.cursor.execute("create or replace temp view staged_whole as from staged_numbered")


def ask_about_meaning(stage: Stage, this: Sheet, options: Options) -> None:
    """Ask what a whole file leaves open: the sign of its costs or credit notes, the day of its open amounts."""
    if options.sign is None:
        _ask_cost_sign(stage, this)
        _ask_credit_sign(stage, this)
    if options.as_of is None and "snapshot_date" in this.kind.names and _has_open_amounts(stage, this):
        raise Asked(
            "snapshot_date",
            (),
            _first(stage, "open_amount", "faults = 0 and open_amount is not null and snapshot_date is null"),
        )


def _has_open_amounts(stage: Stage, this: Sheet) -> bool:
    if "open_amount" not in this.kind.names:
        return False
    row = stage.cursor.execute(
        f"select exists(from {TYPED} where faults = 0 and open_amount is not null and snapshot_date is null)"
    ).fetchone()
    return bool(row and row[0])


def _ask_cost_sign(stage: Stage, this: Sheet) -> None:
    if "line_type" not in this.kind.names:
        return
    is_cost = f"faults = 0 and line_type not in {_NOT_BOOKED_AS_COST}"
    row = stage.cursor.execute(f"select min(amount), max(amount) from {TYPED} where {is_cost}").fetchone()
    if row and row[0] is not None and row[0] >= 0 and row[1] > 0:
        raise Asked(
            "sign", ("negate_costs", "negate_all", "as_booked"), _first(stage, "amount", f"{is_cost} and amount > 0")
        )


def _ask_credit_sign(stage: Stage, this: Sheet) -> None:
    if "doc_type" not in this.kind.names or not this.kind.money:
        return
    credit = f"faults = 0 and doc_type = 'CRN' and {this.kind.money}"
    row = stage.cursor.execute(
        f"select count(*) filter (where {credit} > 0), count(*) filter (where {credit} < 0) from {TYPED}"
    ).fetchone()
    positive, negative = row or (0, 0)
    if positive and not negative:
        raise Asked("sign", ("negate_credits", "as_booked"), _first(stage, this.kind.money, f"{credit} > 0"))


def _first(stage: Stage, column: str, where: str) -> tuple[str, ...]:
    rows = stage.cursor.execute(
        f"select {column}::decimal(38, 2)::varchar from {TYPED} where {where} order by line limit 3"
    ).fetchall()
    return tuple(row[0] for row in rows)


def note_rules(stage: Stage, this: Sheet, options: Options) -> None:
    """Add to the faults what is wrong between rows."""
    if this.kind.money and "doc_type" in this.kind.names and options.sign is None:
        _note_positive_credits(stage, this)
    if this.kind.key:
        _note_repeated_keys(stage, this)
    if this.kind.name == "fx_rates":
        _note_impossible_rates(stage, this)


def _note_impossible_rates(stage: Stage, this: Sheet) -> None:
    most = " ".join(f"when '{code}' then {worth}" for code, worth in _WORTH.items())
    stage.cursor.execute(
        f"insert into {FAULT} select line, {_place(this, 'eur_per_unit')}, 'rate_of', currency from staged_whole "
        f"where eur_per_unit > case currency {most} end"
    )


def _place(this: Sheet, name: str) -> int:
    return next((place.index for place in this.places if place.name == name), -1)


def _note_positive_credits(stage: Stage, this: Sheet) -> None:
    money = this.kind.money
    credit = f"doc_type = 'CRN' and {money}"
    stage.cursor.execute(
        f"insert into {FAULT} select line, {_place(this, str(money))}, 'credit_sign', '' from staged_whole "
        f"where {credit} > 0 and exists(from staged_whole where {credit} < 0)"
    )


def _note_repeated_keys(stage: Stage, this: Sheet) -> None:
    """Rows of one key: an error on each of them, naming another; equal rows of a master are one."""
    key = ", ".join(this.kind.key)
    content = ", ".join(this.kind.names)
    differ = f"and count(distinct row({content})) > 1" if this.kind.is_master else ""
    place = _place(this, next((n for n in reversed(this.kind.key) if _place(this, n) >= 0), this.kind.key[-1]))
    stage.cursor.execute(
        "create or replace temp table staged_repeated as "
        f"select {key}, min(line) as first_line, arg_min(line, line, 2)[2] as second_line from staged_whole "
        f"group by {key} having count(*) > 1 {differ}"
    )
    same = " and ".join(f"w.{name} is not distinct from r.{name}" for name in this.kind.key)
    stage.cursor.execute(
        f"insert into {FAULT} select w.line, {place}, 'duplicate', "
        "(case when w.line = first_line then second_line else first_line end)::varchar "
        f"from staged_whole w join staged_repeated r on {same}"
    )


def finish(stage: Stage, this: Sheet) -> None:
    """Make the relation of rows to load: without faults, and a master's equal rows once."""
    columns = ", ".join(this.kind.names)
    rows = "staged_whole"
    if this.kind.is_master:
        stage.cursor.execute(
            f"create or replace temp table staged_once as select min(line) as line, {columns} from staged_whole "
            "group by all order by line"
        )
        rows = "staged_once"
    (faults,) = stage.cursor.execute(f"select count(*) from {FAULT}").fetchone() or (0,)
    fit = f"where line not in (select line from {FAULT})" if faults else ""
    stage.cursor.execute(f"create or replace temp view {ROWS} as select line, {columns} from {rows} {fit}")


def warnings(stage: Stage, this: Sheet) -> Iterator[Message]:
    """What is legal and yet worth a look."""
    yield from _repeats(stage, this)
    for earlier, later in _IN_ORDER:
        if earlier in this.kind.names and later in this.kind.names:
            row = stage.cursor.execute(f"select count(*), min(line) from {ROWS} where {later} < {earlier}").fetchone()
            if row and row[0]:
                values = {"count": row[0], "line": str(row[1]), "earlier": earlier, "later": later}
                yield Message("extract_warning.order", values)


def _repeats(stage: Stage, this: Sheet) -> Iterator[Message]:
    if this.kind.key and not this.kind.is_master:
        return
    # the other columns say the same on every row
    content = f"hash({', '.join(place.name for place in this.places)})"
    if not _holds_repeats(stage, content):
        return
    row = stage.cursor.execute(
        "select sum(n - 1), min(line) from (select count(*) as n, min(line) as line from staged_whole "
        f"group by {content} having count(*) > 1)"
    ).fetchone()
    if row and row[0]:
        key = "collapsed" if this.kind.is_master else "identical"
        yield Message(f"extract_warning.{key}", {"count": int(row[0]), "line": str(row[1])})


def _holds_repeats(stage: Stage, content: str) -> bool:
    """Sorting numbers beside the database is far cheaper than grouping by them in it."""
    contents = stage.cursor.execute(f"select {content} as content from staged_whole").fetchnumpy()["content"]
    contents.sort()
    return bool((contents[1:] == contents[:-1]).any())
