"""Who is compared on the page Comparer: read from the address, shown with a way out, found by name or by group.

The address is the truth: the buttons write to it. What is then shown of each belongs to `topics`.
"""

from collections.abc import Sequence

import streamlit as st

from lib.analysis.comparison import MOST, Compared, groups, known
from lib.analysis.selection import choices
from lib.analysis.tabulation import TERRITORIES
from lib.analysis.territories import Territory, structures
from lib.display.formats import NARROW, counted, number, plain, quoted, words
from lib.display.statuses import NATURES, OUTSIDE_LABELS
from lib.survey.edition import Edition
from lib.territory.search import formerly, label, search
from lib.ui import blocks, figures, links, menu

ADDRESS = "avec"
SEARCH, GROUPS = "chercher", "ajouter-un-groupe"
"""Keys of the two widgets that add somebody; they are emptied once they have."""
CHOICES = "choix-de-la-comparaison"
NOT_PRINTED = f"<style>@media print{{.st-key-{CHOICES},[class*=st-key-retirer-]{{display:none!important}}}}</style>"
LISTED = 8
"""Results of a search that are listed."""

HOW = (
    f"Cherchez une commune, une intercommunalité, un département ou un pays, ou choisissez un groupe{NARROW}: jusqu’à "
    f"{MOST} côte à côte."
)


def asked(edition: Edition) -> tuple[Compared, ...]:
    """Return the territories and groups that the address names."""
    return known(edition, st.query_params.get_all(ADDRESS))


def nothing() -> None:
    """Say that the edition has nobody to compare, and stop the page."""
    st.info(
        f"Aucun groupe de cette édition n’a {blocks.TOO_FEW} répondants ou plus{NARROW}: il n’y a rien à comparer.",
        icon=":material/search_off:",
    )
    menu.end_page()


def choose(edition: Edition, explicit: Sequence[Compared], items: Sequence[Compared]) -> None:
    """Draw who is compared, each with a way out, and two ways to add somebody.

    `explicit` are those of the address, `items` those that are shown.
    """
    st.html(NOT_PRINTED)
    if not explicit:
        st.markdown(f"Voici un exemple. {HOW}")
    elif len(items) > len(explicit):
        proposed = quoted(plain(items[-1].name))
        st.markdown(f"{proposed} est proposé parce qu’un territoire seul se compare à ses pairs. {HOW}")
    elif len(items) == 1:
        st.markdown(f"Il manque de quoi comparer. {HOW}")
    codes, kept = [item.code for item in items], [item.code for item in explicit or items]
    for item, place in zip(items, st.columns(len(items)), strict=True):
        with place, st.container(border=True, height="stretch"):
            _card(edition, item, kept)
    with st.container(key=CHOICES):
        _add(edition, codes)
        with st.container(horizontal=True, vertical_alignment="center"):
            if explicit:
                st.button("Recommencer", icon=":material/restart_alt:", on_click=_write, args=([],))
            st.caption(f"Partager{NARROW}: l’adresse de cette page garde la comparaison, il suffit de la copier.")


def _card(edition: Edition, item: Compared, codes: Sequence[str]) -> None:
    """Draw who an item is, the way to its portrait, and the way out if it is among those that may leave."""
    st.markdown(f"**{plain(item.name)}**")
    if item.territory is not None:
        st.caption(plain(_identity(edition, item.territory)))
        links.portrait(edition, item.code, f"Portrait{NARROW}: {item.name}", icon=":material/location_on:")
    else:
        st.caption(_size(edition, item))
    if item.code in codes:
        st.button(
            f"Retirer {plain(item.name)}", key=f"retirer-{item.code}", icon=":material/close:", type="tertiary",
            on_click=_write, args=([code for code in codes if code != item.code],),
        )  # fmt: skip


def _identity(edition: Edition, territory: Territory) -> str:
    """Return nature, place, population, and whether it answered: no more than that unless everybody agreed."""
    places = choices(edition, "departement")
    said = [NATURES.get(territory.nature) or choices(edition, "type").get(territory.type, territory.type)]
    if territory.type != "departement":
        said.append(words(places.get(code, code) for code in territory.departements))
    if territory.population is not None:
        said.append(f"{number(territory.population)} habitants")
    said.append(
        counted(territory.respondents, "répondant") if territory.published else OUTSIDE_LABELS[territory.standing]
    )
    return " · ".join(part for part in said if part)


def _size(edition: Edition, item: Compared) -> str:
    if not item.enough or item.selection is None:
        return (
            f"moins de {blocks.TOO_FEW} répondants{NARROW}: rien n’est affiché"
            if item.respondents
            else "aucun répondant"
        )
    mixed = figures.mixed_levels(edition, item.selection, TERRITORIES)
    return f"{counted(item.respondents, 'répondant')}, {counted(item.territories, 'territoire')}{mixed}"


def _add(edition: Edition, codes: Sequence[str]) -> None:
    """Draw the search of a territory and the list of groups; both are closed once there are as many as can be read."""
    full = len(codes) >= MOST
    left, right = st.columns(2, gap="medium")
    with left:
        text = st.text_input(
            "Ajouter un territoire", key=SEARCH, placeholder="Nom, code postal, code INSEE ou SIREN", disabled=full
        )
        if text and not full:
            _results(edition, text, codes)
    with right:
        offered = {code: group.name for code, group in groups(edition).items() if group.enough and code not in codes}
        st.selectbox(
            "Ajouter un groupe", list(offered), format_func=offered.__getitem__, index=None, key=GROUPS,
            placeholder="Type, taille ou département", on_change=_add_group, args=(list(codes),), disabled=full,
        )  # fmt: skip
    if full:
        st.caption(f"{MOST} au plus, pour rester lisible{NARROW}: retirez-en un pour en ajouter un autre.")


def _results(edition: Edition, text: str, codes: Sequence[str]) -> None:
    """Draw a button for each territory that the text may mean."""
    names = {code: nom for code, (nom, *_) in structures(edition).items()}
    found = [code for code in search(text, names, edition.millesime, limit=LISTED) if code not in codes]
    if not found:
        st.caption("Aucun territoire de ce nom n’est à ajouter. Essayez un autre nom, un code postal ou un code INSEE.")
    for code in found[:LISTED]:
        before = formerly(text, code, edition.millesime) if code not in names else ""
        said = f"Ajouter {label(code, edition.millesime, names)}" + (
            f" (ancien nom{NARROW}: {before})" if before else ""
        )
        st.button(
            plain(said), key=f"ajouter-{code}", icon=":material/add:", on_click=_add_territory,
            args=([*codes, code],), type="tertiary",
        )  # fmt: skip


def _add_territory(codes: Sequence[str]) -> None:
    _write(codes)
    st.session_state[SEARCH] = ""


def _add_group(codes: Sequence[str]) -> None:
    if chosen := st.session_state[GROUPS]:
        _write([*codes, chosen])
    st.session_state[GROUPS] = None


def _write(codes: Sequence[str]) -> None:
    """Write who is compared to the address; nobody leaves it out, which shows the example."""
    if codes:
        st.query_params[ADDRESS] = list(codes)
    else:
        st.query_params.pop(ADDRESS, None)
