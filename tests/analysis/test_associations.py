"""Conditions and roles compared, on groups counted by hand and on published intervals."""

from dataclasses import replace
from itertools import chain, repeat

import numpy as np
import pandas as pd
import pytest

from lib.analysis.associations import (
    BOTH,
    CONTRAST,
    NEITHER,
    conditions,
    effects,
    role_differences,
    without_dont_know,
)
from lib.analysis.contrasts import difference_interval, ratio_interval
from lib.analysis.intervals import wilson
from lib.analysis.selection import Selection
from lib.survey.codebook import load_codebook
from lib.survey.published import PATH, Conditions, Factor, load_published
from lib.survey.questionnaire import Codebook, Option, Parts, Question
from lib.survey.states import NOT_ANSWERED, NOT_TICKED, VALUE
from tests import world

NAN, INF = float("nan"), float("inf")
UNKNOWN = Option("nsp", "Ne sait pas", dont_know=True)
CODEBOOK = Codebook(
    id="essai",
    title="Essai",
    parts=Parts("terr_type", "terr_nom", role="repondant"),
    questions=(
        Question("terr_type", "single", "Type ?", "Type", (Option("commune", "Commune"), Option("epci", "EPCI"))),
        Question("terr_nom", "text", "Nom ?", "Nom"),
        Question("repondant", "single", "Rôle ?", "Rôle", (Option("elu", "Élu·e"), Option("technicien", "Tech."))),
        Question("plan", "single", "Un plan ?", "Plan", (Option("oui", "Oui"), Option("non", "Non"), UNKNOWN)),
        Question("appui", "scale", "L’appui ?", "Appui", (Option("fort", "Fort"), Option("faible", "Faible"), UNKNOWN)),
        Question("comite", "single", "Un comité ?", "Comité", (Option("oui", "Oui"), Option("non", "Non"), UNKNOWN)),
        Question("freins", "multiple", "Freins ?", "Freins", (Option("temps", "Temps"), Option("rh", "RH"), UNKNOWN)),
    ),
)
CROSSED = Conditions(
    "constat",
    Factor("un plan", "plan", ("oui",), ("non", "nsp")),
    (Factor("Appui fort", "appui", ("fort",), ("faible",)), Factor("Comité", "comite", ("oui",), ("non",))),
)

# How many, plan, appui, comite: 1 of 10 with neither, 2 of 5 with the first, 1 of 4 with the second, 6 of 8 with both.
GROUPS = [
    (1, "oui", "faible", "non"), (8, "non", "faible", "non"), (1, "nsp", "faible", "non"),
    (2, "oui", "fort", "non"), (3, "non", "fort", "non"),
    (1, "oui", "faible", "oui"), (3, "non", "faible", "oui"),
    (6, "oui", "fort", "oui"), (2, "non", "fort", "oui"),
    # Left out of the four groups: an unknown condition, a blank condition, no answer about the plan.
    (5, "oui", "nsp", "oui"), (2, "oui", "fort", None), (3, None, "fort", "oui"),
]  # fmt: skip


def edition_of(lines, ticked=None, territories=None, threshold=0):
    """Return an edition of as many respondents as the lines count, each of its own territory by default.

    A line is (how many, plan, appui, comite), and possibly the role then the type.
    """
    people = list(chain.from_iterable(repeat(line[1:], line[0]) for line in lines))
    index = pd.Index([f"r{rank:03}" for rank in range(len(people))], name="respondent", dtype="str")
    filled = [(*line, *(None, "commune")[len(line) - 3 :]) for line in people]
    answers = pd.DataFrame(filled, columns=["plan", "appui", "comite", "repondant", "terr_type"], index=index)
    values = pd.DataFrame(pd.NA, index=index, columns=list(CODEBOOK.columns), dtype="str")
    for column in answers:
        values[column] = answers[column].astype("str")
    states = pd.DataFrame(NOT_ANSWERED, index=index, columns=values.columns, dtype="int8").mask(values.notna(), VALUE)
    for respondent, codes in zip(index, ticked or (), strict=False):
        if codes:
            states.loc[respondent, list(CODEBOOK["freins"].columns)] = NOT_TICKED
            values.loc[respondent, [f"freins/{code}" for code in codes]] = "1"
            states.loc[respondent, [f"freins/{code}" for code in codes]] = VALUE
    respondents = pd.DataFrame(
        {
            "type": values["terr_type"],
            "role": values["repondant"],
            "territory": pd.array(territories or [f"t{rank}" for rank in range(len(index))], dtype="str"),
            "taille": "commune-0-999",
            "departements": [("16",)] * len(index),
        },
        index=index,
    )
    return replace(
        world.edition(), codebook=CODEBOOK, respondents=respondents, values=values,
        states=states.astype("int8"), threshold=threshold,
    )  # fmt: skip


# Formulas, against what was published.


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0000)),
        ((10, 10, 0, 10), (0.6075, 1.0000)),
    ],
)
def test_the_interval_of_a_difference_is_that_of_newcombe_1998_table_2_method_10(counts, published):
    assert np.array(difference_interval(*counts)) == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "published", "digits"),
    [
        ((36, 40, 16, 80), (2.94, 7.15), 0.005),  # Koopman 1984, example; Nam 1995 gives 2.940 and 7.152
        ((36, 40, 16, 80), (2.940, 7.152), 0.0005),
        ((7, 34, 1, 34), (1.21, 43), 0.5),  # Fagerland, Lydersen and Laake 2015, « Koopman asymptotic score »
    ],
)
def test_the_interval_of_a_ratio_is_koopman_s(counts, published, digits):
    assert np.array(ratio_interval(*counts)) == pytest.approx(published, abs=digits)


def test_the_bounds_of_a_ratio_are_where_koopman_s_statistic_is_the_chi_square_quantile():
    """Koopman (1984), equation 2.3, solved apart: U = (x - n·p)² / (n·p·(1 - p)) · (1 + n·(r - p) / (m·(1 - p)))."""
    x, n, y, m = 5.0, 20.0, 12.0, 30.5
    for ratio in ratio_interval(x, n, y, m):
        total = n + m
        a, b, c = total, ratio * (n + y) + x + m, ratio * (x + y)
        first = (b - np.sqrt(b**2 - 4 * a * c)) / (2 * a)
        statistic = (x - n * first) ** 2 / (n * first * (1 - first)) * (1 + n * (ratio - first) / (m * (1 - first)))
        assert statistic == pytest.approx(3.841459, rel=1e-5)


def test_swapping_the_groups_turns_difference_and_ratio_over():
    low, high = difference_interval(5, 20, 12, 30)
    assert difference_interval(12, 30, 5, 20) == (pytest.approx(-high), pytest.approx(-low))
    low, high = ratio_interval(5, 20, 12, 30)
    assert ratio_interval(12, 30, 5, 20) == (pytest.approx(1 / high), pytest.approx(1 / low))


def test_ratios_at_the_edges():
    low, high = ratio_interval([0, 5, 0, 10, 3], [10, 10, 10, 10, 0], [5, 0, 0, 10, 3], [10, 10, 10, 10, 10])
    assert low[[0, 2]].tolist() == [0, 0]
    assert high[[1, 2]].tolist() == [INF, INF]
    assert 0 < high[0] < 1 < low[1]
    assert (low[3], high[3]) == (pytest.approx(1 / high[3]), pytest.approx(1 / low[3]))
    assert np.isnan([low[4], high[4]]).all()
    assert np.isnan(difference_interval(0, 0, 3, 10)).all()


# The four groups.


def test_the_four_groups_are_counted_by_hand():
    found = conditions(edition_of(GROUPS), CROSSED)
    assert found.index.tolist() == [NEITHER, "appui", "comite", BOTH]
    assert found.columns.tolist() == ["label", "count", "base", "share", "low", "high", "hidden"]
    assert found["label"].tolist() == [
        "Aucune des deux conditions", "Appui fort seulement", "Comité seulement", "Les deux conditions",
    ]  # fmt: skip
    assert found["count"].tolist() == [1, 2, 1, 6]
    assert found["base"].tolist() == [10, 5, 4, 8]
    assert found["share"].tolist() == [0.1, 0.4, 0.25, 0.75]
    # Each respondent has a territory of its own: the effective number is the base.
    low, high = wilson([1, 2, 1, 6], [10, 5, 4, 8])
    assert found["low"].tolist() == pytest.approx(low)
    assert found["high"].tolist() == pytest.approx(high)
    assert not found["hidden"].any()


def test_without_dont_know_whoever_does_not_know_of_a_plan_leaves_the_base():
    edition = edition_of(GROUPS)
    stricter = without_dont_know(edition, CROSSED)
    assert stricter.outcome.others == ("non",)
    assert conditions(edition, stricter)["base"].tolist() == [9, 5, 4, 8]


def test_respondents_of_one_territory_who_agree_weigh_as_one():
    once = edition_of(GROUPS)
    size = len(once.respondents)
    twice = edition_of(
        [(2 * line[0], *line[1:]) for line in GROUPS], territories=[f"t{k // 2}" for k in range(size * 2)]
    )
    alone, doubled = conditions(once, CROSSED), conditions(twice, CROSSED)
    assert doubled["base"].tolist() == [20, 10, 8, 16]
    assert doubled[["low", "high"]].to_numpy() == pytest.approx(alone[["low", "high"]].to_numpy())
    compared = ["difference", "low", "high", "ratio", "ratio_low", "ratio_high"]
    assert effects(twice, CROSSED)[compared].to_numpy() == pytest.approx(effects(once, CROSSED)[compared].to_numpy())


def test_nobody_and_one_respondent():
    nobody = conditions(edition_of(GROUPS), CROSSED, Selection(types=("epci",)))
    assert nobody["base"].tolist() == [0, 0, 0, 0]
    assert nobody[["share", "low", "high"]].isna().all(axis=None)
    one = conditions(edition_of([(1, "oui", "fort", "oui")]), CROSSED).loc[BOTH]
    assert (one["count"], one["base"], one["share"], one["high"]) == (1, 1, 1, 1)
    assert effects(edition_of([(1, "oui", "fort", "oui")]), CROSSED)["difference"].isna().all()


def test_small_counts_are_hidden_with_all_that_gives_them():
    # 1 of 10, 2 of 5, 1 of 4, and 6 of 8, whose two others would be told.
    found = conditions(edition_of(GROUPS, threshold=3), CROSSED)
    assert found["hidden"].all()
    assert found[["count", "share", "low", "high"]].isna().all(axis=None)
    assert found["base"].tolist() == [10, 5, 4, 8]
    # 10 of 15 against 2 of 14 is hidden, 12 of 17 against 3 of 15 is not.
    compared = effects(edition_of(GROUPS, threshold=3), CROSSED)
    assert compared["hidden"].tolist() == [True, False, True]
    shown = [name for name in CONTRAST if name not in ("label", "base", "other_base", "hidden")]
    assert compared.loc[["appui", BOTH], shown].isna().all(axis=None)
    assert compared.loc["comite", shown].notna().all()


# Each condition, and both.


def test_each_condition_is_compared_among_all_who_are_on_one_side_of_it():
    found = effects(edition_of(GROUPS), CROSSED)
    assert found.index.tolist() == ["appui", "comite", BOTH]
    assert found.columns.tolist() == list(CONTRAST)
    # Appui: 2 + 6 of 5 + 8, and the 2 with a blank comité; against 1 + 1 of 10 + 4.
    appui = found.loc["appui"]
    assert (appui["count"], appui["base"], appui["other_count"], appui["other_base"]) == (10, 15, 2, 14)
    assert appui["difference"] == pytest.approx(10 / 15 - 2 / 14)
    assert appui["ratio"] == pytest.approx((10 / 15) / (2 / 14))
    # Comité: 1 + 6 + 5 of 4 + 8 + 5, against 1 + 2 of 10 + 5.
    comite = found.loc["comite"]
    assert (comite["count"], comite["base"], comite["other_count"], comite["other_base"]) == (12, 17, 3, 15)
    both = found.loc[BOTH]
    assert (both["count"], both["base"], both["other_count"], both["other_base"]) == (6, 8, 1, 10)
    for row in (appui, comite, both):
        sides = row["count"], row["base"], row["other_count"], row["other_base"]
        assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, difference_interval(*sides))))
        assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(tuple(map(float, ratio_interval(*sides))))
        assert -1 <= row["low"] <= row["difference"] <= row["high"] <= 1
        assert 0 <= row["ratio_low"] <= row["ratio"] <= row["ratio_high"]


def test_published_intervals_come_out_of_a_survey():
    """Koopman's 36 of 40 against 16 of 80, and Newcombe's 56 of 70 against 48 of 80, as answers of respondents."""
    koopman = [(36, "oui", "fort", "oui"), (4, "non", "fort", "oui"), (16, "oui", "faible", "non"),
               (64, "non", "faible", "non")]  # fmt: skip
    found = effects(edition_of(koopman), CROSSED).loc["appui"]
    assert found["ratio"] == pytest.approx(4.5)
    assert (found["ratio_low"], found["ratio_high"]) == pytest.approx((2.94, 7.15), abs=0.005)
    newcombe = [(56, "oui", "fort", "oui"), (14, "non", "fort", "oui"), (48, "oui", "faible", "non"),
                (32, "non", "faible", "non")]  # fmt: skip
    found = effects(edition_of(newcombe), CROSSED).loc[BOTH]
    assert found["difference"] == pytest.approx(0.2)
    assert (found["low"], found["high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_an_outcome_that_nobody_has_gives_no_ratio_and_one_that_the_others_lack_no_upper_bound():
    nobody = effects(edition_of([(3, "non", "fort", "oui"), (4, "non", "faible", "non")]), CROSSED).loc["appui"]
    assert nobody["difference"] == 0
    assert nobody[["ratio", "ratio_low", "ratio_high"]].isna().all()
    some = effects(edition_of([(3, "oui", "fort", "oui"), (4, "non", "faible", "non")]), CROSSED).loc["appui"]
    assert (some["ratio"], some["ratio_high"]) == (INF, INF)
    assert some["ratio_low"] > 0


def test_a_breakdown_repeats_the_comparisons_in_each_group():
    lines = [(*line, None, "epci") if rank % 2 else line for rank, line in enumerate(GROUPS)]
    edition = edition_of(lines)
    found = effects(edition, CROSSED, by="type")
    assert found.index.names == ["type", "code"]
    assert found.index.get_level_values("type").unique().tolist() == ["commune", "epci"]
    for kind in ("commune", "epci"):
        alone = effects(edition, CROSSED, Selection(types=(kind,)))
        pd.testing.assert_frame_equal(found.loc[kind], alone)


def test_a_question_with_several_answers_and_an_unknown_option_are_refused():
    edition = edition_of(GROUPS)
    several = replace(CROSSED, outcome=Factor("des freins", "freins", ("temps",), ("rh",)))
    with pytest.raises(ValueError, match="freins takes more than one answer"):
        conditions(edition, several)
    with pytest.raises(KeyError, match="peut-etre"):
        effects(edition, replace(CROSSED, outcome=Factor("un plan", "plan", ("peut-etre",), ("non",))))
    with pytest.raises(KeyError, match="strategie"):
        conditions(edition, replace(CROSSED, outcome=Factor("x", "strategie", ("oui",), ("non",))))


# Roles.

# Élus: 3 of 5 name time, 1 HR, 2 do not know; technicians: 1 of 4 names time, 3 HR, 1 does not know. One of each left
# the question blank, and one gave no role.
ROLES = [(6, None, None, None, "elu"), (5, None, None, None, "technicien"), (1, None, None, None, None)]
TICKED = [("temps",), ("temps",), ("temps", "rh"), ("nsp",), ("nsp",), None,
          ("temps", "rh"), ("rh",), ("rh",), ("nsp",), None, ("rh",)]  # fmt: skip


def test_differences_between_roles_are_counted_by_hand_the_widest_first():
    found = role_differences(edition_of(ROLES, TICKED), "freins")
    assert found.columns.tolist() == list(CONTRAST)
    assert found.index.tolist() == ["rh", "temps", "nsp"]
    assert found["label"].tolist() == ["RH", "Temps", "Ne sait pas"]
    assert found["count"].tolist() == [1, 3, 2]
    assert found["other_count"].tolist() == [3, 1, 1]
    assert found["base"].tolist() == [5, 5, 5]
    assert found["other_base"].tolist() == [4, 4, 4]
    assert found["difference"].tolist() == pytest.approx([0.2 - 0.75, 0.6 - 0.25, 0.4 - 0.25])
    low, high = difference_interval([1, 3, 2], 5, [3, 1, 1], 4)
    assert found["low"].tolist() == pytest.approx(low)
    assert found["high"].tolist() == pytest.approx(high)


def test_newcombe_s_example_comes_out_of_two_roles():
    lines = [(70, None, None, None, "elu"), (80, None, None, None, "technicien")]
    ticked = [("temps",)] * 56 + [("rh",)] * 14 + [("temps",)] * 48 + [("rh",)] * 32
    found = role_differences(edition_of(lines, ticked), "freins").loc["temps"]
    assert found["difference"] == pytest.approx(0.2)
    assert (found["low"], found["high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_the_other_way_round_the_signs_change_and_a_filter_on_roles_is_ignored():
    edition = edition_of(ROLES, TICKED)
    forth = role_differences(edition, "freins")
    back = role_differences(edition, "freins", Selection(roles=("elu",)), ("technicien",), ("elu",))
    assert back["difference"].tolist() == pytest.approx((-forth["difference"]).tolist())
    assert back["low"].tolist() == pytest.approx((-forth["high"]).tolist())


def test_a_filter_on_territories_narrows_both_roles():
    lines = [(6, None, None, None, "elu", "epci"), *ROLES[1:]]
    found = role_differences(edition_of(lines, TICKED), "freins", Selection(types=("epci",)))
    assert found["base"].tolist() == [5, 5, 5]
    assert found["other_base"].tolist() == [0, 0, 0]
    assert found[["difference", "low", "high", "ratio"]].isna().all(axis=None)


def test_an_option_that_one_role_hardly_gives_is_hidden_for_both_and_comes_last():
    lines = [(20, None, None, None, "elu"), (20, None, None, None, "technicien")]
    ticked = [("temps",)] * 10 + [("rh",)] * 10 + [("temps",)] * 18 + [("rh",)] * 2
    found = role_differences(edition_of(lines, ticked, threshold=3), "freins")
    assert found["hidden"].all()
    ticked[-1] = ticked[-2] = ("temps", "rh")
    ticked[20:23] = [("rh",)] * 3
    # Time: 10 and 17 of 20; HR: 10 and 5; « ne sait pas »: nobody.
    found = role_differences(edition_of(lines, ticked, threshold=3), "freins")
    assert found.index.tolist() == ["temps", "rh", "nsp"]
    assert found["hidden"].tolist() == [False, False, True]
    assert found.loc["nsp", ["count", "other_count", "difference"]].isna().all()


def test_a_role_on_both_sides_a_free_text_and_an_array_are_refused():
    with pytest.raises(ValueError, match="roles on both sides: elu"):
        role_differences(edition_of(ROLES, TICKED), "freins", first=("elu",), second=("elu", "technicien"))
    with pytest.raises(ValueError, match="free text"):
        role_differences(world.edition(), "precisions")
    with pytest.raises(ValueError, match="themes has rows"):
        role_differences(world.edition(), "themes")


# What is configured.


def test_conditions_and_roles_configured_are_those_of_the_questionnaire():
    published, codebook = load_published(), load_codebook()
    crossed = published.conditions
    assert crossed.finding in {finding.id for finding in published.findings}
    for factor in (crossed.outcome, *crossed.factors):
        codes = [*factor.options, *factor.others]
        assert len(codes) == len(set(codes))
        # « Ne sait pas » is on no side of a condition.
        unknown = set() if factor is crossed.outcome else set(codebook[factor.question].dont_know)
        assert set(codes) == set(codebook[factor.question].labels) - unknown
    roles = [role for group in published.compared_roles for role in group.roles]
    assert len(roles) == len(set(roles))
    assert set(roles) <= set(codebook[codebook.parts.role].labels)
    assert published.compared_roles[0].roles == ("elu",)
    assert published.compared_roles[1].roles == ("technicien",)


@pytest.mark.shipped_region
def test_a_summary_without_conditions_nor_roles_is_read(tmp_path):
    content = PATH.read_text(encoding="utf-8")
    start, end = content.index("[conditions]"), content.index("[[recommendation]]")
    path = tmp_path / "published.toml"
    path.write_text(content[:start] + content[end:], encoding="utf-8")
    assert (load_published(path).conditions, load_published(path).compared_roles) == (None, ())
    assert load_published(path).findings == load_published().findings


def test_the_two_conditions_are_the_measures_of_the_finding():
    """The page and the card of the synthesis say the same shares of the same bases."""
    published = load_published()
    (finding,) = [finding for finding in published.findings if finding.id == published.conditions.finding]
    configured = {(m.among.question, m.among.options) for m in finding.measures}
    factors = published.conditions.factors
    assert configured == {(f.question, side) for f in factors for side in (f.options, f.others)}
    assert {m.options for m in finding.measures} == {published.conditions.outcome.options}
