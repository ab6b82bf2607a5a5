import pytest

from lib.analysis.selection import EVERYBODY, Selection, choices, members, memberships
from tests import world


def matching(selection: Selection) -> list[str]:
    respondents = world.edition().respondents
    return respondents.index[selection.mask(respondents)].tolist()


def test_an_empty_selection_keeps_everybody() -> None:
    assert EVERYBODY.is_empty
    assert len(matching(EVERYBODY)) == 12


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(types=("epci", "pays")), ["r07", "r08", "r09", "r11"]),
        (Selection(tailles=("commune-1000-3499",)), ["r05"]),
        (Selection(tailles=("sans-objet",)), ["r10", "r11"]),
        (Selection(roles=("technicien",)), ["r04", "r08", "r10"]),
        (Selection(types=("commune",), roles=("direction",)), ["r02"]),
        (Selection(types=("syndicat",)), []),
    ],
)
def test_codes_of_a_filter_are_alternatives_and_filters_add_up(selection: Selection, expected: list[str]) -> None:
    assert matching(selection) == expected
    assert not selection.is_empty


def test_a_territory_on_two_departements_matches_each_and_counts_once() -> None:
    assert matching(Selection(departements=("17",))) == ["r06", "r09", "r11"]
    assert matching(Selection(departements=("16", "17"))) == [f"r{rank:02}" for rank in range(1, 12)]


def test_an_unrecognised_territory_has_neither_size_nor_departement() -> None:
    assert "r12" in matching(Selection(types=("commune",)))
    assert "r12" not in matching(Selection(tailles=("commune-0-999", "sans-objet")))
    assert "r12" not in matching(Selection(departements=("16", "17")))


def test_a_missing_role_matches_no_role() -> None:
    assert "r12" not in matching(Selection(roles=("elu", "direction", "technicien", "autre")))


def test_without_roles_keeps_the_filters_on_territories() -> None:
    selection = Selection(types=("commune",), departements=("17",), roles=("direction",))
    assert matching(selection) == []
    assert matching(selection.without_roles()) == ["r06"]


def test_weighting_filters_nobody() -> None:
    weighted = Selection(weighted=True)
    assert weighted.is_empty
    assert len(matching(weighted)) == 12
    assert Selection(roles=("elu",), weighted=True).without_roles() == weighted
    assert weighted.without_weighting() == EVERYBODY


def test_memberships_by_code() -> None:
    respondents = world.edition().respondents
    departements = memberships(respondents, "departement", ["17", "16"])
    assert departements.shape == (12, 2)
    # r09 and r11 are on both, r12 on none.
    assert departements[[5, 8, 10, 11]].tolist() == [[True, False], [True, True], [True, True], [False, False]]
    assert memberships(respondents, "role", ["elu", "autre"])[[0, 1, 11]].tolist() == [
        [True, False],
        [False, False],
        [False, False],
    ]


def test_a_selection_applies_to_the_reference_list_too() -> None:
    territories = world.reference()
    kept = Selection(types=("commune",), departements=("17",)).mask(territories)
    assert territories.index[kept].tolist() == ["17001", "17002"]


def test_members_of_no_row() -> None:
    nobody = world.edition().respondents.iloc[:0]
    assert members(nobody, "departement", ("16",)).tolist() == []
    assert memberships(nobody, "type", ["commune", "epci"]).shape == (0, 2)
    assert EVERYBODY.mask(nobody).tolist() == []


def test_choices_name_every_code_in_order() -> None:
    edition, territories = world.edition(), world.reference()
    assert list(choices(edition, "type")) == ["commune", "epci", "departement", "pays", "syndicat", "autre"]
    assert choices(edition, "role")["direction"] == "Direction"
    assert choices(edition, "departement", territories) == {
        "16": "Charente (16)",
        "17": "Charente-Maritime (17)",
    }


def test_choices_of_size_are_unlike_each_other() -> None:
    sizes = choices(world.edition(), "taille")
    assert sizes["commune-0-999"] == "Communes de moins de 1\u202f000 hab."
    assert list(sizes)[-1] == "sans-objet"
    assert len(set(sizes.values())) == len(sizes) == 9


def test_an_unknown_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="couleur"):
        choices(world.edition(), "couleur")
