"""Where what leaves comes from: the mark of simulated answers, the stamp of every file, the address of the view.

The words of a selection are in `lib.ui.filters`; who writes the stamp on what is left to `lib.display`.
"""

import os
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from lib.analysis.selection import Selection
from lib.display.formats import THRESHOLD, counted, day
from lib.survey.edition import Edition
from lib.survey.identity import PREVIEW
from lib.ui import filters

VERSION = "0.6.0"
"""Of the dashboard, as pyproject.toml says it."""
SIMULATED = "Données simulées"
PROTECTION = f"réponses non publiées échangées entre territoires voisins, effectifs sous {THRESHOLD} masqués"
PUBLIC_ADDRESS = "NUMERIQUE_ADRESSE"
"""Environment variable: the address at which visitors reach the dashboard, « https://numerique.example.fr »."""
COUNTED = "Répondants et territoires"
"""Heading of the stamp under which the size of the selection is."""
ADDRESS = "Adresse de la vue"
"""Heading of the stamp under which the address that restores the view is."""
PAGE, BASE = "_page", "_base"
"""In the session state: address of the page being shown, and of the dashboard where it is known otherwise."""


def mark(edition: Edition) -> str:
    """Return the words that go with every figure of a simulated edition, and nothing for a real one."""
    return SIMULATED if edition.simulated else ""


def stamp(
    edition: Edition, selection: Selection, unit: str, weighting: str = "brut", about: str = ""
) -> Mapping[str, str]:
    """Return where a file comes from, French heading to value: mark, edition, selection, size, unit and more.

    `about` says whom the file is about where it is not the selection; how many answered is then not said.
    """
    return {
        "Mention": mark(edition) or "Réponses à l’enquête",
        "Édition": edition.title,
        "Collecte": edition.collected,
        "Sélection": about or filters.selection_words(selection, edition),
        COUNTED: "sans objet" if about else " et ".join(counts(edition, selection)),
        "Unité": unit,
        "Pondération": weighting,
        "Protection": PROTECTION if edition.threshold else "aucune",
        "Année du code officiel géographique": str(edition.millesime),
        "Version": VERSION,
        "Date": day(date.today()),
        ADDRESS: view(),
    }


def counts(edition: Edition, selection: Selection) -> tuple[str, ...]:
    """Return how many respondents and territories a selection has, or that it has less than three respondents."""
    chosen = edition.respondents[selection.mask(edition.respondents)]
    if 0 < len(chosen) < THRESHOLD:
        return (f"moins de {THRESHOLD} répondants",)
    return counted(len(chosen), "répondant"), counted(chosen["territory"].nunique(), "territoire")


def line(stamp: Mapping[str, str]) -> str:
    """Return a stamp on one line, for the foot of a slide: the address is given apart."""
    said = [stamp["Mention"], stamp["Édition"], stamp["Sélection"], stamp[COUNTED], stamp["Pondération"]]
    return " · ".join([*said, f"COG {stamp['Année du code officiel géographique']}", f"version {stamp['Version']}",
                       stamp["Date"]])  # fmt: skip


def public() -> str:
    """Return the public address of the dashboard without a slash at its end, empty where none is set."""
    return os.environ.get(PUBLIC_ADDRESS, "").strip().rstrip("/")


def base() -> str:
    """Return the address of the dashboard, without a slash at its end: the public one, else the visitor's own.

    A visitor of the machine itself gets an address that nobody else can reach; empty when none is known.
    """
    if public() or BASE in st.session_state:
        return public() or str(st.session_state[BASE])
    page = st.session_state.get(PAGE, "")
    return (st.context.url or "").rstrip("/").removesuffix(f"/{page}" if page else "")


def view() -> str:
    """Return the address of what is on the screen, filters and choices included."""
    return address(st.session_state.get(PAGE, ""), parameters())


def parameters() -> dict[str, list[str]]:
    """Return the filters and choices of the address, with all the codes of each."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def address(page: str, parameters: Mapping[str, list[str]], at: str = "") -> str:
    """Return the address that opens a page with its filters and choices; it starts with « / » where no host is known.

    `at` is the address of the dashboard where no visitor says it. That of a draft is the page's alone: nobody but the
    team could open it.
    """
    given = {} if any(code.startswith(PREVIEW) for code in parameters.get("edition", [])) else parameters
    asked = urlencode({name: codes for name, codes in given.items() if any(codes)}, doseq=True)
    return f"{at or base()}/{page}{'?' if asked else ''}{asked}"
