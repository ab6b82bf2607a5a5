"""Crossings counted by hand on `tests.world`: bases, intervals, weights, hiding, and the test that suits each table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.analysis.crossing import Association, association, concludes, crosstab, standing
from lib.analysis.intervals import hypergeometric, wilson
from lib.analysis.pairs import sides, units
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.shares import shares
from tests import world

COLUMNS = ["row", "row_label", "column", "column_label", "count", "base", "share", "low", "high"]
COMMUNES = Selection(types=("commune",))


def crossed(row, column, selection=EVERYBODY, edition=None, **more):
    cells = crosstab(edition or world.edition(), row, column, selection, reference=world.reference(), **more)
    return cells.set_index(["row", "column"])


def found(row, column, selection=EVERYBODY, edition=None, **more):
    return association(edition or world.edition(), row, column, selection, reference=world.reference(), **more)


def counts(cells, column):
    """Return the options given in a column, with their counts, and the base."""
    own = cells.xs(column, level="column")
    assert own["base"].nunique() == 1
    return {code: int(count) for code, count in own["count"].items() if count}, int(own["base"].iloc[0])


def bounds(interval):
    return tuple(float(bound) for bound in interval)


def alone(answers):
    """Return the world with these answers to `strategie` and `portage`, every respondent in a territory of its own."""
    edition = world.edition()
    edition.respondents["territory"] = pd.Series(pd.NA, index=edition.respondents.index, dtype="str")
    for column, given in zip(("strategie", "portage"), zip(*answers, strict=True), strict=True):
        edition.values[column] = pd.Series(pd.NA, index=edition.values.index, dtype="str")
        edition.values.loc[edition.values.index[: len(given)], column] = list(given)
    return edition


def test_what_may_be_crossed_names_nobody():
    listed = sides(world.edition())
    assert list(listed) == [
        "strategie", "portage", "besoins", "themes/inclusion", "themes/sante", "actions/inclusion", "actions/sante",
        "priorites", "type", "taille", "departement", "role",
    ]  # fmt: skip
    assert listed["themes/inclusion"] == "Mobilisation\u202f: Inclusion numérique"


def test_territories_are_counted_where_both_sides_are_facts():
    edition = world.edition()
    assert units(edition, "strategie", "themes/inclusion") == ("territories", "respondents")
    assert units(edition, "strategie", "taille") == ("territories", "respondents")
    assert units(edition, "strategie", "portage") == ("respondents",)
    assert units(edition, "strategie", "role") == ("respondents",)


def test_two_opinions_are_counted_among_those_who_answered_both():
    cells = crossed("strategie", "portage")
    # r01 to r08 find the support strong; r09, r10 and r12 gave a strategy and no support.
    assert counts(cells, "fort") == ({"mise-en-oeuvre": 1, "formalisee": 3, "non": 2, "nsp": 2}, 8)
    assert counts(cells, "faible") == ({}, 0)
    assert cells.xs("faible", level="column")[["share", "low", "high"]].isna().all(axis=None)
    listed = crosstab(world.edition(), "strategie", "portage", reference=world.reference())
    assert list(listed) == [*COLUMNS, "hidden"]
    assert len(cells) == 6 * 3
    assert not cells["hidden"].any()


def test_each_option_of_a_multiple_question_is_a_yes_or_no():
    cells = crossed("besoins", "role")
    # Élu·es who answered: r01 (two needs), r03 « aucun », r05 « ne sait pas », r06.
    assert counts(cells, "elu") == ({"ingenierie": 2, "financement": 1, "aucun": 1, "nsp": 1}, 4)
    assert counts(cells, "direction") == ({"ingenierie": 2, "financement": 1}, 3)
    assert cells.xs("elu", level="column")["share"].sum() == pytest.approx(5 / 4)


def test_shares_by_row_are_among_those_who_gave_the_row_option():
    cells = crossed("besoins", "role", normalise="row")
    needed = cells.loc["financement"]
    # r01, r02 and r12, whose role is unknown and who is in no base.
    assert needed["count"].to_dict() == {"elu": 1, "direction": 1, "technicien": 0, "autre": 0}
    assert set(needed["base"]) == {2}
    assert needed["share"].to_dict() == {"elu": 0.5, "direction": 0.5, "technicien": 0, "autre": 0}


def test_groups_of_an_attribute_are_those_of_shares():
    edition, reference = world.edition(), world.reference()
    for column, unit in (("type", "territories"), ("departement", "territories"), ("role", "respondents")):
        cells = crossed("strategie", column, unit=unit)
        expected = shares(edition, "strategie", unit=unit, by=column, reference=reference)
        for group, rows in expected.groupby(level=column):
            own = cells.xs(group, level="column")
            measured = ["count", "base", "share", "low", "high"]
            pd.testing.assert_frame_equal(
                own[measured], rows.droplevel(column)[measured], check_names=False, check_dtype=False
            )


def test_territories_by_an_attribute_have_the_exact_interval():
    cells = crossed("strategie", "type")
    # 16001 non, 16002 divergent, 16003 ne sait pas, 17001 mise en œuvre: four communes out of six.
    assert counts(cells, "commune") == ({"mise-en-oeuvre": 1, "non": 1, "nsp": 1, "divergentes": 1}, 4)
    assert tuple(cells.loc[("non", "commune"), ["low", "high"]]) == pytest.approx(bounds(hypergeometric(1, 4, 6)))
    # Both EPCI answered: no margin.
    assert tuple(cells.loc[("formalisee", "epci"), ["share", "low", "high"]]) == (0.5, 0.5, 0.5)


def test_two_facts_are_crossed_territory_by_territory():
    cells = crossed("strategie", "themes/inclusion")
    # 17001 (mise en œuvre) and the first EPCI (formalisée); respondents of 16002 differ on both.
    assert counts(cells, "structurees") == ({"mise-en-oeuvre": 1, "formalisee": 1}, 2)
    assert counts(cells, "divergentes") == ({"divergentes": 1}, 1)
    assert counts(cells, "ponctuelles") == ({"non": 1}, 1)
    assert tuple(cells.loc[("formalisee", "structurees"), ["low", "high"]]) == pytest.approx(bounds(wilson(1, 2)))
    assert found("strategie", "themes/inclusion").base == 5


def weighted_world():
    """Both communes without strategy count: 16001 (actions ponctuelles) for 1, 16002 (divergent) for 2."""
    edition = world.edition()
    edition.values.loc[["r03", "r04"], "strategie"] = "non"
    weights = {"16001": 1.0, "16002": 2.0, "16003": 0.5, "17001": 0.5}
    edition.respondents["weight"] = edition.respondents["territory"].map(weights).astype(float)
    return edition


def test_weighted_territories_count_for_their_weight():
    cells = crossed("themes/inclusion", "strategie", replace(COMMUNES, weighted=True), weighted_world())
    told = cells.loc[("ponctuelles", "non")]
    # Kish: (1 + 2)² / (1² + 2²).
    assert tuple(told[["count", "base", "share", "effective_n"]]) == pytest.approx((1, 2, 1 / 3, 9 / 5))
    assert tuple(told[["low", "high"]]) == pytest.approx(bounds(wilson(0.6, 1.8)))
    raw = crossed("themes/inclusion", "strategie", COMMUNES, weighted_world())
    assert raw.loc[("ponctuelles", "non"), "share"] == 0.5
    assert "effective_n" not in raw


def test_several_levels_or_respondents_stay_raw():
    asked = Selection(weighted=True)
    cells = crossed("themes/inclusion", "strategie", asked, weighted_world())
    assert cells["effective_n"].isna().all()
    assert not found("themes/inclusion", "strategie", asked, weighted_world()).weighted
    assert found("themes/inclusion", "strategie", replace(COMMUNES, weighted=True), weighted_world()).weighted


def test_what_the_threshold_hides_is_nowhere():
    edition = replace(world.edition(), threshold=3)
    cells = crossed("strategie", "portage", edition=edition)
    shown = cells[~cells["hidden"]]
    # Only « formalisée » is given three times, and showing it would not give the others back.
    assert [(row, column) for row, column in shown.index] == [("formalisee", "fort")]
    assert cells.loc[cells["hidden"], ["count", "share", "low", "high"]].isna().all(axis=None)
    margins = found("strategie", "portage", edition=edition).cells.set_index(["row", "column"])
    assert margins["row_count"].dropna().unique().tolist() == [3]
    assert margins["row_share"].dropna().unique().tolist() == [3 / 8]


def test_four_respondents_of_four_territories_are_tested_by_fisher():
    tea = [("non", "fort")] * 3 + [("non", "faible"), ("formalisee", "fort")] + [("formalisee", "faible")] * 3
    told = found("strategie", "portage", edition=alone(tea))
    assert (told.method, told.draws, told.clustered, told.base) == ("fisher", 0, False, 8)
    assert told.p == pytest.approx(34 / 70)
    cells = told.cells.set_index(["row", "column"])
    assert cells.loc[("non", "fort"), ["row_count", "column_count", "row_share"]].tolist() == [4, 4, 0.5]
    assert cells["p"].dropna().tolist() == pytest.approx([34 / 70] * 4)
    assert cells.loc[("non", "fort"), "z"] > 0 > cells.loc[("non", "faible"), "z"]


def test_larger_or_clustered_tables_are_permuted():
    three = [("non", "fort"), ("nsp", "fort"), ("formalisee", "faible"), ("non", "faible")]
    told = found("strategie", "portage", edition=alone(three))
    assert (told.method, told.draws, told.clustered) == ("permutation", 1999, False)
    edition = world.edition()
    edition.values.loc[["r01", "r02"], "portage"] = "faible"
    told = found("strategie", "portage", edition=edition)
    assert (told.method, told.clustered) == ("permutation", True)
    quiet = told.cells.set_index(["row", "column"])["substantive"]
    assert quiet[("non", "fort")]
    assert not quiet[("nsp", "fort")]
    assert not quiet[("non", "nsp")]


def test_a_question_with_several_answers_has_one_test_per_option():
    told = found("besoins", "role")
    assert told.method == "options"
    assert list(told.options) == ["ingenierie", "financement", "autre", "aucun", "nsp"]
    assert np.isnan(told.options["autre"])
    assert told.p == np.nanmin(list(told.options.values()))
    assert found("besoins", "priorites").method == "pairs"


def test_weighted_territories_are_tested_by_rao_and_scott():
    edition = weighted_world()
    told = found("themes/inclusion", "strategie", replace(COMMUNES, weighted=True), edition)
    assert told.method == "rao-scott"
    cells = told.cells.set_index(["row", "column"])
    # 16001, 16002 and 17001 answered both, for 1 + 2 + ½: « ponctuelles » is the first of them.
    assert cells.loc[("ponctuelles", "non"), "row_share"] == pytest.approx(1 / 3.5)
    assert cells.loc[("ponctuelles", "non"), "column_share"] == pytest.approx(3 / 3.5)


@pytest.mark.parametrize("selection", [Selection(departements=("79",)), Selection(types=("pays",))])
def test_an_empty_selection_or_one_respondent_has_no_test(selection):
    cells = crossed("strategie", "portage", selection)
    assert cells["share"].isna().all()
    told = found("strategie", "portage", selection)
    assert (told.method, told.base) == ("none", 0)
    assert np.isnan(told.p)
    assert not concludes(cells.reset_index(), told)
    assert (standing(cells.reset_index(), told) == 0).all()


def test_a_single_answer_everywhere_has_no_test():
    told = found("strategie", "portage")
    assert (told.method, told.base) == ("none", 8)


def test_every_crossing_keeps_the_contract():
    edition = world.edition()
    listed = list(sides(edition))
    for place, row in enumerate(listed):
        column = listed[place - 1]
        for normalise in ("column", "row"):
            cells = crossed(row, column, normalise=normalise, edition=edition)
            known = cells[cells["base"] > 0]
            assert (known["low"] <= known["share"]).all()
            assert (known["share"] <= known["high"]).all()
            assert known[["low", "high"]].stack().between(0, 1).all()
            assert (cells["count"] <= cells["base"]).all()
            told = found(row, column, edition=edition)
            assert told.cells[["row", "column"]].to_numpy().tolist() == [list(key) for key in cells.index]


def test_a_crossing_without_sense_is_refused():
    edition = world.edition()
    with pytest.raises(KeyError, match="terr_nom"):
        crosstab(edition, "terr_nom", "portage")
    with pytest.raises(ValueError, match="with itself"):
        crosstab(edition, "portage", "portage")
    with pytest.raises(ValueError, match="cannot be counted in territories"):
        association(edition, "strategie", "portage", unit="territories")
    with pytest.raises(ValueError, match="unknown direction"):
        crosstab(edition, "strategie", "portage", normalise="both")


def by_hand(p, cells):
    """Return a crossing whose cells are (column, base, hidden, z, p)."""
    names = ["column", "base", "hidden", "z", "p"]
    frame = pd.DataFrame(cells, columns=names).assign(row="oui", count=1)
    return frame, Association("permutation", p, 1999, False, False, int(frame["base"].sum()), frame[["row", "z", "p"]])


def test_a_cell_stands_out_in_a_crossing_that_does():
    lines = [("a", 40, False, 3.0, 0.01), ("b", 40, False, -3.0, 0.05), ("c", 29, False, 3.0, 0.01)]
    lines += [("d", 40, True, 3.0, 0.01), ("e", 40, False, 1.0, 0.4), ("f", 40, False, np.nan, np.nan)]
    assert standing(*by_hand(0.01, lines)).tolist() == [1, -1, 0, 0, 0, 0]
    assert standing(*by_hand(0.06, lines)).tolist() == [0] * 6


def test_thirty_answers_and_two_groups_of_ten_allow_to_conclude():
    def enough(*bases):
        return concludes(*by_hand(0.5, [(str(place), base, False, 0, 1) for place, base in enumerate(bases)]))

    assert enough(20, 10)
    assert not enough(19, 10)
    assert not enough(40, 9)
