"""Who a territory is, what it says in one sentence, its stage of engagement and where its points come from.

Facts are those of `lib.analysis.portrait`, stages those of `lib.analysis.engagement`; both name only who agreed to it.
"""

from typing import Any

import pandas as pd
import streamlit as st

from lib.analysis import engagement
from lib.analysis.engagement import UNKNOWN, points, stage_shares, stages
from lib.analysis.portrait import completeness, declared
from lib.analysis.selection import Selection, choices
from lib.analysis.territories import SILENT, Territory
from lib.display import tables
from lib.display.formats import NARROW, closed, counted, number, percent, plain, quoted, words
from lib.display.statuses import NATURES
from lib.survey.edition import Edition
from lib.survey.engagement import Criterion, load_rule
from lib.survey.published import load_published
from lib.territory.reference import load_reference
from lib.ui import blocks, links

SEMICOLON = f"{NARROW}; "


def heading(edition: Edition, territory: Territory) -> None:
    """Draw the name of a territory and the line that says what and where it is."""
    st.title(plain(territory.nom), anchor=False)
    st.markdown(plain(" · ".join(identity(edition, territory))))


def identity(edition: Edition, territory: Territory) -> list[str]:
    """Return nature, population, place and EPCI of a territory, each a few words."""
    reference, departements = load_reference(edition.millesime), choices(edition, "departement")
    nature = NATURES.get(territory.nature) or choices(edition, "type").get(territory.type, territory.type)
    said = [nature]
    if territory.population is not None:
        partial = territory.part_population < 1
        inside = f", dont {percent(territory.part_population)} dans la région" if partial else ""
        said.append(f"{number(territory.population)} habitants{inside}")
    if territory.type != "departement" and territory.departements:
        said.append(words(departements.get(code, code) for code in territory.departements))
    if territory.epci in reference.index:
        said.append(str(reference.at[territory.epci, "nom"]))
    if territory.membres:
        said.append(counted(len(territory.membres), "EPCI couvert", "EPCI couverts"))
    return said


def answer(edition: Edition, territory: Territory) -> None:
    """Draw the sentence that answers, then the line that says of which edition."""
    st.markdown(f"**{plain(sentence(edition, territory))}**")
    st.markdown(f":gray[{plain(edition.title)}, {plain(edition.collected)} · données non pondérées]")


def ways_on(edition: Edition, territory: Territory) -> None:
    """Draw the ways to another portrait, to a comparison, and to paper."""
    with st.container(horizontal=True, gap="small"):
        links.link("ma-collectivite", edition, "Chercher une autre collectivité", icon=":material/search:")
        links.link("comparer", edition, "Comparer avec d’autres", icon=":material/compare_arrows:", avec=territory.code)


def sentence(edition: Edition, territory: Territory) -> str:
    """Return the sentence that answers « et chez nous ? », the mark of simulated answers inside it."""
    mark = " (données simulées)" if edition.simulated else ""
    nom, people = territory.nom, counted(territory.respondents, "répondant")
    if territory.standing == SILENT:
        return (
            f"{nom} n’a pas répondu à l’enquête{mark}{NARROW}: voici ce que disent ses pairs, qui peut lui prêter "
            "appui, et comment prendre part à la suite."
        )
    if not territory.published:
        return (
            f"{nom} a répondu{mark}, sans que tous ses répondants acceptent une publication{NARROW}: sa réponse n’est "
            "pas montrée, elle compte parmi celles de ses pairs."
        )
    stage = stages(edition)[territory.code]
    rule = load_rule()
    reached = f"stade {quoted(rule.stage(stage).label)}" if stage != UNKNOWN else "stade indéterminé"
    facts = declared(edition, territory)
    answers = [_said(criterion, facts) for criterion in engagement.counted(edition, rule)]
    return closed(f"{nom}{mark}{NARROW}: {SEMICOLON.join([reached, *filter(None, answers)])}, selon {people}")


def standing(edition: Edition, territory: Territory) -> None:
    """Draw the stage of a territory and where its points come from; of one that may not be named, that of its peers."""
    if territory.published:
        _stage(edition, territory)
    elif territory.standing == SILENT:
        _take_part()


def peers_stages(edition: Edition, selection: Selection, group: str) -> str:
    """Return the sentence on the stages of a group: those shown, with their base; empty when none may be shown."""
    rows = stage_shares(edition, selection)
    base = int(rows["base"].max())
    shown = rows[~tables.hidden_rows(rows) & (rows["count"] > 0)]
    if base < tables.COUNTS_ONLY or shown.empty:
        return ""
    listed = [f"{percent(row['share'], base)} {quoted(str(row['label']))}" for _, row in shown.iterrows()]
    return closed(f"Stades parmi {group} ({counted(base, 'territoire')}){NARROW}: {words(listed)}")


def _said(criterion: Criterion, facts: pd.DataFrame) -> str:
    """Return what a territory answers on one criterion of the typology, in a few words."""
    own = facts[facts["question"] == criterion.question]
    if criterion.acting:
        acting = int(own["status"].isin(criterion.acting).sum())
        return f"des actions sur {counted(acting, 'thématique')} sur {number(len(own))}"
    if own.empty:
        return ""
    return f"{criterion.label.lower()} {quoted(str(own['answer'].iloc[0]))}"


def _stage(edition: Edition, territory: Territory) -> None:
    rule = load_rule()
    row: Any = points(edition).loc[territory.code]
    facts = declared(edition, territory)
    answered, put = completeness(facts)
    left, right = st.columns([2, 3], gap="medium")
    with left, st.container(border=True, height="stretch"):
        if row["stage"] == UNKNOWN:
            st.markdown("**Stade indéterminé**")
            st.markdown("Trop de réponses manquent, ou diffèrent entre répondants, pour dire un stade.")
        else:
            stage = rule.stage(str(row["stage"]))
            st.html(f'<p class="key-figure">{stage.label}</p>')
            st.markdown(f"{plain(stage.meaning)} {plain(stage.support)}")
            st.markdown(f"**{percent(row['share'])}** des points ({number(row['obtained'])} sur "
                        f"{number(row['possible'])})")  # fmt: skip
        st.caption(blocks.subtitle(edition, f"{number(answered)} faits renseignés sur {number(put)}"))
    with right:
        criteria = engagement.counted(edition, rule)
        st.dataframe(
            pd.DataFrame(
                {
                    "Critère": [criterion.label for criterion in criteria],
                    "Réponse": [_answer(criterion, facts) for criterion in criteria],
                    "Points": [_points(row[criterion.id]) for criterion in criteria],
                }
            ),
            hide_index=True,
            alt=f"Tableau{NARROW}: points de {territory.nom} par critère",
        )
        if engagement.opinions(edition, rule) or edition.threshold:
            st.caption(
                "Le portage politique est l’opinion d’une personne\u202f: il n’est jamais montré par territoire, et ne "
                "compte pas ici."
            )
        links.link("engagement", edition, "Comment le stade est-il calculé\u202f?", icon=":material/help:")


def _answer(criterion: Criterion, facts: pd.DataFrame) -> str:
    own = facts[facts["question"] == criterion.question]
    if criterion.acting:
        return f"{number(own['status'].isin(criterion.acting).sum())} sur {number(len(own))}"
    return str(own["answer"].iloc[0]) if len(own) else "–"


def _points(obtained: float) -> str:
    return "non compté" if obtained != obtained else number(obtained)


def _take_part() -> None:
    """Say how a territory that did not answer may be part of what comes next."""
    with st.container(border=True):
        st.markdown("**Prendre part**")
        st.markdown(
            "L’enquête s’adresse à toutes les collectivités de la région. Pour répondre à la prochaine édition, "
            "signaler une démarche ou être mis en relation, écrivez à\u202f:"
        )
        st.markdown(
            "\n".join(
                f"- {contact.name}\u202f: [{contact.address}]({contact.link})" for contact in load_published().contacts
            )
        )
