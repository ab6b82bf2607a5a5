"""Charts, read in their specification: the rows and words they carry, and that Vega-Lite accepts them."""

import json
from copy import deepcopy

import altair as alt
import pandas as pd
import pytest

from lib.display import charts, palette, status_bars

NAN = float("nan")
TITLE, SUBTITLE = "De quoi avez-vous besoin ?", "base : 420 répondants · Données simulées"

# 30 % of 420, 15 % of 420, and a count of a whole population, which has no margin.
BARS = pd.DataFrame(
    [
        ("Ingénierie", 126, 420, 0.30, 0.26, 0.34),
        ("Financement", 63, 420, 0.15, 0.12, 0.19),
        ("Aucun", 3, 12, 0.25, NAN, NAN),
    ],
    columns=["label", "count", "base", "share", "low", "high"],
)

# Two groups; the second status of « EPCI » is under 8 %.
STATUSES = pd.DataFrame(
    [
        ("Communes", "Formalisée", 12, 40, 0.30, 0.2, 0.4),
        ("Communes", "Non", 28, 40, 0.70, 0.6, 0.8),
        ("EPCI", "Non", 47, 50, 0.94, 0.9, 0.98),
        ("EPCI", "Formalisée", 3, 50, 0.06, 0.02, 0.1),
    ],
    columns=["group", "label", "count", "base", "share", "low", "high"],
)
COLOURS = {"Non": "#eddc85", "Formalisée": "#14306a"}

# The second group of « Santé » has nine answers, that of « Inclusion » ten.
CELLS = pd.DataFrame(
    [
        ("Communes", "Inclusion", 30, 40, 0.75, 0.6, 0.85),
        ("EPCI (CC, CA, CU)", "Inclusion", 5, 10, 0.50, 0.2, 0.8),
        ("Communes", "Santé", 0, 40, 0.0, 0.0, 0.09),
        ("EPCI (CC, CA, CU)", "Santé", 4, 9, 0.44, 0.2, 0.7),
    ],
    columns=["group", "label", "count", "base", "share", "low", "high"],
)

DRAWN = {
    "share_bars": lambda: charts.share_bars(BARS, title=TITLE, subtitle=SUBTITLE),
    "group_dots": lambda: charts.group_dots(BARS, title=TITLE, subtitle=SUBTITLE, overall=0.28),
    "status_bars": lambda: status_bars.status_bars(STATUSES, title=TITLE, subtitle=SUBTITLE, colours=COLOURS),
    "heat_map": lambda: charts.heat_map(CELLS, title=TITLE, subtitle=SUBTITLE),
}


def records(spec):
    return spec["data"]["values"]


def column(spec, name):
    return [record[name] for record in records(spec)]


def intervals(spec):
    """Return the layers drawn from `low` to `high`."""
    return [
        layer
        for layer in spec["layer"]
        if layer["encoding"].get("x", {}).get("field") == "low"
        and layer["encoding"].get("x2", {}).get("field") == "high"
    ]


@pytest.mark.parametrize("shape", DRAWN)
def test_vega_lite_accepts_the_specification(shape):
    spec = DRAWN[shape]()
    alt.Chart.from_dict(spec, validate=True)
    # What browsers read: no NaN, no value of pandas or numpy.
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec


def test_a_fault_would_be_refused():
    spec = DRAWN["share_bars"]()
    spec["layer"][0]["mark"] = "bars"
    with pytest.raises(Exception, match="bars"):
        alt.Chart.from_dict(spec, validate=True)


@pytest.mark.parametrize("shape", DRAWN)
def test_a_chart_leaves_the_next_one_untouched(shape):
    first = DRAWN[shape]()
    kept = deepcopy(first)
    second = DRAWN[shape]()
    for layer in second["layer"]:
        layer["encoding"].clear()
    second["config"].clear()
    assert first == kept
    assert DRAWN[shape]() == kept


@pytest.mark.parametrize("shape", DRAWN)
def test_the_rows_given_are_not_modified(shape):
    given = {"status_bars": STATUSES, "heat_map": CELLS}.get(shape, BARS)
    before = given.copy(deep=True)
    DRAWN[shape]()
    pd.testing.assert_frame_equal(given, before)


@pytest.mark.parametrize("shape", DRAWN)
def test_every_field_drawn_is_in_the_rows(shape):
    spec = DRAWN[shape]()
    fields = set()
    for layer in spec["layer"]:
        for channel in layer["encoding"].values():
            fields |= {
                item["field"] for item in (channel if isinstance(channel, list) else [channel]) if "field" in item
            }
    assert "value" in fields or "inside" in fields
    assert fields <= set(records(spec)[0])


def test_a_title_is_cut_for_the_width_it_meets():
    title = "Territoires qui mènent des actions, ponctuelles ou structurées, par thématique, selon leurs répondants"
    text = charts.share_bars(BARS, title=title, subtitle=SUBTITLE)["title"]["text"]["expr"]
    condition, _, lines = text.partition(" ? ")
    narrow, _, wide = lines.partition("] : [")
    narrow, wide = json.loads(f"{narrow}]"), json.loads(f"[{wide}")
    assert condition == "width < 560"
    assert " ".join(narrow) == title == " ".join(wide)
    assert max(map(len, narrow)) <= 42
    assert len(wide) == 1


def test_a_title_with_quotes_stays_a_text():
    title = 'Que dit « l’EPCI "X" » ?'
    text = charts.share_bars(BARS, title=title, subtitle=SUBTITLE)["title"]["text"]["expr"]
    assert json.loads(text.partition(" : ")[2]) == [title]


def test_the_subtitle_carries_base_and_mark():
    assert " ".join(DRAWN["heat_map"]()["title"]["subtitle"]) == SUBTITLE


def test_bars_keep_the_order_and_the_words_of_the_rows():
    spec = DRAWN["share_bars"]()
    assert column(spec, "label") == ["Ingénierie", "Financement", "Aucun"]
    assert column(spec, "rank") == [0, 1, 2]
    assert column(spec, "share") == [0.30, 0.15, 0.25]
    assert column(spec, "value") == ["30\u202f%", "15\u202f%", "25\u202f%"]
    assert column(spec, "n") == ["420 répondants", "420 répondants", "12 répondants"]
    assert column(spec, "margin") == ["de 26\u202f% à 34\u202f%", "de 12\u202f% à 19\u202f%", "–"]
    assert column(spec, "colour") == [charts.BAR] * 3


def test_bars_are_sorted_by_rank_not_by_name():
    for layer in DRAWN["share_bars"]()["layer"]:
        assert layer["encoding"]["y"]["sort"] == {"field": "rank", "op": "min"}


def test_the_margin_is_a_line_and_the_value_stands_after_it():
    spec = DRAWN["share_bars"]()
    assert len(intervals(spec)) == 2  # the line and the white halo under it
    assert [record["low"] for record in records(spec)] == [0.26, 0.12, None]
    # Without a margin the value stands at the end of the bar.
    assert column(spec, "tip") == [0.34, 0.19, 0.25]
    values = [layer for layer in spec["layer"] if layer["encoding"].get("text", {}).get("field") == "value"]
    assert [layer["encoding"]["x"]["field"] for layer in values] == ["tip"]


def test_the_axis_leaves_room_for_the_value_of_the_longest_bar():
    assert column(DRAWN["share_bars"](), "room") == pytest.approx([0.34 * 1.15] * 3)
    whole = BARS.assign(share=1.0, low=1.0, high=1.0)
    assert column(charts.share_bars(whole, title=TITLE, subtitle=SUBTITLE), "room") == [1.0] * 3
    tiny = BARS.assign(share=0.0, low=0.0, high=0.01)
    assert column(charts.share_bars(tiny, title=TITLE, subtitle=SUBTITLE), "room") == [0.2] * 3


def test_the_base_is_written_beside_the_label_when_asked():
    asked = charts.share_bars(BARS, title=TITLE, subtitle=SUBTITLE, unit="territoire", show_base=True)
    assert column(asked, "shown") == ["Ingénierie (n = 420)", "Financement (n = 420)", "Aucun (n = 12)"]
    assert column(asked, "n")[0] == "420 territoires"
    assert column(DRAWN["share_bars"](), "shown") == ["Ingénierie", "Financement", "Aucun"]


def test_bars_take_the_colour_of_their_label():
    spec = charts.share_bars(BARS, title=TITLE, subtitle=SUBTITLE, colours={"Financement": "#14306a"})
    assert column(spec, "colour") == [charts.BAR, "#14306a", charts.BAR]


def test_a_figure_without_rows_is_still_a_chart():
    spec = charts.share_bars(BARS.head(0), title=TITLE, subtitle=SUBTITLE)
    alt.Chart.from_dict(spec, validate=True)
    assert records(spec) == []


def test_dots_say_their_base_and_stand_on_a_whole_axis():
    spec = DRAWN["group_dots"]()
    assert column(spec, "shown") == ["Ingénierie (n = 420)", "Financement (n = 420)", "Aucun (n = 12)"]
    assert column(spec, "overall") == [0.28] * 3
    assert len(intervals(spec)) == 1
    domains = [layer["encoding"]["x"].get("scale", {}).get("domain") for layer in spec["layer"]]
    assert [domain for domain in domains if domain] == [[0, 1]]


def test_statuses_are_laid_end_to_end_in_the_order_of_the_colours():
    spec = DRAWN["status_bars"]()
    lanes = [(record["group"], record["part"]) for record in records(spec)]
    assert lanes == [("Communes", "Non"), ("Communes", "Formalisée"), ("EPCI", "Non"), ("EPCI", "Formalisée")]
    assert column(spec, "start") == pytest.approx([0, 0.70, 0, 0.94])
    assert column(spec, "end") == pytest.approx([0.70, 1, 0.94, 1])
    assert column(spec, "middle") == pytest.approx([0.35, 0.85, 0.47, 0.97])
    assert column(spec, "rank") == [0, 0, 1, 1]


def test_a_thin_part_carries_no_value_and_each_group_is_named_once():
    spec = DRAWN["status_bars"]()
    assert column(spec, "inside") == ["70\u202f%", "30\u202f%", "94\u202f%", ""]
    assert column(spec, "first") == [True, False, True, False]
    assert column(spec, "shown")[::2] == ["Communes (n = 40)", "EPCI (n = 50)"]


def test_statuses_have_the_colours_given_and_an_ink_that_reads_on_them():
    spec = DRAWN["status_bars"]()
    scales = [layer["encoding"]["color"].get("scale") for layer in spec["layer"] if "part" in json.dumps(layer)]
    assert {"domain": ["Non", "Formalisée"], "range": ["#eddc85", "#14306a"]} in scales
    for record in records(spec):
        assert palette.contrast(record["ink"], COLOURS[record["part"]]) >= 4.5


def test_statuses_of_one_figure_do_not_lend_their_colours_to_the_next():
    DRAWN["status_bars"]()
    other = {"Formalisée": "#111111", "Non": "#eeeeee"}
    spec = status_bars.status_bars(STATUSES, title=TITLE, subtitle=SUBTITLE, colours=other)
    assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == ["Formalisée", "Non"]
    assert DRAWN["status_bars"]()["layer"][0]["encoding"]["color"]["scale"]["domain"] == ["Non", "Formalisée"]


def test_cells_print_their_share():
    spec = DRAWN["heat_map"]()
    assert column(spec, "text") == ["75", "50", "0", "–"]
    assert column(spec, "row_rank") == [0, 0, 1, 1]
    assert column(spec, "column_rank") == [0, 1, 0, 1]
    assert column(spec, "column") == ["Communes", "EPCI", "Communes", "EPCI"]


def test_a_cell_under_ten_answers_holds_no_figure_at_all():
    hidden = records(DRAWN["heat_map"]())[3]
    assert (hidden["value"], hidden["margin"], hidden["colour"]) == ("base inférieure à 10", "–", "#eeeeee")
    assert {hidden[name] for name in ("base", "share", "low", "high")} == {None}
    assert "9 répondants" not in json.dumps(hidden, ensure_ascii=False)
    # Ten answers are enough.
    assert records(DRAWN["heat_map"]())[1]["value"] == "50\u202f%"


def test_a_cell_nobody_was_asked_is_grey():
    cells = CELLS.assign(base=0, count=0, share=NAN, low=NAN, high=NAN)
    spec = charts.heat_map(cells, title=TITLE, subtitle=SUBTITLE)
    alt.Chart.from_dict(spec, validate=True)
    assert set(column(spec, "text")) == {"–"}
    assert set(column(spec, "colour")) == {"#eeeeee"}


def test_a_darker_cell_is_a_larger_share_and_its_figure_reads_on_it():
    shares = [step / 20 for step in range(21)]
    cells = pd.DataFrame({"group": [f"g{place}" for place in range(21)], "label": "x", "count": 1, "base": 100})
    cells = cells.assign(share=shares, low=shares, high=shares)
    drawn = records(charts.heat_map(cells, title=TITLE, subtitle=SUBTITLE))
    luminances = [palette.luminance(record["colour"]) for record in drawn]
    assert luminances == sorted(luminances, reverse=True)
    assert len(set(luminances)) == 21
    assert min(palette.contrast(record["ink"], record["colour"]) for record in drawn) >= 4.5


def test_long_labels_are_cut_to_lines():
    cells = CELLS.assign(label="Transformation de la collectivité")
    row = column(charts.heat_map(cells, title=TITLE, subtitle=SUBTITLE), "row")[0]
    assert row == "Transformation de la|collectivité"
