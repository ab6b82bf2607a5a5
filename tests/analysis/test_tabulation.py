import pandas as pd
import pytest

from lib.analysis.intervals import wilson
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.shares import interval_method, shares
from lib.analysis.tabulation import Part, official_level, parts
from tests import world

COMMUNES = Selection(types=("commune",))


def of(question: str, selection: Selection = EVERYBODY, **options: str) -> pd.DataFrame:
    return shares(world.edition(), question, selection, reference=world.reference(), **options)


def written(found: list[Part]) -> dict[str, list[str]]:
    index = world.edition().respondents.index
    return {part.group[1] if part.group else "": index[part.kept].tolist() for part in found}


def test_without_breakdown_there_is_one_part() -> None:
    assert written(parts(world.edition(), Selection(types=("epci",)), None)) == {"": ["r07", "r08", "r09"]}


def test_empty_groups_are_kept_and_a_respondent_on_two_departements_is_in_both() -> None:
    territories = world.reference()
    found = written(parts(world.edition(), Selection(types=("epci", "pays")), "departement", territories))
    assert found == {"16": ["r07", "r08", "r09", "r11"], "17": ["r09", "r11"]}
    assert written(parts(world.edition(), EVERYBODY, "type"))["syndicat"] == []


def test_a_respondent_without_role_is_in_no_group_of_roles() -> None:
    found = written(parts(world.edition(), Selection(types=("commune",)), "role"))
    assert found == {
        "elu": ["r01", "r03", "r05", "r06"],
        "direction": ["r02"],
        "technicien": ["r04"],
        "autre": [],
    }


def test_the_level_is_that_of_all_the_territories_selected() -> None:
    edition, territories = world.edition(), world.reference()

    def level(selection: Selection = EVERYBODY, group: tuple[str, str] | None = None) -> str | None:
        return official_level(edition, selection, group, territories)

    assert level() is None
    assert level(Selection(types=("commune",))) == "commune"
    assert level(Selection(types=("pays",))) is None
    assert level(Selection(types=("syndicat",))) is None
    assert level(Selection(tailles=("epci-0-14999",))) == "epci"
    # A group by type or size has its own level; one by département or role has that of the whole figure.
    assert level(group=("taille", "commune-0-999")) == "commune"
    assert level(Selection(departements=("17",)), ("role", "elu")) is None
    assert level(Selection(types=("epci",)), ("departement", "17")) == "epci"


def test_one_official_level_has_an_exact_interval() -> None:
    found = of("strategie", COMMUNES)
    # 4 of the 6 communes answered, 1 of them « non »: from 1 to 3 of the 6; none: up to 2.
    assert found.loc["non", ["low", "high"]].tolist() == pytest.approx([1 / 6, 3 / 6])
    assert found.loc["prevue", ["low", "high"]].tolist() == pytest.approx([0, 2 / 6])
    assert interval_method(world.edition(), COMMUNES, reference=world.reference()) == "exact"


def test_a_level_wholly_surveyed_has_no_margin() -> None:
    found = of("strategie", Selection(types=("epci",)))
    assert found["low"].tolist() == found["high"].tolist() == found["share"].tolist()


def test_the_population_follows_filters_and_groups() -> None:
    # 3 of the 4 communes of Charente answered, 1 « non »: 1 or 2 of the 4.
    expected = pytest.approx([1 / 4, 2 / 4])
    filtered = of("strategie", Selection(types=("commune",), departements=("16",)))
    assert filtered.loc["non", ["low", "high"]].tolist() == expected
    grouped = of("strategie", COMMUNES, by="departement")
    assert grouped.loc[("16", "non"), ["low", "high"]].tolist() == expected
    # All 3 communes under 1 000 inhabitants answered.
    small = of("strategie", by="taille").loc[("commune-0-999", "non")]
    assert small["low"] == small["high"] == pytest.approx(1 / 3)
    # Départements have no size class: one of two answered.
    level = Selection(types=("departement",), tailles=("sans-objet",))
    assert of("strategie", level).loc["elaboration", ["low", "high"]].tolist() == [0.5, 1]


def test_a_filter_on_roles_leaves_the_population_as_it_is() -> None:
    # Two communes' technicians or directors answered, of 6 communes.
    found = of("strategie", Selection(types=("commune",), roles=("technicien", "direction")))
    assert found.loc["non", ["count", "base"]].tolist() == [1, 2]
    assert found.loc["non", "high"] == pytest.approx(5 / 6)


def test_levels_together_have_wilsons_interval() -> None:
    found = of("strategie")
    low, high = wilson(2, 7)
    assert found.loc["non", ["low", "high"]].tolist() == pytest.approx([float(low), float(high)])
    edition, territories = world.edition(), world.reference()
    assert interval_method(edition, reference=territories) == "wilson"
    assert interval_method(edition, group=("departement", "17"), reference=territories) == "wilson"
    assert interval_method(edition, group=("type", "epci"), reference=territories) == "exact"
    assert interval_method(edition, group=("type", "pays"), reference=territories) == "wilson"
    assert interval_method(edition, COMMUNES, "respondents", reference=territories) == "wilson"


def test_a_declared_type_that_is_not_the_official_one_leaves_no_single_level() -> None:
    edition = world.edition()
    edition.respondents.loc["r06", "type"] = "epci"  # 17001 is a commune
    epci = Selection(types=("epci",))
    assert interval_method(edition, epci, reference=world.reference()) == "wilson"
    found = shares(edition, "strategie", epci, reference=world.reference())
    assert (found["base"] == 3).all()


def test_respondents_of_a_territory_are_worth_less_than_as_many_territories() -> None:
    found = of("portage")
    # Everybody says the same: rho is taken as 1; three pairs and two singles, m̃ = 14 / 8.
    low, _ = wilson(8 / 1.75, 8 / 1.75)
    assert found.loc["fort", "low"] == pytest.approx(float(low))


def test_unrecognised_territories_count_as_respondents_only() -> None:
    assert of("strategie", COMMUNES, unit="respondents")["base"].iloc[0] == 7
    assert of("strategie", COMMUNES)["base"].iloc[0] == 4


def test_unrecognised_territories_do_not_resemble_each_other() -> None:
    edition = world.edition()
    edition.respondents["territory"] = pd.Series(pd.NA, index=edition.respondents.index, dtype="str")
    found = shares(edition, "portage", reference=world.reference())
    low, _ = wilson(8, 8)
    assert found.loc["fort", "low"] == pytest.approx(float(low))
