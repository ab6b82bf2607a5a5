"""Choosing the territory of a portrait: by name, postal code or code, or on the map; the choice is in the address.

Names are looked up by `lib.territory.search`; what is then shown of the territory belongs to the other modules.
"""

from collections.abc import Mapping
from math import ceil

import streamlit as st

from lib.analysis.territories import Territory, describe, structures
from lib.display.formats import NARROW, counted, plain, quoted
from lib.survey.edition import Edition
from lib.territory.reference import load_reference
from lib.territory.search import formerly, label, search
from lib.ui import filters, origin
from lib.ui.maps import Click
from lib.ui.status_map import LEVELS, draw_stages

CODE, SOUGHT = "code", "recherche"
MOST = 12
"""Names listed; of a postal code, all the communes that it serves are."""


def asked(edition: Edition) -> Territory | None:
    """Return the territory that the address asks for; None when it asks for none, or when there is none such."""
    try:
        return describe(edition, st.query_params[CODE])
    except KeyError:
        return None


def sentence(edition: Edition) -> None:
    """Draw which territories have a portrait and how many answered; first that the address asks for an unknown one."""
    if code := st.query_params.get(CODE, ""):
        st.warning(
            f"Aucune collectivité de la région ne porte le code {quoted(plain(code[:60]))}. Cherchez-la par son nom ou "
            "son code postal.",
            icon=":material/location_off:",
        )
    kinds = load_reference(edition.millesime)["type"].value_counts()
    answered = edition.respondents["territory"].nunique()
    st.markdown(
        f"**Les {counted(kinds['commune'], 'commune')}, les {counted(kinds['epci'], 'intercommunalité')} et les "
        f"{counted(kinds['departement'], 'département')} de la région ont chacun leur portrait, avec ou sans réponse"
        f"{NARROW}; les pays et les syndicats aussi, s’ils ont répondu.**"
    )
    mark = f" · {origin.mark(edition)}" if edition.simulated else ""
    st.markdown(
        f":gray[{plain(edition.title)}, {plain(edition.collected)}{mark} · "
        f"{counted(answered, 'territoire a répondu', 'territoires ont répondu')}]"
    )


def search_box(edition: Edition) -> None:
    """Draw the field where a name is typed and, under it, the territories it may mean, each a button."""
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
    more = f"{NARROW}; précisez pour en voir d’autres" if len(found) == MOST and not typed.strip().isdigit() else ""
    st.caption(f"{counted(len(found), 'résultat')}{more}")
    half = ceil(len(found) / 2)
    # Down, then across: on a phone, where one column follows the other, the likeliest stay first.
    for column, codes in zip(st.columns(2, gap="medium"), (found[:half], found[half:]), strict=True):
        with column, st.container(gap="xxsmall"):
            for code in codes:
                st.button(
                    plain(_result(edition, typed, code, named)), key=f"choisir-{code}", icon=":material/location_on:",
                    type="tertiary", on_click=choose, args=(code,),
                )  # fmt: skip


def _result(edition: Edition, typed: str, code: str, named: Mapping[str, str]) -> str:
    """Return what a result is, and the former name by which it was found."""
    before = formerly(typed, code, edition.millesime) if code not in named else ""
    former = f" (ancien nom{NARROW}: {before})" if before else ""
    return f"{label(code, edition.millesime, named)}{former}"


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
