"""Who answers a simulated edition: territories of the reference list, and the people who answer for them.

What they answer belongs to `answers`, how they spell the name of their structure to `spelling`.
"""

from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from data.draws import Draws
from data.plans import EDITION_2026, Plan
from data.samples import Sample
from data.spelling import (
    misspelt,
    typed_commune,
    typed_departement,
    typed_epci,
    typed_grouping,
    typed_members,
    typed_siren,
)
from lib.territory.reference import load_former_communes, load_reference

MOST_FOR_ONE = 4

# The edition before: this share of the territories of 2026 had answered it, less mature by so much; so had others, in
# this proportion of the numbers above. Fewer people answered twice, or left.
ALREADY_THERE = 0.6
PROGRESS, UNEVEN = 0.30, 0.25
OTHERS = 0.15
EARLIER_COLLEAGUES = 44 / 64
EARLIER_QUITTERS = 9 / 14

_MATURITY = {
    "commune-0-999": -0.8,
    "commune-1000-3499": -0.4,
    "commune-3500-9999": 0.1,
    "commune-10000-49999": 0.6,
    "commune-50000": 1.1,
    "epci-0-14999": 0.1,
    "epci-15000-49999": 0.4,
    "epci-50000": 0.9,
    "departement": 1.3,
    "pays": 0.5,
    "syndicat": 0.6,
    "autre": 0.0,
}
_ROLES = {
    "small": {"elu": 0.66, "direction": 0.24, "technicien": 0.05, "autre": 0.05},
    "large": {"elu": 0.32, "direction": 0.33, "technicien": 0.32, "autre": 0.03},
    "epci": {"elu": 0.26, "direction": 0.32, "technicien": 0.39, "autre": 0.03},
    "staff": {"elu": 0.12, "direction": 0.40, "technicien": 0.45, "autre": 0.03},
}


@dataclass(frozen=True)
class Place:
    """A territory whose people answer: its true code (or the name of a grouping) and what draws depend on."""

    key: str
    type: str
    size: str
    maturity: float
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """One respondent: the truth about whom they answer for, and what they typed.

    `place` is None when what is typed designates nothing; `quits` when they leave after identifying
    themselves. `ambiguous` when the name typed is that of several communes, so that nobody can tell which is
    meant.
    """

    place: Place | None
    type: str
    role: str
    name: str
    code: str = ""
    members: str = ""
    quits: bool = False
    ambiguous: bool = False


@cache
def people(plan: Plan = EDITION_2026) -> tuple[Person, ...]:
    """Return all the respondents of an edition in the order of their answers, with the truth that the export hides."""
    draws = Draws(plan.people_seed)
    reference = load_reference(plan.millesime)
    sample, first = plan.sample, plan.later is None
    places = _earlier_places(reference, plan.later, draws) if plan.later else _places(reference, sample, draws)
    times = sample.colleagues if first else round(EARLIER_COLLEAGUES * sample.colleagues)

    answering = list(places)
    often = {place: _insistence(place) for place in places}
    colleagues = dict.fromkeys(places, 1)
    while len(answering) < len(places) + times:
        place = draws.weighted(often)
        if colleagues[place] < MOST_FOR_ONE:
            colleagues[place] += 1
            answering.append(place)

    former = _former_names(reference)
    found = [_person(place, reference, former, sample, draws) for place in answering]
    found += [Person(None, type, draws.weighted(_ROLES["large"]), name, code) for type, name, code in sample.nowhere]
    for homonym in sample.homonyms:
        code = str(reference.index[(reference["nom"] == homonym) & (reference["type"] == "commune")][0])
        place = _place(code, reference, draws)
        found.append(Person(place, "commune", "elu", homonym, ambiguous=True))
    small = reference.index[(reference["taille"] == next(iter(sample.communes)))]
    quitters = sample.quitters if first else round(EARLIER_QUITTERS * sample.quitters)
    for code in draws.shuffled(small)[:quitters]:
        person = _person(_place(str(code), reference, draws), reference, former, sample, draws)
        found.append(
            Person(person.place, person.type, person.role, person.name, person.code, person.members, quits=True)
        )
    return tuple(draws.shuffled(found))


def _places(reference: pd.DataFrame, sample: Sample, draws: Draws) -> list[Place]:
    codes: list[str] = []
    rest: list[str] = []
    per_departement = dict.fromkeys(reference.index[reference["type"] == "departement"], 0)
    for size, wanted in sample.communes.items():
        waiting = draws.shuffled(reference.index[reference["taille"] == size])
        drawn = waiting[:wanted]
        for code in drawn:
            per_departement[reference.at[code, "departement"]] += 1
        codes += drawn
        if size == "commune-0-999":
            rest = waiting[wanted:]
    # A departement that chance has left nearly empty gets small communes of its own.
    for departement, count in per_departement.items():
        own = [code for code in rest if reference.at[code, "departement"] == departement]
        codes += own[: max(0, sample.fewest_communes - count)]
    silent = reference["departements"].map(lambda departements: sample.without_epci in departements)
    for size, wanted in sample.epci.items():
        candidates = reference.index[(reference["taille"] == size) & ~silent]
        known = [code for code in candidates if code in sample.nicknames]
        others = [code for code in draws.shuffled(candidates) if code not in sample.nicknames]
        codes += (known + others)[:wanted]
    codes += [code for code in per_departement if code not in sample.silent_departements]
    places = [_place(str(code), reference, draws) for code in codes]
    for grouping in sample.groupings:
        maturity = _MATURITY[grouping.type] + 0.75 * draws.normal()
        places.append(Place(grouping.name, grouping.type, "", maturity, grouping.members))
    return places


def _earlier_places(reference: pd.DataFrame, plan: Plan, draws: Draws) -> list[Place]:
    """Return the territories of the edition before that of `plan`: a part of its own as they were, and others."""
    sample = plan.sample
    later = list(dict.fromkeys(one.place for one in people(plan) if one.place and not one.quits and not one.ambiguous))
    places = [
        replace(place, maturity=place.maturity - PROGRESS - UNEVEN * draws.normal())
        for place in later
        if draws.chance(ALREADY_THERE)
    ]
    known = {place.key for place in later}
    silent = reference["departements"].map(lambda departements: sample.without_epci in departements)
    for size, number in {**sample.communes, **sample.epci}.items():
        candidates = reference.index[(reference["taille"] == size) & ~(silent & (reference["type"] == "epci"))]
        waiting = [str(code) for code in draws.shuffled(candidates) if code not in known]
        others = (_place(code, reference, draws) for code in waiting[: round(OTHERS * number)])
        places += [replace(place, maturity=place.maturity - PROGRESS) for place in others]
    return places


def _place(code: str, reference: pd.DataFrame, draws: Draws) -> Place:
    type = str(reference.at[code, "type"])
    size = str(reference.at[code, "taille"]) if type != "departement" else ""
    return Place(code, type, size, _MATURITY[size or type] + 0.75 * draws.normal())


def _insistence(place: Place) -> float:
    """Return how readily a second person answers for a territory."""
    if place.size in ("commune-0-999", "commune-1000-3499"):
        return 0.3
    return {"commune": 1.2, "epci": 2.6, "departement": 3.0}.get(place.type, 1.6)


def _former_names(reference: pd.DataFrame) -> dict[str, str]:
    """Return, by commune of today, the name of one it absorbed, where that name designates nothing else."""
    former = load_former_communes()
    former = former[former["nature"].isin(["deleguee", "fusionnee", "associee"])]
    taken = set(reference["nom"]) | set(former.loc[former["nom"].duplicated(keep=False), "nom"])
    former = former[~former["nom"].isin(taken)]
    return dict(zip(former["code_actuel"], former["nom"], strict=True))


def _person(
    place: Place,
    reference: pd.DataFrame,
    former: dict[str, str],
    sample: Sample,
    draws: Draws,
) -> Person:
    small = place.size in ("commune-0-999", "commune-1000-3499")
    profile = {"commune": "small" if small else "large", "epci": "epci"}.get(place.type, "staff")
    role = draws.weighted(_ROLES[profile])
    code = members = ""
    if place.type in ("pays", "syndicat", "autre"):
        name = typed_grouping(place.key, draws)
        if place.members:
            names = tuple(str(reference.at[member, "nom"]) for member in place.members)
            members = typed_members(names, place.members, draws)
        elif place.type == "syndicat" and draws.chance(0.5):
            members = "tous les EPCI du département"
    elif place.type == "departement":
        name = typed_departement(place.key, str(reference.at[place.key, "nom"]), draws)
        code = draws.weighted({place.key: 5.0, "": 5.0, f"0{place.key}": 1.0})
    elif place.type == "epci":
        official = str(reference.at[place.key, "nom"])
        name = typed_epci(official, draws)
        if place.key in sample.nicknames and draws.chance(0.6):
            name = sample.nicknames[place.key]
        if draws.chance(0.35):
            code = typed_siren(place.key, draws)
    else:
        name, code = _typed_commune(place.key, reference, former, draws)
    return Person(place, place.type, role, name, code, members)


def _typed_commune(insee: str, reference: pd.DataFrame, former: dict[str, str], draws: Draws) -> tuple[str, str]:
    official = str(reference.at[insee, "nom"])
    postal_code = reference["codes_postaux"].str[0][insee]
    departement = str(reference.at[insee, "departement"])
    if insee in former and draws.chance(0.4):
        return former[insee], ""
    name = typed_commune(official, postal_code, departement, draws)
    way = draws.weighted({"none": 52.0, "insee": 36.0, "siren": 4.0, "postal": 6.0, "slip": 2.0})
    if way == "insee":
        return name, insee
    if way == "siren":
        return name, typed_siren(str(reference.at[insee, "siren"]), draws)
    if way == "postal":
        return name, postal_code
    if way == "slip":
        return (misspelt(official, draws) if len(official) >= 9 else official), insee[:-1]
    return name, ""
