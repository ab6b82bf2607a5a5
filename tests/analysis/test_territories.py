"""One territory of the survey: what it is, whether it may be named, its peers; read by hand on `tests.world`."""

from dataclasses import replace

import pytest

from lib.analysis.selection import Selection
from lib.analysis.territories import answering, describe, peer_groups, structures
from lib.survey.edition import load_edition
from lib.survey.exchange import exchanged
from tests import world
from tests.world import FIRST, SECOND

REFERENCE = world.reference()


def described(code, edition=None):
    return describe(edition or world.edition(), code, REFERENCE)


def test_an_official_territory_is_described_by_the_list():
    cherval = described("16003")
    assert (cherval.nom, cherval.type, cherval.nature, cherval.population) == ("Cherval", "commune", "COM", 2000)
    assert (cherval.taille, cherval.departements, cherval.epci) == ("commune-1000-3499", ("16",), FIRST)
    marais = described(SECOND)
    assert (marais.epci, marais.departements, marais.part_population) == ("", ("17", "16"), 0.75)
    assert described("16").taille == "sans-objet"


@pytest.mark.parametrize(
    ("code", "standing", "respondents"),
    [
        ("16001", "publiee", 2),  # both agreed
        (FIRST, "non-publiee", 2),  # one of the two did not
        ("17001", "non-publiee", 1),
        ("16004", "sans-reponse", 0),
        ("pays:val-de-sevre", "publiee", 1),
    ],
)
def test_a_territory_may_be_named_only_where_every_respondent_agreed(code, standing, respondents):
    territory = described(code)
    assert (territory.standing, territory.respondents) == (standing, respondents)
    assert territory.published == (standing == "publiee")


def test_a_structure_without_code_is_described_by_what_it_declared():
    pays = described("pays:val-de-sevre")
    assert (pays.nom, pays.type, pays.nature, pays.population) == ("Pays du Val de Sèvre", "pays", "", None)
    assert (pays.membres, pays.departements) == ((FIRST, SECOND), ("16", "17"))


def test_the_members_of_a_structure_are_those_that_its_respondents_declare_together():
    edition = world.edition()
    # r12, until now of no known territory, answers for the pays too, and was the first to do so.
    edition.respondents.loc["r12", ["type", "territory", "nom"]] = ["pays", "pays:val-de-sevre", "Pays"]
    first = replace(edition, respondents=edition.respondents.iloc[::-1])
    for order in (edition, first):
        assert set(structures(order)["pays:val-de-sevre"][3]) == {FIRST, SECOND}
        assert set(described("pays:val-de-sevre", order).membres) == {FIRST, SECOND}


@pytest.mark.parametrize("declared", [None, "commune", "autre"])
def test_a_structure_is_of_the_type_that_its_identifier_says(declared):
    edition = world.edition()
    edition.respondents.loc["r11", "type"] = declared
    assert described("pays:val-de-sevre", edition).type == "pays"


def test_a_territory_is_what_the_list_says_whatever_its_respondents_ticked():
    edition = world.edition()
    # Who leaves the type blank has no size class.
    edition.respondents.loc[["r01", "r02"], ["type", "taille"]] = [None, "sans-objet"]
    rows = answering(edition, REFERENCE)
    assert rows.loc["16001", ["type", "taille"]].tolist() == ["commune", "commune-0-999"]
    assert rows.loc["16", ["type", "taille"]].tolist() == ["departement", "sans-objet"]
    assert rows.loc["pays:val-de-sevre", ["nom", "type", "taille"]].tolist() == [
        "Pays du Val de Sèvre", "pays", "sans-objet",
    ]  # fmt: skip
    # In order of first answer; r12 is of no territory.
    assert rows.index.tolist() == ["16001", "16002", "16003", "17001", FIRST, SECOND, "16", "pays:val-de-sevre"]


def test_another_structure_that_did_not_agree_has_no_portrait():
    edition = world.edition()
    edition.respondents.loc["r11", ["type", "territory", "nom"]] = ["autre", "autre:essai", "Maison Durand"]
    assert "autre:essai" in structures(edition)
    edition = world.edition()
    edition.respondents.loc["r11", ["type", "territory", "nom", "publishable"]] = ["autre", "autre:essai", "D", False]
    assert "autre:essai" not in structures(edition)
    with pytest.raises(KeyError):
        described("autre:essai", edition)
    # Nor if its type was left blank: its name may be a person's all the same.
    edition.respondents.loc["r11", "type"] = None
    assert "autre:essai" not in structures(edition)


@pytest.mark.parametrize("code", ["", "99999", "pays:nulle-part", "<script>"])
def test_an_unknown_code_is_refused(code):
    with pytest.raises(KeyError):
        described(code)


@pytest.mark.shipped_region
def test_peers_go_from_the_closest_group_to_the_widest():
    edition = world.edition()
    groups = peer_groups(edition, described("16003"))
    assert list(groups) == ["taille", "departement", "region"]
    assert groups["taille"][1] == Selection(types=("commune",), tailles=("commune-1000-3499",))
    assert groups["departement"] == (
        "Communes\u202f: Charente (16)",
        Selection(types=("commune",), departements=("16",)),
    )
    assert groups["region"] == ("Communes\u202f: Nouvelle-Aquitaine", Selection(types=("commune",)))
    assert list(peer_groups(edition, described("16"))) == ["region"]
    assert list(peer_groups(edition, described("pays:val-de-sevre"))) == ["departement", "region"]


def test_a_territory_is_one_of_its_own_peers():
    edition = exchanged(load_edition())
    for code in edition.respondents["territory"].dropna().unique()[::7]:
        if code in structures(edition) or ":" not in code:
            own = edition.respondents[edition.respondents["territory"] == code]
            for _, selection in peer_groups(edition, describe(edition, code)).values():
                assert selection.mask(own).any()


def test_a_territory_without_anybody_is_described_too():
    empty = replace(world.edition(), respondents=world.edition().respondents.iloc[:0])
    assert described("16001", empty).standing == "sans-reponse"
    assert structures(empty) == {}
    assert answering(empty).empty
