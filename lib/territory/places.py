"""Hold what the matching asks of a territory again and again: where it is, in plain dictionaries built once a year.
The list itself is read by `lib.territory.reference`; what a name means is looked up by `lib.territory.gazetteer`."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from lib.territory.reference import load_reference


class Place(NamedTuple):
    """Where a territory is.

    Attributes
    ----------
    type, epci
        Type of the territory; code of the EPCI of a commune, empty if it has none.
    departements
        Codes of its départements inside the region.
    postal_codes
        Postal codes that serve a commune, empty for the others.
    population
        Population municipale.
    partial
        True for an EPCI whose seat may be outside the region.
    """

    type: str
    epci: str
    departements: tuple[str, ...]
    postal_codes: frozenset[str]
    population: int
    partial: bool

    def is_at(self, code: str, numbers: tuple[str, ...], departement: str | None) -> bool:
        """Tell whether it is where postal codes, INSEE codes or a département beside its name say it is."""
        if self.partial:
            return True
        if departement and departement not in self.departements:
            return False
        return all(number.startswith(self.departements) or self.has_number(code, (number,)) for number in numbers)

    def has_number(self, code: str, numbers: tuple[str, ...]) -> bool:
        """Tell whether one of the numbers is its code, or a postal code that serves it."""
        return any(number == code or number in self.postal_codes for number in numbers)


@cache
def load_places(millesime: int) -> dict[str, Place]:
    """Return the territories of a year by code; shared, never to be modified."""
    reference = load_reference(millesime)
    columns = (reference[name] for name in ("type", "epci", "departements", "codes_postaux", "population", "partiel"))
    return {
        str(code): Place(
            type,
            epci if isinstance(epci, str) else "",
            departements,
            frozenset(numbers),
            int(inhabitants),
            bool(partial),
        )
        for code, type, epci, departements, numbers, inhabitants, partial in zip(reference.index, *columns, strict=True)
    }


@cache
def _by_postal_code(millesime: int) -> dict[str, frozenset[str]]:
    served: dict[str, set[str]] = defaultdict(set)
    for code, place in load_places(millesime).items():
        for number in place.postal_codes:
            served[number].add(code)
    return {number: frozenset(codes) for number, codes in served.items()}


def communes_of_postal_code(number: str, millesime: int) -> frozenset[str]:
    """Return the communes that a postal code serves; empty if it is not one of the region."""
    return _by_postal_code(millesime).get(number, frozenset())


@cache
def _by_departement(type: str, millesime: int) -> tuple[dict[str, frozenset[str]], frozenset[str], frozenset[str]]:
    """Return the territories of a type by département, all of them, and those whose seat may be outside the region."""
    found: dict[str, set[str]] = defaultdict(set)
    partial: set[str] = set()
    for code, place in load_places(millesime).items():
        if place.type == type:
            for departement in place.departements:
                found[departement].add(code)
            if place.partial:
                partial.add(code)
    by_departement = {departement: frozenset(codes) for departement, codes in found.items()}
    return by_departement, frozenset().union(*found.values()), frozenset(partial)


def located(type: str, numbers: tuple[str, ...], departement: str | None, millesime: int) -> frozenset[str]:
    """Return the territories of a type that are where numbers and a département say, as `Place.is_at` does."""
    by_departement, everywhere, partial = _by_departement(type, millesime)
    nowhere: frozenset[str] = frozenset()
    kept = [by_departement.get(departement, nowhere)] if departement else []
    for number in numbers:
        around = [codes for one, codes in by_departement.items() if number.startswith(one)]
        own = {number} & load_places(millesime).keys()
        kept.append(nowhere.union(*around, _by_postal_code(millesime).get(number, nowhere), own))
    return everywhere.intersection(*kept) | partial
