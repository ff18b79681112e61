"""Starts KAM Metrics: `streamlit run app.py` or `python app.py`, from any folder."""

import streamlit as st

from kam_metrics import cli, handoff
from kam_metrics.launcher import MAIN, MIDDLEWARE, ROUTES, failure, owner

app = st.App(
    MAIN,
    routes=[*ROUTES, handoff.route(cli.answer)],
    middleware=MIDDLEWARE,
    exception_handlers={500: failure},
    lifespan=owner,
)

if __name__ == "__main__":
    app.run()
