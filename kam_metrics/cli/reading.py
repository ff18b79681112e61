"""What every command that reads extracts shares: the answers given beforehand, and loading one file."""

from __future__ import annotations

from pathlib import Path

from kam_metrics import extracts
from kam_metrics.cli.session import Session
from kam_metrics.demo import fill as demo
from kam_metrics.errors import KamError
from kam_metrics.extracts import Judgement
from kam_metrics.store import Store
from kam_metrics.terms import Principal


def reading_options(session: Session) -> extracts.Options:
    """What was said beforehand about the files."""
    asked = session.request
    same = ("kind", "profile", "encoding", "delimiter", "decimal", "date_order", "sheet", "header_row")
    return extracts.Options(
        **{name: asked[name] for name in (*same, "source", "name", "as_of", "sign")},
        mapping=dict(asked["map"] or ()),
        control_totals=dict(asked["control_total"] or ()),
        quarantine=bool(asked["quarantine"]),
    )


def load_one(store: Store, file: Path, options: extracts.Options, by: Principal, *, replacing: bool) -> Judgement:
    """One file loaded whole or not at all; never into the demo company."""
    if demo.is_demo(store):
        raise KamError("demo_only")
    return extracts.load(store, file, options, by, replacing=replacing)
