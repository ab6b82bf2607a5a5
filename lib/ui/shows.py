"""Presentations made of what pages show: of one page as a visitor sees it, or of the steps of a sequence.

Pages are gone through by `lib.ui.visitor`; how a presentation looks is left to `lib.display`.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import cast
from urllib.parse import urlencode, urlsplit

import pandas as pd

from lib.analysis.tabulation import RESPONDENTS
from lib.display.deck import request as deck
from lib.display.drawing import pictures, projection
from lib.display.figure import Figure, Guess, Show, Slide
from lib.display.formats import NARROW, day, quoted
from lib.display.player import document as player
from lib.display.sentences import UNITS, share_words
from lib.survey.published import load_published
from lib.survey.sequences import Sequence, Step
from lib.ui import menu, origin, visitor
from lib.ui.recording import Recording

Told = Callable[[float, str], None]
"""Told how far the work is, from 0 to 1, and what is being made, in French."""
Parameters = Mapping[str, list[str]]

TEMPLATE = "NUMERIQUE_MODELE"
"""Environment variable: path of the .pptx whose layouts the slides take."""
NOTHING = f"Rien à montrer ici pour cette sélection{NARROW}: trop peu de réponses, ou une question qui n’est pas posée."
EACH = f"selon l’écran{NARROW}: voir au pied de chacun"
SLIDE_WIDTH, DECK_WIDTH = 760, 640
"""Width at which a drawing is laid out for a screen and for a slide: narrow, so that its letters are large there."""


def of_page(page: str, parameters: Parameters, base: str) -> Show:
    """Return a presentation of one page: the sentence that answers its question, then each of its figures.

    Raises
    ------
    VisitError
        When the page fails.
    """
    seen = visitor.visit(page, parameters, base)
    first = [Slide(title=seen.question, lines=(seen.answer,), origin=_origin(seen))] if seen.answer else []
    title = menu.PAGES[page or next(iter(menu.PAGES))][1]
    slides = [
        _slide(figure, figure.question or figure.title, address=reachable(figure.stamp[origin.ADDRESS]))
        for figure in seen.figures
        if figure.picture is not None
    ]
    return _show(seen.question or title, [seen], [*first, *slides], origin.address(page, parameters, base))


def of_sequence(sequence: Sequence, parameters: Parameters, base: str, told: Told = lambda *_: None) -> Show:
    """Return the presentation of a sequence; `parameters` are filters for every step that does not say its own.

    A step whose page shows no such figure for these filters says so in its place.

    Raises
    ------
    VisitError
        When a page fails.
    """
    visited: dict[str, Recording] = {}
    slides = []
    for place, step in enumerate(sequence.steps, 1):
        told((place - 1) / len(sequence.steps), f"Étape {place} sur {len(sequence.steps)}")
        short = reachable(f"{base}/v/{sequence.id}/{place}") if step.figure or step.page else ""
        if short and parameters:
            short += f"?{urlencode(parameters, doseq=True)}"
        if not step.figure:
            slides.append(Slide(step.title, lines=step.lines, question=step.question, notes=step.notes, address=short))
            continue
        asked = parameters_of(step, parameters)
        view = f"{step.page}?{urlencode(asked, doseq=True)}"
        if view not in visited:
            visited[view] = visitor.visit(step.page, asked, base)
        slides.append(_of_step(step, visited[view], short))
    address = origin.address("atelier", {"sequence": [sequence.id], **parameters}, base)
    return _show(sequence.title, list(visited.values()), slides, address, sequence.subtitle)


def parameters_of(step: Step, parameters: Parameters) -> dict[str, list[str]]:
    """Return the query parameters of a step: its own, and those of all where it does not say otherwise."""
    own: dict[str, list[str]] = {}
    for name, value in step.query:
        own.setdefault(name, []).append(value)
    return {**parameters, **own}


def deck_of(show: Show, told: Told = lambda *_: None) -> bytes:
    """Return the presentation as a .pptx file.

    Raises
    ------
    PictureError, DeckError
        When a drawing or the deck fails, or when PQN-A's template cannot be used.
    """
    drawn: list[bytes | None] = []
    for place, slide in enumerate(show.slides, 1):
        told(0.9 * (place - 1) / len(show.slides), f"Diapositive {place} sur {len(show.slides)}")
        pictured = slide.figure is not None and slide.figure.picture is not None
        drawn.append(
            pictures.bare_png(deck.drawing(slide.figure), DECK_WIDTH, 3) if slide.figure and pictured else None
        )
    told(0.9, "Assemblage du diaporama")
    return pictures.deck_bytes(deck.deck_request(show, drawn), template())


def document_of(show: Show, told: Told = lambda *_: None) -> Iterator[str]:
    """Yield the presentation as one HTML document that needs nothing else, piece by piece."""

    def drawings() -> Iterator[str | None]:
        for place, slide in enumerate(show.slides, 1):
            told((place - 1) / len(show.slides), f"Écran {place} sur {len(show.slides)}")
            yield _drawing(slide.figure) if slide.figure and slide.figure.picture is not None else None

    return player.document(show, drawings())


def template() -> bytes | None:
    """Return PQN-A's template of slides, None where none is named.

    Raises
    ------
    DeckError
        When the file that is named cannot be read.
    """
    named = os.environ.get(TEMPLATE, "").strip()
    if not named:
        return None
    try:
        return Path(named).read_bytes()
    except OSError as error:
        raise deck.DeckError(
            f"Le modèle de diaporama que nomme {TEMPLATE} ne peut pas être lu{NARROW}: vérifiez le chemin du fichier."
        ) from error


def _drawing(figure: Figure) -> str:
    """Return the drawing of a figure for a screen that says its title, letters as large as its rows allow."""
    if isinstance(figure.picture, dict):
        return pictures.chart_svg(projection.projected(figure.picture, SLIDE_WIDTH), SLIDE_WIDTH)
    return pictures.bare_svg(figure, SLIDE_WIDTH)


def _of_step(step: Step, seen: Recording, short: str) -> Slide:
    figure = next((figure for figure in seen.figures if figure.name == step.figure), None)
    if figure is None or figure.picture is None:
        return Slide(step.title, lines=(NOTHING,), question=step.question, notes=step.notes, origin=_origin(seen))
    return _slide(figure, step.title, step, short)


def _said(figure: Figure, label: str) -> str:
    """Return the sentence of one row of a figure, empty where it may not be said."""
    rows = figure.file()
    found = rows[rows.iloc[:, 0] == label]
    if found.empty or pd.isna(found.iloc[0]["Part"]):
        return ""
    names = {"Effectif": "count", "Base": "base", "Part": "share", "Marge basse": "low", "Marge haute": "high"}
    row = found.iloc[0].rename(names)
    unit = next((unit for unit, nouns in UNITS.items() if figure.stamp["Unité"] in nouns), RESPONDENTS)
    return f"{share_words(row, unit)} répondent {quoted(label)}."


def _slide(figure: Figure, title: str, step: Step | None = None, address: str = "") -> Slide:
    asked = _said(figure, step.guess_row) if step and step.guess_row else ""
    sentence = asked or figure.reading
    said = Slide(
        title, figure, sentence=sentence[:1].upper() + sentence[1:], address=address, origin=origin.line(figure.stamp)
    )
    return (
        replace(said, question=step.question, notes=step.notes, guess=cast(Guess, step.guess), guess_row=step.guess_row)
        if step
        else said
    )


def _show(title: str, seen: list[Recording], slides: list[Slide], address: str, subtitle: str = "") -> Show:
    published = load_published()
    stamps = [slide.figure.stamp for slide in slides if slide.figure] or [f.stamp for one in seen for f in one.figures]
    whose = _origin(seen[0]) if seen else ""
    common = {name: stamp if _same(stamps, name) else EACH for name, stamp in (stamps[0] if stamps else {}).items()}
    stamp = {**(common or {"Date": day(date.today())}), origin.ADDRESS: address}
    return Show(
        title=title,
        subtitle=subtitle or f"{published.title}. {published.subtitle}",
        context=next((one.context for one in seen if one.context), ""),
        mark=origin.SIMULATED if any(one["Mention"] == origin.SIMULATED for one in stamps) else "",
        stamp=stamp,
        slides=tuple(slide if slide.origin else replace(slide, origin=whose) for slide in slides),
    )


def _same(stamps: list[Mapping[str, str]], name: str) -> bool:
    return len({stamp[name] for stamp in stamps}) == 1


def _origin(seen: Recording) -> str:
    return origin.line(seen.figures[0].stamp) if seen.figures else seen.context


def reachable(address: str) -> str:
    """Return an address that another device may open; empty for one that only this machine knows."""
    host = urlsplit(address).hostname
    if not host or host == "localhost":
        return ""
    try:
        return "" if ip_address(host).is_loopback else address
    except ValueError:
        return address
