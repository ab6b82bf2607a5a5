"""Two editions in words, tables and dots, from rows short enough to read."""

import numpy as np
import pandas as pd

from lib.analysis.transitions import Transitions
from lib.display.evolution import (
    clear,
    comparable,
    evolution_dots,
    evolution_file,
    evolution_table,
    evolution_words,
    transition_file,
    transition_table,
    transition_words,
)

NARROW = "\u202f"
BEFORE, AFTER = "Édition A", "Édition B"

# label, later count, base, share, low, high, the same of the earlier edition, difference and its bounds, hidden
ROWS = pd.DataFrame(
    [
        ("Oui", 60.0, 100, 0.6, 0.5, 0.69, 20.0, 50, 0.4, 0.28, 0.54, 0.2, 0.03, 0.35, False),
        ("Non", 40.0, 100, 0.4, 0.31, 0.5, 28.0, 50, 0.56, 0.42, 0.69, -0.16, -0.32, 0.01, False),
        ("Masqué", np.nan, 100, np.nan, np.nan, np.nan, 5.0, 50, 0.1, 0.04, 0.21, np.nan, np.nan, np.nan, True),
        ("Rare", 4.0, 9, 4 / 9, 0.19, 0.73, 2.0, 50, 0.04, 0.01, 0.13, 0.4, 0.1, 0.7, False),
    ],
    columns=[
        "label", "count", "base", "share", "low", "high", "earlier_count", "earlier_base", "earlier_share",
        "earlier_low", "earlier_high", "difference", "difference_low", "difference_high", "hidden",
    ],
)  # fmt: skip


def moved(**changes):
    counts = pd.DataFrame(
        [[20.0, 3.0, 0.0], [8.0, 30.0, 0.0], [0.0, 0.0, 0.0]],
        index=["oui", "non", "nsp"],
        columns=["oui", "non", "nsp"],
    )
    names = {"oui": "Oui", "non": "Non", "nsp": "Ne sait pas"}
    told = {
        "territories": 61, "counts": counts, "earlier_labels": names, "later_labels": names, "known": 61.0,
        "gained": 8.0, "lost": 3.0, "difference": 5 / 61, "low": -0.02, "high": 0.18, "p_value": 0.23,
    }  # fmt: skip
    return Transitions(**(told | changes))


def test_small_bases_and_hidden_shares_are_not_compared():
    assert comparable(ROWS).tolist() == [True, True, False, False]
    assert clear(ROWS).tolist() == [True, False, False, False]


def test_a_row_in_words():
    assert evolution_words(ROWS.iloc[0], BEFORE, AFTER) == (
        f"40{NARROW}% (20 sur 50) dans «{NARROW}Édition A{NARROW}», 60{NARROW}% (60 sur 100) dans «{NARROW}Édition "
        f"B{NARROW}»{NARROW}: +20 points, marge indicative de +3 à +35 points"
    )
    weighted = ROWS.iloc[0].copy()
    weighted["effective_n"] = 40.0
    assert "(parts pondérées)" in evolution_words(weighted, BEFORE, AFTER)


def test_the_table_writes_no_share_that_the_chart_does_not_draw():
    table = evolution_table(ROWS, BEFORE, AFTER).set_index("Réponse")
    assert table.loc["Oui", ["Part, Édition A", "Part, Édition B", "Écart"]].tolist() == [
        f"40{NARROW}%",
        f"60{NARROW}%",
        "+20 points",
    ]
    masked, rare = table.loc["Masqué"], table.loc["Rare"]
    assert masked["Effectif, Édition A"] == masked["Effectif, Édition B"] == f"n{NARROW}<{NARROW}3"
    assert [masked["Part, Édition A"], masked["Écart"], rare["Part, Édition B"], rare["Écart"]] == ["–"] * 4
    assert table["Fiabilité"].tolist()[3].startswith("effectifs seulement")


def test_the_file_holds_numbers_and_no_hidden_one():
    file = evolution_file(ROWS, BEFORE, AFTER).set_index("Réponse")
    assert file.loc["Non", ["Effectif, Édition A", "Base, Édition B", "Écart"]].tolist() == [28, 100, -0.16]
    assert (
        file.loc[["Masqué", "Rare"], ["Part, Édition A", "Part, Édition B", "Écart", "Écart, marge basse"]]
        .isna()
        .all(axis=None)
    )


def test_dots_stand_in_one_lane_per_answer_the_earlier_edition_first():
    spec = evolution_dots(ROWS[comparable(ROWS)], title="Une question ?", subtitle="base", earlier=BEFORE, later=AFTER)
    drawn = spec["data"]["values"]
    assert [(row["label"], row["edition"], row["share"]) for row in drawn] == [
        ("Oui", BEFORE, 0.4), ("Oui", AFTER, 0.6), ("Non", BEFORE, 0.56), ("Non", AFTER, 0.4),
    ]  # fmt: skip
    assert [row["difference"] for row in drawn[::2]] == ["+20 points", "−16 points"]
    fills = [layer["encoding"]["fill"] for layer in spec["layer"] if "fill" in layer["encoding"]]
    assert [fill["scale"]["domain"] for fill in fills] == [[BEFORE, AFTER]] * 2


def test_who_moved_in_words():
    said = transition_words(moved(), "« Oui »", BEFORE, AFTER)
    assert said.startswith(
        "Sur 61 territoires dont la réponse est connue aux deux éditions, **8 déclarent** « Oui » dans"
    )
    assert (
        f"**3 font** le chemin inverse{NARROW}: un solde de **+8 points, marge indicative de −2 à +18 points**" in said
    )
    assert said.endswith("arriverait environ une fois sur\u00a04.")


def test_how_often_chance_would_do_as_much():
    def often(p_value):
        return transition_words(moved(p_value=p_value), "« Oui »", BEFORE, AFTER).rpartition("arriverait ")[2]

    assert often(0.0004) == f"moins d’une fois sur\u00a01{NARROW}000."
    assert often(0.004) == "moins d’une fois sur\u00a0100."
    assert often(0.04) == "moins d’une fois sur\u00a020."
    assert often(0.05) == "environ une fois sur\u00a020."
    assert often(0.9) == "plus d’une fois sur deux."


def test_no_change_small_bases_and_hidden_counts_are_said():
    nan = float("nan")
    still = moved(gained=0.0, lost=0.0, difference=0.0, p_value=1.0)
    assert "**aucun ne fait** le chemin inverse" in transition_words(still, "« Oui »", BEFORE, AFTER)
    assert transition_words(still, "« Oui »", BEFORE, AFTER).endswith(
        "Aucun territoire n’a changé dans un sens ni dans l’autre."
    )
    assert transition_words(moved(territories=0), "« Oui »", BEFORE, AFTER).startswith("Aucun territoire")
    assert transition_words(moved(known=9.0), "« Oui »", BEFORE, AFTER).startswith("Moins de 10 territoires")
    assert "à interpréter avec prudence" in transition_words(moved(known=29.0), "« Oui »", BEFORE, AFTER)
    hidden = transition_words(moved(lost=nan, difference=nan, low=nan, high=nan, p_value=nan), "« Oui »", BEFORE, AFTER)
    assert f"**un nombre masqué (n{NARROW}<{NARROW}3) fait** le chemin inverse" in hidden
    assert hidden.endswith(f"Le solde n’est pas donné{NARROW}: un effectif est masqué.")
    assert "points" not in hidden


def test_the_table_of_transitions_leaves_out_empty_lines():
    table = transition_table(moved())
    assert table.columns.tolist() == ["Avant ↓ · Après →", "Oui", "Non"]
    assert table.to_numpy().tolist() == [["Oui", 20, 3], ["Non", 8, 30]]


def test_hidden_transitions_are_masked_in_table_and_file():
    counts = moved().counts.copy()
    counts.loc["oui", "nsp"] = np.nan
    table = transition_table(moved(counts=counts))
    assert table.to_numpy().tolist() == [["Oui", "20", "3", f"n{NARROW}<{NARROW}3"], ["Non", "8", "30", "0"]]
    file = transition_file(moved(counts=counts), BEFORE, AFTER)
    assert file.columns.tolist() == ["Réponse, Édition A", "Réponse, Édition B", "Territoires"]
    assert file["Territoires"].tolist() == [20, 3, f"n{NARROW}<{NARROW}3", 8, 30, 0, 0, 0, 0]
