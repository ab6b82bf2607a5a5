"""The site map: every page with the question that it answers; those of the team for the team alone.

Which pages there are belongs to `lib.ui.menu`; a test holds the questions here to be the headings of the pages.
"""

import streamlit as st

from lib.display.formats import NARROW
from lib.survey.accessibility import load_accessibility
from lib.survey.privacy import load_privacy
from lib.ui import filters, menu

HEADING = "Plan du site"

GROUPS = {
    "Les résultats": (
        *("synthese", "thematiques", "strategies", "engagement", "besoins-et-freins", "croisements"),
        *("participation", "evolution"),
    ),
    "Un territoire, des territoires": ("ma-collectivite", "comparer"),
    "Présenter": ("atelier",),
    "Comprendre": ("methode",),
    "À propos du site": ("confidentialite", "accessibilite", "plan-du-site"),
}
"""Addresses by what a visitor comes for."""
TEAM = "Pour l’équipe"

QUESTIONS = {
    "synthese": "Que disent les territoires du numérique\u202f?",
    "ma-collectivite": "Et chez nous\u202f?",
    "thematiques": "Sur quelles thématiques les territoires se mobilisent-ils\u202f?",
    "strategies": "Où en sont les stratégies numériques\u202f?",
    "engagement": "Où en est l’engagement des territoires\u202f?",
    "besoins-et-freins": "De quoi les territoires ont-ils besoin, et qu’est-ce qui les freine\u202f?",
    "croisements": "Qu’est-ce qui va avec quoi\u202f?",
    "comparer": "Qu’est-ce qui les rapproche, qu’est-ce qui les distingue\u202f?",
    "participation": "Qui a répondu\u202f?",
    "evolution": "Qu’est-ce qui a changé entre deux éditions\u202f?",
    "atelier": "Que montrer en atelier\u202f?",
    "methode": "D’où viennent ces chiffres\u202f?",
    "equipe": "Que disent les réponses telles que données\u202f?",
    "preparer-une-visite": "Préparer une visite",
    "import": "Importer une édition",
}


def question(address: str) -> str:
    """Return the heading of a page: what it answers; KeyError if the page is unknown."""
    configured = {
        "confidentialite": lambda: load_privacy().title,
        "accessibilite": lambda: load_accessibility().title,
        "plan-du-site": lambda: HEADING,
    }
    return configured[address]() if address in configured else QUESTIONS[address]


def group(title: str, addresses: tuple[str, ...]) -> None:
    """Draw the pages of a group as links, the filters of the address carried along as the menu does."""
    st.header(title, anchor=False)
    carried = filters.link_parameters(None)
    with st.container(gap="xxsmall"):
        for address in addresses:
            _, name, _ = {**menu.PAGES, **menu.TEAM_PAGES}[address]
            asked = question(address)
            label = f"**{name}**" if asked == name else f"**{name}**{NARROW}: {asked}"
            st.page_link(menu.target(address), label=label, query_params=carried or None)
