"""Who is of the team: signed in, verified, listed and recently so; or on the machine itself when it says so."""

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.ui import access
from lib.ui.access import Standing

NOW = 1_800_000_000.0
TEAM = "Chargee@pqn-a.example , autre@pqn-a.example"
CLAIMS = {
    "is_logged_in": True,
    "email": "chargee@pqn-a.example",
    "email_verified": True,
    "auth_time": NOW - 3600,
}


def test_a_listed_person_who_signed_in_an_hour_ago_is_of_the_team():
    assert access.listed(CLAIMS, TEAM, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"is_logged_in": False},
        {"email": "inconnu@pqn-a.example"},
        {"email": ""},
        {"email_verified": False},
        {"email_verified": "true"},
        {"auth_time": NOW - 8 * 3600 - 1},
        {"auth_time": NOW + 3600},
        {"auth_time": None},
        {"auth_time": "hier"},
    ],
)
def test_anybody_else_is_not(change):
    assert not access.listed(CLAIMS | change, TEAM, NOW)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, Standing.MEMBER),
        ({"email": " CHARGEE@PQN-A.example "}, Standing.MEMBER),
        ({"auth_time": NOW - 8 * 3600}, Standing.MEMBER),
        ({"auth_time": NOW + 59}, Standing.MEMBER),
        ({"is_logged_in": False}, Standing.STRANGER),
        ({"is_logged_in": "true"}, Standing.STRANGER),
        ({"email": "inconnu@pqn-a.example"}, Standing.UNLISTED),
        ({"email": "chargee@pqn-a.example.test"}, Standing.UNLISTED),
        ({"email": TEAM}, Standing.UNLISTED),
        ({"email": ""}, Standing.UNVERIFIED),
        ({"email": None}, Standing.UNVERIFIED),
        ({"email": ["chargee@pqn-a.example"]}, Standing.UNVERIFIED),
        ({"email_verified": False}, Standing.UNVERIFIED),
        ({"email_verified": None}, Standing.UNVERIFIED),
        ({"auth_time": None}, Standing.UNDATED),
        ({"auth_time": "hier"}, Standing.UNDATED),
        ({"auth_time": float("nan")}, Standing.EXPIRED),
        ({"auth_time": NOW - 8 * 3600 - 1}, Standing.EXPIRED),
        ({"auth_time": NOW + 61}, Standing.EXPIRED),
        # The first reason that signing in again cannot mend is the one that is said.
        ({"email": "inconnu@pqn-a.example", "auth_time": NOW - 9 * 3600}, Standing.UNLISTED),
        ({"email": "inconnu@pqn-a.example", "email_verified": False}, Standing.UNVERIFIED),
    ],
)
def test_each_refusal_has_its_reason(change, found):
    assert access.standing_of(CLAIMS | change, TEAM, NOW) is found


def test_nobody_is_when_no_team_is_configured():
    assert not access.listed(CLAIMS | {"email": ""}, "", NOW)
    assert not access.listed({}, TEAM, NOW)
    assert access.standing_of(CLAIMS, " , ", NOW) is Standing.UNCONFIGURED


@pytest.mark.parametrize(
    ("server", "visitor", "local"),
    [
        ("127.0.0.1", None, True),
        ("localhost", "127.0.0.1", True),
        ("::1", "::1", True),
        ("0.0.0.0", None, False),
        (None, None, False),
        ("127.0.0.1", "192.0.2.7", False),
        ("tableau.example", None, False),
    ],
)
def test_the_local_setting_opens_to_the_machine_itself_only(server, visitor, local):
    assert access.opened_locally(server, visitor) is local


@pytest.mark.parametrize(
    ("headers", "direct"),
    [
        ({"Host": "127.0.0.1:8501"}, True),
        ({"Host": "localhost:8501"}, True),
        ({"Host": "[::1]:8501"}, True),
        ({"Host": "tableau.example"}, False),
        ({"Host": "127.0.0.1:8501", "X-Forwarded-For": "192.0.2.7"}, False),
        ({"Host": "127.0.0.1:8501", "Via": "1.1 proxy"}, False),
        ({"host": "127.0.0.1:8501", "x-real-ip": "192.0.2.7"}, False),
    ],
)
def test_a_request_through_a_proxy_is_not_of_this_machine(headers, direct):
    assert access.asked_directly(headers) is direct


def asks():
    import streamlit as st

    from lib.ui import access, session

    st.session_state["staff"] = access.is_staff()
    try:
        st.session_state["who"] = access.who()
    except PermissionError:
        st.session_state["who"] = None
    try:
        session.given_edition("simulee-2026")
        st.session_state["given"] = True
    except PermissionError:
        st.session_state["given"] = False


def run(**state):
    visit = AppTest.from_function(asks, default_timeout=60)
    for name, value in state.items():
        visit.session_state[name] = value
    visit.run()
    assert not visit.exception
    return visit.session_state["staff"], visit.session_state["given"], visit.session_state["who"]


def test_the_answers_as_given_are_closed_to_visitors(monkeypatch):
    """That the local setting opens them is seen in a browser: AppTest gives its visitor no address."""
    monkeypatch.delenv(access.LOCAL, raising=False)
    assert run() == (False, False, None)
    monkeypatch.setenv(access.LOCAL, "oui")
    assert run() == (False, False, None)


def test_a_visit_without_rights_is_not_of_the_team_where_the_machine_itself_is(monkeypatch):
    monkeypatch.setenv(access.LOCAL, "oui")
    # AppTest invents an address for its visitor; Streamlit gives none to one of the machine itself.
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    assert run() == (True, True, access.LOCAL_NAME)
    assert run(**{access.WITHOUT_RIGHTS: True}) == (False, False, None)
