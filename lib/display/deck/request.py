"""What a deck is made of: the texts, pictures and bars of each slide, as one value that JSON can hold.

It is made in the process that knows the figures, and costs next to nothing; the .pptx is written from it by
`lib.display.deck.writer`, in the process that draws, which is asked for it here.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from lib.display.deck.closer import closer, letters
from lib.display.deck.layout import DeckError
from lib.display.drawing import pictures
from lib.display.drawing.lettering import fit_for_xml
from lib.display.figure import Figure, MapPicture, Show, Slide, Spec, measured
from lib.display.formats import NARROW, THRESHOLD, closed, counted, lower_first
from lib.display.guessing import guess
from lib.display.stamp import DATE, made_on
from lib.display.tables import COUNTS_ONLY

__all__ = ["DeckError", "deck_bytes", "deck_request", "drawing", "is_native"]

TIMEOUT = 120.0
"""Seconds after which a deck is given up."""

MOST_BARS = 15
"""Rows above which bars are a picture: as a chart of the presentation, their labels would not be legible."""
MOST_ROWS = 12
"""Rows of a table, in the notes or on a slide: the whole is in the dashboard."""
GUESS = f"Devinez d’abord{NARROW}: "
# What `lib.display.charts.share_bars` gives to each of its rows, and no other chart.
_BAR = {"shown", "share", "low", "high", "value", "colour", "tip", "room"}
_BLANKS = re.compile(r"[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")


def deck_request(show: Show, drawn: Sequence[bytes | None]) -> dict[str, Any]:
    """Return what `lib.display.deck.writer.deck` makes a .pptx of.

    Parameters
    ----------
    show
        What is presented.
    drawn
        The `drawing` of each slide of `show`, in their order, as PNG at twice the size at which it is shown or more;
        None for a slide without one, and for a figure that `is_native`: where its bars have no room, it is a table.

    Raises
    ------
    ValueError
        When there are not as many drawings as slides.
    """
    return {
        "title": _line(show.title),
        "subtitle": _line(show.subtitle),
        "context": _line(show.context),
        "mark": _line(show.mark),
        "date": _line(show.stamp.get(DATE, "")),
        "made": made_on(show.stamp).isoformat(),
        "stamp": [[_line(heading), _line(value)] for heading, value in show.stamp.items() if value],
        "method": _method(show),
        "slides": [_slide(_titled(slide, show), picture) for slide, picture in zip(show.slides, drawn, strict=True)],
    }


def drawing(figure: Figure) -> Figure:
    """Return a figure as it is to be drawn for a slide: rows close where they are many, and without title and base.

    These the slide says itself.
    """
    if figure.picture is None or isinstance(figure.picture, MapPicture):
        return figure
    return replace(figure, picture=closer({name: part for name, part in figure.picture.items() if name != "title"}))


def deck_bytes(request: Mapping[str, Any], template: bytes | None = None) -> bytes:
    """Return slides as a .pptx file, from what `deck_request` returns.

    Raises
    ------
    DeckError
        The template cannot be used; a French sentence says why.
    PictureError
        As `lib.display.drawing.pictures.ask`.
    """
    payload = {"request": request, "template": b64encode(template).decode() if template else None}
    try:
        made = pictures.ask("deck", payload, TIMEOUT)
    except pictures.PictureError as error:
        cause = error.__cause__
        if isinstance(cause, pictures.PainterError) and cause.kind == DeckError.__name__:
            raise DeckError(cause.sentence) from error
        raise
    assert isinstance(made, bytes)
    return made


def is_native(figure: Figure) -> bool:
    """Return whether a figure is drawn by the presentation itself, as bars: it then needs no picture."""
    return _bars(figure.picture) is not None


def _titled(slide: Slide, show: Show) -> Slide:
    """Return the slide with a title in any case: it is what a screen reader, and the list of slides, name it by."""
    return slide if slide.title else replace(slide, title=slide.figure.title if slide.figure else show.title)


def _slide(slide: Slide, picture: bytes | None) -> dict[str, Any]:
    """Return one slide; its figure is there as bars where it can be, as a picture, and as the table beside it."""
    figure = slide.figure
    bars = _bars(figure.picture) if figure else None
    table = _texts(figure.table()) if figure else None
    guessed = _guess(slide)
    if slide.guess and not guessed:
        # What nobody may answer is not asked.
        slide = replace(slide, question="")
    return {
        "title": _line(slide.title),
        "sentence": _line(slide.sentence),
        "lines": [] if figure else [_line(line) for line in slide.lines],
        # What the room was asked before the figure is answered by it.
        "question": "" if guessed and guessed["asked"] == _line(slide.question) else _line(slide.question),
        "caption": _line(_caption(slide, figure)) if figure else "",
        "alt": _line(_alternative(figure)) if figure else "",
        "origin": _line(slide.origin),
        "guess": guessed,
        "bars": bars,
        "address": _line(slide.address),
        # Points of its letters, for a point of its width.
        "letters": letters(figure.picture) if figure else 0.0,
        "picture": b64encode(picture).decode() if figure and picture else None,
        "table": table,
        "notes": _notes(slide, table),
    }


def _caption(slide: Slide, figure: Figure) -> str:
    """Return the base of a figure, then what is drawn where the slide's title does not say it."""
    said = (measured(figure.picture), figure.base, figure.title if figure.title != slide.title else "")
    return _capital(" · ".join(part for part in said if part))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _alternative(figure: Figure) -> str:
    return figure.alt or f"{closed(figure.title)} {closed(figure.base)}"


def _bars(picture: Spec | MapPicture | None) -> list[dict[str, Any]] | None:
    """Return the rows of horizontal bars of shares, that a presentation draws itself; None for any other drawing."""
    if picture is None or isinstance(picture, MapPicture):
        return None
    rows = picture.get("data", {}).get("values", [])
    if not 0 < len(rows) <= MOST_BARS or not all(row.keys() >= _BAR and row["share"] is not None for row in rows):
        return None
    return [
        {
            "label": _line(row["shown"]), "value": _line(row["value"]), "colour": row["colour"],
            "share": row["share"], "low": row["low"], "high": row["high"],
        }
        for row in rows
    ]  # fmt: skip


def _guess(slide: Slide) -> dict[str, Any] | None:
    """Return the slide before a figure: what the room guesses, and among what; None when it guesses nothing."""
    asked = guess(slide)
    if asked is None:
        return None
    return {
        "title": GUESS + lower_first(_line(slide.title)),
        "asked": _line(asked.question),
        "among": [_line(choice) for choice in asked.choices],
        "base": _capital(_line(slide.figure.base)) if slide.figure else "",
        "notes": _told(slide),
    }


def _texts(table: pd.DataFrame) -> dict[str, Any]:
    """Return the first rows of a table as texts, and how many it has."""
    rows = [[_line(str(cell)) for cell in row] for row in table.head(MOST_ROWS).itertuples(index=False, name=None)]
    return {"headings": [_line(str(name)) for name in table.columns], "rows": rows, "total": len(table)}


def _told(slide: Slide) -> list[str]:
    """Return what the presenter wrote, a paragraph a line."""
    return [line for line in map(_line, slide.notes.splitlines()) if line]


def _notes(slide: Slide, table: dict[str, Any] | None) -> list[str]:
    """Return the paragraphs under a slide, for who presents it."""
    said = _told(slide)
    if slide.question:
        said.append(f"À la salle{NARROW}: {_line(slide.question)}")
    reading = _line(slide.figure.reading) if slide.figure else ""
    if slide.sentence and _line(slide.sentence).casefold() != reading.casefold():
        said.append(_line(slide.sentence))
    if reading:
        said.append(f"Comment lire{NARROW}: {reading}")
    if table and table["rows"]:
        said.append(f"{_line(slide.figure.title) if slide.figure else ''} ({' | '.join(table['headings'])})")
        said += [" | ".join(row) for row in table["rows"]]
        more = table["total"] - len(table["rows"])
        said += [f"… et {counted(more, 'autre ligne', 'autres lignes')} dans le tableau de bord."] if more > 0 else []
    if slide.address:
        said.append(f"La même vue{NARROW}: {_line(slide.address)}")
    return [line for line in said if line]


def _method(show: Show) -> str:
    """Return how the figures of the deck are to be read."""
    simulated = f"Les réponses sont simulées{NARROW}: elles ne disent rien des territoires réels. " if show.mark else ""
    return (
        f"{simulated}Chaque part se lit avec sa base (ceux qui ont répondu à la question) et sa marge indicative, au "
        f"niveau de 95{NARROW}%. Aucune part n’est donnée sous {COUNTS_ONLY} réponses, aucun effectif sous {THRESHOLD}."
    )


def _line(text: str) -> str:
    """Return a text on one line, without what XML forbids; narrow spaces are kept."""
    return fit_for_xml(_BLANKS.sub(" ", text)).strip(" ")
