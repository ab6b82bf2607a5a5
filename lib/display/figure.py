"""What a page shows, as values: a figure with its words and its origin, a slide made of it, a whole presentation.

The screen, the pictures, the deck, the offline document and the files are all made from these; nothing here draws.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.display.legend import LegendEntry
from lib.survey.sequences import Guess

Spec = dict[str, Any]
"""A Vega-Lite specification, its rows inside, as `lib.display.charts` fills it."""


@dataclass(frozen=True)
class MapPicture:
    """A map as a value.

    Parameters
    ----------
    payload : mapping
        Styles of the map, from `lib.display.maps.payload`.
    entries : sequence of LegendEntry
        The legend, in its order: only the classes to show.
    counts : mapping of key to int
        Number of territories in each class.
    title, unit : str
        Heading of the legend, and what is counted (« communes »).
    """

    payload: Mapping[str, Any]
    entries: tuple[LegendEntry, ...]
    counts: Mapping[str, int]
    title: str
    unit: str


@dataclass(frozen=True)
class Figure:
    """A figure as a visitor meets it: drawing, « comment lire », table, file, origin.

    Parameters
    ----------
    name : str
        Stem of its files, and its name in an address: « strategies-par-type ».
    title : str
        What is shown, as the drawing says it.
    base : str
        « base : 398 répondants », or what is counted; never empty.
    stamp : mapping of str to str
        Where it comes from, French heading to value: mark, edition, selection, unit, weighting, protection, year…
    table, file : callable
        Make the rows as French texts, and as numbers (fractions 0–1); both without an index.
    picture : Spec, MapPicture or None
        What to draw; None where a figure is a table, or where nothing may be drawn.
    alt, reading : str
        Text alternative, and the « comment lire » sentence (without these words); plain text, maybe empty.
    question : str
        The heading that the figure stands under on its page.
    level : str
        Where a row is a territory (its code in the column `Code`): « commune », « epci », « departement »,
        « perimetre »; else empty.
    """

    name: str
    title: str
    base: str
    stamp: Mapping[str, str]
    table: Callable[[], pd.DataFrame]
    file: Callable[[], pd.DataFrame]
    picture: Spec | MapPicture | None = None
    alt: str = ""
    reading: str = ""
    question: str = ""
    level: str = ""


@dataclass(frozen=True)
class Slide:
    """One idea for a screen: a figure, or a few lines.

    Parameters
    ----------
    title : str
        What the room reads first.
    figure : Figure or None
        None for a slide of lines.
    sentence : str
        What the figure says: share, base, margin; plain text.
    lines : tuple of str
        Text of a slide without a figure, an item a line.
    question, notes : str
        To the room, and for the presenter alone; maybe empty.
    guess : Guess
        Whether the room guesses before the figure is shown.
    guess_row : str
        Label of the row whose share is guessed; empty for the first one.
    address : str
        Whole address of the same view for the audience; empty where none can be reached from elsewhere.
    origin : str
        « Édition … · sélection · n = … · date »: the line at the foot of the slide.
    """

    title: str
    figure: Figure | None = None
    sentence: str = ""
    lines: tuple[str, ...] = ()
    question: str = ""
    notes: str = ""
    guess: Guess = ""
    guess_row: str = ""
    address: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Show:
    """A presentation: what its first and last screens say, and its slides.

    Parameters
    ----------
    title, subtitle : str
        Of the first screen.
    context : str
        Selection, number of respondents and of territories, edition, weighting: one line.
    mark : str
        « Données simulées », or empty.
    stamp : mapping of str to str
        Where it all comes from, French heading to value, for the last screen; with the date it was made on.
    slides : tuple of Slide
        In their order.
    """

    title: str
    subtitle: str
    context: str
    mark: str
    stamp: Mapping[str, str]
    slides: tuple[Slide, ...] = ()


def measured(picture: Spec | MapPicture | None) -> str:
    """Return « En % de chaque colonne » where the subtitle of a chart begins so: its numbers have no sign; or empty."""
    title = picture.get("title") if picture and not isinstance(picture, MapPicture) else None
    lines = title.get("subtitle") if isinstance(title, dict) else None
    first = str(lines[0]).split(" · ")[0] if lines else ""
    return first if first.startswith("En %") else ""
