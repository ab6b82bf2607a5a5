"""Differences of shares between two groups: the dots around zero, the table beside them, the words.

They take the frames of `lib.analysis.associations` (its columns `CONTRAST`). What is not to be shown of them is told
by `comparable`, here and nowhere else.
"""

from functools import cache
from typing import Any, Literal

import altair as alt
import pandas as pd

from lib.display import palette
from lib.display.charts import (
    INK,
    LABEL_DY,
    LANE,
    NO_DATA,
    QUIET,
    Spec,
    filled,
    lane_label,
    lane_margin,
    template,
)
from lib.display.formats import NARROW, decimal, number, percent
from lib.display.remembered import remembered
from lib.display.tables import CAUTION, COUNTS_ONLY, reliability_words, written_base, written_count

MINUS = "\u2212"
PRUDENCE = "prudence"
POINTS_AXIS = alt.Axis(
    title=None,
    tickCount=5,
    labelExpr=f"datum.value == 0 ? '0' : (datum.value > 0 ? '+' : '{MINUS}') + format(abs(datum.value) * 100, '.0f')",
)


def comparable(rows: pd.DataFrame) -> pd.Series:
    """Return whether the two shares of each row may be shown and compared: both bases reach 10, nothing is hidden."""
    enough = rows[["base", "other_base"]].min(axis=1) >= COUNTS_ONLY
    return enough & ~rows["hidden"].astype(bool) & rows["difference"].notna()


def points(difference: float) -> str:
    """Write a difference of shares (fraction) in points, with its sign: « +12 points », « −1 point ».

    A difference that rounds to none is « moins de 1 point », so that nothing is said equal that is not.
    """
    rounded = round(100 * difference)
    if rounded == 0:
        return "0 point" if difference == 0 else f"moins de{NARROW}1 point"
    return f"{_signed(difference)} point{'s' if abs(rounded) > 1 else ''}"


def points_margin(low: float, high: float) -> str:
    """Write the interval of a difference: « de −3 à +24 points »."""
    return f"de {_signed(low)} à {_signed(high)} points"


def ratio_margin(low: float, high: float) -> str:
    """Write the interval of a ratio: « de 1,2 à 2,1 »; « 1,6 ou plus » where it has no upper bound."""
    return f"{decimal(low)} ou plus" if high == float("inf") else f"de {decimal(low)} à {decimal(high)}"


def contrast_words(row: pd.Series, noun: str = "répondants") -> str:
    """Return « 62 % (84 répondants sur 135) contre 7 % (18 sur 249) : un écart de … et un rapport de … ».

    The difference and the ratio come with their margins; without ratio where nobody of the others is concerned.
    """
    there = f"{percent(row['share'], row['base'])} ({number(row['count'])} {noun} sur {number(row['base'])})"
    others = f"{percent(row['other_share'], row['other_base'])} ({number(row['other_count'])} sur "
    gap = f"un écart de **{points(row['difference'])}** (marge indicative {points_margin(row['low'], row['high'])})"
    said = f"**{there}** contre **{others}{number(row['other_base'])})**{NARROW}: {gap}"
    if row["ratio"] != row["ratio"] or row["ratio"] == float("inf"):
        return f"{said}\u202f; le rapport ne se calcule pas"
    margin = ratio_margin(row["ratio_low"], row["ratio_high"])
    return f"{said}, une part **{decimal(row['ratio'])} fois** celle des autres (marge {margin})"


@remembered
def difference_dots(
    rows: pd.DataFrame, *, title: str, subtitle: str, more_first: str, more_second: str, show_bases: bool = False
) -> Spec:
    """Return one dot per row with its margin, around a line at zero named on both sides.

    Parameters
    ----------
    rows
        Comparable rows, in the order to draw. A dot is filled where its margin leaves zero out.
    more_first, more_second
        What a dot on the right of zero means (`share` is the greater), and one on the left.
    show_bases
        Write both bases beside each label, when they differ from row to row.
    """
    drawn = rows[["label", "difference", "low", "high", "base", "other_base"]].reset_index(drop=True)
    drawn["rank"] = range(len(drawn))
    drawn["shown"] = drawn["label"]
    small = drawn[["base", "other_base"]].min(axis=1) < CAUTION
    if show_bases:
        # A label of two brackets would not hold on a phone; the table has it whole.
        short = [label.split(" (")[0] for label in drawn["label"]]
        bases = zip(short, drawn["base"], drawn["other_base"], small, strict=True)
        drawn["shown"] = [f"{label} (n = {number(base)} et {number(other)}{', ' + PRUDENCE if few else ''})"
                          for label, base, other, few in bases]  # fmt: skip
    drawn["value"] = [points(value) for value in drawn["difference"]]
    drawn["margin"] = [points_margin(low, high) for low, high in zip(drawn["low"], drawn["high"], strict=True)]
    drawn["shares"] = [f"{percent(share, base)} et {percent(other, other_base)}" for share, base, other, other_base
                       in rows[["share", "base", "other_share", "other_base"]].itertuples(index=False)]  # fmt: skip
    drawn["clear"] = (drawn["low"] > 0) | (drawn["high"] < 0)
    # Zero stands in the middle, so that the two sides weigh the same to the eye and carry their names.
    drawn["reach"] = max(0.1, drawn["high"].max(), -drawn["low"].min())
    drawn["left"], drawn["right"] = f"← {more_second}", f"{more_first} →"
    return filled(_difference_dots(), drawn, title, subtitle)


def contrast_table(rows: pd.DataFrame, first: str, second: str, **headings: str) -> pd.DataFrame:
    """Return the rows as French texts; `first` and `second` name the groups, `headings` the leading columns."""
    kept = rows.reset_index(drop=True)
    table = kept[list(headings)].rename(columns=headings)
    lines = _lines(kept)
    for name, side in ((first, ""), (second, "other_")):
        table[f"Effectif, {name}"] = [
            written_count(line[f"{side}count"], line[f"{side}base"], line["hidden"], number) for line in lines
        ]
        table[f"Base, {name}"] = [written_base(line[f"{side}base"], number) for line in lines]
        table[f"Part, {name}"] = [
            percent(line[f"{side}share"], line[f"{side}base"]) if line["shown"] else "–" for line in lines
        ]
    table["Écart"] = [points(line["difference"]) if line["shown"] else "–" for line in lines]
    table["Marge de l’écart"] = [points_margin(line["low"], line["high"]) if line["shown"] else "–" for line in lines]
    table["Rapport"] = [
        f"{decimal(line['ratio'])} ({ratio_margin(line['ratio_low'], line['ratio_high'])})"
        if line["shown"] and line["ratio"] < float("inf")
        else "–"
        for line in lines
    ]
    table["Fiabilité"] = [reliability_words(min(line["base"], line["other_base"]), line["hidden"]) for line in lines]
    return table


def contrast_file(rows: pd.DataFrame, first: str, second: str, **headings: str) -> pd.DataFrame:
    """Return the rows as numbers, ready for `downloads.csv_bytes`: shares and differences are fractions.

    A ratio, or a bound of it, that is infinite is left empty.
    """
    kept = rows.reset_index(drop=True)
    table = kept[list(headings)].rename(columns=headings)
    lines, shown = _lines(kept), comparable(kept)
    for name, side in ((first, ""), (second, "other_")):
        table[f"Effectif, {name}"] = [
            written_count(line[f"{side}count"], line[f"{side}base"], line["hidden"], int) for line in lines
        ]
        table[f"Base, {name}"] = [written_base(line[f"{side}base"], int) for line in lines]
        table[f"Part, {name}"] = kept[f"{side}share"].where(shown)
    columns = {
        "Écart": "difference", "Écart, marge basse": "low", "Écart, marge haute": "high",
        "Rapport": "ratio", "Rapport, marge basse": "ratio_low", "Rapport, marge haute": "ratio_high",
    }  # fmt: skip
    for heading, column in columns.items():
        table[heading] = kept[column].where(shown & (kept[column].abs() < float("inf")))
    table["Fiabilité"] = [reliability_words(min(line["base"], line["other_base"]), line["hidden"]) for line in lines]
    return table


def prepare() -> None:
    """Build the template, so that no visitor waits for it."""
    _difference_dots()


def _signed(difference: float) -> str:
    rounded = round(100 * difference)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{number(abs(rounded))}"


def _lines(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as mappings, `shown` telling which may be compared."""
    return [{str(name): value for name, value in line.items()}
            for line in rows.assign(shown=comparable(rows)).to_dict("records")]  # fmt: skip


@cache
def _difference_dots() -> Spec:
    base = alt.Chart(NO_DATA)
    x = alt.X("difference:Q", axis=POINTS_AXIS, scale=alt.Scale(nice=False))
    # Two unseen points hold the axis open as far on one side as on the other.
    room = [base.transform_calculate(edge=f"{sign}datum.reach").mark_point(opacity=0).encode(x="edge:Q", y=LANE)
            for sign in ("", "-")]  # fmt: skip
    zero = base.transform_calculate(zero="0").mark_rule(color=QUIET, strokeWidth=1.4).encode(x="zero:Q")
    tooltip = [
        alt.Tooltip(f"{field}:N", title=heading)
        for field, heading in (
            ("label", "Réponse"), ("value", "Écart"), ("margin", "Marge indicative"), ("shares", "Parts"),
        )
    ]  # fmt: skip
    blue = palette.QUALITATIVE[0]
    dots = base.mark_point(size=110, stroke=blue, strokeWidth=1.8, opacity=1).encode(
        x=x, y=LANE, tooltip=tooltip, fill=alt.condition("datum.clear", alt.value(blue), alt.value("white"))
    )
    value = base.mark_text(align="left", dx=7, fontSize=13, fontWeight=600, color=INK).encode(
        x="high:Q", y=LANE, text="value:N"
    )
    ends: tuple[tuple[str, Literal["left", "right"], Any], ...] = (("left", "left", 0), ("right", "right", "width"))
    sides = [
        base.transform_filter("datum.rank == 0")
        .mark_text(align=align, baseline="bottom", fontSize=12, fontStyle="italic", color=QUIET)
        .encode(x=alt.value(place), y=alt.value(-6), text=f"{side}:N")
        for side, align, place in ends
    ]
    # On a phone the line at zero crosses the labels.
    halo = lane_label(base).mark_text(align="left", dy=LABEL_DY, fontSize=13, stroke="white", strokeWidth=4)
    return template(*room, zero, lane_margin(base), dots, value, *sides, halo, lane_label(base))
