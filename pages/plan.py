"""Are the 90-30 plans alive and on schedule, and what comes first today? For the KAM."""

import streamlit as st

from kam_metrics import ui
from kam_metrics.ui import dossier, one_part, plan_parts, planning

plan = planning.chosen()

if plan is None:
    ui.headline(planning.title())
    ui.standing()
    if "plan" in st.query_params:
        st.warning(ui.say("ui.plan_not_found"))
    if not any(row["plan_id"] for row in planning.plans()):
        ui.empty("empty.plans")
    if planning.plans():
        planning.plan_table()
    st.stop()

ui.page_link("plan", ui.say("section.plans"))
ui.headline(f"{plan['account_name']}: {ui.say('state.' + plan['state'])}")
st.markdown(f"**{plan['title'] or plan['plan_id']}** · {dossier.plan_day(plan)} · {planning.signature(plan)}")
ui.standing()
ui.tell_what_happened()

if one_part.tell(plan):
    ui.page_link("plan", ui.say("ui.back_to_plan"), plan=plan["plan_id"])
    st.stop()

planning.sign_off(plan)
dossier.phase_chart(plan, "plan-phases")
st.markdown(dossier.pace(plan))

ui.section("section.milestones")
plan_parts.milestone_table(plan["plan_id"])
ui.section("section.objectives")
plan_parts.objective_table(plan["plan_id"])
ui.section("section.reviews")
plan_parts.review_table(plan["plan_id"])
ui.page_link("account", ui.say("ui.to_account"), account=plan["account_id"])
