"""What a room guesses before a figure is shown: a share, or which row comes first; and what it is told afterwards.

Shares are those of the file of the figure, hence as they may be published: where one is hidden, nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from typing import Any

import pandas as pd

from lib.display.figure import Figure, Slide
from lib.display.formats import JOINER, NARROW, percent, quoted, words
from lib.display.maps import script_json

CHOICES = 12
"""Rows that a room may choose from: the first ones of a longer figure."""
DIGITS = "1234567890"
_INVERTED = re.compile(r"-(?=(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|ce|ci|là)\b|t-)")
MEASURES = ("Effectif", "Base", "Part")
"""Columns that come after those that name a row."""


@dataclass(frozen=True)
class Guess:
    """A question to the room, and the answers to what it says.

    Parameters
    ----------
    kind : str
        « part » or « choix ».
    question : str
        What the room is asked.
    choices : tuple of str
        Labels in alphabetical order; empty where a share is guessed.
    told : mapping
        For a share, `share` (whole percentage) and `said` (as it is written). For a choice, `unsaid` (what came
        first) and `answers`, one sentence for each choice.
    """

    kind: str
    question: str
    choices: tuple[str, ...]
    told: Mapping[str, Any]

    def html(self) -> str:
        """Return what the screen shows before the figure."""
        return (
            f'<div class="ask" data-kind="{self.kind}"><p class="kicker">Devinez d’abord</p>'
            f'<p class="asked">{heading(self.question)}</p>{self._choices() if self.choices else _SCALE}'
            '<p class="go"><button type="button" data-do="next">Voir les réponses</button></p>'
            f'<script type="application/json">{script_json(self.told)}</script></div>'
        )

    def _choices(self) -> str:
        items = "".join(
            f'<li><button type="button" data-choice="{place}" aria-pressed="false">'
            f"<kbd>{DIGITS[place : place + 1]}</kbd><span>{escape(label)}</span></button></li>"
            for place, label in enumerate(self.choices)
        )
        return f'<ol class="choices">{items}</ol>'


_TICKS = "".join(f"<span>{tick}{NARROW}%</span>" for tick in (0, 25, 50, 75, 100))
_SCALE = (
    '<div class="dial"><output>?</output><input type="range" min="0" max="100" step="1" value="50" '
    f'aria-label="Réponse de la salle, en pourcentage"><p class="ticks" aria-hidden="true">{_TICKS}</p></div>'
)


def guess(slide: Slide) -> Guess | None:
    """Return what the room guesses before a slide; None when it asks nothing, or when shares are hidden."""
    if not slide.guess or slide.figure is None:
        return None
    rows = ranked(slide.figure)
    if rows is None:
        return None
    return _share(slide, rows) if slide.guess == "part" else _choice(slide, rows)


def ranked(figure: Figure) -> pd.DataFrame | None:
    """Return the rows of a figure's file as label, share (fraction 0–1, NaN where hidden), base and rank (1 = first).

    None when the figure has no shares. Rows with the same share have the same rank.
    """
    file = figure.file()
    if "Part" not in file or file.empty:
        return None
    named = list(takewhile(lambda column: column not in MEASURES, file.columns))
    shares = pd.to_numeric(file["Part"], errors="coerce")
    bases = pd.to_numeric(file["Base"], errors="coerce").fillna(0) if "Base" in file else pd.Series(0, file.index)
    labels = file[named].astype(str).agg(" · ".join, axis=1) if named else pd.Series("", file.index)
    return pd.DataFrame(
        {"label": labels, "share": shares, "base": bases, "rank": shares.rank(ascending=False, method="min")}
    )


def _share(slide: Slide, rows: pd.DataFrame) -> Guess | None:
    asked = rows[rows["label"] == slide.guess_row] if slide.guess_row else rows
    if asked.empty or asked["share"].isna().iloc[0]:
        return None
    first = asked.iloc[0]
    question = slide.question or f"Selon vous, quelle part pour {quoted(str(first['label']))}{NARROW}?"
    told = {"share": round(100 * float(first["share"])), "said": percent(first["share"], first["base"])}
    return Guess("part", question, (), told)


def _choice(slide: Slide, rows: pd.DataFrame) -> Guess | None:
    # A share that is hidden may be the largest: nobody could say what comes first.
    if rows["share"].isna().any() or rows["label"].duplicated().any():
        return None
    listed = rows.nsmallest(CHOICES, "rank").sort_values("label", key=lambda labels: labels.map(_alphabetical))
    if len(listed) < 2:
        return None
    winners = rows[rows["rank"] == 1]
    best = percent(winners["share"].iloc[0], winners["base"].iloc[0])
    tied = " à égalité" if len(winners) > 1 else ""
    unsaid = f"En tête{tied}{NARROW}: {words(quoted(label) for label in winners['label'])} ({best})."
    cells = zip(listed["label"], listed["share"], listed["base"], listed["rank"], strict=True)
    answers = [
        f"La salle a vu juste. {unsaid}"
        if rank == 1
        else f"{unsaid} Le choix de la salle, {quoted(label)}, arrive {rank:.0f}e ({percent(share, base)})."
        for label, share, base, rank in cells
    ]
    question = slide.question or f"Selon vous, qu’est-ce qui arrive en tête{NARROW}?"
    return Guess("choix", question, tuple(listed["label"]), {"unsaid": unsaid, "answers": answers})


def heading(text: str) -> str:
    """Return a title or a question as HTML; « ont-ils » is not cut after its hyphen."""
    return _INVERTED.sub(f"-{JOINER}", escape(text))


def _alphabetical(label: str) -> str:
    """Return a label as a French dictionary orders it: without its accents nor its capitals."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", label.lower()) if not unicodedata.combining(letter)
    )
