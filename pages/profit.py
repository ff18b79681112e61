"""Where does the money go, what made sales grow, and what comes in, of all accounts or of one? For board and KAM."""

import streamlit as st

from kam_metrics import ui
from kam_metrics.ui import cash_flow, closing, drill, earnings, forecast, overview, products, unknown, what_if

seen, name = earnings.subject()
with ui.looking_at(seen):
    if drill.asked():
        drill.lines(name)
        st.stop()
    if name and seen.account_id:
        ui.page_link("account", name, account=seen.account_id)
    ui.headline(earnings.title(name))
    ui.standing()
    if unknown.nothing_sold():
        st.stop()

    ui.tiles(
        [
            ui.tile("net_sales"),
            ui.tile("contribution"),
            ui.tile("contribution_pct"),
            ui.tile("operating_cash_flow"),
            ui.tile("cash_conversion"),
            ui.tile("days_sales_outstanding"),
        ]
    )
    left, right = st.columns(2, gap="large")
    with left:
        ui.section("section.waterfall")
        drill.waterfall("profit-waterfall")
    with right:
        ui.section("section.growth")
        ui.caption("ui.growth_about")
        earnings.growth()
    ui.section("products.title")
    products.table()

    if not name:
        ui.section("section.whale")
        st.markdown(earnings.concentration_line())
        overview.whale_chart()

    drill.members(name)

    ui.section("section.cash")
    earnings.cash_charts()

    ui.section("section.cash_flow")
    cash_flow.both_forms()
    cash_flow.reconciliation()

    ui.section("section.inflow")
    forecast.inflow()

    ui.section("section.what_if")
    what_if.what_if()

    ui.section("section.by_month")
    earnings.months()

    if not name:
        closing.where_no_data_page()
