"""Who is missing: the chart of shares among those that exist and those that answered, its table, its sentences.

They take the frame of `lib.analysis.representation` with three more columns: the French name of each stratum alone in
`label` (« Communes de moins de 1 000 hab. ») and after its type in `short` (« moins de 1 000 hab. »), and that of its
type in `kind`.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from lib.display import palette
from lib.display.charts import LANE, NO_DATA, PERCENT_AXIS, PHONE, STEP, Spec, filled, template
from lib.display.formats import NARROW, closed, counted, decimal, number, percent, small_count, words

VERDICTS = {
    "tres-sous": "nettement sous-représentées",
    "sous": "sous-représentées",
    "": "",
    "sur": "sur-représentées",
    "tres-sur": "nettement sur-représentées",
}
"""What is written of a stratum for each answer of `lib.analysis.representation.verdict`; territories are feminine."""

SINGULAR = {code: text.removesuffix("es") + "e" * bool(text) for code, text in VERDICTS.items()}
"""The same of a stratum, in a table."""

EXISTING, ANSWERED = "Part parmi celles qui existent", "Part parmi celles qui ont répondu"
UNDER, OVER = palette.QUALITATIVE[1], palette.QUALITATIVE[0]
NEUTRAL = "#b9b9c3"
# A standing bar for what is due, a dot for what came: told apart without colour.
BAR_PATH, DOT_PATH = "M-0.22,-1L0.22,-1L0.22,1L-0.22,1Z", "circle"
MINUS = "\u2212"


def pairs(strata: pd.DataFrame, *, title: str, subtitle: str) -> Spec:
    """Return, for each stratum, its share among the territories that exist and among those that answered.

    Parameters
    ----------
    strata
        Rows of `lib.analysis.representation`, in the order to draw, with their name in `label`; those without a
        share among the answers are to be left out before.
    """
    longest = float(strata[["existing_share", "answered_share"]].to_numpy().max(initial=0.0))
    rows = [{"rank": rank, **_pair(row, longest)} for rank, row in enumerate(strata.to_dict("records"))]
    return filled(_pairs(), pd.DataFrame(rows), title, subtitle)


def prepare() -> None:
    """Build the template of the chart, so that no visitor waits for it."""
    _pairs()


def missing_words(strata: pd.DataFrame, noun: str, dimension: str) -> str:
    """Return the sentence that names the strata most missing among the territories of one type.

    Parameters
    ----------
    strata
        `lib.analysis.representation.most_missing` of one type; empty where none is missing more than others.
    noun
        Plural of the type, feminine: « communes ».
    dimension
        taille or departement.
    """
    one, several, none = {
        "taille": ("cette taille", "ces tailles", "aucune taille n’est sous-représentée"),
        "departement": ("ce département", "ces départements", "aucun département n’est sous-représenté"),
    }[dimension]
    if strata.empty:
        return f"Parmi les {noun}, {none}."
    named = f"{NARROW}; ".join(
        f"**{row['short']}**, {number(row['missing'])} sur {number(row['existing'])} sans réponse "
        f"({percent(row['existing_share'])} des {noun} qui existent, {_of_those(row)})"
        for _, row in strata.iterrows()
    )
    return f"Parmi les {noun}, il manque surtout celles de {one if len(strata) == 1 else several}{NARROW}: {named}."


def silent_words(strata: pd.DataFrame, nouns: dict[str, str]) -> str:
    """Return the sentence that names the strata where nobody answered; empty when there are none.

    `strata` is `lib.analysis.representation.silent`, `nouns` gives the plural of each type.
    """
    named = [
        f"{nouns[str(kind)]} ({words(rows['short'])})"
        for kind, rows in strata.groupby("type", sort=False)
        if kind in nouns
    ]
    return f"Aucune réponse{NARROW}: {f'{NARROW}; '.join(named)}." if named else ""


def reading_words(row: pd.Series, noun: str, dimension: str) -> str:
    """Return the « comment lire » sentence of the chart, made from one of its rows."""
    place = f"de {row['short']}" if dimension == "taille" else f"du département {row['short']}"
    said = f"{NARROW}: elles sont {VERDICTS[row['verdict']]}" if row["verdict"] else ""
    return (
        f"les {noun} {place} font {percent(row['existing_share'])} des {noun} qui existent (trait) et "
        f"{percent(row['answered_share'])} de celles qui ont répondu (point){said}."
    )


def alternative(title: str, strata: pd.DataFrame) -> str:
    """Return the text alternative of the chart; the whole is in the table that follows it."""
    said = [
        f"{row['label']} {percent(row['answered_share'])} pour {percent(row['existing_share'])}"
        for _, row in strata.head(12).iterrows()
    ]
    more = "… La suite est dans le tableau." if len(strata) > len(said) else "."
    return f"{closed(title)} " + f"{NARROW}; ".join(said) + more


def texts(strata: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as French texts, « – » where something is not known."""

    def column(name: str, write: Callable[[Any], str]) -> list[str]:
        return ["–" if pd.isna(value) else write(value) for value in strata[name]]

    return pd.DataFrame(
        {
            "Type": strata["kind"].to_numpy(),
            "Strate": strata["label"].to_numpy(),
            "Répondants": column("respondents", small_count),
            "Ont répondu": column("territories", number),
            "Existants": column("existing", number),
            "Sans réponse": column("missing", number),
            "Taux": column("rate", percent),
            "Part parmi les réponses": column("answered_share", percent),
            "Part parmi les existants": column("existing_share", percent),
            "Écart standardisé": column("difference", signed),
            "Représentation": [SINGULAR[verdict] for verdict in strata["verdict"]],
            "Habitants couverts": column("covered", number),
            "Part des habitants": column("covered_share", percent),
        }
    )


def numbers(strata: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows as numbers, for a file: shares are fractions 0–1, small counts of respondents are hidden."""
    return pd.DataFrame(
        {
            "Type": strata["kind"].to_numpy(),
            "Strate": strata["label"].to_numpy(),
            "Répondants": [file_count(n) for n in strata["respondents"]],
            "Ont répondu": strata["territories"].to_numpy(),
            "Existants": strata["existing"].to_numpy(),
            "Sans réponse": strata["missing"].to_numpy(),
            "Taux": strata["rate"].to_numpy(),
            "Part parmi les réponses": strata["answered_share"].to_numpy(),
            "Part parmi les existants": strata["existing_share"].to_numpy(),
            "Écart standardisé": strata["difference"].to_numpy(),
            "Représentation": [SINGULAR[verdict] for verdict in strata["verdict"]],
            "Habitants couverts": strata["covered"].to_numpy(),
            "Habitants": strata["inhabitants"].to_numpy(),
            "Part des habitants": strata["covered_share"].to_numpy(),
        }
    )


def file_count(n: int) -> int | str:
    """Return a count as a file holds it: the number, or « moins de 3 » where it is hidden."""
    return int(n) if small_count(n) == number(n) else small_count(n)


def signed(difference: float) -> str:
    """Write a standardised difference with its sign and two decimals: « −0,37 », « +0,12 »; « – » when missing."""
    if difference != difference:
        return "–"
    written = decimal(abs(difference), 2)
    if written == decimal(0, 2):
        return written
    return f"{MINUS if difference < 0 else '+'}{written}"


def _pair(row: Mapping[Any, Any], longest: float) -> dict[str, Any]:
    """Return what the chart draws of one stratum; `longest` is the largest share of the chart."""
    label, missing, existing = row["label"], row["missing"], row["existing"]
    due, came = row["existing_share"], row["answered_share"]
    said = VERDICTS[row["verdict"]]
    return {
        "label": label,
        "shown": f"{label}{NARROW}: {_absent(missing)} sur {number(existing)}",
        "short": f"{label}{NARROW}: {number(missing)}/{number(existing)} sans réponse",
        "existing": existing,
        "missing": missing,
        "existing_share": due,
        "answered_share": came,
        "due": percent(due),
        "came": percent(came),
        "gap": signed(row["difference"]),
        "said": said,
        "said_short": said.removeprefix("nettement "),
        "colour": _colour(row["verdict"]),
        "low": min(due, came),
        "high": max(due, came),
        # The words stand on the side where there is room for them.
        "left": max(due, came) > longest / 2,
        "room": min(1.0, longest * 1.04),
    }


def _absent(missing: int) -> str:
    return "aucune absente" if missing == 0 else counted(missing, "absente")


def _of_those(row: pd.Series) -> str:
    share = row["answered_share"]
    return "aucune de celles qui ont répondu" if share == 0 else f"{percent(share)} de celles qui ont répondu"


def _colour(verdict: str) -> str:
    return {"sous": UNDER, "sur": OVER}.get(verdict.removeprefix("tres-"), NEUTRAL)


@cache
def _pairs() -> Spec:
    base = alt.Chart(NO_DATA)
    colour = alt.Color("colour:N", scale=None)
    tie = base.mark_rule(strokeWidth=5, opacity=0.55).encode(
        x=alt.X("low:Q", scale=alt.Scale(domainMin=0, nice=False), axis=PERCENT_AXIS), x2="high:Q", y=LANE, color=colour
    )
    room = base.mark_point(opacity=0).encode(x="room:Q", y=LANE)
    tooltip = [
        alt.Tooltip(f"{field}:N", title=heading)
        for field, heading in {
            "label": "Strate", "due": EXISTING, "came": ANSWERED, "gap": "Écart standardisé",
            "missing": "Sans réponse", "existing": "Existants",
        }.items()
    ]  # fmt: skip
    shape = alt.Scale(domain=[EXISTING, ANSWERED], range=[BAR_PATH, DOT_PATH])
    legend = alt.Legend(title=None, orient="top", direction="vertical", symbolSize=120, symbolFillColor=palette.INK,
                        symbolStrokeWidth=0)  # fmt: skip
    marks = [
        base.transform_calculate(series=f"'{name}'")
        .mark_point(filled=True, size=130, opacity=1, color=palette.INK)
        .encode(
            x=f"{field}:Q",
            y=LANE,
            shape=alt.Shape("series:N", scale=shape, legend=legend),
            tooltip=tooltip,
        )
        for field, name in (("existing_share", EXISTING), ("answered_share", ANSWERED))
    ]
    text, words_said = (
        alt.expr(f"width < {PHONE} ? datum.{short} : datum.{full}")
        for short, full in (("short", "shown"), ("said_short", "said"))
    )
    name = base.mark_text(align="left", dy=-18, fontSize=13, color=palette.INK, text=text)
    inward, outward = base.transform_filter("datum.left"), base.transform_filter("!datum.left")
    left = inward.mark_text(align="right", dx=-12, fontSize=13, fontWeight=600, text=words_said)
    right = outward.mark_text(align="left", dx=12, fontSize=13, fontWeight=600, text=words_said)
    said = [mark.encode(x=f"{end}:Q", y=LANE, color=colour) for mark, end in ((left, "low"), (right, "high"))]
    return template(room, tie, *marks, *said, name.encode(x=alt.value(0), y=LANE), step=STEP + 6)
