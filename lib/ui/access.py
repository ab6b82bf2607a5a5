"""Who is of the team: a person signed in, known and recently so, or the explicit setting of a local machine.

Closed when nothing is configured. What the team sees that others do not is left to the pages that ask, and what is said
to the others to `lib.ui.signin`.
"""

import os
import time
from collections.abc import Mapping
from enum import Enum
from ipaddress import ip_address
from typing import Any

import streamlit as st

TEAM = "NUMERIQUE_EQUIPE"
"""Environment variable: mail addresses of the team, separated by commas."""
LOCAL = "NUMERIQUE_EQUIPE_LOCALE"
"""Environment variable: « oui » opens the team's view to the machine itself, on a server that only it can reach."""
LOCAL_NAME = "poste local"
"""Who wrote, where the local setting let somebody in: nobody signed in, and the machine has one user."""
WITHOUT_RIGHTS = "_without_rights"
"""In the session state: of the team in no case, for the visits that no request makes (`lib.ui.visitor`)."""
PROXY_HEADERS = ("x-forwarded", "forwarded", "via", "x-real-ip", "cf-", "true-client-ip")
LONGEST_SESSION = 8 * 3600
"""Seconds after which a sign-in must be made again: the cookie of Streamlit lasts thirty days."""
CLOCKS = 60
"""Seconds by which the clock of the provider may be ahead of ours."""


class Standing(Enum):
    """What a visitor is to the team; all but the first two are refused, each for its own reason."""

    MEMBER = "listed, verified, signed in recently"
    LOCAL = "on the machine itself, where the local setting opens it"
    UNCONFIGURED = "no sign-in provider, or no team"
    STRANGER = "not signed in"
    UNVERIFIED = "the provider does not say that the address is verified"
    UNLISTED = "the address is not one of the team's"
    UNDATED = "the provider does not say when the person signed in"
    EXPIRED = "signed in too long ago"


STAFF = frozenset({Standing.MEMBER, Standing.LOCAL})
CONNECTED = frozenset(Standing) - {Standing.LOCAL, Standing.UNCONFIGURED, Standing.STRANGER}
"""Those who signed in, of the team or not."""


def is_staff() -> bool:
    """Return whether this visitor is of the team."""
    return standing() in STAFF


def require_staff() -> None:
    """Raise PermissionError unless this visitor is of the team; every function that gives or writes asks it."""
    if not is_staff():
        raise PermissionError("réservé à l’équipe")


def who() -> str:
    """Return the verified address of this member of the team, or « poste local » under the local setting.

    Raises
    ------
    PermissionError
        When the visitor is not of the team: what is written is always signed.
    """
    found = standing()
    if found not in STAFF:
        raise PermissionError("réservé à l’équipe")
    # Also under the local setting: a name is better than none, when there is one to trust.
    if found is Standing.MEMBER:
        return address(st.user.to_dict())
    return LOCAL_NAME


def standing() -> Standing:
    """Return what this visitor is to the team, as the environment, the request and the sign-in say now."""
    # Without an address nor a header, such a visit would pass for one of this machine.
    if WITHOUT_RIGHTS in st.session_state:
        return Standing.STRANGER
    local, team = os.environ.get(LOCAL) == "oui", os.environ.get(TEAM, "")
    # Asked first, so that a visitor of a server without a team costs nothing.
    if team and sign_in_configured():
        found = standing_of(st.user.to_dict(), team, time.time())
    else:
        found = Standing.UNCONFIGURED
    if found is Standing.MEMBER or not local or not asked_directly(st.context.headers):
        return found
    here = opened_locally(st.get_option("server.address"), st.context.ip_address)
    return Standing.LOCAL if here else found


def sign_in_configured() -> bool:
    """Return whether the secrets name a provider to sign in with."""
    # Asking for a secret where there is no file of them is an error.
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def providers() -> tuple[str, ...]:
    """Return the names under which the secrets hold a provider, as `st.login` takes them; empty without any."""
    if not sign_in_configured():
        return ()
    auth = st.secrets["auth"]
    named = tuple(name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value)
    # Written without a name, a provider is the one that `st.login` takes by default.
    return ("default", *named) if "client_id" in auth else named


def listed(claims: Mapping[str, Any], team: str, now: float) -> bool:
    """Return whether the claims of a sign-in are those of a member of the team; see `standing_of`."""
    return standing_of(claims, team, now) is Standing.MEMBER


def standing_of(claims: Mapping[str, Any], team: str, now: float) -> Standing:
    """Return what the claims of a sign-in make of somebody.

    Parameters
    ----------
    claims
        Those of the identity token: `is_logged_in`, `email`, `email_verified`, `auth_time` (seconds).
    team
        Mail addresses separated by commas; case and spaces do not matter.
    now
        In seconds.
    """
    members = {member.strip().casefold() for member in team.split(",")} - {""}
    if not members:
        return Standing.UNCONFIGURED
    if claims.get("is_logged_in") is not True:
        return Standing.STRANGER
    if claims.get("email_verified") is not True or not address(claims):
        return Standing.UNVERIFIED
    if address(claims).casefold() not in members:
        return Standing.UNLISTED
    try:
        age = now - float(claims.get("auth_time", ""))
    except (TypeError, ValueError):
        return Standing.UNDATED
    return Standing.MEMBER if -CLOCKS <= age <= LONGEST_SESSION else Standing.EXPIRED


def address(claims: Mapping[str, Any]) -> str:
    """Return the mail address that the claims give, empty when they give none."""
    given = claims.get("email")
    return given.strip() if isinstance(given, str) else ""


def opened_locally(server: str | None, visitor: str | None) -> bool:
    """Return whether the server listens on this machine only, and the visitor is on it.

    Streamlit gives no address for a visitor of the machine itself.
    """
    return _loopback(server) and (visitor is None or _loopback(visitor))


def asked_directly(headers: Mapping[str, str]) -> bool:
    """Return whether a request names this machine and bears no trace of a proxy.

    Behind a proxy every visitor seems to be on this machine; one that leaves no trace at all cannot be told, so that
    the local setting is not for a machine with a proxy.
    """
    named = {name.lower(): value for name, value in headers.items()}
    traces = any(name.startswith(PROXY_HEADERS) for name in named)
    host = named.get("host", "").rsplit(":", 1)[0].strip("[]")
    return not traces and (not host or _loopback(host))


def _loopback(address: str | None) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
