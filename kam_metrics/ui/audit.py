"""What the Data page does with an audit file: which ledger accounts are meant, and where books and store differ."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from kam_metrics import metrics, words
from kam_metrics.auditfile import AuditFile, Numbers, most_credit, read_audit_file, suggested
from kam_metrics.errors import KamError
from kam_metrics.matrix.listing import Cell, Heading
from kam_metrics.metrics import Compared
from kam_metrics.metrics.audit import WHATS, What
from kam_metrics.settings import MEBIBYTE
from kam_metrics.store import World
from kam_metrics.terms import Slice
from kam_metrics.ui.answers import ask
from kam_metrics.ui.cells import currency_cell, month_cell
from kam_metrics.ui.here import Way, current, say, to
from kam_metrics.ui.show import listing, section

MOST_ROWS = 500


def beside_the_books() -> None:
    """Drop an audit file and see per account and month where it differs; nothing is loaded from it."""
    if current().is_demo:
        return
    section("section.audit")
    dropped = st.file_uploader(say("audit.drop"), type=["xaf", "xml"], key="audit-file")
    if dropped is None:
        return
    try:
        file: AuditFile = ask(_read, _kept(dropped))
        numbers = {what: _numbers(file, what) for what in WHATS}
        if revenue := numbers["revenue"]:
            _tell(file, ask(_compared, _kept(dropped), revenue, numbers["receivables"]))
    except KamError as error:
        st.error(words.explain(current().lang, error))


def _kept(dropped: Any) -> Path:
    content = dropped.getbuffer()
    path = current().store.spool / f"audit-{hashlib.sha256(content).hexdigest()}"
    if not path.exists():
        path.write_bytes(content)
    return path


def _read(world: World, seen: Slice, path: Path) -> AuditFile:
    return read_audit_file(path, current().settings.max_upload_mb * MEBIBYTE)


def _compared(world: World, seen: Slice, path: Path, revenue: Numbers, receivables: Numbers | None) -> list[Compared]:
    return metrics.compare(world, ask(_read, path), revenue, receivables, None)


def _numbers(file: AuditFile, what: What) -> Numbers | None:
    """The ledger accounts as the analyst says, remembered per company; asked when nothing says them."""
    run = current()
    known = metrics.ledger_numbers(run.world, file, what)
    typed = st.text_input(
        say(f"audit.numbers_{what}"),
        known.text if known else "",
        key=f"audit-{what}-{file.company}",
        placeholder=" · ".join(suggested(file, what)[1]),
    ).strip()
    if not typed:
        st.info(say("audit.no_receivables") if what == "receivables" else _question(file))
        return None
    told = Numbers(typed)
    if told != known:
        run.store.note(metrics.note_name(file, what), typed)
    return told


def _question(file: AuditFile) -> str:
    return f"{say('audit.which_revenue')} {' · '.join(most_credit(file))}"


def _tell(file: AuditFile, rows: Sequence[Compared]) -> None:
    lang = current().lang
    st.caption(say("audit.file", form=file.form, company=file.company, first=file.first_day, last=file.last_day))
    for check in metrics.audit_checks(file, rows):
        mark = "▼" if not check.ok else "–" if check.differences else "✓"
        count = words.number(lang, len(check.differences))
        st.markdown(f"{mark} **{say(f'check_name.{check.name}')}** {count if check.differences else ''}")
    if not file.has_due_dates:
        st.caption(say("audit.no_due_dates"))
    unequal = [row for row in rows if row.state != "equal"]
    if unequal:
        _differences(file, unequal[:MOST_ROWS])
    if len(unequal) > MOST_ROWS:
        st.caption(say("ui.problems_more", shown=MOST_ROWS, count=len(unequal)))


def _differences(file: AuditFile, rows: Sequence[Compared]) -> None:
    number = ("file_says", "store_says", "difference")
    listing(
        [
            *(Heading(say(f"audit.heading_{name}")) for name in ("what", "account", "month")),
            *(Heading(say(f"audit.heading_{name}"), is_number=True) for name in number),
            Heading(say("audit.heading_state")),
        ],
        [(_way(row), _cells(row, file.currency)) for row in rows],
        title=say("section.audit"),
        key="audit",
    )


def _way(row: Compared) -> Way:
    if row.account is None:
        return to("portfolio")
    return to("account", account=row.account) if row.is_account else to("data", customer=row.account)


def _cells(row: Compared, currency: str) -> Sequence[Cell]:
    figures = [currency_cell(amount, currency) for amount in (row.told, row.held, row.difference)]
    tone: Mapping[str, Any] = {"tone": "muted"} if row.state == "not_known" else {}
    return (
        Cell(say(f"audit.{row.what}")),
        Cell(row.account or say("audit.all_accounts")),
        month_cell(row.month),
        *figures,
        Cell(say(f"audit.state_{row.state}"), **tone),
    )
