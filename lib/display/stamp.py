"""The stamp of what leaves, French heading to value: its headings, and what is read from it.

Its values come from `lib.ui.origin`; who writes it on a file, a picture or a slide is left to the modules that do.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from lib.display.formats import MONTHS, NARROW

MENTION = "Mention"
"""Heading under which « Données simulées » is."""
EDITION = "Édition"
COLLECTED = "Collecte"
SELECTION = "Sélection"
COUNTED = "Répondants et territoires"
"""Heading under which the size of the selection is."""
UNIT = "Unité"
WEIGHTING = "Pondération"
PROTECTION = "Protection"
MILLESIME = "Année du code officiel géographique"
VERSION = "Version"
DATE = "Date"
ADDRESS = "Adresse de la vue"
"""Heading under which the address that restores the view is."""

SIMULATED = "Données simulées"
NO_DATE = datetime(2000, 1, 1)
"""Date of a file whose stamp has none: never that of the clock, so that the same figure gives the same bytes."""

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_FRENCH = re.compile(rf"(\d\d?)(?:er)? ({'|'.join(MONTHS)}) (\d{{4}})")


def is_simulated(stamp: Mapping[str, str]) -> bool:
    """Return whether a stamp is that of simulated answers."""
    return stamp.get(MENTION, "") == SIMULATED


def made_on(stamp: Mapping[str, str]) -> datetime:
    """Return the day under « Date », written « 2026-11-22 » or « 22 novembre 2026 »; `NO_DATE` where there is none."""
    written = stamp.get(DATE, "")
    if iso := _ISO.search(written):
        return datetime(int(iso[1]), int(iso[2]), int(iso[3]))
    if french := _FRENCH.search(written):
        return datetime(int(french[3]), MONTHS.index(french[2]) + 1, int(french[1]))
    return NO_DATE


def one_line(stamp: Mapping[str, str]) -> str:
    """Return a stamp on one line, each value after its heading."""
    return " · ".join(f"{heading}{NARROW}: {value}" for heading, value in stamp.items() if value)


def in_common(stamps: Sequence[Mapping[str, str]], otherwise: str) -> dict[str, str]:
    """Return the first of some stamps, `otherwise` in place of the values that another one contradicts."""
    first = stamps[0] if stamps else {}
    return {
        heading: value if all(other.get(heading, value) == value for other in stamps) else otherwise
        for heading, value in first.items()
    }
