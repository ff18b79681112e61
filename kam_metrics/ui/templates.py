"""What the Data page offers to fill in: an empty file of each kind, with its explanation."""

from __future__ import annotations

import streamlit as st

from kam_metrics.extracts import KINDS
from kam_metrics.extracts.template import explanation_csv, template_csv, template_xlsx
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import section

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offers() -> None:
    """Choose a kind and download its empty file."""
    section("section.templates")
    lang = current().lang
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kinds = {kind: say(f"kind.{kind}") for kind in KINDS}
        chosen = st.selectbox(
            say("ui.kind"), list(kinds), format_func=kinds.__getitem__, key="template", help=say("template.help")
        )
        kind, stem = KINDS[chosen], kinds[chosen].casefold().replace(" ", "-")
        explained = f"{stem}-{say('template.explanation')}.csv"
        st.download_button(
            say("template.xlsx"), template_xlsx(kind, lang), f"{stem}.xlsx", WORKBOOK, key="template-xlsx"
        )
        st.download_button(say("template.csv"), template_csv(kind, lang), f"{stem}.csv", "text/csv", key="template-csv")
        st.download_button(
            say("template.csv_about"), explanation_csv(kind, lang), explained, "text/csv", key="template-about"
        )
