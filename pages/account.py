"""What does this account earn, pay, plan and agree on? For its KAM and the board."""

import streamlit as st

from kam_metrics import ui
from kam_metrics.ui import agreement, dossier, drill, needed, one_customer, unknown, vitals

account = dossier.chosen()

if account is None:
    ui.headline(ui.say("headline.accounts"))
    ui.standing()
    if "account" in st.query_params:
        st.warning(ui.say("ui.not_found"))
    if "customer" in st.query_params:
        ui.section("section.worklist")
        one_customer.nobodys()
        ui.page_link("account", ui.say("ui.back_to_all"))
    elif ui.ask(ui.metrics.key_accounts) or ui.measure("net_sales").only["net_sales"] is not None:
        dossier.every_account()
    else:
        ui.empty("empty.accounts")
    st.stop()

ui.page_link("account", ui.say("ui.back_to_all"))
ui.headline(dossier.title(account))
st.markdown(dossier.subtitle(account))
if account["reason"]:
    ui.caption("ui.why_key", reason=account["reason"])
ui.standing()

seen = dossier.of(account)
with ui.looking_at(seen):
    ui.tiles(
        [
            ui.tile("net_sales"),
            ui.tile("contribution"),
            ui.tile("contribution_pct"),
            ui.tile("receivables_open"),
            ui.tile("overdue_pct"),
            ui.tile("days_sales_outstanding"),
        ]
    )
    ui.section("section.health")
    vitals.table()
    ui.section("section.decisions")
    needed.of_account(account["account_id"])
    left, right = st.columns(2, gap="large")
    with left:
        ui.section("section.waterfall")
        drill.waterfall("account-waterfall")
        ui.page_link("profit", ui.say("ui.to_profit"), account=account["account_id"])
        drill.group_link(account)
    with right:
        ui.section("section.months")
        dossier.month_chart(account)

left, right = st.columns(2, gap="large")
with left:
    ui.section("section.cash")
    if ui.measure("receivables_open", seen=seen).only["receivables_open"] is None:
        with ui.looking_at(seen):
            unknown.box("receivables_open")
    else:
        st.markdown(dossier.cash_lines(account))
        dossier.ageing_chart(account)
with right:
    ui.section("section.plan")
    plan = dossier.plan_of(account)
    if plan is None:
        ui.empty("empty.plan_of_account")
    else:
        st.markdown(f"**{ui.say('state.' + plan['state'])}** · {dossier.plan_day(plan)}")
        dossier.phase_chart(plan, "account-phases")
        st.markdown(dossier.pace(plan))
        ui.page_link("plan", ui.say("ui.to_plan"), plan=plan["plan_id"])

ui.section("section.elements")
agreement.element_chart(seen, "account-elements")
ui.page_link("alignment", ui.say("ui.to_alignment"), account=account["account_id"])
