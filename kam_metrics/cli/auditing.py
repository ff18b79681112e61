"""`kam reconcile --xaf`: an audit file beside the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kam_metrics import metrics
from kam_metrics.auditfile import AuditFile, most_credit, read_audit_file, suggested
from kam_metrics.cli import report
from kam_metrics.cli.session import Outcome, Session
from kam_metrics.errors import UsageError
from kam_metrics.metrics import Compared
from kam_metrics.metrics.audit import WHATS
from kam_metrics.settings import MEBIBYTE
from kam_metrics.words import exact, say


def against_audit_file(session: Session) -> Outcome:
    """Revenue and receivables per account and month as the books hold them, against the store."""
    asked = session.request
    path = session.path(asked["xaf"])
    if not path.is_file():
        raise UsageError("no_such_file", file=asked["xaf"])
    file, store = read_audit_file(path, session.settings.max_upload_mb * MEBIBYTE), session.store()
    with store.read() as world:
        numbers = {what: metrics.ledger_numbers(world, file, what, asked[what]) for what in WHATS}
        if numbers["revenue"] is None:
            return _ask(file)
        rows = metrics.compare(world, file, numbers["revenue"], numbers["receivables"], asked["source"])
    for what in WHATS:
        if asked[what]:
            store.note(metrics.note_name(file, what), asked[what])
    return _answered(file, rows, {what: one.text if one else None for what, one in numbers.items()})


def _answered(file: AuditFile, rows: Sequence[Compared], numbers: Mapping[str, str | None]) -> Outcome:
    checks = metrics.audit_checks(file, rows)
    ok = all(one.ok for one in checks)
    told = [{"name": one.name, "ok": one.ok, "detail": "; ".join(one.differences)} for one in checks]
    period = {"from": file.first_day.isoformat(), "to": file.last_day.isoformat()}
    about = {"form": file.form, "company": file.company, "currency": file.currency, **period, **numbers}
    payload = {"ok": ok, "checks": told, "audit": {**about, "rows": [_row(row) for row in rows]}}
    return Outcome(
        payload, lambda lang: f"{_about(lang, file, numbers)}\n\n{report.checks(lang, checks)}", 0 if ok else 1
    )


def _row(row: Compared) -> dict[str, object]:
    return {
        "what": row.what,
        "account_id": row.account,
        "month": row.month.isoformat(),
        "file": None if row.told is None else exact(row.told),
        "store": None if row.held is None else exact(row.held),
        "difference": None if row.difference is None else exact(row.difference),
        "state": row.state,
    }


def _about(lang: str, file: AuditFile, numbers: Mapping[str, str | None]) -> str:
    """What was compared, and what cannot be."""
    parts = [
        say(lang, "audit.file", form=file.form, company=file.company, first=file.first_day, last=file.last_day),
        say(lang, "audit.revenue_is", numbers=numbers["revenue"]),
    ]
    if numbers["receivables"]:
        parts.append(say(lang, "audit.receivables_are", numbers=numbers["receivables"]))
    else:
        parts.append(say(lang, "audit.no_receivables"))
    if not file.has_due_dates:
        parts.append(say(lang, "audit.no_due_dates"))
    return "\n".join(parts)


def _ask(file: AuditFile) -> Outcome:
    """Which ledger accounts are revenue is asked, never guessed."""
    options, evidence = suggested(file, "revenue")[1], most_credit(file)
    question = {"about": "revenue", "options": list(options), "evidence": list(evidence)}
    payload = {"ok": False, "checks": [], "question": question}
    return Outcome(payload, lambda lang: _question(lang, options, evidence), 1)


def _question(lang: str, options: Sequence[str], evidence: Sequence[str]) -> str:
    typed = " | ".join(f"--revenue {option}" for option in options or ("8000-8999",))
    lines = [say(lang, "audit.which_revenue"), *(f"  {one}" for one in evidence)]
    return "\n".join([*lines, say(lang, "cli.answers", answers=typed)])
