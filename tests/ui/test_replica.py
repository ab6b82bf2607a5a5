"""What a replica says of what it does not know, and how it refuses visitors when it leaves, message by message."""

import asyncio
from collections.abc import Iterator

import pytest
from streamlit.runtime import Runtime

from lib.ui import replica


class Sessions:
    """What Streamlit's runtime says of sessions: one is known."""

    def is_active_session(self, session: str) -> bool:
        return session == "known"


@pytest.fixture(autouse=True)
def sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Runtime, "_instance", Sessions())


@pytest.fixture
def leaving() -> Iterator[None]:
    replica._LEAVING.set()
    yield
    replica._LEAVING.clear()


def answer(scope: dict, *sent: dict, kind: bytes = b"text/javascript") -> tuple[list[dict], list[str]]:
    """Return what a replica answers to a request, and the paths that the application behind was asked."""
    said: list[dict] = []
    asked: list[str] = []
    waiting = list(sent) or [{"type": "http.request", "body": b""}]

    async def application(scope, receive, send):
        asked.append(scope["path"])
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": b"whole"})

    async def receive():
        return waiting.pop(0)

    async def send(message):
        said.append(message)

    asyncio.run(replica.OneOfSeveral(application)({"type": "http", "method": "GET", **scope}, receive, send))
    assert waiting == [], "a request is left half read"
    return said, asked


PIECES = ({"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"})


@pytest.mark.parametrize("root", ["", "/numerique"])
def test_file_for_the_visit_of_another_replica_is_not_found_once_read_to_its_end(root):
    scope = {"method": "PUT", "path": f"{root}/_stcore/upload_file/unknown/1"}
    said, asked = answer(scope, *PIECES)
    assert (said[0]["status"], asked) == (404, [])


def test_file_for_a_visit_of_this_replica_passes_and_is_counted_until_it_is_there():
    path = "/_stcore/upload_file/known/1"
    said, asked = answer({"method": "PUT", "path": path}, *PIECES[1:], kind=b"text/plain")
    assert (said[0]["status"], asked) == (200, [path])
    assert replica._UPLOADS["known"] == 0


def test_question_before_a_file_of_another_origin_passes():
    assert answer({"method": "OPTIONS", "path": "/_stcore/upload_file/unknown/1"})[0][0]["status"] == 200


@pytest.mark.parametrize("root", ["", "/numerique"])
def test_page_in_place_of_a_script_is_not_found_and_not_kept(root):
    start, body = answer({"path": f"{root}/static/js/old.js"}, kind=b"text/html; charset=utf-8")[0]
    assert (start["status"], body["body"]) == (404, b"")
    assert dict(start["headers"])[b"cache-control"] == b"no-store"


def test_script_and_page_pass_as_they_are():
    for path, kind in (("/static/js/a.js", b"text/javascript"), ("/strategies", b"text/html")):
        start, body = answer({"path": path}, kind=kind)[0]
        assert (start["status"], start["headers"], body["body"]) == (200, [(b"content-type", kind)], b"whole")


SOCKET = {"type": "websocket", "path": "/_stcore/stream", "extensions": {"websocket.http.response": {}}}
CONNECT = {"type": "websocket.connect"}


@pytest.mark.usefixtures("leaving")
def test_nobody_new_is_taken_by_a_replica_that_leaves():
    said, asked = answer(SOCKET, CONNECT)
    assert [message["type"] for message in said] == [
        "websocket.http.response.start", "websocket.http.response.body",
    ]  # fmt: skip
    assert (said[0]["status"], asked) == (503, [])
    # Where the server cannot say why.
    said, _ = answer({**SOCKET, "extensions": {}}, CONNECT)
    assert said == [{"type": "websocket.close", "code": 1012}]


@pytest.mark.usefixtures("leaving")
def test_pages_and_files_are_given_to_the_end():
    assert answer({"path": "/strategies"})[0][0]["status"] == 200
    assert answer({"method": "PUT", "path": "/_stcore/upload_file/known/1"})[0][0]["status"] == 200


def test_where_signals_are_not_those_of_a_server_nothing_is_changed():
    import signal

    before = signal.getsignal(signal.SIGTERM)
    replica.leave_politely()
    assert signal.getsignal(signal.SIGTERM) is before
    assert not replica.draining()
