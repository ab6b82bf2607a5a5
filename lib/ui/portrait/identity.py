"""Who a territory is, what it says in one sentence, its stage of engagement and where its points come from.

Facts are those of `lib.analysis.portrait`, stages those of `lib.analysis.engagement`; both name only who agreed to it.
"""

from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from lib.analysis import engagement
from lib.analysis.engagement import UNKNOWN, points, stage_shares, stages
from lib.analysis.facts import DIVERGENT, UNANSWERED
from lib.analysis.portrait import NOT_PUT, completeness, declared
from lib.analysis.selection import Selection, choices
from lib.analysis.territories import SILENT, Territory
from lib.display import tables
from lib.display.formats import NARROW, closed, counted, lower_first, number, percent, plain, quoted, words
from lib.display.naming import begun, called, of
from lib.display.statuses import NATURES
from lib.survey.edition import Edition
from lib.survey.engagement import Criterion, load_rule
from lib.survey.published import load_published
from lib.territory.reference import load_reference
from lib.ui import blocks, links, menu

ON_SCREEN = "ecran"
"""How the keys of what leads nowhere on paper begin: ways to other pages, folded tables."""
NOT_PRINTED = f"<style>@media print{{[class*=st-key-{ON_SCREEN}-]{{display:none!important}}}}</style>"


def heading(edition: Edition, territory: Territory) -> None:
    """Draw the name of a territory and the line that says what and where it is."""
    st.set_page_config(page_title=f"{territory.nom} – {menu.SITE}")
    blocks.title(territory.nom)
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
    blocks.say(sentence(edition, territory), edition)


def ways_on(edition: Edition, territory: Territory) -> None:
    """Draw the ways to another portrait and to a comparison."""
    st.html(NOT_PRINTED)
    with st.container(horizontal=True, gap="small", key=f"{ON_SCREEN}-voies"):
        links.link("ma-collectivite", edition, "Chercher une autre collectivité", icon=":material/search:")
        links.link("comparer", edition, "Comparer avec d’autres", icon=":material/compare_arrows:", avec=territory.code)


def sentence(edition: Edition, territory: Territory) -> str:
    """Return the sentence that answers « et chez nous ? », the mark of simulated answers inside it."""
    mark = " (données simulées)" if edition.simulated else ""
    nom = begun(called(territory.nom, territory.type))
    if territory.standing == SILENT:
        return (
            f"{nom} n’a pas répondu à l’enquête{mark}. Voici ce que disent ses pairs, et comment prendre part à la "
            "suite."
        )
    if not territory.published:
        return (
            f"{nom} a répondu{mark}, mais sa réponse n’est pas publiée, faute de l’accord de tous ses "
            f"répondants{NARROW}: elle compte parmi celles de ses pairs."
        )
    rule = load_rule()
    if not engagement.counted(edition, rule):
        return f"{nom} a répondu à l’enquête{mark}, par {counted(territory.respondents, 'répondant')}."
    stage = stages(edition)[territory.code]
    reached = f"au stade {quoted(rule.stage(stage).label)}" if stage != UNKNOWN else "à un stade indéterminé"
    facts = declared(edition, territory)
    answers = [_said(edition, territory, criterion, facts) for criterion in engagement.counted(edition, rule)]
    answers = [said for said in answers if said]
    listed = f"{NARROW}: {', '.join(answers)}" if answers else ""
    return closed(f"{nom}{mark} est {reached}{listed}, selon {counted(territory.respondents, 'répondant')}")


def standing(edition: Edition, territory: Territory) -> None:
    """Draw the stage of a territory and where its points come from; else how to take part, or to be published."""
    if territory.published:
        # An edition that asks nothing that a stage could rest on has none.
        if engagement.counted(edition, load_rule()):
            _stage(edition, territory)
        return
    with st.container(border=True):
        if territory.standing == SILENT:
            st.markdown("**Prendre part**")
            st.markdown(
                "L’enquête s’adresse à toutes les collectivités de la région. Pour répondre à la prochaine édition, "
                f"signaler une démarche ou être mis en relation, contactez{NARROW}:"
            )
        else:
            st.markdown("**Rendre cette réponse publique**")
            st.markdown(
                "Une réponse n’est montrée par nom qu’avec l’accord de chacun de ses répondants. Pour donner le vôtre, "
                f"ou pour toute question, contactez{NARROW}:"
            )
        contacts = load_published().contacts
        st.markdown("\n".join(f"- {contact.name}{NARROW}: [{contact.address}]({contact.link})" for contact in contacts))


def peers_stages(edition: Edition, selection: Selection, group: str) -> str:
    """Return the sentence on the stages of a group: those shown, with their base; empty when none may be shown."""
    rows = stage_shares(edition, selection)
    base = int(rows["base"].max())
    shown = rows[~tables.hidden_rows(rows) & (rows["count"] > 0)]
    if base < tables.COUNTS_ONLY or shown.empty:
        return ""
    listed = [f"{percent(row['share'], base)} {quoted(str(row['label']))}" for _, row in shown.iterrows()]
    said = f"Stades parmi {group} ({counted(base, 'territoire')}){NARROW}: {words(listed)}"
    rest = 1 - shown["share"].sum() > 1e-9
    return closed(f"{said}{NARROW}; le reste est masqué" if rest else said)


def _said(edition: Edition, territory: Territory, criterion: Criterion, facts: pd.DataFrame) -> str:
    """Return what a territory answers on one criterion of the typology, in a few words; empty if it was not asked."""
    if criterion.acting:
        return _breadth_words(*breadth(edition, territory, criterion), len(edition.codebook[criterion.question].rows))
    own = facts[facts["question"] == criterion.question]
    if own.empty:
        return ""
    label, answer = lower_first(criterion.label), str(own["answer"].iloc[0])
    if own["status"].iloc[0] in (UNANSWERED, DIVERGENT, NOT_PUT):
        return f"{label} ({lower_first(answer)})"
    return f"{label} {quoted(answer)}"


def _breadth_words(acting: int, known: int, rows: int) -> str:
    if not known:
        return ""
    among = counted(known, "thématique")
    if known < rows:
        among = counted(known, "thématique renseignée", "thématiques renseignées")
    if not acting:
        return f"aucune action sur {among}"
    if acting == known:
        return f"des actions sur {'les ' if known > 1 else ''}{among}"
    return f"des actions sur {number(acting)} des {among}"


def breadth(edition: Edition, territory: Territory, criterion: Criterion) -> tuple[int, int]:
    """Return on how many rows of an array a territory acts, and on how many it is known whether it does.

    As the points count them: two respondents who act more or less agree that they act. Unlike them, without a maximum.
    """
    rows = len(edition.codebook[criterion.question].rows)
    rule = load_rule()
    alone = replace(rule, criteria=(replace(criterion, maximum=rows),))
    row: Any = points(edition, alone).loc[territory.code]
    acting = row[criterion.id]
    return (0, 0) if acting != acting else (int(acting), int(row["possible"]))


def _stage(edition: Edition, territory: Territory) -> None:
    rule = load_rule()
    row: Any = points(edition).loc[territory.code]
    facts = declared(edition, territory)
    answered, put = completeness(facts)
    left, right = st.columns([2, 3], gap="medium")
    with left, st.container(border=True, height="stretch"):
        obtained = f"{number(row['obtained'])} sur {number(row['possible'])}"
        if row["stage"] == UNKNOWN:
            st.markdown("**Stade indéterminé**")
            st.markdown("Trop de réponses manquent, ou diffèrent entre répondants, pour dire un stade.")
        else:
            stage = rule.stage(str(row["stage"]))
            st.html(f'<p class="key-figure">{escape(stage.label)}</p>')
            st.markdown(f"**{percent(row['share'])}** des points ({obtained})")
            st.markdown(f"{plain(stage.meaning)} {plain(stage.support)}")
        st.caption(
            blocks.subtitle(edition, f"{counted(answered, 'réponse')} sur {number(put)} attendues, hors opinions")
        )
    with right:
        criteria = engagement.counted(edition, rule)
        st.dataframe(
            pd.DataFrame(
                {
                    "Critère": [criterion.label for criterion in criteria],
                    "Réponse": [_answer(edition, territory, criterion, facts) for criterion in criteria],
                    "Points": [_points(edition, territory, criterion, row[criterion.id]) for criterion in criteria],
                }
            ),
            hide_index=True,
            alt=f"Tableau{NARROW}: points {of(territory.nom, territory.type)} par critère",
        )
        if unseen := words(quoted(criterion.label) for criterion in engagement.opinions(edition, rule)):
            st.caption(
                f"{plain(unseen)}{NARROW}: une opinion n’est jamais montrée par territoire, et ne compte pas ici."
            )
        with st.container(key=f"{ON_SCREEN}-regle"):
            links.link("engagement", edition, "Comment le stade est-il calculé\u202f?", icon=":material/help:")


def _answer(edition: Edition, territory: Territory, criterion: Criterion, facts: pd.DataFrame) -> str:
    if criterion.acting:
        acting, known = breadth(edition, territory, criterion)
        return f"{number(acting)} sur {number(known)}" if known else "–"
    own = facts[facts["question"] == criterion.question]
    return str(own["answer"].iloc[0]) if len(own) else "–"


def _points(edition: Edition, territory: Territory, criterion: Criterion, obtained: float) -> str:
    """Return the points of a criterion out of those possible: what is not known is in neither."""
    if obtained != obtained:
        return "non compté"
    most = criterion.maximum
    if criterion.acting:
        most = min(most, breadth(edition, territory, criterion)[1])
    return f"{number(obtained)} sur {number(most)}"
