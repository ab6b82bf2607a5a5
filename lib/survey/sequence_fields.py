"""The fields of a step of a sequence as a person writes them: texts tidied, addresses read, what is wrong told.

What they make together belongs to `sequences`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

FIRST_PAGE = "synthese"
"""The page served at the root: its address is « / », and the one by which a step names it is empty."""

MOST_LINES = 12
LONGEST = {
    "titre": 120, "sous_titre": 200, "vue": 1_000, "figure": 100, "question": 300, "devinette": 20, "ligne": 200,
    "texte": 300, "notes": 2_000,
}  # fmt: skip
"""Characters of each field; for « texte », of each of its lines."""

BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")
"""What is one space on a line: not the spaces of French typography, which `str.split` would lose."""

_CODES = ("vue", "figure", "devinette")
"""Fields that are not words: they are left as they are."""
_PAGE = re.compile(r"[a-z][a-z0-9-]{0,59}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
# Also what turns the direction of writing, and halves of characters.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_BEFORE = re.compile("(?<=\\S)[ \u00a0](?=[?!;:»%])")
_AFTER = re.compile("(?<=«)[ \u00a0](?=\\S)")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=\w)")


class Fault(Exception):  # noqa: N818 (it is told, not thrown at anybody)
    """What is wrong in one step, or at the head of a file: the end of a French sentence, without its stop."""


def refuse(what: str) -> NoReturn:
    """Raise the fault, on one line whatever it quotes."""
    raise Fault(BREAKS.sub(" ", what))


def known(given: Mapping[str, Any], expected: tuple[str, ...]) -> None:
    """Refuse a field that is not expected."""
    for field in given:
        if field not in expected:
            refuse(f"le champ « {field[:40]} » est inconnu\u202f; attendus\u202f: {', '.join(expected)}")


def text(given: Mapping[str, Any], field: str, *, needed: bool = False) -> str:
    """Return the text of a field, tidied; empty where it is not given."""
    value = given.get(field, "")
    if not isinstance(value, str):
        refuse(f"« {field} » est un texte, entre guillemets")
    told = _tidied(value, field)
    if needed and not told:
        refuse(f"ajoutez « {field} »")
    return told


def lines(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the lines of a screen of text, tidied, without the empty ones."""
    value = given.get("texte", [])
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        refuse("« texte » est une liste de textes, entre crochets, un par ligne de l’écran")
    told = tuple(line for line in (_tidied(line, "texte") for line in value) if line)
    if len(told) > MOST_LINES:
        refuse(f"« texte » a {len(told)} lignes, {MOST_LINES} au plus")
    return told


def view(address: str, pages: Collection[str] | None) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the page, empty for the first one, and the parameters of an address, whole (https://…) or not."""
    try:
        parts = urlsplit(address)
        query = tuple(parse_qsl(parts.query, max_num_fields=40))
    except ValueError:
        refuse("« vue » n’est pas une adresse\u202f: copiez celle de la page dans le navigateur")
    if parts.scheme not in ("", "http", "https"):
        refuse("« vue » n’est pas l’adresse d’une page\u202f: elle commence par « / » ou « https:// »")
    page = ([part for part in parts.path.split("/") if part] or [FIRST_PAGE])[-1]
    if parts.netloc and parts.path.endswith("/") and page not in (pages or ()):
        # The root of a dashboard that is served under a prefix.
        page = FIRST_PAGE
    if not _PAGE.fullmatch(page) or (pages is not None and page not in pages):
        known = f"\u202f; il y a {', '.join(sorted(pages))}" if pages else ""
        refuse(f"« vue » mène à « {page[:60]} », qui n’est pas une page{known}")
    for name, value in query:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            refuse(f"« vue » a un paramètre que le tableau de bord n’écrit pas, « {name[:40]}={value[:40]} »")
    return "" if page == FIRST_PAGE else page, query


def _tidied(text: str, field: str) -> str:
    """Return a text with French spaces and apostrophes, on one line but for notes; codes are left as they are."""
    if _INVISIBLE.search(text.replace("\r", "\n")):
        refuse(f"« {field} » contient un caractère invisible\u202f: tapez-le à nouveau")
    written = [BREAKS.sub(" ", line).strip(" ") for line in text.splitlines()]
    told = ("\n" if field == "notes" else " ").join(written).strip(" \n")
    if field not in _CODES:
        spaced = _AFTER.sub("\u202f", _BEFORE.sub("\u202f", unicodedata.normalize("NFC", told)))
        told = _APOSTROPHE.sub("’", spaced)
    if len(told) > LONGEST[field]:
        refuse(f"« {field} » compte {len(told)} caractères, {LONGEST[field]} au plus")
    return told
