"""Is everything loaded, right and new, and what would this file change? For the analyst."""

import streamlit as st

from kam_metrics import ui
from kam_metrics.ui import upload

ui.headline(upload.title())
ui.standing()
upload.tell_what_happened()

ui.section("section.upload")
if ui.current().is_demo:
    st.info(ui.say("ui.demo_no_load"))
else:
    for file in upload.uploads():
        upload.walk_through(file)

ui.section("section.freshness")
upload.freshness()

ui.section("section.worklist")
upload.worklist()

ui.section("section.history")
upload.history()

ui.section("section.checks")
upload.checks()
