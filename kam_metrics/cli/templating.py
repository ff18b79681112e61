"""`kam template`: an empty file to fill in, with its explanation."""

from __future__ import annotations

from pathlib import Path

from kam_metrics.cli.arguments import nearest
from kam_metrics.cli.session import Outcome, Session
from kam_metrics.errors import UsageError
from kam_metrics.extracts import KINDS, Kind
from kam_metrics.extracts.template import explanation_csv, template_csv, template_xlsx
from kam_metrics.words import say


def template(session: Session) -> Outcome:
    """A workbook that explains itself, or a CSV file with its explanation beside it."""
    (name,) = session.request.operands
    kind = KINDS.get(name)
    if kind is None:
        raise UsageError("unknown_kind", name=name, nearest=nearest(name, KINDS))
    out = session.request["out"] or ""
    if not out.casefold().endswith((".csv", ".xlsx")):
        raise UsageError("out_missing")
    made = _made(kind, session.path(out), session.lang)
    for path in made:
        if path.exists():
            raise UsageError("out_exists", file=path.name)
    for path, content in made.items():
        try:
            path.write_bytes(content)
        except OSError as error:
            raise UsageError("out_unwritable", file=path.name) from error
    files = [session.shown(path) for path in made]
    return Outcome({"files": files}, lambda lang: say(lang, "cli.template_made", files=", ".join(files)))


def _made(kind: Kind, out: Path, lang: str) -> dict[Path, bytes]:
    if out.suffix.casefold() == ".xlsx":
        return {out: template_xlsx(kind, lang)}
    explanation = out.with_name(f"{out.stem}-{say(lang, 'template.explanation')}{out.suffix}")
    return {out: template_csv(kind, lang), explanation: explanation_csv(kind, lang)}
