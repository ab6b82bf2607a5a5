"""Known vulnerabilities of all that is locked, asked of public advisory databases: `.ci/audit`.

Python packages are asked of OSV by `uv audit`, JavaScript ones of npm's database by `npm audit`, from the locks. It
passes and says so where a database cannot be reached, and fails on what is found, or when what answers cannot be read.
What the tests need counts as what the dashboard needs: whoever runs the tests runs it.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK = "uv.lock"
NPM_LOCKS = ("tests/browser/node",)
PATIENCE = 120
"""Seconds that a database has to answer."""
# What the two programs say when nothing answered them, or when what answered is no such database.
UNREACHED = re.compile(
    r"error sending request|client error \(Connect\)|dns error|timed out|Request failed after"
    r"|HTTP status (server error|client error \((403|404|405|407|429))"
    r"|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|audit endpoint returned an error"
)


@dataclass(frozen=True)
class Verdict:
    """What one database said of one lock.

    Attributes
    ----------
    lock : which.
    skipped : why it was not asked; empty when it was.
    asked : how many packages it was asked about.
    found : vulnerabilities, one a line.
    """

    lock: str
    skipped: str = ""
    asked: int = 0
    found: tuple[str, ...] = ()


class AuditError(RuntimeError):
    """A database answered, and what it said cannot be read: neither a pass nor a finding."""


def python(*options: str) -> Verdict:
    """Return what OSV knows of `uv.lock`, all its groups; `options` are those of `uv audit`."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        return Verdict(LOCK, skipped="uv is not installed")
    command = [uv, "audit", "--frozen", "--preview-features", "audit-command,json-output", "--output-format", "json"]
    told = _run([*command, *options], UV_HTTP_RETRIES="0", UV_HTTP_TIMEOUT=str(PATIENCE // 2))
    if told is None:
        return Verdict(LOCK, skipped=f"no answer within {PATIENCE} s")
    # 0 nothing found, 1 something found, anything else is uv's own trouble.
    if told.returncode not in (0, 1):
        return _unread(LOCK, told)
    said = _json(LOCK, told)
    locked = len(tomllib.loads((ROOT / LOCK).read_text(encoding="utf-8"))["package"]) - 1
    if said["summary"]["audited_packages"] != locked:
        raise AuditError(f"{LOCK} holds {locked} packages, {said['summary']['audited_packages']} were asked about")
    found = (
        f"{each['dependency']['name']} {each['dependency']['version']}: {each['display_id']} {each['summary']}; "
        f"fixed in {', '.join(each['fix_versions']) or 'no version yet'}; {each['link']}"
        for each in said["vulnerabilities"]
    )
    return Verdict(LOCK, asked=locked, found=tuple(found))


def node(folder: str, *options: str) -> Verdict:
    """Return what npm's database knows of the lock of a folder; `options` are those of `npm audit`."""
    lock = f"{folder}/package-lock.json"
    if shutil.which("npm") is None:
        return Verdict(lock, skipped="npm is not installed")
    told = _run(["npm", "audit", "--json", "--package-lock-only", "--fetch-retries=0", "--prefix", folder, *options])
    if told is None:
        return Verdict(lock, skipped=f"no answer within {PATIENCE} s")
    said = _json(lock, told)
    if "vulnerabilities" not in said:
        return _unread(lock, told)
    found = (
        f"{name} {each['range']}: {each['severity']}, {_title(each['via'])}"
        for name, each in sorted(said["vulnerabilities"].items())
    )
    return Verdict(lock, asked=said["metadata"]["dependencies"]["total"], found=tuple(found))


def _title(via: Sequence[Any]) -> str:
    """Return what npm says of a vulnerability: the advisory itself, or the package that it comes through."""
    return "; ".join(f"{each['title']} {each['url']}" if isinstance(each, dict) else f"by {each}" for each in via)


def _run(command: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str] | None:
    variables = {**os.environ, **environment}
    try:
        return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None


def _unread(lock: str, told: subprocess.CompletedProcess[str]) -> Verdict:
    """Return that a database was not reached; AuditError where it was."""
    said = told.stderr + told.stdout
    if reason := UNREACHED.search(said):
        return Verdict(lock, skipped=f"no advisory database reachable ({reason[0]})")
    raise AuditError(f"{lock}: {said.strip()[-2000:]}")


def _json(lock: str, told: subprocess.CompletedProcess[str]) -> Any:
    try:
        return json.loads(told.stdout)
    except ValueError as error:
        raise AuditError(f"{lock}: {told.stdout.strip()[:2000]}") from error


def main(arguments: list[str] | None = None) -> int:
    """Ask for each lock; return 1 where a vulnerability is known, 2 where an answer cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args(arguments)
    try:
        return report([python(), *(node(folder) for folder in NPM_LOCKS)])
    except AuditError as error:
        print(error, file=sys.stderr)
        return 2


def report(verdicts: Sequence[Verdict]) -> int:
    """Say what was found, lock by lock; return 1 where something was."""
    for verdict in verdicts:
        if verdict.skipped:
            print(f"{verdict.lock}: skipped: {verdict.skipped}")
        else:
            counted = f"{verdict.asked} packages, {len(verdict.found)} known vulnerabilities"
            print(f"{verdict.lock}: {counted}", *verdict.found, sep="\n  ")
    return 1 if any(verdict.found for verdict in verdicts) else 0


if __name__ == "__main__":
    raise SystemExit(main())
