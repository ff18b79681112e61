"""How good the loaded data is, per source, and which rows were left out, on the Data page."""

from __future__ import annotations

import streamlit as st

from kam_metrics import metrics, words
from kam_metrics.extracts import quarantine
from kam_metrics.metrics.answer import Row
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import caption, facts

PARTS = ("left_out", "unmapped", "no_cost", "no_due", "warnings", "unwarned_loads")


def figures() -> None:
    """Per source and kind the share of lines that lack nothing, and what the others lack."""
    rows = metrics.quality(current().world)
    if not rows:
        st.caption(say("empty.quality"))
        return
    caption("ui.quality_about")
    facts({_name(row): _told(row) for row in rows})
    _left_out()


def _name(row: Row) -> str:
    return f"{row['source'] or say('ui.no_source')} · {say('kind.' + row['kind'])}"


def _told(row: Row) -> str:
    lang = current().lang
    shown = [say("ui.flawless", share=words.share(lang, row["flawless"]), lines=row["lines"])] if row["lines"] else []
    return " · ".join([*shown, *(say(f"ui.quality_{part}", count=row[part]) for part in PARTS if row[part])])


def _left_out() -> None:
    run = current()
    rows = quarantine.left_out(run.world)
    if not rows:
        return
    st.markdown(say("ui.in_quarantine", count=len(rows), loads=len({row.load_id for row in rows})))
    data = quarantine.quarantine_csv(rows, run.lang)
    st.download_button(say("ui.quarantine_csv"), data, "quarantine.csv", "text/csv", key="quarantine-csv")
