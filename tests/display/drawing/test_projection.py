"""Charts made ready for a room: how much larger their letters are, and what stays where it was."""

import json

import pandas as pd
import pytest

from lib.display import charts, differences
from lib.display.drawing.projection import projected


def bars(labels: list[str]):
    rows = pd.DataFrame({"label": labels, "count": 5, "base": 10, "share": 0.5, "low": 0.2, "high": 0.8})
    return charts.share_bars(rows, title="Besoins", subtitle="base")


def texts(spec):
    """Return size, weight and place above its lane of each text of a chart."""
    marks = [layer["mark"] for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    return [(mark["fontSize"], mark.get("dy", 0)) for mark in marks]


def test_chart_of_a_screen_has_larger_letters_on_the_same_rows_and_no_title():
    spec = bars(["Temps", "Argent"])
    before = json.dumps(spec)
    shown = projected(spec, 760)
    assert texts(spec) == [(13, 0), (13, -17)]
    # 18 px instead of 13: their feet stay where they were, 6.5 px under the middle of 13.
    assert texts(shown) == [(pytest.approx(18), 0), (pytest.approx(18), pytest.approx(-19.5))]
    assert shown["height"] == spec["height"]
    assert "title" not in shown
    assert shown["config"]["axis"]["labelFontSize"] > spec["config"]["axis"]["labelFontSize"]
    assert json.dumps(spec) == before


def test_long_labels_are_enlarged_no_more_than_the_drawing_is_wide():
    # In Arial, 100 times « n » at 13 px is 722.8 px wide: there is room for hardly more.
    ((size, _), (label, _)) = texts(projected(bars(["n" * 100]), 760))
    assert label == pytest.approx(13 * 740 / 722.8)
    assert size == label
    assert texts(projected(bars(["n" * 300]), 760)) == [(13, 0), (13, -17)]


def test_sides_of_an_axis_have_larger_letters_within_their_half():
    rows = pd.DataFrame(
        {
            "label": ["Temps"], "count": 5, "base": 50, "share": 0.5, "other_count": 5, "other_base": 50,
            "other_share": 0.4, "difference": 0.1, "low": -0.1, "high": 0.3,
        }
    )  # fmt: skip
    spec = differences.difference_dots(rows, title="t", subtitle="s", more_first="plus", more_second="n" * 100)
    left, right = (layer["mark"]["fontSize"] for layer in projected(spec, 760)["layer"]
                   if layer["mark"].get("baseline") == "bottom")  # fmt: skip
    assert (left, right) == (13, pytest.approx(18))


def grid(labels: list[str], groups: list[str]):
    rows = pd.DataFrame([{"label": label, "group": group} for label in labels for group in groups])
    rows = rows.assign(count=5, base=20, share=0.25, low=0.1, high=0.5, hidden=False)
    return charts.heat_map(rows, title="t", subtitle="s")


def test_grid_of_few_columns_has_flat_headings_and_larger_letters():
    spec = grid(["Temps"], ["Commune", "Communauté de communes de Nouvelle-Aquitaine (CC)"])
    before = json.dumps(spec)
    shown = projected(spec, 760)
    axis = shown["layer"][0]["encoding"]["x"]["axis"]
    assert (axis["labelAngle"], axis["labelAlign"], axis["labelFontSize"]) == (0, "center", pytest.approx(18))
    # As many lines each, the last one on the grid; a hyphen where a line was cut stays one.
    assert [row["column"] for row in shown["data"]["values"]] == [
        "|Commune",
        "Communauté de communes de|Nouvelle-Aquitaine",
    ]
    assert axis["labelPadding"] == pytest.approx(6 + 19)
    assert shown["layer"][1]["mark"]["fontSize"] == pytest.approx(18)
    assert shown["height"] == spec["height"]
    assert "title" not in shown
    assert json.dumps(spec) == before


@pytest.mark.parametrize("groups", [list("abcdef"), ["n" * 30, *"abcd"]])
def test_headings_of_a_grid_stay_upright_where_they_are_many_or_too_long(groups: list[str]):
    shown = projected(grid(["Temps"], groups), 760)
    axis = shown["layer"][0]["encoding"]["x"]["axis"]
    assert axis["labelAngle"] == -90
    assert axis["labelFontSize"] == 15
    assert [row["column"].replace("|", "") for row in shown["data"]["values"]] == groups


def test_names_of_rows_have_two_lines_on_higher_rows():
    shown = projected(grid(["Aide à construire une stratégie", "Temps"], ["Commune"]), 760)
    assert shown["data"]["values"][0]["row"] == "Aide à construire une|stratégie"
    assert shown["layer"][0]["encoding"]["y"]["axis"]["labelFontSize"] == 18
    assert shown["height"] == {"step": 42}
    # Three lines of 18 px: smaller letters make two of them.
    long = projected(grid(["Connaissance des dispositifs d’accompagnement"], ["Commune"]), 760)
    assert long["data"]["values"][0]["row"].count("|") == 1
    assert 13 <= long["layer"][0]["encoding"]["y"]["axis"]["labelFontSize"] < 18


def test_chart_with_neither_lanes_nor_cells_only_loses_its_title():
    spec = {"title": "t", "mark": "line", "config": {"axis": {"labelFontSize": 13}}}
    assert projected(spec, 760) == {"mark": "line", "config": {"axis": {"labelFontSize": 13}}}
