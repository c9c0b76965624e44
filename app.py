"""The Streamlit entry: `streamlit run app.py` serves the app, its page images and its headers in one process."""

import streamlit as st

from copilot.ui import server

# Streamlit reads this file before it runs it, and serves an App only where it sees one made here.
app = st.App(server.SCRIPT, lifespan=server.lifespan, routes=server.routes(), middleware=server.middleware())
