"""Files that a visitor takes away: CSV that opens safely in a French spreadsheet, stamped with where it comes from.

What may be published, and the figures themselves, are decided before; this module only writes. The name and the date
of every file of a figure are told here too.
"""

import csv
import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from lib.display.figure import Figure
from lib.display.formats import MONTHS
from lib.survey.formulas import neutralise

MENTION = "Mention"
"""Heading of the stamp under which « Données simulées » is."""
SIMULATED = "Données simulées"
NO_DATE = datetime(2000, 1, 1)
"""Date of a file whose stamp has none: never that of the clock, so that the same figure gives the same bytes."""

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_FRENCH = re.compile(rf"(\d\d?)(?:er)? ({'|'.join(MONTHS)}) (\d{{4}})")


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


def stem(figure: Figure) -> str:
    """Return the name of the files of a figure, without its end: it says that simulated answers are."""
    name = re.sub(r"[^\w-]+", "-", figure.name).strip("-")
    return f"numerique-et-territoires-{name}{'-donnees-simulees' if is_simulated(figure.stamp) else ''}"


def is_simulated(stamp: Mapping[str, str]) -> bool:
    """Return whether a stamp is that of simulated answers."""
    return stamp.get(MENTION, "") == SIMULATED


def made_on(stamp: Mapping[str, str]) -> datetime:
    """Return the day under « Date », written « 2026-11-22 » or « 22 novembre 2026 »; `NO_DATE` where there is none."""
    written = stamp.get("Date", "")
    if iso := _ISO.search(written):
        return datetime(int(iso[1]), int(iso[2]), int(iso[3]))
    if french := _FRENCH.search(written):
        return datetime(int(french[3]), MONTHS.index(french[2]) + 1, int(french[1]))
    return NO_DATE


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return neutralise(str(value))
