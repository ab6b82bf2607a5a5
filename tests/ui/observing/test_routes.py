"""The addresses of operators: what they say, and to whom; spoken to as a server would."""

import asyncio
import json

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from streamlit import config

from lib.survey.store.opening import StoreError
from lib.ui import shell
from lib.ui.observing import routes
from tests.ui.observing.test_readiness import Store, ready

HERE = {"host": "127.0.0.1:8501"}


def ask(path, store=None, *, method="GET", headers=HERE, client=("127.0.0.1", 50000), root="", warm=True):
    """Return the status, the headers and the body of an answer, through the middleware of the shell."""
    app = Starlette(routes=routes.routes(root, ready(store or Store(), warm=warm)), middleware=[shell.middleware()[-1]])
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "scheme": "http", "server": ("127.0.0.1", 8501), "client": client,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    found = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:])


def test_a_server_that_answers_is_alive_whatever_its_store():
    store = Store(StoreError("La base des éditions ne répond pas."))
    status, headers, body = ask("/sante", store, warm=False)
    assert (status, json.loads(body)) == (200, {"vivant": True})
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "application/json"
    assert store.looks == 0


def test_a_ready_server_says_so():
    status, headers, body = ask("/prete")
    assert (status, json.loads(body)) == (200, {"pret": True, "raisons": []})
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert int(headers["content-length"]) == len(body)


def test_a_server_that_is_not_ready_says_why_in_one_word():
    status, _, body = ask("/prete", Store(StoreError("Le fichier /srv/depot/editions.sqlite…")))
    assert (status, json.loads(body)) == (503, {"pret": False, "raisons": ["depot"]})
    status, _, body = ask("/prete", warm=False)
    assert (status, json.loads(body)) == (503, {"pret": False, "raisons": ["prechauffage"]})


@pytest.mark.parametrize(("path", "status"), [("/sante", 200), ("/prete", 200), ("/metriques", 200)])
def test_a_head_has_the_status_and_no_body(path, status):
    answered, headers, body = ask(path, method="HEAD")
    assert (answered, body) == (status, b"")
    assert int(headers["content-length"]) > 0


@pytest.mark.parametrize("path", ["/sante", "/prete", "/metriques"])
def test_they_are_under_the_base_path_and_only_read(path):
    assert ask(f"/numerique{path}", root="/numerique")[0] == 200
    assert ask(path, root="/numerique")[0] == 404
    assert ask(path, method="POST")[0] == 405


def test_the_shell_mounts_them_under_the_base_path(monkeypatch):
    monkeypatch.setattr(config, "get_option", lambda name: "numerique" if name == "server.baseUrlPath" else None)
    paths = {route.path for route in shell.routes()}
    assert {"/numerique/sante", "/numerique/prete", "/numerique/metriques"} <= paths


def test_the_machine_itself_reads_the_measures():
    status, headers, body = ask("/metriques")
    assert status == 200
    assert headers["content-type"].startswith("text/plain")
    assert headers["cache-control"] == "no-store"
    names = {family.name for family in text_string_to_metric_families(body.decode())}
    assert {"numerique_rerun_seconds", "numerique_incidents", "numerique_edition_info", "numerique_ready",
            "numerique_event_loop_lag_seconds", "process_resident_memory_bytes"} <= names  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [
        {"client": ("203.0.113.77", 50000)},
        {"client": ("10.0.0.4", 50000)},
        {"client": None},
        {"headers": {"host": "numerique.example.fr"}},
        *({"headers": {**HERE, name: "127.0.0.1"}} for name in routes.PROXIED),
    ],
    ids=str,
)
def test_nobody_else_does(asked):
    status, headers, body = ask("/metriques", **asked)
    assert status == 403
    assert b"numerique_" not in body
    assert headers["cache-control"] == "no-store"


def test_behind_a_public_address_the_machine_alone_is_not_enough(monkeypatch):
    # A proxy of the same machine that adds no header looks like the machine.
    monkeypatch.setenv("NUMERIQUE_ADRESSE", "https://numerique.example.fr")
    assert ask("/metriques")[0] == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer jeton-é", 200),
        ("Bearer jeton", 403),
        ("Bearer ", 403),
        ("", 403),
        ("jeton-é", 403),
        ("Basic jeton-é", 403),
    ],
)
def test_with_a_token_it_must_be_given_from_wherever(given, status, monkeypatch):
    monkeypatch.setenv("NUMERIQUE_METRIQUES_JETON", "jeton-é")
    monkeypatch.setenv("NUMERIQUE_ADRESSE", "https://numerique.example.fr")
    headers = {"host": "numerique.example.fr", "authorization": given}
    assert ask("/metriques", client=("203.0.113.77", 1), headers=headers)[0] == status
    assert ask("/metriques", headers={**HERE, "authorization": given})[0] == status
