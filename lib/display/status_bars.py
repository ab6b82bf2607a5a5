"""Bars cut by status, one per group; or by the answers of peers, the answer of one territory marked on them.

They place and never rank; what was answered, and whether a territory may be named, is decided in `lib.analysis`.
"""

from collections.abc import Mapping
from functools import cache

import altair as alt
import pandas as pd

from lib.display import palette
from lib.display.charts import (
    LABEL_DY,
    LANE,
    NO_DATA,
    PERCENT_AXIS,
    STEP,
    Spec,
    figure_rows,
    filled,
    lane_label,
    share_tooltip,
    template,
    with_base,
)

MARK = "▼"
"""What stands above the part of the bar that holds the territory's own answer, and before that answer in words."""


def status_bars(
    shares: pd.DataFrame, *, title: str, subtitle: str, colours: Mapping[str, str], unit: str = "territoire"
) -> Spec:
    """Return one 100 % bar per group, cut by status in the order of `colours` (label to colour).

    `shares` has the group's name in `group` and the status in `label`; parts of 8 % or more carry their value. A part
    without a `count` adds up what is hidden: it is dashed around, since colour alone would not tell it from the others.
    """
    rows = _status_rows(shares, colours, unit)
    return _coloured(filled(_status_bars(), rows, title, subtitle), colours)


def position_bars(
    shares: pd.DataFrame, own: Mapping[str, str], *, title: str, subtitle: str, colours: Mapping[str, str],
    unit: str = "territoire",
) -> Spec:  # fmt: skip
    """Return one 100 % bar per topic, cut by the peers' answers, the territory's own answer outlined and named.

    Parameters
    ----------
    shares
        Rows of label (answer), group (topic), count, base, share, low, high, as `status_bars` takes them.
    own
        Topic to the territory's answer, written beside the topic; a topic left out has none. An answer whose share is
        hidden has no part to outline: it is written all the same.
    """
    rows = _status_rows(shares, colours, unit)
    rows["own"] = [own.get(topic) == part for topic, part in zip(rows["label"], rows["part"], strict=True)]
    rows["shown"] = [
        f"{shown} · {MARK} {own[topic]}" if topic in own else shown
        for shown, topic in zip(rows["shown"], rows["label"], strict=True)
    ]
    rows["mark"] = MARK
    return _coloured(filled(_position_bars(), rows, title, subtitle), colours)


def prepare() -> None:
    """Build the templates, so that no visitor waits for them."""
    _status_bars()
    _position_bars()


@cache
def _status_bars() -> Spec:
    base = alt.Chart(NO_DATA)
    return template(
        *_status_marks(base), lane_label(base.transform_filter("datum.first"), dy=LABEL_DY - 4), step=STEP + 8
    )


def _status_marks(base: alt.Chart) -> tuple[alt.Chart, ...]:
    """Return the parts of a bar cut by status, the dashes around what is hidden, and the values inside the parts."""
    legend = alt.Legend(
        title=None, orient="bottom", columns=2, symbolType="square", symbolStrokeColor=palette.OUTLINE,
        symbolStrokeWidth=0.8,
    )  # fmt: skip
    bars = base.mark_bar(height=24, stroke=palette.OUTLINE, strokeWidth=0.8).encode(
        x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1]), axis=PERCENT_AXIS),
        x2="end:Q",
        y=LANE,
        color=alt.Color("part:N", legend=legend),
        tooltip=[alt.Tooltip("label:N", title="Groupe"), *share_tooltip("part", "Réponse")],
    )
    inside = base.mark_text(fontSize=12, fontWeight=600).encode(
        x="middle:Q", y=LANE, text="inside:N", color=alt.Color("ink:N", scale=None)
    )
    hidden = base.transform_filter("datum.hidden").mark_bar(
        height=21, filled=False, stroke=palette.INK, strokeWidth=1, strokeDash=[3, 3]
    ).encode(x=alt.X("start:Q"), x2="end:Q", y=LANE)  # fmt: skip
    return bars, hidden, inside


def _status_rows(shares: pd.DataFrame, colours: Mapping[str, str], unit: str) -> pd.DataFrame:
    """Return the rows of a bar cut by status: where each part begins and ends, its value, its ink."""
    rows = figure_rows(shares, unit)
    rows["hidden"] = shares["count"].isna().to_numpy()
    rows["order"] = rows["label"].map({label: place for place, label in enumerate(colours)})
    rows["rank"] = pd.factorize(rows["group"])[0]
    rows["part"], rows["label"] = rows["label"], rows["group"]
    rows["shown"] = with_base(rows)
    rows = rows.sort_values(["rank", "order"], kind="stable")
    rows["end"] = rows.groupby("rank")["share"].cumsum()
    rows["start"] = rows["end"] - rows["share"]
    rows["middle"] = (rows["start"] + rows["end"]) / 2
    rows["inside"] = [value if share >= 0.08 else "" for value, share in zip(rows["value"], rows["share"], strict=True)]
    rows["ink"] = [palette.ink_on(colours[part]) for part in rows["part"]]
    rows["first"] = ~rows["rank"].duplicated()
    return rows


@cache
def _position_bars() -> Spec:
    base = alt.Chart(NO_DATA)
    own = base.transform_filter("datum.own")
    outline = own.mark_bar(height=26, filled=False, stroke=palette.INK, strokeWidth=2.5).encode(
        x=alt.X("start:Q"), x2="end:Q", y=LANE
    )
    mark = own.mark_text(fontSize=12, dy=-18, color=palette.INK).encode(x="middle:Q", y=LANE, text="mark:N")
    label = lane_label(base.transform_filter("datum.first"), dy=LABEL_DY - 14)
    return template(*_status_marks(base), outline, mark, label, step=STEP + 22)


def _coloured(spec: Spec, colours: Mapping[str, str]) -> Spec:
    spec["layer"][0]["encoding"]["color"]["scale"] = {"domain": list(colours), "range": list(colours.values())}
    return spec
