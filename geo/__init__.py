"""Boundaries and nomenclature as built, and the script that builds them."""
