"""What the page Engagement says of the typology: its rule, generated from the rule itself, and how stable it is.

Points and stages come from `lib.analysis.engagement`, what moves with a threshold from `lib.analysis.stability`.
"""

from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from lib.analysis.engagement import UNKNOWN_LABEL, counted, missing, opinions, whole
from lib.analysis.selection import Selection
from lib.analysis.stability import MOST_MOVED, POINTS, SHARE_OF_POINTS, stability
from lib.display.formats import (
    HIDDEN,
    MASKED_WHY,
    NARROW,
    THRESHOLD,
    closed,
    lower_first,
    number,
    percent,
    plain,
    quoted,
    words,
)
from lib.display.sentences import answer, share_words
from lib.survey.edition import Edition
from lib.survey.engagement import Criterion, Rule
from lib.ui import asked, blocks

TEAM_ONLY = "équipe seulement"


def stop_unless(edition: Edition, selection: Selection, rule: Rule) -> None:
    """Stop the page, with a way on, when the edition asks nothing that a stage could rest on; else say what lacks."""
    absent = missing(edition, rule)
    if not counted(edition, rule):
        asked.stop_unless(edition, selection, {criterion.question: criterion.options for criterion in absent})
    for_all = [criterion for criterion in absent if not _only_an_opinion(edition, criterion)]
    if for_all:
        named = words(quoted(plain(criterion.label)) for criterion in for_all)
        st.info(
            f"L’édition affichée n’a pas posé, ou pas avec les mêmes réponses{NARROW}: {named}. Le stade repose sur "
            "les autres critères.",
            icon=":material/quiz:",
        )


def sentence(shares: pd.DataFrame, rule: Rule) -> str:
    """Return the sentence that answers the page's question: the most and the least engaged, with base and margin."""
    most, least = rule.stages[0], rule.stages[-1]
    first: Any = shares.loc[most.code]
    last: Any = shares.loc[least.code]
    if first.get("hidden", False) and last.get("hidden", False):
        return (
            f"Les parts des stades {quoted(most.label)} et {quoted(least.label)} sont masquées pour cette sélection "
            f"({MASKED_WHY})."
        )
    at_most, at_least = f"au stade {quoted(most.label)}", f"au stade {quoted(least.label)}"
    for row, hidden, shown, masked in ((first, last, at_most, at_least), (last, first, at_least, at_most)):
        if hidden.get("hidden", False):
            said = answer(row, "territories", f"sont {shown}").rstrip(".")
            return f"{said}{NARROW}; la part de ceux qui sont {masked} est masquée ({MASKED_WHY})."
    return answer(first, "territories", f"sont {at_most} et {share_words(last, 'territories')} {at_least}")


def role_note(selection: Selection) -> None:
    """Say, under the answer, what a filter on roles does here."""
    if selection.roles:
        st.caption(
            "Le filtre sur le rôle garde les territoires pour lesquels une personne de ce rôle a répondu. Leur stade "
            "repose sur les réponses de tous leurs répondants."
        )


def rule_tables(edition: Edition, rule: Rule) -> None:
    """Draw the whole rule: what gives points, then the stages, and what is done with what is not known."""
    total = whole(edition, rule)
    _table(criteria_table(edition, rule), "critères et points")
    _table(stage_table(edition, rule), "stades, seuils et sens")
    said = (
        f"Le stade se lit à la **part des points obtenus parmi les points possibles**, {number(total)} au plus. "
        f"Un critère sans réponse, répondu {quoted('ne sait pas')}, ou sur lequel les répondants du territoire "
        "divergent, n’est compté ni dans les uns ni dans les autres\u202f; de même pour une thématique. Quand moins de "
        f"{percent(rule.fewest)} des points sont connus, le territoire est classé {quoted(UNKNOWN_LABEL)}."
    )
    left_out = opinions(edition, rule) if edition.threshold else ()
    if left_out:
        named = words(quoted(plain(criterion.label)) for criterion in left_out)
        said += (
            f" {named}{NARROW}: une opinion n’est jamais montrée pour un territoire nommé, et ne compte donc dans "
            "aucun stade des pages publiques."
        )
    st.markdown(said)


def criteria_table(edition: Edition, rule: Rule) -> pd.DataFrame:
    """Return the criteria that the edition asks, as French texts: what is looked at, its points, the most it gives."""
    here = counted(edition, rule)
    absent = missing(edition, rule)
    listed = [criterion for criterion in rule.criteria if criterion not in absent]
    return pd.DataFrame(
        {
            "Ce qui est regardé": [plain(criterion.label) for criterion in listed],
            "Points": [_points(edition, criterion) for criterion in listed],
            "Au plus": [
                number(criterion.maximum) + ("" if criterion in here else f" ({TEAM_ONLY})") for criterion in listed
            ],
        }
    )


def stage_table(edition: Edition, rule: Rule) -> pd.DataFrame:
    """Return the stages as French texts: threshold (and the same in points), meaning and support."""
    total = whole(edition, rule)
    above = [None, *rule.stages[:-1]]
    reached = [
        f"{percent(stage.low)} ou plus ({_fewest(stage.low * total)} sur {number(total)})"
        if stage.low
        else f"moins de {percent(before.low if before else 1)}"
        for stage, before in zip(rule.stages, above, strict=True)
    ]
    return pd.DataFrame(
        {
            "Stade": [f"**{plain(stage.label)}**" for stage in rule.stages],
            "Part des points": reached,
            "Ce qu’il veut dire, et ce qu’il appelle": [
                plain(f"{closed(stage.meaning)} {closed(stage.support)}") for stage in rule.stages
            ],
        }
    )


def stability_section(edition: Edition, rule: Rule) -> None:
    """Draw how many territories would change stage if each threshold moved by one step."""
    moved = stability(edition, rule)
    if moved.empty or not moved["base"].iloc[0]:
        st.info("Aucun territoire n’a répondu\u202f: il n’y a rien à déplacer.", icon=":material/functions:")
        return
    st.markdown(
        f"{stability_sentence(moved, protected=bool(edition.threshold))} Le tableau donne la part des territoires qui "
        "changeraient de stade si ce seuil, et lui seul, était un cran plus haut ou plus bas."
    )
    _table(stability_table(moved, protected=bool(edition.threshold)), "territoires qui changeraient de stade")
    base = f"base{NARROW}: {number(moved['base'].iloc[0])} territoires, toute l’édition, quels que soient les filtres"
    none = moved[["moved_up", "moved_down"]].isna().any(axis=None)
    st.caption(blocks.subtitle(edition, base, f"–{NARROW}: ce seuil ne peut pas bouger dans ce sens" if none else ""))


def stability_sentence(moved: pd.DataFrame, *, protected: bool) -> str:
    """Return the most that one step moves, and the name of every threshold that moves too many territories."""
    first = moved.iloc[int(moved["moved"].fillna(0).to_numpy().argmax())]
    few = protected and _is_few(first["moved"], first["base"])
    share = _moved(first["moved"], first["base"], protected=protected)
    most = f"**{share}** {'sur' if few else 'des'} {number(first['base'])}{'' if few else ' territoires'}"
    said = (
        f"Déplacer un seul seuil d’un cran change le stade de {most} au plus. Le plus "
        f"sensible{NARROW}: {lower_first(plain(first['label']))}."
    )
    if few:
        return said
    many = [share >= MOST_MOVED and not (protected and _is_few(share, first["base"])) for share in moved["moved"]]
    fragile = moved.loc[many, "label"]
    if fragile.empty:
        return f"{said} Aucun cran n’en déplace {percent(MOST_MOVED)} ou plus."
    named = closed(words(lower_first(plain(label)) for label in fragile))
    return f"{said} En déplacent {percent(MOST_MOVED)} ou plus, et sont à lire avec prudence{NARROW}: {named}"


def stability_table(moved: pd.DataFrame, *, protected: bool) -> pd.DataFrame:
    """Return the thresholds as French texts: value, step, share of territories that change stage either way."""
    bases = moved["base"].tolist()
    sides = {
        name: [_moved(share, base, protected=protected) for share, base in zip(moved[name], bases, strict=True)]
        for name in ("moved_up", "moved_down")
    }
    return pd.DataFrame(
        {
            "Seuil": [plain(label) for label in moved["label"]],
            "Valeur ± un cran": [
                _amount(*cell) for cell in zip(moved["value"], moved["step"], moved["kind"], strict=True)
            ],
            "Un cran plus haut": sides["moved_up"],
            "Un cran plus bas": sides["moved_down"],
        }
    )


def _only_an_opinion(edition: Edition, criterion: Criterion) -> bool:
    """Return whether the edition asks the question to persons: it would not count on a public page anyway."""
    asked_there = criterion.question in edition.codebook
    return bool(edition.threshold) and asked_there and edition.codebook[criterion.question].unit == "respondents"


def _points(edition: Edition, criterion: Criterion) -> str:
    names = edition.codebook[criterion.question].labels
    if criterion.acting:
        acting = words((quoted(plain(names[code])) for code in criterion.acting), "ou")
        return f"1 par thématique où il répond {acting}"
    # An answer and its points stay on one line.
    return " · ".join(f"{plain(names[code])}{NARROW}:\u00a0**{number(points)}**" for code, points in criterion.points)


def _fewest(points: float) -> str:
    """Return the fewest whole points that are as many, a rounding aside."""
    return number(ceil(round(points, 9)))


def _amount(value: float, step: float, kind: str) -> str:
    if kind == SHARE_OF_POINTS:
        return f"{percent(value)} ± {percent(step)} des points"
    noun = "point" if kind == POINTS else "thématique"
    return f"{number(value)} ± {number(step)} {noun}{'s' if step >= 2 else ''}"


def _moved(share: float, base: float, *, protected: bool) -> str:
    """Return a share of territories that move; in public, few of them are not told from none."""
    if share != share:
        return "–"
    if protected and _is_few(share, base):
        return f"{HIDDEN} territoires"
    return percent(share, base)


def _is_few(share: float, base: float) -> bool:
    return share == share and round(share * base) < THRESHOLD


def _table(rows: pd.DataFrame, label: str) -> None:
    # Cells of text, which wrap; the grid of `st.dataframe` would cut them.
    st.table(rows, hide_index=True, border="horizontal", alt=f"Tableau{NARROW}: {label}")
