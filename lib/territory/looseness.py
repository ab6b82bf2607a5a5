"""Read a name that no list holds as it is written: words left out, shortened or glued, the distinctive part of an EPCI.
Literal readings and typing errors belong to `lib.territory.gazetteer`; what to make of a reading to `deciding`."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from lib.territory.gazetteer import load_gazetteer, readings
from lib.territory.naming import ARTICLES, EPCI_ORNAMENTS, LINKS, bare_key, core_key, loose_key, strict_key, words
from lib.territory.places import load_places
from lib.territory.reference import load_reference

_SAINTS = frozenset(["saint", "sainte", "saints", "saintes"])
# A word of this length at least is written in full when others are initials: « St J de Luz ».
_ANCHOR = 3
# What an intercommunalité may be said to be without this being in its name.
_AROUND = EPCI_ORNAMENTS | {"pays", "canton", "territoire", "intercommunalite", "interco"}
# Words of nature or direction: alone they tell no intercommunalité from those of the past.
_VAGUE = frozenset(
    (
        *("sud", "nord", "est", "ouest", "midi", "haut", "haute", "bas", "basse", "grand", "grande", "grands"),
        *("val", "vallee", "vallees", "coeur", "terre", "terres", "rive", "rives", "porte", "portes", "bassin", "pays"),
        *("cote", "coteaux", "lac", "lacs", "foret", "ile", "mer", "mers", "ocean", "estuaire", "nature", "viticole"),
    )
)
_DIRECTIONS = frozenset(["nord", "sud", "est", "ouest", "centre"])
_STEM = 4


def glued_readings(name: str, type: str, millesime: int) -> list[tuple[str, frozenset[str]]]:
    """Return what a name may mean when its spaces are wrong, or the small words between the others left out."""
    gazetteer = load_gazetteer(type, millesime)
    core = core_key(name, type)
    # A small word that is said is not another one: « Villiers-le-Bois » is not Villiers-en-Bois.
    whole = " " in core and core == bare_key(core) and strict_key(name).endswith(core)
    bare = core if whole else ""
    found = [
        ("exact", gazetteer.joined.get(strict_key(name).replace(" ", ""))),
        ("alias", gazetteer.bare.get(bare)),
        ("former", gazetteer.bare_former.get(bare)),
    ]
    return [(method, codes) for method, codes in found if codes]


def loose_readings(name: str, type: str, millesime: int) -> list[tuple[str, frozenset[str]]]:
    """Return what a name may mean when its words are initials, or only some of them said."""
    core = core_key(name, type)
    found = [_shortened(core, type, millesime)]
    if type == "epci":
        found += [_acronym(core, millesime), _main_town(core, millesime), _distinctive(core, millesime)]
    return [("alias", codes) for codes in found if codes]


def is_around(text: str, code: str, millesime: int) -> bool:
    """Tell whether a text says where a territory is, by the words of the name of its EPCI: « Médoc »."""
    place = load_places(millesime)[code]
    epci = code if place.type == "epci" else place.epci
    holders = _epci_words(millesime)[0]
    said = [word for word in loose_key(text).split() if word not in LINKS and word not in _AROUND]
    told = [word for word in said if word not in _DIRECTIONS]
    return bool(told) and all(epci in holders.get(word, ()) for word in told)


def is_near(text: str, code: str, millesime: int) -> bool:
    """Tell whether a text is the name of a commune of a territory, or of the same EPCI as it."""
    places = load_places(millesime)
    epci = code if places[code].type == "epci" else places[code].epci
    named = frozenset().union(*(codes for _, codes in readings(text, "commune", millesime)))
    return bool(epci) and any(places[one].epci == epci for one in named if one != code)


def is_compass(text: str) -> bool:
    """Tell whether a text is only a direction: « nord », « le sud »."""
    return all(word in _DIRECTIONS for word in loose_key(text).split())


def partial_readings(
    name: str, type: str, millesime: int, allowed: frozenset[str], anywhere: bool
) -> list[tuple[str, frozenset[str]]]:
    """Return those among some territories whose name begins with the words of a name: « La Teste » (33260).

    Parameters
    ----------
    anywhere
        True to accept words from the middle of a name too: « Cap-Ferret » (33950).
    """
    said = core_key(name, type).split()
    if not said or len("".join(said)) < _STEM or set(said) <= _SAINTS:
        return []
    gazetteer = load_gazetteer(type, millesime)
    key = " ".join(said)
    found = (gazetteer.parts if anywhere else gazetteer.beginnings).get(key, frozenset()) & allowed
    return [("alias", found)] if found else []


def _shortened(core: str, type: str, millesime: int) -> frozenset[str]:
    """Return the territories of which some words are initials, one at least being in full: « St J de Luz »."""
    said = core.split()
    by_word = load_gazetteer(type, millesime).by_word
    anchors = [word for word in said if len(word) >= _ANCHOR and word in by_word and word not in _SAINTS]
    if len(said) < 2 or not anchors:
        return frozenset()
    found: set[str] = set()
    for full, codes in by_word[min(anchors, key=lambda word: len(by_word[word]))]:
        if len(full) == len(said) and all(_may_stand_for(short, word) for short, word in zip(said, full, strict=True)):
            found |= codes
    return frozenset(found)


def _may_stand_for(short: str, word: str) -> bool:
    return short == word or (len(short) == 1 and word.startswith(short))


def _acronym(core: str, millesime: int) -> frozenset[str]:
    """Return the EPCI of an acronym that is followed by what says where it is: « CARA Royan »."""
    first, _, rest = core.partition(" ")
    codes = load_gazetteer("epci", millesime).alias.get(first, frozenset()) if rest and len(first) > _ANCHOR else ()
    return frozenset(code for code in codes if is_around(rest, code, millesime) or is_near(rest, code, millesime))


def _main_town(core: str, millesime: int) -> frozenset[str]:
    """Return the EPCI named after one of its communes, when it is called by that commune: « Agglo de Saintes »."""
    holders = _epci_words(millesime)[0]
    places = load_places(millesime)
    return frozenset(
        places[code].epci
        for code in load_gazetteer("commune", millesime).loose.get(core, ())
        for word, epci in holders.items()
        if places[code].epci in epci and any(_same_place(word, part) for part in core.split())
    )


def _distinctive(core: str, millesime: int) -> frozenset[str]:
    """Return the EPCI whose name holds all these words, if one of them names a place of that EPCI alone."""
    said = {word for word in core.split() if word not in _AROUND and word not in LINKS}
    holders, distinctive = _epci_words(millesime)
    if not said or any(word not in holders for word in said):
        return frozenset()
    found = frozenset.intersection(*(holders[word] for word in said))
    telling = said & distinctive or (len(said - _VAGUE) > 1 and not said & _departement_words(millesime))
    return found if len(found) > 1 or telling else frozenset()


@cache
def _departement_words(millesime: int) -> frozenset[str]:
    reference = load_reference(millesime)
    names = reference.loc[reference["type"] == "departement", "nom"]
    return frozenset(word for nom in names for word in loose_key(nom).split())


@cache
def _epci_words(millesime: int) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Return the EPCI whose names hold each word, and the words that come from the name of a commune of one EPCI."""
    reference = load_reference(millesime)
    holders: dict[str, set[str]] = defaultdict(set)
    for code, nom in reference.loc[reference["type"] == "epci", "nom"].items():
        for word in words(nom):
            if word not in ARTICLES and word not in LINKS and word not in _AROUND:
                holders[word].add(str(code))
    departements = _departement_words(millesime)
    members: dict[str, set[str]] = defaultdict(set)
    communes = reference[reference["type"] == "commune"]
    for nom, epci in zip(communes["nom"], communes["epci"], strict=True):
        for word in loose_key(nom).split():
            members[word].add(epci)
    by_stem: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
    for word, codes in members.items():
        by_stem[word[:_STEM]].append((word, codes))
    distinctive = {
        word
        for word, codes in holders.items()
        if len(codes) == 1
        and word not in _VAGUE
        and word not in departements
        and (
            any(char.isdigit() for char in word)
            or (
                any(_same_place(word, other) and codes & of for other, of in by_stem[word[:_STEM]])
                and members.get(word, codes) <= codes
            )
        )
    }
    return {word: frozenset(codes) for word, codes in holders.items()}, frozenset(distinctive)


def _same_place(word: str, place: str) -> bool:
    """Tell whether a word is the name of a place, or is formed on it: « Réolais » on « La Réole »."""
    if word == place:
        return True
    stem = min(len(word), len(place)) - 1
    return stem >= _STEM and word[:stem] == place[:stem]
