"""A new version comes in service with `deploy/update`, one replica at a time, while visitors are at work."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from tests.deployment import visits
from tests.deployment.site import DEPLOY, ROOT, Site

pytestmark = pytest.mark.timeout(400)

VISITORS = 30
BOUND = 40
"""Seconds within which a replica that is told to end has ended; systemd kills it after as many."""


@contextmanager
def supervising(site: Site, statuses: list[int]) -> Iterator[str]:
    """Stand for systemd, which is not here: restart the replica that a request names; give the command that asks."""

    class Supervisor(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (replica,) = (one for one in site.replicas if str(one.port) == self.path.strip("/"))
            statuses.append(replica.end(signal.SIGTERM, patience=BOUND))
            replica.start()
            self.send_response(204)
            self.end_headers()

        def log_message(self, *told: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Supervisor) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"curl --silent --fail --request POST http://127.0.0.1:{server.server_port}/PORT"
        server.shutdown()
        thread.join()


@contextmanager
def asking(site: Site, answers: Counter[str]) -> Iterator[None]:
    """Ask for pages, probes and files all the time, each as somebody new, and count the answers."""
    end = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=site.address, verify=site.context, trust_env=False, timeout=60) as client:
            while not end.is_set():
                for path in ("/strategies", "/_stcore/health", "/_stcore/host-config", "/sante"):
                    client.cookies.clear()
                    answers[f"{path} {client.get(path).status_code}"] += 1
                end.wait(0.1)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def release(folder: Path) -> Path:
    """Return a folder with a version of the dashboard: this one."""
    made = folder / "releases" / "2026-12-01"
    made.mkdir(parents=True)
    for name in ("app.py", "lib", "pages", "data", "geo", ".streamlit", "requirements.txt"):
        (made / name).symlink_to(ROOT / name)
    python = made / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return made


def test_a_rolling_upgrade_loses_no_view_and_no_request(site: Site, tmp_path: Path):
    new, backups = release(tmp_path), tmp_path / "backups"
    (tmp_path / "current").symlink_to(ROOT)
    statuses: list[int] = []
    answers = Counter[str]()

    with supervising(site, statuses) as restart:
        environment = {
            **os.environ,
            "DATABASE_URL": site.database,
            "NUMERIQUE_CURRENT": str(tmp_path / "current"),
            "NUMERIQUE_PORTS": " ".join(str(replica.port) for replica in site.replicas),
            "NUMERIQUE_RESTART": restart,
            "NUMERIQUE_BACKUP": f"{sys.executable} -m lib.survey backup {backups}",
            "NUMERIQUE_PATIENCE": "240",
        }
        done: list[subprocess.CompletedProcess[str]] = []

        def update() -> None:
            command = [str(DEPLOY / "update"), str(new)]
            done.append(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True))

        async def all_of_it() -> list[visits.Person]:
            people = await visits.crowd(site, VISITORS, update)
            await visits.closed(people)
            return people

        with asking(site, answers):
            people = visits.apart(all_of_it())

    (updated,) = done
    assert updated.returncode == 0, updated.stdout + updated.stderr
    assert statuses == [0, 0, 0]
    assert (tmp_path / "current").resolve() == new
    assert len(list(backups.glob("*.dump"))) == 1
    assert {answer.split()[1] for answer in answers} == {"200"}, answers
    for rank, person in enumerate(people):
        assert person.seen is not None
        assert len(person.views) == (2 if rank % 2 == 0 else 1), [view.selection for view in person.views]
    # Moved once by each replica that left while they were there: none more than three times.
    moved = [len(person.away) for person in people]
    assert 3 > sum(moved) / len(moved) >= 1
    assert max(moved) <= 3
    away = sorted(seconds for person in people for seconds in person.away)
    print(
        f"\n{len(away)} moves of {VISITORS} visitors, {away[len(away) // 2]:.2f} s (median), {away[-1]:.1f} s (slowest)"
    )


def test_nothing_is_changed_where_a_replica_is_down_or_the_version_is_none(site: Site, tmp_path: Path):
    ports = " ".join(str(replica.port) for replica in site.replicas)
    environment = {**os.environ, "NUMERIQUE_PORTS": ports, "NUMERIQUE_RESTART": f"touch {tmp_path}/restarted"}
    environment["NUMERIQUE_CURRENT"] = str(tmp_path / "current")
    none = subprocess.run([str(DEPLOY / "update"), str(tmp_path)], env=environment, capture_output=True, text=True)
    site.replicas[2].kill()
    down = subprocess.run([str(DEPLOY / "update")], env=environment, capture_output=True, text=True)
    for refused, why in ((none, "holds no version"), (down, f"Replica {site.replicas[2].port} is not ready")):
        assert refused.returncode == 1
        assert why in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_replica_that_ends_waits_for_what_is_under_way_and_takes_nobody_new(site: Site):
    replica = site.replicas[0]
    direct = f"http://127.0.0.1:{replica.port}/"

    async def leave() -> list[str]:
        people = [visits.Person(visits.Visitor(), "strategies") for _ in range(3)]
        for person in people:
            await person.visitor.open(direct, person.address)
        visitor, before = people[0].visitor, people[0].visitor.run_id
        working = asyncio.create_task(visitor.choose(visits.CHOICE, ["Commune"]))
        # Begun, not answered: a visitor for whom nothing is under way is sent elsewhere at once.
        async with asyncio.timeout(60):
            while visitor.run_id == before:
                await asyncio.sleep(0.001)
        assert replica.process is not None
        replica.process.send_signal(signal.SIGTERM)
        # The page that was being computed is seen whole; only then is its visitor sent elsewhere.
        await working
        await asyncio.gather(*(person.visitor.lost() for person in people))
        with pytest.raises(visits.LostError):
            await visits.Visitor().open(direct, "strategies")
        return visitor.texts()

    said = visits.apart(leave())
    assert replica.process is not None
    assert replica.process.wait(BOUND) == 0
    assert any(text.startswith(visits.SELECTION) and "Commune" in text for text in said)
