"""Signing in and out, as a visitor meets it: who is connected, why a page stays closed, what to do about it.

Who is of the team is decided by `lib.ui.access`; what the pages of the team show is theirs.
"""

import streamlit as st

from lib.display.formats import NARROW, quoted
from lib.survey.privacy import load_privacy
from lib.survey.published import load_published
from lib.ui import access
from lib.ui.access import Standing

WHY = {
    Standing.UNCONFIGURED: "Aucune connexion n’est configurée ici.",
    Standing.STRANGER: "Connectez-vous avec une adresse de l’équipe.",
    Standing.UNVERIFIED: (
        "Votre fournisseur de connexion ne confirme pas que cette adresse est la vôtre "
        f"({quoted('email_verified')}). Faites-la vérifier chez lui, puis reconnectez-vous."
    ),
    Standing.UNLISTED: "L’adresse avec laquelle vous êtes connecté n’est pas dans la liste de l’équipe.",
    Standing.UNDATED: (
        f"Votre fournisseur de connexion ne dit pas quand vous vous êtes connecté ({quoted('auth_time')})"
        f"{NARROW}: la personne qui exploite ce site doit le lui faire dire."
    ),
    Standing.EXPIRED: f"Votre connexion date de plus de huit heures{NARROW}: reconnectez-vous.",
}
"""What is said to each of those who are refused, after what the page is."""

SIGN_IN = {
    Standing.STRANGER: "Se connecter",
    Standing.UNVERIFIED: "Se reconnecter",
    Standing.UNDATED: "Se reconnecter",
    Standing.EXPIRED: "Se reconnecter",
}
"""Label of the button of those for whom signing in may change something."""


def closed(purpose: str) -> None:
    """Say that a page is closed, why it is closed to this visitor, and how it opens; nothing to the team.

    Parameters
    ----------
    purpose
        What the page is for, after « Cette page est réservée à l’équipe de PQN-A : »; no full stop.
    """
    found = access.standing()
    if found in access.STAFF:
        return
    asked = ""
    if found is Standing.UNLISTED:
        contact = load_privacy().contact
        asked = f" Pour y être ajouté, écrivez à [{contact.name}]({contact.link}), ou changez de compte."
    st.info(
        f"Cette page est réservée à {load_published().team}{NARROW}: {purpose}. {WHY[found]}{asked}",
        icon=":material/lock:",
    )
    if found in access.CONNECTED:
        _connected("closed")
    if found in SIGN_IN:
        names = access.providers()
        for name in names:
            suffix = f" avec {name}" if len(names) > 1 else ""
            st.button(f"{SIGN_IN[found]}{suffix}", on_click=st.login, args=(name,), type="primary", key=f"login-{name}")


def line() -> None:
    """Draw who is connected, with what is refused to them and the way out; nothing for a visitor who never signed in.

    For every page: whoever has signed in comes back to the first one.
    """
    found = access.standing()
    if found is Standing.LOCAL:
        st.caption(f"Connecté{NARROW}: {access.LOCAL_NAME}")
    elif found in access.CONNECTED:
        _connected("line", "" if found is Standing.MEMBER else WHY[found])


def _connected(place: str, why: str = "") -> None:
    # As text: an address that nobody verified may hold anything.
    st.text(f"Connecté{NARROW}: {access.address(st.user.to_dict()) or 'adresse inconnue'}")
    if why:
        st.caption(why)
    st.button("Se déconnecter", on_click=st.logout, icon=":material/logout:", key=f"logout-{place}")
