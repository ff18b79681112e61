"""Whose figures are whose, on the Data page: mapping customer numbers, and accounts that follow each other up."""

from __future__ import annotations

import streamlit as st

from kam_metrics import metrics, telling
from kam_metrics.extracts import mapping
from kam_metrics.metrics.answer import Row
from kam_metrics.ui.answers import ask
from kam_metrics.ui.controls import DATE_FORMATS
from kam_metrics.ui.here import current, say
from kam_metrics.ui.show import say_after_rerun


def customers() -> None:
    """Choose customer numbers of the worklist and the account they belong to."""
    run = current()
    customers = {telling.customer(row): _customer(row) for row in ask(metrics.worklist) if row["is_customer"]}
    accounts = _accounts()
    if not customers or not accounts or run.is_demo:
        return
    with st.form("map", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(say("ui.map_numbers"), list(customers), placeholder="", width=320)
        account = st.selectbox(say("ui.map_account"), list(accounts), format_func=accounts.__getitem__, width=320)
        since = st.date_input(say("ui.map_from"), value=None, format=DATE_FORMATS[run.lang], width=200)
        asked = st.form_submit_button(say("ui.map_button"))
    if asked:
        named = [customers[name] for name in chosen]
        load_id = mapping.map_customers(run.store, named, account, run.principal, valid_from=since)
        say_after_rerun(say("ui.numbers_mapped", count=len(chosen), account=accounts[account], load_id=str(load_id)))


def _customer(row: Row) -> mapping.Customer:
    return mapping.Customer(row["unmapped_ref"], row["source_system"], row["company_code"])


def successions() -> None:
    """Choose the account that goes and the one that its figures go to."""
    run = current()
    accounts = _accounts()
    st.caption(say("ui.succeed_about"))
    if len(accounts) < 2 or run.is_demo:
        return
    with st.form("succeed", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        old = st.selectbox(say("ui.succeed_old"), list(accounts), format_func=accounts.__getitem__, width=280)
        new = st.selectbox(say("ui.succeed_new"), list(accounts), format_func=accounts.__getitem__, width=280)
        since = st.date_input(say("ui.succeed_from"), value=None, format=DATE_FORMATS[run.lang], width=200)
        asked = st.form_submit_button(say("ui.succeed_button"))
    if asked:
        load_id = mapping.succeed(run.store, old, new, run.principal, since=since)
        told = say("ui.succeeded", account=accounts[old], successor=accounts[new], load_id=str(load_id))
        say_after_rerun(told)


def _accounts() -> dict[str, str]:
    rows = current().world.rows("select account_id, account_name from account order by account_name, account_id")
    return {row["account_id"]: f"{row['account_name']} ({row['account_id']})" for row in rows}
