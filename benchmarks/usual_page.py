"""The Portfolio page the usual way: frames in the cache, pandas at every rerun, plotly.express, all by default.

Run by `pages.py` beside ours: `KAM_STORE=copy.duckdb streamlit run benchmarks/usual_page.py`. It shows what ours shows:
the choice of day, period, key account manager and comparison, six tiles beside last year, the matrix with its health,
months, phases and elements, decisions, the waterfall and the whale curve with its band. It may use the rollup of ours,
so that only the way of writing a page differs.
"""

import os

import duckdb
import pandas as pd
import plotly.express as px
import streamlit as st

FRAMES = {
    "booked": """
        select m.account_id, a.account_name, a.kam_name, a.key_since is not null as is_key, m.month, m.line_type,
            sum(m.amount_eur)::double as amount, sum(coalesce(m.low_eur, m.amount_eur))::double as low,
            sum(coalesce(m.high_eur, m.amount_eur))::double as high
        from account_month m join account a using (account_id)
        where m.scenario = 'actual' and m.line_type <> 'capital_charge'
        group by all
    """,
    "open_items": """
        select account_id, amount::double as amount, due_date, cleared_date,
            case when cleared_date is null then coalesce(open_amount, amount) else 0 end::double as open_amount
        from receivable
    """,
    "answers": "select account_id, round_date, element, value::double as value from answer",
    "milestones": "select account_id, start_date, planned_date, done_date from milestone join plan using (plan_id)",
}
EARNED = ("gross_sales", "discount", "credit_note", "rebate")


@st.cache_data
def frame(name: str) -> pd.DataFrame:
    """One of the frames, as analysts keep them."""
    with duckdb.connect(os.environ["KAM_STORE"], read_only=True) as connection:
        return connection.execute(FRAMES[name]).df()


def total(rows: pd.DataFrame, *kinds: str) -> float:
    """Of these kinds of lines, or of all of them."""
    return float(rows.loc[rows["line_type"].isin(kinds), "amount"].sum() if kinds else rows["amount"].sum())


def phase(milestones: pd.DataFrame, days: int) -> pd.Series:
    """Per account the share of what was planned for this phase that is done."""
    planned = milestones[(milestones["planned_date"] - milestones["start_date"]).dt.days.between(days - 29, days)]
    return planned.assign(done=planned["done_date"].notna()).groupby("account_id")["done"].mean()


st.set_page_config(page_title="Portfolio", layout="wide")
every, items, answers, milestones = (frame(name) for name in FRAMES)
with st.sidebar:
    st.segmented_control("Language", ["nl", "en"], default="nl")
    day = st.date_input("As of", every["month"].max())
    months = st.selectbox("Period", [12, 6, 3, 1])
    kam = st.selectbox("Key account manager", ["all", *sorted(every["kam_name"].dropna().unique())])
    st.segmented_control("Compare with", ["last year", "plan"], default="last year")
    st.segmented_control("Credit notes count with", ["their invoice", "their own date"], default="their invoice")
if kam != "all":
    every = every[every["kam_name"] == kam]
last = pd.Timestamp(day)
year = every[(every["month"] <= last) & (every["month"] > last - pd.DateOffset(months=months))]
then = last - pd.DateOffset(months=12)
before = every[(every["month"] <= then) & (every["month"] > then - pd.DateOffset(months=months))]
late = items[(items["due_date"] < last) & items["cleared_date"].isna()]
paid = items[items["cleared_date"] > last - pd.DateOffset(months=12)]
paid_before = items[items["cleared_date"].between(last - pd.DateOffset(months=24), last - pd.DateOffset(months=12))]
by_account = year.groupby(["account_id", "account_name", "kam_name", "is_key"], as_index=False)["amount"].sum()
losers = by_account[by_account["is_key"] & (by_account["amount"] < 0)]
rounds = answers.pivot_table(index="round_date", columns="element", values="value", aggfunc="mean")

st.title(f"Portfolio earns {total(year):,.0f}; {len(losers)} key accounts lose money")
tiles = st.columns(6)
tiles[0].metric("Net sales", f"{total(year, *EARNED):,.0f}", f"{total(year, *EARNED) - total(before, *EARNED):,.0f}")
tiles[1].metric("Contribution", f"{total(year):,.0f}", f"{total(year) - total(before):,.0f}")
collected = paid["amount"].sum()
tiles[2].metric("Collections", f"{collected:,.0f}", f"{collected - paid_before['amount'].sum():,.0f}")
tiles[3].metric("Overdue", f"{late['open_amount'].sum() / items['open_amount'].sum():.1%}")
tiles[4].metric("Milestones done", f"{milestones['done_date'].notna().mean():.0%}")
tiles[5].metric("Alignment", f"{rounds.iloc[-1].mean():.1f}", f"{(rounds.iloc[-1] - rounds.iloc[0]).mean():.1f}")

key = by_account[by_account["is_key"]].set_index("account_id")
trend = year.pivot_table(index="account_id", columns="month", values="amount", aggfunc="sum").reindex(key.index)
matrix = key[["account_name", "amount"]].assign(
    change=key["amount"] - before.groupby("account_id")["amount"].sum(),
    trend=trend.fillna(0).apply(list, axis=1),
    overdue=late.groupby("account_id")["open_amount"].sum(),
    **{f"day {days}": phase(milestones, days) for days in (30, 60, 90)},
)
of_account = year.groupby("account_id")["amount"].sum()
sold = year[year["line_type"].isin(EARNED)].groupby("account_id")["amount"].sum()
sold_before = before[before["line_type"].isin(EARNED)].groupby("account_id")["amount"].sum()
vitals = pd.DataFrame(
    {
        "money": (of_account / sold).clip(-0.1, 0.3).add(0.1) / 0.4,
        "growth": (sold / sold_before - 1).clip(-0.2, 0.2).add(0.2) / 0.4,
        "cash": 1 - (matrix["overdue"] / items.groupby("account_id")["open_amount"].sum()).clip(0, 1),
        "plan": matrix[["day 30", "day 60", "day 90"]].mean(axis=1),
        "alignment": (answers.groupby("account_id")["value"].mean() - 1) / 4,
        "service": 1 - year[year["line_type"] == "credit_note"].groupby("account_id")["amount"].sum().abs() / sold,
    }
)
matrix.insert(1, "health", (vitals.mean(axis=1) * 100).round())
matrix.insert(2, "in the red", (vitals < 0.3).sum(axis=1))
scores = answers[answers["round_date"] == answers.groupby("account_id")["round_date"].transform("max")]
matrix = matrix.join(scores.pivot_table(index="account_id", columns="element", values="value", aggfunc="mean"))
st.dataframe(
    matrix.sort_values("amount", ascending=False),
    column_config={"trend": st.column_config.LineChartColumn(), "amount": st.column_config.ProgressColumn()},
)
asked = matrix[
    (matrix["amount"] < 0) | (matrix["overdue"] > matrix["amount"].abs() / 4) | (matrix["in the red"] > 1)
].join(key["kam_name"])
st.dataframe(asked[["account_name", "kam_name", "amount", "overdue"]].sort_values("amount").head(10))

left, right = st.columns(2)
steps = year.groupby("line_type", as_index=False)["amount"].sum().sort_values("amount", ascending=False)
left.plotly_chart(px.bar(steps, x="amount", y="line_type", orientation="h", title="Waterfall", color="line_type"))
curve = year.groupby("account_name", as_index=False)[["amount", "low", "high"]].sum()
curve = curve.sort_values("amount", ascending=False).reset_index(drop=True)
curve[["amount", "low", "high"]] = curve[["amount", "low", "high"]].cumsum()
right.plotly_chart(px.line(curve, y=["amount", "low", "high"], hover_name="account_name", title="Whale"))
