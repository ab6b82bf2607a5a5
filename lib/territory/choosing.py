"""Choose among the meanings of a declared name with what stands beside it: a postal code, a département.
The meanings are looked up in `lib.territory.gazetteer`; which readings to try, in which order, is for `deciding`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lib.territory.gazetteer import begun, recent_namesakes
from lib.territory.naming import Declared
from lib.territory.places import load_places

# A commune whose name begins that of another one so many times as populous is often not the one that is meant.
OVERSHADOWED = 8

Meanings = list[tuple[str, frozenset[str]]]


class Match(NamedTuple):
    """What one declaration means; the columns of what `lib.territory.matching.match` returns, in their order."""

    territory: str | None = None
    method: str = "none"
    candidates: tuple[str, ...] = ()
    membres: tuple[str, ...] = ()
    membres_inconnus: tuple[str, ...] = ()


def ambiguous(codes: Iterable[str]) -> Match:
    """Return a doubt between several territories."""
    return Match(None, "ambiguous", tuple(sorted(codes)))


def choose(type: str, declared: Declared, meanings: Meanings, year: int) -> Match | None:
    """Return the first meaning that what stands beside the name allows, a doubt if it allows none; None without any."""
    places = load_places(year)
    contradicted: set[str] = set()
    for method, codes in meanings:
        possible = codes | recent_namesakes(declared.name, type, year) if method == "exact" else codes
        kept = {code for code in possible if places[code].is_at(code, declared.numbers, declared.departement)}
        if len(kept) > 1 and declared.numbers:
            kept = {code for code in kept if places[code].has_number(code, declared.numbers)} or kept
        if not declared.numbers and not declared.departement:
            kept |= _shortened_to(type, declared.name, method, kept, year)
        if len(kept) == 1:
            (territory,) = kept
            return Match(territory, method if territory in codes else "former", (territory,))
        if kept:
            return ambiguous(kept)
        contradicted |= possible
    return ambiguous(contradicted) if contradicted else None


def _shortened_to(type: str, name: str, method: str, codes: set[str], year: int) -> set[str]:
    """Return the communes that people may mean when they say only the beginning of their names.

    A name of long ago is how one says for short that of a commune of today (« Castelnau »); the name of a village is
    how one says that of a town (« Villeneuve »).
    """
    if type != "commune" or method not in ("former", "exact") or len(codes) > 1:
        return set()
    longer = begun(name, type, year)
    if method == "former":
        return set() if recent_namesakes(name, type, year) else set(longer)
    places = load_places(year)
    inhabitants = max((places[code].population for code in codes), default=0)
    return {code for code in longer if places[code].population >= OVERSHADOWED * inhabitants}
