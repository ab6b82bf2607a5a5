"""Normalise names of territories so that two ways of writing one name become equal; for matching only, never shown.
It knows how French authorities write their names, not which authorities exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

ARTICLES = frozenset(["l", "le", "la", "les", "lez", "d", "de", "du", "des", "et"])
SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}

# Words that say what a structure is and may precede its name.
GENERIC = {
    "commune": frozenset(["mairie", "commune", "ville", "municipalite"]),
    "epci": frozenset(
        [
            "epci",
            "cc",
            "ca",
            "cu",
            "cdc",
            "cda",
            "comcom",
            "com",
            "communaute",
            "communes",
            "agglomeration",
            "agglo",
            "urbaine",
        ]
    ),
    "departement": frozenset(["conseil", "departemental", "departement", "general", "cd"]),
    "pays": frozenset(
        [
            "pays",
            "petr",
            "pole",
            "equilibre",
            "territorial",
            "rural",
            "territoire",
            "syndicat",
            "mixte",
            "association",
        ]
    ),
    "syndicat": frozenset(["syndicat", "mixte", "sm"]),
    "autre": frozenset(),
}
# Words an intercommunalité adds to its name, or leaves out, without becoming another one.
EPCI_ORNAMENTS = GENERIC["epci"] | {"metropole"}

_FIVE_DIGITS = re.compile(r"(?<!\d)(\d{2})\s?(\d{3})(?!\d)")
_CEDEX = re.compile(r"\bcedex\b(\s+\d{1,2}\b)?", re.IGNORECASE)
_ASIDE = re.compile(r"\(([^()]*)\)|\s*[,–—]\s*([^,–—()]+)$|\s+-\s+([^-()]+)$")
_LAST_DIGITS = re.compile(r"(?<!\d)(\d{2,3})\s*$")


@dataclass(frozen=True)
class Declared:
    """What a respondent wrote as the name of a territory, taken apart.

    Attributes
    ----------
    name
        What is left once the hints are removed.
    numbers
        Numbers of five digits: postal codes, or INSEE codes.
    departement
        Code of a département given beside the name, None if there is none.
    """

    name: str
    numbers: tuple[str, ...]
    departement: str | None


def words(text: str) -> list[str]:
    """Return the words of a name without case, accents, hyphens and apostrophes, and with « saint » in full."""
    unfolded = re.sub(r"\bs/\s*", "sur ", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(c for c in unicodedata.normalize("NFKD", unfolded) if not unicodedata.combining(c))
    return [SAINTS.get(word, word) for word in re.findall(r"[a-z0-9]+", letters)]


@cache
def strict_key(text: str) -> str:
    """Return the words of a name, articles included."""
    return " ".join(words(text))


def loose_key(text: str) -> str:
    """Return the words of a name without its articles, wherever they stand: « Adjots (Les) » is « Les Adjots »."""
    return " ".join(word for word in words(text) if word not in ARTICLES)


def core_key(text: str, type: str) -> str:
    """Return the loose key without the words that only say what the structure is; empty if nothing else is said."""
    kept = loose_key(text).split()
    while kept and kept[0] in GENERIC.get(type, ()):
        kept.pop(0)
    return " ".join(kept)


def compact_key(text: str, type: str) -> str:
    """Return the letters of a name in one word: « C.A.P.B. » is « CAPB », « GrandAngoulême » is « Grand Angoulême ».

    For an EPCI, « communauté », « agglo », « métropole »… are left out wherever they stand.
    """
    kept = loose_key(text).split()
    if type == "epci":
        kept = [word for word in kept if word not in EPCI_ORNAMENTS] or kept
    return "".join(kept)


def slug(text: str, type: str) -> str:
    """Return a stable identifier for a structure without a code: « PETR du Périgord vert » gives `perigord-vert`."""
    return (core_key(text, type) or loose_key(text)).replace(" ", "-")


def take_apart(text: str, departements: Mapping[str, str]) -> Declared:
    """Separate a declared name from the postal code or the département written beside it.

    Parameters
    ----------
    text
        As declared: « 33120 Arcachon », « Saint-Sauveur (33) », « Saint-Sauveur, Gironde ».
    departements
        Strict key of the name of a département -> its code.
    """
    numbers = tuple(a + b for a, b in _FIVE_DIGITS.findall(text))
    name = _CEDEX.sub(" ", _FIVE_DIGITS.sub(" ", text))
    hint: str | None = None
    for aside in _ASIDE.finditer(name):
        said = strict_key(next(part for part in aside.groups() if part is not None))
        found = said if re.fullmatch(r"\d{2,3}|2[ab]", said) else departements.get(said)
        if found:
            hint = found.upper()
            name = name[: aside.start()] + " " + name[aside.end() :]
            break
    else:
        if last := _LAST_DIGITS.search(name):
            hint, name = last[1], name[: last.start()]
    return Declared(name.strip(" \t\n,;-–—()"), numbers, hint)
