"""The Portfolio page the usual way: frames in the cache, plotly.express, st.dataframe, everything by default.

Run by `pages.py` beside ours: `KAM_STORE=copy.duckdb streamlit run benchmarks/usual_page.py`. It asks the rollup that
ours asks, so that only the way of writing a page differs.
"""

import os

import duckdb
import pandas as pd
import plotly.express as px
import streamlit as st

MONTHS = """
    select m.account_id, a.account_name, a.key_since is not null as is_key_account,
        m.month, m.line_type, sum(m.amount_eur)::double as amount
    from account_month m join account a using (account_id)
    where m.scenario = 'actual'
    group by all
"""


@st.cache_data
def booked() -> pd.DataFrame:
    """Amounts per account, month and line type."""
    with duckdb.connect(os.environ["KAM_STORE"], read_only=True) as connection:
        return connection.execute(MONTHS).df()


st.set_page_config(page_title="Portfolio", layout="wide")
st.title("Portfolio")
every = booked()
last = every["month"].max()
year = every[every["month"] > last - pd.DateOffset(months=12)]
before = every[(every["month"] <= last - pd.DateOffset(months=12)) & (every["month"] > last - pd.DateOffset(months=24))]
by_account = year.groupby(["account_id", "account_name", "is_key_account"], as_index=False)["amount"].sum()
tiles = st.columns(6)
for column, kind in zip(tiles, year["line_type"].unique()[:6], strict=False):
    now, then = (frame.loc[frame["line_type"] == kind, "amount"].sum() for frame in (year, before))
    column.metric(kind, f"{now:,.0f}", f"{now - then:,.0f}")
trend = year[year["is_key_account"]].pivot_table(index="account_name", columns="month", values="amount", aggfunc="sum")
matrix = by_account[by_account["is_key_account"]].set_index("account_name")[["amount"]]
matrix["trend"] = [list(trend.loc[name].fillna(0)) for name in matrix.index]
st.dataframe(matrix, column_config={"trend": st.column_config.LineChartColumn()})
st.dataframe(by_account.sort_values("amount").head(10))
left, right = st.columns(2)
steps = year.groupby("line_type", as_index=False)["amount"].sum()
left.plotly_chart(px.bar(steps, x="line_type", y="amount", title="Waterfall"))
whale = by_account.sort_values("amount", ascending=False)
whale["cumulative"] = whale["amount"].cumsum()
right.plotly_chart(px.line(whale.reset_index(), y="cumulative", hover_name="account_name", title="Whale"))
left.plotly_chart(px.line(year.groupby("month", as_index=False)["amount"].sum(), x="month", y="amount"))
right.plotly_chart(px.scatter(by_account, x="amount", y="is_key_account", hover_name="account_name"))
