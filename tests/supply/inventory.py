"""The components of the dashboard: packages of the lock, vendored JavaScript, sources of the boundaries.

Each has a name, a version, the hashes under which it was taken, and a licence. What is installed only to develop and to
test is not of the dashboard.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from license_expression import ExpressionError, get_spdx_licensing

from lib.display import vendor

ROOT = Path(__file__).resolve().parents[2]
RULES = Path(__file__).with_name("licences.toml")
SOURCES = ROOT / "geo" / "sources.toml"
SPDX = get_spdx_licensing()
PYPI, NPM = "pypi", "npm"
SHA512 = "sha512-"


@dataclass(frozen=True)
class Component:
    """Something that others made.

    Attributes
    ----------
    kind : « package », installed; « vendored », a copy of its files is here; « data », read to build what is here.
    registry, name, version : where it was taken, under which name.
    licence : an SPDX expression.
    algorithm, digest : of its archive, as CycloneDX names them; empty for a package, whose archives the lock lists.
    files : of a vendored package, name of each file from the root and its SHA-256.
    """

    kind: str
    registry: str
    name: str
    version: str
    licence: str
    algorithm: str = ""
    digest: str = ""
    files: tuple[tuple[str, str], ...] = ()

    @property
    def purl(self) -> str:
        """Package URL, whose « @ » of a scope is escaped."""
        return f"pkg:{self.registry}/{self.name.replace('@', '%40')}@{self.version}"


class LicenceError(ValueError):
    """A licence is not known, or cannot be combined with ours."""


@cache
def rules() -> dict[str, Any]:
    """Return what `licences.toml` says."""
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


@cache
def exported() -> dict[str, Any]:
    """Return the packages of the lock that the dashboard needs on any system, as uv tells them in CycloneDX 1.5."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv") or "uv"
    command = [uv, "export", "--quiet", "--frozen", "--no-dev", "--format", "cyclonedx1.5"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(told)


def packages() -> list[Component]:
    """Return the packages of the lock; LicenceError where the licence of one cannot be told."""
    return [
        Component("package", PYPI, told["name"], told["version"], licence_of(told["name"]))
        for told in exported()["components"]
    ]


def vendored() -> list[Component]:
    """Return the packages of which files are copied here."""
    found = []
    for package in vendor.PACKAGES:
        paths = [vendor.FOLDER / name for _, name, _ in package.files]
        files = tuple((path.relative_to(ROOT).as_posix(), _sha256(path)) for path in paths)
        licence = rules()["shipped"][package.name]
        found.append(
            Component("vendored", NPM, package.name, package.version, licence, *_archive(package.integrity), files)
        )
    return found


def sources() -> list[Component]:
    """Return the packages from which boundaries and nomenclature are built."""
    licences = rules()["shipped"]
    return [
        Component("data", NPM if name.startswith("@") else PYPI, name, version, licences[name], *_archive(digest))
        for name, version, digest in _pinned(tomllib.loads(SOURCES.read_text(encoding="utf-8")), "")
    ]


def components() -> list[Component]:
    """Return all components, in the order of their kind, name and version."""
    order = ("package", "vendored", "data")
    found = [*packages(), *vendored(), *sources()]
    return sorted(found, key=lambda each: (order.index(each.kind), each.name, each.version))


def licence_of(package: str) -> str:
    """Return the SPDX expression of an installed package; LicenceError where none can be told."""
    if read := rules()["read"].get(package):
        return str(read)
    told = metadata.metadata(package)
    written = told.get("License-Expression") or told.get("License") or ""
    if not is_spdx(written):
        raise LicenceError(f"{package} says no SPDX licence ({written[:60]!r}): read it, then write it in {RULES.name}")
    return written


def is_spdx(expression: str) -> bool:
    """Return whether an expression is written in SPDX's own words."""
    try:
        return bool(expression) and not SPDX.validate(expression, strict=True).errors
    except ExpressionError:
        return False


def compatible(expression: str) -> bool:
    """Return whether a work under this licence may be part of one under GPL-3.0-or-later."""
    parsed = SPDX.parse(expression, validate=True)
    known = {str(SPDX.parse(name)): True for name in rules()["compatible"]}

    def holds(part: Any) -> bool:
        if part.isliteral:
            return str(part) in known
        return (any if part.operator.strip() == "OR" else all)(holds(each) for each in part.args)

    return holds(parsed)


def _pinned(told: Any, package: str) -> Iterator[tuple[str, str, str]]:
    """Walk down the file of sources: a release is what has a version and a digest, of the package named above it."""
    if isinstance(told, list):
        for each in told:
            yield from _pinned(each, package)
    elif isinstance(told, dict):
        package = told.get("package", package)
        if "version" in told:
            yield package, told["version"], told.get("sha256") or told["integrity"]
        for each in told.values():
            yield from _pinned(each, package)


def _archive(digest: str) -> tuple[str, str]:
    """Return the algorithm and the hexadecimal digest of an archive, given as npm or as pip write it."""
    if digest.startswith(SHA512):
        return "SHA-512", base64.b64decode(digest.removeprefix(SHA512)).hex()
    return "SHA-256", digest


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
