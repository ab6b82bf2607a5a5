"""The import page, one module for each of its steps."""
