"""What a room guesses before a figure is shown: a share, or which row comes first; and what it is told afterwards.

Shares are those of the file of the figure, hence as they may be published: where that of a choice is hidden, nothing is
guessed.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import pandas as pd

from lib.display.figure import Figure, Slide
from lib.display.formats import NARROW, percent, quoted, words
from lib.display.tables import FILE_COLUMNS

CHOICES = 12
"""Rows that a room may choose from: the first ones of a longer figure."""
UNGUESSED = frozenset({"ne sait pas", "aucun", "aucune", "autre", "autres", "réponses divergentes"})
"""Labels, in small letters, of rows that nobody would guess: they are no choices."""


@dataclass(frozen=True)
class Question:
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


def guess(slide: Slide) -> Question | None:
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
    named = list(takewhile(lambda column: column not in FILE_COLUMNS, file.columns))
    shares = pd.to_numeric(file["Part"], errors="coerce")
    bases = pd.to_numeric(file["Base"], errors="coerce").fillna(0) if "Base" in file else pd.Series(0, file.index)
    labels = file[named].astype(str).agg(" · ".join, axis=1) if named else pd.Series("", file.index)
    return pd.DataFrame(
        {"label": labels, "share": shares, "base": bases, "rank": shares.rank(ascending=False, method="min")}
    )


def _share(slide: Slide, rows: pd.DataFrame) -> Question | None:
    asked = rows[rows["label"] == slide.guess_row] if slide.guess_row else rows
    if asked.empty or asked["share"].isna().iloc[0]:
        return None
    first = asked.iloc[0]
    question = slide.question or f"Selon vous, quelle part pour {quoted(str(first['label']))}{NARROW}?"
    told = {"share": round(100 * float(first["share"])), "said": percent(first["share"], first["base"])}
    return Question("part", question, (), told)


def _choice(slide: Slide, rows: pd.DataFrame) -> Question | None:
    unguessed = rows["label"].str.casefold().isin(UNGUESSED)
    others, rows = rows[unguessed], rows[~unguessed]
    # A share that is hidden may be the largest: nobody could say what comes first.
    if len(rows) < 2 or rows["share"].isna().any() or rows["label"].duplicated().any():
        return None
    rows = rows.assign(rank=rows["share"].rank(ascending=False, method="min"))
    listed = rows.nsmallest(CHOICES, "rank").sort_values("label", key=lambda labels: labels.map(_alphabetical))
    winners = rows[rows["rank"] == 1]
    best = percent(winners["share"].iloc[0], winners["base"].iloc[0])
    tied = " à égalité" if len(winners) > 1 else ""
    # One that is no choice may all the same be above, or hidden.
    above = others.loc[~(others["share"] < winners["share"].iloc[0]), "label"]
    apart = f", hors {words(quoted(label) for label in above)}" if len(above) else ""
    unsaid = f"En tête{tied}{apart}{NARROW}: {words(quoted(label) for label in winners['label'])} ({best})."
    cells = zip(listed["label"], listed["share"], listed["base"], listed["rank"], strict=True)
    answers = [
        f"La salle a vu juste. {unsaid}"
        if rank == 1
        else f"{unsaid} Le choix de la salle, {quoted(label)}, arrive en {rank:.0f}ᵉ position ({percent(share, base)})."
        for label, share, base, rank in cells
    ]
    question = slide.question or f"Selon vous, qu’est-ce qui arrive en tête{NARROW}?"
    return Question("choix", question, tuple(listed["label"]), {"unsaid": unsaid, "answers": answers})


def _alphabetical(label: str) -> str:
    """Return a label as a French dictionary orders it: without its accents nor its capitals."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", label.lower()) if not unicodedata.combining(letter)
    )
