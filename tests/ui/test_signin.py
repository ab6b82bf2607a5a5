"""What somebody who is not of the team is told, and offered, before any provider is asked; the rest is in a browser."""

import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui import access, signin

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "secrets.example.toml"
ONE = {"client_id": "tableau"}
COOKIES = {"redirect_uri": "http://127.0.0.1:8501/oauth2callback", "cookie_secret": "secret"}


def asks():
    import streamlit as st

    from lib.ui import access, signin

    st.session_state["standing"] = access.standing().name
    st.session_state["providers"] = access.providers()
    signin.line()
    signin.closed("elle sert à essayer")


def visit(auth, monkeypatch, team="chargee@pqn-a.example"):
    monkeypatch.delenv(access.LOCAL, raising=False)
    monkeypatch.setenv(access.TEAM, team)
    opened = AppTest.from_function(asks, default_timeout=60)
    if auth is not None:
        opened.secrets["auth"] = auth
    opened.run()
    assert not opened.exception
    return opened


def said(opened):
    (info,) = opened.info
    assert info.value.startswith("Cette page est réservée à l’équipe de PQN-A\u202f: elle sert à essayer. ")
    return info.value.partition("essayer. ")[2]


@pytest.mark.shipped_region
@pytest.mark.parametrize(("auth", "team"), [(None, "chargee@pqn-a.example"), (COOKIES | ONE, "")])
def test_without_a_provider_or_without_a_team_nobody_is_asked_to_sign_in(auth, team, monkeypatch):
    opened = visit(auth, monkeypatch, team)
    assert opened.session_state["standing"] == "UNCONFIGURED"
    assert said(opened) == "Aucune connexion n’est configurée ici."
    assert list(opened.button) == []


@pytest.mark.shipped_region
@pytest.mark.parametrize(
    ("auth", "names", "labels"),
    [
        (COOKIES | ONE, ("default",), ["Se connecter"]),
        (COOKIES | {"default": ONE}, ("default",), ["Se connecter"]),
        (COOKIES | {"equipe": ONE}, ("equipe",), ["Se connecter"]),
        (
            COOKIES | {"equipe": ONE, "hubik": ONE},
            ("equipe", "hubik"),
            ["Se connecter avec equipe", "Se connecter avec hubik"],
        ),
        (COOKIES | ONE | {"client_kwargs": {"prompt": "login"}}, ("default",), ["Se connecter"]),
    ],
)
def test_a_stranger_is_offered_each_provider(auth, names, labels, monkeypatch):
    opened = visit(auth, monkeypatch)
    assert opened.session_state["standing"] == "STRANGER"
    assert opened.session_state["providers"] == names
    assert said(opened) == "Connectez-vous avec une adresse de l’équipe."
    assert [button.label for button in opened.button] == labels
    assert list(opened.text) == []


def test_the_example_of_a_deployment_asks_the_provider_what_access_needs(monkeypatch):
    example = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["auth"]
    assert visit(example, monkeypatch).session_state["providers"] == ("default",)
    assert example["default"]["client_kwargs"]["prompt"] == "login"
    assert "email" in example["default"]["client_kwargs"]["scope"].split(" ")
    assert example["default"]["authorize_params"]["max_age"] == access.LONGEST_SESSION
    # An example, and no more: whoever copies it must fill it in.
    empty = (example["cookie_secret"], example["default"]["client_id"], example["default"]["client_secret"])
    assert empty == ("", "", "")


def test_every_refusal_is_explained():
    assert set(signin.WHY) == set(access.Standing) - access.STAFF
    # Signing in again adds nobody to a list.
    assert set(signin.SIGN_IN) == set(signin.WHY) - {access.Standing.UNCONFIGURED, access.Standing.UNLISTED}
