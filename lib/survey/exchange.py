"""The public edition: unpublished answers exchanged between similar territories, once, before anything is counted.

Every public figure is counted on it, so that no filter, crossing, weighting or download, nor any combination of
them, can say more of a territory than these records do. Hiding small counts is left to `disclosure`.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.survey.consent import publishable
from lib.survey.edition import Edition
from lib.survey.protection import Protection, load_protection
from lib.survey.questionnaire import Codebook
from lib.survey.states import NOT_ASKED

Places = NDArray[np.intp]

# Types too few to be exchanged among themselves alone are taken together.
FAMILIES = {"commune": 0, "epci": 1, "departement": 2}
UNOFFICIAL = 3
OTHER_STRUCTURE = "autre"
"""Type of the structures that are neither authorities nor syndicats: one may bear the name of a person."""


def exchanged(edition: Edition, protection: Protection | None = None, kept: pd.DataFrame | None = None) -> Edition:
    """Return the public edition of an edition: same respondents, territories and totals, answers exchanged.

    Parameters
    ----------
    edition
        The answers as given; it is not modified.
    protection
        Strength; that of data/protection.toml by default.
    kept
        Whose answers each respondent is given, from `lib.survey.kept_draw.draw_frame` of this edition; drawn here by
        default.

    Returns
    -------
    Edition
        Its `threshold` is that of the protection. Type, territory, size, départements of every respondent, and
        whether each agreed to be named (`publishable`), are untouched. Free texts, what was typed in faulty cells,
        the declared name and the answer on consent are taken out. The rest is exchanged, by a permutation drawn once:

        - facts of a territory where some respondent refused publication by name, or that is not recognised, go
          together to another such territory with as many respondents. Where everybody agreed they stay, since they
          are shown by name; several respondents of one territory exchange them among themselves;
        - opinions and role of anybody go to somebody else, by preference where the same answer to the leading fact
          (the strategy) is shown, so that what goes with it still does.

        Exchanges are mostly between neighbours by type, number of respondents, département and size: they are
        drawn in two passes over overlapping blocks, so that no closed group gives its own total back, and some
        travel within their type, fewer anywhere in the region. Counts over the whole region are those of the
        answers as given, but for territories with a number of respondents that no similar one has. Where fewer
        than `fewest` could exchange, their answers are taken out instead.

    Notes
    -----
    The permutation is drawn from a hash of all the answers, texts included: it is the same at each start and on
    each server, and cannot be drawn again by somebody who does not already hold them. Targeted record swapping is
    described in Hundepool et al. (2012), Statistical Disclosure Control, 3.6, and used in the British censuses.

    It resists whoever reads public figures, however many. It does not make a record unrecognisable to somebody who
    already holds several of its answers: facts of one territory stay together, and so do opinions of one person.
    """
    protection = protection or load_protection()
    if kept is None:
        source_facts, source_opinions = draw(edition, protection, Random(_seed(edition)))
    else:
        source_facts, source_opinions = (_kept_places(edition, kept[name]) for name in ("facts_from", "opinions_from"))
    codebook = edition.codebook
    facts = [key for question in codebook.substantive if question.unit == "territories" for key in question.columns]
    opinions = [key for question in codebook.substantive if question.unit != "territories" for key in question.columns]
    if codebook.parts.role:
        opinions += codebook[codebook.parts.role].columns

    values, states = edition.values.copy(), edition.states.copy()
    for keys, source in ((facts, source_facts), (opinions, source_opinions)):
        values[keys] = edition.values[keys].iloc[source].set_axis(values.index)
        states[keys] = edition.states[keys].iloc[source].set_axis(states.index)
    codes, named = territories(edition.respondents)
    if len(np.unique(codes[~named])) < protection.fewest:
        values.loc[~named, facts], states.loc[~named, facts] = pd.NA, np.int8(NOT_ASKED)
    if len(codes) < protection.fewest:
        values[opinions], states[opinions] = pd.NA, np.int8(NOT_ASKED)
    withheld = _withheld(codebook)
    values[withheld], states[withheld] = pd.NA, np.int8(NOT_ASKED)
    values = values.astype(dict.fromkeys(withheld, "str"))
    respondents = edition.respondents.assign(
        role=_role(edition, values),
        declared=pd.Series(pd.NA, index=values.index, dtype="str"),
        candidates=None,
    ).drop(columns="line", errors="ignore")
    respondents = _without_private_names(respondents, edition.id)
    return replace(
        edition,
        respondents=respondents,
        values=values,
        states=states,
        # What was odd is counted in public; what was typed is not, nor the line that says of whom.
        issues=edition.issues.assign(value="", row=0),
        threshold=protection.threshold,
    )


def _without_private_names(respondents: pd.DataFrame, edition_id: str) -> pd.DataFrame:
    """Return the respondents, other structures that did not agree to be named under a number: one may be a person's."""
    other = respondents["territory"].str.startswith(f"{OTHER_STRUCTURE}:").fillna(False).to_numpy(bool)
    private = other & ~respondents["territory"].map(publishable(respondents)).fillna(True).to_numpy(bool)
    numbers = pd.factorize(respondents["territory"].where(private))[0] + 1
    hidden = pd.Series([f"{OTHER_STRUCTURE}:{edition_id}-{number}" for number in numbers], index=respondents.index)
    return respondents.assign(
        territory=respondents["territory"].mask(private, hidden).astype("str"),
        nom=respondents["nom"].mask(private, "Autre structure").astype("str"),
    )


def draw(edition: Edition, protection: Protection, random: Random) -> tuple[Places, Places]:
    """Return, for each respondent, the places of those whose facts and whose opinions and role it is given."""
    respondents = edition.respondents
    codes, named = territories(respondents)
    facts = np.arange(len(codes))

    bundles = bundles_of(codes, ~named)
    similar = similarity(respondents, np.array([bundle[0] for bundle in bundles], dtype=np.intp))
    keys = [(family, len(bundle), *rest) for (family, *rest), bundle in zip(similar, bundles, strict=True)]
    for place, origin in enumerate(_permutation(keys, keys, 2, protection, random)):
        # As many as the place has: the last ones of a larger bundle are left, those of a smaller one come twice.
        facts[bundles[place]] = np.resize(shuffled(bundles[origin], random), len(bundles[place]))
    for bundle in bundles_of(codes, named):
        facts[bundle] = shuffled(bundle, random)

    # Opinions follow the fact that they go with: those of somebody who gave an answer go where that answer now stands.
    answers = leading_fact(edition)
    similar = similarity(respondents, np.arange(len(codes)))
    given, shown = (
        [(family, said, *rest) for (family, *rest), said in zip(similar, told, strict=True)]
        for told in (answers, answers[facts])
    )
    return facts, _permutation(shown, given, 2, protection, random)


def _kept_places(edition: Edition, origins: pd.Series) -> Places:
    """Return the places of kept origins; ValueError where the draw is that of other respondents."""
    places = edition.respondents.index.get_indexer(pd.Index(origins.reindex(edition.respondents.index)))
    if (places < 0).any() or len(origins) != len(places):
        raise ValueError("the draw kept is not that of these respondents")
    return places


def territories(respondents: pd.DataFrame) -> tuple[Places, NDArray[np.bool_]]:
    """Return a number for the territory of each respondent, and whether its facts are published by name."""
    codes, known = pd.factorize(respondents["territory"])
    # A respondent without a recognised territory stands alone, and was never to be named.
    codes = np.where(codes < 0, len(known) + np.arange(len(codes)), codes)
    agreed = publishable(respondents).reindex(known).to_numpy(bool)
    return codes, np.concatenate([agreed, np.zeros(len(codes), bool)])[codes]


def _permutation(
    places: list[tuple], origins: list[tuple], depth: int, protection: Protection, random: Random
) -> Places:
    """Return, for each place, the origin that is drawn for it: mostly one that comes near it in the order of the keys.

    `places` and `origins` are the keys of the same things, as they are shown and as they were given. The first
    `depth` parts of a key are a class, inside which local exchanges stay; the first part alone is the family,
    inside which the travellers within a type stay.
    """
    size = len(places)
    order, from_order = (
        np.array(sorted(range(size), key=lambda place: keys[place]), dtype=np.intp) for keys in (places, origins)
    )
    content = np.arange(size)
    families = [places[place][0] for place in order]
    _travel(content, [np.arange(size)], protection.within_region, random)
    _travel(content, _runs(families, 1), protection.within_type, random)
    block = protection.block
    for run in _runs([places[place][:depth] for place in order], protection.threshold):
        for start in (0, (block + 1) // 2):
            for part in _blocks(run, start, block):
                content[part] = shuffled(content[part], random)
    found = np.empty(size, dtype=np.intp)
    found[order] = from_order[content]
    return found


def shuffled(places: Places, random: Random) -> Places:
    """Return the places in random order, by `Random.random` alone: it draws the same with every version."""
    return places[np.argsort([random.random() for _ in places], kind="stable")]


def _travel(content: Places, runs: list[Places], share: float, random: Random) -> None:
    """Permute the contents of a random part of each run, two of them at least."""
    for run in runs:
        drawn = run[[random.random() < share for _ in run]]
        if len(drawn) < 2:
            drawn = shuffled(run, random)[:2]
        content[drawn] = shuffled(content[drawn], random)


def _runs(labels: list, smallest: int) -> list[Places]:
    """Return the places of each run of equal labels; one shorter than `smallest` joins the run before it."""
    runs: list[list[int]] = []
    for place, label in enumerate(labels):
        if runs and labels[runs[-1][-1]] == label:
            runs[-1].append(place)
        else:
            runs.append([place])
    joined: list[list[int]] = []
    for run in runs:
        if joined and (len(run) < smallest or len(joined[-1]) < smallest):
            joined[-1] += run
        else:
            joined.append(run)
    return [np.array(run, dtype=np.intp) for run in joined]


def _blocks(run: Places, start: int, block: int) -> list[Places]:
    """Return a run cut every `block` places from `start`; an end shorter than a block joins its neighbour."""
    cuts = list(range(start, len(run) - block + 1, block)) or [0]
    if cuts[0] and cuts[0] < block:
        # What comes before the first cut is a short block of its own: the second pass needs it no larger.
        return [run[: cuts[0]], *(run[a:b] for a, b in zip(cuts, [*cuts[1:], len(run)], strict=True))]
    return [run[a:b] for a, b in zip(cuts, [*cuts[1:], len(run)], strict=True)]


def bundles_of(codes: Places, among: NDArray[np.bool_]) -> list[Places]:
    """Return the places of the respondents of each territory."""
    places = np.flatnonzero(among)
    places = places[np.argsort(codes[places], kind="stable")]
    return [part for part in np.split(places, np.flatnonzero(np.diff(codes[places])) + 1) if len(part)]


def similarity(respondents: pd.DataFrame, places: Places) -> list[tuple]:
    """Return family, département, type and size of respondents: what makes two territories neighbours here."""
    rows = respondents.iloc[places]
    return [
        (FAMILIES.get(kind, UNOFFICIAL), own[0] if own else "", str(kind), str(size))
        for kind, own, size in zip(rows["type"], rows["departements"], rows["taille"].fillna(""), strict=True)
    ]


def leading_fact(edition: Edition) -> NDArray[np.intp]:
    """Return the rank of each respondent's answer to the first fact of one answer: the strategy, in this survey.

    One question only: each more would send opinions further away in département and size.
    """
    for question in edition.codebook.substantive:
        if question.unit == "territories" and question.kind in ("single", "scale"):
            return pd.Index(list(question.labels)).get_indexer(pd.Index(edition.values[question.id]))
    return np.zeros(len(edition.values), dtype=np.intp)


def _role(edition: Edition, values: pd.DataFrame) -> pd.Series:
    """Return the role that goes with the public answers, missing where the questionnaire asks none."""
    part = edition.codebook.parts.role
    return values[part] if part else pd.Series(pd.NA, index=values.index, dtype="str")


def _withheld(codebook: Codebook) -> list[str]:
    """Return the columns that no public figure counts: texts, names, codes and consent."""
    texts = [question.id for question in codebook.questions if question.kind == "text"]
    others = [question.other_column for question in codebook.questions if question.other]
    consent = [codebook.parts.consent] if codebook.parts.consent else []
    return [*texts, *others, *consent]


def _seed(edition: Edition) -> int:
    """Return a number that only somebody who holds all the answers can compute."""
    # By hand: the same answers must give the same exchange for ever, and pandas may hash otherwise one day. Two
    # exchanges of the same answers would say more together than either.
    digest = hashlib.sha256(edition.id.encode())
    for key in edition.values:
        digest.update(f"\x1e{key}\x1e".encode())
        digest.update("\x1f".join(edition.values[key].fillna("\x00")).encode())
        digest.update(edition.states[key].to_numpy(dtype=np.int8).tobytes())
    digest.update("\x1f".join(edition.respondents["territory"].fillna("\x00")).encode())
    return int.from_bytes(digest.digest(), "big")
