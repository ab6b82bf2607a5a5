"""Check the matching of declared names and codes on cases written by hand, the doubtful ones above all."""

import pandas as pd
import pytest

from lib.territory.matching import OUTCOMES, alias_key, describe_candidates, match, outcome, suggestions
from lib.territory.reference import load_reference

# Names and codes of the shipped region.
pytestmark = pytest.mark.shipped_region


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
        # A slip of the hand is corrected in a short name too.
        ("commune", "Gradingan", None, "33192", "correction"),
        # Who answers, and a sentence.
        ("commune", "Mairie de Biscarrosse - service informatique", None, "40046", "exact"),
        ("commune", "Bonjour, je réponds pour la commune de Monsempron-Libos", None, "47179", "exact"),
        ("epci", "Comunauté de communes du Créonnais", None, "243301215", "exact"),
        ("departement", "Landes - direction du numérique", None, "40", "exact"),
        # What stands beside the name says where it is.
        ("commune", "Mérignac Gironde", None, "33281", "exact"),
        ("commune", "Mérignac", "33", "33281", "exact"),
        ("commune", "33 - Cestas", None, "33122", "exact"),
        ("commune", "Aulnay de Saintonge", None, "17024", "exact"),
        ("commune", "Pessac, Bordeaux Métropole", None, "33318", "exact"),
        ("commune", "33470 Gujan", None, "33199", "alias"),
        ("commune", None, "33770", "33498", "code"),
        # Small words lost, initials, articles after « mairie ».
        ("commune", "Aire / Adour", None, "40001", "alias"),
        ("commune", "St J de Luz", None, "64483", "alias"),
        ("commune", "Mairie du Fleix", None, "24182", "exact"),
        # The part of the name of an EPCI that no other one has, or the town it is named after.
        ("epci", "CC du Réolais", None, "200044394", "alias"),
        ("epci", "Agglo de Saintes", None, "200036473", "alias"),
        ("epci", "CARA Royan", None, "241700640", "alias"),
        # The code in the box of the name, the name in the box of the code, a spreadsheet's decimal.
        ("commune", "33063", None, "33063", "code"),
        ("commune", None, "Arcachon", "33009", "exact"),
        ("commune", "Bordeaux", "33063.0", "33063", "code"),
        # Nothing says the type: the words, or the only territory of that name.
        (None, "Mairie de Créon", None, "33140", "exact"),
        (None, "CC de Mimizan", None, "244000543", "exact"),
        (None, "Bordeaux", "33063", "33063", "code"),
        (None, "Arcachon", None, "33009", "exact"),
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
        # Two communes, and a commune and another place.
        ("commune", "Pessac / Talence", None, ("33318", "33522")),
        ("commune", "Arcachon et Machin", None, ("33009",)),
        # The name says another type than the one ticked, and the code is of that one.
        ("commune", "CC du Bazadais", "33036", ("200043982", "33036")),
        # A code of five digits, and a name of somewhere else.
        ("commune", "Toulouse", "33063", ("33063",)),
        # Nothing says the type: a commune, a département.
        (None, "Corrèze", None, ("19", "19062")),
        # A village, and the town that people call so.
        ("commune", "Villenave", None, ("33550", "40330")),
        # A name of long ago, and the beginning of others.
        ("commune", "Castelnau", None, ("33104", "40071", "40072", "47056")),
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
        ("commune", "Rochefort Océan", None),
        ("commune", "PETR du Pays Basque", None),
        ("commune", "École de Blanquefort", None),
        ("epci", "Mairie de Marmande", None),
        ("epci", "Creuse Sud Est", None),
        ("epci", "CC du Pays Sud Charente", None),
        ("departement", "Gironde numérique", None),
        ("departement", "Association des maires de la Gironde", None),
        # The name of another place, or a part of a name, is not a typing error.
        ("commune", "Castres", None),
        ("commune", "Villefranche", None),
        ("commune", "Bourg-Madame", None),
        ("commune", "La Ville-du-Bois", None),
        ("commune", "Villiers-le-Bois", None),
        ("commune", "Puy-Saint-Martin", None),
        ("autre", None, None),
    ],
)
def test_none(type, nom, code):
    found = matched(type, nom, code)
    assert found["method"] == "none"
    assert pd.isna(found["territory"])


@pytest.mark.parametrize(
    ("type", "nom", "near"),
    [
        # Communes of the Gard and of Ille-et-Vilaine, one letter away from Le Compas, Guiche and Périgné.
        ("commune", "COMBAS", "23066"),
        ("commune", "GUICHEN", "64250"),
        ("commune", "PARIGNE", "79204"),
        ("commune", "Mairie de Guichen", "64250"),
        (None, "Guichen", "64250"),
        # Nor is it a typing error in the name of a territory of another type: Nord, Drôme, Morbihan.
        (None, "Landas", "40"),
        (None, "Bourdeaux", "33063"),
        (None, "Marzan", "244000808"),
    ],
)
def test_name_of_a_commune_elsewhere_is_not_corrected_but_what_is_near_may_be_chosen(type, nom, near):
    found = matched(type, nom)
    assert found["method"] == "none"
    assert pd.isna(found["territory"])
    assert near in found["candidates"]


@pytest.mark.parametrize(
    ("type", "nom", "code", "territory", "method"),
    [
        # A postal code of ours, the département, in the name or in the box of the code.
        ("commune", "64520 Guichen", None, "64250", "correction"),
        ("commune", "Guichen", "64520", "64250", "correction"),
        ("commune", "Guichen (64)", None, "64250", "correction"),
        ("commune", "Parigné, Deux-Sèvres", None, "79204", "correction"),
        (None, "Guichen (64)", None, "64250", "correction"),
        # Its INSEE code, its SIREN, the INSEE code of another commune of ours.
        ("commune", "Guichen", "64250", "64250", "code"),
        ("commune", "Guichen", "216402503", "64250", "code"),
        ("commune", "Guichen", "33063", None, "ambiguous"),
        # The postal code, the INSEE code, the département of the other one.
        ("commune", "35580 Guichen", None, None, "none"),
        ("commune", "Guichen", "35126", None, "none"),
        ("commune", "Guichen (35)", None, None, "none"),
        # Exactly the name of one of ours, though of another in Haute-Saône too.
        ("commune", "La Rochelle", None, "17300", "exact"),
    ],
)
def test_name_of_a_commune_elsewhere_with_what_says_which_one_is_meant(type, nom, code, territory, method):
    found = matched(type, nom, code)
    assert (None if pd.isna(found["territory"]) else found["territory"], found["method"]) == (territory, method)


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


def test_another_type_than_the_one_ticked_is_a_candidate():
    assert matched("commune", "CC du Bazadais")["candidates"] == ("200043982",)
    assert matched("epci", "Mairie de Marmande")["candidates"] == ("47157",)


ALIASES = pd.DataFrame(
    [
        ("commune", "Saint-Sauveur", "33471"),
        ("commune", "La Teste", "33529"),
        # Saint-Simeux, which is now a part of another commune.
        ("commune", "Bourg neuf", "16351"),
        ("commune", "Nulle part", "99999"),
        ("pays", "Le Pays du nord", "pays:perigord-vert"),
        (None, "Chez nous", "47157"),
    ],
    columns=["type", "declared", "code"],
)


@pytest.mark.parametrize(
    ("type", "nom", "code", "territory"),
    [
        ("commune", "ST SAUVEUR", None, "33471"),
        ("commune", "la teste", None, "33529"),
        ("commune", "Bourg neuf", None, "16233"),
        ("pays", "le pays du Nord", None, "pays:perigord-vert"),
        (None, "chez nous", None, "47157"),
        # A postal code that serves nothing of that name decides no more than a doubt.
        ("commune", "Saint-Sauveur", "64000", "33471"),
    ],
)
def test_what_a_person_chose_is_read_first(type, nom, code, territory):
    declared = pd.DataFrame({"type": [type], "nom": [nom], "code": [code], "membres": [None]})
    found = match(declared, aliases=ALIASES).iloc[0]
    assert (found["territory"], found["method"], found["candidates"]) == (territory, "memorise", (territory,))


@pytest.mark.parametrize(
    ("type", "nom", "code", "territory"),
    [
        # A code that goes with the name.
        ("commune", "Saint-Sauveur", "86245", "86245"),
        # Another type, and a code that does not exist.
        ("epci", "La Teste", None, None),
        ("commune", "Nulle part", None, None),
        ("commune", None, None, None),
    ],
)
def test_what_a_person_chose_is_not_read(type, nom, code, territory):
    declared = pd.DataFrame({"type": [type], "nom": [nom], "code": [code], "membres": [None]})
    found = match(declared, aliases=ALIASES).iloc[0]
    assert found["method"] != "memorise"
    assert (None if pd.isna(found["territory"]) else found["territory"]) == territory


def test_alias_key_forgets_how_the_name_is_written():
    assert alias_key("commune", "ST-SAUVEUR ") == alias_key("commune", "Saint Sauveur") == "commune|saint sauveur"
    assert alias_key(None, None) == "|"


def test_outcomes():
    methods = ["code", "exact", "alias", "correction", "memorise", "former", "ambiguous", "none", "perimeter"]
    assert [outcome(method) for method in methods] == ["matched"] * 5 + ["former", "ambiguous", "none", "perimeter"]
    assert {outcome(method) for method in methods} == set(OUTCOMES)


def test_candidates_are_described_the_most_populated_first():
    described = describe_candidates(("33009", "nowhere", "33063", "33009", "33"))
    assert described.columns.tolist() == ["code", "nom", "type", "departement", "population"]
    assert described["code"].tolist() == ["33", "33063", "33009"]
    assert described["nom"].tolist() == ["Gironde", "Bordeaux", "Arcachon"]
    assert describe_candidates(()).empty


@pytest.mark.parametrize(
    ("type", "nom", "first"),
    [
        ("commune", "Brive", "19031"),
        ("commune", "Hossegor", "40304"),
        ("commune", "Bissarosse", "40046"),
        ("commune", "Saint-Sauveur (33)", "33471"),
        # The type that the name says, or any.
        ("commune", "CC du Bazadais", "200043982"),
        (None, "Cambo", "64160"),
    ],
)
def test_suggestions_come_nearest_first(type, nom, first):
    found = suggestions(type, nom, limit=3)
    assert found[0] == first
    assert len(found) <= 3


def test_suggestions_of_nothing():
    assert suggestions("commune", "") == suggestions(None, None) == suggestions("commune", "Zzzz") == ()
