"""Two editions side by side: dots of shares, tables, transitions, and the sentences that say them.

They take the frames of `lib.analysis.evolution` and the values of `lib.analysis.transitions`; points and their margins
are written as in `differences`.
"""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from lib.analysis.transitions import Transitions
from lib.display import palette
from lib.display.charts import INK, LABEL_DY, LANE, NO_DATA, STEP, Spec, filled, lane_label, template
from lib.display.differences import points, points_margin
from lib.display.formats import MASKED, NARROW, counted, margin, number, percent, quoted
from lib.display.remembered import remembered
from lib.display.tables import CAUTION, COUNTS_ONLY, reliability_words, written_base, written_count

BLUE = palette.QUALITATIVE[0]
SIDES = ("earlier_", "")
"""Prefixes of the columns of the earlier edition and of the later one."""

# The two editions of an answer stand in one lane, the earlier one above the other.
APART = 6


def comparable(rows: pd.DataFrame) -> pd.Series:
    """Return whether the two shares of each row may be shown and compared: both bases reach 10, nothing is hidden."""
    enough = rows[["base", "earlier_base"]].min(axis=1) >= COUNTS_ONLY
    return enough & ~rows["hidden"].astype(bool) & rows["difference"].notna()


def clear(rows: pd.DataFrame) -> pd.Series:
    """Return whether the margin of each difference leaves zero out."""
    return comparable(rows) & ((rows["difference_low"] > 0) | (rows["difference_high"] < 0))


@remembered
def evolution_dots(rows: pd.DataFrame, *, title: str, subtitle: str, earlier: str, later: str) -> Spec:
    """Return, for each comparable row, the two shares with their margins and their difference in points.

    Parameters
    ----------
    rows
        Comparable rows of `lib.analysis.evolution.evolution`, in the order to draw.
    earlier, later
        Names of the two editions, for the legend.
    """
    room = max(0.2, float(rows[["high", "earlier_high"]].to_numpy(dtype=float).max()) * 1.3)
    records = []
    for rank, (_, row) in enumerate(rows.iterrows()):
        for side, name in zip(SIDES, (earlier, later), strict=True):
            base = row[f"{side}base"]
            records.append(
                {
                    "label": row["label"],
                    "shown": row["label"],
                    "rank": rank,
                    "edition": name,
                    "first": side != "",
                    "share": row[f"{side}share"],
                    "low": row[f"{side}low"],
                    "high": row[f"{side}high"],
                    "value": percent(row[f"{side}share"], base),
                    "margin": margin(row[f"{side}low"], row[f"{side}high"], base),
                    "n": number(base),
                    "end": max(row["high"], row["earlier_high"]),
                    "difference": points(row["difference"]),
                    "room": room,
                }
            )
    spec = filled(_evolution_dots(), pd.DataFrame(records), title, subtitle)
    for layer in spec["layer"]:
        if "fill" in layer["encoding"]:
            layer["encoding"]["fill"]["scale"] = {"domain": [earlier, later], "range": ["#ffffff", BLUE]}
    return spec


def evolution_words(row: pd.Series, earlier: str, later: str) -> str:
    """Return « 39 % (97 sur 252) dans l’édition …, 32 % (106 sur 333) dans … : −7 points, marge … »."""
    shares = [
        f"{percent(row[f'{side}share'], row[f'{side}base'])} ({number(row[f'{side}count'])} sur "
        f"{number(row[f'{side}base'])}) dans {quoted(name)}"
        for side, name in zip(SIDES, (earlier, later), strict=True)
    ]
    weighted = " (parts pondérées)" if row.get("effective_n", 0) > 0 else ""
    return f"{', '.join(shares)}{weighted}{NARROW}: {gap_words(row)}"


def gap_words(row: pd.Series) -> str:
    """Return « −7 points, marge indicative de −14 à +1 points »."""
    gap = points_margin(row["difference_low"], row["difference_high"])
    return f"{points(row['difference'])}, marge indicative {gap}"


def evolution_table(rows: pd.DataFrame, earlier: str, later: str) -> pd.DataFrame:
    """Return the rows as French texts, the earlier edition first."""
    kept, shown = rows.reset_index(drop=True), comparable(rows).to_numpy()
    table = pd.DataFrame({"Réponse": kept["label"]})
    for side, name in zip(SIDES, (earlier, later), strict=True):
        lines = _lines(kept, shown)
        table[f"Effectif, {name}"] = [
            written_count(line[f"{side}count"], line[f"{side}base"], line["hidden"], number) for line in lines
        ]
        table[f"Base, {name}"] = [written_base(line[f"{side}base"], number) for line in lines]
        table[f"Part, {name}"] = [
            percent(line[f"{side}share"], line[f"{side}base"]) if line["shown"] else "–" for line in lines
        ]
        table[f"Marge indicative, {name}"] = [
            margin(line[f"{side}low"], line[f"{side}high"], line[f"{side}base"]) if line["shown"] else "–"
            for line in lines
        ]
    table["Écart"] = [points(line["difference"]) if line["shown"] else "–" for line in _lines(kept, shown)]
    table["Marge de l’écart"] = [
        points_margin(line["difference_low"], line["difference_high"]) if line["shown"] else "–"
        for line in _lines(kept, shown)
    ]
    table["Fiabilité"] = [
        reliability_words(min(line["base"], line["earlier_base"]), line["hidden"]) for line in _lines(kept, shown)
    ]
    return table


def evolution_file(rows: pd.DataFrame, earlier: str, later: str) -> pd.DataFrame:
    """Return the rows as numbers, ready for `downloads.csv_bytes`: shares and differences are fractions."""
    kept, shown = rows.reset_index(drop=True), comparable(rows).reset_index(drop=True)
    lines = _lines(kept, shown.to_numpy())
    table = pd.DataFrame({"Réponse": kept["label"]})
    for side, name in zip(SIDES, (earlier, later), strict=True):
        table[f"Effectif, {name}"] = [
            written_count(line[f"{side}count"], line[f"{side}base"], line["hidden"], int) for line in lines
        ]
        table[f"Base, {name}"] = [written_base(line[f"{side}base"], int) for line in lines]
        for heading, column in (("Part", "share"), ("Marge basse", "low"), ("Marge haute", "high")):
            table[f"{heading}, {name}"] = kept[f"{side}{column}"].where(shown)
    columns = {
        "Écart": "difference", "Écart, marge basse": "difference_low", "Écart, marge haute": "difference_high",
    }  # fmt: skip
    for heading, column in columns.items():
        table[heading] = kept[column].where(shown)
    table["Fiabilité"] = [reliability_words(min(line["base"], line["earlier_base"]), line["hidden"]) for line in lines]
    return table


@remembered
def transition_table(moved: Transitions) -> pd.DataFrame:
    """Return the table of transitions: earlier answers in rows, later ones in columns, « n < 3 » where hidden.

    Lines and columns where nobody is are left out, unless something is hidden there.
    """
    counts = moved.counts.loc[_used(moved.counts.T), _used(moved.counts)]
    hidden = bool(counts.isna().to_numpy().any())
    table = counts.map(lambda count: MASKED if count != count else number(count)) if hidden else counts.astype(int)
    table = table.rename(index=moved.earlier_labels, columns=moved.later_labels)
    return table.rename_axis(index="Avant ↓ · Après →", columns=None).reset_index()


def transition_file(moved: Transitions, earlier: str, later: str) -> pd.DataFrame:
    """Return the transitions as one line per pair of answers; a hidden count is « n < 3 »."""
    pairs = [
        (moved.earlier_labels[before], moved.later_labels[after], count)
        for before, row in zip(moved.counts.index, moved.counts.to_numpy(dtype=float), strict=True)
        for after, count in zip(moved.counts.columns, row, strict=True)
    ]
    return pd.DataFrame(
        [(before, after, MASKED if count != count else int(count)) for before, after, count in pairs],
        columns=[f"Réponse, {earlier}", f"Réponse, {later}", "Territoires"],
    )


def transition_words(moved: Transitions, reached: str, earlier: str, later: str) -> str:
    """Return in French who gained and who lost, the balance with its margin, and what chance would give.

    `reached` names the answers looked at: « Formalisée » ou « Mise en œuvre ».
    """
    if moved.territories == 0:
        return "Aucun territoire de la sélection n’a répondu à cette question aux deux éditions."
    if moved.known < COUNTS_ONLY:
        return (
            f"Moins de {COUNTS_ONLY} territoires de la sélection ont une réponse connue aux deux éditions{NARROW}: "
            "trop peu pour dire ce qui change."
        )
    base = "" if moved.known != moved.known else f"Sur {counted(moved.known, 'territoire')}"
    start = base or "Parmi les territoires"
    said = (
        f"{start} dont la réponse est connue aux deux éditions, **{_changed(moved.gained)}** {reached} dans "
        f"{quoted(later)} et non dans {quoted(earlier)}{NARROW}; **{_inverse(moved.lost)}** le chemin inverse"
    )
    if moved.p_value != moved.p_value:
        return f"{said}. Le solde n’est pas donné{NARROW}: un effectif est masqué."
    prudence = ", à interpréter avec prudence" if moved.known < CAUTION else ""
    balance = f"{points(moved.difference)}, marge indicative {points_margin(moved.low, moved.high)}{prudence}"
    return f"{said}{NARROW}: un solde de **{balance}**. {chance_words(moved)}"


def chance_words(moved: Transitions) -> str:
    """Return how often as uneven a change would come by chance, both directions being as likely."""
    if moved.gained + moved.lost == 0:
        return "Aucun territoire n’a changé dans un sens ni dans l’autre."
    often = next(
        (words for limit, words in ((0.001, "1 000"), (0.01, "100"), (0.05, "20")) if moved.p_value < limit), ""
    ).replace(" ", NARROW)
    if often:
        how = f"moins d’une fois sur\u00a0{often}"
    elif moved.p_value > 0.5:
        how = "plus d’une fois sur deux"
    else:
        how = f"environ une fois sur\u00a0{round(1 / moved.p_value)}"
    return (
        "Si les changements étaient aussi probables dans un sens que dans l’autre, un déséquilibre au moins aussi "
        f"grand arriverait {how}."
    )


def prepare() -> None:
    """Build the template, so that no visitor waits for it."""
    _evolution_dots()


def _changed(number_of: float) -> str:
    if number_of != number_of:
        return f"un nombre masqué ({MASKED})"
    return f"{number(number_of)} {'déclare' if number_of < 2 else 'déclarent'}"


def _inverse(number_of: float) -> str:
    if number_of != number_of:
        return f"un nombre masqué ({MASKED}) fait"
    return "aucun ne fait" if number_of == 0 else f"{number(number_of)} {'fait' if number_of < 2 else 'font'}"


def _used(counts: pd.DataFrame) -> pd.Series:
    """Return which columns hold somebody, or something hidden."""
    return counts.isna().any() | (counts.sum() > 0)


def _lines(rows: pd.DataFrame, shown: Any) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in line.items()} for line in rows.assign(shown=shown).to_dict("records")]


@cache
def _evolution_dots() -> Spec:
    base = alt.Chart(NO_DATA)
    axis = alt.Axis(
        labelExpr=f"datum.value > 1.0001 ? '' : format(datum.value * 100, '.0f') + '{NARROW}%'", tickCount=5, title=None
    )
    x = alt.X("share:Q", axis=axis, scale=alt.Scale(domainMin=0, nice=False))
    room = base.mark_point(opacity=0).encode(x="room:Q", y=LANE)
    tooltip = [
        alt.Tooltip(f"{field}:N", title=heading)
        for field, heading in (
            ("label", "Réponse"), ("edition", "Édition"), ("value", "Part"), ("margin", "Marge indicative"),
            ("n", "Base"), ("difference", "Écart"),
        )
    ]  # fmt: skip
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolType="circle", symbolSize=110,
                        symbolStrokeColor=BLUE, symbolStrokeWidth=1.8, labelLimit=280)  # fmt: skip
    layers = []
    for condition, offset in (("datum.first", -APART), ("!datum.first", APART)):
        own = base.transform_filter(condition)
        layers.append(own.mark_rule(color=INK, strokeWidth=1.4, yOffset=offset).encode(x="low:Q", x2="high:Q", y=LANE))
        layers.append(
            own.mark_point(size=110, stroke=BLUE, strokeWidth=1.8, opacity=1, yOffset=offset).encode(
                x=x, y=LANE, tooltip=tooltip, fill=alt.Fill("edition:N", legend=legend)
            )
        )
    gap = base.transform_filter("datum.first").mark_text(
        align="left", dx=9, fontSize=13, fontWeight=600, color=INK
    ).encode(x="end:Q", y=LANE, text="difference:N")  # fmt: skip
    label = lane_label(base.transform_filter("datum.first"), dy=LABEL_DY - 5)
    return template(room, *layers, gap, label, step=STEP + 8)
