"""The page of crossings: what is crossed, kept in the address, and its figures.

What is counted belongs to `lib.analysis.crossing`, words and shapes to `lib.display.crossing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from lib.analysis.crossing import BY_COLUMN, BY_ROW, Association, association, concludes, crosstab, standing
from lib.analysis.pairs import ATTRIBUTES, sides, units
from lib.analysis.selection import Selection
from lib.display import crossing as drawing
from lib.display import tables
from lib.display.formats import NARROW, counted, literal, lower_first, plain, quoted
from lib.display.sentences import UNITS
from lib.survey.edition import Edition
from lib.ui import blocks, figures, filters

ROW, COLUMN, DIRECTION, UNIT, DETAIL = "lignes", "colonnes", "sens", "unite", "reponse"
CHOICES = (ROW, COLUMN, DIRECTION, UNIT, DETAIL)
DEFAULTS = {ROW: "strategie", COLUMN: "portage"}
DIRECTIONS = {"colonne": BY_COLUMN, "ligne": BY_ROW}
DIRECTION_NAMES = {"colonne": "de chaque colonne", "ligne": "de chaque ligne"}
UNIT_CODES = {"territoires": "territories", "repondants": "respondents"}


@dataclass(frozen=True, eq=False)
class Crossing:
    """What a visitor asked to cross, and what was found: see `lib.analysis.crossing` for the last three."""

    row: str
    column: str
    unit: str
    titles: drawing.Titles
    cells: pd.DataFrame
    found: Association
    marks: pd.Series

    @property
    def name(self) -> str:
        """Name of its files and of its table."""
        return f"croisement-{self.row}-{self.column}-{self.titles.normalise}-{self.unit}".replace("/", "-")


def chosen(edition: Edition, selection: Selection) -> Crossing:
    """Draw the choices of the page and return the crossing that they ask for."""
    names = sides(edition)
    left, right, swap = st.columns([5, 5, 2], vertical_alignment="bottom")
    with left:
        row = filters.choice(ROW, "Lignes", _first(names, names, DEFAULTS[ROW]))
    with right:
        others = [code for code in names if code != row]
        column = filters.choice(COLUMN, "Colonnes", _first(names, others, DEFAULTS[COLUMN]))
    with swap:
        st.button(
            "Permuter", icon=":material/swap_horiz:", on_click=_swap, args=(row, column), width="stretch",
            help="Échanger les lignes et les colonnes",
        )  # fmt: skip
    left, right, reset = st.columns([5, 5, 2], vertical_alignment="bottom")
    with left:
        direction = filters.choice(DIRECTION, "Pourcentages", DIRECTION_NAMES, segmented=True)
    with right:
        allowed = units(edition, row, column)
        listed = {code: UNITS[unit][1].capitalize() for code, unit in UNIT_CODES.items() if unit in allowed}
        if len(listed) > 1:
            unit = UNIT_CODES[filters.choice(UNIT, "Unité comptée", listed, segmented=True)]
        else:
            unit = allowed[0]
            st.caption(
                f"Unité comptée{NARROW}: {UNITS[unit][1]}. Une opinion ou un rôle ne se comptent pas par territoire."
            )
    with reset:
        st.button(
            "Recommencer", icon=":material/undo:", on_click=_reset, width="stretch",
            help="Revenir au croisement de départ", disabled=not any(name in st.query_params for name in CHOICES),
        )  # fmt: skip
    normalise = DIRECTIONS[direction]
    cells = crosstab(edition, row, column, selection, unit, normalise)
    found = association(edition, row, column, selection, unit)
    option = row if normalise == BY_COLUMN else column
    titles = drawing.Titles(names[row], names[column], normalise, option in ATTRIBUTES)
    return Crossing(row, column, unit, titles, cells, found, standing(cells, found))


def sentence(edition: Edition, crossed: Crossing) -> str:
    """Return the sentence that answers the page's question."""
    enough = concludes(crossed.cells, crossed.found, crossed.titles.normalise)
    return drawing.sentence(
        crossed.cells, crossed.found, crossed.marks, crossed.titles, unit=crossed.unit, enough=enough,
        simulated=edition.simulated,
    )  # fmt: skip


def readable(crossed: Crossing) -> bool:
    """Return whether any share of the crossing may be shown."""
    return bool(_visible(crossed.cells).any())


def heat(edition: Edition, selection: Selection, crossed: Crossing) -> None:
    """Draw the grid of the crossing, what its signs mean, its table and its file."""
    titles, kept = crossed.titles, drawing.drawn(crossed.cells, crossed.found)
    cells, marks = crossed.cells[kept], crossed.marks[kept.to_numpy()]
    title = f"{titles.option} selon {lower_first(titles.group)}"
    note = figures.weighting(edition, selection, crossed.unit)
    base = _base(edition, selection, crossed)
    subtitle = blocks.subtitle(edition, f"En % {_direction(titles)}", base, note)
    seen = blocks.NOT_DRAWN
    if readable(crossed):
        spec = drawing.heat_map(cells, marks, titles, title=title, subtitle=subtitle, unit=UNITS[crossed.unit][0])
        alt = figures.alternative(title, cells[_visible(cells)], {"column_label": "Colonne", "row_label": "Ligne"})
        said = drawing.reading(crossed.cells, crossed.found, crossed.marks, titles, crossed.unit)
        notes = drawing.notes(cells, marks, _absent(crossed, kept))
        # Signs are explained under the grid on the page, and with it wherever it goes.
        seen = replace(blocks.chart(spec, alt, said), reading=f"{said} {notes}".strip())
        st.caption("  \n".join(plain(part) for part in (notes, _method(selection, crossed)) if part))
    else:
        figures.nothing_to_draw(subtitle, masked=bool((crossed.cells["base"] >= tables.COUNTS_ONLY).any()))
    blocks.data(
        lambda: drawing.table(crossed.cells, crossed.marks, titles),
        lambda: drawing.file(crossed.cells, crossed.marks, titles),
        crossed.name, edition, selection, unit=UNITS[crossed.unit][1], label=title, weighting=note, base=base,
        drawn=seen,
    )  # fmt: skip


def detail(edition: Edition, selection: Selection, crossed: Crossing) -> None:
    """Draw one option of the crossing, group by group, with the margins; the option is kept in the address."""
    titles = crossed.titles
    option, group = ("row", "column") if titles.normalise == BY_COLUMN else ("column", "row")
    kept = drawing.drawn(crossed.cells, crossed.found).to_numpy()
    rows = crossed.cells.assign(overall=crossed.found.cells[f"{option}_share"].to_numpy())[kept]
    names = dict(zip(rows[option], rows[f"{option}_label"], strict=True))
    # First the one that shows the most groups, then the one farthest from chance.
    tested = crossed.found.cells[kept]
    far = tested["z"].abs().where(tested["substantive"], 0).fillna(0).groupby(tested[option]).max()
    seen = _visible(rows).groupby(rows[option]).sum()
    first = str(pd.DataFrame({"seen": seen, "far": far}).sort_values(["seen", "far"]).index[-1])
    code = filters.choice(DETAIL, "Réponse", _first(names, names, first))
    rows = rows[rows[option] == code]
    verb = "relèvent de" if titles.belongs else "répondent" if crossed.unit == "respondents" else "déclarent"
    figures.dots(
        edition, selection, rows.assign(label=rows[f"{group}_label"]).drop(columns="overall"),
        name=f"{crossed.name}-{code}", unit=crossed.unit, overall=rows["overall"].iloc[0],
        title=f"{titles.option}{NARROW}: {lower_first(names[code])}, selon {lower_first(titles.group)}",
        reading=f"dans le groupe {{label}}, {{part}} {verb} {quoted(literal(names[code]))}. Tireté{NARROW}: ensemble "
        "de ceux qui ont répondu aux deux.",
    )  # fmt: skip


def _first(names: dict[str, str], codes: Iterable[str], default: str) -> dict[str, str]:
    """Return the names of the codes, the default at the head where it is one of them."""
    listed = {code: names[code] for code in codes}
    return {default: listed[default]} | listed if default in listed else listed


def _visible(cells: pd.DataFrame) -> "pd.Series[bool]":
    return ~cells["hidden"].astype(bool) & (cells["base"] >= tables.COUNTS_ONLY)


def _absent(crossed: Crossing, kept: pd.Series) -> list[str]:
    """Return the names of the options that the grid leaves out, but for the groups of an attribute with nobody in."""
    missing = []
    for side, code in (("row", crossed.row), ("column", crossed.column)):
        there = set(crossed.cells.loc[kept, side])
        out = crossed.cells[~crossed.cells[side].isin(there)]
        if code in ATTRIBUTES:
            grouping = (side == "column") == (crossed.titles.normalise == BY_COLUMN)
            out = out[(out["base"] > 0) & grouping]
        missing += list(dict.fromkeys(out[f"{side}_label"]))
    return [lower_first(name) for name in dict.fromkeys(missing)]


def _direction(titles: drawing.Titles) -> str:
    return next(DIRECTION_NAMES[code] for code, normalise in DIRECTIONS.items() if normalise == titles.normalise)


def _base(edition: Edition, selection: Selection, crossed: Crossing) -> str:
    """Return the base of the crossing, as a subtitle says it."""
    singular, plural = UNITS[crossed.unit]
    n = crossed.found.base
    base = counted(n, singular) if n >= tables.COUNTS_ONLY else f"moins de {tables.COUNTS_ONLY} {plural}"
    return f"base{NARROW}: {base}{figures.mixed_levels(edition, selection, crossed.unit)}"


def _method(selection: Selection, crossed: Crossing) -> str:
    if not concludes(crossed.cells, crossed.found, crossed.titles.normalise):
        return ""
    return drawing.method(crossed.found, selection.weighted and crossed.unit == "territories")


def _swap(row: str, column: str) -> None:
    st.query_params[ROW], st.query_params[COLUMN] = column, row
    st.query_params.pop(DETAIL, None)


def _reset() -> None:
    for name in CHOICES:
        st.query_params.pop(name, None)
