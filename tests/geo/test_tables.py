"""Check the reference list and the communes of the past on a nomenclature of three communes."""

from dataclasses import replace

import pytest

from geo.build import compare
from geo.sources import BuildError, Sources
from geo.tables import (
    ELSEWHERE_COLUMNS,
    check_counts,
    check_same_shapes,
    csv_text,
    former_communes,
    names_elsewhere,
    territories,
)

REGION = {
    "code": "R",
    "millesime": 2026,
    "size_classes": [
        {"code": "commune-0-999", "type": "commune", "low": 0, "high": 999},
        {"code": "commune-1000", "type": "commune", "low": 1000},
    ],
    "counts": {
        "communes": 2, "epci": 1, "departements": 2, "partial_epci": 1, "population": 2999, "nature": {"CC": 1},
    },
}  # fmt: skip


def commune(code: str, nom: str, population: int = 0, region: str = "R", **more: object) -> dict:
    return {
        "code": code, "nom": nom, "type": "commune-actuelle", "departement": code[:2], "region": region,
        "siren": f"21{code}00", "codesPostaux": [f"{code[:2]}000"], "population": population, **more,
    }  # fmt: skip


DEPARTEMENTS = [
    {"code": "01", "nom": "Un", "region": "R"},
    {"code": "02", "nom": "Deux", "region": "R"},
    {"code": "03", "nom": "Trois", "region": "S"},
]

SOURCES = Sources(
    communes={
        # Dour, then Cher, were absorbed by Bois; Cher had first absorbed Dour.
        2021: [
            commune("01001", "Ain-le-Vieux"),
            commune("02002", "Bois"),
            commune("02003", "Cher"),
            commune("02004", "Dour"),
        ],
        2025: [
            commune("01001", "Ain-le-Vieux", 900),
            commune("02002", "Bois", 1500),
            commune("02003", "Cher", 400),
            {"code": "02004", "nom": "Dour", "type": "commune-deleguee", "chefLieu": "02003"},
        ],
        2026: [
            commune("01001", "Ain", 999),
            commune("02002", "Bois", 2000, anciensCodes=["02003"]),
            commune("03009", "Ailleurs", 1001, region="S"),
            {"code": "02003", "nom": "Cher", "type": "commune-deleguee", "chefLieu": "02002"},
        ],
    },
    epci={
        2026: [
            {
                "code": "200000001",
                "nom": 'CC "du Bois"',
                "type": "CC",
                "membres": [{"code": "01001"}, {"code": "02002"}, {"code": "03009"}],
            },
            {"code": "200000009", "nom": "CC d’ailleurs", "type": "CC", "membres": [{"code": "03009"}]},
        ],
        # The commune that merged since was still there, in an EPCI of the same name.
        2025: [
            {
                "code": "200000001",
                "nom": "CC du Petit-Bois",
                "type": "CC",
                "membres": [{"code": "01001"}, {"code": "02002"}, {"code": "02003"}],
            },
        ],
    },
    departements={2025: DEPARTEMENTS, 2026: DEPARTEMENTS},
    history=[
        {
            "type": "COM",
            "code": "01001",
            "nom": "Ain-le-Neuf",
            "dateFin": "1950-01-01",
            "raisonFin": "changement de nom",
        },
        {"type": "COM", "code": "02001", "nom": "Perdu", "dateFin": "1960-01-01", "raisonFin": "fusion simple"},
    ],
    polygons={},
    polygons_cog=2024,
    pins={},
)


def test_territories():
    rows = {row["code"]: row for row in territories(SOURCES, REGION)}
    assert list(rows) == ["01001", "02002", "200000001", "01", "02"]
    assert (rows["01001"]["taille"], rows["02002"]["taille"]) == ("commune-0-999", "commune-1000")
    epci = rows["200000001"]
    assert (epci["nom"], epci["population"], epci["departements"]) == ("CC du Bois", 4000, "02 01")
    # 2 999 of its 4 000 inhabitants are in the region.
    assert (epci["partiel"], epci["part_population"]) == (1, "0.74975")
    assert rows["02"]["population"] == 2000


def test_former_communes_follow_mergers_to_today():
    rows = [tuple(row.values()) for row in former_communes(SOURCES, REGION)]
    assert rows == [
        ("01001", "Ain-le-Neuf", "renommee", 1949, "01001"),
        ("01001", "Ain-le-Vieux", "renommee", 2025, "01001"),
        ("02003", "Cher", "deleguee", 2025, "02002"),
        ("02004", "Dour", "deleguee", 2021, "02002"),
    ]


def test_names_elsewhere_are_those_of_today_each_once_in_order():
    elsewhere = [
        commune("03009", "Ailleurs", region="S"),
        commune("04001", "Zed", region="T"),
        commune("03008", "Bois", region="S"),
        commune("04002", "Ailleurs", region="T"),
        commune("04003", "Écart", region="T"),
        {"code": "04009", "nom": "Dour", "type": "commune-deleguee", "chefLieu": "04001"},
    ]
    of_ours = SOURCES.communes[2026][:2]
    past = {2025: [commune("04004", "Perdu", region="T")]}
    rows = names_elsewhere(replace(SOURCES, communes=past | {2026: of_ours + elsewhere}), REGION)
    # A homonym of ours is elsewhere too; letters with an accent come after all the others, whatever the machine.
    assert csv_text(rows, ELSEWHERE_COLUMNS) == "nom\nAilleurs\nBois\nZed\nÉcart\n"


def test_check_compares_the_names_elsewhere(tmp_path):
    built = {"names_elsewhere.csv": "nom\nAilleurs\n"}
    assert compare(tmp_path, built) == ["names_elsewhere.csv is missing"]
    (tmp_path / "names_elsewhere.csv").write_bytes(b"nom\r\nAilleurs\r\n")
    assert compare(tmp_path, built) == ["names_elsewhere.csv differs from what the sources give"]
    (tmp_path / "names_elsewhere.csv").write_bytes(b"nom\nAilleurs\n")
    assert compare(tmp_path, built) == []
    assert compare(tmp_path, {}) == ["names_elsewhere.csv is not what the sources give"]


def test_count_that_differs_stops_the_build():
    rows = territories(SOURCES, REGION)
    assert check_counts(rows, REGION)["communes"] == 2
    with pytest.raises(BuildError, match="expected"):
        check_counts(rows[1:], REGION)


def test_territories_of_an_earlier_year_are_those_of_that_year():
    rows = {row["code"]: row for row in territories(SOURCES, REGION | {"millesime": 2025})}
    assert list(rows) == ["01001", "02002", "02003", "200000001", "01", "02"]
    assert rows["01001"]["nom"] == "Ain-le-Vieux"
    assert (rows["200000001"]["nom"], rows["200000001"]["population"]) == ("CC du Petit-Bois", 2800)


def test_boundaries_serve_two_years_only_where_territories_and_epci_are_the_same():
    today = territories(SOURCES, REGION)
    renamed = [row | {"nom": "Autre nom", "population": 1} for row in today]
    check_same_shapes(today, renamed, 2025)
    with pytest.raises(BuildError, match=r"not those of 2025: \[\('commune', '02003'\)\]"):
        check_same_shapes(today, territories(SOURCES, REGION | {"millesime": 2025}), 2025)
    moved = [row | ({"epci": ""} if row["code"] == "01001" else {}) for row in today]
    with pytest.raises(BuildError, match="01001"):
        check_same_shapes(today, moved, 2025)
