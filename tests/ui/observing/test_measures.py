"""What is counted, read as a collector would read it."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException
from streamlit.testing.v1 import AppTest

from lib.ui import incidents, menu
from lib.ui.observing import measures
from lib.ui.observing.measured import Measured

ROUTER = Path(__file__).resolve().parents[3] / "lib" / "ui" / "router.py"


def value(name, **labels):
    """Return the value of a sample, 0 where there is none."""
    families = text_string_to_metric_families(generate_latest(measures.REGISTRY).decode())
    found = [s.value for family in families for s in family.samples if s.name == name and s.labels == labels]
    return found[0] if found else 0.0


def reruns(page, end, kind="screen"):
    return value("numerique_rerun_seconds_count", page=page, end=end, kind=kind)


@pytest.mark.parametrize(
    ("raised", "end"),
    [
        (None, "done"),
        (RerunException(RerunData()), "interrupted"),
        (StopException(), "stopped"),
        (ValueError("Mairie de Nulle-Part"), "error"),
    ],
    ids=["done", "interrupted", "stopped", "error"],
)
def test_a_run_is_measured_however_it_ends(raised, end):
    before = reruns("strategies", end)

    def one():
        with measures.rerun() as run:
            run.shows("strategies", "essai")
            if raised:
                raise raised

    if raised:
        with pytest.raises(type(raised)):
            one()
    else:
        one()
    assert reruns("strategies", end) == before + 1


def test_a_run_that_ends_before_its_page_is_known_is_measured_elsewhere():
    before = reruns("autre", "error")
    with pytest.raises(OSError, match="disque"), measures.rerun():
        raise OSError("disque")
    assert reruns("autre", "error") == before + 1


def test_the_first_page_is_called_by_its_name():
    before = reruns(menu.FIRST, "done")
    with measures.rerun() as run:
        run.shows("")
    assert reruns(menu.FIRST, "done") == before + 1


def test_the_router_is_measured_with_its_page():
    before = reruns(menu.FIRST, "done")
    visit = AppTest.from_file(str(ROUTER), default_timeout=60).run()
    assert not visit.exception
    assert reruns(menu.FIRST, "done") == before + 1
    assert value("numerique_rerun_seconds_sum", page=menu.FIRST, end="done", kind="screen") > 0


def visiting():
    from lib.ui import visitor

    visitor.visit("participation", {})


def test_a_run_without_a_screen_is_told_apart():
    before = reruns("participation", "done", "document"), reruns("participation", "done")
    assert not AppTest.from_function(visiting, default_timeout=60).run().exception
    assert (reruns("participation", "done", "document"), reruns("participation", "done")) == (before[0] + 1, before[1])


def test_an_incident_is_counted_by_its_class():
    class UnseenError(Exception):
        pass

    incidents.log(UnseenError("Mairie de Nulle-Part"))
    incidents.log(UnseenError("Mairie de Nulle-Part"))
    assert value("numerique_incidents_total", error="UnseenError") == 2
    assert b"Nulle-Part" not in generate_latest(measures.REGISTRY)


def test_one_edition_is_told_at_a_time():
    measures.edition("une", 1, simulated=True)
    measures.edition("autre", 2, simulated=False)
    assert value("numerique_edition_info", edition="une", revision="1", simulated="true") == 0
    assert value("numerique_edition_info", edition="autre", revision="2", simulated="false") == 1


def test_the_delay_of_the_loop_is_measured(monkeypatch):
    monkeypatch.setattr(measures, "LAG_EVERY", 0.001)
    before = value("numerique_event_loop_lag_seconds_count")

    async def watched():
        watch = asyncio.create_task(measures.watch_loop())
        while value("numerique_event_loop_lag_seconds_count") < before + 3:
            await asyncio.sleep(0.001)
        watch.cancel()

    asyncio.run(asyncio.wait_for(watched(), 20))


def through(inner, scope, *incoming):
    """Send one scope through the layer that counts; return what came out."""
    sent, messages = [], iter(incoming)

    async def receive():
        return next(messages)

    async def send(message):
        sent.append(message)

    asyncio.run(Measured(inner)(scope, receive, send))
    return sent


def answering(status):
    async def inner(_scope, _receive, send):
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"fait"})

    return inner


def http(path="/", method="GET"):
    return {"type": "http", "path": path, "method": method, "headers": []}


def test_answers_are_counted_and_pass_untouched():
    before = value("numerique_http_answers_total", status="4xx")
    start, body = through(answering(404), http("/Nulle-Part"))
    assert (start["status"], body["body"]) == (404, b"fait")
    assert value("numerique_http_answers_total", status="4xx") == before + 1


def test_files_that_are_refused_are_counted_by_status_and_only_they():
    before = value("numerique_uploads_refused_total", status="413")
    upload = "/sous/_stcore/upload_file/visite/1"
    for asked in (http(upload, "PUT"), http(upload, "OPTIONS"), http("/ailleurs", "PUT")):
        through(answering(413), asked)
    through(answering(204), http(upload, "PUT"))
    assert value("numerique_uploads_refused_total", status="413") == before + 1


def test_a_request_that_fails_is_answered_under_the_number_of_the_journal(caplog):
    async def inner(_scope, _receive, _send):
        raise ValueError("Mairie de Nulle-Part")

    start, body = through(inner, http())
    (record,) = [record for record in caplog.records if record.name == "numerique"]
    assert start["status"] == 500
    assert record.fields["incident"] in body["body"].decode()
    assert "Nulle-Part" not in body["body"].decode() + str(record.fields) + record.getMessage()


def test_an_answer_that_fails_half_way_is_cut_and_told_without_its_message(caplog):
    async def inner(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("Mairie de Nulle-Part")

    with pytest.raises(ConnectionError) as cut:
        through(inner, http())
    assert cut.value.__cause__ is None
    assert "Nulle-Part" not in str(cut.value)
    assert [record.fields["error"] for record in caplog.records if record.name == "numerique"] == ["ValueError"]


def test_messages_of_websockets_are_counted_in_both_ways():
    def counted():
        return [
            value(f"numerique_websocket_{what}_total", way=way)
            for what in ("bytes", "messages")
            for way in ("in", "out")
        ]

    async def inner(_scope, receive, send):
        await receive()
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "bytes": b"12345"})
        await send({"type": "websocket.send", "text": "123"})

    before = counted()
    sent = through(
        inner, {"type": "websocket"}, {"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": b"1234"}
    )
    assert len(sent) == 3
    assert [after - was for after, was in zip(counted(), before, strict=True)] == [4, 8, 1, 2]


def test_the_start_of_the_application_passes():
    seen = []

    async def inner(scope, _receive, _send):
        seen.append(scope)

    through(inner, {"type": "lifespan"})
    assert seen == [{"type": "lifespan"}]
