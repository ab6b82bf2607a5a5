"""Who is of the team: a person signed in, known and recently so, or the explicit setting of a local machine.

Closed when nothing is configured. What the team sees that others do not is left to the pages that ask.
"""

import os
import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

import streamlit as st

TEAM = "NUMERIQUE_EQUIPE"
"""Environment variable: mail addresses of the team, separated by commas."""
LOCAL = "NUMERIQUE_EQUIPE_LOCALE"
"""Environment variable: « oui » opens the team's view to the machine itself, on a server that only it can reach."""
PROXY_HEADERS = ("x-forwarded", "forwarded", "via", "x-real-ip", "cf-", "true-client-ip")
LONGEST_SESSION = 8 * 3600
"""Seconds after which a sign-in must be made again: the cookie of Streamlit lasts thirty days."""


def is_staff() -> bool:
    """Return whether this visitor is of the team."""
    local, team = os.environ.get(LOCAL) == "oui", os.environ.get(TEAM, "")
    # Asked first, so that a visitor of a server without a team costs nothing.
    if local and asked_directly(st.context.headers):
        local = opened_locally(st.get_option("server.address"), st.context.ip_address)
    else:
        local = False
    return local or (bool(team) and listed(st.user.to_dict(), team, time.time()))


def require_staff() -> None:
    """Raise PermissionError unless this visitor is of the team; every function that gives or writes asks it."""
    if not is_staff():
        raise PermissionError("réservé à l’équipe")


def listed(claims: Mapping[str, Any], team: str, now: float) -> bool:
    """Return whether the claims of a sign-in are those of a member of the team, verified and recent.

    Parameters
    ----------
    claims
        Those of the identity token: `is_logged_in`, `email`, `email_verified`, `auth_time` (seconds).
    team
        Mail addresses separated by commas; case and spaces do not matter.
    now
        In seconds.
    """
    members = {address.strip().casefold() for address in team.split(",")} - {""}
    signed_in = claims.get("is_logged_in") is True and claims.get("email_verified") is True
    try:
        age = now - float(claims.get("auth_time", ""))
    except (TypeError, ValueError):
        return False
    # The clocks of two machines may differ by a little.
    recent = -60 <= age <= LONGEST_SESSION
    return signed_in and recent and str(claims.get("email", "")).casefold() in members


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
