"""The addresses of operators on a served application, with visitors in it, until it leaves."""

import asyncio
import os
import time
from collections.abc import Iterator
from subprocess import Popen

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.browser.conftest import launch
from tests.visitors import Visitor

TOKEN = "un-jeton-de-lecture"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Popen[bytes], str]]:
    environment = {
        "NUMERIQUE_DEPOT": str(tmp_path_factory.mktemp("depot")),
        "NUMERIQUE_METRIQUES_JETON": TOKEN,
        "NUMERIQUE_JOURNAL": "json",
    }
    with open(os.devnull, "wb") as errors:
        process, address = launch(
            "tests/ui/failing_app.py", "--server.baseUrlPath", "numerique", environment=environment, errors=errors
        )
        yield process, address
        process.kill()
        process.wait(timeout=10)


def measured(address: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return what the server measures: name and values of labels, in the order of their names."""
    answer = httpx.get(f"{address}metriques", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_it_is_alive_ready_and_its_measures_are_closed(served):
    _, address = served
    alive, ready = httpx.get(f"{address}sante"), httpx.get(f"{address}prete")
    assert (alive.status_code, ready.status_code) == (200, 200)
    assert ready.json() == {"pret": True, "raisons": []}
    assert {answer.headers["cache-control"] for answer in (alive, ready)} == {"no-store"}
    assert httpx.get(f"{address}metriques").status_code == 403
    assert "numerique_" not in httpx.get(f"{address}metriques").text
    # Under the base path alone.
    assert "vivant" not in httpx.get(f"{address.removesuffix('numerique/')}sante").text


def test_visitors_are_counted_while_they_are_there(served):
    _, address = served
    first, second = Visitor(), Visitor()

    async def story():
        await first.open(address)
        await second.open(address)
        before = await asyncio.to_thread(measured, address)
        run = await first.rerun()
        both = await asyncio.to_thread(measured, address)
        sent = ("numerique_websocket_bytes_total", ("out",))
        # Nobody else was sent anything meanwhile.
        assert both[sent] - before[sent] == run.received
        await second.choose("Casser le rappel", True)
        failed = await asyncio.to_thread(measured, address)
        await second.close()
        async with asyncio.timeout(20):
            while (await asyncio.to_thread(measured, address))["numerique_sessions", ()] != 1:
                await asyncio.sleep(0.05)
            # The delay of the loop is measured each second: the first may not be over.
            while not (await asyncio.to_thread(measured, address))["numerique_event_loop_lag_seconds_count", ()]:
                await asyncio.sleep(0.05)
        await first.close()
        return both, failed

    both, failed = asyncio.run(story())
    runs = ("numerique_rerun_seconds_count", ("done", "screen", "methode"))
    assert both["numerique_sessions", ()] == 2
    assert both["numerique_session_events_total", ("connect",)] >= 2
    assert both[runs] >= 3
    assert failed["numerique_incidents_total", ("ValueError",)] == 1
    # A callback that fails ends the run before the page begins.
    assert failed[runs] == both[runs]
    assert failed["numerique_edition_info", ("simulee-2026", "0", "true")] == 1
    assert failed["numerique_ready", ()] == 1
    assert failed["process_resident_memory_bytes", ()] > 1e8
    assert not any("nulle" in value.lower() for _, values in failed for value in values)


def test_a_server_that_leaves_is_not_ready_while_it_finishes(served):
    process, address = served
    visitor = Visitor()

    async def story():
        # The page takes two seconds: to read the authorities of the system would be a part of them.
        async with httpx.AsyncClient(verify=False) as client:
            running = asyncio.create_task(visitor.open(address, "?faute=slow"))
            async with asyncio.timeout(60):
                # The run has begun when its first element is there: a visitor who waits for nothing is sent away.
                while not visitor.shown:
                    await asyncio.sleep(0.001)
            process.terminate()
            deadline = time.monotonic() + 20
            while (answer := await client.get(f"{address}prete")).status_code == 200:
                assert time.monotonic() < deadline
            alive = await client.get(f"{address}sante")
        await asyncio.gather(running, return_exceptions=True)
        await visitor.close()
        return answer, alive

    answer, alive = asyncio.run(story())
    assert (answer.status_code, answer.json()) == (503, {"pret": False, "raisons": ["arret"]})
    assert alive.status_code == 200
    assert process.wait(timeout=40) == 0
