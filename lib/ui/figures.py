"""A figure as a visitor meets it: chart, what could not be drawn, « comment lire », table and download.

Each function takes a tidy frame and its words; the shapes of charts belong to `lib.display.charts`.
"""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from lib.analysis.selection import Selection, choices
from lib.analysis.shares import interval_method
from lib.analysis.tabulation import OWN_LEVEL
from lib.analysis.weights import weighting_note
from lib.display import charts, tables
from lib.display.formats import MASKED, MASKED_WHY, NARROW, closed, decimal, percent, plain, quoted
from lib.display.palette import MASKED_BAR
from lib.display.remembered import remembered
from lib.display.sentences import UNITS, base_words, left_out, masked_out, share_words
from lib.display.status_bars import position_bars, status_bars
from lib.survey.edition import Edition
from lib.ui import blocks

SMALL_CELL = f"«{NARROW}–{NARROW}»{NARROW}: base inférieure à {tables.COUNTS_ONLY}."
"""What a dash in a grid means."""
SEMICOLON = f"{NARROW}; "
FIRST, MEAN_RANK = "Part en premier", "Rang moyen"
MASKED_PART, MASKED_SHADE = "Masqué", MASKED_BAR
"""What stands for all the hidden answers of a group at the end of its bar, apart from the greys of the scale."""


def mixed_levels(edition: Edition, selection: Selection, unit: str) -> str:
    """Return the words that warn that a figure adds up territories of several levels; empty when it does not."""
    several = len(selection.types) != 1
    mixed = several and unit == "territories" and interval_method(edition, selection, unit) != "exact"
    return ", tous niveaux confondus" if mixed else ""


def weighting(edition: Edition, selection: Selection, unit: str, by: str = "") -> str:
    """Return how the shares of a figure are weighted, as its subtitle says it: « brut » unless asked."""
    return weighting_note(edition, selection, unit, by or None) if selection.weighted else "brut"


def overall(measured: pd.DataFrame, selection: Selection, unit: str) -> float:
    """Return the share of one measure without breakdown, for the dashed line; NaN where raw beside weighted groups."""
    row = measured.iloc[0]
    alike = not selection.weighted or unit == "respondents" or row.get("effective_n", float("nan")) > 0
    return float(row["share"]) if alike else float("nan")


def bars(
    edition: Edition, selection: Selection, shares: pd.DataFrame, *, title: str, reading: str, name: str, unit: str,
    show_base: bool = False, colours: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Draw horizontal bars in the order of the rows; `reading` is filled with {part} and {label} of the first row."""
    draw = partial(charts.share_bars, title=title, unit=UNITS[unit][0], show_base=show_base, colours=colours)
    _figure(edition, selection, shares, draw, title, reading, name, unit, {"label": "Réponse"})


def ranking(
    edition: Edition, selection: Selection, ranked: pd.DataFrame, *, title: str, reading: str, name: str
) -> None:  # fmt: skip
    """Draw the shares of a ranking (`lib.analysis.shares.ranks`); its table adds first places and mean ranks."""
    draw = partial(charts.share_bars, title=title)
    enough = (ranked["base"] >= tables.COUNTS_ONLY).reset_index(drop=True)
    texts = pd.DataFrame(
        {
            FIRST: [percent(s, b) for s, b in zip(ranked["first_share"], ranked["base"], strict=True)],
            MEAN_RANK: [decimal(rank) if rank == rank else "–" for rank in ranked["mean_rank"]],
        }
    ).where(enough, "–")
    # As round as on the screen: a count of first places is not protected, and must not be read from its share.
    numbers = pd.DataFrame({FIRST: ranked["first_share"].round(2), MEAN_RANK: ranked["mean_rank"].round(1)})
    more = texts, numbers.reset_index(drop=True).where(enough)
    _figure(edition, selection, ranked, draw, title, reading, name, "respondents", {"label": "Réponse"}, more=more)


def dots(
    edition: Edition, selection: Selection, shares: pd.DataFrame, *, title: str, reading: str, name: str, unit: str,
    by: str = "", overall: float = float("nan"),
) -> None:  # fmt: skip
    """Draw one dot per group with its margin; `reading` is filled with {part} and {label} of the first row."""
    draw = partial(charts.group_dots, title=title, unit=UNITS[unit][0], overall=overall)
    _figure(edition, selection, shares, draw, title, reading, name, unit, {"label": "Groupe"}, by=by)


def statuses(
    edition: Edition, selection: Selection, shares: pd.DataFrame, *, title: str, reading: str, name: str, unit: str,
    by: str, colours: Mapping[str, str],
) -> None:  # fmt: skip
    """Draw one 100 % bar per `group`, cut by status; `reading` is filled with {part}, {label} and {group}."""
    draw = partial(_statuses, title=title, colours=colours, unit=UNITS[unit][0])
    headings = {"group": "Groupe", "label": "Réponse"}
    _figure(edition, selection, shares, draw, title, reading, name, unit, headings, by=by, masked_as=MASKED_PART)


def positions(
    edition: Edition, selection: Selection, shares: pd.DataFrame, own: Mapping[str, str], *, title: str, reading: str,
    name: str, colours: Mapping[str, str],
) -> None:  # fmt: skip
    """Draw the peers' answers, one bar per topic (`group`), with the territory's own answer (topic to label) marked."""
    draw = partial(_positions, own=own, title=title, colours=colours)
    headings = {"group": "Sujet", "label": "Réponse"}
    said = f"{title} ({SEMICOLON.join(f'{topic} {answer}' for topic, answer in own.items())})" if own else title
    _figure(edition, selection, shares, draw, title, reading, name, "territories", headings, masked_as=MASKED_PART,
            told=said)  # fmt: skip


def _statuses(rows: pd.DataFrame, *, title: str, subtitle: str, colours: Mapping[str, str], unit: str) -> charts.Spec:
    rows, shades = _with_masked(rows, colours)
    return status_bars(rows, title=title, subtitle=subtitle, colours=shades, unit=unit)


def _positions(
    rows: pd.DataFrame, *, own: Mapping[str, str], title: str, subtitle: str, colours: Mapping[str, str]
) -> charts.Spec:  # fmt: skip
    rows, shades = _with_masked(rows, colours)
    return position_bars(rows, own, title=title, subtitle=subtitle, colours=shades)


def _with_masked(rows: pd.DataFrame, colours: Mapping[str, str]) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """Return the rows and the colours, with one row for what is hidden of each group whose parts are not the whole."""
    sums = rows.groupby("group", sort=False).agg(base=("base", "first"), share=("share", "sum"))
    rest = sums[sums["share"] < 1 - 1e-9].reset_index()
    if rest.empty:
        return rows, colours
    rest = rest.assign(
        label=MASKED_PART, share=1 - rest["share"], count=float("nan"), low=float("nan"), high=float("nan")
    )
    return pd.concat([rows, rest], ignore_index=True), {**colours, MASKED_PART: MASKED_SHADE}


def heat(
    edition: Edition, selection: Selection, shares: pd.DataFrame, *, title: str, reading: str, name: str, unit: str,
    by: str, row_title: str,
) -> None:  # fmt: skip
    """Draw the grid of `label` by `group`, every cell kept; `reading` is filled with {part}, {label} and {group}."""
    # Rows from the most to the least cited, all the groups that are shown together.
    shown = shares.assign(base=shares["base"].where(shares["count"].notna()))
    totals = shown.groupby("label", sort=False)[["count", "base"]].sum()
    rank = (totals["count"] / totals["base"]).rank(ascending=False, method="first", na_option="bottom")
    shares = shares.sort_values("label", key=lambda labels: labels.map(rank), kind="stable")
    draw = partial(charts.heat_map, title=title, unit=UNITS[unit][0])
    _figure(edition, selection, shares, draw, title, reading, name, unit, {"group": "Groupe", "label": row_title},
            by=by, grid=True)  # fmt: skip


def _figure(
    edition: Edition, selection: Selection, shares: pd.DataFrame, draw: Callable[..., charts.Spec],
    title: str, reading: str, name: str, unit: str, headings: dict[str, str], *, by: str = "",
    grid: bool = False, more: tuple[pd.DataFrame, pd.DataFrame] | None = None, masked_as: str = MASKED,
    told: str = "",
) -> None:  # fmt: skip
    shares = shares.reset_index(drop=True)
    bases = base_words(shares["base"], unit)
    if by not in OWN_LEVEL:
        bases += mixed_levels(edition, selection, unit)
    note = weighting(edition, selection, unit, by)
    subtitle = blocks.subtitle(edition, bases, note)
    composed = _composed(shares, draw, subtitle, told or title, reading, unit, headings, grid, masked_as)
    if composed is None:
        st.markdown(f"**{plain(title)}**")
        nothing_to_draw(subtitle, masked=bool((shares["base"] >= tables.COUNTS_ONLY).any()))
    seen = blocks.chart(*composed) if composed else blocks.NOT_DRAWN

    def table() -> pd.DataFrame:
        texts = tables.share_table(shares, **headings)
        return texts if more is None else pd.concat([texts, more[0]], axis=1)

    def file() -> pd.DataFrame:
        numbers = tables.share_file(shares, **headings)
        return numbers if more is None else pd.concat([numbers, more[1]], axis=1)

    blocks.data(
        table, file, name, edition, selection, unit=UNITS[unit][1], label=title, weighting=note, base=bases,
        drawn=seen,
    )  # fmt: skip


@remembered
def _composed(
    shares: pd.DataFrame, draw: Callable[..., charts.Spec], subtitle: str, told: str, reading: str, unit: str,
    headings: Mapping[str, str], grid: bool, masked_as: str,
) -> tuple[charts.Spec, str, str] | None:  # fmt: skip
    """Return the chart, its alternative and how to read it; None when no row can be drawn.

    A `grid` draws every row, and does not name those that say nothing: they are in it.
    """
    enough, masked = shares["base"] >= tables.COUNTS_ONLY, tables.hidden_rows(shares)
    drawn = shares[enough & ~masked]
    if drawn.empty:
        return None
    named = next(iter(headings))
    missing = "" if grid else left_out(shares.loc[~enough, named])
    if not grid and len(headings) == 1:
        missing = f"{missing} {masked_out(shares.loc[enough & masked, named])}".strip()
    elif (enough & masked).any():
        missing = f"{missing} {quoted(masked_as)}{NARROW}: {MASKED_WHY}.".strip()
    first = _exemplary(drawn) if "group" in drawn else drawn.iloc[0]
    words = {"part": share_words(first, unit), "label": quoted(first["label"])}
    words["group"] = quoted(first.get("group", ""))
    said = f"{reading.format(**words)} {missing}".strip()
    spec = draw(shares, subtitle=f"En % · {subtitle}") if grid else draw(drawn, subtitle=subtitle)
    return spec, alternative(told, drawn, headings), said


def _exemplary(drawn: pd.DataFrame) -> pd.Series:
    """Return the row to read first: of the group that most answered (a share of few says the least), the largest."""
    bases = drawn.groupby("group")["base"].transform("max")
    return drawn[bases == bases.max()].sort_values("share", kind="stable").iloc[-1]


def nothing_to_draw(subtitle: str, *, masked: bool) -> None:
    """Say in place of a chart why it has no row: all of them are hidden, or their bases are too small."""
    if masked:
        why = f"Toutes les parts sont masquées ({MASKED_WHY})\u202f: le tableau donne les bases."
    else:
        why = "Trop peu de réponses pour calculer des parts\u202f: le tableau donne les effectifs."
    st.info(plain(f"{subtitle}. {why}"), icon=":material/functions:")


def alternative(title: str, drawn: pd.DataFrame, headings: Mapping[str, str]) -> str:
    """Return the text alternative of a chart, from its rows; the whole is in the table that follows it."""
    said = [
        f"{', '.join(str(row[column]) for column in headings)} {percent(row['share'], row['base'])}"
        for _, row in drawn.head(12).iterrows()
    ]
    more = "… La suite est dans le tableau." if len(drawn) > len(said) else "."
    return f"{closed(title)} " + "\u202f; ".join(said) + more


def grouped(edition: Edition, shares: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the rows of a breakdown with the group's French name in `group`; groups without anyone are left out.

    A table of several rows of an array (index `row` under the group) keeps the row's name in `label`.
    """
    names = choices(edition, by)
    rows = shares.reset_index()
    rows["group"] = rows[by].map(names)
    populated = rows.groupby(by)["base"].transform("max") > 0
    return rows[populated]


def by_group(edition: Edition, shares: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return a breakdown of one measure, one row per group that has anyone, the group's name in `label`."""
    return grouped(edition, shares, by).assign(label=lambda rows: rows["group"])
