"""Who answered: the territory, role, size and consent of each respondent, from the answers that say them.

What a declared name means is decided by `lib.territory.matching`; which respondents are retained, by `edition`.
"""

import numpy as np
import pandas as pd

from lib.survey.issues import Findings
from lib.survey.questionnaire import Codebook
from lib.survey.reading.export import Export
from lib.territory.matching import match
from lib.territory.naming import strict_key
from lib.territory.reference import load_reference

WITHOUT_SIZE = "sans-objet"
"""Size class of the territories that have none: départements, pays, syndicats, others."""

_UNMATCHED = {
    "none": "Territoire non reconnu : la réponse compte dans les résultats, mais pas sur les cartes.",
    "ambiguous": "Plusieurs territoires possibles, ou nom et code contradictoires : aucun n’est choisi.",
}


def _column(values: pd.DataFrame, key: str) -> pd.Series:
    """Return a column, wholly missing when the questionnaire gives this part to no question."""
    return values[key] if key else pd.Series(pd.NA, index=values.index, dtype="str")


def respondents_of(
    codebook: Codebook, values: pd.DataFrame, complete: np.ndarray, year: int, aliases: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the frame of respondents of `lib.survey.edition.Edition`, with one more column, `membres_inconnus`.

    Parameters
    ----------
    values : checked answers, one row per retained respondent.
    complete : whether each form was submitted (bool, in the same order).
    year : the reference list that territories are matched, named and sized by.
    aliases : territories that a person chose for a declared name, see `lib.territory.matching.match`.
    """
    parts = codebook.parts
    declared = pd.DataFrame(
        {
            "type": values[parts.territory_type],
            "nom": values[parts.territory_name],
            "code": _column(values, parts.territory_code),
            "membres": _column(values, parts.territory_members),
        }
    )
    matched = match(declared, year, aliases)
    respondents = pd.DataFrame(
        {
            "type": declared["type"],
            "role": _column(values, parts.role),
            "declared": declared["nom"],
            **{name: matched[name] for name in ("territory", "method", "candidates", "membres")},
        }
    )
    reference = load_reference(year)
    official = respondents["territory"].isin(reference.index)
    known = respondents["territory"].where(official)
    respondents["nom"] = known.map(reference["nom"]).fillna(_declared_names(respondents, ~official)).astype("str")
    without_size = respondents["territory"].notna() & ~respondents["type"].isin(["commune", "epci"])
    respondents["taille"] = known.map(reference["taille"]).mask(without_size, WITHOUT_SIZE).astype("str")
    respondents["departements"] = _departements(respondents, reference)
    respondents["publishable"] = (_column(values, parts.consent) == parts.consent_yes).fillna(False).astype(bool)
    respondents["complete"] = complete
    respondents["membres_inconnus"] = matched["membres_inconnus"]
    return respondents


def _declared_names(respondents: pd.DataFrame, unofficial: pd.Series) -> pd.Series:
    """Return the tidied name of each territory without an official one, the same for all its respondents."""
    named = respondents.loc[unofficial & respondents["territory"].notna(), ["territory", "declared"]].dropna()
    tidy = named["declared"].str.split().str.join(" ")
    # Among the spellings of one territory, one with both capitals and small letters reads best.
    shouted = (tidy == tidy.str.upper()) | (tidy == tidy.str.lower())
    best = tidy[shouted.sort_values(kind="stable").index].groupby(named["territory"]).first()
    return named["territory"].map(best)


def _departements(respondents: pd.DataFrame, reference: pd.DataFrame) -> pd.Series:
    """Return the départements of each territory: official ones, or those of its declared members together."""
    official = reference["departements"].to_dict()
    of_territory: dict[str, dict[str, None]] = {}
    for territory, members in zip(respondents["territory"], respondents["membres"], strict=True):
        if pd.isna(territory):
            continue
        codes = of_territory.setdefault(territory, dict.fromkeys(official.get(territory, ())))
        for member in members:
            codes.update(dict.fromkeys(official.get(member, ())))
    tuples = {territory: tuple(codes) for territory, codes in of_territory.items()}
    return pd.Series(
        [tuples.get(territory, ()) for territory in respondents["territory"]],
        index=respondents.index,
        dtype=object,
    )


def find_respondents(respondents: pd.DataFrame, asked: str) -> pd.DataFrame:
    """Return the respondents of a territory, or the one of an identifier, so that a person can be found and forgotten.

    Parameters
    ----------
    respondents : those of an edition as given.
    asked : part of the name of a territory, official or as typed, its code, or the identifier of a respondent.

    Returns
    -------
    DataFrame
        Index respondent; `territory`, `nom`, `declared`, `role`, `complete`. Empty when nobody is found.
    """
    key, code = strict_key(asked), asked.strip()
    named = [
        bool(key) and any(key in strict_key(name) for name in names if isinstance(name, str))
        for names in zip(respondents["nom"], respondents["declared"], strict=True)
    ]
    coded = (respondents["territory"] == code).fillna(False).to_numpy(bool) | (respondents.index == code)
    return respondents.loc[np.array(named, dtype=bool) | coded, ["territory", "nom", "declared", "role", "complete"]]


def report_matching(
    codebook: Codebook, export: Export, respondents: pd.DataFrame, lines: pd.Series, findings: Findings, year: int
) -> None:
    """Record what was not recognised among the territories declared; `lines` are those of the file."""
    name, members = codebook.parts.territory_name, codebook.parts.territory_members
    types = load_reference(year)["type"].to_dict()
    told = ("type", "declared", "territory", "method", "nom", "membres_inconnus")
    rows = zip(lines, *(respondents[key] for key in told), strict=True)
    for line, type, declared, territory, method, nom, unknown in rows:
        typed = "" if pd.isna(declared) else declared
        if method in _UNMATCHED:
            findings.add(line, export.headings[name], typed, _UNMATCHED[method])
        elif types.get(territory, type) != type:
            problem = f"Le type déclaré ne correspond pas au territoire reconnu ({nom})."
            findings.add(line, export.headings[name], typed, problem)
        for member in unknown:
            problem = "EPCI couvert non reconnu : il manque au périmètre."
            findings.add(line, export.headings[members], member, problem)
