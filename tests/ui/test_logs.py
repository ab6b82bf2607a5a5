"""What a served application writes on its error output, read line by line: what to mend, nothing of a visitor.

Answers, names and addresses are planted wherever a visitor or a library could leave them: in errors of every part of a
page, in requests, in headers, in files, in what libraries log.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import launch
from tests.ui.canary import CANARY
from tests.visitors import Visitor

STRANGER = "203.0.113.77"
"""Where a request says that it comes from, as a proxy would."""
FILE = "reponses-de-nulle-part.csv"
PRIVATE = ("Nulle-Part", "nulle-part", "05 49", STRANGER, "127.0.0.1")
NUMBER = re.compile(r"incident ([0-9a-f]{8})")


@contextmanager
def served(folder: Path, form: str) -> Iterator[tuple[str, Path]]:
    """Serve the failing application; give its address and the file that its error output fills."""
    written = folder / f"journal-{form}.txt"
    environment = {
        "NUMERIQUE_JOURNAL": form, "NUMERIQUE_REPLIQUE": "essai-1", "NUMERIQUE_DEPOT": str(folder / "depot"),
    }  # fmt: skip
    with written.open("wb") as errors:
        process, address = launch("tests/ui/failing_app.py", environment=environment, errors=errors)
        try:
            yield address, written
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    with served(tmp_path_factory.mktemp("journal"), "json") as made:
        yield made


def lines(written: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]


def awaited(written: Path, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the first line that is wanted: it may be written a little after the visitor is answered."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        whole = written.read_text(encoding="utf-8").rpartition("\n")[0]
        for line in whole.splitlines():
            if wanted(told := json.loads(line)):
                return told
        time.sleep(0.05)
    raise AssertionError(f"no such line in {written.read_text(encoding='utf-8')}")


def story(visitor: Visitor, told: Any) -> Any:
    async def whole() -> Any:
        try:
            return await told
        finally:
            await visitor.close()

    return asyncio.run(whole())


def numbered(texts: list[str]) -> str:
    found = [match[1] for text in texts if (match := NUMBER.search(text))]
    assert len(found) == 1, texts
    return found[0]


@pytest.mark.parametrize(
    ("address", "label", "where"),
    [
        ("?faute=page", "", "main"),
        ("", "Casser le morceau", "part"),
        ("", "Casser le rappel", "fail"),
    ],
    ids=["page", "fragment", "callback"],
)
def test_the_number_in_the_page_is_the_one_of_the_journal(server, address, label, where):
    base, written = server
    visitor = Visitor(headers={"X-Forwarded-For": STRANGER})

    async def told() -> str:
        await visitor.open(base, address)
        if label:
            await visitor.choose(label, True)
        return numbered(visitor.texts())

    number = story(visitor, told())
    line = awaited(written, lambda line: line.get("incident") == number)
    assert line["level"] == "error"
    assert line["error"] == "ValueError"
    assert line["code"].startswith("tests/ui/failing_page.py:")
    assert f" {where}" in line["code"]
    assert line["page"] == "methode"
    assert line["edition"] == "essai"
    assert re.fullmatch("[0-9a-f]{8}", line["session"])
    assert line["session"] not in visitor.session
    assert line["replica"] == "essai-1"


def test_two_sessions_have_two_names_and_one_session_keeps_its_own(server):
    base, written = server
    first, second = Visitor(), Visitor()

    async def told() -> list[str]:
        await first.open(base, "?faute=page")
        numbers = [numbered(first.texts())]
        await first.rerun()
        numbers.append(numbered(first.texts()))
        await second.open(base, "?faute=page")
        numbers.append(numbered(second.texts()))
        await second.close()
        return numbers

    names = [
        awaited(written, lambda line, number=number: line.get("incident") == number)["session"]
        for number in story(first, told())
    ]
    assert names[0] == names[1] != names[2]


def test_a_file_that_fails_tells_its_number_where_the_browser_shows_it(server):
    base, written = server
    visitor = Visitor()

    async def told() -> str:
        await visitor.open(base, "?faute=file")
        (button, *_) = [shown.element for shown in visitor.shown.values() if shown.kind == "download_button"]
        asked = BackMsg()
        asked.backend_operation_request.request_id, asked.backend_operation_request.session_id = "1", visitor.session
        asked.backend_operation_request.deferred_file.file_id = button.deferred_file_id
        assert visitor.socket
        await visitor.socket.send(asked.SerializeToString())
        async with asyncio.timeout(20):
            while True:
                answer = ForwardMsg.FromString(await visitor.socket.recv(decode=False))
                if answer.HasField("backend_operation_response"):
                    return answer.backend_operation_response.error_msg

    sentence = story(visitor, told())
    assert sentence.startswith("Le fichier n’a pas pu être préparé")
    line = awaited(written, lambda line: line.get("incident") == numbered([sentence]))
    assert (line["error"], line["page"], line["edition"]) == ("ValueError", "methode", "essai")


def test_a_route_that_fails_tells_its_number(server):
    base, written = server
    answer = httpx.get(f"{base}casse?nom=Nulle-Part", headers={"X-Forwarded-For": STRANGER})
    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "no-store"
    line = awaited(written, lambda line: line.get("incident") == numbered([answer.text]))
    assert line["error"] == "ValueError"
    assert "broken" in line["code"]
    assert "session" not in line


def test_a_slow_run_is_written_with_its_duration(server):
    base, written = server
    visitor = Visitor()
    story(visitor, visitor.open(base, "?faute=slow"))
    line = awaited(written, lambda line: line["event"] == "slow rerun")
    assert (line["page"], line["level"]) == ("methode", "info")
    assert 2 < line["duration"] < 60


def test_a_file_that_is_refused_is_written_without_its_name(server):
    base, written = server
    answer = httpx.put(f"{base}_stcore/upload_file/Nulle-Part/1", files={"file": (FILE, CANARY.encode())})
    assert answer.status_code >= 400
    line = awaited(written, lambda line: line["event"] == "file refused")
    assert line["status"] == answer.status_code


def test_what_libraries_log_is_where_it_was_logged_and_no_more(server):
    base, written = server
    visitor = Visitor()
    story(visitor, visitor.open(base, "?faute=logs"))
    awaited(written, lambda line: line["source"] == "asyncio")
    told = [line for line in lines(written) if line["source"] == "une.bibliotheque"]
    assert [line["event"] for line in told if line["event"].startswith("reçu")] == ["reçu %s", "reçu 3 fois"]
    assert "rien %d" in [line["event"] for line in told]
    assert sum(line["event"].startswith("tests/ui/failing_page.py:") for line in told) == 2
    (failed,) = [line for line in told if line["event"] == "cela a manqué"]
    assert failed["error"] == "ValueError"
    assert {"thread ended by an error", "error that nobody could catch"} <= {line["event"] for line in lines(written)}
    assert "streamlit.venu_plus_tard" in {line["source"] for line in lines(written)}
    (warned, *_) = [line for line in lines(written) if line["event"] == "warning"]
    assert warned["error"] == "UserWarning"
    assert warned["code"].startswith("tests/ui/failing_page.py:")


def test_nothing_of_a_visitor_is_in_any_line(server):
    base, written = server
    # Whatever the order of the tests, all that could leave something is done once more.
    visitor = Visitor(headers={"X-Forwarded-For": STRANGER, "User-Agent": "Nulle-Part"})

    async def told() -> None:
        for fault in ("page", "logs", "Nulle-Part"):
            await visitor.open(base, f"?faute={fault}&nom=Nulle-Part")
            await visitor.close()
        assert visitor.socket is None

    story(visitor, told())
    headers = {"X-Forwarded-For": STRANGER, "Cookie": "nom=Nulle-Part"}
    for address in ("casse", "Nulle-Part", "presentation/Nulle-Part.html", "a/Nulle-Part/1", "assets/Nulle-Part.js",
                    "prete", "metriques", "_stcore/stream"):  # fmt: skip
        httpx.get(f"{base}{address}?nom=Nulle-Part", headers=headers)
    awaited(written, lambda line: line["source"] == "asyncio")
    text = written.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() for word in PRIVATE if word in line] == []
    # All is JSON, and says what it must.
    for line in lines(written):
        assert {"time", "level", "event", "replica", "source"} <= set(line)
        assert set(line) <= {"time", "level", "event", "replica", "source", "incident", "error", "code", "page",
                             "duration", "status", "session", "edition", "sentence"}  # fmt: skip


def test_without_json_the_same_is_written_as_text(tmp_path):
    with served(tmp_path, "texte") as (base, written):
        visitor = Visitor()

        async def told() -> str:
            await visitor.open(base, "?faute=page&nom=Nulle-Part")
            return numbered(visitor.texts())

        number = story(visitor, told())
    text = written.read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if number in line]
    assert re.match(rf"\S+ error numerique: error incident={number} error=ValueError code=tests/ui/failing_page", line)
    assert not any(word in text for word in PRIVATE)
    assert re.search(r" info uvicorn.error: Started server process \[\d+\]\n", text)
    assert "{" not in text
