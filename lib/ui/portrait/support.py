"""Who may lend support to a territory, in its portrait: the nearest supporters, why each of them, and whom to write to.

Who they are comes from `lib.analysis.support`, on the public edition alone; how it is said from `lib.display.support`.
"""

from typing import Any

import pandas as pd
import streamlit as st

from lib.analysis import support
from lib.analysis.engagement import counted as criteria
from lib.analysis.territories import Territory
from lib.display.formats import NARROW, counted, lower_first, number, plain, quoted, words
from lib.display.naming import begun, called
from lib.display.stamp import SIMULATED
from lib.display.support import ahead_words, distance, likeness, nouns, rule_words, structured_words
from lib.survey.edition import WITHOUT_SIZE, Edition
from lib.survey.engagement import load_rule
from lib.survey.published import load_published
from lib.survey.support import Support, load_support
from lib.territory.reference import load_reference, load_region
from lib.ui import blocks, links


def draw(edition: Edition, territory: Territory) -> None:
    """Draw who may lend support to the territory, or whom it may lend support to when it is a supporter itself."""
    settings = load_support()
    if support.lends_support(edition, territory):
        blocks.section(f"À qui prêter appui{NARROW}?")
        st.markdown(plain(lending(edition, territory, settings)))
        _contact("Pour proposer un appui")
        return
    blocks.section(f"Qui peut lui prêter appui{NARROW}?")
    own = support.own_epci(edition, territory)
    if own:
        _own_epci(edition, own, settings)
    found = support.supporters(edition, territory)
    if found.empty:
        st.info(plain(nobody(edition, territory, settings)), icon=":material/person_search:")
        links.link("engagement", edition, "Voir la carte des stades d’engagement", icon=":material/map:")
        _contact("Pour chercher un appui")
        return
    shown = found.head(settings.shown)
    st.markdown(plain(introduction(edition, territory, found, settings)))
    for place, code in zip(st.columns(settings.shown, gap="small"), shown.index, strict=False):
        with place, st.container(border=True, height="stretch", gap="xsmall"):
            _supporter(edition, territory, str(code), shown.loc[code], settings)
    st.caption(plain(rule_words(settings, sizes=territory.taille != WITHOUT_SIZE, needs=territory.published)))
    _contact("Avoir accepté d’être nommé n’est pas avoir accepté d’aider\u202f: pour être mis en relation")


def introduction(edition: Edition, territory: Territory, found: pd.DataFrame, settings: Support) -> str:
    """Return how many supporters there are around, and that the best are shown. Not yet for Markdown."""
    noun = counted(len(found), *nouns(territory.type))
    near = f"à moins de {number(settings.farthest_km)}{NARROW}km"
    one = len(found) == 1
    said = f"{noun} comparable{'' if one else 's'} au stade {_stages(settings.helping)}{_mark(edition)} {near}"
    said += f" {'a' if one else 'ont'} accepté que {'sa' if one else 'leur'} réponse soit publiée"
    if len(found) <= settings.shown:
        return f"{said}."
    best = "celui qui convient" if settings.shown == 1 else f"les {settings.shown} qui conviennent"
    return f"{said}. Voici {best} le mieux."


def reason(edition: Edition, territory: Territory, supporter: pd.Series, settings: Support) -> str:
    """Return why one supporter is proposed: « Selon des données simulées, mène… ». Not yet for Markdown."""
    themes = support.theme_codes(edition, settings)
    labels = edition.codebook[settings.themes.question].row_labels if themes else {}
    stage = _stages(settings.helping, quote=False)
    if territory.published:
        name = called(territory.nom, territory.type)
        said = ahead_words(name, supporter["ahead"], supporter["needed"], labels, stage)
    else:
        said = structured_words(supporter["ahead"], labels, stage)
    return f"Selon des données simulées, {said}." if edition.simulated else f"{said[:1].upper()}{said[1:]}."


def lending(edition: Edition, territory: Territory, settings: Support) -> str:
    """Return that a territory may lend support, and to how many around it. Not yet for Markdown."""
    nom = begun(called(territory.nom, territory.type))
    stage = f"{nom} est au stade {_stages(settings.helping)}{_mark(edition)} et peut prêter appui"
    around = support.helped_around(edition, territory)
    singular, plural = nouns(territory.type)
    near = f"à moins de {number(settings.farthest_km)}{NARROW}km"
    helped = _stages(settings.helped, "ou")
    if not around:
        return (
            f"{stage}. Parmi les réponses publiées, aucun territoire comparable ({plural}) n’est au stade {helped} "
            f"{near}."
        )
    are = "est" if around == 1 else "sont"
    alike = "comparable" if around == 1 else "comparables"
    return (
        f"{stage}{NARROW}: {counted(around, singular, plural)} {alike}, {near}, {are} au stade {helped} selon les "
        "réponses publiées."
    )


def nobody(edition: Edition, territory: Territory, settings: Support) -> str:
    """Return why nobody is proposed. Not yet for Markdown."""
    if not criteria(edition):
        return "L’édition affichée n’a pas posé les questions qui disent qui est avancé."
    if support.place_of(edition, territory) is None:
        return (
            "Personne n’est proposé, faute de savoir où se trouve cette structure"
            f"{NARROW}: elle n’a pas indiqué les intercommunalités qu’elle couvre."
        )
    alike = ", même classe de taille ou classe voisine" if territory.taille != WITHOUT_SIZE else ""
    return (
        f"Parmi les réponses publiées, aucun territoire comparable ({nouns(territory.type)[1]}{alike}) n’est au stade "
        f"{_stages(settings.helping)}{_mark(edition)} à moins de {number(settings.farthest_km)}{NARROW}km."
    )


def _supporter(edition: Edition, territory: Territory, code: str, supporter: Any, settings: Support) -> None:
    links.portrait(edition, code, str(supporter["nom"]), icon=":material/location_on:")
    sizes = {size.code: size.label for size in load_region().size_classes}
    alike = likeness(bool(supporter["same_size"]), sizes.get(str(supporter["taille"]), ""))
    st.caption(" · ".join(part for part in (distance(supporter["km"]), alike) if part))
    st.markdown(plain(reason(edition, territory, supporter, settings)))


def _own_epci(edition: Edition, code: str, settings: Support) -> None:
    nom = str(load_reference(edition.millesime).at[code, "nom"])
    st.markdown(
        f"**Son intercommunalité est elle-même au stade {_stages(settings.helping)}**"
        f"{_mark(edition)}{NARROW}: c’est le premier appui à solliciter."
    )
    links.portrait(edition, code, nom, icon=":material/location_city:")


def _contact(purpose: str) -> None:
    """Draw whom to write to, the first of the contacts: support goes through PQN-A."""
    contacts = load_published().contacts
    if contacts:
        first = contacts[0]
        st.markdown(f"{purpose}, contactez {first.name}{NARROW}: [{first.address}]({first.link}).")


def _stages(codes: tuple[str, ...], last: str = "ou", quote: bool = True) -> str:
    """Return the names of stages, between quotation marks unless another sentence puts them there."""
    rule = load_rule()
    names = [rule.stage(code).label for code in codes]
    return words([quoted(name) if quote else name for name in names], last)


def _mark(edition: Edition) -> str:
    return f" ({lower_first(SIMULATED)})" if edition.simulated else ""
