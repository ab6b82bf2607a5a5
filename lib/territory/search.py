"""Find the territories that a visitor means by a name, a postal code, an INSEE code or a SIREN, the likeliest first.
It lists what may be meant, for a person to choose; what a declaration means is settled in `lib.territory.matching`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from lib.territory.deciding import OFFICIAL, decide_without_type
from lib.territory.gazetteer import load_gazetteer
from lib.territory.matching import suggestions
from lib.territory.name_index import Answer, NameIndex, answers, index_names
from lib.territory.naming import Declared, compact_key, core_key, loose_key, strict_key, take_apart, words
from lib.territory.places import communes_of_postal_code, load_places
from lib.territory.reference import load_former_communes, load_reference, load_region
from lib.territory.wording import DEPARTEMENTS, departement_said, mended

LONGEST_TEXT = 100
"""Characters of a typed text that are read."""

# What a territory is, by its nature; a structure without an official code, by the type that begins its identifier.
NATURES = {
    "COM": "commune",
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "DEP": "département",
}
INTERCOMMUNALITE = "intercommunalité"
"""What is said of an EPCI of a nature that is not above: each region has its own."""
STRUCTURES = {"pays": "pays", "syndicat": "syndicat"}
OTHER = "autre structure"

# How a territory answers, the best first. A name of the past is as good as one of today where it is the whole text, and
# less good where it only begins with it or holds its words.
_EXACT, _SAME, _FORMER, _BEGINS, _BEGINS_ELSE, _HOLDS, _FORMER_BEGINS, _FORMER_HOLDS = range(8)
_TODAY = {
    Answer.EXACT: _EXACT,
    Answer.SAME: _SAME,
    Answer.BEGINS: _BEGINS,
    Answer.BEGINS_ELSE: _BEGINS_ELSE,
    Answer.HOLDS: _HOLDS,
}
_PAST = {
    Answer.EXACT: _FORMER,
    Answer.SAME: _FORMER,
    Answer.BEGINS: _FORMER_BEGINS,
    Answer.BEGINS_ELSE: _FORMER_BEGINS,
    Answer.HOLDS: _FORMER_HOLDS,
}

# Of several that bear the same name: a commune, then its EPCI, then a département; then what has no official code.
_RANKS = {type: rank for rank, type in enumerate(OFFICIAL)}
# How many people live in the largest town of a pays or a syndicat is not known: it stands like a small town.
_TOWN = 10_000
# The beginning of a postal code is read from this many digits on: fewer say no more than a département.
_POSTAL_BEGINNING = 4
# What has fewer letters, or more words, is no name with a typing error; so many letters are compared with all names.
_SHORTEST_MISTYPED, _MOST_WORDS, _LONGEST_MISTYPED = 4, 12, 40
# How many names that only resemble the text are proposed.
_RESEMBLING = 5


def search(
    text: str, structures: Mapping[str, str] | None = None, millesime: int | None = None, limit: int = 12
) -> tuple[str, ...]:
    """Return the codes of the territories that a typed text may mean, the likeliest first; none for an empty text.

    First those of this name (communes, then EPCI, départements, structures), the communes that absorbed one of this
    name, the names that begin with the text, those that hold all its words, then the former names; in each of these,
    what has the largest town. Typing errors are looked for only where no name of today answers. A postal code or a
    département beside the name brings forward what is there.

    Parameters
    ----------
    text
        A name or a part of it, whatever its case, accents and hyphens; the number of a département, an INSEE code, a
        SIREN or a SIRET, a postal code or its first four digits; a line written by `label`. What follows the first
        100 characters is not read.
    structures
        Names of what has no official code (pays, syndicats), by identifier.
    millesime
        Year of the COG, that of today by default: a former commune leads to the one it is a part of that year.
    limit
        How many codes at most; a whole postal code alone gives every commune that it serves, however many.

    Raises
    ------
    ValueError
        No list of territories is built for this year.
    """
    year = load_region().millesime if millesime is None else millesime
    known = dict(structures or {})
    written = text[:LONGEST_TEXT].split("\u00b7")[0].strip()
    number = re.sub(r"[\s.-]", "", written).upper()
    if re.fullmatch(r"[0-9]+|2[AB][0-9]*", number):
        return _designated(number, known, year, limit)
    departement = departement_said(mended(written)) or ""
    if departement in load_places(year) and loose_key(written) != loose_key(_nom(departement, year)):
        # « Département des Landes » is not the commune of this name.
        return (departement,)[:limit]
    declared = take_apart(written, DEPARTEMENTS)
    if not strict_key(declared.name):
        numbers = [*declared.numbers, declared.siren]
        return next((codes for one in numbers if (codes := _designated(one, known, year, limit))), ())
    tiers = _tiers(declared.name, tuple(known.items()), year)
    found = _ordered(tiers, declared, year)
    if min(tiers.values(), default=_FORMER_HOLDS) >= _FORMER_BEGINS:
        found = [*_mistyped(written, year), *found]
    return tuple(dict.fromkeys(found))[:limit]


def label(code: str, millesime: int | None = None, structures: Mapping[str, str] | None = None) -> str:
    """Return a territory on one line, as plain text: « Guéret (23000) · commune, Creuse ».

    A commune shows the first of its postal codes, a département its number, an EPCI all its départements in the region.

    Parameters
    ----------
    code, millesime, structures
        As in `search`.

    Raises
    ------
    KeyError
        There is no such territory.
    """
    if structures and code in structures:
        return f"{structures[code]} \u00b7 {STRUCTURES.get(_type_of(code), OTHER)}"
    reference = load_reference(millesime)
    territory: Any = reference.loc[code]
    nature = NATURES.get(territory["nature"], INTERCOMMUNALITE)
    if territory["type"] == "departement":
        return f"{territory['nom']} ({code}) \u00b7 {nature}"
    where = " et ".join(reference["nom"][list(territory["departements"])])
    number = "".join(f" ({one})" for one in territory["codes_postaux"][:1])
    return f"{territory['nom']}{number} \u00b7 {nature}, {where}"


def formerly(text: str, code: str, millesime: int | None = None) -> str:
    """Return the name of the former commune by which a text leads to a commune, empty where its own name answers.

    « Vars » leads to La Boixe: a list of results says why.

    Parameters
    ----------
    text, code, millesime
        What was typed, and one of the codes that `search` found.
    """
    year = load_region().millesime if millesime is None else millesime
    name = take_apart(text[:LONGEST_TEXT], DEPARTEMENTS).name
    if not strict_key(name) or any(code == one for names in _names(year) for one, _ in answers(name, names)):
        return ""
    former = load_former_communes()
    pasts = former.loc[former["code_actuel"] == code, "nom"]
    found = [
        (how, nom)
        for nom in map(str, pasts)
        for _, how in answers(name, index_names("commune", [(code, nom)]))
    ]  # fmt: skip
    return min(found, default=(Answer.HOLDS, ""))[1]


def _nom(code: str, year: int) -> str:
    return str(load_reference(year)["nom"][code])


def _type_of(identifier: str) -> str:
    return identifier.partition(":")[0]


def _designated(number: str, structures: Mapping[str, str], year: int, limit: int) -> tuple[str, ...]:
    """Return what a number without spaces designates."""
    places = load_places(year)
    if served := communes_of_postal_code(number, year):
        # It may be the INSEE code of another commune too: a visitor is likelier to know a postal code.
        return tuple(dict.fromkeys([*_by_population(served, year), *({number} & places.keys())]))
    siren = number[:9] if len(number) == 14 else number
    for type in OFFICIAL:
        gazetteer = load_gazetteer(type, year)
        if code := gazetteer.codes.get(siren) or gazetteer.former_codes.get(siren):
            return (code,)
    if len(number) == _POSTAL_BEGINNING:
        begun = [code for code, place in places.items() if any(one.startswith(number) for one in place.postal_codes)]
        return tuple(_by_population(begun, year)[:limit])
    return tuple(code for code in structures if siren and code == f"{_type_of(code)}:{siren}")[:limit]


def _by_population(codes: Iterable[str], year: int) -> list[str]:
    places = load_places(year)
    return sorted(codes, key=lambda code: (-places[code].population, code))


def _tiers(name: str, structures: tuple[tuple[str, str], ...], year: int) -> dict[str, int]:
    """Return how each territory answers a name, in the best of its ways; those that do not are left out."""
    today = (*_names(year), *_structure_names(structures))
    found = [(code, _TODAY[how]) for names in today for code, how in answers(name, names)]
    found += [(code, _PAST[how]) for code, how in answers(name, _former_names(year))]
    for type in OFFICIAL:
        gazetteer = load_gazetteer(type, year)
        found += [(code, _SAME) for code in gazetteer.joined.get(strict_key(name).replace(" ", ""), ())]
        # « Brive » is how some call the agglomeration of Brive-la-Gaillarde: it comes after the commune.
        for key in (compact_key(name, ""), compact_key(name, type)):
            found += [(code, _BEGINS) for code in gazetteer.alias.get(key, ())]
    best: dict[str, int] = {}
    for code, tier in found:
        best[code] = min(tier, best.get(code, tier))
    return best


def _ordered(tiers: Mapping[str, int], declared: Declared, year: int) -> list[str]:
    """Return the territories that answer a name, the likeliest first; before all, those where it is said to be."""
    towns, places = _largest_towns(year), load_places(year)
    hinted = bool(declared.numbers or declared.departement)

    def order(code: str) -> tuple[bool, int, bool, int, int, int, str]:
        place = places.get(code)
        here = hinted and place is not None and place.is_at(code, declared.numbers, declared.departement)
        rank = _RANKS[place.type] if place else len(_RANKS)
        tier = tiers[code]
        # « Corrèze (19) » is the département rather than its commune of the same name.
        named = tier <= _SAME and code == declared.departement
        return not here, tier, not named, rank if tier <= _FORMER else 0, -towns.get(code, _TOWN), rank, code

    return sorted(tiers, key=order)


def _mistyped(text: str, year: int) -> tuple[str, ...]:
    """Return what a text that no name of today answers may mean: read as a declaration, then by resemblance."""
    if len(words(text)) > _MOST_WORDS:
        return ()
    decided = decide_without_type(text, "", year)
    if decided.territory and decided.method != "correction":
        return (decided.territory,)
    likely = (decided.territory,) if decided.territory else ()
    if len(loose_key(text)) < _SHORTEST_MISTYPED:
        return likely
    near = suggestions(None, text[:_LONGEST_MISTYPED], year, _RESEMBLING)
    # Of a commune and the EPCI that bears its name, the commune comes first here too.
    keys = {code: core_key(_nom(code, year), load_places(year)[code].type) for code in near}
    first = {key: place for place, key in reversed(list(enumerate(keys.values())))}
    return (*likely, *sorted(near, key=lambda code: (first[keys[code]], _RANKS[load_places(year)[code].type])))


@cache
def _largest_towns(year: int) -> dict[str, int]:
    """Return the inhabitants of the largest commune of each territory; a commune is its own."""
    reference = load_reference(year)
    communes = reference[reference["type"] == "commune"]
    people = communes["population"].astype(int)
    largest = [people, *(people.groupby(communes[column]).max() for column in ("epci", "departement"))]
    return {str(code): int(town) for code, town in pd.concat(largest).items()}


@cache
def _names(year: int) -> tuple[NameIndex, ...]:
    """Return the names of the year, one index for each official type."""
    reference = load_reference(year)
    by_type = {type: reference.loc[reference["type"] == type, "nom"] for type in OFFICIAL}
    return tuple(
        index_names(type, [(str(code), str(nom)) for code, nom in names.items()]) for type, names in by_type.items()
    )


@cache
def _former_names(year: int) -> NameIndex:
    """Return the names that lead to a commune of the year that does not bear them, or not alone."""
    former = load_former_communes()
    pairs = zip(former["code_actuel"], former["nom"], strict=True)
    places = load_places(year)
    return index_names("commune", [(str(code), str(nom)) for code, nom in pairs if code in places])


@lru_cache(16)
def _structure_names(structures: tuple[tuple[str, str], ...]) -> tuple[NameIndex, ...]:
    by_type: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, nom in structures:
        by_type[_type_of(code)].append((code, nom))
    return tuple(index_names(type, pairs) for type, pairs in by_type.items())
