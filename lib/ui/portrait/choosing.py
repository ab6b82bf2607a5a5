"""Choosing the territory of a portrait: by name, postal code or code, or on the map; the choice is in the address.

Names are looked up by `lib.territory.search`; what is then shown of the territory belongs to the other modules.
"""

import streamlit as st

from lib.analysis.territories import Territory, describe, structures
from lib.display.formats import NARROW, counted, plain, quoted
from lib.survey.edition import Edition
from lib.territory.reference import load_reference
from lib.territory.search import label, search
from lib.ui import blocks, filters
from lib.ui.maps import Click
from lib.ui.status_map import LEVELS, draw_stages

CODE, SOUGHT = "code", "recherche"
MOST = 12
"""Results listed; a postal code rarely serves more communes."""


def asked(edition: Edition) -> Territory | None:
    """Return the territory that the address asks for; say so and return None when there is no such territory."""
    code = st.query_params.get(CODE, "")
    if not code:
        return None
    try:
        return describe(edition, code)
    except KeyError:
        st.warning(
            f"Aucune collectivité de la région ne porte le code {quoted(plain(code[:60]))}. Cherchez-la par son nom ou "
            "son code postal.",
            icon=":material/location_off:",
        )
        return None


def sentence(edition: Edition) -> None:
    """Draw what may be looked for: how many territories have a portrait, and how many of them answered."""
    kinds = load_reference(edition.millesime)["type"].value_counts()
    answered = edition.respondents["territory"].nunique()
    st.markdown(
        f"**{counted(kinds['commune'], 'commune')}, {counted(kinds['epci'], 'intercommunalité')} et "
        f"{counted(kinds['departement'], 'département')}, pays et syndicats\u202f: chacun a son portrait, qu’il ait "
        "répondu ou non.**"
    )
    mark = f" · {blocks.mark(edition)}" if edition.simulated else ""
    st.markdown(
        f":gray[{plain(edition.title)}, {plain(edition.collected)}{mark} · "
        f"{counted(answered, 'territoire a répondu', 'territoires ont répondu')}]"
    )


def search_box(edition: Edition) -> None:
    """Draw the field where a name is typed and, under it, the territories it may mean, each a link to its portrait."""
    typed = st.text_input(
        "Nom, code postal, code INSEE ou SIREN",
        key=SOUGHT,
        placeholder="Guéret, 23000, Bordeaux Métropole…",
        icon=":material/search:",
    )
    if not typed.strip():
        return
    named = {code: nom for code, (nom, *_) in structures(edition).items()}
    found = search(typed, named, edition.millesime, MOST)
    if not found:
        st.info(
            f"Aucune commune, intercommunalité, ni aucun département ou pays de la région ne répond à "
            f"{quoted(plain(typed[:60]))}. Essayez le code postal, ou le début du nom.",
            icon=":material/search_off:",
        )
        return
    st.caption(
        counted(len(found), "résultat") + (f"{NARROW}; précisez pour en voir d’autres" if len(found) == MOST else "")
    )
    with st.container(horizontal=True, gap="small"):
        for code in found:
            text = named[code] if code in named else label(code, edition.millesime)
            st.button(plain(text), key=f"choisir-{code}", on_click=choose, args=(code,))


def choose(code: str) -> None:
    """Write the territory to the address, and empty the field where it was looked for."""
    st.query_params[CODE] = code
    st.session_state[SOUGHT] = ""


def on_map(edition: Edition) -> None:
    """Draw the map of stages, where a click chooses a territory."""
    level = filters.choice("niveau", "Niveau de la carte", LEVELS, segmented=True)
    draw_stages(edition, level, _click)


def _click(click: Click) -> None:
    choose(click.code)
