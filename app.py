"""Starts KAM Metrics: `streamlit run app.py` or `python app.py`, from any folder."""

import streamlit as st

from kam_metrics.launcher import MAIN, MIDDLEWARE, ROUTES, failure

app = st.App(MAIN, routes=ROUTES, middleware=MIDDLEWARE, exception_handlers={500: failure})

if __name__ == "__main__":
    app.run()
