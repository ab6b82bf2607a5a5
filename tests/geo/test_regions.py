"""The traps of the eighteen regions, on worlds small enough to print, and the texts of a region built from nothing."""

import tomllib
from math import cos, hypot, radians

import pytest
import shapely

from data import regional
from geo import build, contours, regions, tables, topology
from geo.sources import BuildError, Sources
from lib.territory.reference import Region, load_region

DROM = {"01": 5490, "02": 5490, "03": 2972, "04": 2975, "06": 4471}


def commune(code, region, departement, population=100, **more):
    return {
        "code": code, "nom": f"Commune {code}", "type": "commune-actuelle", "departement": departement,
        "region": region, "siren": f"21{code}00", "codesPostaux": ["20000"], "population": population, **more,
    }  # fmt: skip


def epci(code, kind, *members):
    return {"code": code, "nom": f"{kind} {code}", "type": kind, "membres": [{"code": member} for member in members]}


def world(communes, groups, departements, **more):
    """Return sources of one year, and of the year before, in which all was the same."""
    return Sources(
        communes={2025: communes, 2026: communes}, epci={2025: groups, 2026: groups},
        departements={2025: departements, 2026: departements}, history=[], polygons_cog=2024, pins={},
        **{"polygons": {}} | more,
    )  # fmt: skip


LYON = world(
    [
        commune("69001", "84", "69", 300), commune("69123", "84", "69", 500_000),
        commune("38001", "84", "38", 700), commune("73001", "93", "73", 50),
        # An arrondissement is no commune, and its population is that of Lyon already.
        commune("69381", "84", "69", 30_000) | {"type": "arrondissement-municipal"},
    ],
    [epci("200046977", "MET69", "69123"), epci("200000001", "CC", "69001", "38001", "73001")],
    [{"code": code, "nom": code, "region": "84"} for code in ("38", "69")],
)  # fmt: skip
CORSE = world(
    [commune("2A004", "94", "2A", 76_320, anciensCodes=["20004"]), commune("2B001", "94", "2B", 40)],
    [epci("200000002", "CA", "2A004")],
    [{"code": "2A", "nom": "Corse-du-Sud", "region": "94"}, {"code": "2B", "nom": "Haute-Corse", "region": "94"}],
)


def test_the_eighteen_regions_have_their_projection_and_their_wording():
    known = regions.known_regions()
    assert len(known) == 18
    assert {code: known[code]["epsg"] for code in known} == dict.fromkeys(known, 2154) | DROM
    for region in known.values():
        assert {"nom", "projection", "de", "du", "en"} <= set(region)
        name = region["nom"].removeprefix("La ")
        assert all(region[form].endswith(name) for form in ("de", "du", "en")), region


def test_the_shipped_region_is_described_as_it_is_shipped():
    """Wordings, projection and code of the two files are the same."""
    shipped = build.load_region()
    listed = regions.known_regions()[shipped["code"]]
    assert {key: shipped[key] for key in listed} == listed


def test_lyon_counts_without_arrondissements_and_its_metropole_is_listed_among_the_epci():
    region = regions.describe(LYON, "84")
    rows = {row["code"]: row for row in tables.territories(LYON, region)}
    assert region["counts"] == {
        "communes": 3, "epci": 2, "departements": 2, "partial_epci": 1, "population": 501_000,
        "nature": {"METRO": 1, "CC": 1},
    }  # fmt: skip
    assert rows["200046977"]["nature"] == "METRO"
    # The EPCI across the border: 1,050 inhabitants, 1,000 of them inside, the most of them in Isère.
    assert (rows["200000001"]["departements"], rows["200000001"]["partiel"]) == ("38 69", 1)
    assert float(rows["200000001"]["part_population"]) == pytest.approx(1000 / 1050, rel=1e-5)
    assert rows["69"]["population"] == 500_300
    assert {"code": "200046977", "alias": "69M"} in regions.aliases("84")


def test_codes_of_corse_keep_their_letter_and_the_code_of_before_1976_leads_to_them():
    region = regions.describe(CORSE, "94")
    rows = tables.territories(CORSE, region)
    assert [row["code"] for row in rows] == ["2A004", "2B001", "200000002", "2A", "2B"]
    assert tables.heirs(CORSE, 2026)["20004"] == "2A004"
    assert tables.check_counts(rows, region)["departements"] == 2


def test_a_commune_without_epci_is_kept_and_belongs_to_none():
    rows = {row["code"]: row for row in tables.territories(CORSE, regions.describe(CORSE, "94"))}
    assert (rows["2B001"]["epci"], rows["2A004"]["epci"]) == ("", "200000002")


def test_size_classes_that_nobody_is_in_are_left_out():
    region = regions.describe(CORSE, "94")
    assert [size["code"] for size in region["size_classes"]] == ["commune-0-999", "commune-50000", "epci-50000"]


def test_the_year_before_is_built_where_the_boundaries_serve_it_and_left_out_where_they_do_not():
    assert [year["millesime"] for year in regions.describe(CORSE, "94")["earlier"]] == [2025]
    moved = world(CORSE.communes[2026], CORSE.epci[2026], CORSE.departements[2026])
    moved.epci[2025] = [epci("200000002", "CA", "2A004", "2B001")]
    assert "earlier" not in regions.describe(moved, "94")


def test_two_ways_of_counting_must_agree():
    """A commune that declares a region and is in a département of another one."""
    astray = world([*CORSE.communes[2026], commune("13001", "94", "13")], CORSE.epci[2026], CORSE.departements[2026])
    region = regions.describe(astray, "94")
    with pytest.raises(BuildError, match="expected"):
        tables.check_counts(tables.territories(astray, region), region)


def test_an_unknown_region_is_refused_with_the_list_of_those_that_exist():
    with pytest.raises(BuildError, match="no region 99; there are 01, 02"):
        regions.describe(CORSE, "99")


def test_the_text_of_a_region_says_what_was_described():
    region = regions.describe(LYON, "84") | {"quantisation": 100_000}
    assert tomllib.loads(regions.region_text(region)) == region


# Polygons of 2024 for the communes of today: squares of one degree, in a row.
def square(x, width=1):
    return shapely.box(x, 0, x + width, 1)


def test_a_commune_that_took_another_code_is_made_of_what_led_to_it():
    today = [commune("12218", "76", "12", anciensCodes=["12076", "12114"])]
    sources = world(today, [], [], whole={"12076": square(0), "12114": square(1)})
    found = contours.contours(sources, 2026)
    assert found.polygons["12218"].equals(square(0, 2))
    assert (found.land, found.completed) == ({}, {"12218"})


def test_a_commune_that_left_a_merger_is_cut_from_it():
    """The source draws 15141 as it was in 2024, with 15031; both are communes again."""
    today = [commune("15031", "84", "15"), commune("15141", "84", "15")]
    sources = world(today, [], [], polygons={"15141": square(0, 2)}, parts={"15031": square(1), "15141": square(0)})
    sources.communes[2024] = [
        commune("15141", "84", "15"), {"code": "15031", "nom": "", "type": "commune-deleguee", "chefLieu": "15141"},
    ]  # fmt: skip
    found = contours.contours(sources, 2026)
    assert found.polygons["15031"].equals(square(1))
    assert found.polygons["15141"].equals(square(0))
    assert found.completed == {"15031", "15141"}


def test_what_a_commune_absorbed_is_land_that_its_polygon_lacks():
    today = [commune("25390", "27", "25", anciensCodes=["25303"])]
    sources = world(today, [], [], polygons={"25390": square(0)}, whole={"25303": square(1), "25390": square(0)})
    found = contours.contours(sources, 2026)
    assert found.polygons["25390"].equals(square(0))
    assert found.land["25390"].equals(square(1))
    assert not found.completed


def test_a_commune_that_no_release_draws_is_left_to_the_build_which_refuses_it():
    sources = world([commune("97501", "975", "975")], [], [])
    found = contours.contours(sources, 2026)
    with pytest.raises(BuildError, match="no polygon for \\['97501'\\]"):
        topology.whole_coverage(found.polygons, ["97501"], found.land)


@pytest.mark.parametrize(("epsg", "latitude"), [(2154, 45.0), (2975, -21.0), (2972, 4.0)])
def test_the_largest_error_is_half_a_diagonal_of_the_grid(epsg, latitude):
    """A vertex in the middle of four places of the grid, whose step is 0.001 degree: 111 m by 111 m × cos(latitude)."""
    longitude = {2154: 3.0, 2975: 55.5, 2972: -53.0}[epsg]
    grid = {"transform": {"scale": [0.001, 0.001], "translate": [longitude, latitude]}}
    inside = (longitude + 0.0005, latitude + 0.0005)
    corner = shapely.Polygon([(longitude, latitude), inside, (longitude, latitude + 0.001)])
    expected = hypot(55.6, 55.6 * cos(radians(latitude)))
    assert topology.largest_error(grid, {"a": corner}, epsg) == pytest.approx(expected, rel=0.02)


# The texts of a region.

BRETAGNE = Region("53", "Bretagne", 2154, 2026, (), de="de Bretagne", du="de la Bretagne", en="en Bretagne")


@pytest.mark.parametrize("name", ["published", "privacy", "accessibility", "atelier"])
def test_nothing_of_the_shipped_region_is_left_in_the_texts_of_another(name):
    shipped = tomllib.loads((regional.FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    text = regional.toml(getattr(regional, name)(shipped, BRETAGNE))
    assert not [word for word in ("Aquitaine", "PQN", "pqn", "Hubik", "hubik") if word in text]
    assert tomllib.loads(text)


def test_the_measures_stay_and_what_was_found_does_not():
    shipped = tomllib.loads((regional.FOLDER / "published.toml").read_text(encoding="utf-8"))
    told = regional.published(shipped, BRETAGNE)
    assert [finding["measures"] for finding in told["finding"]] == [one["measures"] for one in shipped["finding"]]
    assert {finding["published"] for finding in told["finding"]} == {""}
    assert not [finding for finding in told["finding"] if "value" in finding]
    assert "recommendation" not in told


def test_the_notes_of_the_workshop_quote_no_published_figure():
    shipped = tomllib.loads((regional.FOLDER / "atelier.toml").read_text(encoding="utf-8"))
    told = regional.atelier(shipped, BRETAGNE)
    assert any("synthèse" in step["notes"] for step in shipped["etape"])
    assert not any("synthèse" in step["notes"] or "chiffre publié" in step["notes"] for step in told["etape"])
    assert all(step["notes"] for step in told["etape"])


def test_a_table_written_as_toml_reads_back():
    table = {
        "a": 'une « citation » et "une autre"\nla suite', "n": 3, "yes": True, "none": [],
        "part": {"x": 0.5, "inside": {"y": ["un", "deux"]}},
        "entry": [{"id": "1", "item": [{"t": "a"}, {"t": "b"}]}, {"id": "2", "item": []}],
    }  # fmt: skip
    assert tomllib.loads(regional.toml(table)) == table


def test_the_region_in_use_says_its_name_everywhere_it_is_asked():
    region = load_region()
    assert region.nom.removeprefix("La ") in region.de
    assert region.counts["communes"] > 0
