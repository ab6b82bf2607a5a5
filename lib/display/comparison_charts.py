"""Territories and groups side by side, drawn by theme: shares with their margins on one axis, answers on their scale.

Frames come from `lib.analysis.comparison`; their words, and the table beside, from `comparison`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from textwrap import wrap

import altair as alt
import pandas as pd

from lib.display import palette, tables
from lib.display.charts import INK, LANE, NO_DATA, Spec, filled, template
from lib.display.formats import NARROW, closed, margin, number, percent
from lib.display.legend import LegendEntry
from lib.display.remembered import remembered

MOST = 4
"""Series of one chart: as many as there may be items."""
APART = 15
"""Between the marks of two series of a lane, in CSS pixels."""
SHAPES = ("circle", "square", "triangle-up", "diamond")
"""With colours, so that series are told apart in greyscale too."""
ABOVE = 17
"""Between the first mark of a lane and its label, in CSS pixels."""

# Two channels tell the series; they share one legend, whose lines hold on a phone.
_LEGEND = alt.Legend(title=None, orient="top", columns=1, symbolSize=110, labelLimit=320)
FILL, SHAPE = alt.Fill("name:N", legend=_LEGEND), alt.Shape("name:N", legend=_LEGEND)


def drawable(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the lines whose share may be drawn: a group's, not hidden, on a base of 10 or more."""
    shown = (rows["status"] == "") & ~rows["hidden"].astype(bool) & (rows["base"] >= tables.COUNTS_ONLY)
    return rows[shown]


def on_scale(rows: pd.DataFrame, scale: Sequence[LegendEntry]) -> pd.DataFrame:
    """Return the lines of territories whose answer is on the scale, its place in `place`."""
    places = {entry.key: place for place, entry in enumerate(scale)}
    shown = rows[rows["status"].isin(places)]
    return shown.assign(
        place=shown["status"].map(places).astype(int), said=[scale[places[key]].label for key in shown["status"]]
    )


@remembered
def share_lanes(rows: pd.DataFrame, names: Sequence[str], *, title: str, subtitle: str) -> Spec:
    """Return, for each label, one mark per group with its margin, its share beside it.

    Parameters
    ----------
    rows
        Lines of `drawable` with the name of the group in `name`, in the order to draw: label, base, share, low, high.
    names
        Groups in the order of the legend, four at most.
    """
    drawn = _lanes(rows, names)
    drawn[["share", "low", "high"]] = rows[["share", "low", "high"]].to_numpy(dtype=float)
    bounds = zip(rows["low"], rows["high"], rows["base"], strict=True)
    drawn["value"] = [percent(share, base) for share, base in zip(rows["share"], rows["base"], strict=True)]
    drawn["margin"] = [margin(low, high, base) for low, high, base in bounds]
    drawn["n"] = [number(base) for base in rows["base"]]
    return _named(filled(_share_lanes(len(names)), drawn, title, subtitle), names)


@remembered
def scale_lanes(
    rows: pd.DataFrame, names: Sequence[str], scale: Sequence[LegendEntry], *, title: str, subtitle: str
) -> Spec:  # fmt: skip
    """Return, for each label, one mark per territory at its place on an ordered scale, from the least to the most.

    `rows` are lines of `on_scale` with the name of the territory in `name`.
    """
    drawn = _lanes(rows, names).assign(place=rows["place"].to_numpy(), value=rows["said"].to_numpy())
    spec = filled(_scale_lanes(len(names), len(scale)), drawn, title, subtitle)
    labels = json.dumps(["|".join(wrap(entry.label, 12)) for entry in scale], ensure_ascii=False)
    for layer in spec["layer"]:
        if "axis" in layer["encoding"]["x"]:
            layer["encoding"]["x"]["axis"]["labelExpr"] = f"split({labels}[datum.value], '|')"
    return _named(spec, names)


@remembered
def alternative(title: str, rows: pd.DataFrame, values: Sequence[str]) -> str:
    """Return the text alternative of a chart, from its first lines; the whole is in the table above it."""
    said = [
        f"{label}, {name}{NARROW}: {value}"
        for label, name, value in zip(rows["label"], rows["name"], values, strict=True)
    ]
    more = "… La suite est dans le tableau." if len(said) > 12 else "."
    return f"{closed(title)} " + f"{NARROW}; ".join(said[:12]) + more


def prepare() -> None:
    """Build the usual templates, so that no visitor waits for them."""
    for series in range(1, MOST + 1):
        _share_lanes(series)
        _scale_lanes(series, MOST)


def _lanes(rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the columns of every lane: label, shown, rank, name and number of the series, first of its lane."""
    drawn = rows[["label", "name"]].reset_index(drop=True)
    drawn["shown"] = drawn["label"]
    drawn["rank"] = pd.factorize(drawn["label"])[0]
    drawn["series"] = drawn["name"].map({name: place for place, name in enumerate(names)})
    drawn["first"] = ~drawn["rank"].duplicated()
    return drawn


def _named(spec: Spec, names: Sequence[str]) -> Spec:
    """Return the specification with the series named, coloured and shaped in the order of the legend."""
    looks = {"fill": palette.QUALITATIVE, "shape": SHAPES}
    for layer in spec["layer"]:
        for channel, values in looks.items():
            if channel in layer["encoding"]:
                layer["encoding"][channel]["scale"] = {"domain": list(names), "range": list(values[: len(names)])}
    return spec


@cache
def _share_lanes(series: int) -> Spec:
    # Room on the right for the share at the end of a margin that reaches the whole.
    axis = alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1], labelExpr=f"format(datum.value * 100, '.0f') + '{NARROW}%'", title=None
    )
    x = alt.X("share:Q", axis=axis, scale=alt.Scale(domain=[0, 1.14], nice=False))
    base = alt.Chart(NO_DATA)
    tooltip = _tooltip(label="Sujet", name="Groupe", value="Part", margin="Marge indicative", n="Base")
    layers = []
    for place in range(series):
        own, offset = base.transform_filter(f"datum.series == {place}"), _offset(place, series)
        layers += [
            own.mark_rule(color=INK, strokeWidth=1.4, yOffset=offset).encode(x="low:Q", x2="high:Q", y=LANE),
            _marks(own, offset).encode(x=x, y=LANE, fill=FILL, shape=SHAPE, tooltip=tooltip),
            own.mark_text(align="left", dx=7, yOffset=offset, fontSize=12, fontWeight=600, color=INK).encode(
                x="high:Q", y=LANE, text="value:N"
            ),
        ]
    return _laned(base, layers, series)


@cache
def _scale_lanes(series: int, steps: int) -> Spec:
    axis = alt.Axis(values=list(range(steps)), title=None, labelLimit=110)
    x = alt.X("place:Q", axis=axis, scale=alt.Scale(domain=[-0.5, steps - 0.5], nice=False))
    base = alt.Chart(NO_DATA)
    tooltip = _tooltip(label="Sujet", name="Territoire", value="Réponse")
    layers = []
    for place in range(series):
        own = base.transform_filter(f"datum.series == {place}")
        marks = _marks(own, _offset(place, series))
        layers.append(marks.encode(x=x, y=LANE, fill=FILL, shape=SHAPE, tooltip=tooltip))
    return _laned(base, layers, series)


def _laned(base: alt.Chart, layers: Sequence[alt.Chart], series: int) -> Spec:
    """Return the template of lanes as high as their marks and their label."""
    label = base.transform_filter("datum.first").mark_text(
        align="left", dy=_offset(0, series) - ABOVE, fontSize=13, color=INK
    ).encode(x=alt.value(0), y=LANE, text="shown:N")  # fmt: skip
    return template(*layers, label, step=APART * series + 31)


def _marks(own: alt.Chart, offset: float) -> alt.Chart:
    return own.mark_point(size=90, stroke="white", strokeWidth=0.8, opacity=1, yOffset=offset)


def _offset(place: int, series: int) -> float:
    return (place - (series - 1) / 2) * APART


def _tooltip(**headings: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=heading) for field, heading in headings.items()]
