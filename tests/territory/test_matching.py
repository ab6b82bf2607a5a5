"""Check the matching of declared names and codes on cases written by hand, the doubtful ones above all."""

import pandas as pd
import pytest

from lib.territory.matching import match
from lib.territory.reference import load_reference


def test_names_are_those_of_the_year():
    declared = pd.DataFrame(
        {
            "type": "commune",
            "nom": ["Saint-Philippe-d'Aiguille", "Saint-Philippe-d'Aiguilhe"],
            "code": "",
            "membres": "",
        }
    )
    assert match(declared)["method"].tolist() == ["former", "exact"]
    assert match(declared, 2025)["method"].tolist() == ["exact", "correction"]
    assert {*match(declared)["territory"], *match(declared, 2025)["territory"]} == {"33461"}
    with pytest.raises(ValueError, match="2019"):
        match(declared, 2019)


def matched(type: str | None, nom: str | None = None, code: str | None = None, membres: str | None = None) -> pd.Series:
    declared = pd.DataFrame({"type": [type], "nom": [nom], "code": [code], "membres": [membres]}, index=["r1"])
    return match(declared).loc["r1"]


@pytest.mark.parametrize(
    ("type", "nom", "code", "territory", "method"),
    [
        # A valid code, however written.
        ("commune", "Bordeaux", "33063", "33063", "code"),
        ("commune", None, "33 063", "33063", "code"),
        ("commune", None, "213 300 635", "33063", "code"),
        ("commune", None, "21330063500017", "33063", "code"),
        ("epci", None, "243 300 316", "243300316", "code"),
        ("departement", None, "33", "33", "code"),
        ("commune", "Vars", "16393", "16393", "code"),
        # An official name, however written.
        ("commune", "BORDEAUX", None, "33063", "exact"),
        ("commune", "Mairie d’Arcachon", None, "33009", "exact"),
        ("commune", "Commune de La Rochelle", None, "17300", "exact"),
        ("epci", "Com Com du Bazadais", None, "200043982", "exact"),
        ("commune", "St Médard en Jalles", None, "33449", "exact"),
        ("commune", "Ste-Foy-la-Grande", None, "33402", "exact"),
        ("commune", "Adjots (Les)", None, "16002", "exact"),
        ("epci", "CC du Pays Foyen", None, "243301371", "exact"),
        ("epci", "Communauté de communes du Bazadais", None, "200043982", "exact"),
        ("epci", "Grand Poitiers", None, "200069854", "exact"),
        ("epci", "CC Cœur de Charente", None, "200072023", "exact"),
        ("departement", "Conseil départemental de la Gironde", None, "33", "exact"),
        ("departement", "CD33", None, "33", "exact"),
        ("departement", "Département des Landes", None, "40", "exact"),
        # Homonyms told apart by what is written beside the name.
        ("commune", "Saint-Sauveur (33)", None, "33471", "exact"),
        ("commune", "Saint-Sauveur, Gironde", None, "33471", "exact"),
        ("commune", "33250 Saint-Sauveur", None, "33471", "exact"),
        ("commune", "Saint-Sauveur", "33250", "33471", "exact"),
        ("commune", "Saint-Sauveur", "33471", "33471", "code"),
        # A postal code where the INSEE code was asked for: 33200 is also the INSEE code of another commune.
        ("commune", "Bordeaux", "33200", "33063", "exact"),
        # Acronyms and current names.
        ("epci", "CAPB", None, "200067106", "alias"),
        ("epci", "C.A.R.A.", None, "241700640", "alias"),
        ("epci", "COBAS", None, "243300563", "alias"),
        ("epci", "GrandAngoulême", None, "200071827", "alias"),
        ("epci", "Métropole de Bordeaux", None, "243300316", "alias"),
        # Names and codes of communes of the past.
        ("commune", "Vars", None, "16393", "former"),
        ("commune", "Saint-Simeux", "16351", "16233", "former"),
        ("commune", "Caudéran", None, "33063", "former"),
        ("commune", "Montignac (24)", None, "24291", "former"),
        # Typing errors.
        ("commune", "Bordaux", None, "33063", "correction"),
        ("commune", "Villeneuve sur Lott", None, "47323", "correction"),
        ("departement", "Charente Maritme", None, "17", "correction"),
    ],
)
def test_found(type, nom, code, territory, method):
    found = matched(type, nom, code)
    assert (found["territory"], found["method"], found["candidates"]) == (territory, method, (territory,))


@pytest.mark.parametrize(
    ("type", "nom", "code", "candidates"),
    [
        # Three communes of that name.
        ("commune", "Saint-Sauveur", None, ("24499", "33471", "86245")),
        # Code and name, postal code and name, département and name contradict each other.
        ("commune", "Bordeaux", "17300", ("17300", "33063")),
        ("commune", "Bordeaux (47)", None, ("33063",)),
        ("commune", "17000 Bordeaux", None, ("33063",)),
        ("departement", "Dordogne", "33", ("24", "33")),
        ("epci", "Bordeaux Métropole", "200067106", ("200067106", "243300316")),
        # An INSEE code that is also a postal code, and no name to tell.
        ("commune", None, "33200", ("33063", "33200")),
        # Montignac in Gironde, and Montignac-Lascaux, which bore that name until 2020.
        ("commune", "Montignac", None, ("24291", "33292")),
    ],
)
def test_ambiguous(type, nom, code, candidates):
    found = matched(type, nom, code)
    assert (found["method"], found["candidates"]) == ("ambiguous", candidates)
    assert pd.isna(found["territory"])


@pytest.mark.parametrize(
    ("type", "nom", "code"),
    [
        ("commune", None, None),
        ("commune", "   ", ""),
        ("commune", "Toulouse", "31555"),
        # Never a correction of a short name.
        ("commune", "Pou", None),
        # A type matches itself only.
        ("commune", "CC du Pays Foyen", None),
        ("commune", None, "243300316"),
        ("departement", "Bordeaux", None),
        (None, "Bordeaux", "33063"),
        ("autre", None, None),
    ],
)
def test_none(type, nom, code):
    found = matched(type, nom, code)
    assert found["method"] == "none"
    assert pd.isna(found["territory"])


def test_name_without_meaning_suggests_what_comes_near():
    # « Les Sables » is two letters away from several communes: none is chosen.
    found = matched("commune", "Les Sables")
    assert found["method"] == "none"
    assert len(found["candidates"]) > 1


def test_epci_may_be_called_by_its_main_town_but_not_by_the_code_of_it():
    assert matched("epci", "Bordeaux", "33063")["territory"] == "243300316"
    assert matched("epci", None, "33063")["method"] == "none"


def test_perimeter_has_an_identifier_and_its_members():
    found = matched(
        "pays",
        "PETR du Périgord vert",
        None,
        "CC Dronne et Belle ; CC du Périgord Ribéracois\nCC de nulle part",
    )
    assert (found["territory"], found["method"]) == ("pays:perigord-vert", "perimeter")
    codes = {code: load_reference().at[code, "nom"] for code in found["membres"]}
    assert list(codes.values()) == ["CC Dronne et Belle", "CC du Périgord Ribéracois"]
    assert found["membres_inconnus"] == ("CC de nulle part",)


@pytest.mark.parametrize(
    ("membres", "known", "unknown"),
    [
        # « / », « et » and « - » separate members, and stand in the name of some.
        ("CC Castillon/Pujols et CC du Créonnais / 200070092", ["243301454", "243301215", "200070092"], ()),
        ("CC du Confluent et des Coteaux de Prayssas et CC Inconnue", ["200068922"], ("CC Inconnue",)),
        ("Isle et Crempse en Périgord - CA Bergeracoise", ["200069094", "200070647"], ()),
        ("CC du Bazadais, CC du Sud Gironde, CC du Bazadais", ["200043982", "200043974"], ()),
        ("CC Machin, CC Truc et Chose", [], ("CC Machin", "CC Truc et Chose")),
        ("", [], ()),
    ],
)
def test_members(membres, known, unknown):
    found = matched("syndicat", "Syndicat mixte de l’eau", None, membres)
    assert found["territory"] == "syndicat:eau"
    assert list(found["membres"]) == known
    assert found["membres_inconnus"] == unknown


def test_perimeter_without_a_name():
    assert matched("pays", None, "200012345")["territory"] == "pays:200012345"
    assert matched("pays")["method"] == "none"


def test_every_territory_is_found_by_its_own_code_and_name():
    reference = load_reference()
    declared = pd.DataFrame(
        {"type": reference["type"], "nom": reference["nom"], "code": reference.index, "membres": None},
        index=reference.index,
    )
    found = match(declared)
    assert (found["territory"] == found.index).all()
    assert (found["method"] == "code").all()


def test_name_alone_is_never_taken_for_another_territory():
    reference = load_reference()
    declared = pd.DataFrame(
        {"type": reference["type"], "nom": reference["nom"], "code": None, "membres": None},
        index=reference.index,
    )
    found = match(declared)
    named = found["territory"].notna()
    assert (found.loc[named, "territory"] == found.index[named]).all()
    assert set(found["method"]) == {"exact", "ambiguous"}
    # EPCI and départements have no homonyms.
    assert named[reference["type"] != "commune"].all()


def test_empty_table_keeps_its_columns_and_index():
    declared = pd.DataFrame(
        columns=["type", "nom", "code", "membres"], index=pd.Index([], name="respondent"), dtype=str
    )
    found = match(declared)
    assert list(found.columns) == ["territory", "method", "candidates", "membres", "membres_inconnus"]
    assert found.empty
    assert found.index.name == "respondent"


def test_same_declaration_gives_the_same_answer_and_the_index_is_kept():
    declared = pd.DataFrame(
        {"type": ["commune"] * 2, "nom": ["Pau"] * 2, "code": [None] * 2, "membres": [None] * 2},
        index=["r9", "r2"],
    )
    found = match(declared)
    assert found.index.tolist() == ["r9", "r2"]
    assert found["territory"].tolist() == ["64445", "64445"]
