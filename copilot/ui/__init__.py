"""The Streamlit app: chat and documents over the Copilot and the Library, in eight languages."""
