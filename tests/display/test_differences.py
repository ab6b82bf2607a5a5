"""Differences drawn and said: signs, sides, what is not shown, and that Vega-Lite accepts the chart."""

import json

import altair as alt
import pandas as pd
import pytest

from lib.analysis.associations import CONTRAST
from lib.display import differences

NAN, INF = float("nan"), float("inf")
NARROW, MINUS = "\u202f", "\u2212"
LINE = f"62{NARROW}% (84 répondants sur 135)"

# The margin of « Temps » contains zero, nobody of the others names « Réseau », « Autre » has a small base, « Aucun » is
# hidden.
ROWS = pd.DataFrame(
    [
        ("RH", 84, 135, 84 / 135, 18, 249, 18 / 249, 0.55, 0.446, 0.64, 8.61, 5.23, 14.35, False),
        ("Temps", 20, 100, 0.20, 6, 25, 0.24, -0.04, -0.24, 0.11, 0.83, 0.4, 2.0, False),
        ("Réseau", 10, 40, 0.25, 0, 40, 0.0, 0.25, 0.11, 0.4, INF, 2.2, INF, False),
        ("Autre", 2, 9, 2 / 9, 20, 40, 0.5, -0.28, -0.5, 0.1, 0.44, 0.1, 1.3, False),
        ("Aucun", NAN, 135, NAN, NAN, 249, NAN, NAN, NAN, NAN, NAN, NAN, NAN, True),
    ],
    columns=list(CONTRAST),
)


def drawn(rows=ROWS, **options):
    kept = rows[differences.comparable(rows)]
    return differences.difference_dots(
        kept, title="Freins", subtitle="bases", more_first="plus cité par A", more_second="plus cité par B", **options
    )


def column(spec, name):
    return [record[name] for record in spec["data"]["values"]]


def table(rows=ROWS):
    return differences.contrast_table(rows, "élu·es", "technicien·nes", label="Réponse")


def test_vega_lite_accepts_the_specification():
    spec = drawn(show_bases=True)
    alt.Chart.from_dict(spec, validate=True)
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec


def test_rows_under_ten_or_hidden_are_not_comparable():
    assert differences.comparable(ROWS).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("difference", "written"),
    [
        (0.124, "+12 points"),
        (-0.01, f"{MINUS}1 point"),
        (0.014, "+1 point"),
        (-0.3, f"{MINUS}30 points"),
        (0.004, f"moins de{NARROW}1 point"),
        (-0.004, f"moins de{NARROW}1 point"),
        (0.0, "0 point"),
    ],
)
def test_a_difference_is_written_in_points_with_its_sign(difference, written):
    assert differences.points(difference) == written


def test_margins_are_written_with_their_signs():
    assert differences.points_margin(-0.031, 0.24) == f"de {MINUS}3 à +24 points"
    assert differences.points_margin(-0.001, 0.24) == "de 0 à +24 points"
    assert differences.ratio_margin(1.24, 2.06) == "de 1,2 à 2,1"
    assert differences.ratio_margin(2.2, INF) == "2,2 ou plus"


def test_a_comparison_is_said_with_counts_bases_and_margins():
    assert differences.contrast_words(ROWS.iloc[0]) == (
        f"**{LINE}** contre **7{NARROW}% (18 sur 249)**{NARROW}: un écart de **+55 points** (marge indicative de +45 à "
        "+64 points), une part **8,6 fois** celle des autres (marge de 5,2 à 14,3)"
    )
    assert differences.contrast_words(ROWS.iloc[2]).endswith("; le rapport ne se calcule pas")


def test_a_dot_is_filled_where_its_margin_leaves_zero_out():
    assert column(drawn(), "clear") == [True, False, True]


def test_zero_stands_in_the_middle_and_both_sides_are_named():
    spec = drawn()
    assert set(column(spec, "reach")) == {0.64}
    assert set(column(spec, "right")) == {"plus cité par A →"}
    assert set(column(spec, "left")) == {"← plus cité par B"}
    steps = [step for layer in spec["layer"] for step in layer.get("transform", ())]
    assert [step["calculate"] for step in steps if "calculate" in step] == ["datum.reach", "-datum.reach", "0"]


def test_bases_and_small_ones_are_said_beside_the_label_when_asked():
    assert column(drawn(show_bases=True), "shown")[:2] == ["RH (n = 135 et 249)", "Temps (n = 100 et 25, prudence)"]
    assert column(drawn(), "shown")[0] == "RH"


def test_the_table_says_the_counts_and_why_a_figure_is_missing():
    written = table()
    assert written["Écart"].tolist() == ["+55 points", f"{MINUS}4 points", "+25 points", "–", "–"]
    assert written["Part, élu·es"].tolist() == [f"62{NARROW}%", f"20{NARROW}%", f"25{NARROW}%", "–", "–"]
    assert written["Rapport"].tolist() == ["8,6 (de 5,2 à 14,3)", "0,8 (de 0,4 à 2,0)", "–", "–", "–"]
    assert written["Effectif, élu·es"].tolist() == ["84", "20", "10", f"moins de{NARROW}3", f"n{NARROW}<{NARROW}3"]
    assert written["Effectif, technicien·nes"].tolist()[3:] == ["20", f"n{NARROW}<{NARROW}3"]
    assert written["Fiabilité"].tolist()[:4] == [
        "", "à interpréter avec prudence", "", "effectifs seulement (base < 10)",
    ]  # fmt: skip
    assert written["Fiabilité"].iloc[4].startswith("masqué")


def test_the_file_holds_numbers_and_nothing_that_the_table_does_not_show():
    numbers = differences.contrast_file(ROWS, "élu·es", "technicien·nes", label="Réponse")
    assert numbers["Écart"].tolist()[:3] == [0.55, -0.04, 0.25]
    assert numbers[["Écart", "Part, élu·es", "Rapport, marge haute"]].iloc[3:].isna().all(axis=None)
    # An infinite ratio, or bound, is left empty.
    assert numbers.loc[2, ["Rapport", "Rapport, marge haute"]].isna().all()
    assert numbers["Effectif, élu·es"].tolist() == [84, 20, 10, f"moins de{NARROW}3", f"n{NARROW}<{NARROW}3"]


def test_what_cannot_be_compared_is_nowhere_in_the_chart():
    assert column(drawn(), "label") == ["RH", "Temps", "Réseau"]


def test_no_rows_make_an_empty_table():
    assert table(ROWS.iloc[:0]).empty
