"""The pages of the dashboard: file, title, icon and address of each, in the order of the menu; how a page ends."""

from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

SITE = "Numérique et territoires"
ICON = Path(__file__).with_name("favicon.svg")
FOLDER = Path(__file__).resolve().parents[2] / "pages"

# Address: (file, title, icon). The first page is served at the root.
PAGES = {
    "synthese": ("synthese.py", "Synthèse", ":material/summarize:"),
    "ma-collectivite": ("ma_collectivite.py", "Ma collectivité", ":material/location_on:"),
    "thematiques": ("thematiques.py", "Thématiques", ":material/category:"),
    "strategies": ("strategies.py", "Stratégies", ":material/flag:"),
    "engagement": ("engagement.py", "Engagement", ":material/stairs:"),
    "besoins-et-freins": ("besoins_et_freins.py", "Besoins et freins", ":material/handyman:"),
    "croisements": ("croisements.py", "Croisements", ":material/grid_on:"),
    "comparer": ("comparer.py", "Comparer", ":material/compare_arrows:"),
    "participation": ("participation.py", "Participation", ":material/groups:"),
    "evolution": ("evolution.py", "Évolution", ":material/trending_up:"),
    "atelier": ("atelier.py", "Atelier", ":material/slideshow:"),
    "methode": ("methode.py", "Méthode", ":material/menu_book:"),
    "confidentialite": ("confidentialite.py", "Confidentialité", ":material/shield_person:"),
    "accessibilite": ("accessibilite.py", "Accessibilité", ":material/accessibility_new:"),
    "plan-du-site": ("plan_du_site.py", "Plan du site", ":material/account_tree:"),
}

FOOT = ("confidentialite", "accessibilite", "plan-du-site")
"""What the law has every page lead to: at the foot of the menu, so that the filters stay on the first screen."""

FIRST = next(iter(PAGES))
"""Address of the page served at the root."""

# For the team alone: the page itself and each function it calls check who asks.
TEAM_PAGES = {
    "equipe": ("equipe.py", "Vue de l’équipe", ":material/lock:"),
    "preparer-une-visite": ("preparer_une_visite.py", "Préparer une visite", ":material/event_note:"),
    "import": ("import.py", "Import", ":material/upload_file:"),
}

WITHOUT_ANSWERS = (*FOOT, "import")
"""Pages that show no answer to the survey: filters would change nothing there."""

OF_ONE_TERRITORY = ("ma-collectivite", "comparer", "preparer-une-visite")
"""Pages that say themselves whose answers they show: filters are carried to the other pages, and not drawn."""


def page(address: str) -> Any:
    """Return the page served at `address`, as `st.navigation` and `st.page_link` take it; KeyError if unknown."""
    file, title, icon = {**PAGES, **TEAM_PAGES}[address]
    first = address == FIRST
    return st.Page(
        FOLDER / file, title=f"{title} – {SITE}", icon=icon, url_path=None if first else address, default=first
    )


@cache
def target(address: str) -> Any:
    """Return the page of `address` for links alone: made once for all, never to be run; KeyError if unknown."""
    return page(address)


def end_page() -> NoReturn:
    """End the page here; the menu, drawn after it, follows, which `st.stop` would not let."""
    raise StopException
