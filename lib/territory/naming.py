"""Normalise names of territories so that two ways of writing one name become equal; for matching only, never shown.
It knows how French authorities write their names, not which authorities exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

# One name is read in many ways one after the other: what was computed last is kept, a bounded number of texts.
MOST_REMEMBERED = 8192

ARTICLES = frozenset(["l", "le", "la", "les", "lez", "d", "de", "du", "des", "et"])
# What is written short whatever the name.
SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "mt": "mont", "2": "deux"}
# Words between those of a name, that a hurried hand leaves out: « Villeneuve Lot ».
LINKS = frozenset(["sur", "sous", "en", "pres", "a", "au", "aux", "es", "ez"])

# Words that say what a structure is and may precede its name.
GENERIC = {
    # « Herriko etxea » is the town hall in Basque.
    "commune": frozenset(["mairie", "commune", "ville", "municipalite", "herriko", "etxea"]),
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
    "departement": frozenset(["conseil", "departemental", "departement", "dept", "dpt", "general", "cd"]),
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

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# A word that no name holds, between the names of a long list.
_BETWEEN_NAMES = "000"
_VILLE = re.compile(r"\s*(?:l[ae]s?\s+)?villes?-", re.IGNORECASE)
_FIVE_DIGITS = re.compile(r"(?<!\d)(\d{2})\s?(\d{3})(?!\d)")
_CEDEX = re.compile(r"\bcedex\b(\s+\d{1,2}\b)?", re.IGNORECASE)
_ASIDE = re.compile(r"\(([^()]*)\)|\s*[,–—]\s*([^,–—()]+)$|\s+-\s+([^-()]+)$")
_LAST_DIGITS = re.compile(r"(?<!\d)(\d{2,3})\s*$")
_OF_DEPARTEMENT = re.compile(r"[\s,(-]+(?:dept|dpt|dép|dep|département|departement)\.?\s*$", re.IGNORECASE)
_FIRST_DIGITS = re.compile(r"^\s*\(?(\d{2,3})\)?\s*(?:[-–—:/]\s*|\s)(?=\D)")
# What holds digits and says nothing of a place: dates, hours, telephone numbers.
_DATE = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?!\d)|(?<!\d)(?:19|20)\d\d(?!\d)")
_TELEPHONE = re.compile(r"(?<!\d)(?:\+33\s?|0)\d(?:[\s.-]?\d\d){4}(?!\d)")
_SIREN = re.compile(r"(?<!\d)\d{3}[\s\u00a0\u202f]?\d{3}[\s\u00a0\u202f]?\d{3}(?:[\s\u00a0\u202f]?\d{5})?(?!\d)")
_STREET = re.compile(
    r"[\s,–-]*(?<!\d)\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|place|avenue|av|bd|boulevard|route|chemin|impasse|all[ée]e|quai"
    r"|cours|square|esplanade)\b[^\d\n]*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([\w.-]+@)?([\w.-]+?)\.(?:fr|com|org|net|eu|info)\b(?:/\S*)?")
_PROVIDERS = frozenset(["orange", "wanadoo", "gmail", "free", "sfr", "laposte", "outlook", "hotmail", "yahoo", "live"])


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
    siren
        SIREN or SIRET given beside the name, without spaces; empty if there is none.
    """

    name: str
    numbers: tuple[str, ...]
    departement: str | None
    siren: str = ""


@lru_cache(MOST_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a name without case, accents, hyphens and apostrophes, and with « saint » in full."""
    return _words(text)


def _words(text: str) -> tuple[str, ...]:
    unfolded = text.casefold().replace("œ", "oe").replace("æ", "ae")
    if "s/" in unfolded:
        unfolded = re.sub(r"\bs/(?!s)\s*", "sur ", unfolded)
    letters = unfolded
    if not unfolded.isascii():
        decomposed = unicodedata.normalize("NFKD", unfolded)
        letters = _NOT_ASCII.sub(lambda char: "" if unicodedata.combining(char[0]) else char[0], decomposed)
    return tuple([SHORT.get(word, word) for word in re.findall(r"[a-z0-9]+", letters)])


@lru_cache(MOST_REMEMBERED)
def strict_key(text: str) -> str:
    """Return the words of a name, articles included."""
    return " ".join(words(text))


@lru_cache(MOST_REMEMBERED)
def loose_key(text: str) -> str:
    """Return the words of a name without its articles, wherever they stand: « Adjots (Les) » is « Les Adjots »."""
    return " ".join(word for word in words(text) if word not in ARTICLES)


def loose_keys(names: Iterable[str]) -> list[str]:
    """Return the loose key of each name of a long list, several times as fast as one after the other."""
    every = _words(f" {_BETWEEN_NAMES} ".join(names))
    lines = " ".join(["\n" if word == _BETWEEN_NAMES else word for word in every if word not in ARTICLES])
    return [line.strip() for line in lines.split("\n")]


def bare_key(text: str) -> str:
    """Return the words that carry a name: articles and words such as « sur » left out."""
    return " ".join(word for word in words(text) if word not in ARTICLES and word not in LINKS)


def is_ville(text: str) -> bool:
    """Tell whether « ville » is a part of the name: who says what a structure is does not write « Ville-du-Bois »."""
    return _VILLE.match(text) is not None


def core_key(text: str, type: str) -> str:
    """Return the loose key without the words that only say what the structure is; empty if nothing else is said."""
    kept = loose_key(text).split()
    while kept and kept[0] in GENERIC.get(type, ()) and not is_ville(text):
        kept.pop(0)
    return " ".join(kept)


def contracted_key(text: str, type: str) -> str:
    """Return the strict key of what follows « mairie de »: « Mairie du Pin » is « Le Pin »."""
    kept = list(words(text))
    first = 0
    while first < len(kept) and (kept[first] in GENERIC.get(type, ())):
        first += 1
    if not first:
        return ""
    kept = kept[first:]
    if kept[:1] in (["du"], ["des"]):
        return " ".join([{"du": "le", "des": "les"}[kept[0]], *kept[1:]])
    return " ".join(kept[1:] if kept[:1] in (["de"], ["d"]) else kept)


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
        Loose key of the name of a département -> its code.
    """
    text = _ADDRESS.sub(_place_of_address, text)
    siren = _SIREN.search(_TELEPHONE.sub(" ", text))
    text = _STREET.sub(" ", _SIREN.sub(" ", _TELEPHONE.sub(" ", _DATE.sub(" ", text))))
    numbers = tuple(a + b for a, b in _FIVE_DIGITS.findall(text))
    name = _CEDEX.sub(" ", _FIVE_DIGITS.sub(" ", text))
    hint: str | None = None
    for aside in _ASIDE.finditer(name):
        said = loose_key(next(part for part in aside.groups() if part is not None))
        said = re.sub(r"^(departement|dept|dpt|dep) ", "", said)
        found = said if re.fullmatch(r"\d{2,3}|2[ab]", said) else departements.get(said)
        if found:
            hint = found.upper()
            name = name[: aside.start()] + " " + name[aside.end() :]
            break
    else:
        if last := _LAST_DIGITS.search(name):
            hint, name = last[1], _OF_DEPARTEMENT.sub("", name[: last.start()])
        elif first := _FIRST_DIGITS.search(name):
            hint, name = first[1], name[first.end() :]
    said = re.sub(r"\D", "", siren[0]) if siren else ""
    return Declared(name.strip(" \t\n,;:/-–—()"), numbers, hint, said)


def _place_of_address(address: re.Match[str]) -> str:
    """Return what an address of the web or of a mailbox says of a place: the domain, or who has a box at a provider."""
    box, domain = address[1], address[2]
    return f" {box[:-1] if box and domain.lower() in _PROVIDERS else domain} ".replace(".", " ").replace("-", " ")
