"""What PQN-A should know of an area before going there, from the answers as given: for the team alone.

Who may read it is decided by `lib.ui.access`, how the sheet looks by `lib.ui.visit`; contacts are read elsewhere.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.analysis.answers import read_answers
from lib.analysis.areas import Area, situated
from lib.analysis.divergence import divergence
from lib.analysis.engagement import UNKNOWN, points
from lib.analysis.facts import divergences, facts
from lib.analysis.pairing import pairings
from lib.analysis.territories import answering
from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.survey.once import once_per_edition
from lib.survey.questionnaire import Question
from lib.survey.support import load_support
from lib.territory.naming import strict_key
from lib.territory.reference import load_reference

TYPES = ("departement", "pays", "syndicat", "epci", "commune")
"""Types of territory in the order in which a sheet lists them, any other after."""

ASKED, DIVERGENT = "mise-en-relation", "divergentes"
"""Why a territory is called before others: somebody there asked to be put in touch, or its answers differ."""


def answered(given: Edition, area: Area, reference: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the territories of the area that answered, and those around it: a pays across its limit, its département.

    Parameters
    ----------
    given
        The answers as given.
    reference
        List of territories; that of the edition's year by default.

    Returns
    -------
    DataFrame
        Index territory, in the order of `TYPES`, then the most populated first, then by name:

        - nom, type; population (Int64, missing without an official code);
        - inside: whether it is the area or in it (`lib.analysis.areas.situated`); a sheet counts these alone;
        - respondents: how many people; people: their identifiers (tuple); roles: their roles (tuple of codes, in the
          same order, "" where not answered);
        - stage: code of a stage of engagement, or `indetermine`;
        - published: whether it may be named in public;
        - one column for each question of `status_questions`, named by its id: option code, `divergentes`, missing.

    Raises
    ------
    ValueError
        If the edition is a public one: its answers are exchanged, and a sheet would give one's to another.
    """
    if given.threshold:
        raise ValueError("a visit is prepared from the answers as given: in a public edition they are exchanged")
    territories = load_reference(given.millesime) if reference is None else reference
    everybody = _respondents(given)
    rows = everybody.join(answering(given, reference).drop(columns="taille"))
    rows["population"] = territories["population"].reindex(rows.index)
    places = situated(rows, area)
    rows = rows.assign(inside=places["inside"])[places.any(axis=1)]
    stages = points(given)["stage"].reindex(rows.index).fillna(UNKNOWN)
    told = {id: declared.reindex(rows.index) for id, declared in _declared(given).items()}
    agreed = publishable(given.respondents).reindex(rows.index)
    return _listed(rows.assign(stage=stages, published=agreed, **told)).drop(columns=["membres", "departements"])


def silent(given: Edition, area: Area, reference: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the EPCI and the communes of the area, and a département that is the area, that nobody answered for.

    Returns
    -------
    DataFrame
        Index code; nom, type, population (Int64); in the order of `answered`.
    """
    territories = load_reference(given.millesime) if reference is None else reference
    own = [*((area.code,) if area.type == "departement" else ()), *area.epci, *area.communes]
    codes = territories.index[territories.index.isin(own) & ~territories.index.isin(_respondents(given).index)]
    return _listed(territories.loc[codes, ["nom", "type", "population"]])


def covered(given: Edition, area: Area, reference: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how many communes and EPCI of the area answered, and the share of its inhabitants that they stand for.

    Returns
    -------
    DataFrame
        Index `epci`, `commune`; territories, existing (numbers), share: fraction 0–1 of the inhabitants of the
        communes of the area who live in a commune that answered, or whose EPCI did; NaN for an area without
        inhabitants. The two are never to be added.
    """
    territories = load_reference(given.millesime) if reference is None else reference
    communes = territories.loc[list(area.communes), ["population", "epci"]]
    present, inhabitants = _respondents(given).index, communes["population"].to_numpy(dtype=float)
    reached = {"epci": communes["epci"].isin(present).to_numpy(), "commune": communes.index.isin(present)}
    codes = {"epci": pd.Index(area.epci, dtype="str"), "commune": communes.index}
    return pd.DataFrame(
        {
            "territories": [int(codes[kind].isin(present).sum()) for kind in codes],
            "existing": [len(own) for own in codes.values()],
            "share": [inhabitants[own].sum() / (inhabitants.sum() or np.nan) for own in reached.values()],
        },
        index=pd.Index(codes, name="type"),
    )


def stages(territories: pd.DataFrame) -> pd.Series:
    """Return how many territories inside the area are at each stage of the rule, then `indetermine`.

    `territories` are those of `answered`.
    """
    codes = [*(stage.code for stage in load_rule().stages), UNKNOWN]
    counts = territories.loc[territories["inside"], "stage"].value_counts()
    return counts.reindex(codes, fill_value=0).rename("territories")


def opinions(given: Edition, territories: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Return how many respondents of the area gave each answer, beside those of the region.

    Parameters
    ----------
    territories
        Those of `answered`; the respondents of the ones inside the area count, each once.
    question
        One of `opinion_questions`.

    Returns
    -------
    DataFrame
        Index option code, the most frequent first, that of the region where they are equal: label, count, base, share,
        region_count, region_base, region_share. A base is who answered the question, shares are fractions 0–1, NaN on
        a base of 0. The region is everybody, the area included.
    """
    answers = read_answers(given, question)
    own = given.respondents.index.isin([person for people in territories.loc[territories["inside"], "people"]
                                        for person in people])  # fmt: skip
    frame = pd.DataFrame({"label": list(answers.options.values())}, index=pd.Index(answers.options, name="code"))
    for prefix, kept in (("", own), ("region_", np.ones(len(own), dtype=bool))):
        counted = answers.counted[kept, 0]
        frame[f"{prefix}count"] = answers.hits[kept, 0][counted].sum(axis=0)
        frame[f"{prefix}base"] = int(counted.sum())
        frame[f"{prefix}share"] = frame[f"{prefix}count"] / (counted.sum() or np.nan)
    return frame.sort_values(["count", "region_count"], ascending=False, kind="stable")


def divergent(given: Edition, territories: pd.DataFrame) -> pd.DataFrame:
    """Return what the respondents of a territory inside the area answer differently, to settle it there.

    Parameters
    ----------
    territories
        Those of `answered`.

    Returns
    -------
    DataFrame
        One row per question on a fact and territory, territories in the order of `answered`: territory, nom, question
        (id), rows (tuple of the codes on which they differ, empty for a question without rows), answers (tuple of the
        option codes given, empty unless a single answer was asked).
    """
    inside = territories.index[territories["inside"]]
    found = divergence(given)
    found = found[found["territory"].isin(inside)].drop(columns="published")
    keys = zip(found["territory"], found["question"], strict=True)
    said = _said(given)
    found["answers"] = pd.Series([said.get(key, ()) for key in keys], index=found.index, dtype=object)
    order = np.argsort(inside.get_indexer(pd.Index(found["territory"])), kind="stable")
    return found.iloc[order].reset_index(drop=True)


def pairs(given: Edition, territories: pd.DataFrame) -> pd.DataFrame:
    """Return the proposed pairs with a territory inside the area.

    Returns
    -------
    DataFrame
        The rows of `lib.analysis.pairing.pairings`, then received and lent: whether the territory that would be helped
        is inside the area, whether the supporter is. Those that would be helped come first.
    """
    inside = territories.index[territories["inside"]]
    proposed = pairings(given).pairs
    kept = proposed.assign(received=proposed["territory"].isin(inside), lent=proposed["supporter"].isin(inside))
    return kept[kept["received"] | kept["lent"]].sort_values("received", ascending=False, kind="stable")


def unserved(given: Edition, territories: pd.DataFrame) -> pd.DataFrame:
    """Return the territories inside the area to be helped by somebody, and for whom nobody is found.

    They are rows of `lib.analysis.pairing.pairings`: territory, nom, type, stage, published, reason.
    """
    left = pairings(given).unserved
    return left[left["territory"].isin(territories.index[territories["inside"]])]


def calls(given: Edition, territories: pd.DataFrame, split: pd.DataFrame) -> pd.DataFrame:
    """Return the territories inside the area that answered, in the order in which to call them.

    Parameters
    ----------
    territories, split
        Those of `answered` and of `divergent`.

    Returns
    -------
    DataFrame
        Index territory: nom, type, people, roles (as in `answered`), reasons: tuple of `mise-en-relation` (somebody
        asked to be put in touch) and `divergentes` (its answers differ). First those who asked, then those whose
        answers differ, then the others, each in the order of `answered`.
    """
    rows = territories.loc[territories["inside"], ["nom", "type", "people", "roles"]]
    asking = _asking(given)
    differing = frozenset(split["territory"])
    reasons = [
        (*((ASKED,) if not asking.isdisjoint(people) else ()), *((DIVERGENT,) if code in differing else ()))
        for code, people in rows["people"].items()
    ]
    ranks = [0 if ASKED in own else 1 if own else 2 for own in reasons]
    told = pd.Series(reasons, index=rows.index, dtype=object)
    return rows.assign(reasons=told).iloc[np.argsort(ranks, kind="stable")]


def status_questions(edition: Edition) -> tuple[Question, ...]:
    """Return the questions on facts that allow a single answer: in ours, the strategy and the coordinating body."""
    return tuple(
        question for question in edition.codebook.substantive
        if question.unit == "territories" and question.kind in ("single", "scale")
    )  # fmt: skip


def opinion_questions(edition: Edition) -> tuple[Question, ...]:
    """Return the opinions with several answers: in ours, needs, obstacles and the support asked for."""
    return tuple(
        question for question in edition.codebook.substantive
        if question.unit == "respondents" and question.kind == "multiple"
    )  # fmt: skip


def asks_to_be_put_in_touch(edition: Edition) -> bool:
    """Return whether the questionnaire lets a respondent ask to be put in touch with another territory."""
    way = load_support().put_in_touch
    return way.question in edition.codebook and way.option in edition.codebook[way.question].labels


@once_per_edition
def _asking(edition: Edition) -> frozenset[str]:
    """Return the respondents who ask to be put in touch with another territory; none where it is not asked."""
    if not asks_to_be_put_in_touch(edition):
        return frozenset()
    way = load_support().put_in_touch
    asking = read_answers(edition, edition.codebook[way.question]).any_of((way.option,)).hits[:, 0, 0]
    return frozenset(edition.respondents.index[asking])


@once_per_edition
def _declared(edition: Edition) -> dict[str, pd.Series]:
    """Return what each territory declares, by question of `status_questions`."""
    return {question.id: facts(edition, question.id) for question in status_questions(edition)}


@once_per_edition
def _said(edition: Edition) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the answers that differ, by territory and question of `status_questions`."""
    said: dict[tuple[str, str], tuple[str, ...]] = {}
    for question in status_questions(edition):
        split = divergences(edition, question)
        said |= {(code, question.id): own for code, own in zip(split["territory"], split["answers"], strict=True)}
    return said


@once_per_edition
def _respondents(edition: Edition) -> pd.DataFrame:
    """Return who answered for each territory, in order of first answer: respondents, people, roles as in `answered`."""
    known = edition.respondents.dropna(subset=["territory"])
    told = pd.DataFrame({"people": known.index, "roles": known["role"].fillna("")}, index=known.index, dtype=object)
    of_territory = told.groupby(known["territory"], sort=False)
    return of_territory.agg(tuple).assign(respondents=of_territory.size())


def _listed(territories: pd.DataFrame) -> pd.DataFrame:
    """Return territories in the order of `TYPES`, then the most populated first, then by name."""
    keys = pd.DataFrame(
        {
            "rank": [TYPES.index(kind) if kind in TYPES else len(TYPES) for kind in territories["type"]],
            "population": -territories["population"].to_numpy(dtype=float, na_value=0),
            "nom": territories["nom"].map(strict_key).to_numpy(),
        }
    )
    return territories.iloc[keys.sort_values(["rank", "population", "nom"], kind="stable").index.to_numpy()]
