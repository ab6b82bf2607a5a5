"""Texts that a spreadsheet would take for formulas, made harmless in every file that leaves the application.

What is written, and for whom, belongs to `lib.display.files.downloads` and to the command line.
"""

import re

_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"^-?\d+(,\d+)?$")


def neutralise(cell: str) -> str:
    """Put a quote before a text that a spreadsheet would take for a formula, unless it is a number."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell
