"""An edition of the survey: the checked answers, who gave them, and for which territory.

It joins what the other modules of this room and the matching of territories found; counting belongs to
analysis.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from lib.survey.codebook import load_codebook
from lib.survey.editions import EditionFile, describe, list_editions
from lib.survey.issues import HEADER_ROW, Findings, issue_table
from lib.survey.questionnaire import Codebook
from lib.survey.reading.export import Export, read_export
from lib.survey.reading.mapping import recognise
from lib.survey.reading.table import read_table
from lib.survey.respondents import WITHOUT_SIZE, report_matching, respondents_of
from lib.survey.states import answered
from lib.survey.validation import validate
from lib.territory.reference import load_region

__all__ = ["WITHOUT_SIZE", "Edition", "EditionFile", "build_edition", "list_editions", "load_edition", "read_edition"]


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition of the survey; its frames are shared and must not be modified.

    Attributes
    ----------
    id, title : name in addresses and files, name for people.
    simulated : whether the answers are invented, which every page, chart, map and export must then say.
    collected : period of collection, in French words.
    millesime : year of the territories (COG) that respondents were matched to.
    codebook : the questionnaire.
    respondents : one row per retained respondent, by identifier (`respondent`, str):

        - `type`, `role` : option codes, NA when not answered;
        - `declared` : name of the territory as typed, NA when none was;
        - `territory`, `method`, `candidates`, `membres` : see `lib.territory.matching.match`;
        - `nom` : official name, or the declared name for territories without one; NA when unmatched;
        - `taille` : code of the size class, `sans-objet` for types without classes, NA when unmatched;
        - `departements` : tuple of codes, main one first, those of the declared members for a pays or a
          syndicat;
        - `publishable` : whether *this* respondent accepts publication by name (bool, False when not
          answered);
        - `complete` : whether the form was submitted (bool);
        - `line` : line of the file (int), which the issues name; taken out of the public edition;
        - `weight` : added by `lib.analysis.weights.weigh`. In the public edition `declared` and `candidates` are
          missing, and `role` is exchanged with the answers.
    values : same index, one column per column key: option code (single, scale, array, ranking), "1" when
        ticked (multiple, array of multiples), the text (free text); NA otherwise.
    states : same shape, int8, the codes of `lib.survey.states`.
    issues : what was found odd in the file, see `lib.survey.issues.issue_table`.
    fitted : whether invented answers are fitted on the published findings, beside which they then say so.
    revision : number of the stored revision it comes from, 0 for a shipped edition.
    threshold : 0 for the answers as given, which staff alone may see; else the edition is the public one made by
        `lib.survey.exchange`, and counts under this number are hidden by whoever counts.
    """

    id: str
    title: str
    simulated: bool
    collected: str
    millesime: int
    codebook: Codebook
    respondents: pd.DataFrame
    values: pd.DataFrame
    states: pd.DataFrame
    issues: pd.DataFrame
    fitted: bool = False
    threshold: int = 0
    revision: int = 0


def load_edition(which: str | Path | None = None) -> Edition:
    """Return one edition, its answers read, checked and matched.

    Parameters
    ----------
    which : str or Path, optional
        Its id among those of `list_editions`, or the TOML file that describes it; by default the latest.

    Raises
    ------
    KeyError
        When there is no edition of this id.
    SurveyFileError
        When the description or the file of answers cannot be read.
    CodebookError
        When the questionnaire cannot be used.
    """
    if isinstance(which, Path):
        described = describe(which)
    else:
        listed = list_editions()
        described = listed[which or next(iter(listed))]
    answers = read_edition(
        described.answers,
        load_codebook(described.codebook),
        id=described.id,
        title=described.title,
        simulated=described.simulated,
        collected=described.collected,
        millesime=described.millesime,
    )
    return replace(answers, fitted=described.fitted)


def read_edition(
    source: bytes | Path,
    codebook: Codebook,
    *,
    id: str,
    title: str,
    simulated: bool,
    collected: str,
    millesime: int | None = None,
) -> Edition:
    """Return the edition made of one export, of whatever tool, its columns recognised without a person's help.

    Territories are matched, named and sized by the reference list of `millesime`, the year of today by default.

    A respondent is retained who answered at least one question that plays no part in the questionnaire (name,
    role, consent…), whether or not the form was submitted; the others are listed in the issues.

    Raises
    ------
    SurveyFileError
        When `source` cannot be read as answers to `codebook`.
    """
    table = read_table(source)
    export = read_export(table, recognise(table, codebook), codebook)
    return build_edition(
        export, codebook, id=id, title=title, simulated=simulated, collected=collected, millesime=millesime
    )


def build_edition(
    export: Export,
    codebook: Codebook,
    *,
    id: str,
    title: str,
    simulated: bool,
    collected: str,
    millesime: int | None = None,
    aliases: pd.DataFrame | None = None,
) -> Edition:
    """Return the edition made of raw answers; see `read_edition`.

    `aliases` are the territories that a person chose for declared names (`lib.territory.matching.match`).
    """
    year = load_region().millesime if millesime is None else millesime
    checked = validate(export, codebook)
    findings = Findings()
    given = identifiers(export, findings)
    substantive = [key for question in codebook.substantive for key in question.columns]
    retained = answered(checked.states[substantive]).to_numpy()
    _report_set_aside(export, given, retained, findings)

    index = pd.Index(given[retained], name="respondent", dtype="str")
    values = checked.values[retained].set_axis(index)
    states = checked.states[retained].set_axis(index)
    lines = pd.Series(export.lines[retained], index=index)
    respondents = respondents_of(codebook, values, _complete(export, findings)[retained], year, aliases)
    report_matching(codebook, export, respondents, lines, findings, year)
    return Edition(
        id=id,
        title=title,
        simulated=simulated,
        collected=collected,
        millesime=year,
        codebook=codebook,
        respondents=respondents.drop(columns="membres_inconnus").assign(line=lines),
        values=values,
        states=states,
        issues=issue_table(export.findings, checked.findings, findings),
    )


def identifiers(export: Export, findings: Findings) -> np.ndarray:
    """Return one distinct identifier per response: the tool's, or the line where it has none."""
    heading = "ID de la réponse"
    if "id" not in export.metadata:
        findings.add(HEADER_ROW, heading, "", "Pas d’identifiant de réponse : le numéro de ligne en tient lieu.")
        return np.array([f"ligne-{line}" for line in export.lines], dtype=object)
    seen: set[str] = set()
    identifiers = []
    for cell, line in zip(export.metadata["id"], export.lines, strict=True):
        identifier = cell.strip()
        if not identifier or identifier in seen:
            problem = "Identifiant absent" if not identifier else "Identifiant déjà donné à une autre réponse"
            findings.add(line, heading, identifier, f"{problem} : complété par le numéro de ligne.")
            identifier = f"{identifier}-ligne-{line}".lstrip("-")
        seen.add(identifier)
        identifiers.append(identifier)
    return np.array(identifiers, dtype=object)


def _complete(export: Export, findings: Findings) -> np.ndarray:
    if "submitdate" not in export.metadata:
        problem = "Pas de date de soumission : toutes les réponses sont tenues pour complètes."
        findings.add(HEADER_ROW, "Date de soumission", "", problem)
        return np.ones(len(export.lines), dtype=bool)
    return np.array([bool(cell.strip()) for cell in export.metadata["submitdate"]], dtype=bool)


def _report_set_aside(export: Export, identifiers: np.ndarray, retained: np.ndarray, findings: Findings) -> None:
    rows = np.flatnonzero(~retained)
    problem = "Réponse écartée : aucune réponse au-delà de l’identification."
    findings.add_rows(export.lines[rows], "ID de la réponse", identifiers[rows], problem)
