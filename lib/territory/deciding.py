"""Decide which commune, EPCI or département one declared name and code mean, or report what leaves a doubt.
What a name may mean is looked up in `gazetteer` and `looseness`; tables, aliases and perimeters are for `matching`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from lib.territory.choosing import Match, Meanings, ambiguous, choose
from lib.territory.gazetteer import begun, correction, load_gazetteer, readings
from lib.territory.looseness import glued_readings, loose_readings, partial_readings
from lib.territory.naming import LINKS, Declared, compact_key, core_key, loose_key, strict_key, take_apart
from lib.territory.places import communes_of_postal_code, load_places, located
from lib.territory.reference import load_names_elsewhere
from lib.territory.surroundings import in_pieces, loosely
from lib.territory.wording import DEPARTEMENTS, departement_said, ends, is_role, said_type, segments, trimmed

OFFICIAL = ("commune", "epci", "departement")
# A name that nothing reads contradicts a five-digit code when it resembles the name of that code less than this.
RESEMBLANCE = 60


def decide(type: str, name: str, code: str, year: int) -> Match:
    """Return what a name and a code mean as a territory of an official type (`commune`, `epci`, `departement`)."""
    if not name and code and not re.search(r"\d", code):
        # The name stands in the box of the code.
        name, code = code, ""
    declared = take_apart(name, DEPARTEMENTS)
    if type == "departement" and declared.departement and not core_key(declared.name, type):
        declared = replace(declared, name=declared.departement, departement=None)
    if type != "departement" and code.strip() in DEPARTEMENTS.values():
        # The number of the département stands in the box of the code.
        declared, code = replace(declared, departement=declared.departement or code.strip()), ""
    if not declared.name and not code and not declared.siren and len(declared.numbers) == 1:
        declared, code = replace(declared, numbers=()), declared.numbers[0]
    by_code, method, numbers = _from_code(type, code or declared.siren, year)
    said = said_type(declared.name)
    if said not in (None, type) and not _is_literal(declared.name, type, year):
        return _of_another_type(str(said), declared.name, by_code, year)
    if by_code is None:
        if type == "commune" and not declared.name and len(numbers) == 1:
            served = communes_of_postal_code(numbers[0], year)
            return Match(min(served), "code", tuple(served)) if len(served) == 1 else _doubt(served)
        # Many respondents write their postal code where the INSEE code is asked for.
        return _from_name(type, replace(declared, numbers=declared.numbers + numbers), year)
    return _with_code(type, declared, by_code, method, numbers, year)


def decide_without_type(name: str, code: str, year: int) -> Match:
    """Return what a name and a code mean when nothing says the type: the words of the name, or one meaning only."""
    declared = take_apart(name, DEPARTEMENTS)
    said = said_type(declared.name)
    said_apart = {type: piece for piece in segments(name) if (type := _said_or_read(piece, year)) in OFFICIAL}
    if len(said_apart) > 1:
        return _doubt(_all(decide(str(type), piece, "", year) for type, piece in said_apart.items()))
    if said in OFFICIAL:
        return decide(str(said), name, code, year)
    if said:
        return Match()
    # A type that reads the name word for word leaves out those that would read it loosely.
    literally = [type for type in OFFICIAL if readings(declared.name, type, year)]
    found = [decide(type, name, code, year) for type in literally or OFFICIAL]
    hinted = code or declared.numbers or declared.departement
    if not hinted and any(one.method == "correction" for one in found) and _is_elsewhere(declared.name):
        found = [Match(candidates=one.candidates) if one.method == "correction" else one for one in found]
    by_code = [one for one in found if one.territory and _from_code(_type(one, year), code, year)[0] == one.territory]
    if len(by_code) == 1:
        return by_code[0]
    # What comes near by a typing error or by a doubt counts only when no type reads the name.
    sure = [one for one in found if one.territory and one.method != "correction"]
    if len(sure) == 1 and not any(one.method == "ambiguous" for one in found):
        return sure[0]
    candidates = {code for one in found if one.method != "none" for code in one.candidates}
    if len(candidates) == 1 and (corrected := [one for one in found if one.territory]):
        return corrected[0]
    return ambiguous(candidates) if candidates else Match(candidates=tuple(sorted({*_all(found)})))


def decide_literally(type: str, name: str, year: int) -> Match:
    """Return what a name means word for word, `none` if it means nothing: no word left out, no typing error."""
    declared = take_apart(name, DEPARTEMENTS)
    if declared.siren:
        return Match()
    return choose(type, declared, readings(declared.name, type, year), year) or Match()


def _said_or_read(piece: str, year: int) -> str | None:
    """Return the type that a piece of a name says it is, or the only one whose names it is one of."""
    read = [type for type in OFFICIAL if not departement_said(piece) and readings(piece, type, year)]
    return said_type(piece) or (read[0] if len(read) == 1 else None)


def _doubt(codes: Iterable[str]) -> Match:
    kept = frozenset(codes)
    return ambiguous(kept) if kept else Match()


def _type(found: Match, year: int) -> str:
    return load_places(year)[found.candidates[0]].type


def _all(found: Iterable[Match]) -> Iterator[str]:
    for one in found:
        yield from one.candidates


def _is_literal(name: str, type: str, year: int) -> bool:
    """Tell whether a name is, or begins as, that of a territory of this type: « Pessac, Bordeaux Métropole »."""
    gazetteer = load_gazetteer(type, year)
    pieces = segments(name)
    return any(
        strict_key(piece) in gazetteer.strict or loose_key(piece) in gazetteer.former for piece in (name, *pieces[:1])
    )


def _of_another_type(said: str, name: str, by_code: str | None, year: int) -> Match:
    """Return a doubt: the name says it is not of the type that was ticked."""
    other = decide(said, name, "", year).candidates if said in OFFICIAL else ()
    if by_code is not None:
        return ambiguous({by_code, *other})
    return Match(candidates=other)


def _from_code(type: str, code: str, year: int) -> tuple[str | None, str, tuple[str, ...]]:
    """Return the territory a code designates, the method, and what may be postal codes; None if it designates none."""
    gazetteer = load_gazetteer(type, year)
    # A spreadsheet makes a number of a code, with a decimal.
    whole = re.sub(r"[.,]0$", "", code.strip())
    written = [re.sub(r"[^0-9A-Za-z]", "", whole).upper()]
    written += [re.sub(r"\D", "", part) for part in re.findall(r"\d[\d \u00a0\u202f.]*", whole)]
    numbers = tuple(dict.fromkeys(one for one in written if re.fullmatch(r"\d{5}", one)))
    for one in tuple(written):
        # A spreadsheet loses the zero a code begins with; an establishment's number begins with the SIREN.
        if type == "commune" and len(one) == 4:
            written.append(one.zfill(5))
        if len(one) == 14:
            written.append(one[:9])
        if type == "departement":
            written.append(one.lstrip("D0"))
    for one in written:
        if one in gazetteer.codes:
            return gazetteer.codes[one], "code", numbers
        if one in gazetteer.former_codes:
            return gazetteer.former_codes[one], "former", numbers
    return None, "none", numbers


def _with_code(type: str, declared: Declared, by_code: str, method: str, numbers: tuple[str, ...], year: int) -> Match:
    said = readings(declared.name, type, year)
    if not said:
        named = _from_name(type, Declared(declared.name, (), None), year, coded=True)
        if named.territory or named.method == "ambiguous" or by_code in named.candidates:
            said = [(named.method if named.territory else method, frozenset(named.candidates))]
    meant = {one: how for how, codes in reversed(said) for one in codes}
    of_postal_code: frozenset[str] = frozenset()
    if type == "commune":
        of_postal_code = _served(numbers, year)
    if not load_places(year)[by_code].is_at(by_code, declared.numbers, declared.departement):
        return ambiguous({by_code, *meant})
    if by_code in meant:
        return Match(by_code, method, (by_code,))
    if meant:
        located = of_postal_code.intersection(meant)
        if not located and (partly := partial_readings(declared.name, type, year, of_postal_code, anywhere=True)):
            located, meant = partly[0][1], dict.fromkeys(partly[0][1], "alias")
        if len(located) == 1:
            (territory,) = located
            return Match(territory, meant[territory], (territory,))
        return ambiguous({by_code, *meant})
    if of_postal_code and by_code not in of_postal_code:
        return ambiguous({by_code, *of_postal_code})
    if numbers and not is_role(declared.name, type) and not _resembles(declared.name, type, by_code, year):
        # Five digits are easily those of another place; a SIREN is not.
        return ambiguous({by_code})
    return Match(by_code, method, (by_code,))


def _resembles(name: str, type: str, code: str, year: int) -> bool:
    said = compact_key(core_key(name, type), type)
    return any(
        code in codes and (said in spelling or fuzz.ratio(said, spelling) >= RESEMBLANCE)
        for spelling, codes in load_gazetteer(type, year).spellings.items()
    )


def _from_name(type: str, declared: Declared, year: int, coded: bool = False) -> Match:
    """Read a name with the help of the postal code or département beside it, the most literal reading first.

    Parameters
    ----------
    coded
        True when a code beside the name is one of the region, whatever the name turns out to mean.
    """
    if found := choose(type, declared, readings(declared.name, type, year), year):
        return found if found.territory else _partly(type, declared, [], year) or found
    if found := choose(type, declared, glued_readings(declared.name, type, year), year):
        return found
    if elsewhere := _named_otherwise(type, declared.name, year):
        return Match(candidates=tuple(sorted(elsewhere | begun(declared.name, type, year))))
    pieces = segments(declared.name)
    if len(pieces) > 1:
        found, declared = in_pieces(type, declared, pieces, year)
        if found:
            return found
    versions = [declared.name, *trimmed(declared.name, type)]
    for read in (readings, glued_readings):
        for version in versions:
            if found := choose(type, replace(declared, name=version), read(version, type, year), year):
                return found
    for version in versions:
        if found := loosely(type, replace(declared, name=version), year):
            return found
    if found := _partly(type, declared, versions, year):
        return found
    near: frozenset[str] = frozenset()
    for allowed in _allowed(type, declared, year):
        for version in dict.fromkeys((versions[0], versions[-1])):
            one, others = correction(version, type, year, allowed)
            # Unless something says that it is here, a name that is right elsewhere is no typing error.
            doubtful = type == "commune" and allowed is None and not coded
            if one and not (doubtful and _is_elsewhere(declared.name)):
                return Match(one, "correction", (one,))
            near |= others
    if not near:
        near = frozenset().union(*(codes for other in OFFICIAL for _, codes in readings(declared.name, other, year)))
    return Match(None, "none", tuple(sorted(near)))


def _is_elsewhere(name: str) -> bool:
    """Tell whether a name, with or without the words of role around it, is that of a commune outside the region."""
    elsewhere = load_names_elsewhere()
    versions = (name, *trimmed(name, "commune"))
    return any(loose_key(one) in elsewhere or core_key(one, "commune") in elsewhere for one in versions)


def _named_otherwise(type: str, name: str, year: int) -> frozenset[str]:
    """Return the EPCI that a name means wholly, when it was not ticked: « Rochefort Océan » is not Rochefort."""
    if type == "epci":
        return frozenset()
    meanings = readings(name, "epci", year) or glued_readings(name, "epci", year) or loose_readings(name, "epci", year)
    return frozenset().union(*(codes for _, codes in meanings))


def _partly(type: str, declared: Declared, versions: list[str], year: int) -> Match | None:
    """Return the one territory, among those where it is said to be, that a part of its name or a longer one means.

    Without versions of the name, it is a name of somewhere else: a part of another one may be meant, no more.
    """
    # Where a postal code serves, it leaves out the rest of the département.
    for allowed in _allowed(type, declared, year)[:1]:
        if allowed is None or not _is_whole(declared.numbers, allowed, year):
            return None
        for version in versions or [declared.name]:
            found = partial_readings(version, type, year, allowed, anywhere=bool(declared.numbers))
            if not found and versions:
                found = _longer(version, type, year, allowed, surely=bool(declared.numbers))
            if found and (chosen := choose(type, declared, found, year)) and chosen.territory:
                return chosen
    return None


def _longer(name: str, type: str, year: int, allowed: frozenset[str], surely: bool) -> Meanings:
    """Return the territories whose name is the beginning of a longer one: « Saint-Savin sur Gartempe » (86).

    Unless a postal code tells for sure, what follows must begin as such additions do.
    """
    for head, link, _ in ends(name):
        if meanings := readings(head, type, year):
            if not surely and not LINKS & set(link.split()):
                return []
            return [(method, codes & allowed) for method, codes in meanings if codes & allowed]
    return []


def _allowed(type: str, declared: Declared, year: int) -> list[frozenset[str] | None]:
    """Return the territories among which to look, the nearest first: where the postal code serves, the département."""
    if not declared.numbers and not declared.departement:
        return [None]
    around = located(type, declared.numbers, declared.departement, year)
    served = around.intersection(declared.numbers) | around.intersection(_served(declared.numbers, year))
    return [one for one in (served, around) if one] or [frozenset()]


def _served(numbers: tuple[str, ...], year: int) -> frozenset[str]:
    return frozenset().union(*(communes_of_postal_code(number, year) for number in numbers))


def _is_whole(numbers: tuple[str, ...], allowed: frozenset[str], year: int) -> bool:
    """Tell whether some territories are those that postal codes serve, when they serve any."""
    served = _served(numbers, year)
    return not served or not served.isdisjoint(allowed)
