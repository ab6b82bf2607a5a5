"""Bars cut by status, what is hidden dashed around, and those with the answer of one territory marked."""

import json

import pandas as pd

from lib.display import status_bars
from lib.display.status_bars import MARK

NAN = float("nan")
COLOURS = {"Non": "#eddc85", "Oui": "#14306a", "Masqué": "#cdc7e4"}
# Twenty territories: on health, 12 say no and the rest is hidden; on data 20 say yes.
ROWS = pd.DataFrame(
    [
        ("Santé", "Non", 12.0, 20, 0.6, 0.4, 0.8),
        ("Données", "Oui", 20.0, 20, 1.0, NAN, NAN),
        ("Santé", "Masqué", NAN, 20, 0.4, NAN, NAN),
    ],
    columns=["group", "label", "count", "base", "share", "low", "high"],
)
SAID = {"title": "Mobilisation", "subtitle": "base"}


def rows(spec):
    return pd.DataFrame(spec["data"]["values"])


def layers(spec, field):
    """Return the layers that draw only the rows where a field is true."""
    return [layer for layer in spec["layer"] if f"datum.{field}" in json.dumps(layer.get("transform", []))]


def test_what_is_hidden_is_dashed_since_colour_alone_does_not_tell_it():
    for spec in (
        status_bars.status_bars(ROWS, colours=COLOURS, **SAID),
        status_bars.position_bars(ROWS, {"Santé": "Non"}, colours=COLOURS, **SAID),
    ):
        (dashed,) = layers(spec, "hidden")
        assert dashed["mark"]["strokeDash"]
        assert not dashed["mark"]["filled"]
        drawn = rows(spec)
        # A share of everybody has no margin, and is not hidden.
        assert drawn.loc[drawn["hidden"], ["label", "part"]].to_numpy().tolist() == [["Santé", "Masqué"]]
        assert (drawn.loc[drawn["hidden"], "start"].item(), drawn.loc[drawn["hidden"], "end"].item()) == (0.6, 1.0)


def test_the_answer_of_a_territory_is_outlined_where_it_has_a_part_and_written_everywhere():
    spec = status_bars.position_bars(ROWS, {"Santé": "Oui", "Données": "Oui"}, colours=COLOURS, **SAID)
    drawn = rows(spec)
    # What says yes on health is in the hidden part: it is written, and no part is said to be its.
    assert drawn.loc[drawn["own"], ["label", "part"]].to_numpy().tolist() == [["Données", "Oui"]]
    first = drawn[drawn["first"]].set_index("label")["shown"].to_dict()
    assert first == {"Santé": f"Santé (n = 20) · {MARK} Oui", "Données": f"Données (n = 20) · {MARK} Oui"}
    assert len(layers(spec, "own")) == 2


def test_a_topic_without_an_answer_of_its_own_has_no_mark():
    drawn = rows(status_bars.position_bars(ROWS, {}, colours=COLOURS, **SAID))
    assert not drawn["own"].any()
    assert not drawn["shown"].str.contains(MARK).any()
