import pandas as pd

from lib.analysis.coverage import coverage
from lib.analysis.selection import EVERYBODY, Selection
from tests import world

COLUMNS = ["respondents", "territories", "existing", "rate", "covered", "inhabitants", "covered_share"]


def of(by: str | None = None, selection: Selection = EVERYBODY) -> pd.DataFrame:
    return coverage(world.edition(), selection, by, world.reference())


def test_by_type() -> None:
    found = of()
    assert found.columns.tolist() == COLUMNS
    # 16001, 16002, 16003 and 17001: 400 + 900 + 2 000 + 800; the unrecognised commune is a respondent only.
    assert found.loc["commune"].tolist() == [7, 4, 6, 4 / 6, 4100, 18600, 4100 / 18600]
    assert found.loc["departement"].tolist() == [1, 1, 2, 1 / 2, 5800, 18600, 5800 / 18600]


def test_inhabitants_of_a_partial_epci_are_those_of_the_region() -> None:
    # 3 300 + 20 400 × 3/4.
    assert of().loc["epci", "covered"] == 18600


def test_the_number_of_pays_is_not_known() -> None:
    found = of().loc["pays"]
    assert found[["respondents", "territories"]].tolist() == [1, 1]
    assert found[COLUMNS[2:]].isna().all()


def test_by_type_and_size() -> None:
    found = of("taille")
    assert found.index.names == ["type", "taille"]
    assert found.index.tolist() == [
        ("commune", "commune-0-999"),
        ("commune", "commune-1000-3499"),
        ("commune", "commune-10000-49999"),
        ("commune", "non-reconnu"),
        ("epci", "epci-0-14999"),
        ("epci", "epci-15000-49999"),
        ("departement", "sans-objet"),
        ("pays", "sans-objet"),
    ]
    assert found.loc[("commune", "commune-1000-3499")].tolist() == [1, 1, 2, 1 / 2, 2000, 4500, 2000 / 4500]
    # A stratum where nobody answered is shown.
    assert found.loc[("commune", "commune-10000-49999")].tolist() == [0, 0, 1, 0, 0, 12000, 0]
    assert found.loc[("commune", "non-reconnu"), "respondents"] == 1


def test_by_departement_a_territory_on_two_counts_whole_in_each() -> None:
    found = of("departement")
    assert found.loc[("epci", "16")].tolist() == [3, 2, 2, 1, 18600, 18600, 1]
    assert found.loc[("epci", "17")].tolist() == [1, 1, 1, 1, 15300, 15300, 1]
    assert found.loc[("commune", "17")].tolist() == [1, 1, 2, 1 / 2, 800, 12800, 800 / 12800]
    assert found.loc[("pays", "17"), "territories"] == 1


def test_filters_on_territories_narrow_the_region_too() -> None:
    found = of("departement", Selection(types=("commune",), departements=("17",)))
    assert found.index.tolist() == [("commune", "17")]
    assert found["existing"].tolist() == [2]


def test_a_filter_on_roles_narrows_the_respondents_only() -> None:
    found = of(selection=Selection(roles=("technicien",)))
    assert found.loc["commune", ["respondents", "territories", "existing"]].tolist() == [1, 1, 6]


def test_nobody() -> None:
    found = of(selection=Selection(types=("commune",), tailles=("commune-50000",)))
    assert found.loc["commune", ["respondents", "territories"]].tolist() == [0, 0]
    assert found.loc["commune", ["existing", "rate"]].isna().all()
    assert of("taille", Selection(types=("syndicat",))).empty


def test_a_declared_type_that_is_not_the_official_one_is_no_coverage() -> None:
    edition = world.edition()
    edition.respondents.loc["r06", "type"] = "epci"  # 17001 is a commune
    found = coverage(edition, reference=world.reference())
    assert found.loc["epci", ["respondents", "territories", "existing"]].tolist() == [4, 2, 2]
    assert found.loc["commune", "territories"] == 3
