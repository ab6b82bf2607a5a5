"""How a crossing looks and reads: its heat map, its table, the sentence that says what goes with what.

They take the frames of `lib.analysis.crossing`; a cell that stands out is marked with ▲ or ▼, one whose base is from 10
to 29 is in brackets, and a hidden one shows nothing of what it holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.analysis.crossing import BY_COLUMN, LEVEL, Association
from lib.display import charts, tables
from lib.display.formats import MASKED, MASKED_WHY, NARROW, closed, counted, margin, number, percent, quoted, words
from lib.display.remembered import remembered
from lib.display.sentences import UNITS

MARKS = {1: "▲", -1: "▼", 0: ""}
STANDING = {1: "plus que ce que donnerait le hasard", -1: "moins que ce que donnerait le hasard", 0: ""}
BASE = "Base (n)"

TESTS = {
    "fisher": "test exact de Fisher",
    "permutation": "khi-deux de Pearson, {draws} permutations tirées avec une graine fixe",
    "rao-scott": "test de Rao-Scott du second ordre, sur les territoires pondérés",
    "options": "un test par option (Mantel-Haenszel étendu), corrigé du nombre d’options (Benjamini-Hochberg)",
    "pairs": "un test par paire d’options, corrigé du nombre de paires (Benjamini-Hochberg)",
}


@dataclass(frozen=True)
class Titles:
    """Names of the two sides of a crossing, and which of them makes the groups: `normalise`, as in `crosstab`.

    `belongs` tells whether the options are an attribute: one belongs to it, where one answers to a question.
    """

    row: str
    column: str
    normalise: str
    belongs: bool = False

    @property
    def group(self) -> str:
        """Name of the side that makes the groups."""
        return self.column if self.normalise == BY_COLUMN else self.row

    @property
    def option(self) -> str:
        """Name of the side whose options are counted in each group."""
        return self.row if self.normalise == BY_COLUMN else self.column


def drawn(cells: pd.DataFrame, found: Association) -> "pd.Series[bool]":
    """Return the cells that a heat map draws: those of options that enough people gave, on both sides."""
    return ((found.cells["row_count"] > 0) & (found.cells["column_count"] > 0)).set_axis(cells.index)


@remembered
def heat_map(
    cells: pd.DataFrame, marks: pd.Series, titles: Titles, *, title: str, subtitle: str, unit: str = "répondant"
) -> charts.Spec:
    """Return the grid of a crossing, columns across and rows down, with the bases along the side they belong to.

    Parameters
    ----------
    cells
        Rows of `crosstab` to draw.
    marks
        1, −1 or 0 for each of them, as `lib.analysis.crossing.standing`.
    titles
        Which side makes the groups.
    unit
        Noun of the base, in the singular.
    """
    named = cells.rename(columns={"row_label": "label", "column_label": "group"})
    spec = charts.heat_map(named, title=title, subtitle=subtitle, unit=unit)
    records: list[dict[str, Any]] = spec["data"]["values"]
    for record, base, mark in zip(records, cells["base"], marks, strict=True):
        if record["share"] is not None:
            figure = f"({record['text']})" if base < tables.CAUTION else record["text"]
            record["text"] = f"{figure}{NARROW}{MARKS[mark]}" if mark else figure
    by_column = titles.normalise == BY_COLUMN
    line, rank = ("row", "row_rank") if by_column else ("column", "column_rank")
    last = max(record[rank] for record in records) + 1
    groups = {record["column" if by_column else "row"]: (record, base)
              for record, base in zip(records, cells["base"], strict=True)}  # fmt: skip
    for record, base in groups.values():
        of_group = {
            "text": number(base) if base >= tables.COUNTS_ONLY else f"<{NARROW}{tables.COUNTS_ONLY}",
            "colour": "#ffffff", "ink": charts.QUIET, line: BASE, rank: last,
            "share": None, "low": None, "high": None, "value": "–", "margin": "–",
            "label" if by_column else "group": BASE,
        }  # fmt: skip
        records.append(record | of_group | {"short": of_group["text"]})
    # On a phone, cells have room for the figure alone; brackets and marks are in the table.
    return charts.fitted(spec, len({record["column_rank"] for record in records}))


def notes(cells: pd.DataFrame, marks: pd.Series, left_out: list[str]) -> str:
    """Return what the signs of a heat map mean, those that are on it only, and the options that are not."""
    shares = cells[~cells["hidden"].astype(bool) & (cells["base"] >= tables.COUNTS_ONLY)]
    said = [
        f"▲ ▼{NARROW}: plus ou moins que ce que donnerait le hasard." if marks.any() else "",
        f"Entre parenthèses{NARROW}: base de {tables.COUNTS_ONLY} à {tables.CAUTION - 1}, à interpréter avec prudence."
        if (shares["base"] < tables.CAUTION).any()
        else "",
        f"–{NARROW}: base inférieure à {tables.COUNTS_ONLY}."
        if ((cells["base"] < tables.COUNTS_ONLY) & ~cells["hidden"].astype(bool)).any()
        else "",
        f"{quoted(MASKED)}{NARROW}: {MASKED_WHY}." if cells["hidden"].any() else "",
        closed(f"Non représenté, trop peu de réponses{NARROW}: {words(left_out)}") if left_out else "",
    ]
    return " ".join(part for part in said if part)


@remembered
def sentence(
    cells: pd.DataFrame, found: Association, marks: pd.Series, titles: Titles, *, unit: str, enough: bool,
    simulated: bool,
) -> str:  # fmt: skip
    """Return what goes with what, in words: the cell that stands out, its base and margin, and what chance would give.

    Parameters
    ----------
    cells, found, marks
        What `crosstab`, `association` and `standing` return, same rows.
    enough
        Whether there are answers enough to conclude, as `concludes` tells.
    simulated
        Whether the answers are invented, which the sentence then says.
    """
    singular, plural = UNITS[unit]
    mark = f"{NARROW}; données simulées" if simulated else ""
    both = f"{quoted(titles.row)} et {quoted(titles.column)}"
    if found.method == "none" and found.base >= tables.CAUTION:
        base = counted(found.base, singular)
        return f"Rien à comparer{NARROW}: d’un côté, les {base} retenus ont tous la même réponse{mark}."
    if not enough or found.p != found.p:
        few = found.base < tables.COUNTS_ONLY
        base = f"moins de {tables.COUNTS_ONLY} {plural}" if few else counted(found.base, singular)
        return (
            f"Trop peu de réponses pour conclure sur {both}{NARROW}: {base} ont répondu aux deux questions{mark}. "
            f"Il en faut {tables.CAUTION}, et au moins deux groupes de {tables.COUNTS_ONLY}."
        )
    chance = f"le hasard seul donnerait des écarts aussi marqués {_times(found.p)}"
    if found.p > LEVEL:
        return (
            f"Rien n’indique que {both} aillent ensemble{NARROW}: {chance} ({counted(found.base, singular)} aux deux "
            f"questions{mark})."
        )
    caveat = f"Association, pas cause{mark}."
    cell = _leading(cells, found, marks)
    if cell is None:
        return f"{both} vont ensemble{NARROW}: {chance}, sans qu’une case s’en détache à elle seule. {caveat}"
    return f"{both} vont ensemble{NARROW}: {_case(cell, titles, unit)}{NARROW}; {chance}. {caveat}"


@remembered
def reading(cells: pd.DataFrame, found: Association, marks: pd.Series, titles: Titles, unit: str) -> str:
    """Return the « comment lire » sentence of a crossing: its largest share, another than that of its sentence."""
    shown = _merged(cells, found)[~cells["hidden"].astype(bool) & (cells["base"] >= tables.COUNTS_ONLY)]
    said = _leading(cells, found, marks)
    if said is not None and len(shown) > 1:
        shown = shown[(shown["row"] != said["row"]) | (shown["column"] != said["column"])]
    if shown.empty:
        return ""
    firm = shown[shown["base"] >= tables.CAUTION]
    shown = shown if firm.empty else firm
    return f"{_case(shown.iloc[int(shown['share'].argmax())].to_dict(), titles, unit)}."


def method(found: Association, weighted: bool) -> str:
    """Return how chance was measured, in one sentence; `weighted` tells whether weights were asked for."""
    if found.method not in TESTS:
        return ""
    said = TESTS[found.method].format(draws=number(found.draws))
    kept = "; les répondants d’un même territoire restent ensemble" if found.clustered else ""
    raw = "; test sur données non pondérées" if weighted and not found.weighted else ""
    return (
        f"Hasard{NARROW}: {said}{NARROW if kept else ''}{kept}{NARROW if raw else ''}{raw}. Cases marquées au seuil de "
        f"{round(100 * LEVEL)}{NARROW}%, corrigé du nombre de cases (Benjamini-Hochberg), base d’au moins "
        f"{tables.CAUTION}."
    )


def table(cells: pd.DataFrame, marks: pd.Series, titles: Titles) -> pd.DataFrame:
    """Return the rows of a crossing as French texts."""
    return _with_marks(cells, marks, titles, tables.share_table)


def file(cells: pd.DataFrame, marks: pd.Series, titles: Titles) -> pd.DataFrame:
    """Return the rows of a crossing as numbers, for a file: shares are fractions 0–1."""
    return _with_marks(cells, marks, titles, tables.share_file)


def _with_marks(
    cells: pd.DataFrame, marks: pd.Series, titles: Titles, write: Callable[..., pd.DataFrame]
) -> pd.DataFrame:
    headings = {"row_label": f"Ligne{NARROW}: {titles.row}", "column_label": f"Colonne{NARROW}: {titles.column}"}
    written = write(cells, **headings)
    written["Repère"] = [STANDING[mark] for mark in marks]
    return written


def _merged(cells: pd.DataFrame, found: Association) -> pd.DataFrame:
    more = [name for name in found.cells if name not in cells]
    return pd.concat([cells, found.cells[more].set_axis(cells.index)], axis=1)


def _leading(cells: pd.DataFrame, found: Association, marks: pd.Series) -> Mapping[Any, Any] | None:
    """Return the cell that says it best: the farthest from chance among those that stand out, real answers first."""
    rows = _merged(cells, found).assign(far=found.cells["z"].abs().to_numpy())
    kept = marks.to_numpy() != 0
    if not kept.any() and found.options:
        # One test per option may see what no cell shows by itself.
        heard = [code for code, p in found.options.items() if p <= LEVEL]
        kept = (rows["row"].isin(heard) | rows["column"].isin(heard)).to_numpy()
    shown = ~rows["hidden"].astype(bool) & (rows["base"] >= tables.CAUTION) & rows["far"].notna() & (rows["far"] > 0)
    rows = rows[kept & shown.to_numpy()]
    if rows.empty or found.p > LEVEL:
        return None
    if rows["substantive"].any():
        rows = rows[rows["substantive"]]
    return rows.iloc[int(rows["far"].argmax())].to_dict()


def _case(cell: Mapping[Any, Any], titles: Titles, unit: str) -> str:
    """Return « parmi les répondants « Portage : Fort », 35 % (47 sur 135 ; …) répondent « Oui », contre… »."""
    group, option = ("column", "row") if titles.normalise == BY_COLUMN else ("row", "column")
    among = quoted(f"{titles.group}{NARROW}: {cell[group + '_label']}")
    given = quoted(cell[f"{option}_label"])
    verb = "relèvent de" if titles.belongs else "répondent" if unit == "respondents" else "déclarent"
    base, overall = cell["base"], cell[f"{option}_share"]
    weighted = ", part pondérée" if cell.get("effective_n", 0) > 0 else ""
    against = f", contre {percent(overall, base)} de l’ensemble" if overall == overall else ""
    interval = f"marge indicative {margin(cell['low'], cell['high'], base)}"
    return (
        f"parmi les {UNITS[unit][1]} {among}, {percent(cell['share'], base)} ({number(cell['count'])} sur "
        f"{number(base)}{weighted}{NARROW}; {interval}) {verb} {given}{against}"
    )


def _times(p: float) -> str:
    """Return a p-value as a number of times: « moins d’une fois sur 1 000 », « environ 3 fois sur 100 »."""
    if p < 0.001:
        return f"moins d’une fois sur 1{NARROW}000"
    if p < 0.01:
        return "moins d’une fois sur 100"
    times = round(100 * p)
    return "presque à chaque fois" if times >= 95 else f"environ {times} fois sur 100"
