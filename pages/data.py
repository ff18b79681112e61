"""Is everything loaded, right and new, and what would this file change? For the analyst."""

import streamlit as st

from kam_metrics import ui
from kam_metrics.ui import (
    audit,
    books,
    closing,
    mapping,
    one_customer,
    one_kind,
    one_load,
    quality,
    remembered,
    templates,
    upload,
)

for asked, tell in (("load", one_load.tell), ("kind", one_kind.tell), ("customer", one_customer.tell)):
    if asked in st.query_params:
        ui.page_link("data", ui.say("ui.back_to_data"))
        ui.tell_what_happened()
        tell(st.query_params[asked])
        st.stop()

ui.headline(books.title())
ui.standing()
ui.tell_what_happened()

ui.section("section.upload")
if ui.current().is_demo:
    st.info(ui.say("ui.demo_no_load"))
else:
    upload.workbench()

ui.section("section.freshness")
books.freshness()

ui.section("section.quality")
quality.figures()

ui.section("section.worklist")
books.worklist()
mapping.customers()

ui.section("section.succession")
mapping.successions()

ui.section("section.history")
books.history()

ui.section("section.profiles")
remembered.profiles()

ui.section("section.closing")
closing.months()

ui.section("section.checks")
books.checks()

audit.beside_the_books()

templates.offers()
