"""Presentations made of what pages show: of one page as a visitor sees it, or of the steps of a sequence.

Pages are gone through by `lib.ui.visitor`; how a presentation looks is left to `lib.display`.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from lib.analysis.tabulation import RESPONDENTS
from lib.display.deck import request as deck
from lib.display.drawing import pictures, projection
from lib.display.figure import Figure, Show, Slide
from lib.display.formats import NARROW, day, quoted
from lib.display.player import document as player
from lib.display.sentences import UNITS, share_words
from lib.display.stamp import ADDRESS, DATE, SIMULATED, UNIT, in_common, is_simulated
from lib.display.tables import FILE_COLUMNS
from lib.survey.published import load_published
from lib.survey.sequences import Sequence, Step
from lib.ui import menu, origin, visitor
from lib.ui.atelier.sequences import PARAMETER
from lib.ui.recording import Recording

Told = Callable[[float, str], None]
"""Told how far the work is, from 0 to 1, and what is being made, in French."""
Parameters = Mapping[str, list[str]]

SHORT = "v"
"""First part of the short address of a step."""
TEMPLATE = "NUMERIQUE_MODELE"
"""Environment variable: path of the .pptx whose layouts the slides take."""
NOTHING = f"Rien à montrer ici pour cette sélection{NARROW}: trop peu de réponses, ou une question qui n’est pas posée."
EACH = f"selon l’écran{NARROW}: voir au pied de chacun"
SILENT = "Écrans sans réponse pour cette sélection"
SLIDE_WIDTH, DECK_WIDTH = 760, 640
"""Width at which a drawing is laid out for a screen and for a slide: narrow, so that its letters are large there."""
DECK_SCALE = 3
"""Pixels of a picture of a slide for one of its drawing."""


def of_page(page: str, parameters: Parameters, base: str) -> Show:
    """Return a presentation of one page: the sentence that answers its question, then each figure under its own title.

    Raises
    ------
    VisitError
        When the page fails.
    """
    seen = visitor.visit(page, parameters, base)
    first = [Slide(title=seen.question, lines=(seen.answer,), origin=_origin(seen))] if seen.answer else []
    title = menu.PAGES[page or menu.FIRST][1]
    slides = [
        _slide(figure, Step(f"{figure.title[:1].upper()}{figure.title[1:]}"), reachable(figure.stamp[ADDRESS]))
        for figure in seen.figures
    ]
    return _show(seen.question or title, [seen], [*first, *slides], origin.address(page, parameters, base))


def of_sequence(sequence: Sequence, parameters: Parameters, base: str, told: Told = lambda *_: None) -> Show:
    """Return the presentation of a sequence; `parameters` are filters for every step that does not say its own.

    A step whose page shows no such figure says so in its place; where these filters are why, perhaps, it is left out,
    and the stamp names it.

    Raises
    ------
    VisitError
        When a page fails.
    """
    visited: dict[str, Recording] = {}
    slides: list[Slide] = []
    silent: list[str] = []
    for place, step in enumerate(sequence.steps, 1):
        told((place - 1) / len(sequence.steps), f"Écran {place} sur {len(sequence.steps)}")
        short = short_address(base, sequence.id, place) if step.figure or step.page else ""
        if short:
            short += origin.query(parameters)
        if not step.figure:
            slides.append(Slide(step.title, lines=step.lines, question=step.question, notes=step.notes, address=short))
            continue
        asked = parameters_of(step, parameters)
        view = step.page + origin.query(asked)
        if view not in visited:
            visited[view] = visitor.visit(step.page, asked, base)
        slide = _of_step(step, visited[view], short)
        if slide.figure is None and parameters:
            silent.append(step.title)
        else:
            slides.append(slide)
    address = origin.address("atelier", {PARAMETER: [sequence.id], **parameters}, base)
    show = _show(sequence.title, list(visited.values()), slides, address, sequence.subtitle)
    return replace(show, stamp={**show.stamp, SILENT: " · ".join(silent)}) if silent else show


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
        figure = slide.figure
        pictured = figure if figure and figure.picture is not None and not deck.is_native(figure) else None
        drawn.append(pictures.bare_png(deck.drawing(pictured), DECK_WIDTH, DECK_SCALE) if pictured else None)
    told(0.9, "Assemblage du diaporama")
    return deck.deck_bytes(deck.deck_request(show, drawn), template())


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
    return _slide(figure, step, short, seen.answer)


def _said(figure: Figure, label: str, answer: str) -> str:
    """Return the sentence of one row of a figure, empty where it may not be said."""
    rows = figure.file()
    if "Part" not in rows:
        return ""
    found = rows[rows.iloc[:, 0] == label]
    if found.empty or pd.isna(found.iloc[0]["Part"]):
        return ""
    row = found.iloc[0].rename(FILE_COLUMNS)
    unit = next((unit for unit, nouns in UNITS.items() if figure.stamp[UNIT] in nouns), RESPONDENTS)
    said = share_words(row, unit)
    # The page's own words, when its answer is of this very row.
    return answer if answer.lower().startswith(said) else f"{said} répondent {quoted(label)}."


def _slide(figure: Figure, step: Step, address: str, answer: str = "") -> Slide:
    sentence = (_said(figure, step.guess_row, answer) if step.guess_row else "") or figure.reading
    return Slide(
        step.title, figure, sentence=sentence[:1].upper() + sentence[1:], question=step.question, notes=step.notes,
        guess=step.guess, guess_row=step.guess_row, address=address, origin=origin.line(figure.stamp),
    )  # fmt: skip


def _show(title: str, seen: list[Recording], slides: list[Slide], address: str, subtitle: str = "") -> Show:
    published = load_published()
    stamps = [slide.figure.stamp for slide in slides if slide.figure] or [f.stamp for one in seen for f in one.figures]
    whose = _origin(seen[0]) if seen else ""
    stamp = {**(in_common(stamps, EACH) or {DATE: day(date.today())}), ADDRESS: address}
    return Show(
        title=title,
        subtitle=subtitle or f"{published.title}. {published.subtitle}",
        context=next((one.context for one in seen if one.context), ""),
        mark=SIMULATED if any(is_simulated(one) for one in stamps) else "",
        stamp=stamp,
        slides=tuple(slide if slide.origin else replace(slide, origin=whose) for slide in slides),
    )


def _origin(seen: Recording) -> str:
    return origin.line(seen.figures[0].stamp) if seen.figures else seen.context


def short_address(base: str, sequence: str, place: int) -> str:
    """Return the short address of a step, from its place among the steps; empty where nobody else could open it."""
    return reachable(f"{base}/{SHORT}/{sequence}/{place}")


def reachable(address: str) -> str:
    """Return an address that another device may open; empty for one that only this machine knows."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return ""
    return address if host and not origin.only_here(host) else ""
