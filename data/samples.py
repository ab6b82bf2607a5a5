"""Which territories answer a simulated edition: how many of each size, which are silent, what people get wrong.

The shipped region has numbers of its own; those of any other one follow from its territories.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from data.groupings import GROUPINGS, Grouping


@dataclass(frozen=True)
class Sample:
    """Who answers for which territories of a region.

    Attributes
    ----------
    communes, epci : how many answer, by size class.
    groupings : structures without an official code that answer too.
    without_epci : departement of which no EPCI answers; "" for none.
    silent_departements : those that do not answer for themselves.
    fewest_communes : in each departement.
    colleagues, quitters : people who answer after another one; who leave after identifying themselves.
    nicknames : acronyms under which EPCI are declared.
    nowhere : type, name and code declared by people who designate nothing, or a place outside the region.
    homonyms : names of several communes.
    """

    communes: Mapping[str, int] = field(hash=False)
    epci: Mapping[str, int] = field(hash=False)
    groupings: tuple[Grouping, ...]
    without_epci: str
    silent_departements: frozenset[str]
    fewest_communes: int
    colleagues: int
    quitters: int
    nicknames: Mapping[str, str] = field(hash=False)
    nowhere: tuple[tuple[str, str, str], ...]
    homonyms: tuple[str, ...]


_NOWHERE = (
    ("commune", "Mairie", ""),
    ("commune", "Nantes", "44109"),
    ("commune", "ma commune", ""),
    ("epci", "Communauté de communes", ""),
    ("epci", "CC du Pays de Nulle Part", ""),
    ("commune", "Test", "00000"),
    ("commune", "Saint-Germain-sur-Nulle-Onde", ""),
)

# How many communes of each size answer the edition of 2026: far more of the large ones than their number would give.
# No EPCI of Creuse answers: a selection without any answer must exist, since pages meet it in real life.
SHIPPED = Sample(
    communes={
        "commune-0-999": 62,
        "commune-1000-3499": 56,
        "commune-3500-9999": 42,
        "commune-10000-49999": 33,
        "commune-50000": 7,
    },
    epci={"epci-0-14999": 29, "epci-15000-49999": 45, "epci-50000": 21},
    groupings=GROUPINGS,
    without_epci="23",
    silent_departements=frozenset({"19", "79"}),
    fewest_communes=8,
    colleagues=64,
    quitters=14,
    nicknames={"243300563": "COBAS", "243301504": "COBAN", "200067106": "CAPB", "244000865": "MACS"},
    nowhere=_NOWHERE,
    homonyms=("Saint-Sornin", "Mazerolles", "Saint-Martial"),
)

# The share of those that exist, near that of the shipped region; at least so many, where there are.
_SHARES = {
    "commune-0-999": 0.02,
    "commune-1000-3499": 0.06,
    "commune-3500-9999": 0.18,
    "commune-10000-49999": 0.40,
    "commune-50000": 0.75,
    "epci-0-14999": 0.55,
    "epci-15000-49999": 0.60,
    "epci-50000": 0.80,
}
_FEWEST = 8


def regional(reference: pd.DataFrame) -> Sample:
    """Return the sample of any region, given its reference list: proportionate, and made of its own territories."""
    existing = reference["taille"].value_counts()
    wanted = {
        size: min(count, max(round(_SHARES.get(size, 0.1) * count), min(count, _FEWEST)))
        for size, count in existing.items()
    }
    departements = [str(code) for code in reference.index[reference["type"] == "departement"]]
    epci = reference[reference["type"] == "epci"]
    fewest = epci["departement"].value_counts().sort_index().sort_values(kind="stable")
    communes = reference.loc[reference["type"] == "commune", "nom"]
    doubles = communes[communes.duplicated(keep=False)].drop_duplicates().sort_values()
    answering = sum(wanted.values())
    return Sample(
        communes={size: count for size, count in sorted(wanted.items()) if size.startswith("commune")},
        epci={size: count for size, count in sorted(wanted.items()) if size.startswith("epci")},
        groupings=_groupings(reference, departements),
        without_epci=str(fewest.index[0]) if len(departements) > 2 else "",
        silent_departements=frozenset(departements[1:2] if len(departements) > 3 else ()),
        fewest_communes=8,
        colleagues=max(6, answering // 5),
        quitters=max(2, answering // 25),
        nicknames={},
        nowhere=tuple(entry for entry in _NOWHERE if entry[2] not in reference.index),
        homonyms=tuple(doubles.iloc[:3]),
    )


def _groupings(reference: pd.DataFrame, departements: list[str]) -> tuple[Grouping, ...]:
    """Return a pays and a syndicat of each departement, invented and named so; their members are real EPCI."""
    found: list[Grouping] = []
    for code in departements:
        nom = str(reference.at[code, "nom"])
        members = [
            str(epci) for epci in reference.index[(reference["type"] == "epci") & (reference["departement"] == code)]
        ]
        if len(members) >= 3:
            found.append(Grouping(f"Pays simulé {code}-1", "pays", tuple(members[:3])))
        if len(members) >= 8:
            found.append(Grouping(f"Pays simulé {code}-2", "pays", tuple(members[3:6])))
        found.append(Grouping(f"Syndicat mixte numérique simulé {nom}", "syndicat", tuple(members[:2])))
    return (*found, Grouping("Agence technique départementale simulée", "autre"))
