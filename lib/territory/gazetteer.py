"""Look up what a name or a code may mean among the territories of a year, their aliases and the communes of the past.
It lists meanings; which one a respondent intends is decided in `lib.territory.matching`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from lib.territory.naming import bare_key, compact_key, contracted_key, core_key, loose_key, strict_key, words
from lib.territory.reference import load_former_communes, load_reference
from lib.territory.region_folder import GEO
from lib.territory.slips import is_slip

# Former names that people still write: those of communes that existed on the eve of the law of 2015 on communes
# nouvelles, or later. Such a name is as likely to mean the former commune as its homonym of today.
STILL_USED = 2015

# A correction never touches a name shorter than this, « saint » aside: one letter makes another village of it.
SHORTEST_CORRECTED = 6
# Below this length only a slip is corrected: any other letter makes another village of it too; a lost one less so.
SURELY_CORRECTED = 8
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
    bare, bare_former
        The words that carry a name, without the small ones between them -> codes; names of the year, former names.
    joined
        Every name in one word, articles included -> codes.
    spellings
        Every name in one word -> codes; what typing errors are compared with.
    by_word
        Word of a name -> the words of each name that holds it, with the codes that name may mean.
    beginnings, parts
        First words of a name, and any words of it that follow each other, the whole aside -> codes.
    lengths
        The spellings of each length.
    """

    codes: dict[str, str]
    former_codes: dict[str, str]
    strict: Meanings
    loose: Meanings
    alias: Meanings
    former: Meanings
    recent: Meanings
    bare: Meanings
    bare_former: Meanings
    joined: Meanings
    spellings: Meanings
    by_word: dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]
    beginnings: Meanings
    parts: Meanings
    lengths: dict[int, tuple[str, ...]]


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
    # A typing error in a name of long ago is less likely than the name of another place.
    likely = loose + [pair for pair, kept in zip(past, recent, strict=True) if kept]
    spellings = _meanings([*((code, key.replace(" ", "")) for code, key in likely), *alias])
    joined = [(code, strict_key(nom).replace(" ", "")) for code, nom in names]
    joined += [
        (code, strict_key(nom).replace(" ", "")) for code, nom in zip(former["code_actuel"], former["nom"], strict=True)
    ]
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
        bare=_meanings((code, bare_key(key)) for code, key in loose),
        bare_former=_meanings((code, bare_key(key)) for code, key in past),
        joined=_meanings(joined),
        spellings=spellings,
        by_word=_by_word(_meanings(loose + past)),
        beginnings=_meanings((code, key[:end]) for code, key in loose + past for end in _ends(key)),
        parts=_meanings((code, part) for code, key in loose + past for part in _parts(key)),
        lengths=_by_length(spellings),
    )


def _ends(key: str) -> list[int]:
    """Return where each word of a key ends, the last one aside."""
    return [place for place, char in enumerate(key) if char == " "]


def _parts(key: str) -> Iterator[str]:
    """Return the runs of words of a key, the whole aside."""
    starts = [0, *(place + 1 for place in _ends(key))]
    for start in starts:
        for end in (*_ends(key), len(key)):
            if start < end < len(key) + (start > 0):
                yield key[start:end]


def _by_word(meanings: Meanings) -> dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = defaultdict(list)
    for key, codes in meanings.items():
        whole = tuple(key.split())
        for word in set(whole):
            found[word].append((whole, codes))
    return {word: tuple(pairs) for word, pairs in found.items()}


def _by_length(spellings: Iterable[str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    for spelling in spellings:
        found[len(spelling)].append(spelling)
    return {length: tuple(kept) for length, kept in found.items()}


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
    if exact and len(exact) > 1:
        exact = gazetteer.strict.get(contracted_key(name, type), exact)
    alias = gazetteer.alias.get(compact_key(name, "")) or gazetteer.alias.get(compact_key(name, type))
    former = gazetteer.former.get(loose_key(name)) or gazetteer.former.get(core)
    found = (("exact", exact), ("alias", alias), ("former", former))
    return [(method, codes) for method, codes in found if codes]


def recent_namesakes(name: str, type: str, millesime: int) -> frozenset[str]:
    """Return the communes that bore this name, or absorbed one that did, so lately that it is still used."""
    recent = load_gazetteer(type, millesime).recent
    return recent.get(loose_key(name)) or recent.get(core_key(name, type)) or frozenset()


def begun(name: str, type: str, millesime: int) -> frozenset[str]:
    """Return the territories whose name, of today or of the past, begins with these words and goes on."""
    return load_gazetteer(type, millesime).beginnings.get(core_key(name, type), frozenset())


def correction(
    name: str, type: str, millesime: int, allowed: frozenset[str] | None
) -> tuple[str | None, frozenset[str]]:
    """Return the one territory whose name differs by a typing error, and those that come near.

    One letter may differ (two in a long name), the first one aside, and every other territory must differ by two
    letters more at least; by one more when the slip is one that hands make (letters swapped, doubled, of keys side by
    side) or ears (« s » for « z »), the only ones corrected in a short name. The beginning of a longer name is no
    typing error.

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
    if longer := begun(name, type, millesime):
        return None, longer if allowed is None else longer & allowed
    if not _has_unknown_word(core_key(name, type), gazetteer):
        return None, frozenset()
    nearest: dict[str, tuple[int, str]] = {}
    for size in range(len(written) - reach - 1, len(written) + reach + 2):
        found = process.extract(
            written,
            gazetteer.lengths.get(size, ()),
            scorer=OSA.distance,
            score_cutoff=reach + 1,
            limit=None,
            processor=None,
        )
        for spelling, distance, _ in found:
            for code in gazetteer.spellings[spelling]:
                if allowed is None or code in allowed:
                    nearest[code] = min((int(distance), spelling), nearest.get(code, (reach + 2, "")))
    if not nearest:
        return None, frozenset()
    best = min(nearest, key=lambda code: nearest[code])
    distance, spelling = nearest[best]
    slip = distance == 1 and is_slip(written, spelling)
    margin = 0 if slip else 1
    rivals = [code for code, (other, _) in nearest.items() if code != best and other <= distance + margin]
    likely = slip or (written[0] == spelling[0] and length + (len(written) != len(spelling)) >= SURELY_CORRECTED)
    if distance <= reach and not rivals and likely:
        return best, frozenset({best})
    return None, frozenset(nearest)


def _has_unknown_word(core: str, gazetteer: Gazetteer) -> bool:
    """Tell whether some word of a name is in no other: « Creuse Sud Est » is no slip for « Creuse Sud Ouest »."""
    said = core.split()
    return any(word not in gazetteer.by_word or word.startswith("saint") for word in said)


def _meanings(pairs: Iterable[tuple[str, str]]) -> Meanings:
    found: dict[str, set[str]] = defaultdict(set)
    for code, key in pairs:
        if key:
            found[key].add(code)
    # Many keys mean the same one territory: they share its set.
    shared: dict[frozenset[str], frozenset[str]] = {}
    kept = {key: frozenset(codes) for key, codes in found.items()}
    return {key: shared.setdefault(codes, codes) for key, codes in kept.items()}


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
