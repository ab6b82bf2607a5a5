"""Charts as Vega-Lite values: bars of shares, dots by group, heat maps.

Each takes a tidy frame of `lib.analysis` (label, count, base, share, low, high) and returns a specification whose title
carries the question and whose subtitle carries the base; showing it, and the table beside it, are left to `lib.ui`.

The shape of each chart is described once with Altair, which checks it; a rerun only fills in rows and words, which
costs a millisecond where building the chart anew costs some forty.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from lib.display import palette, tables
from lib.display.formats import MASKED, MASKED_WHY, NARROW, counted, margin, number, percent

Spec = dict[str, Any]

BAR = "#4d7fb8"
INK = palette.INK
QUIET = "#5c5c66"
FONT = "Source Sans, Source Sans Pro, Arial, sans-serif"
PHONE = 560
"""Width, in CSS pixels, under which a title is cut to shorter lines."""
NARROW_CELL = 34
"""Width of a cell, in CSS pixels, under which it holds a number only."""
SHORT_MASKED = MASKED.replace("n", "").replace(NARROW, "")

# A row is a lane: its label above its mark, so that long labels read on a phone as on a projector.
STEP = 42
LABEL_DY = -17
LANE = alt.Y("label:N", sort=alt.EncodingSortField("rank", op="min"), axis=None,
             scale=alt.Scale(type="point", padding=0.6))  # fmt: skip
PERCENT_AXIS = alt.Axis(labelExpr=f"format(datum.value * 100, '.0f') + '{NARROW}%'", tickCount=5, title=None)
NO_DATA = alt.Data(values=[])


def share_bars(
    shares: pd.DataFrame, *, title: str, subtitle: str, unit: str = "répondant", show_base: bool = False,
    colours: Mapping[str, str] | None = None,
) -> Spec:  # fmt: skip
    """Return horizontal bars, in the order of the rows, with the margin as a thin line and the value at the end.

    Rows without a margin (a count of the whole population has none) carry their value alone.

    Parameters
    ----------
    shares
        Rows of label, count, base, share, low, high (fractions 0–1), in the order to draw.
    unit
        Noun of the base, in the singular (« répondant », « territoire »).
    show_base
        Write each row's base beside its label, when bases differ.
    colours
        Label to colour; one colour for all by default.
    """
    rows = figure_rows(shares, unit)
    rows["shown"] = with_base(rows) if show_base else rows["label"]
    rows["colour"] = [(colours or {}).get(label, BAR) for label in rows["label"]]
    rows["edge"] = [palette.edge_of(colour) for colour in rows["colour"]]
    rows["tip"] = rows["high"].fillna(rows["share"])
    # The axis leaves room for the value at the end of the longest row.
    rows["room"] = min(1.0, max(0.2, rows["tip"].max() * 1.15)) if len(rows) else 1.0
    return filled(_share_bars(), rows, title, subtitle)


def group_dots(
    shares: pd.DataFrame, *, title: str, subtitle: str, unit: str = "répondant", overall: float = float("nan")
) -> Spec:
    """Return one dot per group with its margin on one axis, and the overall share as a dashed line.

    `shares` has one row a group, its name in `label`; the base is written beside it.
    """
    rows = figure_rows(shares, unit)
    rows["shown"] = with_base(rows)
    rows["overall"] = overall
    return filled(_group_dots(), rows, title, subtitle)


def heat_map(shares: pd.DataFrame, *, title: str, subtitle: str, unit: str = "répondant") -> Spec:
    """Return a grid of shares, the percentage printed in each cell, columns in `group` and rows in `label`.

    Cells whose base is under 10 (`COUNTS_ONLY`) are grey and empty of any figure; those hidden otherwise say so.
    """
    rows = figure_rows(shares, unit)
    masked = tables.hidden_rows(shares).to_numpy()
    small = (rows["base"] < tables.COUNTS_ONLY) & ~masked
    rows["text"] = [
        "–" if few or share != share else number(100 * share) for share, few in zip(rows["share"], small, strict=True)
    ]
    rows["text"] = rows["text"].mask(masked, MASKED)
    rows["value"] = rows["value"].mask(small, f"base inférieure à {tables.COUNTS_ONLY}").mask(masked, MASKED_WHY)
    rows["margin"] = rows["margin"].mask(small | masked, "–")
    rows["n"] = rows["n"].mask(small, f"moins de {tables.COUNTS_ONLY}")
    # A specification is readable in the browser: what the cell does not show must not be in it.
    hidden = ["base", "share", "low", "high"]
    rows[hidden] = rows[hidden].mask(small)
    rows["colour"] = [palette.shade(share) for share in rows["share"]]
    rows["ink"] = [palette.ink_on(colour) for colour in rows["colour"]]
    rows["row"] = ["|".join(wrap(label, 20)) for label in rows["label"]]
    rows["column"] = ["|".join(wrap(group.split(" (")[0], 22)) for group in rows["group"]]
    rows["row_rank"], rows["column_rank"] = pd.factorize(rows["row"])[0], pd.factorize(rows["column"])[0]
    rows["short"] = rows["text"].mask(masked, SHORT_MASKED)
    return fitted(filled(_heat_map(), rows, title, subtitle), rows["column"].nunique())


def fitted(spec: Spec, across: int) -> Spec:
    """Return a grid of `across` columns whose cells say `short` instead of `text` where they are narrow."""
    spec["layer"][1]["mark"]["text"] = {"expr": f"width / {across} < {NARROW_CELL} ? datum.short : datum.text"}
    return spec


def prepare() -> None:
    """Build the template of every shape, so that no visitor waits for it."""
    for template in (_share_bars, _group_dots, _heat_map):
        template()


@cache
def _share_bars() -> Spec:
    x = alt.X("share:Q", scale=alt.Scale(domainMin=0, nice=False), axis=PERCENT_AXIS)
    base = alt.Chart(NO_DATA)
    bars = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        x=x, y=LANE, color=alt.Color("colour:N", scale=None), stroke=alt.Stroke("edge:N", scale=None),
        tooltip=share_tooltip("label", "Réponse"),
    )  # fmt: skip
    room = base.mark_point(opacity=0).encode(x="room:Q", y=LANE)
    halo = base.mark_rule(color="white", strokeWidth=4, opacity=0.85).encode(x="low:Q", x2="high:Q", y=LANE)
    caps = [base.mark_tick(color=INK, thickness=1.4, size=8).encode(x=f"{end}:Q", y=LANE) for end in ("low", "high")]
    return template(room, bars, halo, lane_margin(base), *caps, _value(base, "tip"), lane_label(base))


@cache
def _group_dots() -> Spec:
    base = alt.Chart(NO_DATA)
    whole = base.mark_rule(color=QUIET, strokeDash=[4, 4]).encode(x="min(overall):Q")
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=PERCENT_AXIS)
    dots = base.mark_point(filled=True, size=110, color=palette.QUALITATIVE[0], opacity=1).encode(
        x=x, y=LANE, tooltip=share_tooltip("label", "Groupe")
    )
    return template(whole, lane_margin(base), dots, _value(base, "high"), lane_label(base))


@cache
def _heat_map() -> Spec:
    base = alt.Chart(NO_DATA)
    split = "split(datum.label, '|')"
    # Vega centres the first line of a label; one of two lines is moved back by half a line.
    two_lines = {"condition": {"test": "indexof(datum.label, '|') > 0", "value": -7}, "value": 0}
    rows = alt.Axis(title=None, labelExpr=split, labelLimit=170, labelPadding=8, labelOffset=two_lines)
    # Lines as close as they may be: on a phone, the two of a name must not reach the next name.
    tight = {"condition": {"test": "indexof(datum.label, '|') > 0", "value": -6}, "value": 0}
    columns = alt.Axis(title=None, labelExpr=split, labelLimit=170, labelPadding=8, labelOffset=tight,
                       labelFontSize=12, labelLineHeight=12, orient="top", labelAngle=-90,
                       labelAlign="left")  # fmt: skip
    y = alt.Y("row:N", sort=alt.EncodingSortField("row_rank", op="min"), axis=rows)
    x = alt.X("column:N", sort=alt.EncodingSortField("column_rank", op="min"), axis=columns)
    tooltip = [alt.Tooltip("group:N", title="Groupe"), *share_tooltip("label", "Réponse")]
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), tooltip=tooltip
    )
    text = base.mark_text(fontSize=12, fontWeight=600).encode(
        x=x, y=y, color=alt.Color("ink:N", scale=None), tooltip=tooltip
    )
    return template(cells, text, step=36)


def lane_margin(base: alt.Chart) -> alt.Chart:
    """Return the margin of each row, from `low` to `high`, as a thin line in its lane."""
    return base.mark_rule(color=INK, strokeWidth=1.4).encode(x="low:Q", x2="high:Q", y=LANE)


def _value(base: alt.Chart, end: str) -> alt.Chart:
    mark = base.mark_text(align="left", dx=7, fontSize=13, fontWeight=600, color=INK)
    return mark.encode(x=f"{end}:Q", y=LANE, text="value:N")


def lane_label(base: alt.Chart, dy: int = LABEL_DY) -> alt.Chart:
    """Return the label of each row, `shown`, above its mark."""
    return base.mark_text(align="left", dy=dy, fontSize=13, color=INK).encode(x=alt.value(0), y=LANE, text="shown:N")


def template(*layers: alt.Chart, step: int = STEP) -> Spec:
    """Return the specification of the layers, checked by Altair, with the house's type and colours, without rows."""
    chart = (
        alt.layer(*layers)
        .properties(width="container", height=alt.Step(step))
        # The chart has one text alternative, in French; the names that Vega gives to its parts are English
        # (marks have a switch of their own, without which they are pictures without a name).
        .configure(font=FONT, background="white", aria=False, padding={"left": 2, "right": 14, "top": 4, "bottom": 4})
        .configure_title(
            anchor="start", frame="bounds", fontSize=15, fontWeight=600, color=INK,
            subtitleFontSize=13, subtitleColor=QUIET, subtitlePadding=5, offset=12,
        )
        .configure_axis(labelColor=INK, labelFontSize=13, gridColor="#e6e6ec", domain=False, ticks=False)
        .configure_legend(labelColor=INK, labelFontSize=13, labelLimit=280)
        .configure_view(stroke=None)
        # Streamlit gives every mark a tooltip of its raw fields, in English; ours are written where they are wanted.
        .configure_mark(tooltip=None, aria=False)
    )  # fmt: skip
    spec: Spec = chart.to_dict()
    return spec


def filled(template: Spec, rows: pd.DataFrame, title: str, subtitle: str) -> Spec:
    """Return a copy of the template with its rows, and its title cut to lines for the width it turns out to have."""
    lines = f"width < {PHONE} ? {json.dumps(wrap(title, 42))} : {json.dumps(wrap(title, 105))}"
    columns = {str(name): [None if cell != cell else cell for cell in rows[name].tolist()] for name in rows}
    # Through JSON, ten times as fast as a deep copy.
    spec: Spec = json.loads(json.dumps(template))
    # Without a limit of ours, a title keeps that of the width it was first drawn at, and is cut on paper.
    spec["title"] = {"text": {"expr": lines}, "subtitle": _packed(subtitle), "limit": {"expr": "width"}}
    spec["data"] = {"values": [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]}
    return spec


def _packed(subtitle: str, width: int = 54) -> list[str]:
    """Return the parts of a subtitle on as few lines as a phone allows; a part is cut only when it is longer."""
    lines: list[str] = []
    for part in subtitle.split(" · "):
        if lines and len(lines[-1]) + len(part) + 3 <= width:
            lines[-1] += f" · {part}"
        else:
            lines += wrap(part, width)
    return lines


def figure_rows(shares: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the columns that a chart draws, with the texts a reader sees: value, base, margin."""
    drawn = shares[[name for name in ("label", "group", "base", "share", "low", "high") if name in shares]]
    rows = drawn.reset_index(drop=True)
    rows["rank"] = range(len(rows))
    rows["value"] = [percent(share, base) for share, base in zip(rows["share"], rows["base"], strict=True)]
    rows["n"] = [counted(base, unit) for base in rows["base"]]
    bounds: Sequence[Any] = list(zip(rows["low"], rows["high"], rows["base"], strict=True))
    rows["margin"] = [margin(low, high, base) for low, high, base in bounds]
    return rows


def with_base(rows: pd.DataFrame) -> list[str]:
    """Return the label of each row with its base."""
    return [f"{label} (n = {number(base)})" for label, base in zip(rows["label"], rows["base"], strict=True)]


def share_tooltip(first: str, title: str) -> list[alt.Tooltip]:
    """Return what a mark tells: its name in `first`, value, margin, base."""
    named = {first: title, "value": "Part", "margin": "Marge indicative", "n": "Base"}
    return [alt.Tooltip(f"{field}:N", title=heading) for field, heading in named.items()]
