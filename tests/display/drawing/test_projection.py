"""Charts made ready for a room: how much larger their letters are, and what stays where it was."""

import json

import pandas as pd
import pytest

from lib.display import charts
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


def test_heat_map_keeps_its_letters():
    rows = pd.DataFrame(
        {
            "label": ["a"],
            "group": ["b"],
            "count": 5,
            "base": 20,
            "share": 0.25,
            "low": 0.1,
            "high": 0.5,
            "hidden": False,
        }
    )
    spec = charts.heat_map(rows, title="t", subtitle="s")
    assert projected(spec, 760) == {name: part for name, part in spec.items() if name != "title"}
