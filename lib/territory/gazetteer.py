"""Look up what a name or a code may mean among the territories of a year, their aliases and the communes of the past.
It lists meanings; which one a respondent intends is decided in `lib.territory.matching`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from lib.territory.naming import compact_key, core_key, loose_key, strict_key, words
from lib.territory.reference import GEO, load_former_communes, load_reference

# Former names that people still write: those of communes that existed on the eve of the law of 2015 on communes
# nouvelles, or later. Such a name is as likely to mean the former commune as its homonym of today.
STILL_USED = 2015

# A correction never touches a name shorter than this, « saint » aside: one letter makes another village of it.
SHORTEST_CORRECTED = 6
# From this length on, two letters may differ instead of one.
TWO_LETTERS = 12

Meanings = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Gazetteer:
    """What names and codes of one type of territory mean.

    Attributes
    ----------
    codes
        INSEE code or SIREN -> code of the year.
    former_codes
        INSEE code of a commune of the past -> code of the year.
    strict, loose, alias, former
        Key of a name -> codes that it may mean, by way of reading it.
    recent
        The part of `former` that people still write.
    spellings
        Every name in one word -> codes; what typing errors are compared with.
    """

    codes: dict[str, str]
    former_codes: dict[str, str]
    strict: Meanings
    loose: Meanings
    alias: Meanings
    former: Meanings
    recent: Meanings
    spellings: Meanings


@cache
def load_gazetteer(type: str, millesime: int) -> Gazetteer:
    """Return the gazetteer of a type (`commune`, `epci`, `departement`) in a year; shared, never to be modified."""
    reference = load_reference(millesime)
    territories = reference[reference["type"] == type]
    names = [(str(code), str(nom)) for code, nom in territories["nom"].items()]
    loose = [(code, loose_key(nom)) for code, nom in names]
    alias: list[tuple[str, str]] = []
    former = _former(territories) if type == "commune" else load_former_communes().iloc[:0]
    if type == "epci":
        # A name may end with its acronym in brackets: « … Bassin d’Arcachon Sud (COBAS) ».
        plain = [(code, re.sub(r"\(.*?\)", "", nom)) for code, nom in names]
        loose += [(code, core_key(nom, type)) for code, nom in names + plain]
        alias += [(code, compact_key(nom, type)) for code, nom in plain]
        alias += [(code, compact_key(aside, "")) for code, nom in names for aside in re.findall(r"\((.*?)\)", nom)]
        alias += _initials(territories)
    declared = pd.read_csv(GEO / "aliases.csv", dtype=str)
    declared = declared[declared["code"].isin(territories.index)]
    for code, other in zip(declared["code"], declared["alias"], strict=True):
        alias += [(code, compact_key(other, type)), (code, compact_key(other, ""))]
    sirens = territories["siren"].dropna()
    past = list(zip(former["code_actuel"], former["nom"].map(loose_key), strict=True))
    recent = former["annee"].fillna(0).ge(STILL_USED)
    return Gazetteer(
        codes={code: code for code in territories.index} | dict(zip(sirens, sirens.index, strict=True)),
        former_codes={
            code: now
            for code, now in zip(former["code"], former["code_actuel"], strict=True)
            if code not in territories.index
        },
        strict=_meanings((code, strict_key(nom)) for code, nom in names),
        loose=_meanings(loose),
        alias=_meanings(alias),
        former=_meanings(past),
        recent=_meanings(pair for pair, kept in zip(past, recent, strict=True) if kept),
        spellings=_meanings([*((code, key.replace(" ", "")) for code, key in loose + past), *alias]),
    )


def _former(communes: pd.DataFrame) -> pd.DataFrame:
    """Return the names that were already of the past in the year of these communes, and lead to one of them."""
    former = load_former_communes()
    still = former["code"].map(communes["nom"]) == former["nom"]
    return former[former["code_actuel"].isin(communes.index) & ~still]


def readings(name: str, type: str, millesime: int) -> list[tuple[str, frozenset[str]]]:
    """Return what a name may mean, as (method, codes), the most literal reading first; empty if it means nothing."""
    gazetteer = load_gazetteer(type, millesime)
    core = core_key(name, type)
    if type == "departement" and core in gazetteer.codes:
        return [("exact", frozenset({core}))]
    exact = gazetteer.strict.get(strict_key(name)) or gazetteer.loose.get(loose_key(name)) or gazetteer.loose.get(core)
    alias = gazetteer.alias.get(compact_key(name, "")) or gazetteer.alias.get(compact_key(name, type))
    former = gazetteer.former.get(loose_key(name)) or gazetteer.former.get(core)
    found = (("exact", exact), ("alias", alias), ("former", former))
    return [(method, codes) for method, codes in found if codes]


def recent_namesakes(name: str, type: str, millesime: int) -> frozenset[str]:
    """Return the communes that bore this name, or absorbed one that did, so lately that it is still used."""
    recent = load_gazetteer(type, millesime).recent
    return recent.get(loose_key(name)) or recent.get(core_key(name, type)) or frozenset()


@cache
def communes_of_postal_code(number: str, millesime: int) -> frozenset[str]:
    """Return the communes that a postal code serves; empty if it is not one of the region."""
    served = load_reference(millesime)["codes_postaux"].map(lambda numbers: number in numbers)
    return frozenset(str(code) for code in served.index[served])


def correction(
    name: str, type: str, millesime: int, allowed: frozenset[str] | None
) -> tuple[str | None, frozenset[str]]:
    """Return the one territory whose name differs by a typing error, and those that come near.

    One letter may differ (two in a long name), and every other territory must differ by two letters more at least.

    Parameters
    ----------
    allowed
        Codes among which to choose, when a postal code or a département says so; None for all.
    """
    gazetteer = load_gazetteer(type, millesime)
    written = core_key(name, type).replace(" ", "")
    length = len(re.sub("saint(es|e|s)?", "", written))
    if length < SHORTEST_CORRECTED:
        return None, frozenset()
    reach = 1 if length < TWO_LETTERS else 2
    nearest: dict[str, int] = {}
    found = process.extract(
        written,
        gazetteer.spellings.keys(),
        scorer=OSA.distance,
        score_cutoff=reach + 1,
        limit=None,
        processor=None,
    )
    for spelling, distance, _ in found:
        for code in gazetteer.spellings[spelling]:
            if allowed is None or code in allowed:
                nearest[code] = min(int(distance), nearest.get(code, reach + 1))
    if not nearest:
        return None, frozenset()
    best = min(nearest, key=lambda code: nearest[code])
    rivals = [code for code in nearest if code != best and nearest[code] <= nearest[best] + 1]
    if nearest[best] <= reach and not rivals:
        return best, frozenset({best})
    return None, frozenset(nearest)


def _meanings(pairs: Iterable[tuple[str, str]]) -> Meanings:
    found: dict[str, set[str]] = defaultdict(set)
    for code, key in pairs:
        if key:
            found[key].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _initials(epci: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the acronyms of EPCI that only one of them can have: nature, then the initials of its words."""
    acronyms: dict[str, set[str]] = defaultdict(set)
    for code, nom in epci["nom"].items():
        core = core_key(re.sub(r"\(.*?\)", "", nom), "epci").split()
        every = [word for word in words(nom) if word in core or word in {"d", "de", "du", "des"}]
        for chosen in (core, every):
            nature = "" if epci.at[code, "nature"] == "METRO" else str(epci.at[code, "nature"]).lower()
            acronym = nature + "".join(word[0] for word in chosen)
            if len(acronym) >= 4:
                acronyms[acronym].add(str(code))
    return [(codes.pop(), acronym) for acronym, codes in acronyms.items() if len(codes) == 1]
