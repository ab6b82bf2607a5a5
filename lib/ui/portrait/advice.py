"""What to do next, on the portrait of a territory: the published recommendations, those that have a reason first.

Which ones fit, and why, comes from `lib.analysis.advice`; their texts from data/published.toml, their rules from
data/advice.toml.
"""

from collections.abc import Iterable

import streamlit as st

from lib.analysis.advice import PEERS, Advised, advice
from lib.analysis.territories import UNPUBLISHED, Territory
from lib.display.formats import NARROW, closed, plain
from lib.survey.advice import load_advice
from lib.survey.edition import Edition
from lib.survey.published import load_published
from lib.ui import blocks

FROM_PEERS = f"Ce que disent ses pairs{NARROW}: "
"""What begins a reason that is not the territory's own."""
NONE = "Aucune ne ressort ici de ces réponses. Toutes se lisent plus bas, repliées."
OTHERS = "Les autres recommandations publiées"


def draw(edition: Edition, territory: Territory) -> None:
    """Draw the recommendations that have a reason, one part for each audience, then the others, folded."""
    given = advice(edition, territory)
    if not given:
        return
    first, *following = load_advice().audiences
    blocks.section(plain(first.title), _introduction(territory))
    _reasons(one for one in given if one.to == first.to)
    for audience in following:
        st.subheader(plain(audience.title), anchor=False)
        _reasons(one for one in given if one.to == audience.to)
    if others := [one for one in given if not one.source]:
        with st.expander(OTHERS):
            st.markdown("\n".join(f"- {plain(one.text)} :gray[{plain(one.to)}]" for one in others))
    st.caption(
        f"Recommandations{NARROW}: {plain(closed(load_published().source))} Ce qui les relie aux réponses est une "
        "règle de ce tableau de bord, et non de la synthèse."
    )


def reason(advised: Advised) -> str:
    """Return why a recommendation is made, as a sentence that says when it is its peers who speak; "" without reason.

    Not yet for Markdown: it may hold a name that a respondent typed.
    """
    if advised.source == PEERS:
        return closed(f"{FROM_PEERS}{advised.clause}")
    return closed(f"{advised.reason[:1].upper()}{advised.reason[1:]}") if advised.reason else ""


def _introduction(territory: Territory) -> str:
    begun = f"Chaque recommandation de la synthèse publiée est suivie de ce qui y mène ici{NARROW}: "
    if territory.published:
        return (
            f"{begun}la réponse de la collectivité ou, pour les opinions (besoins, freins, portage), jamais montrées "
            "par nom, ce que disent ses pairs."
        )
    why = "n’étant pas publiée" if territory.standing == UNPUBLISHED else "n’étant pas connue"
    return f"{begun}ce que disent ses pairs, sa réponse {why}."


def _reasons(given: Iterable[Advised]) -> None:
    lines = [f"- **{plain(one.text)}**  \n  :gray[{plain(reason(one))}]" for one in given if one.source]
    st.markdown("\n".join(lines) if lines else NONE)
