"""The two sides of a crossing: what may be crossed, and the units that answered both.

Counting them, and testing whether they go together, is left to `crossing`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.analysis.answers import Answers, Block, cluster_codes, numbered, read_answers
from lib.analysis.facts import territory_answers
from lib.analysis.intervals import Floats
from lib.analysis.selection import Selection, choices, memberships
from lib.analysis.tabulation import RESPONDENTS, TERRITORIES, group_levels, group_weights, parts
from lib.survey.edition import Edition

ATTRIBUTES = {
    "type": "Type de territoire",
    "taille": "Taille",
    "departement": "Département",
    "role": "Rôle du répondant",
}
"""What may be crossed besides questions: what is known of the respondent or of the territory."""

MULTIPLE = ("multiple", "array_multiple", "ranking")


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a crossing, as the respondents answered it.

    Attributes
    ----------
    answers
        Those of all the respondents, on a single row.
    attribute
        The dimension, None for a question.
    several
        Whether one unit may have several options: each is then a yes or no of its own.
    """

    answers: Answers
    attribute: str | None
    several: bool


@dataclass(frozen=True, eq=False)
class Pair:
    """The units that answered both sides: options of each, truth values unit × option, clusters, weights."""

    row_names: dict[str, str]
    column_names: dict[str, str]
    rows: Block
    columns: Block
    clusters: NDArray[np.intp]
    weights: Floats | None


def sides(edition: Edition) -> dict[str, str]:
    """Return what may be crossed, code to title: `strategie`, `themes/inclusion` for a row of an array, `taille`.

    Questions that identify someone (name, code, members, role, consent) and free texts are not there; the role is, as
    an attribute, where the questionnaire asks for it.
    """
    found: dict[str, str] = {}
    for question in edition.codebook.substantive:
        if question.kind != "text":
            rows = question.row_labels
            found |= {f"{question.id}/{row}": f"{question.short}\u202f: {label}" for row, label in rows.items()}
            if not rows:
                found[question.id] = question.short
    asked = ATTRIBUTES if edition.codebook.parts.role else {k: v for k, v in ATTRIBUTES.items() if k != "role"}
    return found | asked


def units(edition: Edition, row: str, column: str) -> tuple[str, ...]:
    """Return the units that a crossing allows, the default first.

    Territories where each side is a fact (the unit of the questionnaire) or is known of the territory; an opinion and a
    role belong to respondents.
    """
    if all(_of_territories(edition, code) for code in (row, column)):
        return TERRITORIES, RESPONDENTS
    return (RESPONDENTS,)


def checked_unit(edition: Edition, row: str, column: str, unit: str | None) -> str:
    """Return the unit of a crossing, the default of `units` where it is None.

    Raises
    ------
    KeyError
        If `row` or `column` is no key of `sides`.
    ValueError
        If they are the same, or the unit is not allowed.
    """
    known = sides(edition)
    for code in (row, column):
        if code not in known:
            raise KeyError(f"{code!r} cannot be crossed: expected one of {', '.join(known)}")
    if row == column:
        raise ValueError(f"{row!r} cannot be crossed with itself")
    allowed = units(edition, row, column)
    if unit is not None and unit not in allowed:
        raise ValueError(f"{row} × {column} cannot be counted in {unit}: expected {' or '.join(allowed)}")
    return unit or allowed[0]


def read_side(edition: Edition, code: str, selection: Selection, reference: pd.DataFrame | None = None) -> Side:
    """Return one side of a crossing, `code` being a key of `sides`.

    The options of an attribute are all those of `choices`, or those that the selection filters on.
    """
    if code in ATTRIBUTES:
        wanted = selection.codes(code)
        names = {key: name for key, name in choices(edition, code, reference).items() if not wanted or key in wanted}
        hits = memberships(edition.respondents, code, list(names))[:, None, :]
        return Side(Answers({"": ATTRIBUTES[code]}, names, hits, np.any(hits, axis=2)), code, code == "departement")
    name, _, row = code.partition("/")
    question = edition.codebook[name]
    answers = read_answers(edition, question)
    return Side(answers.only(row) if row else answers, None, question.kind in MULTIPLE)


def paired(
    edition: Edition, first: Side, second: Side, selection: Selection, unit: str, reference: pd.DataFrame | None
) -> Pair:
    """Return the selected units that answered both sides, territories by the rule of `facts`."""
    codes, clusters = numbered(edition)[0], cluster_codes(edition)
    groups = parts(edition, selection, None, reference)
    kept, weights = groups[0].kept, None
    if unit == TERRITORIES:
        kept = kept & (codes >= 0)
        if selection.weighted:
            weights = group_weights(edition, groups, group_levels(edition, selection, groups, reference)).get(None)
    given = []
    for side in (first, second):
        answers = side.answers.take(kept)
        if unit == TERRITORIES:
            answers = territory_answers(answers, codes[kept])
        # An attribute has no « divergentes »: a territory whose respondents declare two types is left out.
        options = side.answers.options if side.attribute else answers.options
        hits = answers.hits[:, 0, : len(options)]
        given.append((options, hits, answers.counted[:, 0] & (hits.any(axis=1) | (side.attribute is None))))
    (row_names, rows, on_row), (column_names, columns, on_column) = given
    both = on_row & on_column
    owners = np.unique(codes[kept]) if unit == TERRITORIES else clusters[kept]
    return Pair(
        row_names, column_names, rows[both], columns[both], owners[both], None if weights is None else weights[both]
    )


def _of_territories(edition: Edition, code: str) -> bool:
    if code in ATTRIBUTES:
        return code != "role"
    return edition.codebook[code.partition("/")[0]].unit == TERRITORIES
