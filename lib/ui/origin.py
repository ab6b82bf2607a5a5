"""Where what leaves comes from: the mark of simulated answers, the stamp of every file, the address of the view.

The words of a selection are in `lib.ui.filters`; who writes the stamp on what is left to `lib.display`.
"""

import os
import re
import socket
from collections.abc import Mapping
from datetime import date
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlencode

import streamlit as st

from lib.analysis.selection import Selection
from lib.display import stamp as headings
from lib.display.formats import THRESHOLD, counted, day
from lib.display.stamp import SIMULATED
from lib.survey.edition import Edition
from lib.survey.identity import PREVIEW
from lib.ui import filters

VERSION = "0.6.0"
"""Of the dashboard, as pyproject.toml says it."""
PROTECTION = f"réponses non publiées échangées entre territoires voisins, effectifs sous {THRESHOLD} masqués"
NOT_SAID = "sans objet"
PUBLIC_ADDRESS = "NUMERIQUE_ADRESSE"
"""Environment variable: the address at which visitors reach the dashboard, « https://numerique.example.fr »."""
_ADDRESS = re.compile(r"https?://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/[\w./~%-]*)?")
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
        headings.MENTION: mark(edition) or "Réponses à l’enquête",
        headings.EDITION: edition.title,
        headings.COLLECTED: edition.collected,
        headings.SELECTION: about or filters.selection_words(selection, edition),
        headings.COUNTED: NOT_SAID if about else " et ".join(counts(edition, selection)),
        headings.UNIT: unit,
        headings.WEIGHTING: weighting,
        headings.PROTECTION: PROTECTION if edition.threshold else "aucune",
        headings.MILLESIME: str(edition.millesime),
        headings.VERSION: VERSION,
        headings.DATE: day(date.today()),
        headings.ADDRESS: view(),
    }


def counts(edition: Edition, selection: Selection) -> tuple[str, ...]:
    """Return how many respondents and territories a selection has, or that it has less than three respondents."""
    chosen = edition.respondents[selection.mask(edition.respondents)]
    if 0 < len(chosen) < THRESHOLD:
        return (f"moins de {THRESHOLD} répondants",)
    return counted(len(chosen), "répondant"), counted(chosen["territory"].nunique(), "territoire")


def line(told: Mapping[str, str]) -> str:
    """Return a stamp on one line, for the foot of a slide: the address is given apart, what is not said is left out."""
    named = (headings.MENTION, headings.EDITION, headings.SELECTION, headings.COUNTED, headings.WEIGHTING)
    said = [told[heading].replace("brut", "non pondéré") for heading in named if told[heading] != NOT_SAID]
    return " · ".join([*said, f"COG {told[headings.MILLESIME]}", f"v. {told[headings.VERSION]}", told[headings.DATE]])


def public() -> str:
    """Return the public address of the dashboard without a slash at its end, empty where none that holds is set."""
    written = _written()
    return written if _ADDRESS.fullmatch(written) else ""


def misnamed() -> str:
    """Return what is wrong with the public address that the environment gives; empty when nothing is."""
    if public() == _written():
        return ""
    return (
        f"{PUBLIC_ADDRESS} n’est pas une adresse comme «\u202fhttps://numerique.example.fr\u202f», sans identifiant, "
        "paramètre ni ancre\u202f: elle est ignorée."
    )


def only_here(host: str) -> bool:
    """Return whether a host means the machine that asks for it, or one that its own wire alone reaches."""
    name = host.rstrip(".").lower()
    if not name or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        found = ip_address(name)
    except ValueError:
        try:
            # As browsers read « 127.1 » and « 0x7f000001 ».
            found = ip_address(socket.inet_aton(name))
        except (OSError, ValueError):
            return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.is_loopback or found.is_unspecified or found.is_link_local or found.is_multicast


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
    return address(st.session_state.get(PAGE, ""), asked())


def asked() -> dict[str, list[str]]:
    """Return the filters and choices of the address, with all the codes of each."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def address(page: str, parameters: Mapping[str, list[str]], at: str = "") -> str:
    """Return the address that opens a page with its filters and choices; it starts with « / » where no host is known.

    `at` is the address of the dashboard where no visitor says it. That of a draft is the page's alone: nobody but the
    team could open it.
    """
    given = {} if any(code.startswith(PREVIEW) for code in parameters.get("edition", [])) else parameters
    return f"{at or base()}/{page}{query({name: codes for name, codes in given.items() if any(codes)})}"


def _written() -> str:
    """Return the public address as the environment gives it, without spaces around nor a slash at its end."""
    return os.environ.get(PUBLIC_ADDRESS, "").strip().rstrip("/")


def query(parameters: Mapping[str, list[str]]) -> str:
    """Return what an address says after its page, « ?departement=33 »; empty without parameters."""
    written = urlencode(parameters, doseq=True)
    return f"?{written}" if written else ""
