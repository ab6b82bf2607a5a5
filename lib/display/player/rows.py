"""The rows of a figure as an HTML table: on the screen where nothing is drawn, behind « Données » elsewhere.

What the rows are belongs to the figure; when they are shown, to `assets/player.js`.
"""

from html import escape

import pandas as pd

from lib.display.figure import Figure
from lib.display.formats import NARROW, counted

SHOWN = 12
"""Rows of a table that a screen holds, where a figure has no drawing."""
LISTED = 200
"""Rows of the table behind « Données »."""


def data(figure: Figure) -> str:
    """Return what « Données » shows of a figure: its title, its base, how it is read, its rows."""
    reading = f"<p>Comment lire{NARROW}: {escape(figure.reading)}</p>" if figure.reading else ""
    title = f"<p><strong>{escape(figure.title)}</strong> · {escape(figure.base)}</p>"
    return f'<template class="data">{title}{reading}{table(figure.table(), LISTED)}</template>'


def table(rows: pd.DataFrame, limit: int) -> str:
    """Return the first rows of a table, and how many others there are."""
    heads = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in rows.columns)
    shown = rows.head(limit).astype(object).where(rows.head(limit).notna(), "")
    cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in shown.itertuples(index=False))
    lines = "".join(f"<tr>{row}</tr>" for row in cells)
    left = len(rows) - limit
    more = f"<p>{counted(left, 'autre ligne', 'autres lignes')} dans le fichier de la figure.</p>" if left > 0 else ""
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>{more}"
