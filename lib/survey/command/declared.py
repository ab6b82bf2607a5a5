"""The territories that a file declares, matched: an export of a survey, or a mere list of names.

How a name is matched belongs to `lib.territory.matching`; this module finds the columns, and describes what was found.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.survey.normalisation import normalise
from lib.survey.options import names
from lib.survey.questionnaire import Codebook
from lib.survey.reading.drafting import draft
from lib.survey.reading.mapping import recognise
from lib.survey.reading.profiles import words
from lib.survey.reading.roles import type_of
from lib.survey.reading.table import SurveyFileError, Table
from lib.survey.reading.tools import recognise_layout
from lib.territory.deciding import OFFICIAL
from lib.territory.matching import BY_PERIMETER, OUTCOMES, match, outcome, suggestions
from lib.territory.reference import load_reference

TYPES = (*OFFICIAL, *BY_PERIMETER)
"""Types of structures that are matched."""
MOST_SUGGESTIONS = 200
"""Distinct names that nothing comes near, for which the closest names are still looked for."""

_HEADINGS = {
    "type": ("type", "type de structure", "type de territoire", "type de collectivite", "nature"),
    "nom": ("nom", "commune", "territoire", "structure", "collectivite", "nom de la commune", "nom du territoire",
            "nom de la structure", "nom de la collectivite", "epci", "libelle", "name", "declared", "declare"),
    "code": ("code", "insee", "siren", "code insee", "code siren", "code insee ou siren", "code commune"),
    "postal": ("code postal", "cp", "postal"),
    "membres": ("membres", "epci membres", "epci couverts"),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Declared:
    """Territories as a file declares them, and where.

    Attributes
    ----------
    rows : columns `type` (a type of structure, or missing), `nom`, `code`, `membres`, as `match` takes them.
    lines : line of the file of each row.
    columns : the heading of each column that was found, by what it says.
    """

    rows: pd.DataFrame
    lines: np.ndarray
    columns: dict[str, str]


def declared_in(table: Table, codebook: Codebook, type: str = "") -> Declared:
    """Return the territories that a table declares.

    The columns are those that the questionnaire has for the territory (completed by those headed type and code), else
    those headed type, nom, code, code postal…, else what a draft of the questionnaire takes for them; a table of one
    column is a list of names, its heading included where it is no heading.

    Parameters
    ----------
    type : the type of structure of the rows whose type the file does not say.

    Raises
    ------
    SurveyFileError
        When no column names a territory.
    """
    positions, codes = _of_questionnaire(table, codebook)
    headed = _of_headings(table)
    if "nom" in positions:
        # « Nom de la structure » is the questionnaire's, « Type » beside it need not be.
        beside = {what: place for what, place in headed.items() if what in ("type", "code")}
        positions = {what: place for what, place in beside.items() if place not in positions.values()} | positions
    else:
        positions, codes = headed, {}
    if "nom" not in positions and len(table.headings) == 1:
        positions = {"nom": 0}
    if "nom" not in positions:
        positions, codes = _of_draft(table)
    if "nom" not in positions:
        raise SurveyFileError(
            "Aucune colonne ne nomme un territoire (intitulés attendus\u202f: «\u202ftype\u202f», «\u202fnom\u202f», "
            "«\u202fcode\u202f», «\u202fcode postal\u202f»)\u202f: renommez celle qui le fait, ou donnez le "
            "questionnaire (--codebook)."
        )
    columns = {what: table.headings[position] for what, position in positions.items()}
    cells = {what: table.column(position) for what, position in positions.items()}
    lines = np.asarray(table.lines)
    if len(table.headings) == 1 and _is_a_name(table.headings[0]):
        cells = {"nom": np.array([table.headings[0], *cells["nom"]], dtype=object)}
        lines, columns = np.array([table.header_line, *lines]), {}
    rows = pd.DataFrame(
        {
            "type": _types(cells.get("type"), codes, len(lines), type),
            "nom": cells["nom"],
            "code": _codes(cells, len(lines)),
            "membres": cells.get("membres", ""),
        },
        index=range(len(lines)),
        dtype="str",
    )
    rows["type"] = rows["type"].where(rows["type"] != "", pd.NA)
    given = (rows["nom"].str.strip() != "") | (rows["code"].str.strip() != "")
    return Declared(rows[given], lines[given.to_numpy()], columns)


def _of_questionnaire(table: Table, codebook: Codebook) -> tuple[dict[str, int], dict[str, str]]:
    """Return the positions of the columns that the parts of a questionnaire name, and its types by option."""
    asked = {
        codebook.parts.territory_type: "type",
        codebook.parts.territory_name: "nom",
        codebook.parts.territory_code: "code",
        codebook.parts.territory_members: "membres",
    }
    found = {
        asked[target.key]: position
        for position, target in enumerate(recognise(table, codebook).columns)
        if target.role == "answer" and target.key and target.key in asked
    }
    if "type" not in found:
        return found, {}
    known = names(codebook[codebook.parts.territory_type].options)
    texts = {cell: known.code(cell) for cell in set(table.column(found["type"]))}
    return found, {text: code for text, code in texts.items() if code}


def _of_headings(table: Table) -> dict[str, int]:
    plain = [words(heading) for heading in table.headings]
    found = {}
    for what, headings in _HEADINGS.items():
        places = [plain.index(heading) for heading in headings if heading in plain]
        if places:
            found[what] = places[0]
    return found


def _of_draft(table: Table) -> tuple[dict[str, int], dict[str, str]]:
    drafted = draft(table, recognise_layout(table))
    return _of_questionnaire(table, drafted.codebook) if drafted.codebook.parts.territory_name else ({}, {})


def _is_a_name(heading: str) -> bool:
    if any(words(heading) in headings for headings in _HEADINGS.values()):
        return False
    named = pd.DataFrame({"type": [*OFFICIAL], "nom": heading, "code": "", "membres": ""}, dtype="str")
    return bool(match(named)["territory"].notna().any())


def _types(cells: np.ndarray | None, codes: dict[str, str], size: int, otherwise: str) -> np.ndarray:
    if cells is None:
        return np.full(size, otherwise, dtype=object)
    known = {
        cell: codes.get(cell) or (normalise(cell) if normalise(cell) in TYPES else type_of(cell)) or otherwise
        for cell in set(cells)
    }
    return np.array([known[cell] for cell in cells], dtype=object)


def _codes(cells: dict[str, np.ndarray], size: int) -> np.ndarray:
    blank = np.full(size, "", dtype=object)
    code, postal = cells.get("code", blank), cells.get("postal", blank)
    # A postal code is no code of a territory, but it says where the territory is.
    return np.where(np.array([bool(cell.strip()) for cell in code], dtype=bool), code, postal)


def matched(declared: Declared, millesime: int, aliases: pd.DataFrame | None = None) -> list[dict[str, Any]]:
    """Return what each row was matched to, ready for JSON.

    Returns
    -------
    list of dict
        `line`, `type`, `declared`, `code_declared` (as written, "" when blank), `outcome` (a key of
        `lib.territory.matching.OUTCOMES`), `method`, `code`, `name`, `departement` (None when not matched; `name` is
        the official one, None for a structure without official code), `candidates`: list of `code`, `name`, `type`,
        `departement`, `population`, the most populated first: what to choose from when nothing was.
    """
    found = match(declared.rows, millesime, aliases)
    territories = _Territories(millesime)
    closest: dict[tuple[str, str], tuple[str, ...]] = {}
    rows = []
    told = zip(
        declared.lines.tolist(),
        *(declared.rows[name].fillna("") for name in ("type", "nom", "code")),
        found["territory"].astype(object).where(found["territory"].notna(), None),
        found["method"],
        found["candidates"],
        strict=True,
    )
    for line, type, name, code, territory, method, candidates in told:
        if not candidates and method == "none" and len(closest) < MOST_SUGGESTIONS:
            key = (type, name)
            if key not in closest:
                closest[key] = suggestions(type or None, name, millesime)
        offered = candidates or closest.get((type, name), ())
        described = territories.described(territory)
        rows.append(
            {
                "line": line,
                "type": type,
                "declared": name,
                "code_declared": code,
                "outcome": outcome(method),
                "method": method,
                "code": territory,
                "name": described["name"],
                "departement": described["departement"],
                "candidates": [] if territory else territories.listed(offered),
            }
        )
    return rows


def summary(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many rows there are of each outcome, in all (`rows`), and of distinct `territories`."""
    counts = dict.fromkeys(OUTCOMES, 0)
    for row in rows:
        counts[row["outcome"]] += 1
    territories = {row["code"] for row in rows if row["code"]}
    return {"rows": len(rows), **counts, "territories": len(territories)}


class _Territories:
    """Names of the territories of a year, by code."""

    def __init__(self, millesime: int) -> None:
        reference = load_reference(millesime)
        columns = ("nom", "type", "departement", "population")
        self._known = dict(zip(reference.index, zip(*(reference[name] for name in columns), strict=True), strict=True))

    def described(self, code: str | None) -> dict[str, Any]:
        nom, type, departement, population = self._known.get(code, (None, None, None, None))
        return {
            "code": code,
            "name": nom,
            "type": type,
            "departement": departement,
            "population": None if pd.isna(population) else int(population),
        }

    def listed(self, codes: tuple[str, ...]) -> list[dict[str, Any]]:
        described = [self.described(code) for code in dict.fromkeys(codes) if code in self._known]
        return sorted(described, key=lambda one: -(one["population"] or 0))
