"""Files that a visitor takes away: CSV that opens safely in a French spreadsheet, stamped with where it comes from.

What may be published, and the figures themselves, are decided before; this module only writes.
"""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from lib.survey.formulas import neutralise


def csv_bytes(rows: pd.DataFrame, stamp: Mapping[str, str]) -> bytes:
    """Return the rows as CSV: BOM, semicolons, decimal commas, formulas neutralised.

    Parameters
    ----------
    rows
        What to write; missing values are left empty, floats keep at most six decimals.
    stamp
        Edition, selection, unit… repeated on each row as last columns, so that no row is ever without its origin.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutralise(str(name)) for name in [*rows.columns, *stamp]])
    origin = [neutralise(value) for value in stamp.values()]
    for row in rows.itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row] + origin)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def stem(name: str, *, simulated: bool) -> str:
    """Return the name of a file without its end: it says when its answers are simulated, wherever it is sent on."""
    return f"numerique-et-territoires-{cleaned(name)}{'-donnees-simulees' if simulated else ''}"


def cleaned(name: str) -> str:
    """Return a name as a file may bear it: letters, digits and hyphens."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return neutralise(str(value))
