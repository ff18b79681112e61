"""Do colleagues pull in one direction for our key accounts, and is that getting better? For board and KAM."""

from dataclasses import replace

import streamlit as st

from kam_metrics import ui
from kam_metrics.ui import agreement, dossier, one_view

account = dossier.chosen()
seen = dossier.of(account) if account else replace(ui.current().seen)

ui.headline(account["account_name"] if account else agreement.title())
ui.standing()
if account is None and "account" in st.query_params:
    st.warning(ui.say("ui.not_found"))

if not agreement.elements():
    ui.empty("empty.alignment")
    st.stop()

ui.caption("ui.no_target")
if account:
    ui.page_link("alignment", ui.say("ui.whole_programme"))

if one_view.tell(seen):
    ui.page_link("alignment", ui.say("ui.back_to_alignment"), **({"account": account["account_id"]} if account else {}))
    st.stop()

ui.section("section.elements")
agreement.element_chart(seen, "alignment-elements")
agreement.element_table(seen)

if not account:
    ui.section("section.functions")
    agreement.function_table()
    ui.section("section.by_account")
    agreement.account_table()
else:
    ui.page_link("account", ui.say("ui.to_account"), account=account["account_id"])
