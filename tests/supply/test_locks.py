"""The locks: everything installed is pinned by a hash, from the public registry, by no other address."""

import json
import re
import tomllib

import pytest

from tests.supply.inventory import ROOT

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "geo/requirements.txt")
NODE_LOCKS = sorted(path for path in (ROOT / "tests").rglob("package-lock.json") if "node_modules" not in path.parts)
PINNED = re.compile(r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==[^\s;]+( ; .+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
HOSTS = {"files.pythonhosted.org", "pypi.org"}


def faults(text: str) -> list[str]:
    """Return what is wrong with the lines of a file of requirements, in words."""
    found = []
    joined = text.replace("\\\n", "")
    for line in filter(None, map(str.strip, joined.splitlines())):
        requirement, *hashes = re.split(r"\s+(?=--hash)", line)
        if not PINNED.fullmatch(requirement.strip()):
            found.append(f"not a pinned package: {requirement}")
        elif not hashes:
            found.append(f"without a hash: {requirement}")
        found += [f"not a hash: {each}" for each in hashes if not HASH.fullmatch(each.strip())]
    return found


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_with_its_hashes_and_names_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.count("==") > 1
    assert faults(text) == []
    assert "://" not in text


def test_what_is_not_pinned_is_seen():
    hashed = f"--hash=sha256:{'0' * 64}"
    wrong = (
        f"--index-url https://example.org/simple\npandas==3.1.0\nnumpy>=2 \\\n  {hashed}\nh11==1 \\\n  --hash=md5:0\n"
    )
    assert faults(wrong) == [
        "not a pinned package: --index-url https://example.org/simple",
        "without a hash: pandas==3.1.0",
        "not a pinned package: numpy>=2",
        "not a hash: --hash=md5:0",
    ]
    assert faults(f"pandas==3.1.0 ; python_version >= '3.11' \\\n    {hashed}\n") == []


def test_the_lock_takes_all_from_the_public_registry_by_hash():
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    for package in lock["package"]:
        if "virtual" in package["source"]:
            continue
        assert package["source"] == {"registry": "https://pypi.org/simple"}
        archives = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert archives, package["name"]
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each["hash"]) for each in archives), package["name"]
    hosts = re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8"))
    assert set(hosts) == HOSTS


@pytest.mark.parametrize("path", NODE_LOCKS, ids=lambda path: path.parent.name)
def test_every_npm_package_has_its_integrity_and_no_address(path):
    lock = json.loads(path.read_text(encoding="utf-8"))
    packages = {name: told for name, told in lock["packages"].items() if name}
    assert packages
    assert [name for name, told in packages.items() if not told.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, told in packages.items() if "resolved" in told] == []
    asked = json.loads(path.with_name("package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())


def test_there_is_an_npm_lock():
    assert NODE_LOCKS
