import math

import numpy as np
import pandas as pd
import pytest

from lib.analysis.intervals import wilson
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.shares import ranks, reached, shares
from tests import world

COLUMNS = ["label", "count", "base", "share", "low", "high"]
COMMUNES = Selection(types=("commune",))
NOBODY = Selection(types=("syndicat",))


def of(question: str, selection: Selection = EVERYBODY, **options: str) -> pd.DataFrame:
    return shares(world.edition(), question, selection, reference=world.reference(), **options)


def counts(frame: pd.DataFrame) -> dict[str, int]:
    return frame["count"].to_dict()


def test_respondents_each_count() -> None:
    found = of("strategie", unit="respondents")
    assert counts(found) == {
        "mise-en-oeuvre": 1,
        "formalisee": 3,
        "elaboration": 1,
        "prevue": 0,
        "non": 4,
        "nsp": 2,
    }
    assert (found["base"] == 11).all()
    assert found.loc["non", "share"] == pytest.approx(4 / 11)
    assert found.loc["nsp", "label"] == "Ne sait pas"


def test_territories_count_once_and_divergent_answers_come_last() -> None:
    found = of("strategie")  # its unit in the questionnaire
    assert counts(found) == {
        "mise-en-oeuvre": 1,
        "formalisee": 1,
        "elaboration": 1,
        "prevue": 0,
        "non": 2,
        "nsp": 1,
        "divergentes": 1,
    }
    assert (found["base"] == 7).all()
    assert found["share"].sum() == pytest.approx(1)
    assert found.iloc[-1]["label"] == "Réponses divergentes"


def test_a_multiple_question_may_add_to_more_than_everybody() -> None:
    found = of("besoins")
    assert counts(found) == {"ingenierie": 4, "financement": 3, "autre": 0, "aucun": 1, "nsp": 1}
    assert (found["base"] == 8).all()
    assert found["share"].sum() > 1


def test_a_territory_may_agree_on_one_option_and_not_on_another() -> None:
    found = of("besoins", unit="territories")
    # 16001 agrees on money, not on engineering.
    assert counts(found) == {
        "ingenierie": 3,
        "financement": 1,
        "autre": 0,
        "aucun": 1,
        "nsp": 1,
        "divergentes": 1,
    }
    assert (found["base"] == 6).all()


def test_an_array_has_a_base_for_each_row() -> None:
    found = of("themes", unit="respondents")
    assert found.index.names == ["row", "code"]
    assert counts(found.loc["inclusion"]) == {"absent": 1, "ponctuelles": 3, "structurees": 4, "nsp": 0}
    assert found["base"].groupby(level="row").first().to_dict() == {"inclusion": 8, "sante": 2}


def test_one_row_of_an_array() -> None:
    found = of("themes", row="inclusion")
    assert found.index.tolist() == ["absent", "ponctuelles", "structurees", "nsp", "divergentes"]
    assert found["count"].tolist() == [1, 1, 2, 0, 1]
    assert (found["base"] == 5).all()


def test_an_array_of_multiple_choices() -> None:
    found = of("actions")
    assert counts(found.loc["inclusion"]) == {"diagnostic": 1, "formation": 0, "aucune": 1, "divergentes": 1}
    assert counts(found.loc["sante"]) == {"diagnostic": 0, "formation": 1, "aucune": 0, "divergentes": 0}
    assert found["base"].groupby(level="row").first().to_dict() == {"inclusion": 2, "sante": 1}


def test_a_ranking() -> None:
    found = ranks(world.edition(), "priorites", reference=world.reference())
    assert found.columns.tolist() == [
        *COLUMNS,
        "first_count",
        "first_share",
        "first_low",
        "first_high",
        "mean_rank",
    ]
    assert counts(found) == {"inclusion": 3, "sante": 2, "donnees": 1, "services": 1}
    assert found["first_count"].tolist() == [2, 1, 0, 0]
    assert found["first_share"].tolist() == pytest.approx([2 / 3, 1 / 3, 0, 0])
    assert found["mean_rank"].tolist() == pytest.approx([4 / 3, 1.5, 3, 3])
    pd.testing.assert_frame_equal(found[COLUMNS], of("priorites"))


def test_a_ranking_by_role() -> None:
    found = ranks(world.edition(), "priorites", by="role", reference=world.reference())
    assert found.loc[("elu", "inclusion"), "mean_rank"] == 1
    assert found.loc[("direction", "inclusion"), "mean_rank"] == 2
    assert math.isnan(found.loc[("technicien", "inclusion"), "mean_rank"])


def test_only_a_ranking_has_ranks() -> None:
    with pytest.raises(ValueError, match="besoins"):
        ranks(world.edition(), "besoins")


def test_groups_by_type() -> None:
    found = of("strategie", by="type")
    assert found.index.names == ["type", "code"]
    assert list(found.index.unique("type")) == ["commune", "epci", "departement", "pays", "syndicat", "autre"]
    assert found.xs("non", level="code")["count"].tolist() == [1, 1, 0, 0, 0, 0]
    assert found.xs("non", level="code")["base"].tolist() == [4, 2, 1, 0, 0, 0]


def test_a_territory_on_two_departements_counts_in_each_group() -> None:
    found = of("strategie", by="departement").xs("non", level="code")
    # The second EPCI, without strategy, is on both.
    assert found["count"].to_dict() == {"16": 2, "17": 1}
    assert found["base"].to_dict() == {"16": 6, "17": 2}


def test_a_filter_on_the_dimension_of_the_groups_keeps_its_codes_only() -> None:
    found = of("strategie", Selection(departements=("17",)), by="departement")
    assert list(found.index.unique("departement")) == ["17"]
    assert found.loc[("17", "non"), "count"] == 1


def test_groups_by_size_and_role() -> None:
    sizes = of("strategie", by="taille").xs("non", level="code")["base"]
    assert {code: base for code, base in sizes.items() if base} == {
        "commune-0-999": 3,
        "commune-1000-3499": 1,
        "epci-0-14999": 1,
        "epci-15000-49999": 1,
        "sans-objet": 1,
    }
    roles = of("strategie", by="role", unit="respondents").xs("non", level="code")
    assert roles["base"].to_dict() == {"elu": 4, "direction": 3, "technicien": 3, "autre": 0}


def test_facts_follow_the_role_that_is_selected() -> None:
    # Among elected officials alone 16002 does not diverge any more.
    found = of("strategie", Selection(types=("commune",), roles=("elu",)))
    assert counts(found)["divergentes"] == 0
    assert counts(found)["formalisee"] == 1


def test_groups_of_an_array() -> None:
    found = of("themes", by="type", unit="respondents")
    assert found.index.names == ["type", "row", "code"]
    assert found.loc[("epci", "inclusion", "structurees"), "count"] == 2


def test_options_taken_together() -> None:
    found = reached(world.edition(), "themes", ("ponctuelles", "structurees"), reference=world.reference())
    assert found.index.tolist() == ["inclusion", "sante"]
    assert found["label"].tolist() == ["Inclusion numérique", "Santé"]
    # 16002 says « ponctuelles » and « structurées »: divergent, so not among the 3.
    assert found[["count", "base"]].to_numpy().tolist() == [[3, 5], [0, 1]]
    whole = of("themes")["count"].unstack("code").loc[["inclusion", "sante"]]
    assert found["count"].tolist() == (whole["ponctuelles"] + whole["structurees"]).tolist()


def test_options_taken_together_among_respondents() -> None:
    found = reached(world.edition(), "themes", ("ponctuelles", "structurees"), unit="respondents", row="inclusion")
    assert found[["count", "base"]].to_numpy().tolist() == [[7, 8]]
    # 16001, 16002 and the first EPCI agree within, only the second EPCI differs: rho = 1, n = 8 / 1.75.
    low, high = wilson(7 / 8 * 8 / 1.75, 8 / 1.75)
    assert found["low"].tolist() == pytest.approx([float(low)])
    assert found["high"].tolist() == pytest.approx([float(high)])


def test_options_taken_together_of_a_question_without_rows() -> None:
    options = ("formalisee", "mise-en-oeuvre")
    found = reached(world.edition(), "strategie", options, COMMUNES, reference=world.reference())
    assert found.index.tolist() == ["strategie"]
    assert found["label"].tolist() == ["Stratégie"]
    assert found[["count", "base"]].to_numpy().tolist() == [[1, 4]]
    by_type = reached(world.edition(), "strategie", options, by="type", reference=world.reference())
    assert by_type.index.names == ["type", "row"]
    assert by_type.loc[("epci", "strategie"), "share"] == 0.5


def test_several_ticked_options_count_a_respondent_once() -> None:
    found = reached(world.edition(), "besoins", ("ingenierie", "financement"))
    assert found[["count", "base"]].to_numpy().tolist() == [[6, 8]]


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(KeyError, match="magie"):
        reached(world.edition(), "besoins", ("magie",))


def test_one_respondent() -> None:
    found = of("strategie", Selection(roles=("direction",), types=("pays", "epci"), tailles=("epci-15000-49999",)))
    assert found.loc["non", ["count", "base", "share"]].tolist() == [1, 1, 1]


@pytest.mark.parametrize("question", ["strategie", "portage", "besoins", "themes", "actions", "priorites"])
@pytest.mark.parametrize("unit", ["respondents", "territories"])
@pytest.mark.parametrize("by", [None, "type", "departement", "role"])
def test_an_empty_selection_keeps_every_option(question: str, unit: str, by: str | None) -> None:
    found = shares(world.edition(), question, NOBODY, unit, by, reference=world.reference())
    somebody = shares(world.edition(), question, EVERYBODY, unit, by, reference=world.reference())
    assert (found[["count", "base"]] == 0).all(axis=None)
    assert found[["share", "low", "high"]].isna().all(axis=None)
    if by != "type":
        assert found.index.equals(somebody.index)


@pytest.mark.parametrize("question", ["strategie", "portage", "besoins", "themes", "actions", "priorites"])
@pytest.mark.parametrize("unit", ["respondents", "territories"])
@pytest.mark.parametrize("by", [None, "type", "taille", "departement", "role"])
@pytest.mark.parametrize("selection", [EVERYBODY, COMMUNES, Selection(departements=("17",)), NOBODY])
def test_every_frame_keeps_the_contract(question: str, unit: str, by: str | None, selection: Selection) -> None:
    found = shares(world.edition(), question, selection, unit, by, reference=world.reference())
    assert found.columns.tolist() == COLUMNS
    assert found.index.is_unique
    assert found.index.names == ([by] if by else []) + (["row"] if question in ("themes", "actions") else []) + ["code"]
    assert (found["count"] <= found["base"]).all()
    known = found[found["base"] > 0]
    assert known["share"].to_numpy() == pytest.approx((known["count"] / known["base"]).to_numpy())
    ordered = np.column_stack([np.zeros(len(known)), known[["low", "share", "high"]], np.ones(len(known))])
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert found.loc[found["base"] == 0, ["share", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("question", "options", "error"),
    [
        ("couleur", {}, KeyError),
        ("precisions", {}, ValueError),
        ("strategie", {"unit": "habitants"}, ValueError),
        ("strategie", {"by": "couleur"}, ValueError),
        ("themes", {"row": "energie"}, KeyError),
    ],
)
def test_what_cannot_be_computed_is_refused(question: str, options: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        of(question, **options)
