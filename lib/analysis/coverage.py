"""Who answered, set against who exists: territories and inhabitants covered, by type, size and département.

It counts participation only; what was answered is left to `shares`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.analysis.selection import EVERYBODY, Mask, Selection, choices, members
from lib.survey.edition import WITHOUT_SIZE, Edition
from lib.territory.reference import load_reference

UNMATCHED = "non-reconnu"


def coverage(
    edition: Edition,
    selection: Selection = EVERYBODY,
    by: str | None = None,
    reference: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how many territories answered, out of how many, and the inhabitants they stand for.

    Parameters
    ----------
    edition
        Every retained respondent counts, whichever questions they answered.
    selection
        Filters on territories narrow the region too; that on roles narrows the respondents only.
    by
        None for one line per type; `taille` or `departement` for one per type and group.
    reference
        List of territories; that of the region by default.

    Returns
    -------
    DataFrame
        Indexed by type, and by group in a level named `by`: the groups of a type that exist in the region
        or answered, in the order of `choices`, then `non-reconnu` if some respondents' territory is not
        recognised. Columns:

        - respondents, territories: numbers of answers, and of territories of this type they come from;
        - existing: territories of the region (Int64);
        - rate: territories / existing;
        - covered: inhabitants of the territories that answered (Int64);
        - inhabitants: of all the existing ones (Int64);
        - covered_share: covered / inhabitants.

        Rates are fractions 0–1. All but the first two are missing for pays, syndicats and others, whose
        number is not known. Under a breakdown by département, a territory on several of them counts
        whole in each, among those that exist as among those that answered: lines do not add up.

    Notes
    -----
    Inhabitants are the population municipale within the region: for an EPCI that reaches beyond it,
    population × part_population. Types are never to be added: a commune's inhabitants are its EPCI's too.
    """
    territories = load_reference() if reference is None else reference
    territories = territories.assign(taille=territories["taille"].fillna(WITHOUT_SIZE))
    territories = territories[selection.without_roles().mask(territories).to_numpy()]
    respondents = edition.respondents[selection.mask(edition.respondents).to_numpy()]
    unknown = respondents["territory"].isna().to_numpy()

    groups: list[tuple[str | None, Mask, Mask]]
    if by is None:
        groups = [(None, np.ones(len(respondents), bool), np.ones(len(territories), bool))]
    else:
        codes = selection.codes(by) or tuple(choices(edition, by, reference))
        groups = [(code, members(respondents, by, (code,)), members(territories, by, (code,))) for code in codes]
        groups.append((UNMATCHED, unknown, np.zeros(len(territories), bool)))

    lines = []
    for kind in selection.types or choices(edition, "type"):
        own, existing = (
            (respondents["type"] == kind).to_numpy(bool),
            (territories["type"] == kind).to_numpy(bool),
        )
        for group, among_respondents, among_territories in groups:
            who, stratum = own & among_respondents, existing & among_territories
            if by is None or who.any() or stratum.any():
                lines.append((kind, group, *_line(respondents[who], territories[stratum])))

    names = ["respondents", "territories", "existing", "rate", "covered", "inhabitants", "covered_share"]
    frame = pd.DataFrame(lines, columns=["type", by or "group", *names]).astype(
        {
            "existing": "Int64",
            "covered": "Int64",
            "inhabitants": "Int64",
            "rate": float,
            "covered_share": float,
        }
    )
    return frame.set_index(["type", by]) if by else frame.drop(columns="group").set_index("type")


def _line(respondents: pd.DataFrame, existing: pd.DataFrame) -> tuple[object, ...]:
    """Return the columns of `coverage` for one line; those on the region are missing where it has none."""
    answered = respondents["territory"].dropna().unique()
    if existing.empty:
        return len(respondents), len(answered), pd.NA, np.nan, pd.NA, pd.NA, np.nan
    inhabitants = existing["population"].to_numpy(dtype=float) * existing["part_population"].to_numpy()
    # Looked up in the list itself: a declared type may differ from that of the territory recognised.
    present = existing.index.isin(answered)
    covered, everybody = inhabitants[present].sum(), inhabitants.sum()
    return (
        len(respondents),
        int(present.sum()),
        len(existing),
        present.mean(),
        round(covered),
        round(everybody),
        covered / everybody,
    )
