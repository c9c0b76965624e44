"""The Streamlit entry: `streamlit run app.py` serves the app, its page images and its headers in one process."""

from copilot.ui.server import create_app

app = create_app()
