"""What a map colours: the public status of each territory of one level, and who is outside the selection.

A status by name never depends on the respondent's role (in a small commune a role is a person), and a level never
fills in for another. Colours and words are left to `lib.display`.
"""

from functools import lru_cache

import pandas as pd

from lib.analysis.facts import respondents_by_territory, status
from lib.analysis.selection import Selection, with_sizes
from lib.analysis.territories import answering
from lib.survey.edition import Edition
from lib.survey.once import lately
from lib.territory.naming import strict_key
from lib.territory.reference import load_reference

LEVELS = {
    "epci": ("epci",),
    "commune": ("commune",),
    "departement": ("departement",),
    "perimetre": ("pays", "syndicat", "autre"),
}
"""Levels of the map, in the order to offer them, and the types of territory that each shows."""


def available_levels(selection: Selection) -> tuple[str, ...]:
    """Return the levels that the filter on types lets through, all of them when it is empty."""
    wanted = set(selection.types)
    return tuple(level for level, types in LEVELS.items() if not wanted or wanted & set(types))


@lately
def respondents_of(edition: Edition, selection: Selection, level: str) -> pd.DataFrame:
    """Return the territories of the level that answered the survey and are selected.

    Parameters
    ----------
    selection
        Its filter on roles is ignored.
    level
        A key of `LEVELS`.

    Returns
    -------
    DataFrame
        Indexed by territory, sorted by name: nom, type, departements (tuple), membres (tuple of EPCI codes),
        respondents (how many answered the survey).
    """
    respondents = edition.respondents
    shown = respondents[
        respondents["type"].isin(LEVELS[level])
        & respondents["territory"].notna()
        & selection.without_roles().mask(respondents)
    ]
    territories = shown.drop_duplicates("territory").set_index("territory")
    territories = territories[["nom", "type", "departements", "membres"]].sort_values(
        "nom", key=lambda names: names.map(strict_key), kind="stable"
    )
    return territories.assign(
        membres=answering(edition)["membres"].reindex(territories.index),
        respondents=respondents_by_territory(respondents).reindex(territories.index),
    )


@lately
def statuses(edition: Edition, column: str, selection: Selection, level: str) -> pd.DataFrame:
    """Return the public status of each territory of the level that answered the survey and is selected.

    Parameters
    ----------
    column
        Key of a column, as in `lib.analysis.facts.status`.
    selection, level
        As in `respondents_of`.

    Returns
    -------
    DataFrame
        That of `respondents_of`, then status: option code, `divergentes`, `non-publiee` or `sans-reponse`.
    """
    territories = respondents_of(edition, selection, level)
    return territories.assign(status=status(edition, column).reindex(territories.index))


@lru_cache(maxsize=256)
def selected_territories(selection: Selection, level: str, millesime: int | None = None) -> pd.Index:
    """Return the official codes of the level that the filters on territories let through, answer or not.

    The list is that of `millesime`, the year of today by default. Kept, as a map asks it four times. Empty for the
    level `perimetre`: no list of pays and syndicats is known.
    """
    reference = load_reference(millesime)
    if level not in ("epci", "commune", "departement"):
        return reference.index[:0]
    of_level = with_sizes(reference[reference["type"] == level])
    return of_level.index[selection.without_roles().mask(of_level)]
