"""The audit against databases of loopback, which speak as OSV and npm's do: clean, with a finding, gone, or broken."""

import gzip
import json
import shutil
import socket
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.supply import audit

WHEN = "2026-01-01T00:00:00Z"
LOCK = tomllib.loads((audit.ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
LOCKED = {(package["name"], package["version"]) for package in LOCK if "registry" in package["source"]}
NODE_LOCK = audit.ROOT / audit.NPM_LOCKS[0] / "package-lock.json"


class Database(ThreadingHTTPServer):
    """Knows one vulnerable package, or none; keeps the names that it was asked about."""

    def __init__(self, vulnerable: str = "", status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.vulnerable, self.status, self.asked = vulnerable, status, set[tuple[str, str]]()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def says(self, path: str, sent: Any) -> Any:
        name = self.vulnerable
        if path == "/v1/querybatch":
            packages = [(query["package"]["name"], query["version"]) for query in sent["queries"]]
            self.asked |= set(packages)
            return {
                "results": [{"vulns": [{"id": "PYSEC-1", "modified": WHEN}]} if p == name else {} for p, _ in packages]
            }
        if path == "/v1/vulns/PYSEC-1":
            ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}]
            affected = [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": ranges, "versions": []}]
            return {"id": "PYSEC-1", "modified": WHEN, "published": WHEN, "summary": "Une faille", "affected": affected}
        if path == "/-/npm/v1/security/advisories/bulk":
            self.asked |= {(package, version) for package, versions in sent.items() for version in versions}
            advisory = {
                "id": 1, "title": "Une faille", "url": "https://example.org/1", "severity": "high",
                "vulnerable_versions": "<99", "cwe": [], "cvss": {"score": 0, "vectorString": None},
            }  # fmt: skip
            return {name: [advisory]} if name else {}
        package = path.strip("/")
        return {"name": package, "versions": {"1.0.0": {"name": package, "version": "1.0.0"}}, "dist-tags": {}}


class Answer(BaseHTTPRequestHandler):
    server: Database

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["content-length"]))
        self._answer(json.loads(gzip.decompress(sent) if self.headers.get("content-encoding") == "gzip" else sent))

    def do_GET(self) -> None:
        self._answer(None)

    def _answer(self, sent: Any) -> None:
        body = json.dumps(self.server.says(self.path, sent)).encode() if self.server.status == 200 else b"<p>Panne</p>"
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def database(**given: Any) -> Iterator[Database]:
    with Database(**given) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def nobody() -> str:
    """Give an address where nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def ask_npm(server: str, cache: Path) -> audit.Verdict:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed on this machine; on Debian: apt-get install npm")
    return audit.node(audit.NPM_LOCKS[0], "--registry", server, "--cache", str(cache))


def test_a_clean_lock_passes_and_all_of_it_was_asked(capsys):
    with database() as osv:
        verdict = audit.python("--service-url", osv.address)
    assert osv.asked == LOCKED
    assert (verdict.asked, verdict.found, verdict.skipped) == (len(LOCKED), (), "")
    assert audit.report([verdict]) == 0
    assert capsys.readouterr().out == f"uv.lock: {len(LOCKED)} packages, 0 known vulnerabilities\n"


def test_a_known_vulnerability_fails_and_is_told(capsys):
    with database(vulnerable="starlette") as osv:
        verdict = audit.python("--service-url", osv.address)
    (found,) = verdict.found
    assert found.startswith("starlette ")
    assert all(
        said in found for said in ("PYSEC-1 Une faille", "fixed in 99.0", "https://osv.dev/vulnerability/PYSEC-1")
    )
    assert audit.report([verdict]) == 1
    assert found in capsys.readouterr().out


def test_a_database_that_cannot_be_reached_is_skipped_with_its_reason(nobody, capsys):
    verdict = audit.python("--service-url", nobody)
    assert verdict.skipped.startswith("no advisory database reachable (")
    assert audit.report([verdict]) == 0
    assert "uv.lock: skipped: no advisory database reachable" in capsys.readouterr().out


@pytest.mark.parametrize("status", [403, 405, 503])
def test_what_answers_in_its_place_is_no_database(status):
    with database(status=status) as osv:
        assert audit.python("--service-url", osv.address).skipped


def test_an_answer_that_cannot_be_read_is_neither_a_pass_nor_a_finding():
    with database(status=400) as osv, pytest.raises(audit.AuditError, match=r"uv\.lock"):
        audit.python("--service-url", osv.address)


def test_packages_that_were_not_asked_about_are_seen(monkeypatch, tmp_path):
    # One that nothing needs is not asked about: the count tells.
    shutil.copy(audit.ROOT / "pyproject.toml", tmp_path)
    orphan = '[[package]]\nname = "une-de-plus"\nversion = "1.0"\nsource = { registry = "https://pypi.org/simple" }\n'
    lock = (audit.ROOT / "uv.lock").read_text(encoding="utf-8")
    (tmp_path / "uv.lock").write_text(f"{lock}\n{orphan}", encoding="utf-8")
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    with database() as osv, pytest.raises(audit.AuditError, match="were asked about"):
        audit.python("--service-url", osv.address)


def test_npm_a_clean_lock_passes_and_all_of_it_was_asked(tmp_path):
    with database() as npm:
        verdict = ask_npm(npm.address, tmp_path)
    packages = json.loads(NODE_LOCK.read_text(encoding="utf-8"))["packages"]
    locked = {(path.rpartition("node_modules/")[2], told["version"]) for path, told in packages.items() if path}
    assert npm.asked == locked
    assert (verdict.found, verdict.skipped) == ((), "")
    assert verdict.asked >= len(locked)


def test_npm_a_known_vulnerability_fails_and_is_told(tmp_path):
    with database(vulnerable="axe-core") as npm:
        verdict = ask_npm(npm.address, tmp_path)
    (found,) = verdict.found
    assert found.startswith("axe-core ")
    assert "high, Une faille https://example.org/1" in found
    assert audit.report([verdict]) == 1


def test_npm_a_registry_without_the_database_is_skipped(tmp_path):
    with database(status=405) as npm:
        assert ask_npm(npm.address, tmp_path).skipped.startswith("no advisory database reachable (")


def test_npm_nobody_is_skipped(nobody, tmp_path):
    assert ask_npm(nobody, tmp_path).skipped.startswith("no advisory database reachable (")
