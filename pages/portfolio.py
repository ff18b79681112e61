"""How does each key account stand, and what needs a decision? For the board."""

import streamlit as st

from kam_metrics import ui
from kam_metrics.ui import drill, lately, needed, one_decision, overview, saving, unknown, weights

if "decision" in st.query_params:
    ui.page_link("portfolio", ui.say("ui.back_to_portfolio"))
    ui.tell_what_happened()
    one_decision.tell(st.query_params["decision"])
    st.stop()

if "weights" in st.query_params:
    ui.page_link("portfolio", ui.say("ui.back_to_portfolio"))
    ui.tell_what_happened()
    weights.tell(st.query_params["weights"])
    st.stop()

ui.headline(overview.title())
ui.standing()
ui.tell_what_happened()

if unknown.nothing_sold():
    st.stop()

lately.tell()

ui.tiles(
    [
        ui.tile("net_sales"),
        ui.tile("contribution"),
        ui.tile("collections"),
        ui.tile("overdue_pct"),
        overview.plan_tile(),
        overview.alignment_tile(),
    ]
)

ui.section("section.matrix")
overview.matrix()
saving.board_pack()
ui.page_link("portfolio", ui.say("ui.to_weights"), weights="now")

ui.section("section.decisions")
needed.table()

left, right = st.columns(2, gap="large")
with left:
    ui.section("section.waterfall")
    drill.waterfall("portfolio-waterfall")
with right:
    ui.section("section.whale")
    overview.whale_chart()
