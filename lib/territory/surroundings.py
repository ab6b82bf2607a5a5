"""Read a name that stands among other words: a role, a remark, a département, the EPCI or a town near by.
One piece of it only may be a name; what the other pieces leave in doubt is reported, never settled."""

from __future__ import annotations

from dataclasses import replace

from lib.territory.choosing import Match, Meanings, ambiguous, choose
from lib.territory.gazetteer import readings
from lib.territory.looseness import is_around, is_compass, is_near, loose_readings
from lib.territory.naming import Declared
from lib.territory.places import load_places
from lib.territory.wording import departement_said, ends, is_aside, is_role, trimmed


def in_pieces(type: str, declared: Declared, pieces: list[str], year: int) -> tuple[Match | None, Declared]:
    """Return what the one piece of a name that is a name means, and the declaration without the words of role."""
    named: list[tuple[str, Meanings]] = []
    unknown: list[str] = []
    for piece in pieces:
        if type != "departement" and (departement := departement_said(piece)):
            declared = replace(declared, departement=declared.departement or departement)
        elif not is_role(piece, type):
            meanings = next((m for one in (piece, *trimmed(piece, type)) if (m := readings(one, type, year))), [])
            if meanings:
                named.append((piece, meanings))
            else:
                unknown.append(piece)
    if not named:
        return None, replace(declared, name=unknown[0]) if len(unknown) == 1 else declared
    each = [frozenset().union(*(codes for _, codes in meanings)) for _, meanings in named]
    common = frozenset.intersection(*each)
    for piece in unknown:
        # « Pessac, Bordeaux Métropole »: a commune and what it belongs to.
        around = frozenset(code for code in common if _is_beside(piece, code, year))
        if not around and not is_aside(piece, declared.name):
            return ambiguous(frozenset().union(*each)), declared
        common = around or common
    if not common:
        return ambiguous(frozenset().union(*each)), declared
    piece, meanings = named[0]
    kept = [(method, codes & common) for method, codes in meanings if codes & common]
    return choose(type, replace(declared, name=piece), kept, year), declared


def _is_beside(piece: str, code: str, year: int) -> bool:
    """Tell whether a piece of a name says where a territory is, by its EPCI or by a part of its département."""
    place = load_places(year)[code]
    for version in (piece, *trimmed(piece, "commune")):
        if is_around(version, code, year) or (place.type == "epci" and is_near(version, code, year)):
            return True
        if any(place.epci in codes for _, codes in readings(version, "epci", year)):
            return True
    return any(is_compass(head) and departement_said(tail) in place.departements for head, _, tail in ends(piece))


def loosely(type: str, declared: Declared, year: int) -> Match | None:
    """Return what a name means less literally, or followed by what says where it is: « Aulnay de Saintonge »."""
    if found := choose(type, declared, loose_readings(declared.name, type, year), year):
        return found
    for head, link, tail in ends(declared.name):
        meanings = readings(head, type, year)
        if meanings and (departement := departement_said(tail)):
            return choose(type, replace(declared, name=head, departement=departement), meanings, year)
        # « Pessac Talence » is two communes, « Le Passage d’Agen » is one.
        if link or not readings(tail, "commune", year):
            around = [(how, frozenset(code for code in codes if _is_at(tail, code, year))) for how, codes in meanings]
            if found := choose(type, declared, [(how, codes) for how, codes in around if codes], year):
                return found
    return None


def _is_at(tail: str, code: str, year: int) -> bool:
    return is_around(tail, code, year) or is_near(tail, code, year)
