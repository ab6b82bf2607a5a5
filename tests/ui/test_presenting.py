"""The addresses of presentations, asked as a browser would: what is answered when there is nothing to present."""

import asyncio
import logging
import re
import threading

import httpx
import pytest
import streamlit as st
from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette

from lib.display.figure import Show
from lib.ui import presenting, shows
from lib.ui.visitor import VisitError


def asked(path, method="GET"):
    async def ask():
        async with client() as visitor:
            return await visitor.request(method, path)

    return asyncio.run(ask())


def client():
    transport = httpx.ASGITransport(app=Starlette(routes=presenting.routes("/num")))
    return httpx.AsyncClient(transport=transport, base_url="https://exemple.fr")


@pytest.fixture
def unreadable(tmp_path, monkeypatch):
    """Make of the store of sequences what is no database."""
    (tmp_path / "editions.sqlite").write_bytes(b"not a database" * 100)
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path))
    st.cache_resource.clear()


@pytest.mark.parametrize("path", ["presentation/creuse.html", "v/creuse/1"])
@pytest.mark.usefixtures("unreadable")
def test_what_cannot_be_made_is_told_under_the_number_of_the_log(path, caplog):
    with caplog.at_level(logging.ERROR, logger="numerique"):
        answer = asked(f"/num/{path}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    (number,) = re.findall(r"numéro d’incident (\w{8})", answer.text)
    assert number in [record.fields["incident"] for record in caplog.records if record.name == "numerique"]
    assert "Revenez à la page Atelier" in answer.text
    assert "database" not in answer.text
    assert asked(f"/num/{path}", "HEAD").status_code == 503


def test_a_sequence_that_does_not_exist_is_said_not_to(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path))
    answer = asked("/num/presentation/inconnue.html")
    assert answer.status_code == 404
    assert "n’existe pas" in answer.text
    gone = asked("/num/v/inconnue/1")
    assert (gone.status_code, gone.headers["location"]) == (302, "/num/atelier")


def test_a_head_makes_no_presentation_and_has_its_headers(monkeypatch):
    monkeypatch.setattr(shows, "of_sequence", None)
    answer = asked("/num/presentation/atelier.html", "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert asked("/num/presentation/inconnue.html", "HEAD").status_code == 404


def test_a_draft_is_not_presented():
    given = "type=epci&edition"
    assert "edition" not in asked(f"/num/v/atelier/1?{given}=brouillon-1").headers["location"]
    assert "edition=simulee-2026" in asked(f"/num/v/atelier/1?{given}=simulee-2026").headers["location"]


@pytest.mark.parametrize("place", ["9" * 5000, "0", "999", "1e1", "²", "%0a1"])
def test_what_is_no_screen_leads_to_the_workshop(place):
    answer = asked(f"/num/v/atelier/{place}")
    assert (answer.status_code, answer.headers["location"]) == (302, "/num/atelier")


@pytest.mark.parametrize("work", ["of_sequence", "document_of"])
def test_a_crowd_of_presentations_stops_nobody_else_and_is_limited(monkeypatch, work):
    """Each is made to last; what is asked for meanwhile needs a thread of the server, which has ten here."""
    over = threading.Event()

    def making(*_):
        if work == "of_sequence":
            over.wait(60)
            raise VisitError("Trop tard.")
        return Show("Essai", "", "", "", {}, ())

    def drawing(_):
        over.wait(60)
        yield "fini"

    monkeypatch.setattr(shows, "of_sequence", making)
    monkeypatch.setattr(shows, "document_of", drawing)

    async def crowd():
        current_default_thread_limiter().total_tokens = 10
        async with client() as visitor:
            path = "/num/presentation/atelier.html"
            async with asyncio.TaskGroup() as group:
                many = [group.create_task(visitor.get(path, timeout=None)) for _ in range(100)]
                try:
                    for _ in range(20):
                        async with asyncio.timeout(10):
                            other = await visitor.get("/num/v/atelier/1")
                        assert other.status_code == 302
                finally:
                    over.set()
            return [one.result() for one in many]

    answers = asyncio.run(crowd())
    refused = [one for one in answers if "Beaucoup de présentations" in one.text]
    served = [one for one in answers if one not in refused]
    assert {(one.status_code, one.headers["retry-after"]) for one in refused} == {(503, "60")}
    assert 2 <= len(served) <= presenting.MOST + presenting.AT_ONCE
    if work == "document_of":
        assert {one.text for one in served} == {"fini"}
        assert all("frame-ancestors 'self'" in one.headers["content-security-policy"] for one in served)
    else:
        assert {one.status_code for one in served} == {503}
        assert all("Trop tard." in one.text for one in served)
