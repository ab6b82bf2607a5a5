"""The editions there are: one TOML file each in the folder of data, listed without reading any answer.

Reading the answers of one of them belongs to `edition`.
"""

import os
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lib.survey.reading.table import SurveyFileError
from lib.territory.reference import load_region
from lib.territory.region_folder import DATA

SHIPPED = DATA
FOLDER_VARIABLE = "NUMERIQUE_DATA"
"""Environment variable that names another folder of editions."""

PATTERN = "edition*.toml"

_FIELDS: dict[str, type] = {
    "id": str,
    "title": str,
    "simulated": bool,
    "fitted": bool,
    "collected": str,
    "started": date,
    "millesime": int,
    "answers": str,
    "codebook": str,
}


@dataclass(frozen=True)
class EditionFile:
    """What one edition says of itself.

    Attributes
    ----------
    id, title : name in addresses and files, name for people.
    simulated, fitted : whether the answers are invented, and then fitted on the published findings.
    collected : period of collection, in French words.
    started : first day of collection; editions are listed from the latest.
    millesime : year of the territories (COG) that respondents had in mind.
    answers, codebook : the export and its questionnaire.
    path : the file that says so.
    """

    id: str
    title: str
    simulated: bool
    fitted: bool
    collected: str
    started: date
    millesime: int
    answers: Path
    codebook: Path
    path: Path


def data_folder() -> Path:
    """Return the folder of editions: that of `NUMERIQUE_DATA` where it is set, else that of the region."""
    return Path(os.environ.get(FOLDER_VARIABLE) or SHIPPED)


def list_editions(folder: Path | None = None) -> dict[str, EditionFile]:
    """Return the editions of a folder by id, the latest first: it is the one shown by default.

    Parameters
    ----------
    folder : Path, optional
        Where the files `edition*.toml` are; that of `data_folder` by default.

    Raises
    ------
    SurveyFileError
        When the folder describes no edition, one of them badly, or two under one id.
    """
    place = data_folder() if folder is None else folder
    described = [describe(path) for path in sorted(place.glob(PATTERN))]
    if not described:
        raise SurveyFileError(f"Aucune édition dans {place}\u202f: il y faut un fichier {PATTERN}.")
    listed = {edition.id: edition for edition in sorted(described, key=lambda edition: edition.started, reverse=True)}
    if len(listed) < len(described):
        raise SurveyFileError(f"Deux éditions de {place} ont le même « id »\u202f: {', '.join(listed)}.")
    return listed


def describe(path: Path) -> EditionFile:
    """Return what a TOML file says of one edition; the files that it names stand beside it.

    Raises
    ------
    SurveyFileError
        When the file is not TOML, a field is missing, unknown or of another kind, or no reference list of its
        `millesime` is built.
    """
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SurveyFileError(f"{path.name} n’est pas un fichier TOML lisible\u202f: {error}.") from error
    if unlike := sorted(set(content) ^ set(_FIELDS)):
        raise SurveyFileError(f"{path.name}\u202f: champ absent ou inconnu\u202f: {', '.join(unlike)}.")
    if wrong := [name for name, kind in _FIELDS.items() if type(content[name]) is not kind]:
        raise SurveyFileError(f"{path.name}\u202f: valeur d’une autre nature qu’attendu\u202f: {', '.join(wrong)}.")
    region = load_region()
    if content["millesime"] not in (region.millesime, *region.earlier):
        raise SurveyFileError(
            f"{path.name}\u202f: pas de liste des territoires de {content['millesime']}\u202f; region.toml dit "
            "lesquelles sont construites."
        )
    beside = {name: path.with_name(content[name]) for name in ("answers", "codebook")}
    return EditionFile(**(content | beside), path=path)
