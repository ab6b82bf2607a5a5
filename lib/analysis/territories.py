"""One territory as a portrait needs it: who it is, whether it answered and may be named, and who its peers are.

What it declares belongs to `facts` and `portrait`, what its peers declare to `shares`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.analysis.facts import respondents_by_territory
from lib.analysis.selection import PLURALS, Selection, choices
from lib.survey.consent import publishable
from lib.survey.edition import WITHOUT_SIZE, Edition
from lib.survey.exchange import OTHER_STRUCTURE
from lib.survey.once import once_per_edition
from lib.territory.reference import load_reference, load_region

PUBLISHED, UNPUBLISHED, SILENT = "publiee", "non-publiee", "sans-reponse"
"""Whether a territory answered and every respondent agreed, answered without that, or did not answer."""


@dataclass(frozen=True)
class Territory:
    """A territory of the region, or a pays or syndicat that answered.

    Attributes
    ----------
    code, nom : official code and name; an identifier of ours and the declared name for what has no code.
    type, nature : type of the survey; COM, CC, CA, CU, METRO, DEP, empty for what has no code.
    population : population municipale, None for what has no code; `part_population` is the fraction inside the region.
    taille : code of the size class, `sans-objet` for types without classes.
    departements : codes, the main one first.
    epci : code of the EPCI of a commune, empty if it has none.
    membres : codes of the EPCI that a pays or syndicat declares.
    standing : `publiee`, `non-publiee` or `sans-reponse`; nothing else is known by name of the last two.
    respondents : how many people answered for it.
    """

    code: str
    nom: str
    type: str
    nature: str
    population: int | None
    part_population: float
    taille: str
    departements: tuple[str, ...]
    epci: str
    membres: tuple[str, ...]
    standing: str
    respondents: int

    @property
    def published(self) -> bool:
        """Whether what it declares may be shown by name."""
        return self.standing == PUBLISHED


def describe(edition: Edition, code: str, reference: pd.DataFrame | None = None) -> Territory:
    """Return a territory of the edition's year, or a structure without code that answered.

    `reference` is the list of territories, that of the edition's year by default.

    Raises
    ------
    KeyError
        If there is no such territory, or if it is another structure (neither pays nor syndicat) that did not agree to
        be named.
    """
    standing, people = _answered(edition).get(code, (SILENT, 0))
    reference = load_reference(edition.millesime) if reference is None else reference
    if code in reference.index:
        row: Any = reference.loc[code]
        return Territory(
            code, str(row["nom"]), str(row["type"]), str(row["nature"]), int(row["population"]),
            float(row["part_population"]), row["taille"] if isinstance(row["taille"], str) else WITHOUT_SIZE,
            row["departements"], row["epci"] if isinstance(row["epci"], str) else "", (), standing, people,
        )  # fmt: skip
    nom, kind, departements, membres = structures(edition)[code]
    return Territory(
        code, nom, kind, "", None, 1.0, WITHOUT_SIZE, departements, "", membres, standing, people
    )  # fmt: skip


@once_per_edition
def structures(edition: Edition) -> dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Return the territories without an official code that answered: name, type, départements, EPCI, by identifier.

    Other structures are there only if every respondent agreed to be named: their name may be a person's.
    """
    reference, agreed = load_reference(edition.millesime), publishable(edition.respondents)
    rows = answering(edition)
    rows = rows[~rows.index.isin(reference.index)]
    described = zip(rows.index, rows["nom"], rows["type"], rows["departements"], rows["membres"], strict=True)
    return {
        str(code): (str(nom), str(kind), tuple(departements), membres)
        for code, nom, kind, departements, membres in described
        if kind != OTHER_STRUCTURE or agreed.at[code]
    }


@once_per_edition
def answering(edition: Edition, reference: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the territories that answered, each as it is, whichever of its respondents came first.

    Parameters
    ----------
    edition
        Its answers as given, for the team alone, or the public one: neither says more than who answered.
    reference
        List of territories; that of the edition's year by default.

    Returns
    -------
    DataFrame
        Index territory, in order of first answer:

        - nom; type, taille: those of the list of territories, whatever the respondents ticked; without an official
          code, the type that its identifier begins with and `sans-objet`;
        - departements (tuple); membres: tuple of the EPCI that its respondents declare, all of them together.
    """
    territories = load_reference(edition.millesime) if reference is None else reference
    people = edition.respondents.dropna(subset=["territory"])
    members: dict[str, dict[str, None]] = {}
    for code, own in zip(people["territory"], people["membres"], strict=True):
        members.setdefault(str(code), {}).update(dict.fromkeys(own))
    rows = people.drop_duplicates("territory").set_index("territory")[["nom", "type", "departements"]]
    prefixes = pd.Series([str(code).partition(":")[0] for code in rows.index], index=rows.index, dtype="str")
    listed = territories.reindex(rows.index)
    return rows.assign(
        type=listed["type"].fillna(prefixes).astype("str"),
        taille=listed["taille"].fillna(WITHOUT_SIZE).astype("str"),
        membres=pd.Series([tuple(members[str(code)]) for code in rows.index], index=rows.index, dtype=object),
    )


def peer_groups(edition: Edition, territory: Territory) -> dict[str, tuple[str, Selection]]:
    """Return the groups that a territory is set beside, the closest first: name in French and selection, by key.

    `taille` (same type and size class, where the type has classes), `departement` (same type, main département),
    `region` (same type). A territory that answered is one of its own peers, unless its respondents gave another type
    than its own: groups are made of what respondents declare.
    """
    kind, (main, *_) = territory.type, territory.departements or ("",)
    types = choices(edition, "type")
    plural = PLURALS.get(kind, types.get(kind, kind))
    groups: dict[str, tuple[str, Selection]] = {}
    if territory.taille != WITHOUT_SIZE:
        groups["taille"] = (
            choices(edition, "taille")[territory.taille],
            Selection(types=(kind,), tailles=(territory.taille,)),
        )
    if main and kind != "departement":
        place = choices(edition, "departement").get(main, main)
        groups["departement"] = (f"{plural}\u202f: {place}", Selection(types=(kind,), departements=(main,)))
    groups["region"] = (f"{plural}\u202f: {load_region().nom}", Selection(types=(kind,)))
    return groups


@once_per_edition
def _answered(edition: Edition) -> dict[str, tuple[str, int]]:
    agreed, people = publishable(edition.respondents), respondents_by_territory(edition.respondents)
    return {
        str(code): (PUBLISHED if agrees else UNPUBLISHED, int(number))
        for code, agrees, number in zip(agreed.index, agreed, people.reindex(agreed.index), strict=True)
    }
