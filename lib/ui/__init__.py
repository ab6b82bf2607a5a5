"""The only room that knows Streamlit: shell, router, filters, blocks."""
